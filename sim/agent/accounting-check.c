/* The closing of the books. */

#include "sim/agent/accounting-private.h"

typedef struct {
    const Accounting *accounting;
    AccountingResult *result;
} Closing;

static void add(GPtrArray *list, const AccountMessage *message, const char *path, const char *what)
{
    g_ptr_array_add(
        list, g_strdup_printf("message %s of %s for <%s> %s", message->id, message->by, path, what)
    );
}

static void
violate(Closing *closing, const AccountMessage *message, const char *path, const char *what)
{
    add(closing->result->violations, message, path, what);
}

static TransferAgent *agent_of(const Accounting *accounting, const char *by)
{
    for (guint i = 0; i < accounting->agents->len; i++) {
        TransferAgent *agent = g_ptr_array_index(accounting->agents, i);
        if (strcmp(transfer_agent_name(agent), by) == 0) {
            return agent;
        }
    }
    return NULL;
}

static bool is_in_queue(const TransferAgent *agent, const char *id, const char *path)
{
    const QueueEntry *entry = outgoing_queue_find(transfer_agent_queue(agent), id);
    for (guint i = 0; entry != NULL && i < entry->n_recipients; i++) {
        if (entry->recipients[i].state == QUEUE_RECIPIENT_WAITING &&
            strcmp(entry->recipients[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

static void count(AccountingTotals *totals, AccountState state)
{
    guint64 *const counters[] = {
        [ACCOUNT_OPEN] = &totals->queued,
        [ACCOUNT_DELIVERED] = &totals->delivered,
        [ACCOUNT_RELAYED] = &totals->relayed,
        [ACCOUNT_EXPANDED] = &totals->expanded,
        [ACCOUNT_FAILED] = &totals->failed,
        [ACCOUNT_EXPIRED] = &totals->expired,
        [ACCOUNT_DISCARDED] = &totals->discarded,
    };
    totals->recipients++;
    (*counters[state])++;
}

static void
check_queue(Closing *closing, const AccountMessage *message, const AccountRecipient *recipient)
{
    const TransferAgent *agent = agent_of(closing->accounting, message->by);
    if (agent == NULL) {
        return;
    }
    bool is_queued = is_in_queue(agent, message->id, recipient->path);
    if (recipient->state == ACCOUNT_OPEN && !is_queued) {
        violate(closing, message, recipient->path, "is lost: neither ended nor in the queue");
    } else if (recipient->state != ACCOUNT_OPEN && is_queued) {
        violate(closing, message, recipient->path, "has ended and is still in the queue");
    }
}

/* What was handed over must have been taken there, with this recipient. */
static void check_handed_over(
    Closing *closing, const AccountMessage *message, const AccountRecipient *recipient
)
{
    g_autofree char *own = g_strconcat(message->by, " ", message->id, NULL);
    const AccountMessage *named =
        recipient->taken == NULL || recipient->server == NULL
            ? NULL
            : account_find(closing->accounting, recipient->server, recipient->taken);
    if (named != NULL && account_find_recipient(named, recipient->path) != NULL) {
        return;
    }
    /* Perhaps the server has another name than its MX record says. */
    const GPtrArray *all = closing->accounting->in_order;
    for (guint i = 0; i < all->len; i++) {
        const AccountMessage *next = g_ptr_array_index(all, i);
        if (recipient->taken != NULL && strcmp(next->id, recipient->taken) == 0 &&
            g_strcmp0(next->previous, own) == 0 &&
            account_find_recipient(next, recipient->path) != NULL) {
            return;
        }
    }
    if (agent_of(closing->accounting, recipient->server) != NULL) {
        violate(closing, message, recipient->path, "was handed over and never arrived");
    }
}

/* Reports are written when the deliveries to all destinations are over. */
static bool is_unsettled(const Closing *closing, const AccountMessage *message)
{
    const TransferAgent *agent = agent_of(closing->accounting, message->by);
    return agent != NULL && outgoing_queue_find(transfer_agent_queue(agent), message->id) != NULL;
}

static void
check_recipient(Closing *closing, const AccountMessage *message, const AccountRecipient *recipient)
{
    count(&closing->result->totals, recipient->state);
    check_queue(closing, message, recipient);
    if (recipient->endings > 1) {
        violate(closing, message, recipient->path, "has ended more than once");
    }
    if (recipient->state == ACCOUNT_RELAYED) {
        check_handed_over(closing, message, recipient);
    }
    bool has_failed = recipient->state == ACCOUNT_FAILED || recipient->state == ACCOUNT_EXPIRED;
    if (has_failed && !recipient->is_accounted_for && !is_unsettled(closing, message)) {
        violate(closing, message, recipient->path, "failed and nobody was told");
    }
}

static bool is_under_way(const Closing *closing, const AccountMessage *message)
{
    const TransferAgent *agent = agent_of(closing->accounting, message->by);
    const QueueEntry *entry =
        agent == NULL ? NULL : outgoing_queue_find(transfer_agent_queue(agent), message->id);
    return entry != NULL && entry->under_way > 0;
}

/* The other way: was this message handed over by the server that its trace field names? */
static void check_arrival(
    Closing *closing,
    const AccountMessage *message,
    const AccountMessage *before,
    const AccountRecipient *recipient
)
{
    const AccountRecipient *sent = account_find_recipient(before, recipient->path);
    if (sent == NULL) {
        violate(closing, message, recipient->path, "arrived for somebody it was not sent to");
        return;
    }
    bool is_handed_over =
        sent->state == ACCOUNT_RELAYED && g_strcmp0(sent->taken, message->id) == 0;
    /* The answer may be on its way. */
    if (is_handed_over || (sent->state == ACCOUNT_OPEN && is_under_way(closing, before))) {
        return;
    }
    if (sent->uncertain == 0) {
        violate(closing, message, recipient->path, "arrived and was not handed over");
        return;
    }
    closing->result->totals.twice++;
    g_autofree char *what = g_strdup_printf(
        "arrived, but %s never heard so after the final dot; over there it is %s",
        before->by,
        account_state_name(sent->state)
    );
    add(closing->result->twice, message, recipient->path, what);
}

static void check_message(Closing *closing, const AccountMessage *message)
{
    closing->result->totals.messages++;
    closing->result->totals.reports += g_strcmp0(message->origin, "report") == 0 ? 1 : 0;
    const AccountMessage *before =
        message->previous == NULL
            ? NULL
            : g_hash_table_lookup(closing->accounting->messages, message->previous);
    bool came_by_smtp = g_strcmp0(message->origin, "smtp") == 0;
    for (guint i = 0; i < message->recipients->len; i++) {
        const AccountRecipient *recipient = g_ptr_array_index(message->recipients, i);
        check_recipient(closing, message, recipient);
        if (before != NULL && came_by_smtp && i < message->accepted) {
            check_arrival(closing, message, before, recipient);
        }
    }
}

typedef struct {
    Closing *closing;
    const char *by;
} QueueCheck;

static void check_queued(QueueEntry *entry, void *data)
{
    const QueueCheck *check = data;
    if (account_find(check->closing->accounting, check->by, entry->id) == NULL) {
        g_ptr_array_add(
            check->closing->result->violations,
            g_strdup_printf("message %s of %s was never accepted", entry->id, check->by)
        );
    }
}

void accounting_close(const Accounting *accounting, AccountingResult *out_result)
{
    *out_result = (AccountingResult){
        .violations = g_ptr_array_new_with_free_func(g_free),
        .twice = g_ptr_array_new_with_free_func(g_free),
    };
    Closing closing = {.accounting = accounting, .result = out_result};
    for (guint i = 0; i < accounting->strange->len; i++) {
        g_ptr_array_add(out_result->violations, g_strdup(accounting->strange->pdata[i]));
    }
    for (guint i = 0; i < accounting->in_order->len; i++) {
        check_message(&closing, g_ptr_array_index(accounting->in_order, i));
    }
    for (guint i = 0; i < accounting->agents->len; i++) {
        TransferAgent *agent = g_ptr_array_index(accounting->agents, i);
        QueueCheck check = {.closing = &closing, .by = transfer_agent_name(agent)};
        outgoing_queue_visit(transfer_agent_queue(agent), check_queued, &check);
    }
}

void accounting_result_clear(AccountingResult *result)
{
    g_clear_pointer(&result->violations, g_ptr_array_unref);
    g_clear_pointer(&result->twice, g_ptr_array_unref);
}

char *accounting_totals_text(const AccountingTotals *totals)
{
    const struct {
        guint64 count;
        const char *name;
    } rows[] = {
        {totals->delivered, "delivered"},
        {totals->relayed, "handed over"},
        {totals->expanded, "sent on to others"},
        {totals->failed, "failed"},
        {totals->expired, "given up"},
        {totals->discarded, "thrown away"},
        {totals->queued, "still queued"},
        {totals->twice, "perhaps arrived twice"},
    };

    GString *text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "%" G_GUINT64_FORMAT " message%s for %" G_GUINT64_FORMAT " recipient%s",
        totals->messages,
        totals->messages == 1 ? "" : "s",
        totals->recipients,
        totals->recipients == 1 ? "" : "s"
    );
    const char *separator = ": ";
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].count > 0) {
            g_string_append_printf(
                text, "%s%" G_GUINT64_FORMAT " %s", separator, rows[i].count, rows[i].name
            );
            separator = ", ";
        }
    }
    return g_string_free(text, FALSE);
}
