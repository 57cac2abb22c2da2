#include "protocol/dns/dns-meaning.h"

#include "protocol/dns/dns-exchange.h"

#define SERVERS_SHOWN 4

void dns_duration_text(guint32 seconds, GString *out)
{
    static const struct {
        guint32 seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};

    guint shown = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(units) && shown < 2; i++) {
        guint32 count = seconds / units[i].seconds;
        if (count > 0) {
            g_string_append_printf(out, "%s%u %s", shown > 0 ? " " : "", count, units[i].name);
            shown++;
        }
        seconds %= units[i].seconds;
    }
    if (shown == 0) {
        g_string_append(out, "0 s");
    }
}

typedef struct {
    ByteSpan message;
    DnsHeader header;
    DnsName name; /* of the question */
    guint16 type;
    bool has_question;
    guint answers; /* records of the type asked for */
    guint servers; /* NS records in the authority section */
    bool has_soa;
    guint32 negative_ttl; /* RFC 2308 §5 */
    guint32 shortest_ttl;
} Summary;

static void count_record(Summary *summary, const DnsRecord *record)
{
    DnsSoa soa;
    if (record->section == DNS_SECTION_ANSWER) {
        summary->shortest_ttl = MIN(summary->shortest_ttl, record->ttl);
        summary->answers += record->type == summary->type || summary->type == DNS_TYPE_ANY ||
                            summary->type == DNS_TYPE_AXFR;
    }
    if (record->section == DNS_SECTION_AUTHORITY && record->type == DNS_TYPE_NS) {
        summary->servers++;
    }
    if (record->section == DNS_SECTION_AUTHORITY && record->type == DNS_TYPE_SOA &&
        dns_data_soa(dns_record_data(summary->message, record), &soa)) {
        summary->has_soa = true;
        summary->negative_ttl = MIN(record->ttl, soa.minimum);
    }
}

static bool summarise(ByteSpan message, Summary *summary)
{
    DnsReader reader;
    DnsRecord record;
    *summary = (Summary){.message = message, .shortest_ttl = G_MAXUINT32, .name = dns_root};
    if (!dns_reader_begin(&reader, message)) {
        return false;
    }
    summary->header = reader.header;
    while (dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_QUESTION && !summary->has_question) {
            summary->has_question =
                dns_message_name(message, record.name.start, &summary->name, NULL, NULL);
            summary->type = record.type;
        }
        count_record(summary, &record);
    }
    return true;
}

static void append_kept(GString *out, guint32 ttl)
{
    if (ttl == 0) {
        g_string_append(out, ", not kept");
    } else {
        g_string_append(out, ", kept for ");
        dns_duration_text(ttl, out);
    }
}

/* One record of an answer, as said in a sentence. */
static void append_answer(ByteSpan message, const DnsRecord *record, GString *out)
{
    DnsData data = dns_record_data(message, record);
    guint16 preference = 0;
    DnsName name;
    DnsName owner;
    DnsSrv srv;
    if (dns_data_mx(data, &preference, &name)) {
        dns_name_shown(&name, out);
        g_string_append_printf(out, ", preference %u", preference);
    } else if (record->type == DNS_TYPE_CNAME && dns_data_name(data, &name) &&
               dns_message_name(message, record->name.start, &owner, NULL, NULL)) {
        dns_name_shown(&owner, out);
        g_string_append(out, " is another name for ");
        dns_name_shown(&name, out);
    } else if (dns_data_name(data, &name)) {
        dns_name_shown(&name, out);
    } else if (dns_data_srv(data, &srv)) {
        dns_name_shown(&srv.target, out);
        g_string_append_printf(out, ", port %u", srv.port);
    } else {
        dns_data_to_text(data, out);
    }
}

static void say_answers(const Summary *summary, GString *out)
{
    DnsReader reader;
    DnsRecord record;
    const char *separator = "";
    dns_reader_begin(&reader, summary->message);
    while (dns_reader_next(&reader, &record) && record.section <= DNS_SECTION_ANSWER) {
        if (record.section == DNS_SECTION_QUESTION) {
            continue;
        }
        if (dns_data_is_null_mx(dns_record_data(summary->message, &record))) {
            dns_name_shown(&summary->name, out);
            g_string_append(out, " takes no mail (null MX)");
            break;
        }
        g_string_append(out, separator);
        append_answer(summary->message, &record, out);
        separator = "; ";
    }
    append_kept(out, summary->shortest_ttl);
}

