#include "protocol/dns/dns-meaning.h"

#define LABEL_ROOM (DNS_LABEL_MAXIMUM * 4 + 1)

void dns_name_shown(const DnsName *name, GString *out)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    gsize length = dns_name_to_text(name, text);
    if (name->length <= 1) {
        g_string_append(out, "the root");
        return;
    }
    g_string_append_len(out, text, (gssize)(length - 1));
}

/* Whether the first label, or a part of it, is 'text'; the labels behind it go to 'out_rest'. */
static bool first_label_is(const DnsName *name, const char *text, DnsName *out_rest)
{
    ByteSpan label = byte_span(name->octets + 1, name->octets[0]);
    return name->length > 1 && byte_span_is_nocase(label, text) && dns_name_parent(name, out_rest);
}

/* "25.2.0.192.in-addr.arpa." back to "192.0.2.25" */
static bool reversed_ipv4(const char *text, GString *out)
{
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);
    gsize start = out->len;
    if (g_strv_length(labels) != 7 || strcmp(labels[4], "in-addr") != 0 ||
        strcmp(labels[5], "arpa") != 0) {
        return false;
    }
    for (gsize i = 4; i-- > 0;) {
        guint64 number = 0;
        if (!byte_span_to_number(byte_span_from_string(labels[i]), &number) || number > 255) {
            g_string_truncate(out, start);
            return false;
        }
        g_string_append_printf(out, i == 3 ? "%u" : ".%u", (guint)number);
    }
    return true;
}

#define NIBBLES 32

/* RFC 3596 §2.5: 32 nibbles, the last one first */
static bool reversed_ipv6(const char *text, GString *out)
{
    ByteBuffer room;
    char digits[NIBBLES];
    for (gsize i = 0; i < NIBBLES; i++) {
        if (!g_ascii_isxdigit(text[2 * i]) || text[2 * i + 1] != '.') {
            return false;
        }
        digits[NIBBLES - 1 - i] = text[2 * i];
    }
    if (g_ascii_strcasecmp(text + (gsize)2 * NIBBLES, "ip6.arpa.") != 0) {
        return false;
    }
    byte_buffer_init(&room, 16);
    for (gsize i = 0; i < NIBBLES; i += 2) {
        guint8 octet =
            (guint8)(g_ascii_xdigit_value(digits[i]) << 4 | g_ascii_xdigit_value(digits[i + 1]));
        bool fits = byte_buffer_append(&room, byte_span(&octet, 1));
        g_assert(fits);
    }
    dns_data_to_text(dns_data_alone(DNS_TYPE_AAAA, byte_buffer_span(&room)), out);
    byte_buffer_clear(&room);
    return true;
}

static void ask_pointer(const DnsName *name, GString *out)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    dns_name_to_text(name, text);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    gsize start = out->len;
    g_string_append(out, "Which name belongs to the address ");
    if (!reversed_ipv4(lower, out) && !reversed_ipv6(lower, out)) {
        g_string_truncate(out, start);
        g_string_append(out, "Which name does ");
        dns_name_shown(name, out);
        g_string_append(out, " point to");
    }
    g_string_append_c(out, '?');
}

static void
append_sentence(GString *out, const char *before, const DnsName *name, const char *after)
{
    g_string_append(out, before);
    dns_name_shown(name, out);
    g_string_append(out, after);
}

/* Some texts stand at names of their own: RFC 6376 §3.6.2.1, RFC 9989 §4.7, RFC 8461 §3.1. */
static void ask_text(const DnsName *name, GString *out)
{
    DnsName rest;
    DnsName domain;
    if (first_label_is(name, "_dmarc", &rest)) {
        append_sentence(out, "Which DMARC policy does ", &rest, " have?");
        return;
    }
    if (first_label_is(name, "_mta-sts", &rest)) {
        append_sentence(out, "Does ", &rest, " have an MTA-STS policy?");
        return;
    }
    if (dns_name_parent(name, &rest) && first_label_is(&rest, "_domainkey", &domain)) {
        DnsName selector;
        dns_name_prepend(byte_span(name->octets + 1, name->octets[0]), &dns_root, &selector);
        append_sentence(out, "Which key stands behind the DKIM selector ", &selector, " of ");
        append_sentence(out, "", &domain, "?");
        return;
    }
    append_sentence(out, "Which texts (SPF and others) does ", name, " publish?");
}

/* "_25._tcp.mail.hamburger.edu", "_submission._tcp.hamburger.edu": the first two labels without
 * their underscores. */
static bool service_of(
    const DnsName *name, char service[LABEL_ROOM], char transport[LABEL_ROOM], DnsName *out_domain
)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    DnsName rest;
    if (!dns_name_parent(name, &rest) || !dns_name_parent(&rest, out_domain) ||
        name->octets[1] != '_' || rest.octets[1] != '_') {
        return false;
    }
    dns_name_to_text(name, text);
    char **labels = g_strsplit(text, ".", 3);
    g_strlcpy(service, labels[0] + 1, LABEL_ROOM);
    g_strlcpy(transport, labels[1] + 1, LABEL_ROOM);
    g_strfreev(labels);
    return true;
}

static void ask_service(const DnsName *name, GString *out)
{
    char service[LABEL_ROOM];
    char transport[LABEL_ROOM];
    DnsName domain;
    if (!service_of(name, service, transport, &domain)) {
        append_sentence(out, "Which host offers the service ", name, "?");
        return;
    }
    g_string_append_printf(out, "Which host offers %s over %s for ", service, transport);
    append_sentence(out, "", &domain, "?");
}

static void ask_certificate(const DnsName *name, GString *out)
{
    char port[LABEL_ROOM];
    char transport[LABEL_ROOM];
    DnsName domain;
    if (!service_of(name, port, transport, &domain)) {
        append_sentence(out, "Which certificate belongs to ", name, "?");
        return;
    }
    append_sentence(out, "Which certificate does ", &domain, "");
    g_string_append_printf(out, " show on %s port %s?", transport, port);
}

void dns_question_meaning(const DnsName *name, guint16 type, GString *out)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    switch (type) {
    case DNS_TYPE_A:
        append_sentence(out, "Which IPv4 address has ", name, "?");
        return;
    case DNS_TYPE_AAAA:
        append_sentence(out, "Which IPv6 address has ", name, "?");
        return;
    case DNS_TYPE_MX:
        append_sentence(out, "Which servers take mail for ", name, "?");
        return;
    case DNS_TYPE_NS:
        append_sentence(out, "Which name servers answer for ", name, "?");
        return;
    case DNS_TYPE_SOA:
        append_sentence(out, "Which zone holds ", name, ", and how old is it?");
        return;
    case DNS_TYPE_CNAME:
        append_sentence(out, "Is ", name, " only another name for some host?");
        return;
    case DNS_TYPE_PTR:
        ask_pointer(name, out);
        return;
    case DNS_TYPE_TXT:
    case DNS_TYPE_SPF:
        ask_text(name, out);
        return;
    case DNS_TYPE_SRV:
        ask_service(name, out);
        return;
    case DNS_TYPE_TLSA:
        ask_certificate(name, out);
        return;
    case DNS_TYPE_AXFR:
        append_sentence(out, "May I have the whole zone ", name, "?");
        return;
    case DNS_TYPE_ANY:
        append_sentence(out, "What is known of ", name, "?");
        return;
    default:
        g_string_append_printf(out, "Which %s records has ", dns_type_to_text(type, room));
        append_sentence(out, "", name, "?");
        return;
    }
}
