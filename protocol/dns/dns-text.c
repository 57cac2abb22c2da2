#include "protocol/dns/dns-text.h"

/* The columns in which dig sets its records, with tabs of eight. */
#define COLUMN_TTL 24
#define COLUMN_CLASS 32
#define COLUMN_TYPE 40
#define COLUMN_DATA 48
#define TAB 8

#define OPTION_COOKIE 10

typedef struct {
    GString *out;
    gsize column;
} Columns;

static void go_to_column(Columns *columns, gsize wanted)
{
    gsize from = columns->column;
    wanted = MAX(wanted, from + 1);
    while (from / TAB < wanted / TAB) {
        g_string_append_c(columns->out, '\t');
        from = (from / TAB + 1) * TAB;
    }
    for (; from < wanted; from++) {
        g_string_append_c(columns->out, ' ');
    }
    columns->column = from;
}

static void put(Columns *columns, const char *text)
{
    g_string_append(columns->out, text);
    columns->column += strlen(text);
}

static void put_owner(Columns *columns, ByteSpan message, const DnsRecord *record)
{
    char name[DNS_NAME_TEXT_MAXIMUM];
    dns_message_name_text(message, record->name.start, name);
    put(columns, name);
}

static void put_class_and_type(Columns *columns, const DnsRecord *record)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    go_to_column(columns, COLUMN_CLASS);
    put(columns, dns_class_to_text(record->class_number, room));
    go_to_column(columns, COLUMN_TYPE);
    put(columns, dns_type_to_text(record->type, room));
}

void dns_text_record(ByteSpan message, const DnsRecord *record, GString *out)
{
    Columns columns = {.out = out};
    char ttl[DNS_NUMBER_TEXT_MAXIMUM];
    put_owner(&columns, message, record);
    if (record->section != DNS_SECTION_QUESTION) {
        g_snprintf(ttl, sizeof ttl, "%u", record->ttl);
        go_to_column(&columns, COLUMN_TTL);
        put(&columns, ttl);
    }
    put_class_and_type(&columns, record);
    if (record->section != DNS_SECTION_QUESTION && record->data.end > record->data.start) {
        go_to_column(&columns, COLUMN_DATA);
        dns_data_to_text(dns_record_data(message, record), out);
    }
}

void dns_text_flags(const DnsHeader *header, GString *out)
{
    const struct {
        bool is_set;
        const char *name;
    } flags[] = {
        {header->is_response, "qr"},
        {header->is_authoritative, "aa"},
        {header->is_truncated, "tc"},
        {header->recursion_desired, "rd"},
        {header->recursion_available, "ra"},
        {header->authentic_data, "ad"},
        {header->checking_disabled, "cd"},
    };

    const char *separator = "";
    for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
        if (flags[i].is_set) {
            g_string_append_printf(out, "%s%s", separator, flags[i].name);
            separator = " ";
        }
    }
}

static void put_header(ByteSpan message, const DnsHeader *header, GString *out)
{
    char opcode[DNS_NUMBER_TEXT_MAXIMUM];
    char rcode[DNS_NUMBER_TEXT_MAXIMUM];
    g_string_append_printf(
        out,
        ";; ->>HEADER<<- opcode: %s, status: %s, id: %u\n;; flags: ",
        dns_opcode_to_text(header->opcode, opcode),
        dns_rcode_to_text(dns_message_rcode(message), rcode),
        header->id
    );
    dns_text_flags(header, out);
    if (header->has_reserved_bit) {
        g_string_append(out, "; MBZ: 0x4");
    }
    g_string_append_printf(
        out,
        "; QUERY: %u, ANSWER: %u, AUTHORITY: %u, ADDITIONAL: %u\n",
        header->counts[DNS_SECTION_QUESTION],
        header->counts[DNS_SECTION_ANSWER],
        header->counts[DNS_SECTION_AUTHORITY],
        header->counts[DNS_SECTION_ADDITIONAL]
    );
    if (header->is_response && header->recursion_desired && !header->recursion_available) {
        g_string_append(out, ";; WARNING: recursion requested but not available\n");
    }
    g_string_append_c(out, '\n');
}

static void put_option(const DnsDataPart *part, GString *out)
{
    const char *separator = "";
    if (part->number == OPTION_COOKIE) {
        g_string_append(out, "; COOKIE: ");
    } else {
        g_string_append_printf(out, "; OPT=%u: ", part->number);
        separator = " ";
    }
    for (gsize i = 0; i < part->octets.length; i++) {
        g_string_append_printf(out, "%s%02x", i > 0 ? separator : "", part->octets.data[i]);
    }
    g_string_append_c(out, '\n');
}

