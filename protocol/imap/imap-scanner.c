#include "protocol/imap/imap-scanner.h"

void imap_scanner_init(ImapScanner *scanner, ByteSpan text)
{
    *scanner = (ImapScanner){.rest = text};
}

/* RFC 9051 §9: what ends an atom. Wildcards, backslashes and brackets are let in: patterns, flags
 * and items hold them. */
static bool ends_atom(guint8 octet)
{
    return octet <= ' ' || octet == 0x7f || octet == '(' || octet == ')' || octet == '"' ||
           octet == '{';
}

static bool take_number(ByteSpan text, gsize *at, guint64 *out_number)
{
    gsize start = *at;
    while (*at < text.length && g_ascii_isdigit(text.data[*at])) {
        (*at)++;
    }
    return byte_span_to_number(byte_span_slice(text, start, *at - start), out_number);
}

/* The place behind a quoted string that starts at 'at', or 0 where it does not end. */
static gsize end_of_quoted(ByteSpan text, gsize at, bool *out_has_escapes)
{
    for (at++; at < text.length; at++) {
        guint8 octet = text.data[at];
        if (octet == '\\' && at + 1 < text.length) {
            *out_has_escapes = true;
            at++;
        } else if (octet == '"') {
            return at + 1;
        } else if (octet == '\r' || octet == '\n') {
            return 0;
        }
    }
    return 0;
}

/* The place behind the bracket that closes the one at 'at'; quoted header names may hold brackets,
 * and a name may even be a literal. */
static gsize end_of_section(ByteSpan text, gsize at)
{
    for (at++; at < text.length; at++) {
        guint8 octet = text.data[at];
        if (octet == ']') {
            return at + 1;
        }
        if (octet == '"') {
            bool has_escapes;
            gsize end = end_of_quoted(text, at, &has_escapes);
            if (end == 0) {
                return 0;
            }
            at = end - 1;
        }
    }
    return 0;
}

/* "<0>" or "<0.100>" behind a section. */
static gsize take_partial(ByteSpan text, gsize at, ImapToken *token)
{
    gsize end = at + 1;
    if (!take_number(text, &end, &token->first)) {
        return at;
    }
    if (end < text.length && text.data[end] == '.') {
        end++;
        token->has_count = take_number(text, &end, &token->count);
    }
    if (end >= text.length || text.data[end] != '>') {
        return at;
    }
    token->has_partial = true;
    return end + 1;
}

static bool scan_atom(ImapScanner *scanner, ByteSpan text, ImapToken *token)
{
    gsize end = 0;
    gsize name_length = 0;
    while (end < text.length && !ends_atom(text.data[end])) {
        bool opens =
            text.data[end] == '[' && !token->has_section && end > 0 && !scanner->lacks_brackets;
        gsize close = opens ? end_of_section(text, end) : 0;
        if (close == 0) {
            scanner->lacks_brackets |= opens;
            end++;
            continue;
        }
        token->has_section = true;
        name_length = end;
        token->section = byte_span_slice(text, end + 1, close - end - 2);
        end = close;
        if (end < text.length && text.data[end] == '<') {
            end = take_partial(text, end, token);
        }
    }
    token->kind = IMAP_TOKEN_ATOM;
    token->raw = byte_span_slice(text, 0, end);
    token->value = token->raw;
    token->name = token->has_section ? byte_span_slice(text, 0, name_length) : token->raw;
    return end > 0;
}

static bool scan_quoted(ByteSpan text, ImapToken *token)
{
    gsize end = end_of_quoted(text, 0, &token->has_escapes);
    token->kind = IMAP_TOKEN_QUOTED;
    token->raw = byte_span_slice(text, 0, end);
    token->value = byte_span_slice(text, 1, end < 2 ? 0 : end - 2);
    return end > 0;
}

/* "{n}" at 'text', tilde and plus sign allowed; gives the place behind the bracket or 0. */
static gsize take_announcement(ByteSpan text, ImapLiteral *literal)
{
    gsize at = 0;
    literal->is_binary = text.length > 0 && text.data[0] == '~';
    at += literal->is_binary;
    if (at >= text.length || text.data[at] != '{') {
        return 0;
    }
    at++;
    if (!take_number(text, &at, &literal->octets) || literal->octets > IMAP_LITERAL_MAXIMUM) {
        return 0;
    }
    literal->is_synchronizing = at >= text.length || text.data[at] != '+';
    at += !literal->is_synchronizing;
    literal->length = at + 1;
    return at < text.length && text.data[at] == '}' ? at + 1 : 0;
}

