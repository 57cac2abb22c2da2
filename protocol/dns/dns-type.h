#pragma once

/* The numbers of the DNS: record types, classes, operation codes and response codes, with the
 * parts of each known type's RDATA. One row describes a type; reading, writing, compressing,
 * printing and the parser of zone lines all go by the same row. A type without a row is opaque:
 * its RDATA passes as octets and prints in the generic \# form. */

#include "protocol/rfc/vocabulary.h"

typedef enum {
    DNS_TYPE_A = 1,
    DNS_TYPE_NS = 2,
    DNS_TYPE_MD = 3,
    DNS_TYPE_MF = 4,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_MB = 7,
    DNS_TYPE_MG = 8,
    DNS_TYPE_MR = 9,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_HINFO = 13,
    DNS_TYPE_MINFO = 14,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28,
    DNS_TYPE_SRV = 33,
    DNS_TYPE_OPT = 41,
    DNS_TYPE_DS = 43,
    DNS_TYPE_TLSA = 52,
    DNS_TYPE_SPF = 99,
    DNS_TYPE_IXFR = 251,
    DNS_TYPE_AXFR = 252,
    DNS_TYPE_ANY = 255,
    DNS_TYPE_CAA = 257,
} DnsType;

typedef enum {
    DNS_CLASS_IN = 1,
    DNS_CLASS_CH = 3,
    DNS_CLASS_HS = 4,
    DNS_CLASS_NONE = 254,
    DNS_CLASS_ANY = 255,
} DnsClass;

typedef enum {
    DNS_OPCODE_QUERY = 0,
    DNS_OPCODE_IQUERY = 1,
    DNS_OPCODE_STATUS = 2,
    DNS_OPCODE_NOTIFY = 4,
    DNS_OPCODE_UPDATE = 5,
} DnsOpcode;

typedef enum {
    DNS_RCODE_NOERROR = 0,
    DNS_RCODE_FORMERR = 1,
    DNS_RCODE_SERVFAIL = 2,
    DNS_RCODE_NXDOMAIN = 3,
    DNS_RCODE_NOTIMP = 4,
    DNS_RCODE_REFUSED = 5,
    DNS_RCODE_BADVERS = 16, /* needs the upper bits that the OPT record holds */
} DnsRcode;

/* One part of an RDATA. */
typedef enum {
    DNS_PART_NAME,       /* a name that may be compressed: only the types of RFC 1035 have these */
    DNS_PART_PLAIN_NAME, /* a name that is always written in full */
    DNS_PART_NUMBER_8,
    DNS_PART_NUMBER_16,
    DNS_PART_NUMBER_32,
    DNS_PART_SECONDS, /* 32 bits */
    DNS_PART_IPV4,
    DNS_PART_IPV6,
    DNS_PART_STRING,  /* a length octet and so many octets */
    DNS_PART_STRINGS, /* one or more such strings, to the end */
    DNS_PART_WORD,    /* the same, but letters and digits, printed without quotes */
    DNS_PART_TEXT,    /* octets to the end, printed as one quoted string */
    DNS_PART_HEX,     /* octets to the end, printed in hexadecimal */
    DNS_PART_OPTIONS, /* EDNS: code, length, octets; to the end */
} DnsPartKind;

typedef struct {
    DnsPartKind kind;
    const char *label; /* "PREFERENCE" */
} DnsPart;

#define DNS_PARTS_MAXIMUM 7

typedef struct {
    guint16 number;
    guint n_parts;
    DnsPart parts[DNS_PARTS_MAXIMUM];
} DnsTypeRow;

const DnsTypeRow *dns_type_row(guint16 type); /* NULL: opaque */

/* Room for "CLASS65535" and its like. */
#define DNS_NUMBER_TEXT_MAXIMUM 16

/* The name, or "TYPE65280", "CLASS17", "RCODE12", "OPCODE9" written into 'room'. */
const char *dns_type_to_text(guint16 type, char room[DNS_NUMBER_TEXT_MAXIMUM]);
const char *dns_class_to_text(guint16 number, char room[DNS_NUMBER_TEXT_MAXIMUM]);
const char *dns_rcode_to_text(guint16 rcode, char room[DNS_NUMBER_TEXT_MAXIMUM]);
const char *dns_opcode_to_text(guint8 opcode, char room[DNS_NUMBER_TEXT_MAXIMUM]);

/* The other way, any case, "TYPE65280" included. */
bool dns_type_from_text(const char *text, guint16 *out_type);
bool dns_class_from_text(const char *text, guint16 *out_class);
