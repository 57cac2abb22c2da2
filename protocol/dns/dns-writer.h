#pragma once

/* Writes a DNS message into memory up to a limit, with names compressed (RFC 1035 §4.1.4). What
 * does not fit is refused as a whole, so the message is always whole; the writer's owner decides
 * whether that means truncation. Sections are written in their order. */

#include "protocol/dns/dns-data.h"

#define DNS_WRITER_NAMES 128 /* suffixes remembered; further ones are just not pointed to */

typedef struct {
    ByteBuffer octets;
    guint16 counts[N_DNS_SECTIONS];
    DnsSection section;
    gsize reserved; /* octets kept free for the OPT record */
    guint n_names;

    struct {
        guint16 hash;
        guint16 offset;
    } names[DNS_WRITER_NAMES];
} DnsWriter;

/* The header's counts are ignored: they come from what is written. */
void dns_writer_begin(DnsWriter *writer, gsize limit, const DnsHeader *header);
void dns_writer_clear(DnsWriter *writer);

/* Keeps room for dns_writer_edns(), which comes last. */
void dns_writer_reserve_edns(DnsWriter *writer);

/* False: no room, nothing was written. */
G_GNUC_WARN_UNUSED_RESULT bool
dns_writer_question(DnsWriter *writer, const DnsName *name, guint16 type, guint16 class_number);

/* 'data' is RDATA without compression; names in it are compressed where the type allows. */
G_GNUC_WARN_UNUSED_RESULT bool dns_writer_record(
    DnsWriter *writer,
    DnsSection section,
    const DnsName *name,
    guint16 type,
    guint16 class_number,
    guint32 ttl,
    ByteSpan data
);
G_GNUC_WARN_UNUSED_RESULT bool dns_writer_edns(DnsWriter *writer, const DnsEdns *edns);

void dns_writer_set_truncated(DnsWriter *writer);
void dns_writer_set_rcode(DnsWriter *writer, guint8 rcode);

/* The message as it stands, counts filled in; valid until the writer is used again. */
ByteSpan dns_writer_message(DnsWriter *writer);

/* RDATA without compression, for the types that mail needs. 'out' gets it appended. */
void dns_data_put_number_16(ByteBuffer *out, guint16 number);
void dns_data_put_number_32(ByteBuffer *out, guint32 number);
void dns_data_put_name(ByteBuffer *out, const DnsName *name);
void dns_data_put_mx(ByteBuffer *out, guint16 preference, const DnsName *exchange);
void dns_data_put_soa(ByteBuffer *out, const DnsSoa *soa);
void dns_data_put_text(ByteBuffer *out, ByteSpan text); /* cut into strings of 255 octets */
