/* What the server tells: untagged data, status lines, FETCH responses. */

#include "protocol/encoding/modified-utf7.h"
#include "protocol/imap/imap-client-private.h"
#include "protocol/imap/imap-fetch-response.h"
#include "protocol/imap/imap-sequence-set.h"
#include "protocol/message/message-date.h"

#define NUMBERS_MAXIMUM 10000000

static void note_capabilities(ImapClient *client, ByteSpan list)
{
    g_free(client->capabilities);
    client->capabilities = byte_span_to_string(list);
}

/* The number behind a response code's name. */
static guint32 code_number(ByteSpan code)
{
    guint64 number = 0;
    gssize space = byte_span_find(code, ' ', 0);
    bool is_number =
        space > 0 && byte_span_to_number(byte_span_from(code, (gsize)space + 1), &number);
    return is_number && number <= G_MAXUINT32 ? (guint32)number : 0;
}

void imap_client_note_code(ImapClient *client, ByteSpan code)
{
    if (byte_span_starts_with_nocase(code, "CAPABILITY ")) {
        note_capabilities(client, byte_span_from(code, strlen("CAPABILITY ")));
    } else if (byte_span_starts_with_nocase(code, "UIDVALIDITY ")) {
        client->mailbox.uid_validity = code_number(code);
    } else if (byte_span_starts_with_nocase(code, "UIDNEXT ")) {
        client->mailbox.uid_next = code_number(code);
    } else if (byte_span_starts_with_nocase(code, "UNSEEN ")) {
        client->mailbox.unseen = code_number(code);
    } else if (byte_span_is_nocase(code, "READ-ONLY")) {
        client->mailbox.is_read_only = true;
    } else if (byte_span_is_nocase(code, "READ-WRITE")) {
        client->mailbox.is_read_only = false;
    }
}

static bool hear_status(
    ImapClient *client,
    const ImapResponse *response,
    const DialogueEvent *reply,
    ImapClientEvent *event
)
{
    imap_client_note_code(client, response->code);
    event->status = response->status;
    event->code = response->code;
    event->text = response->arguments;
    if (!client->is_greeted && response->status != IMAP_STATUS_BYE) {
        client->is_greeted = true;
        event->kind = IMAP_CLIENT_GREETED;
        imap_client_pump(client);
        return true;
    }
    event->kind = IMAP_CLIENT_NOTICE;
    event->command = imap_client_number_of(client, reply->exchange);
    if (response->status == IMAP_STATUS_BYE) {
        /* The tagged OK of LOGOUT is still to come; any other BYE is the end. */
        const ImapClientCommand *last = g_queue_peek_tail(&client->unanswered);
        client->is_over = last == NULL || last->id != IMAP_COMMAND_LOGOUT;
    }
    return response->code.length == 0 || response->status != IMAP_STATUS_OK;
}

/* The name in UTF-8, in the client's scratch, closed by NUL. */
static const char *decode_name(ImapClient *client, const ImapToken *token)
{
    ByteBuffer raw;
    byte_buffer_init(&raw, 65536);
    bool is_read = imap_token_append_text(token, &raw);
    ByteSpan name = byte_buffer_span(&raw);
    byte_buffer_reset(&client->scratch);
    bool fits =
        is_read &&
        ((!client->allows_utf8 && modified_utf7_decode(name, &client->scratch, NULL, NULL)) ||
         byte_buffer_append(&client->scratch, name));
    fits = fits && byte_buffer_append(&client->scratch, byte_span("", 1));
    byte_buffer_clear(&raw);
    return fits ? (const char *)byte_buffer_span(&client->scratch).data : "";
}

static bool hear_mailbox(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    ImapScanner scanner;
    ImapToken token;
    ByteSpan attributes;
    ImapToken delimiter;
    imap_scanner_init(&scanner, response->arguments);
    if (!imap_scanner_next_value(&scanner, &token, &attributes) || attributes.length < 2 ||
        !imap_scanner_next(&scanner, &delimiter) || !imap_scanner_next(&scanner, &token)) {
        return false;
    }
    bool is_escaped = delimiter.has_escapes && delimiter.value.length == 2;
    event->kind = IMAP_CLIENT_MAILBOX;
    event->attributes = byte_span_slice(attributes, 1, attributes.length - 2);
    if (delimiter.kind == IMAP_TOKEN_QUOTED && delimiter.value.length > 0) {
        event->delimiter = (char)delimiter.value.data[is_escaped ? 1 : 0];
    }
    event->name = decode_name(client, &token);
    return true;
}

