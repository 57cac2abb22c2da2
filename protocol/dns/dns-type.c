#include "protocol/dns/dns-type.h"

#include "protocol/dns/dns-vocabulary.h"

static const DnsTypeRow rows[] = {
    {
        .number = DNS_TYPE_A,
        .n_parts = 1,
        .parts = {{DNS_PART_IPV4, "ADDRESS"}},
    },
    {
        .number = DNS_TYPE_NS,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "NSDNAME"}},
    },
    {
        .number = DNS_TYPE_MD,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "MADNAME"}},
    },
    {
        .number = DNS_TYPE_MF,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "MADNAME"}},
    },
    {
        .number = DNS_TYPE_CNAME,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "CNAME"}},
    },
    {
        .number = DNS_TYPE_SOA,
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
    },
    {
        .number = DNS_TYPE_MB,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "MADNAME"}},
    },
    {
        .number = DNS_TYPE_MG,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "MGMNAME"}},
    },
    {
        .number = DNS_TYPE_MR,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "NEWNAME"}},
    },
    {
        .number = DNS_TYPE_PTR,
        .n_parts = 1,
        .parts = {{DNS_PART_NAME, "PTRDNAME"}},
    },
    {
        .number = DNS_TYPE_HINFO,
        .n_parts = 2,
        .parts = {{DNS_PART_STRING, "CPU"}, {DNS_PART_STRING, "OS"}},
    },
    {
        .number = DNS_TYPE_MINFO,
        .n_parts = 2,
        .parts = {{DNS_PART_NAME, "RMAILBX"}, {DNS_PART_NAME, "EMAILBX"}},
    },
    {
        .number = DNS_TYPE_MX,
        .n_parts = 2,
        .parts = {{DNS_PART_NUMBER_16, "PREFERENCE"}, {DNS_PART_NAME, "EXCHANGE"}},
    },
    {
        .number = DNS_TYPE_TXT,
        .n_parts = 1,
        .parts = {{DNS_PART_STRINGS, "TXT-DATA"}},
    },
    {
        .number = DNS_TYPE_AAAA,
        .n_parts = 1,
        .parts = {{DNS_PART_IPV6, "ADDRESS"}},
    },
    {
        .number = DNS_TYPE_SRV,
        .n_parts = 4,
        .parts =
            {
                {DNS_PART_NUMBER_16, "Priority"},
                {DNS_PART_NUMBER_16, "Weight"},
                {DNS_PART_NUMBER_16, "Port"},
                {DNS_PART_PLAIN_NAME, "Target"},
            },
    },
    {
        .number = DNS_TYPE_OPT,
        .n_parts = 1,
        .parts = {{DNS_PART_OPTIONS, "OPTION"}},
    },
    {
        .number = DNS_TYPE_DS,
        .n_parts = 4,
        .parts =
            {
                {DNS_PART_NUMBER_16, "Key Tag"},
                {DNS_PART_NUMBER_8, "Algorithm"},
                {DNS_PART_NUMBER_8, "Digest Type"},
                {DNS_PART_HEX, "Digest"},
            },
    },
    {
        .number = DNS_TYPE_TLSA,
        .n_parts = 4,
        .parts =
            {
                {DNS_PART_NUMBER_8, "Certificate Usage"},
                {DNS_PART_NUMBER_8, "Selector"},
                {DNS_PART_NUMBER_8, "Matching Type"},
                {DNS_PART_HEX, "Certificate Association Data"},
            },
    },
    {
        .number = DNS_TYPE_SPF,
        .n_parts = 1,
        .parts = {{DNS_PART_STRINGS, "TXT-DATA"}},
    },
    {
        .number = DNS_TYPE_CAA,
        .n_parts = 3,
        .parts =
            {
                {DNS_PART_NUMBER_8, "Flags"},
                {DNS_PART_WORD, "Tag"},
                {DNS_PART_TEXT, "Value"},
            },
    },
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

static const char *token_or_number(
    const VocabularyItem *item, guint number, const char *prefix, char room[DNS_NUMBER_TEXT_MAXIMUM]
)
{
    if (item != NULL) {
        return item->token;
    }
    g_snprintf(room, DNS_NUMBER_TEXT_MAXIMUM, "%s%u", prefix, number);
    return room;
}

const char *dns_type_to_text(guint16 type, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    /* RFC 1035 §3.2.3 writes a star, everybody else a word. */
    return type == DNS_TYPE_ANY ? "ANY" : token_or_number(dns_type_find(type), type, "TYPE", room);
}

const char *dns_class_to_text(guint16 number, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return token_or_number(dns_class_find(number), number, "CLASS", room);
}

const char *dns_rcode_to_text(guint16 rcode, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return token_or_number(dns_rcode_find(rcode), rcode, "RCODE", room);
}

const char *dns_opcode_to_text(guint8 opcode, char room[DNS_NUMBER_TEXT_MAXIMUM])
{
    return token_or_number(dns_opcode_find(opcode), opcode, "OPCODE", room);
}

/* "TYPE65280" */
static bool number_from_text(const char *text, const char *prefix, guint16 *out_number)
{
    gsize length = strlen(prefix);
    guint64 number = 0;
    if (g_ascii_strncasecmp(text, prefix, length) != 0 ||
        !byte_span_to_number(byte_span_from_string(text + length), &number) ||
        number > G_MAXUINT16) {
        return false;
    }
    *out_number = (guint16)number;
    return true;
}

bool dns_type_from_text(const char *text, guint16 *out_type)
{
    return dns_type_number(byte_span_from_string(text), out_type) ||
           number_from_text(text, "TYPE", out_type);
}

bool dns_class_from_text(const char *text, guint16 *out_class)
{
    static const guint16 classes[] = {DNS_CLASS_IN, DNS_CLASS_CH, DNS_CLASS_HS, DNS_CLASS_ANY};
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    for (gsize i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (g_ascii_strcasecmp(dns_class_to_text(classes[i], room), text) == 0) {
            *out_class = classes[i];
            return true;
        }
    }
    return number_from_text(text, "CLASS", out_class);
}
