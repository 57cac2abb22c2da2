#include "protocol/dns/dns-data.h"

void dns_data_begin(DnsDataReader *reader, ByteSpan message, guint16 type, DnsPlace data)
{
    *reader = (DnsDataReader){
        .message = message,
        .row = dns_type_row(type),
        .position = data.start,
        .end = data.end,
    };
}

/* No further part will be given. */
static bool stop(DnsDataReader *reader, DnsDefectKind kind, gsize offset)
{
    reader->defect = (DnsDefect){.kind = kind, .offset = (guint32)offset};
    reader->next_part = DNS_PARTS_MAXIMUM + 1;
    return false;
}

static bool give(DnsDataReader *reader, DnsDataPart *part, gsize skipped, gsize length)
{
    part->place.start = (guint16)reader->position;
    part->octets = byte_span_slice(reader->message, reader->position + skipped, length);
    reader->position += (guint32)(skipped + length);
    part->place.end = (guint16)reader->position;
    return true;
}

static bool read_fixed(DnsDataReader *reader, DnsDataPart *part, gsize length)
{
    if (reader->end - reader->position < length) {
        return stop(reader, DNS_DEFECT_DATA_SHORT, reader->end);
    }
    for (gsize i = 0; length <= 4 && i < length; i++) {
        part->number = part->number << 8 | reader->message.data[reader->position + i];
    }
    return give(reader, part, 0, length);
}

static bool ends_in_pointer(ByteSpan message, gsize at)
{
    while (message.data[at] != 0 && message.data[at] < 0xc0) {
        at += 1u + message.data[at];
    }
    return message.data[at] >= 0xc0;
}

static bool read_name(DnsDataReader *reader, DnsDataPart *part, bool may_be_compressed)
{
    DnsName name;
    DnsDefect defect;
    guint32 end = 0;
    if (reader->position >= reader->end) {
        return stop(reader, DNS_DEFECT_DATA_SHORT, reader->end);
    }
    if (!dns_message_name(reader->message, reader->position, &name, &end, &defect)) {
        return stop(reader, defect.kind, defect.offset);
    }
    if (end > reader->end) {
        return stop(reader, DNS_DEFECT_DATA_SHORT, reader->end);
    }
    if (!may_be_compressed && ends_in_pointer(reader->message, reader->position)) {
        reader->defect = (DnsDefect){DNS_DEFECT_POINTER_NEW, reader->position};
    }
    return give(reader, part, 0, end - reader->position);
}

static bool read_string(DnsDataReader *reader, DnsDataPart *part)
{
    if (reader->position >= reader->end ||
        reader->end - reader->position - 1 < reader->message.data[reader->position]) {
        return stop(reader, DNS_DEFECT_DATA_SHORT, reader->end);
    }
    return give(reader, part, 1, reader->message.data[reader->position]);
}

/* RFC 6891 §6.1.2: option code, option length, data */
static bool read_option(DnsDataReader *reader, DnsDataPart *part)
{
    const guint8 *here = reader->message.data + reader->position;
    gsize left = reader->end - reader->position;
    if (left < 4 || left - 4 < ((gsize)here[2] << 8 | here[3])) {
        return stop(reader, DNS_DEFECT_DATA_SHORT, reader->end);
    }
    part->number = (guint32)here[0] << 8 | here[1];
    return give(reader, part, 4, (gsize)here[2] << 8 | here[3]);
}

static bool read_part(DnsDataReader *reader, DnsDataPart *part)
{
    switch (part->part->kind) {
    case DNS_PART_NAME:
        return read_name(reader, part, true);
    case DNS_PART_PLAIN_NAME:
        return read_name(reader, part, false);
    case DNS_PART_NUMBER_8:
        return read_fixed(reader, part, 1);
    case DNS_PART_NUMBER_16:
        return read_fixed(reader, part, 2);
    case DNS_PART_NUMBER_32:
    case DNS_PART_SECONDS:
    case DNS_PART_IPV4:
        return read_fixed(reader, part, 4);
    case DNS_PART_IPV6:
        return read_fixed(reader, part, 16);
    case DNS_PART_STRING:
    case DNS_PART_STRINGS:
    case DNS_PART_WORD:
        return read_string(reader, part);
    case DNS_PART_TEXT:
    case DNS_PART_HEX:
        return give(reader, part, 0, reader->end - reader->position);
    case DNS_PART_OPTIONS:
        return read_option(reader, part);
    }
    g_assert_not_reached();
}

static bool is_repeated(DnsPartKind kind)
{
    return kind == DNS_PART_STRINGS || kind == DNS_PART_OPTIONS;
}

static bool read_opaque(DnsDataReader *reader, DnsDataPart *part)
{
    if (reader->next_part > 0) {
        return false;
    }
    reader->next_part++;
    return give(reader, part, 0, reader->end - reader->position);
}

bool dns_data_next(DnsDataReader *reader, DnsDataPart *out_part)
{
    DnsDataPart part = {0};
    if (reader->row == NULL) {
        if (!read_opaque(reader, &part)) {
            return false;
        }
        *out_part = part;
        return true;
    }
    if (reader->next_part >= reader->row->n_parts) {
        if (reader->next_part == reader->row->n_parts && reader->position < reader->end) {
            stop(reader, DNS_DEFECT_DATA_LONG, reader->position);
        }
        return false;
    }
    part.part = &reader->row->parts[reader->next_part];
    if (part.part->kind == DNS_PART_OPTIONS && reader->position >= reader->end) {
        reader->next_part++;
        return false;
    }
    if (!read_part(reader, &part)) {
        return false;
    }
    if (!is_repeated(part.part->kind) || reader->position >= reader->end) {
        reader->next_part++;
    }
    *out_part = part;
    return true;
}