static bool
hear_mailbox_status(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    ImapScanner scanner;
    ImapToken name;
    ImapToken first;
    ByteSpan list;
    imap_scanner_init(&scanner, response->arguments);
    if (!imap_scanner_next(&scanner, &name) || !imap_scanner_next_value(&scanner, &first, &list) ||
        list.length < 2) {
        return false;
    }
    event->kind = IMAP_CLIENT_STATUS;
    event->name = decode_name(client, &name);
    event->text = byte_span_slice(list, 1, list.length - 2);
    return true;
}

static void give_numbers(ImapClient *client, ImapClientEvent *event)
{
    event->kind = IMAP_CLIENT_FOUND;
    event->numbers = (const guint32 *)(const void *)client->numbers->data;
    event->n_numbers = client->numbers->len;
}

static bool hear_found(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    ByteSpan rest = response->arguments;
    ByteSpan word;
    g_array_set_size(client->numbers, 0);
    while (byte_span_next_token(&rest, ' ', &word)) {
        guint64 number;
        if (byte_span_to_number(word, &number) && number <= G_MAXUINT32) {
            guint32 found = (guint32)number;
            g_array_append_val(client->numbers, found);
        }
    }
    give_numbers(client, event);
    return true;
}

static void expand(ImapClient *client, ByteSpan text)
{
    ImapSequenceSet set;
    if (!imap_sequence_set_parse(text, 0, &set)) {
        return;
    }
    for (guint i = 0; i < set.ranges->len; i++) {
        const ImapRange *range = &g_array_index(set.ranges, ImapRange, i);
        for (guint64 n = range->first; n <= range->last; n++) {
            guint32 number = (guint32)n;
            if (client->numbers->len >= NUMBERS_MAXIMUM) {
                break;
            }
            g_array_append_val(client->numbers, number);
        }
    }
    imap_sequence_set_clear(&set);
}

/* "* ESEARCH (TAG "a5") UID ALL 2,9:12": only what ALL says is taken. */
static bool hear_extended(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    ImapScanner scanner;
    ImapToken token;
    ByteSpan value;
    bool is_all = false;
    imap_scanner_init(&scanner, response->arguments);
    g_array_set_size(client->numbers, 0);
    while (imap_scanner_next_value(&scanner, &token, &value)) {
        if (is_all) {
            expand(client, value);
        }
        is_all = byte_span_is_nocase(value, "ALL");
    }
    event->text = response->arguments;
    give_numbers(client, event);
    return true;
}

static bool hear_number(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    event->number = (guint32)MIN(response->number, (guint64)G_MAXUINT32);
    if (byte_span_is_nocase(response->name, "EXISTS")) {
        event->kind = IMAP_CLIENT_EXISTS;
        client->mailbox.exists = event->number;
    } else if (byte_span_is_nocase(response->name, "RECENT")) {
        event->kind = IMAP_CLIENT_RECENT;
        client->mailbox.recent = event->number;
    } else if (byte_span_is_nocase(response->name, "EXPUNGE")) {
        event->kind = IMAP_CLIENT_EXPUNGED;
        client->mailbox.exists -= client->mailbox.exists > 0 ? 1 : 0;
    } else {
        return false;
    }
    return true;
}

static bool hear_data(ImapClient *client, const ImapResponse *response, ImapClientEvent *event)
{
    if (response->has_number) {
        return hear_number(client, response, event);
    }
    if (byte_span_is_nocase(response->name, "LIST") ||
        byte_span_is_nocase(response->name, "LSUB")) {
        return hear_mailbox(client, response, event);
    }
    if (byte_span_is_nocase(response->name, "STATUS")) {
        return hear_mailbox_status(client, response, event);
    }
    if (byte_span_is_nocase(response->name, "SEARCH")) {
        return hear_found(client, response, event);
    }
    if (byte_span_is_nocase(response->name, "ESEARCH")) {
        return hear_extended(client, response, event);
    }
    if (byte_span_is_nocase(response->name, "CAPABILITY")) {
        note_capabilities(client, response->arguments);
    } else if (byte_span_is_nocase(response->name, "ENABLED")) {
        client->allows_utf8 |= imap_capabilities_have(response->arguments, "UTF8=ACCEPT") ||
                               imap_capabilities_have(response->arguments, "IMAP4rev2");
    }
    return false;
}

