/* SEARCH with its result options (RFC 9051 §6.4.4, RFC 4731, RFC 5182). */

#include "protocol/imap/imap-search-match.h"
#include "protocol/imap/imap-server-private.h"
#include "protocol/imap/imap-writer.h"

typedef enum {
    RETURN_MIN = 1u << 0,
    RETURN_MAX = 1u << 1,
    RETURN_ALL = 1u << 2,
    RETURN_COUNT = 1u << 3,
    RETURN_SAVE = 1u << 4,
} ReturnOption;

static const struct {
    const char *name;
    ReturnOption option;
} return_options[] = {
    {"MIN", RETURN_MIN},
    {"MAX", RETURN_MAX},
    {"ALL", RETURN_ALL},
    {"COUNT", RETURN_COUNT},
    {"SAVE", RETURN_SAVE},
};

typedef struct {
    ImapServer *server;
    guint32 uid; /* of the message that is judged */
} Judge;

static bool take_option(ImapServer *server, ByteSpan name, guint32 *options)
{
    for (gsize i = 0; i < G_N_ELEMENTS(return_options); i++) {
        if (byte_span_is_nocase(name, return_options[i].name)) {
            *options |= return_options[i].option;
            return return_options[i].option != RETURN_SAVE ||
                   imap_server_offers(server, IMAP_OFFER_SEARCHRES | IMAP_OFFER_REVISION_2);
        }
    }
    return false;
}

/* "RETURN (MIN COUNT)" where it is there; false: not of the form. */
static bool take_return(ImapArguments *arguments, guint32 *out_options)
{
    ImapToken token;
    ImapArguments before = *arguments;
    ImapServer *server = arguments->server;
    *out_options = 0;
    if (!imap_arguments_token(arguments, &token) || token.kind != IMAP_TOKEN_ATOM ||
        !byte_span_is_nocase(token.value, "RETURN")) {
        *arguments = before;
        return true;
    }
    if (!imap_server_offers(server, IMAP_OFFER_ESEARCH | IMAP_OFFER_REVISION_2) ||
        !imap_arguments_token(arguments, &token) || token.kind != IMAP_TOKEN_LIST_OPEN) {
        return false;
    }
    while (imap_arguments_token(arguments, &token) && token.kind == IMAP_TOKEN_ATOM) {
        if (!take_option(server, token.value, out_options)) {
            return false;
        }
    }
    /* RFC 9051 §6.4.4: RETURN () asks for ALL. */
    *out_options |= *out_options == 0 ? RETURN_ALL : 0u;
    return token.kind == IMAP_TOKEN_LIST_CLOSE;
}

static GArray *resolve(ByteSpan set, bool are_uids, gpointer data)
{
    return imap_server_resolve_set(data, set, are_uids);
}

static GBytes *load(gpointer data)
{
    const Judge *judge = data;
    GBytes *octets = NULL;
    const ImapServer *server = judge->server;
    ImapStorageResult result = server->store->fetch(server->storage, judge->uid, &octets);
    return result == IMAP_STORAGE_DONE ? octets : NULL;
}

static bool has_keyword(guint32 flags, const char *keyword, gpointer data)
{
    const ImapServer *server = ((Judge *)data)->server;
    for (guint i = 0; i < IMAP_KEYWORDS_MAXIMUM; i++) {
        const char *known = server->store->keyword(server->storage, i);
        if (known == NULL) {
            return false;
        }
        if (g_ascii_strcasecmp(known, keyword) == 0) {
            return (flags & (1u << (IMAP_KEYWORD_SHIFT + i))) != 0;
        }
    }
    return false;
}

/* Sequence numbers of those that fit. */
static GArray *find(ImapServer *server, const ImapSearchNode *criteria)
{
    Judge judge = {.server = server};
    ImapSearchMessage message = {.octets = load, .has_keyword = has_keyword, .data = &judge};
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 count = server->store->count(server->storage);
    for (guint32 sequence = 1; sequence <= count; sequence++) {
        message.sequence = sequence;
        if (server->store->message(server->storage, sequence, &message.info)) {
            judge.uid = message.info.uid;
            if (imap_search_matches(criteria, &message)) {
                g_array_append_val(found, sequence);
            }
        }
    }
    return found;
}

