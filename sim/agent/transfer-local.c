/* Final delivery: mailboxes, aliases, programs behind an address. */

#include "sim/agent/transfer-agent-private.h"

const AddressEntry *transfer_local_find(TransferAgent *agent, const char *path, ByteSpan *out_tag)
{
    g_autofree char *whole = NULL;
    if (strchr(path, '@') == NULL && agent->domains != NULL && agent->domains[0] != NULL) {
        whole = g_strdup_printf("%s@%s", path, agent->domains[0]);
        path = whole;
        out_tag = NULL;
    }
    const AddressEntry *entry = address_book_find(agent->book, path, out_tag);
    if (entry == NULL && mail_store_has_account(agent->store, path)) {
        entry = address_book_add(agent->book, ADDRESS_MAILBOX, path, NULL);
    }
    return entry;
}

/* RFC 5321 §4.4: at final delivery the reverse-path goes on top of all. */
static GBytes *final_octets(QueueEntry *entry)
{
    if (entry->final_octets == NULL) {
        g_autofree char *field = return_path_write(entry->reverse_path);
        gsize length;
        const void *octets = g_bytes_get_data(entry->octets, &length);
        gsize field_length = strlen(field);
        guint8 *whole = g_malloc(field_length + length);
        memcpy(whole, field, field_length);
        memcpy(whole + field_length, octets, length);
        entry->final_octets = g_bytes_new_take(whole, field_length + length);
    }
    return entry->final_octets;
}

static void tell_mailbox(TransferAgent *agent, const char *account)
{
    MailQuota limit;
    MailQuota used;
    if (sim_world_is_observed(agent->world) &&
        mail_store_get_quota(agent->store, account, &limit, &used, NULL) == MAIL_STORE_DONE) {
        g_autofree char *text = g_strdup_printf("the mailbox of %s now holds", account);
        mail_event_emit_count(
            agent->world, agent->host, WORLD_EVENT_MAILBOX, account, (guint)used.messages, text
        );
    }
}

static MailStoreResult store_message(
    TransferAgent *agent, QueueEntry *entry, const char *account, ByteSpan tag, GError **error
)
{
    gint64 seconds = transfer_agent_now_us(agent) / G_USEC_PER_SEC;
    GBytes *octets = final_octets(entry);
    if (tag.length > 0) {
        g_autofree char *folder = byte_span_to_string(tag);
        MailStoreResult result =
            mail_store_deliver(agent->store, account, folder, octets, seconds, NULL, NULL);
        if (result == MAIL_STORE_DONE) {
            return result;
        }
    }
    return mail_store_deliver(agent->store, account, "INBOX", octets, seconds, NULL, error);
}

static void deliver_to_mailbox(
    TransferAgent *agent, QueueEntry *entry, guint index, const char *account, ByteSpan tag
)
{
    g_autoptr(GError) error = NULL;
    MailStoreResult result = store_message(agent, entry, account, tag, &error);
    if (result == MAIL_STORE_DONE) {
        transfer_queue_deliver(agent, entry, index, account, "is in the mailbox of");
        tell_mailbox(agent, account);
        return;
    }
    bool is_full = result == MAIL_STORE_OVER_QUOTA;
    bool is_permanent = is_full ? agent->options.full_is_permanent
                                : result == MAIL_STORE_NO_ACCOUNT || result == MAIL_STORE_BAD_NAME;
    g_autofree char *reply = g_strdup_printf(
        "%s %s",
        is_full ? (is_permanent ? "5.2.2" : "4.2.2") : (is_permanent ? "5.2.0" : "4.3.0"),
        is_full ? "Mailbox is full"
                : (error == NULL ? mail_store_result_text(result) : error->message)
    );
    transfer_queue_fail(agent, entry, index, is_permanent, 0, reply, NULL);
}