bool imap_client_hear(ImapClient *client, const DialogueEvent *reply, ImapClientEvent *out_event)
{
    ImapResponse response;
    imap_response_parse(reply->text, &response);
    out_event->command = imap_client_number_of(client, reply->exchange);
    switch (response.kind) {
    case IMAP_RESPONSE_STATUS:
        return hear_status(client, &response, reply, out_event);
    case IMAP_RESPONSE_DATA:
        return hear_data(client, &response, out_event);
    case IMAP_RESPONSE_CONTINUATION:
        return imap_client_go_on(client, response.arguments, out_event);
    case IMAP_RESPONSE_TAGGED:
    case IMAP_RESPONSE_UNKNOWN:
        return false;
    }
    return false;
}

static void take_flags(ImapClient *client, ByteSpan list)
{
    ImapScanner scanner;
    ImapToken token;
    ImapClientMessage *message = &client->message;
    gsize start = byte_buffer_length(&client->scratch);
    message->has_flags = true;
    imap_scanner_init(&scanner, list);
    while (imap_scanner_next(&scanner, &token)) {
        guint32 bit = token.kind == IMAP_TOKEN_ATOM ? imap_flag_bit(token.value) : 0;
        message->flags |= bit;
        if (token.kind == IMAP_TOKEN_ATOM && bit == 0) {
            bool is_first = byte_buffer_length(&client->scratch) == start;
            bool fits = byte_buffer_append_string(&client->scratch, is_first ? "" : " ") &&
                        byte_buffer_append(&client->scratch, token.value);
            (void)fits;
        }
    }
    message->keywords = byte_span_from(byte_buffer_span(&client->scratch), start);
}

/* In quotes a backslash stands before what would end them; the response is ours to change. */
static ByteSpan unescape(ByteSpan text)
{
    guint8 *octets = (guint8 *)text.data;
    gsize kept = 0;
    for (gsize i = 0; i < text.length; i++) {
        i += octets[i] == '\\' && i + 1 < text.length;
        octets[kept++] = octets[i];
    }
    return byte_span(octets, kept);
}

static void take_part(ImapClient *client, const ImapFetchPair *pair)
{
    ImapClientMessage *message = &client->message;
    if (message->n_parts == IMAP_CLIENT_PARTS_MAXIMUM) {
        return;
    }
    ImapClientPart *part = &message->parts[message->n_parts++];
    *part = (ImapClientPart){
        .section = imap_fetch_item_section(&pair->item),
        .origin = pair->item.has_partial ? pair->item.first : 0,
        .octets = pair->kind == IMAP_FETCH_VALUE_STRING ? pair->token.value : BYTE_SPAN_EMPTY,
    };
    if (pair->token.has_escapes) {
        part->octets = unescape(part->octets);
    }
}

static void take_pair(ImapClient *client, const ImapFetchPair *pair)
{
    MessageDate date;
    ImapClientMessage *message = &client->message;
    ByteSpan name = pair->item.name;
    if (imap_fetch_item_is_part(&pair->item)) {
        take_part(client, pair);
    } else if (byte_span_is_nocase(name, "UID")) {
        message->uid = (guint32)pair->number;
    } else if (byte_span_is_nocase(name, "FLAGS")) {
        take_flags(client, pair->value);
    } else if (byte_span_is_nocase(name, "RFC822.SIZE")) {
        message->has_size = true;
        message->size = pair->number;
    } else if (byte_span_is_nocase(name, "INTERNALDATE")) {
        message->has_date = message_date_parse_internal(pair->token.value, &date);
        message->internal_seconds = message->has_date ? date.seconds : 0;
    } else if (byte_span_is_nocase(name, "ENVELOPE")) {
        message->envelope = pair->value;
    } else if (byte_span_is_nocase(name, "BODYSTRUCTURE") || byte_span_is_nocase(name, "BODY")) {
        message->structure = pair->value;
    }
}

bool imap_client_hear_message(ImapClient *client, ImapClientEvent *out_event)
{
    ImapResponse response;
    ImapFetchReader reader;
    ImapFetchPair pair;
    imap_response_parse(byte_buffer_span(&client->response), &response);
    byte_buffer_reset(&client->scratch);
    client->message = (ImapClientMessage){0};
    client->message.sequence = (guint32)MIN(response.number, (guint64)G_MAXUINT32);
    imap_fetch_reader_init(&reader, response.arguments);
    while (imap_fetch_reader_next(&reader, &pair)) {
        take_pair(client, &pair);
    }
    out_event->kind = IMAP_CLIENT_MESSAGE;
    out_event->message = &client->message;
    return true;
}
