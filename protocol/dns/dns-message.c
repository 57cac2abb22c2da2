#include "protocol/dns/dns-message.h"

#include "protocol/dns/dns-data.h"

#define POINTER_MAXIMUM 127 /* labels that fit into 255 octets */

static guint16 number_16(ByteSpan message, gsize at)
{
    return (guint16)(message.data[at] << 8 | message.data[at + 1]);
}

static guint32 number_32(ByteSpan message, gsize at)
{
    return (guint32)number_16(message, at) << 16 | number_16(message, at + 2);
}

static bool fail(DnsDefect *defect, DnsDefectKind kind, gsize offset)
{
    *defect = (DnsDefect){.kind = kind, .offset = (guint32)offset};
    return false;
}

static void read_header(ByteSpan message, DnsHeader *header)
{
    guint16 flags = number_16(message, 2);
    *header = (DnsHeader){
        .id = number_16(message, 0),
        .opcode = flags >> 11 & 0xf,
        .rcode = flags & 0xf,
        .is_response = flags & 0x8000,
        .is_authoritative = flags & 0x0400,
        .is_truncated = flags & 0x0200,
        .recursion_desired = flags & 0x0100,
        .recursion_available = flags & 0x0080,
        .has_reserved_bit = flags & 0x0040,
        .authentic_data = flags & 0x0020,
        .checking_disabled = flags & 0x0010,
    };
    for (guint section = 0; section < N_DNS_SECTIONS; section++) {
        header->counts[section] = number_16(message, 4 + 2 * section);
    }
}

bool dns_reader_begin(DnsReader *reader, ByteSpan message)
{
    *reader = (DnsReader){.message = message, .position = DNS_HEADER_LENGTH};
    if (message.length < DNS_HEADER_LENGTH) {
        reader->section = N_DNS_SECTIONS;
        return fail(&reader->defect, DNS_DEFECT_HEADER_CUT, message.length);
    }
    read_header(message, &reader->header);
    if (message.length > DNS_MESSAGE_MAXIMUM) {
        reader->section = N_DNS_SECTIONS;
        return fail(&reader->defect, DNS_DEFECT_TOO_LONG, DNS_MESSAGE_MAXIMUM);
    }
    return true;
}

/* Over a name at its own place; pointers end it and are not followed. */
static bool skip_name(ByteSpan message, guint32 *position, DnsDefect *defect)
{
    gsize at = *position;
    while (at < message.length) {
        guint8 length = message.data[at];
        if (length == 0) {
            *position = (guint32)(at + 1);
            return true;
        }
        if (length >= 0xc0) {
            *position = (guint32)(at + 2);
            return at + 2 <= message.length || fail(defect, DNS_DEFECT_NAME_CUT, message.length);
        }
        if (length > DNS_LABEL_MAXIMUM) {
            return fail(defect, DNS_DEFECT_LABEL_KIND, at);
        }
        at += 1u + length;
    }
    return fail(defect, DNS_DEFECT_NAME_CUT, message.length);
}

/* RFC 1035 §4.1.3, for a question §4.1.2 */
static bool read_record(DnsReader *reader, DnsRecord *record)
{
    ByteSpan message = reader->message;
    guint32 position = reader->position;
    bool is_question = reader->section == DNS_SECTION_QUESTION;
    if (!skip_name(message, &position, &reader->defect)) {
        return false;
    }
    if (message.length - position < (is_question ? 4 : 10)) {
        return fail(
            &reader->defect,
            is_question ? DNS_DEFECT_QUESTION_CUT : DNS_DEFECT_RECORD_CUT,
            message.length
        );
    }
    *record = (DnsRecord){
        .section = reader->section,
        .index = reader->index,
        .type = number_16(message, position),
        .class_number = number_16(message, position + 2),
        .name = {.start = (guint16)reader->position, .end = (guint16)position},
        .type_at = (guint16)position,
        .class_at = (guint16)(position + 2),
    };
    position += 4;
    if (!is_question) {
        record->ttl = number_32(message, position);
        record->ttl_at = (guint16)position;
        record->length_at = (guint16)(position + 4);
        guint16 length = number_16(message, position + 4);
        position += 6;
        if (message.length - position < length) {
            return fail(&reader->defect, DNS_DEFECT_DATA_CUT, position - 2);
        }
        record->data.start = (guint16)position;
        position += length;
        record->data.end = (guint16)position;
    }
    record->whole = (DnsPlace){.start = (guint16)reader->position, .end = (guint16)position};
    reader->position = position;
    return true;
}