static void put_edns(ByteSpan message, const DnsRecord *record, const DnsEdns *edns, GString *out)
{
    DnsDataReader reader;
    DnsDataPart part;
    g_string_append_printf(
        out,
        ";; OPT PSEUDOSECTION:\n; EDNS: version: %u, flags:%s; udp: %u\n",
        edns->version,
        edns->dnssec_ok ? " do" : "",
        edns->udp_payload
    );
    dns_data_begin(&reader, message, record->type, record->data);
    while (dns_data_next(&reader, &part)) {
        put_option(&part, out);
    }
}

/* dig shows the OPT record above all sections. */
static void put_pseudo_section(ByteSpan message, GString *out)
{
    DnsReader reader;
    DnsRecord record;
    DnsEdns edns;
    dns_reader_begin(&reader, message);
    while (dns_reader_next(&reader, &record)) {
        if (dns_record_edns(&record, &edns)) {
            put_edns(message, &record, &edns, out);
            return;
        }
    }
}

static const char *section_title(DnsSection section)
{
    static const char *const titles[] = {"QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL"};
    return titles[section];
}

static void put_sections(DnsReader *reader, GString *out)
{
    DnsRecord record;
    gint open = -1;
    while (dns_reader_next(reader, &record)) {
        if (record.section != DNS_SECTION_QUESTION && record.type == DNS_TYPE_OPT) {
            continue;
        }
        if ((gint)record.section != open) {
            g_string_append_printf(
                out, "%s;; %s SECTION:\n", open < 0 ? "" : "\n", section_title(record.section)
            );
            open = (gint)record.section;
        }
        if (record.section == DNS_SECTION_QUESTION) {
            g_string_append_c(out, ';');
        }
        dns_text_record(reader->message, &record, out);
        g_string_append_c(out, '\n');
    }
    if (open >= 0) {
        g_string_append_c(out, '\n');
    }
}

static void put_defects(ByteSpan message, GString *out)
{
    DnsDefect defects[4];
    gsize count = dns_message_check(message, defects, G_N_ELEMENTS(defects));
    for (gsize i = 0; i < MIN(count, G_N_ELEMENTS(defects)); i++) {
        const DnsDefectRow *row = dns_defect_row(defects[i].kind);
        g_string_append_printf(
            out, ";; %s at octet %u: %s\n", row->name, defects[i].offset, row->meaning
        );
    }
    if (count > G_N_ELEMENTS(defects)) {
        g_string_append_printf(
            out, ";; and %" G_GSIZE_FORMAT " more\n", count - G_N_ELEMENTS(defects)
        );
    }
}

static void put_footer(ByteSpan message, const DnsTextFooter *footer, GString *out)
{
    if (footer->query_time_ms >= 0) {
        g_string_append_printf(
            out, ";; Query time: %" G_GINT64_FORMAT " msec\n", footer->query_time_ms
        );
    }
    if (footer->server != NULL) {
        g_string_append_printf(
            out,
            ";; SERVER: %s#%u(%s) (%s)\n",
            footer->server,
            footer->port,
            footer->server,
            footer->over_tcp ? "TCP" : "UDP"
        );
    }
    if (footer->when != NULL) {
        g_string_append_printf(out, ";; WHEN: %s\n", footer->when);
    }
    g_string_append_printf(out, ";; MSG SIZE  rcvd: %" G_GSIZE_FORMAT "\n\n", message.length);
}

void dns_text_message(ByteSpan message, const DnsTextFooter *footer, GString *out)
{
    DnsReader reader;
    if (footer->arguments != NULL) {
        g_string_append_printf(
            out, "\n; <<>> mailwalk dig <<>> %s\n;; global options: +cmd\n", footer->arguments
        );
    }
    g_string_append(out, ";; Got answer:\n");
    if (dns_reader_begin(&reader, message)) {
        put_header(message, &reader.header, out);
        put_pseudo_section(message, out);
        put_sections(&reader, out);
    }
    put_defects(message, out);
    put_footer(message, footer, out);
}

void dns_text_short(ByteSpan message, GString *out)
{
    DnsReader reader;
    DnsRecord record;
    dns_reader_begin(&reader, message);
    while (dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_ANSWER) {
            dns_data_to_text(dns_record_data(message, &record), out);
            g_string_append_c(out, '\n');
        }
    }
}

void dns_text_trace_step(
    ByteSpan message,
    const char *server_name,
    const char *server_address,
    gint64 query_time_ms,
    GString *out
)
{
    DnsReader reader;
    DnsRecord record;
    dns_reader_begin(&reader, message);
    while (dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_ANSWER || record.section == DNS_SECTION_AUTHORITY) {
            dns_text_record(message, &record, out);
            g_string_append_c(out, '\n');
        }
    }
    g_string_append_printf(
        out,
        ";; Received %" G_GSIZE_FORMAT " bytes from %s#%d(%s) in %" G_GINT64_FORMAT " ms\n\n",
        message.length,
        server_address,
        DNS_PORT,
        server_name,
        query_time_ms
    );
}
