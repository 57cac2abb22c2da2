#include "protocol/dns/dns-field.h"

#include "protocol/dns/dns-vocabulary.h"

typedef struct {
    ByteSpan message;
    DnsFieldEach each;
    void *user_data;
    GString *value;
} Walk;

static void give(Walk *walk, const DnsField *field)
{
    walk->each(field, walk->value->str, walk->user_data);
    g_string_truncate(walk->value, 0);
}

static void give_header_number(Walk *walk, const char *label, guint16 at)
{
    guint number = (guint)walk->message.data[at] << 8 | walk->message.data[at + 1];
    g_string_printf(walk->value, "%u", number);
    give(
        walk,
        &(DnsField){
            .label = label,
            .place = {.start = at, .end = (guint16)(at + 2)},
            .is_header = true,
            .reference = {1035, "4.1.1"},
        }
    );
}

/* 'first' counts from the high end of the two octets of flags. */
static void give_bits(Walk *walk, const char *label, guint first, guint bits, const char *value)
{
    const VocabularyItem *item = bits == 1 ? dns_flag_find((guint16)(0x8000u >> first)) : NULL;
    g_string_assign(walk->value, value);
    give(
        walk,
        &(DnsField){
            .label = label,
            .place = {.start = 2, .end = 4},
            .first_bit = (guint8)first,
            .bits = (guint8)bits,
            .is_header = true,
            .reference = item != NULL ? item->reference : (RfcReference){1035, "4.1.1"},
        }
    );
}

static void give_header(Walk *walk, const DnsHeader *header)
{
    static const char *const counts[] = {"QDCOUNT", "ANCOUNT", "NSCOUNT", "ARCOUNT"};
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    give_header_number(walk, "ID", 0);
    give_bits(walk, "QR", 0, 1, header->is_response ? "1, an answer" : "0, a question");
    give_bits(walk, "OPCODE", 1, 4, dns_opcode_to_text(header->opcode, room));
    give_bits(walk, "AA", 5, 1, header->is_authoritative ? "1, from the zone itself" : "0");
    give_bits(walk, "TC", 6, 1, header->is_truncated ? "1, cut short" : "0");
    give_bits(walk, "RD", 7, 1, header->recursion_desired ? "1, find it out for me" : "0");
    give_bits(walk, "RA", 8, 1, header->recursion_available ? "1, I find out for others" : "0");
    give_bits(walk, "Z", 9, 1, header->has_reserved_bit ? "1, but it must be 0" : "0");
    give_bits(walk, "AD", 10, 1, header->authentic_data ? "1, signatures checked" : "0");
    give_bits(walk, "CD", 11, 1, header->checking_disabled ? "1, do not check" : "0");
    give_bits(walk, "RCODE", 12, 4, dns_rcode_to_text(header->rcode, room));
    for (guint16 i = 0; i < N_DNS_SECTIONS; i++) {
        give_header_number(walk, counts[i], (guint16)(4 + 2 * i));
    }
}

static void append_name(Walk *walk, DnsPlace place)
{
    char text[DNS_NAME_TEXT_MAXIMUM];
    dns_message_name_text(walk->message, place.start, text);
    g_string_append(walk->value, text);
    if (place.end - place.start >= 2 && walk->message.data[place.end - 2] >= 0xc0) {
        guint target =
            (walk->message.data[place.end - 2] & 0x3fu) << 8 | walk->message.data[place.end - 1];
        g_string_append_printf(walk->value, " (pointer to octet %u)", target);
    }
}

static void give_name(Walk *walk, DnsField field, const DnsRecord *record)
{
    field.place = record->name;
    append_name(walk, record->name);
    give(walk, &field);
}

static void give_number(Walk *walk, DnsField field, guint16 at, guint16 length, const char *value)
{
    field.place = (DnsPlace){.start = at, .end = (guint16)(at + length)};
    g_string_assign(walk->value, value);
    give(walk, &field);
}