bool dns_reader_next(DnsReader *reader, DnsRecord *out_record)
{
    while (reader->section < N_DNS_SECTIONS &&
           reader->index >= reader->header.counts[reader->section]) {
        reader->section++;
        reader->index = 0;
    }
    if (reader->section >= N_DNS_SECTIONS || reader->defect.kind != DNS_DEFECT_NONE) {
        return false;
    }
    DnsRecord record;
    if (!read_record(reader, &record)) {
        return false;
    }
    reader->index++;
    *out_record = record;
    return true;
}

/* RFC 1035 §4.1.4: a pointer leads to an earlier occurrence, so every target must lie before the
 * run of labels that the pointer ends; that also makes loops impossible. */
static DnsDefectKind judge_pointer(gsize target, gsize run_start, gsize pointer_at)
{
    if (target < DNS_HEADER_LENGTH) {
        return DNS_DEFECT_POINTER_HEADER;
    }
    if (target > pointer_at) {
        return DNS_DEFECT_POINTER_FORWARD;
    }
    return target >= run_start ? DNS_DEFECT_POINTER_LOOP : DNS_DEFECT_NONE;
}

static bool
expand_name(ByteSpan message, gsize offset, DnsName *name, guint32 *end, DnsDefect *defect)
{
    gsize at = offset;
    gsize run_start = offset;
    gsize length = 0;
    guint pointers = 0;
    while (at < message.length) {
        guint8 head = message.data[at];
        if (head >= 0xc0) {
            if (message.length - at < 2) {
                break;
            }
            gsize target = number_16(message, at) & 0x3fffu;
            DnsDefectKind kind = judge_pointer(target, run_start, at);
            if (kind == DNS_DEFECT_NONE && pointers >= POINTER_MAXIMUM) {
                kind = DNS_DEFECT_POINTER_CHAIN;
            }
            if (kind != DNS_DEFECT_NONE) {
                return fail(defect, kind, at);
            }
            *end = pointers++ == 0 ? (guint32)(at + 2) : *end;
            run_start = target;
            at = target;
            continue;
        }
        if (head > DNS_LABEL_MAXIMUM) {
            return fail(defect, DNS_DEFECT_LABEL_KIND, at);
        }
        if (message.length - at <= head) {
            break;
        }
        if (length + 1u + head > DNS_NAME_MAXIMUM) {
            return fail(defect, DNS_DEFECT_NAME_TOO_LONG, at);
        }
        memcpy(name->octets + length, message.data + at, 1u + head);
        length += 1u + head;
        at += 1u + head;
        if (head == 0) {
            name->length = (guint8)length;
            *end = pointers == 0 ? (guint32)at : *end;
            return true;
        }
    }
    return fail(defect, DNS_DEFECT_NAME_CUT, message.length);
}

bool dns_message_name(
    ByteSpan message, gsize offset, DnsName *out_name, guint32 *out_end, DnsDefect *out_defect
)
{
    DnsDefect defect = {.kind = DNS_DEFECT_NONE};
    DnsName name;
    guint32 end = 0;
    if (!expand_name(message, offset, &name, &end, &defect)) {
        if (out_defect != NULL) {
            *out_defect = defect;
        }
        return false;
    }
    out_name->length = name.length;
    memcpy(out_name->octets, name.octets, name.length);
    if (out_end != NULL) {
        *out_end = end;
    }
    return true;
}

void dns_message_name_text(ByteSpan message, gsize offset, char out_text[DNS_NAME_TEXT_MAXIMUM])
{
    DnsName name;
    if (dns_message_name(message, offset, &name, NULL, NULL)) {
        dns_name_to_text(&name, out_text);
    } else {
        g_strlcpy(out_text, "?", DNS_NAME_TEXT_MAXIMUM);
    }
}

