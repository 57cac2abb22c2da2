#include "sim/naming/dns-answer.h"

#include "protocol/dns/dns-text.h"
#include "protocol/dns/dns-writer.h"

const char *dns_outcome_name(DnsOutcome outcome)
{
    static const char *const names[] = {"found", "NXDOMAIN", "NODATA", "SERVFAIL", "no answer"};
    return names[outcome];
}

static void clear_set(gpointer pointer)
{
    DnsAnswerSet *set = pointer;
    dns_record_set_unref(set->set);
}

DnsAnswer *dns_answer_new(const DnsName *name, guint16 type, SimTime now)
{
    DnsAnswer *answer = g_new0(DnsAnswer, 1);
    answer->references = 1;
    answer->name = *name;
    answer->canonical = *name;
    answer->type = type;
    answer->outcome = DNS_OUTCOME_NO_ANSWER;
    answer->asked = now;
    answer->answered = now;
    answer->sets = g_array_new(FALSE, FALSE, sizeof(DnsAnswerSet));
    g_array_set_clear_func(answer->sets, clear_set);
    return answer;
}

DnsAnswer *dns_answer_ref(DnsAnswer *answer)
{
    answer->references++;
    return answer;
}

void dns_answer_unref(DnsAnswer *answer)
{
    if (answer != NULL && --answer->references == 0) {
        g_array_unref(answer->sets);
        dns_record_set_unref(answer->soa.set);
        g_free(answer);
    }
}

void dns_answer_add(DnsAnswer *answer, DnsRecordSet *set, guint32 ttl)
{
    DnsAnswerSet added = {.set = dns_record_set_ref(set), .ttl = ttl};
    g_array_append_val(answer->sets, added);
}

const DnsRecordSet *dns_answer_records(const DnsAnswer *answer)
{
    for (guint i = 0; i < answer->sets->len; i++) {
        const DnsRecordSet *set = g_array_index(answer->sets, DnsAnswerSet, i).set;
        if (set->type == answer->type) {
            return set;
        }
    }
    return NULL;
}

GArray *dns_answer_addresses(const DnsAnswer *answer)
{
    GArray *addresses = g_array_new(FALSE, FALSE, sizeof(SimAddress));
    const DnsRecordSet *set = dns_answer_records(answer);
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        ByteSpan octets;
        if (dns_data_address(dns_record_set_data(set, i), &octets)) {
            SimFamily family = octets.length == 4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6;
            SimAddress address = sim_address_from_octets(family, octets.data);
            g_array_append_val(addresses, address);
        }
    }
    return addresses;
}

/* RFC 5321 §5.1: lower numbers are preferred. Equal ones stay in the order of the answer. */
GArray *dns_answer_exchangers(const DnsAnswer *answer)
{
    GArray *exchangers = g_array_new(FALSE, FALSE, sizeof(DnsExchanger));
    const DnsRecordSet *set = dns_answer_records(answer);
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        DnsExchanger exchanger;
        guint place = exchangers->len;
        if (!dns_data_mx(dns_record_set_data(set, i), &exchanger.preference, &exchanger.host)) {
            continue;
        }
        while (place > 0 && g_array_index(exchangers, DnsExchanger, place - 1).preference >
                                exchanger.preference) {
            place--;
        }
        g_array_insert_val(exchangers, place, exchanger);
    }
    return exchangers;
}

bool dns_answer_is_null_mx(const DnsAnswer *answer)
{
    const DnsRecordSet *set = dns_answer_records(answer);
    return set != NULL && dns_record_set_count(set) == 1 &&
           dns_data_is_null_mx(dns_record_set_data(set, 0));
}

GPtrArray *dns_answer_texts(const DnsAnswer *answer)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    const DnsRecordSet *set = dns_answer_records(answer);
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        GString *text = g_string_new(NULL);
        if (dns_data_text(dns_record_set_data(set, i), text)) {
            g_ptr_array_add(texts, g_string_free(text, FALSE));
        } else {
            g_string_free(text, TRUE);
        }
    }
    return texts;
}

static guint8 rcode_of(DnsOutcome outcome)
{
    switch (outcome) {
    case DNS_OUTCOME_FOUND:
    case DNS_OUTCOME_NO_DATA:
        return DNS_RCODE_NOERROR;
    case DNS_OUTCOME_NO_NAME:
        return DNS_RCODE_NXDOMAIN;
    case DNS_OUTCOME_FAILED:
    case DNS_OUTCOME_NO_ANSWER:
        return DNS_RCODE_SERVFAIL;
    }
    g_assert_not_reached();
}

