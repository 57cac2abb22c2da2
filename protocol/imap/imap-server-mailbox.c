/* Commands on mailboxes as a whole: opening and closing one, making, renaming and deleting. */

#include "protocol/imap/imap-server-private.h"

void imap_server_forget_mailbox(ImapServer *server)
{
    if (server->selected != NULL) {
        server->store->unselect(server->storage);
        g_clear_pointer(&server->selected, g_free);
    }
    g_clear_pointer(&server->saved, g_array_unref);
}

/* "INBOX" in any case is one name; the others are compared as they stand. */
static bool is_same_name(const char *left, const char *right)
{
    bool is_inbox = g_ascii_strcasecmp(left, "INBOX") == 0;
    return is_inbox ? g_ascii_strcasecmp(right, "INBOX") == 0 : g_str_equal(left, right);
}

static char *only_name(ImapServer *server, const DialogueEvent *command, ImapArguments *arguments)
{
    imap_arguments_init(arguments, server, command->arguments);
    char *name = imap_arguments_name(arguments);
    if (name == NULL) {
        imap_server_no(server, "CANNOT", "No mailbox can have that name");
    }
    return name;
}

static void tell_mailbox(ImapServer *server, const ImapMailboxStatus *status)
{
    imap_server_untagged(server, "%u EXISTS", status->messages);
    if (!server->is_rev2) {
        imap_server_untagged(server, "%u RECENT", status->recent);
    }
    imap_server_tell_flags(server, true);
    imap_server_untagged(server, "OK [UIDVALIDITY %u] UIDs are valid", status->uid_validity);
    imap_server_untagged(server, "OK [UIDNEXT %u] Predicted next UID", status->uid_next);
    if (!server->is_rev2 && status->first_unseen > 0) {
        imap_server_untagged(server, "OK [UNSEEN %u] First message not seen", status->first_unseen);
    }
    if (server->is_rev2) {
        imap_server_print(server, "* LIST () \"/\" ");
        imap_server_write_name(server, server->selected);
        imap_server_print(server, "\r\n");
    }
}

/* RFC 9051 §6.3.2: whatever happens, the mailbox that was selected is not any more. */
bool imap_server_handle_select(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    ImapMailboxStatus status;
    bool is_examine = server->row->id == IMAP_COMMAND_EXAMINE;
    bool was_selected = server->selected != NULL;
    (void)out_event;
    imap_server_forget_mailbox(server);
    if (was_selected && server->is_rev2) {
        imap_server_untagged(server, "OK [CLOSED] The mailbox before is closed");
    }
    g_autofree char *name = only_name(server, command, &arguments);
    if (name == NULL) {
        return false;
    }
    ImapStorageResult result = server->store->select(server->storage, name, is_examine, &status);
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, false);
        return false;
    }
    bool is_inbox = g_ascii_strcasecmp(name, "INBOX") == 0;
    server->selected = is_inbox ? g_strdup("INBOX") : g_steal_pointer(&name);
    server->is_read_only = is_examine;
    tell_mailbox(server, &status);
    imap_server_ok(
        server,
        is_examine ? "READ-ONLY" : "READ-WRITE",
        "%s completed",
        is_examine ? "EXAMINE" : "SELECT"
    );
    return false;
}

bool imap_server_handle_unselect(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    imap_server_forget_mailbox(server);
    imap_server_ok(server, NULL, "UNSELECT completed");
    return false;
}

/* RFC 9051 §6.4.1: expunges without telling. Where something could not be removed, the mailbox
 * stays selected, and then what is gone is told. */
bool imap_server_handle_close(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    if (!server->is_read_only && imap_server_expunge_deleted(server, NULL) != IMAP_STORAGE_DONE) {
        imap_server_no(server, "UNAVAILABLE", "Some deleted messages could not be removed");
        return false;
    }
    imap_server_forget_mailbox(server);
    imap_server_ok(server, NULL, "CLOSE completed");
    return false;
}

