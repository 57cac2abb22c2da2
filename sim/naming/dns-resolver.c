#include "sim/naming/dns-resolver.h"

#include "sim/naming/dns-resolver-private.h"

static guint address_hash(gconstpointer pointer)
{
    const SimAddress *address = pointer;
    guint hash = address->family;
    for (gsize i = 0; i < sizeof address->octets; i++) {
        hash = hash * 31 + address->octets[i];
    }
    return hash;
}

static gboolean address_equal(gconstpointer left, gconstpointer right)
{
    return sim_address_equal(left, right);
}

static SimTime or_default(SimTime given, SimTime usual)
{
    return given > 0 ? given : usual;
}

bool dns_resolver_is_stub(const DnsResolver *resolver)
{
    return resolver->options.n_forwarders > 0;
}

DnsResolver *dns_resolver_new(const DnsResolverOptions *options)
{
    DnsResolver *resolver = g_new0(DnsResolver, 1);
    bool is_stub = options->n_forwarders > 0;
    resolver->options = *options;
    resolver->hints = g_memdup2(options->hints, options->n_hints * sizeof(DnsHint));
    resolver->forwarders =
        g_memdup2(options->forwarders, options->n_forwarders * sizeof(SimAddress));
    /* RFC 1035 §4.2.1: 2 to 5 seconds before a question is repeated */
    resolver->options.first_timeout =
        or_default(options->first_timeout, (is_stub ? 5 : 2) * SIM_SECOND);
    resolver->options.server_penalty = or_default(options->server_penalty, 10 * SIM_MINUTE);
    resolver->options.failure_lifetime = or_default(options->failure_lifetime, 5 * SIM_SECOND);
    resolver->options.rounds = options->rounds > 0 ? options->rounds : is_stub ? 2 : 3;
    /* Going down the tree is remembering what the servers above said. */
    if (options->cache_entries > 0 || !is_stub) {
        resolver->cache = dns_cache_new(MAX(options->cache_entries, 100));
    }
    sim_random_derive(&resolver->random, options->seed, "dns-resolver");
    resolver->tasks = g_ptr_array_new();
    resolver->exchanges = g_hash_table_new(g_int64_hash, g_int64_equal);
    resolver->deadlines = g_sequence_new(NULL);
    resolver->penalties = g_hash_table_new_full(address_hash, address_equal, g_free, g_free);
    g_queue_init(&resolver->actions);
    return resolver;
}

typedef struct {
    DnsAction action;
    GBytes *octets;
} QueuedAction;

static void action_free(gpointer pointer)
{
    QueuedAction *queued = pointer;
    g_clear_pointer(&queued->octets, g_bytes_unref);
    dns_answer_unref(queued->action.answer);
    g_free(queued);
}

static void task_free(DnsResolver *resolver, DnsTask *task)
{
    if (task->due != NULL) {
        g_sequence_remove(task->due);
    }
    g_hash_table_remove(resolver->exchanges, &task->exchange);
    g_ptr_array_remove_fast(resolver->tasks, task);
    dns_answer_unref(task->answer);
    g_array_unref(task->waiters);
    g_ptr_array_unref(task->tried);
    g_free(task);
}

void dns_resolver_free(DnsResolver *resolver)
{
    if (resolver == NULL) {
        return;
    }
    while (resolver->tasks->len > 0) {
        task_free(resolver, resolver->tasks->pdata[0]);
    }
    g_ptr_array_unref(resolver->tasks);
    g_hash_table_destroy(resolver->exchanges);
    g_sequence_free(resolver->deadlines);
    g_hash_table_destroy(resolver->penalties);
    g_queue_clear_full(&resolver->actions, action_free);
    g_clear_pointer(&resolver->lent, g_bytes_unref);
    dns_cache_free(resolver->cache);
    g_free(resolver->hints);
    g_free(resolver->forwarders);
    g_free(resolver);
}

void dns_resolver_push(DnsResolver *resolver, DnsAction action, ByteSpan octets)
{
    QueuedAction *queued = g_new0(QueuedAction, 1);
    queued->action = action;
    queued->octets = octets.length > 0 ? g_bytes_new(octets.data, octets.length) : NULL;
    g_queue_push_tail(&resolver->actions, queued);
}

bool dns_resolver_next_action(DnsResolver *resolver, DnsAction *out_action)
{
    QueuedAction *queued = g_queue_pop_head(&resolver->actions);
    g_clear_pointer(&resolver->lent, g_bytes_unref);
    if (queued == NULL) {
        return false;
    }
    *out_action = queued->action;
    resolver->lent = queued->octets;
    if (resolver->lent != NULL) {
        out_action->octets.data = g_bytes_get_data(resolver->lent, &out_action->octets.length);
    }
    g_free(queued);
    return true;
}