static void append_part(Walk *walk, DnsData data, const DnsDataPart *part)
{
    if (part->part == NULL) {
        g_string_append_printf(
            walk->value, "%" G_GSIZE_FORMAT " octets of no known form", part->octets.length
        );
        return;
    }
    switch (part->part->kind) {
    case DNS_PART_NAME:
    case DNS_PART_PLAIN_NAME:
        append_name(walk, part->place);
        return;
    case DNS_PART_NUMBER_8:
    case DNS_PART_NUMBER_16:
    case DNS_PART_NUMBER_32:
    case DNS_PART_SECONDS:
        g_string_append_printf(walk->value, "%u", part->number);
        return;
    case DNS_PART_OPTIONS:
        g_string_append_printf(
            walk->value, "option %u, %" G_GSIZE_FORMAT " octets", part->number, part->octets.length
        );
        return;
    case DNS_PART_IPV4:
    case DNS_PART_IPV6:
        dns_data_to_text(data, walk->value);
        return;
    case DNS_PART_STRING:
    case DNS_PART_STRINGS:
    case DNS_PART_WORD:
    case DNS_PART_TEXT:
    case DNS_PART_HEX: {
        g_autofree char *shown = byte_span_to_display(part->octets);
        g_string_append(walk->value, shown);
        return;
    }
    }
}

static void give_data(Walk *walk, DnsField field, const DnsRecord *record)
{
    DnsData data = dns_record_data(walk->message, record);
    DnsDataReader reader;
    DnsDataPart part;
    const VocabularyItem *item = dns_type_find(record->type);
    field.reference = item != NULL ? item->reference : field.reference;
    dns_data_begin(&reader, data.message, data.type, data.data);
    while (dns_data_next(&reader, &part)) {
        field.label = part.part != NULL ? part.part->label : "RDATA";
        field.place = part.place;
        append_part(walk, data, &part);
        give(walk, &field);
    }
    if (reader.position < record->data.end) {
        const DnsDefectRow *row = dns_defect_row(reader.defect.kind);
        field.label = "RDATA";
        field.place = (DnsPlace){.start = (guint16)reader.position, .end = record->data.end};
        g_string_assign(walk->value, row->name);
        give(walk, &field);
    }
}

/* RFC 6891 §6.1.2: in an OPT record class and TTL hold other things. */
static void give_class_and_ttl(Walk *walk, DnsField field, const DnsRecord *record)
{
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    DnsEdns edns;
    if (dns_record_edns(record, &edns)) {
        g_autofree char *payload = g_strdup_printf("%u, the longest datagram", edns.udp_payload);
        g_autofree char *flags = g_strdup_printf(
            "extended RCODE %u, version %u, DO %d",
            edns.extended_rcode,
            edns.version,
            edns.dnssec_ok
        );
        field.reference = (RfcReference){6891, "6.1.2"};
        give_number(walk, field, record->class_at, 2, payload);
        field.label = "TTL";
        give_number(walk, field, record->ttl_at, 4, flags);
        return;
    }
    give_number(walk, field, record->class_at, 2, dns_class_to_text(record->class_number, room));
    if (record->section != DNS_SECTION_QUESTION) {
        field.label = "TTL";
        g_snprintf(room, sizeof room, "%u s", record->ttl);
        give_number(walk, field, record->ttl_at, 4, room);
    }
}

static void give_record(Walk *walk, const DnsRecord *record)
{
    bool is_question = record->section == DNS_SECTION_QUESTION;
    char room[DNS_NUMBER_TEXT_MAXIMUM];
    DnsField field = {
        .section = record->section,
        .record = record->index,
        .reference = {1035, is_question ? "4.1.2" : "4.1.3"},
    };
    field.label = is_question ? "QNAME" : "NAME";
    give_name(walk, field, record);
    field.label = is_question ? "QTYPE" : "TYPE";
    give_number(walk, field, record->type_at, 2, dns_type_to_text(record->type, room));
    field.label = is_question ? "QCLASS" : "CLASS";
    give_class_and_ttl(walk, field, record);
    if (!is_question) {
        field.label = "RDLENGTH";
        g_snprintf(room, sizeof room, "%u", (guint)(record->data.end - record->data.start));
        give_number(walk, field, record->length_at, 2, room);
        give_data(walk, field, record);
    }
}

DnsDefect dns_fields_each(ByteSpan message, DnsFieldEach each, void *user_data)
{
    Walk walk = {.message = message, .each = each, .user_data = user_data};
    DnsReader reader;
    DnsRecord record;
    if (!dns_reader_begin(&reader, message)) {
        return reader.defect;
    }
    walk.value = g_string_new(NULL);
    give_header(&walk, &reader.header);
    while (dns_reader_next(&reader, &record)) {
        give_record(&walk, &record);
    }
    g_string_free(walk.value, TRUE);
    return reader.defect;
}
