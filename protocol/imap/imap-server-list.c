/* LIST with its extensions (RFC 9051 §6.3.9, RFC 6154), and LSUB. */

#include "protocol/imap/imap-list-pattern.h"
#include "protocol/imap/imap-server-private.h"

#define PATTERNS_MAXIMUM 100

typedef struct {
    ImapServer *server;
    GPtrArray *patterns; /* the reference in front */
    bool is_lsub;
    bool wants_subscribed; /* select: SUBSCRIBED */
    bool wants_special;    /* select: SPECIAL-USE */
    bool is_recursive;     /* select: RECURSIVEMATCH */
    bool tells_subscribed; /* return: SUBSCRIBED */
    bool tells_special;    /* return: SPECIAL-USE */
    guint32 status_items;  /* return: STATUS (...) */
    GPtrArray *names; /* of all mailboxes that fit the selection, for RECURSIVEMATCH and LSUB */
    GHashTable *told; /* levels above subscribed names that LSUB told */
} ListRequest;

static const struct {
    ImapUse use;
    const char *name;
} use_names[] = {
    {IMAP_USE_ALL, "\\All"},
    {IMAP_USE_ARCHIVE, "\\Archive"},
    {IMAP_USE_DRAFTS, "\\Drafts"},
    {IMAP_USE_FLAGGED, "\\Flagged"},
    {IMAP_USE_JUNK, "\\Junk"},
    {IMAP_USE_SENT, "\\Sent"},
    {IMAP_USE_TRASH, "\\Trash"},
};

guint32 imap_use_bit(ByteSpan attribute)
{
    for (gsize i = 0; i < G_N_ELEMENTS(use_names); i++) {
        if (byte_span_is_nocase(attribute, use_names[i].name)) {
            return use_names[i].use;
        }
    }
    return 0;
}

static bool fits_pattern(const ListRequest *request, const char *name)
{
    for (guint i = 0; i < request->patterns->len; i++) {
        if (imap_list_matches(g_ptr_array_index(request->patterns, i), name)) {
            return true;
        }
    }
    return false;
}

static bool fits_selection(const ListRequest *request, const ImapMailboxInfo *info)
{
    if (request->wants_subscribed || request->is_lsub) {
        return info->is_subscribed;
    }
    return info->exists && (!request->wants_special || info->uses != 0);
}

static void note_name(const ImapMailboxInfo *info, gpointer data)
{
    ListRequest *request = data;
    if (fits_selection(request, info)) {
        g_ptr_array_add(request->names, g_strdup(info->name));
    }
}

/* Whether a mailbox that was selected lies below and is not itself in the answer. */
static bool has_match_below(const ListRequest *request, const char *name)
{
    gsize length = strlen(name);
    for (guint i = 0; i < request->names->len; i++) {
        const char *other = g_ptr_array_index(request->names, i);
        if (strncmp(other, name, length) == 0 && other[length] == '/' &&
            !fits_pattern(request, other)) {
            return true;
        }
    }
    return false;
}

static void add_attribute(GString *text, const char *name)
{
    g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " ", name);
}

static void add_attributes(const ListRequest *request, const ImapMailboxInfo *info, GString *text)
{
    const ImapServer *server = request->server;
    bool is_extended = request->wants_subscribed || request->wants_special ||
                       request->tells_subscribed || server->is_rev2;
    if (!info->exists) {
        add_attribute(text, is_extended ? "\\NonExistent" : "\\Noselect");
    } else if (!info->is_selectable) {
        add_attribute(text, is_extended && server->is_rev2 ? "\\NonExistent" : "\\Noselect");
    }
    if (imap_server_offers(server, IMAP_OFFER_CHILDREN | IMAP_OFFER_REVISION_2) &&
        !request->is_lsub) {
        add_attribute(text, info->has_children ? "\\HasChildren" : "\\HasNoChildren");
    }
    if (info->is_subscribed && (request->wants_subscribed || request->tells_subscribed)) {
        add_attribute(text, "\\Subscribed");
    }
    bool tells_use = imap_server_offers(server, IMAP_OFFER_SPECIAL_USE | IMAP_OFFER_REVISION_2);
    for (gsize i = 0; tells_use && !request->is_lsub && i < G_N_ELEMENTS(use_names); i++) {
        if ((info->uses & use_names[i].use) != 0) {
            add_attribute(text, use_names[i].name);
        }
    }
}