DnsTask *
dns_task_new(DnsResolver *resolver, const DnsName *name, guint16 type, DnsTask *parent, SimTime now)
{
    DnsTask *task = g_new0(DnsTask, 1);
    task->name = *name;
    task->type = type;
    task->current = *name;
    task->answer = dns_answer_new(name, type, now);
    task->own_budget = DNS_RESOLVER_QUERIES_MAXIMUM;
    task->budget = parent != NULL ? parent->budget : &task->own_budget;
    task->depth = parent != NULL ? parent->depth + 1 : 0;
    task->parent = parent;
    task->waiters = g_array_new(FALSE, FALSE, sizeof(guint64));
    task->tried = g_ptr_array_new_with_free_func(g_free);
    task->deadline = SIM_TIME_NEVER;
    g_ptr_array_add(resolver->tasks, task);
    return task;
}

void dns_task_forget_exchange(DnsResolver *resolver, DnsTask *task)
{
    if (task->exchange != 0) {
        DnsAction action = {.kind = DNS_ACTION_FORGET, .exchange = task->exchange};
        dns_resolver_push(resolver, action, BYTE_SPAN_EMPTY);
        g_hash_table_remove(resolver->exchanges, &task->exchange);
        task->exchange = 0;
    }
    if (task->due != NULL) {
        g_sequence_remove(task->due);
        task->due = NULL;
    }
}

static DnsTask *find_task(const DnsResolver *resolver, const DnsName *name, guint16 type)
{
    for (guint i = 0; i < resolver->tasks->len; i++) {
        DnsTask *task = resolver->tasks->pdata[i];
        if (task->parent == NULL && task->type == type && dns_name_equal(&task->name, name)) {
            return task;
        }
    }
    return NULL;
}

guint64 dns_resolver_start(DnsResolver *resolver, const DnsName *name, guint16 type, SimTime now)
{
    guint64 lookup = ++resolver->next_lookup;
    DnsTask *task = find_task(resolver, name, type);
    bool is_new = task == NULL;
    if (is_new) {
        task = dns_task_new(resolver, name, type, NULL, now);
    }
    g_array_append_val(task->waiters, lookup);
    if (is_new) {
        dns_task_advance(resolver, task, now);
    }
    return lookup;
}

static void drop_family(DnsResolver *resolver, DnsTask *task)
{
    while (task != NULL) {
        DnsTask *child = task->child;
        dns_task_forget_exchange(resolver, task);
        task_free(resolver, task);
        task = child;
    }
}

void dns_resolver_cancel(DnsResolver *resolver, guint64 lookup)
{
    for (guint i = 0; i < resolver->tasks->len; i++) {
        DnsTask *task = resolver->tasks->pdata[i];
        for (guint j = 0; j < task->waiters->len; j++) {
            if (g_array_index(task->waiters, guint64, j) != lookup) {
                continue;
            }
            g_array_remove_index(task->waiters, j);
            if (task->waiters->len == 0) {
                drop_family(resolver, task);
            }
            return;
        }
    }
}

void dns_task_finish(DnsResolver *resolver, DnsTask *task, DnsOutcome outcome, SimTime now)
{
    DnsAnswer *answer = task->answer;
    DnsTask *parent = task->parent;
    dns_task_forget_exchange(resolver, task);
    answer->outcome = outcome;
    answer->canonical = task->current;
    answer->answered = now;
    answer->from_cache = answer->queries == 0;
    for (guint i = 0; i < task->waiters->len; i++) {
        DnsAction action = {
            .kind = DNS_ACTION_DONE,
            .lookup = g_array_index(task->waiters, guint64, i),
            .answer = dns_answer_ref(answer),
        };
        dns_resolver_push(resolver, action, BYTE_SPAN_EMPTY);
    }
    if (parent != NULL) {
        parent->answer->queries += answer->queries;
        parent->child = NULL;
    }
    task_free(resolver, task);
    if (parent != NULL) {
        dns_task_advance(resolver, parent, now);
    }
}

/* RFC 2308 §7.1: a failure is remembered for a moment, so that nobody asks on and on. */
void dns_task_fail(DnsResolver *resolver, DnsTask *task, SimTime now)
{
    guint32 lifetime = (guint32)(resolver->options.failure_lifetime / SIM_SECOND);
    if (resolver->cache != NULL) {
        dns_cache_put_negative(
            resolver->cache, &task->current, task->type, DNS_CACHED_FAILURE, NULL, lifetime, now
        );
    }
    DnsOutcome outcome = task->was_answered ? DNS_OUTCOME_FAILED : DNS_OUTCOME_NO_ANSWER;
    dns_task_finish(resolver, task, outcome, now);
}

/* True: the cache had the end of the matter, and the task is gone. */
static bool finish_from_cache(DnsResolver *resolver, DnsTask *task, SimTime now)
{
    DnsCacheEntry entry =
        dns_cache_get(resolver->cache, &task->current, task->type, DNS_RANK_ANSWER, now);
    switch (entry.kind) {
    case DNS_CACHED_NOTHING:
        return false;
    case DNS_CACHED_SET:
        dns_answer_add(task->answer, entry.set, entry.ttl);
        dns_task_finish(resolver, task, DNS_OUTCOME_FOUND, now);
        return true;
    case DNS_CACHED_NO_NAME:
    case DNS_CACHED_NO_DATA:
        if (entry.set != NULL) {
            task->answer->soa =
                (DnsAnswerSet){.set = dns_record_set_ref(entry.set), .ttl = entry.ttl};
        }
        dns_task_finish(
            resolver,
            task,
            entry.kind == DNS_CACHED_NO_NAME ? DNS_OUTCOME_NO_NAME : DNS_OUTCOME_NO_DATA,
            now
        );
        return true;
    case DNS_CACHED_FAILURE:
        task->was_answered = true;
        dns_task_finish(resolver, task, DNS_OUTCOME_FAILED, now);
        return true;
    }
    g_assert_not_reached();
}