static bool has_recipient(const QueueEntry *entry, const char *path)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        if (g_ascii_strcasecmp(entry->recipients[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* RFC 3461 §5.2.7.2 and §5.2.7.3: one forwarding address inherits what the sender asked for;
 * several do so but for SUCCESS. */
static void add_target(QueueEntry *entry, guint index, const char *target, bool is_single)
{
    QueueRecipient *added = queue_entry_add_recipient(entry, target);
    const QueueRecipient *old = &entry->recipients[index];
    added->notify = old->notify;
    if (!is_single && (added->notify & QUEUE_NOTIFY_SUCCESS) != 0) {
        added->notify &= ~QUEUE_NOTIFY_SUCCESS;
        added->notify = added->notify == 0 ? QUEUE_NOTIFY_NEVER : added->notify;
    }
    added->original_recipient = old->original_recipient != NULL
                                    ? g_strdup(old->original_recipient)
                                    : g_strconcat("rfc822;", old->path, NULL);
}

static void tell_expanded(TransferAgent *agent, const QueueEntry *entry, guint index, guint first)
{
    if (!sim_world_is_observed(agent->world)) {
        return;
    }
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = first; i < entry->n_recipients; i++) {
        g_string_append_printf(lines, "%s%s", i > first ? "\n" : "", entry->recipients[i].path);
    }
    g_autofree char *words = g_strdelimit(g_strdup(lines->str), "\n", ' ');
    MailEvent event = {
        .deed = MAIL_DEED_EXPANDED,
        .kind = WORLD_EVENT_AGENT,
        .by = agent->host_name,
        .message = entry->id,
        .recipient = entry->recipients[index].path,
        .recipients = lines->str,
    };
    mail_event_emit(
        agent->world,
        agent->host,
        &event,
        "%s: mail for <%s> goes on to %s",
        agent->host_name,
        entry->recipients[index].path,
        first == entry->n_recipients ? "nobody new" : words
    );
}

/* A mailbox of the same name among the targets is the person's own copy. */
static void
expand(TransferAgent *agent, QueueEntry *entry, guint index, const AddressEntry *address)
{
    guint first = entry->n_recipients;
    bool keeps_copy = false;
    for (guint i = 0; address->targets[i] != NULL; i++) {
        const char *target = address->targets[i];
        if (g_ascii_strcasecmp(target, address->address) == 0) {
            keeps_copy = true;
        } else if (!has_recipient(entry, target)) {
            add_target(entry, index, target, address->targets[1] == NULL);
        }
    }
    tell_expanded(agent, entry, index, first);
    if (keeps_copy && mail_store_has_account(agent->store, address->address)) {
        deliver_to_mailbox(agent, entry, index, address->address, BYTE_SPAN_EMPTY);
        return;
    }
    QueueRecipient *recipient = &entry->recipients[index];
    recipient->state = QUEUE_RECIPIENT_EXPANDED;
    /* Several targets: RFC 3461 §5.2.7.3 (c) wants an "expanded" report where SUCCESS was asked. */
    recipient->is_reported = address->targets[1] == NULL;
}

static void
give_to_program(TransferAgent *agent, QueueEntry *entry, guint index, const AddressEntry *address)
{
    const TransferProgramEntry *program = address->program;
    g_autofree char *reason = NULL;
    if (program->take(program->data, entry, &reason)) {
        transfer_queue_deliver(
            agent, entry, index, address->address, "is handed to the program behind"
        );
    } else {
        transfer_queue_fail(
            agent, entry, index, true, 0, reason == NULL ? "5.7.2 Not wanted here" : reason, NULL
        );
    }
}

void transfer_local_deliver(TransferAgent *agent, QueueEntry *entry, guint index)
{
    ByteSpan tag = BYTE_SPAN_EMPTY;
    const AddressEntry *address = transfer_local_find(agent, entry->recipients[index].path, &tag);
    switch (address == NULL ? ADDRESS_UNKNOWN : address->kind) {
    case ADDRESS_UNKNOWN:
        transfer_queue_fail(agent, entry, index, true, 0, "5.1.1 No such user here", NULL);
        break;
    case ADDRESS_MAILBOX:
        deliver_to_mailbox(agent, entry, index, address->address, tag);
        break;
    case ADDRESS_ALIAS:
    case ADDRESS_FORWARDED:
        expand(agent, entry, index, address);
        break;
    case ADDRESS_MOVED: {
        g_autofree char *reply =
            g_strdup_printf("5.1.6 User not local; please try <%s>", address->targets[0]);
        transfer_queue_fail(agent, entry, index, true, 0, reply, NULL);
        break;
    }
    case ADDRESS_PROGRAM:
        give_to_program(agent, entry, index, address);
        break;
    }
}