bool dns_record_edns(const DnsRecord *record, DnsEdns *out_edns)
{
    if (record->type != DNS_TYPE_OPT || record->section == DNS_SECTION_QUESTION) {
        return false;
    }
    *out_edns = (DnsEdns){
        .udp_payload = record->class_number,
        .extended_rcode = (guint8)(record->ttl >> 24),
        .version = (guint8)(record->ttl >> 16),
        .dnssec_ok = record->ttl & 0x8000,
    };
    return true;
}

guint16 dns_message_rcode(ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    DnsEdns edns;
    if (!dns_reader_begin(&reader, message)) {
        return 0;
    }
    while (dns_reader_next(&reader, &record)) {
        if (dns_record_edns(&record, &edns)) {
            return (guint16)(edns.extended_rcode << 4 | reader.header.rcode);
        }
    }
    return reader.header.rcode;
}

bool dns_message_is_plausible(ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    DnsName name;
    if (!dns_reader_begin(&reader, message) || reader.header.has_reserved_bit ||
        reader.header.opcode > DNS_OPCODE_UPDATE || reader.header.opcode == 3 ||
        reader.header.counts[DNS_SECTION_QUESTION] != 1) {
        return false;
    }
    if (!dns_reader_next(&reader, &record) ||
        !dns_message_name(message, record.name.start, &name, NULL, NULL) ||
        (record.class_number > DNS_CLASS_HS && record.class_number < DNS_CLASS_NONE) ||
        record.class_number == 0 || record.class_number > DNS_CLASS_ANY) {
        return false;
    }
    while (dns_reader_next(&reader, &record)) {
    }
    return reader.defect.kind == DNS_DEFECT_NONE && reader.position == message.length;
}

typedef struct {
    DnsDefect *defects;
    gsize room;
    gsize count;
} Findings;

static void note(Findings *findings, DnsDefectKind kind, gsize offset)
{
    if (findings->count < findings->room) {
        findings->defects[findings->count] = (DnsDefect){.kind = kind, .offset = (guint32)offset};
    }
    findings->count++;
}

static void check_data(Findings *findings, ByteSpan message, const DnsRecord *record)
{
    DnsDataReader reader;
    DnsDataPart part;
    /* RFC 2136 messages and others carry records without data, which say something else. */
    if (record->data.start == record->data.end && record->class_number >= DNS_CLASS_NONE) {
        return;
    }
    dns_data_begin(&reader, message, record->type, record->data);
    while (dns_data_next(&reader, &part)) {
    }
    if (reader.defect.kind != DNS_DEFECT_NONE) {
        note(findings, reader.defect.kind, reader.defect.offset);
    }
}

static void
check_record(Findings *findings, ByteSpan message, const DnsRecord *record, bool *has_opt)
{
    DnsName name;
    DnsDefect defect;
    if (!dns_message_name(message, record->name.start, &name, NULL, &defect)) {
        note(findings, defect.kind, defect.offset);
        name = dns_root;
    }
    if (record->section == DNS_SECTION_QUESTION) {
        return;
    }
    if (record->type == DNS_TYPE_OPT) {
        if (record->section != DNS_SECTION_ADDITIONAL || *has_opt) {
            note(findings, DNS_DEFECT_OPT_PLACE, record->whole.start);
        }
        if (name.length > 1) {
            note(findings, DNS_DEFECT_OPT_NAME, record->name.start);
        }
        *has_opt = true;
    }
    check_data(findings, message, record);
}

gsize dns_message_check(ByteSpan message, DnsDefect *out_defects, gsize room)
{
    Findings findings = {.defects = out_defects, .room = room};
    DnsReader reader;
    DnsRecord record;
    bool has_opt = false;
    if (dns_reader_begin(&reader, message)) {
        if (reader.header.has_reserved_bit) {
            note(&findings, DNS_DEFECT_RESERVED, 3);
        }
        while (dns_reader_next(&reader, &record)) {
            check_record(&findings, message, &record, &has_opt);
        }
    }
    if (reader.defect.kind != DNS_DEFECT_NONE) {
        note(&findings, reader.defect.kind, reader.defect.offset);
    } else if (reader.position < message.length) {
        note(&findings, DNS_DEFECT_TRAILING, reader.position);
    }
    return findings.count;
}
