#include "protocol/dns/dns-writer.h"

#define EDNS_LENGTH 11           /* root name, type, class, TTL, RDLENGTH */
#define POINTER_REACH 0x4000     /* RFC 1035 §4.1.4: fourteen bits of offset */
#define DATA_MAXIMUM G_MAXUINT16 /* RDLENGTH has two octets */

static void put_16(guint8 *at, guint number)
{
    at[0] = (guint8)(number >> 8);
    at[1] = (guint8)number;
}

static bool append_16(DnsWriter *writer, guint number)
{
    guint8 octets[2];
    put_16(octets, number);
    return byte_buffer_append(&writer->octets, byte_span(octets, sizeof octets));
}

static bool append_32(DnsWriter *writer, guint32 number)
{
    return append_16(writer, number >> 16) && append_16(writer, number & 0xffff);
}

static guint8 *octet_at(DnsWriter *writer, gsize at)
{
    return writer->octets.data + writer->octets.start + at;
}

static guint header_flags(const DnsHeader *header)
{
    return (header->is_response ? 0x8000u : 0) | (header->opcode & 0xfu) << 11 |
           (header->is_authoritative ? 0x0400u : 0) | (header->is_truncated ? 0x0200u : 0) |
           (header->recursion_desired ? 0x0100u : 0) | (header->recursion_available ? 0x0080u : 0) |
           (header->has_reserved_bit ? 0x0040u : 0) | (header->authentic_data ? 0x0020u : 0) |
           (header->checking_disabled ? 0x0010u : 0) | (header->rcode & 0xfu);
}

void dns_writer_begin(DnsWriter *writer, gsize limit, const DnsHeader *header)
{
    guint8 octets[DNS_HEADER_LENGTH] = {0};
    g_assert(limit >= DNS_HEADER_LENGTH && limit <= DNS_MESSAGE_MAXIMUM);
    *writer = (DnsWriter){.section = DNS_SECTION_QUESTION};
    byte_buffer_init(&writer->octets, limit);
    put_16(octets, header->id);
    put_16(octets + 2, header_flags(header));
    bool fits = byte_buffer_append(&writer->octets, byte_span(octets, sizeof octets));
    g_assert(fits);
}

void dns_writer_clear(DnsWriter *writer)
{
    byte_buffer_clear(&writer->octets);
}

void dns_writer_reserve_edns(DnsWriter *writer)
{
    writer->reserved = EDNS_LENGTH;
}

static guint16 suffix_hash(const DnsName *suffix)
{
    guint hash = dns_name_hash(suffix);
    return (guint16)(hash ^ hash >> 16);
}

/* The place of the same name earlier in the message; 0: none. */
static guint16 earlier_place(DnsWriter *writer, const DnsName *suffix, guint16 hash)
{
    for (guint i = 0; i < writer->n_names; i++) {
        DnsName there;
        if (writer->names[i].hash == hash &&
            dns_message_name(
                byte_buffer_span(&writer->octets), writer->names[i].offset, &there, NULL, NULL
            ) &&
            dns_name_equal(&there, suffix)) {
            return writer->names[i].offset;
        }
    }
    return 0;
}

static void remember(DnsWriter *writer, guint16 hash, gsize offset)
{
    if (writer->n_names < DNS_WRITER_NAMES && offset < POINTER_REACH) {
        writer->names[writer->n_names].hash = hash;
        writer->names[writer->n_names].offset = (guint16)offset;
        writer->n_names++;
    }
}

/* RFC 1035 §4.1.4: labels up to the longest suffix that stands earlier, then a pointer to it */
static bool append_name(DnsWriter *writer, const DnsName *name)
{
    DnsName suffix = *name;
    guint16 offsets[DNS_NAME_MAXIMUM / 2 + 1];
    guint16 hashes[DNS_NAME_MAXIMUM / 2 + 1];
    gsize n_new = 0;
    guint16 place = 0;
    while (suffix.length > 1) {
        guint16 hash = suffix_hash(&suffix);
        place = earlier_place(writer, &suffix, hash);
        if (place != 0) {
            break;
        }
        offsets[n_new] = (guint16)byte_buffer_length(&writer->octets);
        hashes[n_new++] = hash;
        if (!byte_buffer_append(&writer->octets, byte_span(suffix.octets, suffix.octets[0] + 1u))) {
            return false;
        }
        dns_name_parent(&suffix, &suffix);
    }
    bool fits = place != 0 ? append_16(writer, 0xc000u | place)
                           : byte_buffer_append(&writer->octets, byte_span(dns_root.octets, 1));
    for (gsize i = 0; fits && i < n_new; i++) {
        remember(writer, hashes[i], offsets[i]);
    }
    return fits;
}

typedef struct {
    gsize end;
    guint n_names;
} Mark;

static Mark mark_here(const DnsWriter *writer)
{
    return (Mark){.end = writer->octets.end, .n_names = writer->n_names};
}

/* What was written since the mark stays only if all of it fits. */
static bool keep(DnsWriter *writer, Mark mark, bool fits)
{
    fits = fits && byte_buffer_length(&writer->octets) + writer->reserved <= writer->octets.maximum;
    if (!fits) {
        writer->octets.end = mark.end;
        writer->n_names = mark.n_names;
    }
    return fits;
}