/* The zone whose servers are named, and the first few of them. */
static void say_referral(const Summary *summary, GString *out)
{
    DnsReader reader;
    DnsRecord record;
    DnsName zone = dns_root;
    guint shown = 0;
    dns_reader_begin(&reader, summary->message);
    g_string_append(out, "Ask ");
    while (dns_reader_next(&reader, &record)) {
        DnsName server;
        if (record.section != DNS_SECTION_AUTHORITY || record.type != DNS_TYPE_NS ||
            shown == SERVERS_SHOWN ||
            !dns_data_name(dns_record_data(summary->message, &record), &server)) {
            continue;
        }
        dns_message_name(summary->message, record.name.start, &zone, NULL, NULL);
        g_string_append(out, shown++ > 0 ? " or " : "");
        dns_name_shown(&server, out);
    }
    if (summary->servers > shown) {
        g_string_append_printf(out, " or %u more", summary->servers - shown);
    }
    g_string_append(out, summary->servers > 1 ? ": they answer for " : ": it answers for ");
    dns_name_shown(&zone, out);
}

static void say_nothing_found(const Summary *summary, bool is_name_error, GString *out)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    if (is_name_error) {
        g_string_append(out, "There is no ");
        dns_name_shown(&summary->name, out);
    } else {
        dns_name_shown(&summary->name, out);
        g_string_append_printf(
            out, " exists, but has no %s record", dns_type_to_text(summary->type, room)
        );
    }
    if (summary->has_soa) {
        append_kept(out, summary->negative_ttl);
    }
}

static void say_failure(guint16 rcode, GString *out)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    switch (rcode) {
    case DNS_RCODE_SERVFAIL:
        g_string_append(out, "The server could not find out (SERVFAIL)");
        return;
    case DNS_RCODE_REFUSED:
        g_string_append(out, "The server does not answer this for you (REFUSED)");
        return;
    case DNS_RCODE_FORMERR:
        g_string_append(out, "The server did not understand the question (FORMERR)");
        return;
    case DNS_RCODE_NOTIMP:
        g_string_append(out, "The server cannot do this (NOTIMP)");
        return;
    default:
        g_string_append_printf(
            out, "The server could not answer for %s", dns_rcode_to_text(rcode, room)
        );
        return;
    }
}

static void say_answer(const Summary *summary, GString *out)
{
    guint16 rcode = dns_message_rcode(summary->message);
    guint16 records = summary->header.counts[DNS_SECTION_ANSWER];
    if (rcode != DNS_RCODE_NOERROR && rcode != DNS_RCODE_NXDOMAIN) {
        say_failure(rcode, out);
    } else if (summary->header.is_truncated) {
        g_string_append(out, "The answer is too long for a datagram: ask again over TCP");
    } else if (rcode == DNS_RCODE_NXDOMAIN) {
        say_nothing_found(summary, true, out);
    } else if (records > 0) {
        say_answers(summary, out);
    } else if (summary->servers > 0 && !summary->has_soa) {
        say_referral(summary, out);
    } else {
        say_nothing_found(summary, false, out);
    }
}

void dns_meaning(ByteSpan message, GString *out)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    Summary summary;
    if (!summarise(message, &summary)) {
        g_string_append(out, "No DNS message: it is shorter than a header");
    } else if (summary.header.opcode != DNS_OPCODE_QUERY) {
        g_string_append_printf(
            out,
            "%s of the operation %s",
            summary.header.is_response ? "Answer" : "Request",
            dns_opcode_to_text(summary.header.opcode, room)
        );
    } else if (summary.header.is_response) {
        say_answer(&summary, out);
    } else if (summary.has_question) {
        dns_question_meaning(&summary.name, summary.type, out);
    } else {
        g_string_append(out, "A query without a question that can be read");
    }
}
