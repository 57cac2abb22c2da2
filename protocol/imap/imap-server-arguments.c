/* Reading the arguments of a command, whose form as a whole the dialogue has judged already. */

#include "protocol/encoding/modified-utf7.h"
#include "protocol/imap/imap-server-private.h"

#define NAME_MAXIMUM 1024

void imap_arguments_init(ImapArguments *arguments, ImapServer *server, ByteSpan text)
{
    arguments->server = server;
    imap_scanner_init(&arguments->scanner, text);
}

bool imap_arguments_token(ImapArguments *arguments, ImapToken *out_token)
{
    return imap_scanner_next(&arguments->scanner, out_token);
}

bool imap_arguments_at_end(const ImapArguments *arguments)
{
    return byte_span_trim(arguments->scanner.rest).length == 0;
}

char *imap_token_to_string(const ImapToken *token)
{
    ByteBuffer text;
    byte_buffer_init(&text, IMAP_SERVER_LITERAL_MAXIMUM + 1);
    bool is_string = token->kind == IMAP_TOKEN_ATOM || token->kind == IMAP_TOKEN_QUOTED ||
                     token->kind == IMAP_TOKEN_LITERAL;
    char *string = NULL;
    if (is_string && imap_token_append_text(token, &text) &&
        byte_span_find(byte_buffer_span(&text), '\0', 0) < 0) {
        string = byte_span_to_string(byte_buffer_span(&text));
    }
    byte_buffer_clear(&text);
    return string;
}

char *imap_arguments_string(ImapArguments *arguments)
{
    ImapToken token;
    return imap_arguments_token(arguments, &token) ? imap_token_to_string(&token) : NULL;
}

char *imap_server_decode_name(const ImapServer *server, const ImapToken *token)
{
    g_autofree char *raw = imap_token_to_string(token);
    if (raw == NULL || strlen(raw) > NAME_MAXIMUM) {
        return NULL;
    }
    if (server->allows_utf8) {
        return g_utf8_validate(raw, -1, NULL) ? g_steal_pointer(&raw) : NULL;
    }
    ByteBuffer utf8;
    byte_buffer_init(&utf8, 4 * NAME_MAXIMUM);
    char *name = NULL;
    if (modified_utf7_decode(byte_span_from_string(raw), &utf8, NULL, NULL)) {
        name = byte_span_to_string(byte_buffer_span(&utf8));
    }
    byte_buffer_clear(&utf8);
    return name;
}

char *imap_arguments_name(ImapArguments *arguments)
{
    ImapToken token;
    return imap_arguments_token(arguments, &token)
               ? imap_server_decode_name(arguments->server, &token)
               : NULL;
}

static bool take_flag(const ImapToken *token, guint32 *flags, GPtrArray *keywords)
{
    guint32 bit = imap_flag_bit(token->value);
    if (token->kind != IMAP_TOKEN_ATOM || bit == IMAP_FLAG_RECENT) {
        return false;
    }
    if (bit != 0) {
        *flags |= bit;
        return true;
    }
    /* RFC 9051 §2.3.2: the server has no flags of its own that begin with a backslash. */
    if (token->value.length == 0 || token->value.data[0] == '\\' ||
        keywords->len >= IMAP_KEYWORDS_MAXIMUM) {
        return false;
    }
    g_ptr_array_add(keywords, byte_span_to_string(token->value));
    return true;
}

bool imap_arguments_flags(
    ImapArguments *arguments, bool may_be_bare, guint32 *out_flags, GPtrArray *out_keywords
)
{
    ImapToken token;
    *out_flags = 0;
    if (!imap_arguments_token(arguments, &token)) {
        return false;
    }
    if (token.kind != IMAP_TOKEN_LIST_OPEN) {
        bool is_good = may_be_bare && take_flag(&token, out_flags, out_keywords);
        while (is_good && imap_arguments_token(arguments, &token)) {
            is_good = take_flag(&token, out_flags, out_keywords);
        }
        return is_good;
    }
    while (imap_arguments_token(arguments, &token) && token.kind != IMAP_TOKEN_LIST_CLOSE) {
        if (!take_flag(&token, out_flags, out_keywords)) {
            return false;
        }
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE;
}

static void add_range(const ImapServer *server, ImapRange range, bool are_uids, GArray *sequences)
{
    guint32 count = server->store->count(server->storage);
    guint32 sequence = range.first;
    if (are_uids) {
        sequence = server->store->sequence_from(server->storage, range.first);
    }
    for (; sequence > 0 && sequence <= count; sequence++) {
        guint32 number = are_uids ? server->store->uid(server->storage, sequence) : sequence;
        if (number > range.last) {
            return;
        }
        g_array_append_val(sequences, sequence);
    }
}

static void add_saved(const ImapServer *server, GArray *sequences)
{
    for (guint i = 0; server->saved != NULL && i < server->saved->len; i++) {
        guint32 uid = g_array_index(server->saved, guint32, i);
        guint32 sequence = server->store->sequence_from(server->storage, uid);
        if (sequence > 0 && server->store->uid(server->storage, sequence) == uid) {
            g_array_append_val(sequences, sequence);
        }
    }
}

/* A sequence number above the last message is a mistake of the client (RFC 3501 §9, seq-number);
 * a UID that is not there is none. */
static bool is_within(const ImapSequenceSet *set, guint32 count)
{
    for (guint i = 0; i < set->ranges->len; i++) {
        const ImapRange *range = &g_array_index(set->ranges, ImapRange, i);
        if (range->last > count && !range->has_star) {
            return false;
        }
    }
    return true;
}

GArray *imap_server_resolve_set(ImapServer *server, ByteSpan text, bool are_uids)
{
    ImapSequenceSet set;
    guint32 count = server->store->count(server->storage);
    guint32 largest = are_uids ? server->store->uid(server->storage, count) : count;
    bool may_save = imap_server_offers(server, IMAP_OFFER_SEARCHRES | IMAP_OFFER_REVISION_2);
    if (!imap_sequence_set_parse(text, largest, &set) || (set.is_saved && !may_save)) {
        imap_server_bad(server, "That is no set of messages: \"1:4,7\" would be one");
        return NULL;
    }
    if (!are_uids && !set.is_saved && !is_within(&set, count)) {
        imap_server_bad(server, "The mailbox has only %u message%s", count, count == 1 ? "" : "s");
        imap_sequence_set_clear(&set);
        return NULL;
    }
    GArray *sequences = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (set.is_saved) {
        add_saved(server, sequences);
    }
    for (guint i = 0; !set.is_saved && i < set.ranges->len; i++) {
        add_range(server, g_array_index(set.ranges, ImapRange, i), are_uids, sequences);
    }
    imap_sequence_set_clear(&set);
    return sequences;
}

GArray *imap_arguments_messages(ImapArguments *arguments, bool are_uids)
{
    ImapToken token;
    bool is_atom = imap_arguments_token(arguments, &token) && token.kind == IMAP_TOKEN_ATOM;
    ByteSpan set = is_atom ? token.value : BYTE_SPAN_EMPTY;
    return imap_server_resolve_set(arguments->server, set, are_uids);
}

GArray *imap_server_uids(const ImapServer *server, const GArray *sequences)
{
    GArray *uids = g_array_sized_new(FALSE, FALSE, sizeof(guint32), sequences->len);
    for (guint i = 0; i < sequences->len; i++) {
        guint32 sequence = g_array_index(sequences, guint32, i);
        guint32 uid = server->store->uid(server->storage, sequence);
        g_array_append_val(uids, uid);
    }
    return uids;
}