static void tell(const ListRequest *request, const ImapMailboxInfo *info, bool has_child_info)
{
    ImapServer *server = request->server;
    g_autoptr(GString) attributes = g_string_new(NULL);
    add_attributes(request, info, attributes);
    imap_server_print(
        server, "* %s (%s) \"/\" ", request->is_lsub ? "LSUB" : "LIST", attributes->str
    );
    imap_server_write_name(server, info->name);
    imap_server_print(server, "%s\r\n", has_child_info ? " (\"CHILDINFO\" (\"SUBSCRIBED\"))" : "");
    if (request->status_items != 0 && info->exists && info->is_selectable) {
        imap_server_write_status(server, info->name, request->status_items);
    }
}

/* RFC 3501 §6.3.9: with "%" a level above a subscribed name is told, as \Noselect. */
static void tell_level_above(ListRequest *request, const char *name)
{
    g_autofree char *level = g_strdup(name);
    for (char *slash = strrchr(level, '/'); slash != NULL; slash = strrchr(level, '/')) {
        *slash = '\0';
        bool is_subscribed = false;
        for (guint i = 0; i < request->names->len && !is_subscribed; i++) {
            is_subscribed = g_str_equal(g_ptr_array_index(request->names, i), level);
        }
        if (!is_subscribed && fits_pattern(request, level) &&
            g_hash_table_add(request->told, g_strdup(level))) {
            ImapMailboxInfo above = {.name = level};
            tell(request, &above, false);
        }
    }
}

static void visit(const ImapMailboxInfo *info, gpointer data)
{
    ListRequest *request = data;
    bool is_selected = fits_selection(request, info);
    bool is_wanted = fits_pattern(request, info->name);
    if (request->is_lsub) {
        if (is_selected && is_wanted) {
            ImapMailboxInfo plain = *info;
            tell(request, &plain, false);
        } else if (is_selected) {
            tell_level_above(request, info->name);
        }
        return;
    }
    bool is_above = request->is_recursive && is_wanted && has_match_below(request, info->name);
    if (is_wanted && (is_selected || is_above)) {
        tell(request, info, is_above);
    }
}

static void add_pattern(ListRequest *request, const char *reference, const char *pattern)
{
    bool is_absolute = pattern[0] == '/';
    g_ptr_array_add(
        request->patterns,
        is_absolute ? g_strdup(pattern + 1) : g_strconcat(reference, pattern, NULL)
    );
}

static bool take_patterns(ListRequest *request, ImapArguments *arguments, const char *reference)
{
    ImapToken token;
    if (!imap_arguments_token(arguments, &token)) {
        return false;
    }
    bool is_list = token.kind == IMAP_TOKEN_LIST_OPEN;
    if (is_list && !imap_arguments_token(arguments, &token)) {
        return false;
    }
    while (token.kind != IMAP_TOKEN_LIST_CLOSE) {
        g_autofree char *pattern = imap_server_decode_name(request->server, &token);
        if (pattern == NULL || request->patterns->len >= PATTERNS_MAXIMUM) {
            return false;
        }
        add_pattern(request, reference, pattern);
        if (!is_list) {
            return true;
        }
        if (!imap_arguments_token(arguments, &token)) {
            return false;
        }
    }
    return is_list;
}

static bool take_selection(ListRequest *request, ImapArguments *arguments)
{
    ImapToken token;
    while (imap_arguments_token(arguments, &token) && token.kind == IMAP_TOKEN_ATOM) {
        if (byte_span_is_nocase(token.value, "SUBSCRIBED")) {
            request->wants_subscribed = true;
        } else if (byte_span_is_nocase(token.value, "RECURSIVEMATCH")) {
            request->is_recursive = true;
        } else if (byte_span_is_nocase(token.value, "SPECIAL-USE")) {
            request->wants_special = true;
        } else if (!byte_span_is_nocase(token.value, "REMOTE")) {
            return false;
        }
    }
    /* RFC 9051 §6.3.9.1: RECURSIVEMATCH says nothing on its own. */
    bool is_complete =
        !request->is_recursive || request->wants_subscribed || request->wants_special;
    return token.kind == IMAP_TOKEN_LIST_CLOSE && is_complete;
}

