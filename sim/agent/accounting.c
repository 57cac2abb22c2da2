#include "sim/agent/accounting.h"

#include "sim/agent/accounting-private.h"

static const char *const state_names[] = {
    [ACCOUNT_OPEN] = "open",
    [ACCOUNT_DELIVERED] = "delivered",
    [ACCOUNT_RELAYED] = "relayed",
    [ACCOUNT_EXPANDED] = "expanded",
    [ACCOUNT_FAILED] = "failed",
    [ACCOUNT_EXPIRED] = "expired",
    [ACCOUNT_DISCARDED] = "discarded",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == N_ACCOUNT_STATES);

const char *account_state_name(AccountState state)
{
    return state_names[state];
}

static void free_recipient(gpointer data)
{
    AccountRecipient *recipient = data;
    g_free(recipient->path);
    g_free(recipient->taken);
    g_free(recipient->server);
    g_free(recipient);
}

static void free_message(gpointer data)
{
    AccountMessage *message = data;
    g_free(message->by);
    g_free(message->id);
    g_free(message->sender);
    g_free(message->origin);
    g_free(message->previous);
    g_ptr_array_unref(message->recipients);
    g_free(message);
}

AccountMessage *account_find(const Accounting *accounting, const char *by, const char *id)
{
    g_autofree char *key = g_strconcat(by, " ", id, NULL);
    return g_hash_table_lookup(accounting->messages, key);
}

AccountRecipient *account_find_recipient(const AccountMessage *message, const char *path)
{
    for (guint i = 0; i < message->recipients->len; i++) {
        AccountRecipient *recipient = g_ptr_array_index(message->recipients, i);
        if (strcmp(recipient->path, path) == 0) {
            return recipient;
        }
    }
    return NULL;
}

static void note_strange(Accounting *accounting, const WorldEvent *event, const char *why)
{
    g_ptr_array_add(accounting->strange, g_strdup_printf("%s: %s", why, event->text));
}

static void add_recipients(AccountMessage *message, const char *lines)
{
    g_auto(GStrv) paths = g_strsplit(lines, "\n", -1);
    for (guint i = 0; paths[i] != NULL && paths[i][0] != '\0'; i++) {
        AccountRecipient *recipient = g_new0(AccountRecipient, 1);
        recipient->path = g_strdup(paths[i]);
        g_ptr_array_add(message->recipients, recipient);
    }
}

static void take_accepted(Accounting *accounting, const WorldEvent *event, const char *by)
{
    const char *id = world_event_field(event, "message");
    if (account_find(accounting, by, id) != NULL) {
        note_strange(accounting, event, "an id was given twice");
        return;
    }
    AccountMessage *message = g_new0(AccountMessage, 1);
    message->by = g_strdup(by);
    message->id = g_strdup(id);
    message->sender = g_strdup(world_event_field(event, "sender"));
    message->origin = g_strdup(world_event_field(event, "origin"));
    message->previous = g_strdup(world_event_field(event, "previous"));
    message->recipients = g_ptr_array_new_with_free_func(free_recipient);
    add_recipients(message, world_event_field(event, "recipients"));
    message->accepted = message->recipients->len;
    g_hash_table_insert(accounting->messages, g_strconcat(by, " ", id, NULL), message);
    g_ptr_array_add(accounting->in_order, message);
}

/* A person who keeps a copy and forwards the rest is first EXPANDED, then DELIVERED. */
static void end(AccountRecipient *recipient, AccountState state, const WorldEvent *event)
{
    recipient->endings += recipient->state == ACCOUNT_EXPANDED ? 0 : 1;
    recipient->state = state;
    g_free(recipient->taken);
    g_free(recipient->server);
    recipient->taken = g_strdup(world_event_field(event, "taken"));
    recipient->server = g_strdup(world_event_field(event, "server"));
}

static void account_for(AccountMessage *message, const char *lines)
{
    g_auto(GStrv) paths = g_strsplit(lines, "\n", -1);
    for (guint i = 0; paths[i] != NULL; i++) {
        AccountRecipient *recipient = account_find_recipient(message, paths[i]);
        if (recipient != NULL) {
            recipient->is_accounted_for = true;
        }
    }
}

static const struct {
    MailDeed deed;
    AccountState state;
} endings[] = {
    {MAIL_DEED_DELIVERED, ACCOUNT_DELIVERED},
    {MAIL_DEED_RELAYED, ACCOUNT_RELAYED},
    {MAIL_DEED_FAILED, ACCOUNT_FAILED},
    {MAIL_DEED_EXPIRED, ACCOUNT_EXPIRED},
    {MAIL_DEED_DISCARDED, ACCOUNT_DISCARDED},
    {MAIL_DEED_EXPANDED, ACCOUNT_EXPANDED},
};

static void take_fate(
    Accounting *accounting, const WorldEvent *event, const char *deed, AccountMessage *message
)
{
    const char *path = world_event_field(event, "recipient");
    AccountRecipient *recipient = path == NULL ? NULL : account_find_recipient(message, path);
    if (recipient == NULL) {
        note_strange(accounting, event, "nobody knows this recipient");
        return;
    }
    if (strcmp(deed, mail_deed_name(MAIL_DEED_UNCERTAIN)) == 0) {
        recipient->uncertain++;
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (strcmp(deed, mail_deed_name(endings[i].deed)) == 0) {
            end(recipient, endings[i].state, event);
        }
    }
    if (strcmp(deed, mail_deed_name(MAIL_DEED_EXPANDED)) == 0) {
        add_recipients(message, world_event_field(event, "recipients"));
    }
}

static void on_event(const WorldEvent *event, gpointer data)
{
    Accounting *accounting = data;
    const char *deed = world_event_field(event, "deed");
    const char *by = world_event_field(event, "by");
    const char *id = world_event_field(event, "message");
    if (deed == NULL || by == NULL || id == NULL) {
        return;
    }
    if (strcmp(deed, mail_deed_name(MAIL_DEED_ACCEPTED)) == 0) {
        take_accepted(accounting, event, by);
        return;
    }
    AccountMessage *message = account_find(accounting, by, id);
    if (message == NULL) {
        note_strange(accounting, event, "nobody has accepted this message");
    } else if (strcmp(deed, mail_deed_name(MAIL_DEED_REPORTED)) == 0 || strcmp(deed, mail_deed_name(MAIL_DEED_UNREPORTED)) == 0) {
        account_for(message, world_event_field(event, "recipients"));
    } else {
        take_fate(accounting, event, deed, message);
    }
}

Accounting *accounting_new(SimWorld *world)
{
    Accounting *accounting = g_new0(Accounting, 1);
    accounting->world = world;
    accounting->agents = g_ptr_array_new();
    accounting->messages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_message);
    accounting->in_order = g_ptr_array_new();
    accounting->strange = g_ptr_array_new_with_free_func(g_free);
    accounting->observer = sim_world_add_observer(world, on_event, accounting);
    return accounting;
}

void accounting_free(Accounting *accounting)
{
    if (accounting != NULL) {
        sim_world_remove_observer(accounting->world, accounting->observer);
        g_ptr_array_unref(accounting->agents);
        g_ptr_array_unref(accounting->in_order);
        g_hash_table_unref(accounting->messages);
        g_ptr_array_unref(accounting->strange);
        g_free(accounting);
    }
}

void accounting_add_agent(Accounting *accounting, TransferAgent *agent)
{
    g_ptr_array_add(accounting->agents, agent);
}