DnsData dns_record_data(ByteSpan message, const DnsRecord *record)
{
    return (DnsData){.message = message, .type = record->type, .data = record->data};
}

DnsData dns_data_alone(guint16 type, ByteSpan octets)
{
    g_assert(octets.length <= G_MAXUINT16);
    return (DnsData){
        .message = octets,
        .type = type,
        .data = {.start = 0, .end = (guint16)octets.length},
    };
}

/* All parts, which must be exactly what the type has. */
static bool read_all(DnsData data, DnsDataPart parts[DNS_PARTS_MAXIMUM])
{
    DnsDataReader reader;
    DnsDataPart part;
    gsize count = 0;
    dns_data_begin(&reader, data.message, data.type, data.data);
    while (count < DNS_PARTS_MAXIMUM && dns_data_next(&reader, &part)) {
        parts[count++] = part;
    }
    return reader.defect.kind == DNS_DEFECT_NONE || reader.defect.kind == DNS_DEFECT_POINTER_NEW ||
           reader.defect.kind == DNS_DEFECT_DATA_LONG;
}

static bool name_of(DnsData data, const DnsDataPart *part, DnsName *out_name)
{
    return dns_message_name(data.message, part->place.start, out_name, NULL, NULL);
}

bool dns_data_address(DnsData data, ByteSpan *out_address)
{
    DnsDataPart parts[DNS_PARTS_MAXIMUM];
    if ((data.type != DNS_TYPE_A && data.type != DNS_TYPE_AAAA) || !read_all(data, parts)) {
        return false;
    }
    *out_address = parts[0].octets;
    return true;
}

bool dns_data_name(DnsData data, DnsName *out_name)
{
    DnsDataPart parts[DNS_PARTS_MAXIMUM];
    if (data.type != DNS_TYPE_NS && data.type != DNS_TYPE_CNAME && data.type != DNS_TYPE_PTR) {
        return false;
    }
    return read_all(data, parts) && name_of(data, &parts[0], out_name);
}

bool dns_data_mx(DnsData data, guint16 *out_preference, DnsName *out_exchange)
{
    DnsDataPart parts[DNS_PARTS_MAXIMUM];
    if (data.type != DNS_TYPE_MX || !read_all(data, parts) ||
        !name_of(data, &parts[1], out_exchange)) {
        return false;
    }
    *out_preference = (guint16)parts[0].number;
    return true;
}

bool dns_data_is_null_mx(DnsData data)
{
    guint16 preference = 0;
    DnsName exchange;
    return dns_data_mx(data, &preference, &exchange) && exchange.length == 1;
}

bool dns_data_text(DnsData data, GString *out_text)
{
    DnsDataReader reader;
    DnsDataPart part;
    gsize length = out_text->len;
    if (data.type != DNS_TYPE_TXT && data.type != DNS_TYPE_SPF) {
        return false;
    }
    dns_data_begin(&reader, data.message, data.type, data.data);
    while (dns_data_next(&reader, &part)) {
        g_string_append_len(out_text, (const char *)part.octets.data, (gssize)part.octets.length);
    }
    if (reader.defect.kind != DNS_DEFECT_NONE) {
        g_string_truncate(out_text, length);
        return false;
    }
    return true;
}

bool dns_data_soa(DnsData data, DnsSoa *out_soa)
{
    DnsDataPart parts[DNS_PARTS_MAXIMUM];
    DnsSoa soa;
    if (data.type != DNS_TYPE_SOA || !read_all(data, parts) ||
        !name_of(data, &parts[0], &soa.server) || !name_of(data, &parts[1], &soa.mailbox)) {
        return false;
    }
    soa.serial = parts[2].number;
    soa.refresh = parts[3].number;
    soa.retry = parts[4].number;
    soa.expire = parts[5].number;
    soa.minimum = parts[6].number;
    *out_soa = soa;
    return true;
}

bool dns_data_srv(DnsData data, DnsSrv *out_srv)
{
    DnsDataPart parts[DNS_PARTS_MAXIMUM];
    DnsSrv srv;
    if (data.type != DNS_TYPE_SRV || !read_all(data, parts) ||
        !name_of(data, &parts[3], &srv.target)) {
        return false;
    }
    srv.priority = (guint16)parts[0].number;
    srv.weight = (guint16)parts[1].number;
    srv.port = (guint16)parts[2].number;
    *out_srv = srv;
    return true;
}

static bool expand_part(DnsData data, const DnsDataPart *part, ByteBuffer *out)
{
    DnsName name;
    bool is_name = part->part != NULL &&
                   (part->part->kind == DNS_PART_NAME || part->part->kind == DNS_PART_PLAIN_NAME);
    if (!is_name) {
        gsize length = (gsize)part->place.end - part->place.start;
        return byte_buffer_append(out, byte_span_slice(data.message, part->place.start, length));
    }
    return name_of(data, part, &name) &&
           byte_buffer_append(out, byte_span(name.octets, name.length));
}

bool dns_data_expand(DnsData data, ByteBuffer *out)
{
    DnsDataReader reader;
    DnsDataPart part;
    dns_data_begin(&reader, data.message, data.type, data.data);
    while (dns_data_next(&reader, &part)) {
        if (!expand_part(data, &part, out)) {
            return false;
        }
    }
    return reader.defect.kind == DNS_DEFECT_NONE || reader.defect.kind == DNS_DEFECT_POINTER_NEW;
}