static bool scan_literal(ByteSpan text, ImapToken *token)
{
    ImapLiteral literal;
    gsize at = take_announcement(text, &literal);
    if (at == 0) {
        return false;
    }
    if (at < text.length && text.data[at] == '\r') {
        at++;
    }
    if (at >= text.length || text.data[at] != '\n') {
        return false;
    }
    at++;
    token->kind = IMAP_TOKEN_LITERAL;
    token->is_binary = literal.is_binary;
    token->is_cut = literal.octets > text.length - at;
    token->value = byte_span_slice(text, at, (gsize)MIN(literal.octets, text.length - at));
    token->raw = byte_span_slice(text, 0, at + token->value.length);
    return true;
}

static bool is_literal8(ByteSpan text)
{
    return text.length > 1 && text.data[0] == '~' && text.data[1] == '{';
}

static bool scan(ImapScanner *scanner, ByteSpan text, ImapToken *token)
{
    guint8 first = text.data[0];
    if (first == '(' || first == ')') {
        token->kind = first == '(' ? IMAP_TOKEN_LIST_OPEN : IMAP_TOKEN_LIST_CLOSE;
        token->raw = byte_span_slice(text, 0, 1);
        token->value = token->raw;
        if (first == '(') {
            return ++scanner->depth <= IMAP_DEPTH_MAXIMUM;
        }
        if (scanner->depth == 0) {
            return false;
        }
        scanner->depth--;
        return true;
    }
    if (first == '"') {
        return scan_quoted(text, token);
    }
    return first == '{' || is_literal8(text) ? scan_literal(text, token)
                                             : scan_atom(scanner, text, token);
}

bool imap_scanner_next(ImapScanner *scanner, ImapToken *out_token)
{
    ByteSpan text = scanner->rest;
    *out_token = (ImapToken){.kind = IMAP_TOKEN_END};
    while (text.length > 0 && text.data[0] == ' ') {
        text = byte_span_from(text, 1);
        out_token->space_before = true;
    }
    scanner->rest = text;
    if (text.length == 0) {
        return false;
    }
    if (!scan(scanner, text, out_token)) {
        out_token->kind = IMAP_TOKEN_BROKEN;
        out_token->raw = text;
        scanner->rest = byte_span_from(text, text.length);
        return false;
    }
    scanner->rest = byte_span_from(text, out_token->raw.length);
    return true;
}

bool imap_scanner_next_value(ImapScanner *scanner, ImapToken *out_first, ByteSpan *out_value)
{
    guint depth = scanner->depth;
    if (!imap_scanner_next(scanner, out_first) || out_first->kind == IMAP_TOKEN_LIST_CLOSE) {
        return false;
    }
    const guint8 *start = out_first->raw.data;
    ImapToken token = *out_first;
    while (scanner->depth > depth) {
        if (!imap_scanner_next(scanner, &token)) {
            return false;
        }
    }
    *out_value = byte_span(start, (gsize)(token.raw.data - start) + token.raw.length);
    return true;
}

bool imap_token_is_nil(const ImapToken *token)
{
    return token->kind == IMAP_TOKEN_ATOM && byte_span_is_nocase(token->value, "NIL");
}

bool imap_token_append_text(const ImapToken *token, ByteBuffer *out)
{
    if (!token->has_escapes) {
        return byte_buffer_append(out, token->value);
    }
    bool fits = true;
    for (gsize i = 0; i < token->value.length && fits; i++) {
        i += token->value.data[i] == '\\' && i + 1 < token->value.length;
        fits = byte_buffer_append(out, byte_span_slice(token->value, i, 1));
    }
    return fits;
}

bool imap_literal_at_end(ByteSpan line, ImapLiteral *out_literal)
{
    if (line.length < 3 || line.data[line.length - 1] != '}') {
        return false;
    }
    gsize start = line.length - 1;
    gsize most = line.length > 24 ? line.length - 24 : 0; /* {20 digits+} */
    while (start > most && line.data[start] != '{') {
        start--;
    }
    if (line.data[start] != '{') {
        return false;
    }
    start -= start > 0 && line.data[start - 1] == '~';
    /* It stands where a string may begin: an atom that ends in a bracket is none. */
    bool may_begin = start == 0 || line.data[start - 1] == ' ' || line.data[start - 1] == '(';
    gsize end = take_announcement(byte_span_from(line, start), out_literal);
    return may_begin && end == line.length - start;
}
