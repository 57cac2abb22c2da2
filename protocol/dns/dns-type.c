#include "protocol/dns/dns-type.h"

#include <stdlib.h>
#include <string.h>

static const DnsTypeRow rows[] = {
    {
        .number = DNS_TYPE_A,
        .name = "A",
        .n_parts = 1,
        .parts = {{DNS_PART_IPV4, "ADDRESS"}},
        .reference = {1035, "3.4.1"},
    },
    {
        .number = DNS_TYPE_NS,
        .name = "NS",
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "NSDNAME"}},
        .reference = {1035, "3.3.11"},
    },
    {
        .number = DNS_TYPE_CNAME,
        .name = "CNAME",
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "CNAME"}},
        .reference = {1035, "3.3.1"},
    },
    {
        .number = DNS_TYPE_SOA,
        .name = "SOA",
        .n_parts = 7,
        .parts =
            {
                {DNS_PART_NAME, "MNAME"},
                {DNS_PART_NAME, "RNAME"},
                {DNS_PART_NUMBER_32, "SERIAL"},
                {DNS_PART_SECONDS, "REFRESH"},
                {DNS_PART_SECONDS, "RETRY"},
                {DNS_PART_SECONDS, "EXPIRE"},
                {DNS_PART_SECONDS, "MINIMUM"},
            },
        .reference = {1035, "3.3.13"},
    },
    {
        .number = DNS_TYPE_PTR,
        .name = "PTR",
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "PTRDNAME"}},
        .reference = {1035, "3.3.12"},
    },
    {
        .number = DNS_TYPE_HINFO,
        .name = "HINFO",
        .n_parts = 2,
        .parts = {{DNS_PART_STRING, "CPU"}, {DNS_PART_STRING, "OS"}},
        .reference = {1035, "3.3.2"},
    },
    {
        .number = DNS_TYPE_MX,
        .name = "MX",
        .n_parts = 2,
        .parts = {{DNS_PART_NUMBER_16, "PREFERENCE"}, {DNS_PART_NAME, "EXCHANGE"}},
        .reference = {1035, "3.3.9"},
    },
    {
        .number = DNS_TYPE_TXT,
        .name = "TXT",
        .n_parts = 1,
        .parts = {{DNS_PART_STRINGS, "TXT-DATA"}},
        .reference = {1035, "3.3.14"},
    },
    {
        .number = DNS_TYPE_AAAA,
        .name = "AAAA",
        .n_parts = 1,
        .parts = {{DNS_PART_IPV6, "ADDRESS"}},
        .reference = {3596, "2.2"},
    },
    {
        .number = DNS_TYPE_SRV,
        .name = "SRV",
        .n_parts = 4,
        .parts =
            {
                {DNS_PART_NUMBER_16, "Priority"},
                {DNS_PART_NUMBER_16, "Weight"},
                {DNS_PART_NUMBER_16, "Port"},
                {DNS_PART_PLAIN_NAME, "Target"},
            },
        .reference = {2782, "-"},
    },
    {
        .number = DNS_TYPE_OPT,
        .name = "OPT",
        .n_parts = 1,
        .parts = {{DNS_PART_OPTIONS, "OPTION"}},
        .reference = {6891, "6.1.2"},
    },
    {
        .number = 43,
        .name = "DS",
        .reference = {4034, "5.1"},
    },
    {
        .number = 46,
        .name = "RRSIG",
        .reference = {4034, "3.1"},
    },
    {
        .number = 47,
        .name = "NSEC",
        .reference = {4034, "4.1"},
    },
    {
        .number = 48,
        .name = "DNSKEY",
        .reference = {4034, "2.1"},
    },
    {
        .number = DNS_TYPE_TLSA,
        .name = "TLSA",
        .n_parts = 4,
        .parts =
            {
                {DNS_PART_NUMBER_8, "Cert. Usage"},
                {DNS_PART_NUMBER_8, "Selector"},
                {DNS_PART_NUMBER_8, "Matching Type"},
                {DNS_PART_HEX, "Certificate Association Data"},
            },
        .reference = {6698, "2.1"},
    },
    {
        .number = DNS_TYPE_SPF,
        .name = "SPF",
        .n_parts = 1,
        .parts = {{DNS_PART_STRINGS, "TXT-DATA"}},
        .reference = {7208, "3.1"},
    },
    {
        .number = DNS_TYPE_IXFR,
        .name = "IXFR",
        .reference = {1035, "3.2.3"},
    },
    {
        .number = DNS_TYPE_AXFR,
        .name = "AXFR",
        .reference = {1035, "3.2.3"},
    },
    {
        .number = DNS_TYPE_ANY,
        .name = "ANY",
        .reference = {1035, "3.2.3"},
    },
    {
        .number = DNS_TYPE_CAA,
        .name = "CAA",
        .n_parts = 3,
        .parts =
            {
                {DNS_PART_NUMBER_8, "Flags"},
                {DNS_PART_WORD, "Tag"},
                {DNS_PART_TEXT, "Value"},
            },
        .reference = {8659, "4.1"},
    },
};

