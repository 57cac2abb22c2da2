#include "protocol/imap/imap-fetch-response.h"

void imap_fetch_reader_init(ImapFetchReader *reader, ByteSpan arguments)
{
    ImapToken token;
    *reader = (ImapFetchReader){0};
    imap_scanner_init(&reader->scanner, arguments);
    reader->is_broken =
        !imap_scanner_next(&reader->scanner, &token) || token.kind != IMAP_TOKEN_LIST_OPEN;
}

static ImapFetchValueKind kind_of(const ImapToken *token, guint64 *out_number)
{
    if (token->kind == IMAP_TOKEN_LIST_OPEN) {
        return IMAP_FETCH_VALUE_LIST;
    }
    if (token->kind != IMAP_TOKEN_ATOM) {
        return IMAP_FETCH_VALUE_STRING;
    }
    if (imap_token_is_nil(token)) {
        return IMAP_FETCH_VALUE_NIL;
    }
    return byte_span_to_number(token->value, out_number) ? IMAP_FETCH_VALUE_NUMBER
                                                         : IMAP_FETCH_VALUE_ATOM;
}

bool imap_fetch_reader_next(ImapFetchReader *reader, ImapFetchPair *out_pair)
{
    if (reader->is_broken) {
        return false;
    }
    *out_pair = (ImapFetchPair){0};
    if (!imap_scanner_next(&reader->scanner, &out_pair->item)) {
        reader->is_broken = true;
        return false;
    }
    if (out_pair->item.kind == IMAP_TOKEN_LIST_CLOSE) {
        ImapToken end;
        reader->is_broken = imap_scanner_next(&reader->scanner, &end);
        return false;
    }
    if (out_pair->item.kind != IMAP_TOKEN_ATOM ||
        !imap_scanner_next_value(&reader->scanner, &out_pair->token, &out_pair->value)) {
        reader->is_broken = true;
        return false;
    }
    out_pair->kind = kind_of(&out_pair->token, &out_pair->number);
    return true;
}

bool imap_fetch_item_is_part(const ImapToken *item)
{
    if (item->kind != IMAP_TOKEN_ATOM) {
        return false;
    }
    if (item->has_section) {
        guint8 last = item->raw.data[item->raw.length - 1];
        bool has_end = last == ']' || (last == '>' && item->has_partial);
        return has_end && (byte_span_is_nocase(item->name, "BODY") ||
                           byte_span_is_nocase(item->name, "BINARY"));
    }
    return byte_span_is_nocase(item->name, "RFC822") ||
           byte_span_is_nocase(item->name, "RFC822.HEADER") ||
           byte_span_is_nocase(item->name, "RFC822.TEXT");
}

ByteSpan imap_fetch_item_section(const ImapToken *item)
{
    if (item->has_section) {
        return item->section;
    }
    gssize dot = byte_span_find(item->name, '.', 0);
    return dot < 0 ? BYTE_SPAN_EMPTY : byte_span_from(item->name, (gsize)dot + 1);
}

static bool begins_part(ByteSpan text)
{
    return byte_span_starts_with_nocase(text, "BODY[") ||
           byte_span_starts_with_nocase(text, "RFC822") ||
           byte_span_starts_with_nocase(text, "BINARY[");
}

static bool is_whole_part(ByteSpan text, ImapToken *out_item)
{
    ImapScanner scanner;
    imap_scanner_init(&scanner, text);
    return imap_scanner_next(&scanner, out_item) && scanner.rest.length == 0 &&
           imap_fetch_item_is_part(out_item);
}

bool imap_fetch_announced_part(ByteSpan line, ImapToken *out_item)
{
    ImapLiteral literal;
    if (!imap_literal_at_end(line, &literal) || line.length < literal.length + 2) {
        return false;
    }
    gsize end = line.length - literal.length - 1;
    if (line.data[end] != ' ') {
        return false;
    }
    /* The item starts behind a space or a bracket, but its section may hold both. */
    for (gsize at = end; at > 0; at--) {
        guint8 before = line.data[at - 1];
        ByteSpan item = byte_span_slice(line, at, end - at);
        if ((before == ' ' || before == '(') && begins_part(item) &&
            is_whole_part(item, out_item)) {
            return true;
        }
    }
    return false;
}
