/* What an answer says (RFC 1034 §5.3.3, step 4). A server is believed only about the zone it was
 * asked for: whatever lies outside is left aside, so that nobody can plant false records. */

#include "sim/naming/dns-resolver-private.h"

#define RECORDS_MAXIMUM 2000 /* of one answer that are looked at */

typedef struct {
    DnsRecordSet *set;
    DnsSection section;
} Heard;

typedef struct {
    GArray *sets; /* of Heard */
    DnsHeader header;
    bool is_readable;
} Message;

static void clear_heard(gpointer pointer)
{
    Heard *heard = pointer;
    dns_record_set_unref(heard->set);
}

static DnsRecordSet *
find_set(const Message *message, DnsSection section, const DnsName *name, guint16 type)
{
    for (guint i = 0; i < message->sets->len; i++) {
        const Heard *heard = &g_array_index(message->sets, Heard, i);
        if (heard->section == section && heard->set->type == type &&
            dns_name_equal(&heard->set->name, name)) {
            return heard->set;
        }
    }
    return NULL;
}

static void
hear_record(Message *message, ByteSpan octets, const DnsRecord *record, ByteBuffer *data)
{
    DnsName owner;
    byte_buffer_reset(data);
    if (record->class_number != DNS_CLASS_IN || record->type == DNS_TYPE_OPT ||
        !dns_message_name(octets, record->name.start, &owner, NULL, NULL) ||
        !dns_data_expand(dns_record_data(octets, record), data)) {
        return;
    }
    DnsRecordSet *set = find_set(message, record->section, &owner, record->type);
    if (set == NULL) {
        Heard heard = {
            .set = dns_record_set_new(&owner, record->type, record->ttl),
            .section = record->section,
        };
        g_array_append_val(message->sets, heard);
        set = heard.set;
    }
    set->ttl = MIN(set->ttl, record->ttl);
    dns_record_set_add(set, byte_buffer_span(data));
}

static void hear(Message *message, ByteSpan octets, const DnsName *zone)
{
    DnsReader reader;
    DnsRecord record;
    DnsName owner;
    ByteBuffer data;
    byte_buffer_init(&data, G_MAXUINT16);
    message->sets = g_array_new(FALSE, FALSE, sizeof(Heard));
    g_array_set_clear_func(message->sets, clear_heard);
    dns_reader_begin(&reader, octets);
    message->header = reader.header;
    for (guint count = 0; count < RECORDS_MAXIMUM && dns_reader_next(&reader, &record); count++) {
        bool is_inside = record.section != DNS_SECTION_QUESTION &&
                         dns_message_name(octets, record.name.start, &owner, NULL, NULL) &&
                         dns_name_is_under(&owner, zone);
        if (is_inside) {
            hear_record(message, octets, &record, &data);
        }
    }
    message->is_readable = reader.defect.kind == DNS_DEFECT_NONE;
    byte_buffer_clear(&data);
}

static void remember(DnsResolver *resolver, DnsRecordSet *set, DnsRank rank, SimTime now)
{
    if (resolver->cache != NULL) {
        dns_cache_put(resolver->cache, set, rank, now);
    }
}

/* Takes the records of the answer section, alias after alias. True: those asked for are there. */
static bool take_answers(DnsResolver *resolver, DnsTask *task, const Message *message, SimTime now)
{
    DnsRank rank = message->header.is_authoritative ? DNS_RANK_AUTHORITY : DNS_RANK_ANSWER;
    while (task->aliases <= DNS_RESOLVER_ALIASES_MAXIMUM) {
        DnsRecordSet *set = find_set(message, DNS_SECTION_ANSWER, &task->current, task->type);
        bool is_wanted = set != NULL;
        if (set == NULL) {
            set = find_set(message, DNS_SECTION_ANSWER, &task->current, DNS_TYPE_CNAME);
        }
        DnsName next;
        if (set == NULL || (!is_wanted && !dns_data_name(dns_record_set_data(set, 0), &next))) {
            return false;
        }
        remember(resolver, set, rank, now);
        dns_answer_add(task->answer, set, set->ttl);
        if (is_wanted) {
            return true;
        }
        task->current = next;
        task->aliases++;
    }
    return false;
}

/* ANY: all that was said of the name. */
static bool take_any(DnsTask *task, const Message *message)
{
    bool has_some = false;
    for (guint i = 0; i < message->sets->len; i++) {
        const Heard *heard = &g_array_index(message->sets, Heard, i);
        if (heard->section == DNS_SECTION_ANSWER &&
            dns_name_equal(&heard->set->name, &task->current)) {
            dns_answer_add(task->answer, heard->set, heard->set->ttl);
            has_some = true;
        }
    }
    return has_some;
}

static DnsRecordSet *find_soa(const Message *message, const DnsName *name)
{
    for (guint i = 0; i < message->sets->len; i++) {
        const Heard *heard = &g_array_index(message->sets, Heard, i);
        if (heard->section == DNS_SECTION_AUTHORITY && heard->set->type == DNS_TYPE_SOA &&
            dns_name_is_under(name, &heard->set->name)) {
            return heard->set;
        }
    }
    return NULL;
}

