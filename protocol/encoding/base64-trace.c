#include "protocol/encoding/base64-trace.h"

gsize base64_group_count(gsize n_octets)
{
    return n_octets / 3 + (n_octets % 3 == 0 ? 0 : 1);
}

static void fill_sextets(Base64Group *group)
{
    guint32 bits =
        (guint32)group->octets[0] << 16 | (guint32)group->octets[1] << 8 | group->octets[2];
    group->n_sextets = group->n_octets + 1;
    group->n_fill_bits = (3 - group->n_octets) * 2;
    group->n_pads = 3 - group->n_octets;
    memset(group->letters, '=', 4);
    group->letters[4] = '\0';
    for (guint i = 0; i < group->n_sextets; i++) {
        group->sextets[i] = bits >> (18 - 6 * i) & 63;
        group->letters[i] = base64_letter(group->sextets[i]);
    }
}

Base64Group base64_group(ByteSpan octets, gsize number)
{
    g_assert(number < base64_group_count(octets.length));
    Base64Group group = {
        .number = number,
        .octet_offset = number * 3,
        .letter_offset = number * 4,
    };
    ByteSpan part = byte_span_slice(octets, number * 3, 3);
    group.n_octets = (guint)part.length;
    memcpy(group.octets, part.data, part.length);
    fill_sextets(&group);
    return group;
}

static void write_bits(guint value, guint n_bits, char *out_bits)
{
    for (guint i = 0; i < n_bits; i++) {
        out_bits[i] = value >> (n_bits - 1 - i) & 1 ? '1' : '0';
    }
    out_bits[n_bits] = '\0';
}

void base64_octet_bits(guint8 octet, char out_bits[9])
{
    write_bits(octet, 8, out_bits);
}

void base64_sextet_bits(guint8 sextet, char out_bits[7])
{
    write_bits(sextet, 6, out_bits);
}

const char *base64_padding_reason(gsize n_octets)
{
    static const char *const reasons[] = {
        "The number of octets is a multiple of 3, so no '=' is needed.",
        "1 octet is left over: its 8 bits and 4 zero bits make 2 letters, and '==' completes the "
        "4.",
        "2 octets are left over: their 16 bits and 2 zero bits make 3 letters, and '=' completes "
        "the 4.",
    };
    return n_octets == 0 ? "Nothing gives nothing: no letter and no '='." : reasons[n_octets % 3];
}

void base64_reader_init(Base64Reader *reader, ByteSpan text, Base64Mode mode)
{
    *reader = (Base64Reader){.text = text, .mode = mode};
}

static bool is_white(guint8 octet)
{
    return octet == '\r' || octet == '\n' || octet == ' ' || octet == '\t';
}

static bool fail(Base64Reader *reader, Base64Fault fault, gsize position)
{
    reader->fault = fault;
    reader->fault_position = position;
    return false;
}

/* The next octet that is no white space; false at the end. */
static bool take(Base64Reader *reader, guint8 *out_octet, gsize *out_position)
{
    while (reader->mode == BASE64_MIME && reader->at < reader->text.length &&
           is_white(reader->text.data[reader->at])) {
        reader->at++;
    }
    if (reader->at == reader->text.length) {
        return false;
    }
    *out_position = reader->at;
    *out_octet = reader->text.data[reader->at++];
    return true;
}

/* One letter more of the group; 'n_pads' counts those at its end. */
static bool add_letter(Base64Reader *reader, Base64Reading *reading, guint8 octet, gsize position)
{
    Base64Group *group = &reading->group;
    if (octet == '=') {
        if (group->n_sextets < 2) {
            return fail(reader, BASE64_FAULT_EARLY_PADDING, position);
        }
        group->n_pads++;
    } else if (base64_sextet(octet) < 0) {
        return fail(reader, BASE64_FAULT_CHARACTER, position);
    } else if (group->n_pads > 0) {
        return fail(reader, BASE64_FAULT_AFTER_PADDING, position);
    } else {
        group->sextets[group->n_sextets++] = (guint8)base64_sextet(octet);
    }
    group->letters[reading->n_letters] = (char)octet;
    reading->positions[reading->n_letters++] = position;
    return true;
}

/* The octets of what letters there are; the bits that are left over ought to be zero. */
static void fill_octets(Base64Reader *reader, Base64Reading *reading)
{
    Base64Group *group = &reading->group;
    guint32 bits = 0;
    for (guint i = 0; i < group->n_sextets; i++) {
        bits |= (guint32)group->sextets[i] << (18 - 6 * i);
    }
    group->n_octets = group->n_sextets * 6 / 8;
    group->n_fill_bits = group->n_sextets * 6 % 8;
    for (guint i = 0; i < group->n_octets; i++) {
        group->octets[i] = (guint8)(bits >> (16 - 8 * i));
    }
    reading->stray_bits = group->n_sextets == 0 ? 0
                                                : group->sextets[group->n_sextets - 1] &
                                                      ((1u << group->n_fill_bits) - 1);
    group->number = reader->n_groups++;
    group->octet_offset = reader->n_octets;
    group->letter_offset = reader->n_letters;
    reader->n_octets += group->n_octets;
    reader->n_letters += reading->n_letters;
}

static bool judge_group(Base64Reader *reader, const Base64Reading *reading)
{
    if (reading->n_letters < 4) {
        return fail(reader, BASE64_FAULT_CUT, reader->text.length);
    }
    bool has_stray_bits = reading->stray_bits != 0 && reading->group.n_fill_bits > 0;
    if (has_stray_bits && reader->mode != BASE64_STRICT) {
        return fail(
            reader, BASE64_FAULT_STRAY_BITS, reading->positions[reading->group.n_sextets - 1]
        );
    }
    return true;
}

bool base64_reader_next(Base64Reader *reader, Base64Reading *out_reading)
{
    Base64Reading reading = {.n_letters = 0};
    guint8 octet;
    gsize position;
    if (reader->fault != BASE64_FAULT_NONE) {
        return false;
    }
    while (reading.n_letters < 4 && take(reader, &octet, &position)) {
        if (reader->has_ended) {
            return fail(reader, BASE64_FAULT_AFTER_PADDING, position);
        }
        if (!add_letter(reader, &reading, octet, position)) {
            break;
        }
    }
    if (reading.n_letters == 0) {
        return false;
    }
    fill_octets(reader, &reading);
    reader->has_ended = reading.group.n_pads > 0;
    if (reader->fault == BASE64_FAULT_NONE) {
        judge_group(reader, &reading);
    }
    *out_reading = reading;
    return true;
}
