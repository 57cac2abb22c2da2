#include <arpa/inet.h>

#include "protocol/dns/dns-data.h"

#define HEX_COLUMN 56 /* digits in one run, as dig prints them */

static void append_quoted(GString *out, ByteSpan octets)
{
    g_string_append_c(out, '"');
    for (gsize i = 0; i < octets.length; i++) {
        guint8 octet = octets.data[i];
        if (octet == '"' || octet == '\\') {
            g_string_append_printf(out, "\\%c", octet);
        } else if (octet < ' ' || octet >= 0x7f) {
            g_string_append_printf(out, "\\%03u", octet);
        } else {
            g_string_append_c(out, (char)octet);
        }
    }
    g_string_append_c(out, '"');
}

static void append_word(GString *out, ByteSpan octets)
{
    bool is_plain = octets.length > 0;
    for (gsize i = 0; i < octets.length; i++) {
        is_plain = is_plain && (g_ascii_isalnum((char)octets.data[i]) || octets.data[i] == '-');
    }
    if (!is_plain) {
        append_quoted(out, octets);
        return;
    }
    g_string_append_len(out, (const char *)octets.data, (gssize)octets.length);
}

static void append_hex(GString *out, ByteSpan octets)
{
    for (gsize i = 0; i < octets.length; i++) {
        if (i > 0 && i % (HEX_COLUMN / 2) == 0) {
            g_string_append_c(out, ' ');
        }
        g_string_append_printf(out, "%02X", octets.data[i]);
    }
}

static void append_address(GString *out, int family, ByteSpan octets)
{
    char text[INET6_ADDRSTRLEN];
    g_string_append(out, inet_ntop(family, octets.data, text, sizeof text));
}

static void append_name(GString *out, DnsData data, const DnsDataPart *part)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    dns_message_name_text(data.message, part->place.start, text);
    g_string_append(out, text);
}

static void append_part(GString *out, DnsData data, const DnsDataPart *part)
{
    switch (part->part->kind) {
    case DNS_PART_NAME:
    case DNS_PART_PLAIN_NAME:
        append_name(out, data, part);
        return;
    case DNS_PART_NUMBER_8:
    case DNS_PART_NUMBER_16:
    case DNS_PART_NUMBER_32:
    case DNS_PART_SECONDS:
        g_string_append_printf(out, "%u", part->number);
        return;
    case DNS_PART_IPV4:
        append_address(out, AF_INET, part->octets);
        return;
    case DNS_PART_IPV6:
        append_address(out, AF_INET6, part->octets);
        return;
    case DNS_PART_STRING:
    case DNS_PART_STRINGS:
    case DNS_PART_TEXT:
        append_quoted(out, part->octets);
        return;
    case DNS_PART_WORD:
        append_word(out, part->octets);
        return;
    case DNS_PART_HEX:
        append_hex(out, part->octets);
        return;
    case DNS_PART_OPTIONS:
        g_string_append_printf(out, "OPT%u ", part->number);
        append_hex(out, part->octets);
        return;
    }
}

/* "\# 4 C0000219": octets whose form is not known, or not kept to. */
static void append_generic(GString *out, DnsData data)
{
    gsize length = (gsize)data.data.end - data.data.start;
    g_string_append_printf(out, "\\# %u", (guint)length);
    if (length > 0) {
        g_string_append_c(out, ' ');
        append_hex(out, byte_span_slice(data.message, data.data.start, length));
    }
}

void dns_data_to_text(DnsData data, GString *out)
{
    DnsDataReader reader;
    DnsDataPart part;
    gsize start = out->len;
    dns_data_begin(&reader, data.message, data.type, data.data);
    if (reader.row == NULL) {
        append_generic(out, data);
        return;
    }
    while (dns_data_next(&reader, &part)) {
        bool is_empty = part.part->kind == DNS_PART_HEX && part.octets.length == 0;
        if (out->len > start && !is_empty) {
            g_string_append_c(out, ' ');
        }
        append_part(out, data, &part);
    }
    if (reader.defect.kind != DNS_DEFECT_NONE && reader.defect.kind != DNS_DEFECT_POINTER_NEW) {
        g_string_truncate(out, start);
        append_generic(out, data);
    }
}