/* RFC 9051 §6.4.4.1: with MIN or MAX, and nothing that means all, only those are saved. */
static void save(ImapServer *server, const GArray *uids, guint32 options)
{
    g_clear_pointer(&server->saved, g_array_unref);
    server->saved = g_array_new(FALSE, FALSE, sizeof(guint32));
    bool is_narrow =
        (options & (RETURN_MIN | RETURN_MAX)) != 0 && (options & (RETURN_ALL | RETURN_COUNT)) == 0;
    for (guint i = 0; i < uids->len; i++) {
        bool is_end = ((options & RETURN_MIN) != 0 && i == 0) ||
                      ((options & RETURN_MAX) != 0 && i + 1 == uids->len);
        if (!is_narrow || is_end) {
            g_array_append_val(server->saved, g_array_index(uids, guint32, i));
        }
    }
}

static void tell_plain(ImapServer *server, const GArray *numbers)
{
    imap_server_print(server, "* SEARCH");
    for (guint i = 0; i < numbers->len; i++) {
        imap_server_print(server, " %u", g_array_index(numbers, guint32, i));
    }
    imap_server_print(server, "\r\n");
}

static void tell_extended(ImapServer *server, const GArray *numbers, guint32 options)
{
    ByteBuffer text;
    guint count = numbers->len;
    const guint32 *all = (const guint32 *)(const void *)numbers->data;
    byte_buffer_init(&text, IMAP_OUTPUT_MAXIMUM);
    bool fits = byte_buffer_append_string(&text, "* ESEARCH (TAG ") &&
                imap_write_quoted(&text, byte_span_from_string(server->tag)) &&
                byte_buffer_append_string(&text, server->row->is_uid ? ") UID" : ")");
    if ((options & RETURN_MIN) != 0 && count > 0) {
        fits = fits && byte_buffer_printf(&text, " MIN %u", all[0]);
    }
    if ((options & RETURN_MAX) != 0 && count > 0) {
        fits = fits && byte_buffer_printf(&text, " MAX %u", all[count - 1]);
    }
    if ((options & RETURN_ALL) != 0 && count > 0) {
        fits = fits && byte_buffer_append_string(&text, " ALL ") &&
               imap_numbers_write(all, count, &text);
    }
    if ((options & RETURN_COUNT) != 0) {
        fits = fits && byte_buffer_printf(&text, " COUNT %u", count);
    }
    fits = fits && byte_buffer_append_string(&text, "\r\n");
    g_assert(fits); /* at most eleven octets a message */
    imap_server_put(server, byte_buffer_span(&text));
    byte_buffer_clear(&text);
}

static void answer(ImapServer *server, const ImapSearchNode *criteria, guint32 options)
{
    g_autoptr(GArray) sequences = find(server, criteria);
    g_autoptr(GArray) uids = imap_server_uids(server, sequences);
    const GArray *numbers = server->row->is_uid ? uids : sequences;
    if ((options & RETURN_SAVE) != 0) {
        save(server, uids, options);
    }
    if (options == 0 && !server->is_rev2) {
        tell_plain(server, numbers);
    } else if (options != RETURN_SAVE) {
        tell_extended(server, numbers, options == 0 ? RETURN_ALL : options);
    }
    imap_server_ok(server, NULL, "%sSEARCH completed", server->row->is_uid ? "UID " : "");
}

bool imap_server_handle_search(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    guint32 options;
    g_autoptr(ImapSearchNode) criteria = NULL;
    (void)out_event;
    imap_arguments_init(&arguments, server, command->arguments);
    if (!take_return(&arguments, &options)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    switch (imap_search_parse(&arguments.scanner, resolve, server, &criteria)) {
    case IMAP_SEARCH_GOOD:
        answer(server, criteria, options);
        break;
    case IMAP_SEARCH_SYNTAX:
        imap_server_bad(server, "These are no search criteria");
        break;
    case IMAP_SEARCH_CHARSET:
        imap_server_no(server, "BADCHARSET (US-ASCII UTF-8)", "That charset is not known here");
        break;
    case IMAP_SEARCH_ANSWERED:
        break;
    }
    return false;
}