static bool write_set(DnsWriter *writer, DnsSection section, const DnsAnswerSet *set)
{
    for (guint i = 0; i < dns_record_set_count(set->set); i++) {
        if (!dns_writer_record(
                writer,
                section,
                &set->set->name,
                set->set->type,
                DNS_CLASS_IN,
                set->ttl,
                dns_record_set_data(set->set, i).message
            )) {
            return false;
        }
    }
    return true;
}

static void write_sections(const DnsAnswer *answer, DnsWriter *writer)
{
    for (guint i = 0; i < answer->sets->len; i++) {
        const DnsAnswerSet *set = &g_array_index(answer->sets, DnsAnswerSet, i);
        if (!write_set(writer, DNS_SECTION_ANSWER, set)) {
            dns_writer_set_truncated(writer);
            return;
        }
    }
    if (answer->soa.set != NULL && !write_set(writer, DNS_SECTION_AUTHORITY, &answer->soa)) {
        dns_writer_set_truncated(writer);
    }
}

typedef struct {
    DnsHeader header;
    DnsName name;
    guint16 type;
    bool has_edns;
    DnsEdns edns;
} Asked;

static bool read_question(ByteSpan message, Asked *asked)
{
    DnsReader reader;
    DnsRecord record;
    *asked = (Asked){0};
    if (!dns_reader_begin(&reader, message) || reader.header.is_response ||
        reader.header.counts[DNS_SECTION_QUESTION] != 1 || !dns_reader_next(&reader, &record) ||
        !dns_message_name(message, record.name.start, &asked->name, NULL, NULL)) {
        return false;
    }
    asked->header = reader.header;
    asked->type = record.type;
    while (dns_reader_next(&reader, &record)) {
        asked->has_edns |= dns_record_edns(&record, &asked->edns);
    }
    return true;
}

static gsize size_limit(const Asked *asked, bool over_tcp)
{
    if (over_tcp) {
        return DNS_MESSAGE_MAXIMUM;
    }
    return asked->has_edns ? CLAMP(asked->edns.udp_payload, DNS_UDP_MAXIMUM, DNS_ANSWER_UDP_MAXIMUM)
                           : DNS_UDP_MAXIMUM;
}

static bool write_answer(const DnsAnswer *answer, const Asked *asked, gsize limit, ByteBuffer *out)
{
    DnsWriter writer;
    DnsHeader header = {
        .id = asked->header.id,
        .is_response = true,
        .recursion_desired = asked->header.recursion_desired,
        .recursion_available = true,
        .rcode = rcode_of(answer->outcome),
    };
    dns_writer_begin(&writer, limit, &header);
    if (asked->has_edns) {
        dns_writer_reserve_edns(&writer);
    }
    bool fits = dns_writer_question(&writer, &asked->name, asked->type, DNS_CLASS_IN);
    write_sections(answer, &writer);
    if (asked->has_edns) {
        DnsEdns edns = {.udp_payload = DNS_ANSWER_UDP_MAXIMUM};
        fits = dns_writer_edns(&writer, &edns) && fits;
    }
    fits = fits && byte_buffer_append(out, dns_writer_message(&writer));
    dns_writer_clear(&writer);
    return fits;
}

bool dns_answer_write(const DnsAnswer *answer, ByteSpan question, bool over_tcp, ByteBuffer *out)
{
    Asked asked;
    return read_question(question, &asked) &&
           write_answer(answer, &asked, size_limit(&asked, over_tcp), out);
}

void dns_answer_to_text(const DnsAnswer *answer, GString *out)
{
    char address[SIM_ADDRESS_TEXT_SIZE];
    char when[SIM_TIME_TEXT_SIZE];
    Asked asked = {
        .header = {.id = (guint16)answer->asked, .recursion_desired = true},
        .name = answer->name,
        .type = answer->type,
    };
    DnsTextFooter footer = {
        .query_time_ms = (answer->answered - answer->asked) / SIM_MILLISECOND,
        .port = DNS_PORT,
        .when = sim_time_format(answer->answered, when),
    };
    ByteBuffer message;
    byte_buffer_init(&message, DNS_MESSAGE_MAXIMUM);
    if (answer->server.family != SIM_FAMILY_NONE) {
        footer.server = sim_address_format(&answer->server, address);
    }
    bool fits = write_answer(answer, &asked, DNS_MESSAGE_MAXIMUM, &message);
    g_assert(fits);
    dns_text_message(byte_buffer_span(&message), &footer, out);
    byte_buffer_clear(&message);
}
