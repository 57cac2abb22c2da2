#include "sim/naming/dns-server.h"

#include "protocol/dns/dns-writer.h"

struct DnsServer {
    GHashTable *zones; /* const DnsZone by its origin */
    guint8 failure;
};

static guint name_hash(gconstpointer name)
{
    return dns_name_hash(name);
}

static gboolean name_equal(gconstpointer left, gconstpointer right)
{
    return dns_name_equal(left, right);
}

DnsServer *dns_server_new(void)
{
    DnsServer *server = g_new0(DnsServer, 1);
    server->zones = g_hash_table_new(name_hash, name_equal);
    return server;
}

void dns_server_free(DnsServer *server)
{
    if (server != NULL) {
        g_hash_table_destroy(server->zones);
        g_free(server);
    }
}

void dns_server_remove_zone(DnsServer *server, const DnsName *origin)
{
    g_hash_table_remove(server->zones, origin);
}

void dns_server_add_zone(DnsServer *server, const DnsZone *zone)
{
    g_hash_table_replace(server->zones, (gpointer)dns_zone_origin(zone), (gpointer)zone);
}

const DnsZone *dns_server_zone_for(const DnsServer *server, const DnsName *name)
{
    for (guint labels = dns_name_labels(name) + 1; labels-- > 0;) {
        DnsName origin;
        dns_name_suffix(name, labels, &origin);
        const DnsZone *zone = g_hash_table_lookup(server->zones, &origin);
        if (zone != NULL) {
            return zone;
        }
    }
    return NULL;
}

void dns_server_set_failure(DnsServer *server, guint8 rcode)
{
    server->failure = rcode;
}

/* The question as it came. */
typedef struct {
    DnsHeader header;
    DnsName name;
    guint16 type;
    guint16 class_number;
    bool has_question;
    bool is_readable;
    bool has_edns;
    DnsEdns edns;
} Question;

static bool read_question(ByteSpan message, Question *question)
{
    DnsReader reader;
    DnsRecord record;
    *question = (Question){.is_readable = true};
    if (!dns_reader_begin(&reader, message) || reader.header.is_response) {
        return false;
    }
    question->header = reader.header;
    while (dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_QUESTION && !question->has_question) {
            question->has_question =
                dns_message_name(message, record.name.start, &question->name, NULL, NULL);
            question->type = record.type;
            question->class_number = record.class_number;
        }
        question->has_edns |= dns_record_edns(&record, &question->edns);
    }
    question->is_readable = reader.defect.kind == DNS_DEFECT_NONE && question->has_question &&
                            reader.header.counts[DNS_SECTION_QUESTION] == 1;
    return true;
}

/* The sets of each section before they are written. */
typedef struct {
    GPtrArray *sets[N_DNS_SECTIONS]; /* of DnsRecordSet */
    guint8 rcode;
    guint32 negative_ttl; /* of the SOA in the authority section; 0: it is not negative */
    bool is_authoritative;
} Reply;

static void add(Reply *reply, DnsSection section, DnsRecordSet *set)
{
    g_ptr_array_add(reply->sets[section], set);
}

/* RFC 2308 §3: the SOA tells how long the "no" may be kept */
static void add_soa(Reply *reply, const DnsZone *zone)
{
    const DnsRecordSet *set = dns_zone_set(zone, dns_zone_origin(zone), DNS_TYPE_SOA);
    DnsSoa soa;
    if (set != NULL && dns_data_soa(dns_record_set_data(set, 0), &soa)) {
        reply->negative_ttl = MIN(set->ttl, soa.minimum);
        add(reply, DNS_SECTION_AUTHORITY, dns_record_set_ref((DnsRecordSet *)set));
    }
}

static void add_any(const DnsRecordSet *set, gpointer data)
{
    add(data, DNS_SECTION_ANSWER, dns_record_set_ref((DnsRecordSet *)set));
}

