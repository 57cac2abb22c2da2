#include "protocol/message/message-address.h"

/* What has been read of the address that is not finished yet. */
typedef struct {
    ByteSpan text;
    gsize at;
    GArray *items;
    GString *phrase;  /* words as a name: unquoted, single spaces between them */
    GString *bare;    /* the same without spaces, as an address */
    GString *comment; /* the last one */
    gssize at_sign;   /* place of the last "@" in 'bare'; -1: none yet */
    char *name;       /* set by "<" */
    char *route;
    bool has_angle; /* "<...>" has been read */
    bool has_gap;   /* two words with nothing but space between them: a name, no address */
    bool has_space; /* white space or a comment lies before the next word */
    bool in_group;
    bool is_valid;
    gsize start;
    guint n_mailboxes;
} Reader;

static void reset(Reader *reader)
{
    g_string_truncate(reader->phrase, 0);
    g_string_truncate(reader->bare, 0);
    g_string_truncate(reader->comment, 0);
    g_clear_pointer(&reader->name, g_free);
    g_clear_pointer(&reader->route, g_free);
    reader->at_sign = -1;
    reader->has_angle = false;
    reader->has_gap = false;
    reader->has_space = false;
    reader->start = reader->at;
}

static bool is_end(const Reader *reader)
{
    return reader->at >= reader->text.length;
}

static guint8 peek(const Reader *reader)
{
    return reader->text.data[reader->at];
}

/* RFC 5322 §3.2.2: comments nest, and a backslash quotes the next character. */
static void read_comment(Reader *reader)
{
    guint depth = 0;
    g_string_truncate(reader->comment, 0);
    while (!is_end(reader)) {
        guint8 octet = reader->text.data[reader->at++];
        if (octet == '\\' && !is_end(reader)) {
            octet = reader->text.data[reader->at++];
        } else if (octet == '(' && depth++ == 0) {
            continue;
        } else if (octet == ')' && --depth == 0) {
            return;
        }
        g_string_append_c(reader->comment, (char)octet);
    }
    reader->is_valid = false;
}