static void enter_section(DnsWriter *writer, DnsSection section)
{
    g_assert(section >= writer->section);
    writer->section = section;
}

bool dns_writer_question(DnsWriter *writer, const DnsName *name, guint16 type, guint16 class_number)
{
    Mark mark = mark_here(writer);
    enter_section(writer, DNS_SECTION_QUESTION);
    bool fits =
        append_name(writer, name) && append_16(writer, type) && append_16(writer, class_number);
    if (!keep(writer, mark, fits)) {
        return false;
    }
    writer->counts[DNS_SECTION_QUESTION]++;
    return true;
}

static bool append_data(DnsWriter *writer, guint16 type, ByteSpan data)
{
    DnsDataReader reader;
    DnsDataPart part;
    DnsName name;
    dns_data_begin(&reader, data, type, (DnsPlace){.start = 0, .end = (guint16)data.length});
    while (dns_data_next(&reader, &part)) {
        if (part.part != NULL && part.part->kind == DNS_PART_NAME &&
            dns_message_name(data, part.place.start, &name, NULL, NULL)) {
            if (!append_name(writer, &name)) {
                return false;
            }
            continue;
        }
        gsize length = (gsize)part.place.end - part.place.start;
        if (!byte_buffer_append(&writer->octets, byte_span_slice(data, part.place.start, length))) {
            return false;
        }
    }
    /* Data that is not as its type wants passes as it is, from the point where it goes wrong. */
    return byte_buffer_append(&writer->octets, byte_span_from(data, reader.position));
}

bool dns_writer_record(
    DnsWriter *writer,
    DnsSection section,
    const DnsName *name,
    guint16 type,
    guint16 class_number,
    guint32 ttl,
    ByteSpan data
)
{
    Mark mark = mark_here(writer);
    g_assert(section != DNS_SECTION_QUESTION && data.length <= DATA_MAXIMUM);
    enter_section(writer, section);
    bool fits = append_name(writer, name) && append_16(writer, type) &&
                append_16(writer, class_number) && append_32(writer, ttl) && append_16(writer, 0);
    gsize data_at = byte_buffer_length(&writer->octets);
    fits = fits && append_data(writer, type, data);
    if (!keep(writer, mark, fits)) {
        return false;
    }
    put_16(octet_at(writer, data_at - 2), (guint)(byte_buffer_length(&writer->octets) - data_at));
    writer->counts[section]++;
    return true;
}

/* RFC 6891 §6.1.2 and §6.1.3 */
bool dns_writer_edns(DnsWriter *writer, const DnsEdns *edns)
{
    guint32 ttl = (guint32)edns->extended_rcode << 24 | (guint32)edns->version << 16 |
                  (edns->dnssec_ok ? 0x8000u : 0);
    writer->reserved = 0;
    return dns_writer_record(
        writer,
        DNS_SECTION_ADDITIONAL,
        &dns_root,
        DNS_TYPE_OPT,
        edns->udp_payload,
        ttl,
        BYTE_SPAN_EMPTY
    );
}

void dns_writer_set_truncated(DnsWriter *writer)
{
    *octet_at(writer, 2) |= 0x02;
}

void dns_writer_set_rcode(DnsWriter *writer, guint8 rcode)
{
    guint8 *octet = octet_at(writer, 3);
    *octet = (guint8)((*octet & 0xf0) | (rcode & 0x0f));
}

ByteSpan dns_writer_message(DnsWriter *writer)
{
    for (guint section = 0; section < N_DNS_SECTIONS; section++) {
        put_16(octet_at(writer, 4 + 2 * section), writer->counts[section]);
    }
    return byte_buffer_span(&writer->octets);
}

static void put(ByteBuffer *out, const void *octets, gsize length)
{
    bool fits = byte_buffer_append(out, byte_span(octets, length));
    g_assert(fits);
}

void dns_data_put_number_16(ByteBuffer *out, guint16 number)
{
    guint8 octets[2];
    put_16(octets, number);
    put(out, octets, sizeof octets);
}

void dns_data_put_number_32(ByteBuffer *out, guint32 number)
{
    dns_data_put_number_16(out, (guint16)(number >> 16));
    dns_data_put_number_16(out, (guint16)number);
}

void dns_data_put_name(ByteBuffer *out, const DnsName *name)
{
    put(out, name->octets, name->length);
}

void dns_data_put_mx(ByteBuffer *out, guint16 preference, const DnsName *exchange)
{
    dns_data_put_number_16(out, preference);
    dns_data_put_name(out, exchange);
}

void dns_data_put_soa(ByteBuffer *out, const DnsSoa *soa)
{
    dns_data_put_name(out, &soa->server);
    dns_data_put_name(out, &soa->mailbox);
    dns_data_put_number_32(out, soa->serial);
    dns_data_put_number_32(out, soa->refresh);
    dns_data_put_number_32(out, soa->retry);
    dns_data_put_number_32(out, soa->expire);
    dns_data_put_number_32(out, soa->minimum);
}

void dns_data_put_text(ByteBuffer *out, ByteSpan text)
{
    do {
        ByteSpan string = byte_span_slice(text, 0, G_MAXUINT8);
        guint8 length = (guint8)string.length;
        put(out, &length, 1);
        put(out, string.data, string.length);
        text = byte_span_from(text, string.length);
    } while (text.length > 0);
}