static bool take_status(ListRequest *request, ImapArguments *arguments)
{
    ImapToken first;
    ByteSpan list;
    bool is_offered =
        imap_server_offers(request->server, IMAP_OFFER_LIST_STATUS | IMAP_OFFER_REVISION_2);
    return is_offered && imap_scanner_next_value(&arguments->scanner, &first, &list) &&
           imap_status_items_parse(request->server, list, &request->status_items);
}

static bool take_return(ListRequest *request, ImapArguments *arguments)
{
    ImapToken token;
    if (!imap_arguments_token(arguments, &token) || !byte_span_is_nocase(token.value, "RETURN") ||
        !imap_arguments_token(arguments, &token) || token.kind != IMAP_TOKEN_LIST_OPEN) {
        return false;
    }
    while (imap_arguments_token(arguments, &token) && token.kind == IMAP_TOKEN_ATOM) {
        bool is_status = byte_span_is_nocase(token.value, "STATUS");
        if (byte_span_is_nocase(token.value, "SUBSCRIBED")) {
            request->tells_subscribed = true;
        } else if (byte_span_is_nocase(token.value, "SPECIAL-USE")) {
            request->tells_special = true;
        } else if (is_status ? !take_status(request, arguments) : !byte_span_is_nocase(token.value, "CHILDREN")) {
            return false;
        }
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE && imap_arguments_at_end(arguments);
}

/* False: not the form that LIST has. */
static bool parse(ListRequest *request, ImapArguments *arguments)
{
    ImapServer *server = request->server;
    ImapToken token;
    bool may_extend = !request->is_lsub &&
                      imap_server_offers(server, IMAP_OFFER_LIST_EXTENDED | IMAP_OFFER_REVISION_2);
    if (!imap_arguments_token(arguments, &token)) {
        return false;
    }
    if (token.kind == IMAP_TOKEN_LIST_OPEN && (!may_extend || !take_selection(request, arguments) ||
                                               !imap_arguments_token(arguments, &token))) {
        return false;
    }
    g_autofree char *reference = imap_server_decode_name(server, &token);
    if (reference == NULL || !take_patterns(request, arguments, reference)) {
        return false;
    }
    return imap_arguments_at_end(arguments) || (may_extend && take_return(request, arguments));
}

/* RFC 9051 §6.3.9: an empty name asks for the delimiter and the root. */
static bool asks_for_root(const ListRequest *request, ByteSpan arguments)
{
    ImapScanner scanner;
    ImapToken token;
    imap_scanner_init(&scanner, arguments);
    return !request->is_lsub && imap_scanner_next(&scanner, &token) &&
           imap_scanner_next(&scanner, &token) && token.kind == IMAP_TOKEN_QUOTED &&
           token.value.length == 0;
}

static void clear_request(ListRequest *request)
{
    g_ptr_array_unref(request->patterns);
    g_ptr_array_unref(request->names);
    g_hash_table_unref(request->told);
}

static bool list(ImapServer *server, const DialogueEvent *command, bool is_lsub)
{
    ImapArguments arguments;
    ListRequest request = {
        .server = server,
        .is_lsub = is_lsub,
        .patterns = g_ptr_array_new_with_free_func(g_free),
        .names = g_ptr_array_new_with_free_func(g_free),
        .told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    imap_arguments_init(&arguments, server, command->arguments);
    if (!parse(&request, &arguments)) {
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
    } else if (asks_for_root(&request, command->arguments)) {
        imap_server_untagged(server, "LIST (\\Noselect) \"/\" \"\"");
        imap_server_ok(server, NULL, "LIST completed");
    } else {
        const ImapStorage *store = server->store;
        if (request.is_recursive || is_lsub) {
            store->list(server->storage, note_name, &request);
        }
        ImapStorageResult result = store->list(server->storage, visit, &request);
        if (result == IMAP_STORAGE_DONE) {
            imap_server_ok(server, NULL, "%s completed", is_lsub ? "LSUB" : "LIST");
        } else {
            imap_server_refuse(server, result, false);
        }
    }
    clear_request(&request);
    return false;
}

bool imap_server_handle_list(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)out_event;
    return list(server, command, false);
}

bool imap_server_handle_lsub(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)out_event;
    return list(server, command, true);
}