/* RFC 1034 §4.3.2, steps 2 to 4; true: the alias in '*name' is to be followed. */
static bool
search_zones(const DnsServer *server, DnsName *name, guint16 type, bool is_original, Reply *reply)
{
    const DnsZone *zone = dns_server_zone_for(server, name);
    DnsRecordSet *set = NULL;
    if (zone == NULL) {
        reply->rcode = is_original ? DNS_RCODE_REFUSED : reply->rcode;
        return false;
    }
    DnsZoneVerdict verdict = dns_zone_find(zone, name, type, &set);
    reply->is_authoritative |= is_original && verdict != DNS_ZONE_REFERRAL;
    switch (verdict) {
    case DNS_ZONE_FOUND:
        if (set != NULL) {
            add(reply, DNS_SECTION_ANSWER, set);
        } else {
            dns_zone_each_at(zone, name, add_any, reply);
        }
        return false;
    case DNS_ZONE_CNAME:
        add(reply, DNS_SECTION_ANSWER, set);
        return dns_data_name(dns_record_set_data(set, 0), name);
    case DNS_ZONE_REFERRAL:
        add(reply, DNS_SECTION_AUTHORITY, set);
        return false;
    case DNS_ZONE_NO_NAME:
        reply->rcode = DNS_RCODE_NXDOMAIN;
        add_soa(reply, zone);
        return false;
    case DNS_ZONE_NO_DATA:
        add_soa(reply, zone);
        return false;
    case DNS_ZONE_OUTSIDE:
        break;
    }
    g_assert_not_reached();
}

static void find_answer(const DnsServer *server, const Question *question, Reply *reply)
{
    DnsName name = question->name;
    bool is_original = true;
    for (guint i = 0; i < DNS_SERVER_ALIASES_MAXIMUM; i++) {
        if (!search_zones(server, &name, question->type, is_original, reply)) {
            return;
        }
        is_original = false;
    }
}

/* The name whose address helps to use a record. */
static bool helpful_name(DnsData data, DnsName *out_name)
{
    guint16 preference = 0;
    DnsSrv srv;
    if (dns_data_mx(data, &preference, out_name)) {
        return true;
    }
    if (dns_data_srv(data, &srv)) {
        *out_name = srv.target;
        return true;
    }
    return data.type == DNS_TYPE_NS && dns_data_name(data, out_name);
}

static void add_addresses(const DnsServer *server, const DnsName *name, Reply *reply)
{
    static const guint16 types[] = {DNS_TYPE_A, DNS_TYPE_AAAA};
    const DnsZone *zone = dns_server_zone_for(server, name);
    for (gsize i = 0; zone != NULL && i < G_N_ELEMENTS(types); i++) {
        const DnsRecordSet *set = dns_zone_set(zone, name, types[i]);
        bool is_there = set == NULL;
        for (guint section = DNS_SECTION_ANSWER; section < N_DNS_SECTIONS; section++) {
            for (guint j = 0; j < reply->sets[section]->len; j++) {
                is_there = is_there || reply->sets[section]->pdata[j] == set;
            }
        }
        if (!is_there) {
            add(reply, DNS_SECTION_ADDITIONAL, dns_record_set_ref((DnsRecordSet *)set));
        }
    }
}

/* RFC 1034 §4.3.2, step 6: other records that may be useful */
static void add_helpful(const DnsServer *server, Reply *reply)
{
    for (guint section = DNS_SECTION_ANSWER; section <= DNS_SECTION_AUTHORITY; section++) {
        for (guint i = 0; i < reply->sets[section]->len; i++) {
            const DnsRecordSet *set = reply->sets[section]->pdata[i];
            for (guint j = 0; j < dns_record_set_count(set); j++) {
                DnsName name;
                if (helpful_name(dns_record_set_data(set, j), &name)) {
                    add_addresses(server, &name, reply);
                }
            }
        }
    }
}

/* False: there is no room for all of it. */
static bool write_set(DnsWriter *writer, DnsSection section, const DnsRecordSet *set, guint32 ttl)
{
    for (guint i = 0; i < dns_record_set_count(set); i++) {
        if (!dns_writer_record(
                writer,
                section,
                &set->name,
                set->type,
                DNS_CLASS_IN,
                ttl,
                dns_record_set_data(set, i).message
            )) {
            return false;
        }
    }
    return true;
}