/* RFC 2308 §5: without a SOA the "no" is not kept. */
static void finish_negative(
    DnsResolver *resolver, DnsTask *task, const Message *message, bool is_name_error, SimTime now
)
{
    DnsRecordSet *set = find_soa(message, &task->current);
    DnsSoa soa;
    if (set != NULL && dns_data_soa(dns_record_set_data(set, 0), &soa)) {
        guint32 ttl = MIN(set->ttl, soa.minimum);
        task->answer->soa = (DnsAnswerSet){.set = dns_record_set_ref(set), .ttl = ttl};
        if (resolver->cache != NULL) {
            dns_cache_put_negative(
                resolver->cache,
                &task->current,
                task->type,
                is_name_error ? DNS_CACHED_NO_NAME : DNS_CACHED_NO_DATA,
                set,
                ttl,
                now
            );
        }
    }
    dns_task_finish(resolver, task, is_name_error ? DNS_OUTCOME_NO_NAME : DNS_OUTCOME_NO_DATA, now);
}

/* The servers of a zone closer to the name than the one that was asked; NULL: none. */
static DnsRecordSet *find_referral(const DnsTask *task, const Message *message)
{
    guint labels = dns_name_labels(&task->zone);
    for (guint i = 0; i < message->sets->len; i++) {
        const Heard *heard = &g_array_index(message->sets, Heard, i);
        if (heard->section == DNS_SECTION_AUTHORITY && heard->set->type == DNS_TYPE_NS &&
            dns_name_is_under(&task->current, &heard->set->name) &&
            dns_name_labels(&heard->set->name) > labels) {
            return heard->set;
        }
    }
    return NULL;
}

static void remember_glue(
    DnsResolver *resolver, const Message *message, const DnsRecordSet *servers, SimTime now
)
{
    static const guint16 types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    for (guint i = 0; i < dns_record_set_count(servers); i++) {
        DnsName server;
        if (!dns_data_name(dns_record_set_data(servers, i), &server)) {
            continue;
        }
        for (gsize j = 0; j < G_N_ELEMENTS(types); j++) {
            DnsRecordSet *glue = find_set(message, DNS_SECTION_ADDITIONAL, &server, types[j]);
            if (glue != NULL) {
                remember(resolver, glue, DNS_RANK_GLUE, now);
            }
        }
    }
}

static void follow_referral(
    DnsResolver *resolver, DnsTask *task, const Message *message, DnsRecordSet *servers, SimTime now
)
{
    remember(resolver, servers, DNS_RANK_REFERRAL, now);
    remember_glue(resolver, message, servers, now);
    task->referred = dns_name_labels(&servers->name);
    dns_task_advance(resolver, task, now);
}

/* Behind an alias the search begins anew, and may end here if the same answer says so. */
static void
go_on_behind_alias(DnsResolver *resolver, DnsTask *task, const Message *message, SimTime now)
{
    bool is_name_error = message->header.rcode == DNS_RCODE_NXDOMAIN;
    task->referred = 0;
    if (find_soa(message, &task->current) != NULL ||
        (is_name_error && dns_resolver_is_stub(resolver))) {
        finish_negative(resolver, task, message, is_name_error, now);
    } else if (dns_resolver_is_stub(resolver)) {
        finish_negative(resolver, task, message, false, now);
    } else {
        dns_task_advance(resolver, task, now);
    }
}

static void read_good(DnsResolver *resolver, DnsTask *task, const Message *message, SimTime now)
{
    guint aliases = task->aliases;
    bool is_name_error = message->header.rcode == DNS_RCODE_NXDOMAIN;
    bool is_stub = dns_resolver_is_stub(resolver);
    bool is_found = task->type == DNS_TYPE_ANY ? take_any(task, message)
                                               : take_answers(resolver, task, message, now);
    if (is_found) {
        dns_task_finish(resolver, task, DNS_OUTCOME_FOUND, now);
        return;
    }
    if (task->aliases > DNS_RESOLVER_ALIASES_MAXIMUM) {
        dns_task_fail(resolver, task, now);
        return;
    }
    if (task->aliases > aliases) {
        go_on_behind_alias(resolver, task, message, now);
        return;
    }
    bool is_negative =
        is_stub || message->header.is_authoritative || find_soa(message, &task->current) != NULL;
    DnsRecordSet *servers = is_stub || is_name_error ? NULL : find_referral(task, message);
    if (servers != NULL) {
        follow_referral(resolver, task, message, servers, now);
    } else if (is_negative) {
        finish_negative(resolver, task, message, is_name_error, now);
    } else {
        /* Neither an answer nor closer to one: a lame server (RFC 1912 §2.8) */
        dns_task_ask_next(resolver, task, true, now);
    }
}

void dns_task_read(DnsResolver *resolver, DnsTask *task, ByteSpan octets, SimTime now)
{
    Message message = {0};
    guint16 rcode = dns_message_rcode(octets);
    bool had_edns = resolver->options.uses_edns && !task->avoids_edns;
    hear(&message, octets, &task->zone);
    if ((rcode == DNS_RCODE_FORMERR || rcode == DNS_RCODE_BADVERS) && had_edns) {
        /* RFC 6891 §7: perhaps a server from before EDNS */
        task->avoids_edns = true;
        dns_task_ask(resolver, task, task->over_tcp, now);
    } else if (message.is_readable && (rcode == DNS_RCODE_NOERROR || rcode == DNS_RCODE_NXDOMAIN)) {
        read_good(resolver, task, &message, now);
    } else {
        dns_task_ask_next(resolver, task, true, now);
    }
    g_array_unref(message.sets);
}