/* True: the cache had an alias, and the task goes on behind it. */
static bool follow_cached_alias(DnsResolver *resolver, DnsTask *task, SimTime now)
{
    DnsCacheEntry entry = {.kind = DNS_CACHED_NOTHING};
    if (task->type != DNS_TYPE_CNAME && task->type != DNS_TYPE_ANY) {
        entry =
            dns_cache_get(resolver->cache, &task->current, DNS_TYPE_CNAME, DNS_RANK_ANSWER, now);
    }
    if (entry.kind != DNS_CACHED_SET ||
        !dns_data_name(dns_record_set_data(entry.set, 0), &task->current)) {
        return false;
    }
    dns_answer_add(task->answer, entry.set, entry.ttl);
    task->aliases++;
    return true;
}

void dns_task_advance(DnsResolver *resolver, DnsTask *task, SimTime now)
{
    while (resolver->cache != NULL) {
        if (task->aliases > DNS_RESOLVER_ALIASES_MAXIMUM) {
            task->was_answered = true;
            dns_task_fail(resolver, task, now);
            return;
        }
        if (finish_from_cache(resolver, task, now)) {
            return;
        }
        if (!follow_cached_alias(resolver, task, now)) {
            break;
        }
    }
    if (dns_task_choose_servers(resolver, task, now)) {
        dns_task_ask(resolver, task, false, now);
    }
}

static DnsTask *task_of(const DnsResolver *resolver, guint64 exchange)
{
    return g_hash_table_lookup(resolver->exchanges, &exchange);
}

/* RFC 1034 §5.3.3: the response must match the query, id and question. */
static bool matches(const DnsTask *task, ByteSpan message, DnsHeader *header)
{
    DnsReader reader;
    DnsRecord record;
    DnsName name;
    if (!dns_reader_begin(&reader, message) || !reader.header.is_response ||
        reader.header.id != task->id) {
        return false;
    }
    *header = reader.header;
    if (!dns_reader_next(&reader, &record) || record.section != DNS_SECTION_QUESTION) {
        return reader.header.rcode != DNS_RCODE_NOERROR; /* it could not read the question */
    }
    return record.type == task->type &&
           dns_message_name(message, record.name.start, &name, NULL, NULL) &&
           dns_name_equal(&name, &task->current);
}

void dns_resolver_receive(
    DnsResolver *resolver, guint64 exchange, ByteSpan octets, bool over_tcp, SimTime now
)
{
    DnsTask *task = task_of(resolver, exchange);
    DnsHeader header;
    if (task == NULL || !matches(task, octets, &header)) {
        return;
    }
    task->answer->server = task->targets[task->target].address;
    task->was_answered = true;
    dns_task_forget_exchange(resolver, task);
    if (header.is_truncated && !over_tcp) {
        dns_task_ask(resolver, task, true, now);
        return;
    }
    dns_task_read(resolver, task, octets, now);
}

void dns_resolver_unreachable(DnsResolver *resolver, guint64 exchange, SimTime now)
{
    DnsTask *task = task_of(resolver, exchange);
    if (task != NULL) {
        dns_task_forget_exchange(resolver, task);
        dns_task_ask_next(resolver, task, true, now);
    }
}

SimTime dns_resolver_deadline(const DnsResolver *resolver)
{
    GSequenceIter *first = g_sequence_get_begin_iter(resolver->deadlines);
    if (g_sequence_iter_is_end(first)) {
        return SIM_TIME_NEVER;
    }
    const DnsTask *task = g_sequence_get(first);
    return task->deadline;
}

static void punish(DnsResolver *resolver, const SimAddress *address, SimTime now)
{
    SimTime until = now + resolver->options.server_penalty;
    g_hash_table_insert(
        resolver->penalties, g_memdup2(address, sizeof *address), g_memdup2(&until, sizeof until)
    );
}

void dns_resolver_time_out(DnsResolver *resolver, SimTime now)
{
    while (dns_resolver_deadline(resolver) <= now) {
        DnsTask *task = g_sequence_get(g_sequence_get_begin_iter(resolver->deadlines));
        punish(resolver, &task->targets[task->target].address, now);
        dns_task_forget_exchange(resolver, task);
        dns_task_ask_next(resolver, task, false, now);
    }
}

DnsCache *dns_resolver_cache(DnsResolver *resolver)
{
    return resolver->cache;
}

gsize dns_resolver_waiting(const DnsResolver *resolver)
{
    return resolver->tasks->len;
}
