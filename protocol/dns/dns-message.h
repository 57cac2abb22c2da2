#pragma once

/* Reads a DNS message where it lies: nothing is copied, nothing allocated. A reader gives question
 * after question and record after record, each with the place of every field in the message; a
 * name is expanded only when asked for. What the peer got wrong is a defect with its offset.
 *
 *     DnsReader reader; DnsRecord record; DnsName name;
 *     dns_reader_begin(&reader, message);
 *     while (dns_reader_next(&reader, &record)) dns_message_name(message, record.name.start,
 * &name);
 *
 * A pointer is followed only towards the front of the message, so no message can make a reader
 * go round for ever. dns-data.h reads inside RDATA, dns-writer.h writes. */

#include "protocol/dns/dns-name.h"
#include "protocol/dns/dns-type.h"

#define DNS_HEADER_LENGTH 12
#define DNS_MESSAGE_MAXIMUM 65535 /* RFC 1035 §4.2.2: what two length octets can say */
#define DNS_UDP_MAXIMUM 512       /* RFC 1035 §4.2.1: without EDNS */
#define DNS_PORT 53

typedef enum {
    DNS_SECTION_QUESTION,
    DNS_SECTION_ANSWER,
    DNS_SECTION_AUTHORITY,
    DNS_SECTION_ADDITIONAL,
    N_DNS_SECTIONS,
} DnsSection;

/* A run of octets in the message. */
typedef struct {
    guint16 start;
    guint16 end;
} DnsPlace;

typedef enum {
    DNS_DEFECT_NONE,
    DNS_DEFECT_HEADER_CUT,
    DNS_DEFECT_TOO_LONG, /* more than 65,535 octets */
    DNS_DEFECT_NAME_CUT,
    DNS_DEFECT_NAME_TOO_LONG,
    DNS_DEFECT_LABEL_KIND, /* the two high bits are 01 or 10 */
    DNS_DEFECT_POINTER_FORWARD,
    DNS_DEFECT_POINTER_LOOP,
    DNS_DEFECT_POINTER_HEADER, /* into the twelve octets of the header */
    DNS_DEFECT_POINTER_CHAIN,  /* more pointers than a name can have labels */
    DNS_DEFECT_QUESTION_CUT,
    DNS_DEFECT_RECORD_CUT,
    DNS_DEFECT_DATA_CUT,    /* RDLENGTH goes past the end of the message */
    DNS_DEFECT_DATA_SHORT,  /* the type's parts need more octets than RDLENGTH gives */
    DNS_DEFECT_DATA_LONG,   /* RDLENGTH gives more octets than the type's parts need */
    DNS_DEFECT_POINTER_NEW, /* a pointer in the RDATA of a type that may not have one */
    DNS_DEFECT_RESERVED,    /* the Z bit is set */
    DNS_DEFECT_TRAILING,    /* octets behind the last record */
    DNS_DEFECT_OPT_PLACE,   /* an OPT record that is not in the additional section, or a second */
    DNS_DEFECT_OPT_NAME,    /* an OPT record whose name is not the root */
    N_DNS_DEFECTS,
} DnsDefectKind;

typedef struct {
    DnsDefectKind kind;
    guint32 offset; /* in the message */
} DnsDefect;

typedef struct {
    DnsDefectKind kind;
    const char *name;    /* "pointer loop" */
    const char *meaning; /* one sentence */
    bool is_fatal;       /* nothing behind it can be read */
    RfcReference reference;
} DnsDefectRow;

const DnsDefectRow *dns_defect_row(DnsDefectKind kind);

typedef struct {
    guint16 id;
    guint8 opcode;
    guint8 rcode; /* four bits; an OPT record may hold eight more */
    bool is_response;
    bool is_authoritative;
    bool is_truncated;
    bool recursion_desired;
    bool recursion_available;
    bool has_reserved_bit;
    bool authentic_data;
    bool checking_disabled;
    guint16 counts[N_DNS_SECTIONS];
} DnsHeader;

/* A question or a record. A question has no TTL and no data. */
typedef struct {
    DnsSection section;
    guint16 index; /* in its section, from 0 */
    guint16 type;
    guint16 class_number;
    guint32 ttl;
    DnsPlace name; /* as it stands here; a pointer at its end counts two octets */
    guint16 type_at;
    guint16 class_at;
    guint16 ttl_at;
    guint16 length_at;
    DnsPlace data;
    DnsPlace whole;
} DnsRecord;

typedef struct {
    ByteSpan message;
    DnsHeader header;
    guint32 position;
    DnsSection section;
    guint16 index;
    DnsDefect defect; /* what stopped the reading; DNS_DEFECT_NONE: nothing did */
} DnsReader;

/* False: not even a header; the defect says so. */
bool dns_reader_begin(DnsReader *reader, ByteSpan message);

/* False: the end, or a defect. */
bool dns_reader_next(DnsReader *reader, DnsRecord *out_record);

/* The name that stands at 'offset', pointers followed. 'out_end' (may be NULL) is the octet behind
 * it at its own place. False: 'out_defect' (may be NULL) says why. */
bool dns_message_name(
    ByteSpan message, gsize offset, DnsName *out_name, guint32 *out_end, DnsDefect *out_defect
);

/* The same as text with the dot at the end; "?" where the name cannot be read. */
void dns_message_name_text(ByteSpan message, gsize offset, char out_text[DNS_NAME_TEXT_MAXIMUM]);

/* Looks at everything, RDATA too, and gives the first 'room' defects; returns how many there
 * are in all. */
gsize dns_message_check(ByteSpan message, DnsDefect *out_defects, gsize room);

/* Whether octets look like a DNS message: for telling protocols apart by content. */
bool dns_message_is_plausible(ByteSpan message);

/* What an OPT record says (RFC 6891 §6.1.2): its fields are put to another use. */
typedef struct {
    guint16 udp_payload;
    guint8 extended_rcode; /* the upper eight bits of twelve */
    guint8 version;
    bool dnssec_ok;
} DnsEdns;

bool dns_record_edns(const DnsRecord *record, DnsEdns *out_edns);

/* The response code with the upper bits of the OPT record, where there is one. */
guint16 dns_message_rcode(ByteSpan message);