/* RFC 2181 §9: TC only where something is missing that was asked for; left-out additional records
 * are no loss. */
static void write_sections(DnsWriter *writer, const Reply *reply)
{
    for (guint section = DNS_SECTION_ANSWER; section < N_DNS_SECTIONS; section++) {
        for (guint i = 0; i < reply->sets[section]->len; i++) {
            const DnsRecordSet *set = reply->sets[section]->pdata[i];
            bool is_negative = section == DNS_SECTION_AUTHORITY && set->type == DNS_TYPE_SOA;
            guint32 ttl = is_negative ? reply->negative_ttl : set->ttl;
            if (write_set(writer, (DnsSection)section, set, ttl)) {
                continue;
            }
            if (section != DNS_SECTION_ADDITIONAL) {
                dns_writer_set_truncated(writer);
            }
            return;
        }
    }
}

static gsize size_limit(const Question *question, bool over_tcp)
{
    if (over_tcp) {
        return DNS_MESSAGE_MAXIMUM;
    }
    if (!question->has_edns) {
        return DNS_UDP_MAXIMUM;
    }
    return CLAMP(question->edns.udp_payload, DNS_UDP_MAXIMUM, DNS_SERVER_UDP_MAXIMUM);
}

static bool
write_reply(const Question *question, const Reply *reply, bool over_tcp, ByteBuffer *out)
{
    DnsWriter writer;
    DnsHeader header = {
        .id = question->header.id,
        .is_response = true,
        .opcode = question->header.opcode,
        .is_authoritative = reply->is_authoritative,
        .recursion_desired = question->header.recursion_desired,
        .rcode = reply->rcode & 0xf,
    };
    DnsEdns edns = {
        .udp_payload = DNS_SERVER_UDP_MAXIMUM,
        .extended_rcode = (guint8)(reply->rcode >> 4),
    };
    dns_writer_begin(&writer, size_limit(question, over_tcp), &header);
    if (question->has_edns) {
        dns_writer_reserve_edns(&writer);
    }
    bool fits =
        !question->has_question ||
        dns_writer_question(&writer, &question->name, question->type, question->class_number);
    write_sections(&writer, reply);
    fits = fits && (!question->has_edns || dns_writer_edns(&writer, &edns));
    fits = fits && byte_buffer_append(out, dns_writer_message(&writer));
    dns_writer_clear(&writer);
    return fits;
}

static guint8 judge(const DnsServer *server, const Question *question)
{
    if (question->header.opcode != DNS_OPCODE_QUERY) {
        return DNS_RCODE_NOTIMP;
    }
    if (!question->is_readable) {
        return DNS_RCODE_FORMERR;
    }
    if (question->has_edns && question->edns.version > 0) {
        return DNS_RCODE_BADVERS; /* RFC 6891 §6.1.3 */
    }
    if (server->failure != DNS_RCODE_NOERROR) {
        return server->failure;
    }
    bool is_transfer = question->type == DNS_TYPE_AXFR || question->type == DNS_TYPE_IXFR;
    if (question->class_number != DNS_CLASS_IN || is_transfer) {
        return DNS_RCODE_REFUSED;
    }
    return DNS_RCODE_NOERROR;
}

bool dns_server_answer(const DnsServer *server, ByteSpan message, bool over_tcp, ByteBuffer *out)
{
    Question question;
    Reply reply = {0};
    if (!read_question(message, &question)) {
        return false;
    }
    for (guint section = 0; section < N_DNS_SECTIONS; section++) {
        reply.sets[section] = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_set_unref);
    }
    reply.rcode = judge(server, &question);
    if (reply.rcode == DNS_RCODE_NOERROR) {
        find_answer(server, &question, &reply);
        add_helpful(server, &reply);
    }
    bool is_written = write_reply(&question, &reply, over_tcp, out);
    for (guint section = 0; section < N_DNS_SECTIONS; section++) {
        g_ptr_array_unref(reply.sets[section]);
    }
    return is_written;
}