/* "(USE (\Sent \Archive))", RFC 6154 §5. */
static bool take_uses(ImapArguments *arguments, guint32 *out_uses)
{
    static const ImapTokenKind form[] = {
        IMAP_TOKEN_LIST_OPEN, IMAP_TOKEN_ATOM, IMAP_TOKEN_LIST_OPEN};
    ImapToken token;
    for (gsize i = 0; i < G_N_ELEMENTS(form); i++) {
        if (!imap_arguments_token(arguments, &token) || token.kind != form[i] ||
            (i == 1 && !byte_span_is_nocase(token.value, "USE"))) {
            return false;
        }
    }
    while (imap_arguments_token(arguments, &token) && token.kind == IMAP_TOKEN_ATOM) {
        guint32 use = imap_use_bit(token.value);
        if (use == 0) {
            return false;
        }
        *out_uses |= use;
    }
    return token.kind == IMAP_TOKEN_LIST_CLOSE;
}

bool imap_server_handle_create(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    guint32 uses = 0;
    (void)out_event;
    g_autofree char *name = only_name(server, command, &arguments);
    if (name == NULL) {
        return false;
    }
    if (!imap_arguments_at_end(&arguments) &&
        (!imap_server_offers(server, IMAP_OFFER_CREATE_SPECIAL_USE) || !take_uses(&arguments, &uses)
        )) {
        imap_server_no(server, "USEATTR", "A mailbox for that use cannot be made");
        return false;
    }
    /* RFC 9051 §6.3.4: a "/" at the end says that others will be made below; it is not part of the
     * name. */
    gsize length = strlen(name);
    if (length > 1 && name[length - 1] == '/') {
        name[length - 1] = '\0';
    }
    ImapStorageResult result = server->store->create(server->storage, name, uses);
    if (result == IMAP_STORAGE_DONE) {
        imap_server_ok(server, NULL, "CREATE completed");
    } else {
        imap_server_refuse(server, result, false);
    }
    return false;
}

bool imap_server_handle_delete(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    (void)out_event;
    g_autofree char *name = only_name(server, command, &arguments);
    if (name == NULL) {
        return false;
    }
    bool is_inbox = g_ascii_strcasecmp(name, "INBOX") == 0;
    if (!is_inbox && server->selected != NULL && is_same_name(name, server->selected)) {
        imap_server_no(server, "INUSE", "The mailbox is selected: leave it first");
        return false;
    }
    ImapStorageResult result = server->store->remove(server->storage, name);
    if (result == IMAP_STORAGE_DONE) {
        imap_server_ok(server, NULL, "DELETE completed");
    } else {
        imap_server_refuse(server, result, false);
    }
    return false;
}

bool imap_server_handle_rename(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    (void)out_event;
    g_autofree char *from = only_name(server, command, &arguments);
    if (from == NULL) {
        return false;
    }
    g_autofree char *to = imap_arguments_name(&arguments);
    if (to == NULL) {
        imap_server_no(server, "CANNOT", "No mailbox can have that name");
        return false;
    }
    ImapStorageResult result = server->store->rename(server->storage, from, to);
    if (result != IMAP_STORAGE_DONE) {
        imap_server_refuse(server, result, false);
        return false;
    }
    if (server->selected != NULL && g_str_equal(from, server->selected) &&
        !is_same_name(from, "INBOX")) {
        g_free(server->selected);
        server->selected = g_steal_pointer(&to);
    }
    imap_server_ok(server, NULL, "RENAME completed");
    return false;
}

bool imap_server_handle_subscribe(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    bool is_subscribed = server->row->id == IMAP_COMMAND_SUBSCRIBE;
    (void)out_event;
    g_autofree char *name = only_name(server, command, &arguments);
    if (name == NULL) {
        return false;
    }
    ImapStorageResult result = server->store->subscribe(server->storage, name, is_subscribed);
    if (result == IMAP_STORAGE_DONE) {
        imap_server_ok(server, NULL, "%s completed", server->row->item.token);
    } else {
        imap_server_refuse(server, result, false);
    }
    return false;
}