static bool is_space(guint8 octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

static void skip_comments(Reader *reader)
{
    while (!is_end(reader)) {
        if (is_space(peek(reader))) {
            reader->at++;
        } else if (peek(reader) == '(') {
            read_comment(reader);
        } else {
            return;
        }
        reader->has_space = true;
    }
}

static void append_octet(Reader *reader, guint8 octet)
{
    /* Names end up in texts that stop at a NUL. */
    char character = octet == '\0' ? '?' : (char)octet;
    g_string_append_c(reader->phrase, character);
    g_string_append_c(reader->bare, character);
}

static bool is_joint(char octet)
{
    return octet == '.' || octet == '@';
}

static void begin_word(Reader *reader)
{
    if (reader->has_space && reader->phrase->len > 0) {
        g_string_append_c(reader->phrase, ' ');
    }
    if (reader->has_space && reader->bare->len > 0 && !is_joint((char)peek(reader)) &&
        !is_joint(reader->bare->str[reader->bare->len - 1])) {
        reader->has_gap = true;
    }
    reader->has_space = false;
}

static void read_quoted(Reader *reader)
{
    begin_word(reader);
    reader->at++;
    while (!is_end(reader)) {
        guint8 octet = reader->text.data[reader->at++];
        if (octet == '"') {
            return;
        }
        if (octet == '\\' && !is_end(reader)) {
            octet = reader->text.data[reader->at++];
        }
        if (octet != '\r' && octet != '\n') {
            append_octet(reader, octet);
        }
    }
    reader->is_valid = false;
}

/* RFC 5322 §3.4.1: "[192.0.2.7]" keeps its brackets. */
static void read_literal(Reader *reader)
{
    begin_word(reader);
    while (!is_end(reader)) {
        guint8 octet = reader->text.data[reader->at++];
        if (!is_space(octet)) {
            append_octet(reader, octet);
        }
        if (octet == ']') {
            return;
        }
    }
    reader->is_valid = false;
}

static void read_atom(Reader *reader)
{
    begin_word(reader);
    while (!is_end(reader) && strchr("()<>[]:;@\\,\" \t\r\n", peek(reader)) == NULL) {
        if (peek(reader) < ' ' || peek(reader) == 0x7f) {
            reader->is_valid = false;
        }
        append_octet(reader, reader->text.data[reader->at++]);
    }
}

static char *take_text(GString *text)
{
    char *taken = text->len == 0 ? NULL : g_strndup(text->str, text->len);
    g_string_truncate(text, 0);
    return taken;
}

static void add_item(Reader *reader, MessageAddress item)
{
    if (reader->items->len == MESSAGE_ADDRESSES_MAXIMUM) {
        reader->is_valid = false;
        g_free(item.name);
        g_free(item.route);
        g_free(item.mailbox);
        g_free(item.host);
        return;
    }
    item.offset = reader->start;
    item.length = reader->at - reader->start;
    g_array_append_val(reader->items, item);
}

static void finish_mailbox(Reader *reader)
{
    bool is_empty = !reader->has_angle && reader->bare->len == 0;
    if (!is_empty) {
        MessageAddress item = {.kind = MESSAGE_ADDRESS_MAILBOX};
        gsize local_length = reader->at_sign < 0 ? reader->bare->len : (gsize)reader->at_sign;
        item.mailbox = g_strndup(reader->bare->str, local_length);
        if (reader->at_sign >= 0) {
            item.host = g_strdup(reader->bare->str + reader->at_sign + 1);
        }
        item.route = g_steal_pointer(&reader->route);
        item.name = g_steal_pointer(&reader->name);
        if (item.name == NULL) {
            item.name = take_text(reader->comment);
        }
        if (reader->has_gap || item.host == NULL || item.host[0] == '\0' ||
            item.mailbox[0] == '\0') {
            reader->is_valid = false;
        }
        add_item(reader, item);
        reader->n_mailboxes++;
    }
    reset(reader);
}

/* RFC 5322 §4.4: "<@a,@b:local@host>". */
static void read_route(Reader *reader)
{
    gsize start = reader->at;
    while (!is_end(reader) && peek(reader) != ':' && peek(reader) != '>') {
        reader->at++;
    }
    if (is_end(reader) || peek(reader) == '>') {
        reader->is_valid = false;
        return;
    }
    reader->route =
        byte_span_to_string(byte_span_trim(byte_span_slice(reader->text, start, reader->at - start))
        );
    reader->at++;
}

static void begin_angle(Reader *reader)
{
    if (reader->has_angle) {
        reader->is_valid = false;
    }
    g_free(reader->name);
    reader->name = take_text(reader->phrase);
    g_string_truncate(reader->bare, 0);
    reader->at_sign = -1;
    reader->has_gap = false;
    reader->has_space = false;
    reader->at++;
    skip_comments(reader);
    if (!is_end(reader) && peek(reader) == '@') {
        g_clear_pointer(&reader->route, g_free);
        read_route(reader);
    }
}

static void read_at_sign(Reader *reader)
{
    if (reader->at_sign >= 0) {
        reader->is_valid = false;
    }
    reader->at_sign = (gssize)reader->bare->len;
    append_octet(reader, '@');
    reader->at++;
}

/* One word or sign inside an address; false: the octet parts addresses. */
static bool read_token(Reader *reader)
{
    switch (peek(reader)) {
    case '"':
        read_quoted(reader);
        return true;
    case '[':
        read_literal(reader);
        return true;
    case '@':
        read_at_sign(reader);
        return true;
    case '<':
    case '>':
    case ',':
    case ':':
    case ';':
        return false;
    case '\\':
    case ']':
    case ')':
    case '\0':
        reader->is_valid = false;
        append_octet(reader, reader->text.data[reader->at++]);
        return true;
    default:
        read_atom(reader);
        return true;
    }
}

static void read_angle(Reader *reader)
{
    begin_angle(reader);
    skip_comments(reader);
    while (!is_end(reader) && peek(reader) != '>') {
        if (!read_token(reader)) {
            reader->is_valid = false;
            append_octet(reader, reader->text.data[reader->at++]);
        }
        skip_comments(reader);
    }
    if (is_end(reader)) {
        reader->is_valid = false;
    } else {
        reader->at++;
    }
    reader->has_angle = true;
}

static void begin_group(Reader *reader)
{
    if (reader->in_group || reader->has_angle) {
        reader->is_valid = false;
        reader->at++;
        return;
    }
    MessageAddress item = {.kind = MESSAGE_ADDRESS_GROUP_BEGIN};
    item.name = take_text(reader->phrase);
    reader->at++;
    reader->in_group = true;
    if (item.name == NULL) {
        reader->is_valid = false;
        item.name = g_strdup("");
    }
    add_item(reader, item);
    reset(reader);
}

static void end_group(Reader *reader)
{
    finish_mailbox(reader);
    reader->at++;
    if (reader->in_group) {
        add_item(reader, (MessageAddress){.kind = MESSAGE_ADDRESS_GROUP_END});
    } else {
        reader->is_valid = false;
    }
    reader->in_group = false;
    reset(reader);
}

static void read_step(Reader *reader)
{
    guint8 octet = peek(reader);
    if (octet == ',') {
        finish_mailbox(reader);
        reader->at++;
        reader->start = reader->at;
    } else if (octet == ';') {
        end_group(reader);
    } else if (octet == ':') {
        begin_group(reader);
    } else if (octet == '<') {
        read_angle(reader);
    } else if (octet == '>') {
        reader->is_valid = false;
        reader->at++;
    } else {
        if (reader->has_angle) {
            reader->is_valid = false;
        }
        read_token(reader);
    }
}

MessageAddressList *message_address_list_parse(ByteSpan text)
{
    Reader reader = {.text = text, .at_sign = -1, .is_valid = true};
    reader.items = g_array_new(FALSE, FALSE, sizeof(MessageAddress));
    reader.phrase = g_string_new(NULL);
    reader.bare = g_string_new(NULL);
    reader.comment = g_string_new(NULL);
    skip_comments(&reader);
    reader.start = reader.at;
    while (!is_end(&reader)) {
        read_step(&reader);
        bool is_first = reader.phrase->len == 0 && !reader.has_angle;
        skip_comments(&reader);
        if (is_first && reader.phrase->len == 0) {
            reader.start = reader.at;
        }
    }
    finish_mailbox(&reader);
    if (reader.in_group) {
        reader.is_valid = false;
        add_item(&reader, (MessageAddress){.kind = MESSAGE_ADDRESS_GROUP_END});
    }
    g_string_free(reader.phrase, TRUE);
    g_string_free(reader.bare, TRUE);
    g_string_free(reader.comment, TRUE);
    MessageAddressList *list = g_new0(MessageAddressList, 1);
    list->is_valid = reader.is_valid && reader.n_mailboxes + reader.items->len > 0;
    list->n_mailboxes = reader.n_mailboxes;
    list->n_items = reader.items->len;
    list->items = (MessageAddress *)(void *)g_array_free(reader.items, FALSE);
    return list;
}

void message_address_list_free(MessageAddressList *list)
{
    if (list == NULL) {
        return;
    }
    for (guint i = 0; i < list->n_items; i++) {
        g_free(list->items[i].name);
        g_free(list->items[i].route);
        g_free(list->items[i].mailbox);
        g_free(list->items[i].host);
    }
    g_free(list->items);
    g_free(list);
}