typedef struct {
    guint16 number;
    const char *name;
} NumberName;

static const NumberName classes[] = {
    {DNS_CLASS_IN, "IN"},
    {DNS_CLASS_CH, "CH"},
    {DNS_CLASS_HS, "HS"},
    {DNS_CLASS_NONE, "NONE"},
    {DNS_CLASS_ANY, "ANY"},
};

static const NumberName rcodes[] = {
    {DNS_RCODE_NOERROR, "NOERROR"},
    {DNS_RCODE_FORMERR, "FORMERR"},
    {DNS_RCODE_SERVFAIL, "SERVFAIL"},
    {DNS_RCODE_NXDOMAIN, "NXDOMAIN"},
    {DNS_RCODE_NOTIMP, "NOTIMP"},
    {DNS_RCODE_REFUSED, "REFUSED"},
    {6, "YXDOMAIN"},
    {7, "YXRRSET"},
    {8, "NXRRSET"},
    {9, "NOTAUTH"},
    {10, "NOTZONE"},
    {DNS_RCODE_BADVERS, "BADVERS"},
};

static const NumberName opcodes[] = {
    {DNS_OPCODE_QUERY, "QUERY"},
    {DNS_OPCODE_IQUERY, "IQUERY"},
    {DNS_OPCODE_STATUS, "STATUS"},
    {DNS_OPCODE_NOTIFY, "NOTIFY"},
    {DNS_OPCODE_UPDATE, "UPDATE"},
};

const DnsTypeRow *dns_type_row(guint16 type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].number == type) {
            return &rows[i];
        }
    }
    return NULL;
}

static const char *number_text(
    const NumberName *names,
    gsize n_names,
    guint number,
    const char *prefix,
    char room[DNS_NUMBER_TEXT_MAXIMUM]
)
{
    for (gsize i = 0; i < n_names; i++) {
        if (names[i].number == number) {
            return names[i].name;
        }
    }
    g_snprintf(room, DNS_NUMBER_TEXT_MAXIMUM, "%s%u", prefix, number);
    return room;
}

const char *dns_type_to_text(guint16 type, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    const DnsTypeRow *row = dns_type_row(type);
    return row != NULL ? row->name : number_text(NULL, 0, type, "TYPE", room);
}

const char *dns_class_to_text(guint16 number, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return number_text(classes, G_N_ELEMENTS(classes), number, "CLASS", room);
}

const char *dns_rcode_to_text(guint16 rcode, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return number_text(rcodes, G_N_ELEMENTS(rcodes), rcode, "RCODE", room);
}

const char *dns_opcode_to_text(guint8 opcode, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return number_text(opcodes, G_N_ELEMENTS(opcodes), opcode, "OPCODE", room);
}

/* "TYPE65280" */
static bool number_from_text(const char *text, const char *prefix, guint16 *out_number)
{
    gsize length = strlen(prefix);
    if (g_ascii_strncasecmp(text, prefix, length) != 0 || !g_ascii_isdigit(text[length])) {
        return false;
    }
    char *end = NULL;
    guint64 number = g_ascii_strtoull(text + length, &end, 10);
    if (*end != '\0' || number > G_MAXUINT16) {
        return false;
    }
    *out_number = (guint16)number;
    return true;
}

bool dns_type_from_text(const char *text, guint16 *out_type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_ascii_strcasecmp(rows[i].name, text) == 0) {
            *out_type = rows[i].number;
            return true;
        }
    }
    return number_from_text(text, "TYPE", out_type);
}

bool dns_class_from_text(const char *text, guint16 *out_class)
{
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (g_ascii_strcasecmp(classes[i].name, text) == 0) {
            *out_class = classes[i].number;
            return true;
        }
    }
    return number_from_text(text, "CLASS", out_class);
}
