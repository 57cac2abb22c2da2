#include "protocol/encoding/base64.h"

#define CHUNK_GROUPS 1024 /* groups of four letters that are worked on at a time */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#define NO_SEXTET 0x80

/* The inverse of the alphabet; what is not in it has the high bit set. */
static const guint8 sextets[256] = {
#define NONE_4 NO_SEXTET, NO_SEXTET, NO_SEXTET, NO_SEXTET
#define NONE_16 NONE_4, NONE_4, NONE_4, NONE_4
#define RUN_5(first) (first), (first) + 1, (first) + 2, (first) + 3, (first) + 4
#define RUN_26(first)                                                                              \
    RUN_5(first), RUN_5((first) + 5), RUN_5((first) + 10), RUN_5((first) + 15),                    \
        RUN_5((first) + 20), (first) + 25
    NONE_16,    NONE_16,   NONE_4,    NONE_4,    NO_SEXTET, NO_SEXTET, NO_SEXTET, /* up to '*' */
    62,         NO_SEXTET, NO_SEXTET, NO_SEXTET, 63,                              /* + , - . / */
    RUN_5(52),  RUN_5(57), NONE_4,    NO_SEXTET, NO_SEXTET, NO_SEXTET, /* 0 to 9 : to @ */
    RUN_26(0),  NONE_4,    NO_SEXTET, NO_SEXTET,                       /* A to Z [ to ` */
    RUN_26(26), NONE_4,    NO_SEXTET,                                  /* a to z { to DEL */
    NONE_16,    NONE_16,   NONE_16,   NONE_16,   NONE_16,   NONE_16,   NONE_16,   NONE_16,
#undef NONE_4
#undef NONE_16
#undef RUN_5
#undef RUN_26
};

char base64_letter(guint sextet)
{
    g_assert(sextet < 64);
    return alphabet[sextet];
}

int base64_sextet(guint8 letter)
{
    return sextets[letter] == NO_SEXTET ? -1 : sextets[letter];
}

const char *base64_fault_name(Base64Fault fault)
{
    static const char *const names[] = {
        [BASE64_FAULT_NONE] = "nothing",
        [BASE64_FAULT_CHARACTER] = "a character that is not in the base64 alphabet",
        [BASE64_FAULT_EARLY_PADDING] = "padding where a letter must stand",
        [BASE64_FAULT_AFTER_PADDING] = "something behind the padding, which ends the text",
        [BASE64_FAULT_CUT] = "the end, where a group of four is not complete",
        [BASE64_FAULT_STRAY_BITS] = "a letter whose last bits are lost and yet not zero",
        [BASE64_FAULT_NO_ROOM] = "more than there is room for",
    };
    return names[fault];
}

void base64_decoder_init(Base64Decoder *decoder, Base64Mode mode)
{
    *decoder = (Base64Decoder){.mode = (guint8)mode};
}

/* Keeps the first fault. True: decoding goes on in spite of it. */
static bool note(Base64Decoder *decoder, Base64Fault fault, guint64 position)
{
    if (decoder->fault == BASE64_FAULT_NONE || fault == BASE64_FAULT_NO_ROOM) {
        decoder->fault = (guint8)fault;
        decoder->fault_position = position;
    }
    return decoder->mode == BASE64_MIME && fault != BASE64_FAULT_NO_ROOM;
}

static bool has_failed(const Base64Decoder *decoder)
{
    return decoder->fault == BASE64_FAULT_NO_ROOM ||
           (decoder->fault != BASE64_FAULT_NONE && decoder->mode != BASE64_MIME);
}

typedef struct {
    guint8 *next;
    gsize room;
} Output;

/* Writes the 'n_octets' first octets of the group, whose sextets stand at the top of 24 bits. */
static bool put_group(Base64Decoder *decoder, guint32 bits, guint n_octets, Output *output)
{
    if (output->room < n_octets) {
        return note(decoder, BASE64_FAULT_NO_ROOM, decoder->taken);
    }
    for (guint i = 0; i < n_octets; i++) {
        *output->next++ = (guint8)(bits >> (16 - 8 * i));
    }
    output->room -= n_octets;
    decoder->bits = 0;
    decoder->n_sextets = 0;
    return true;
}

/* RFC 4648 §4: one '=' leaves two octets and two bits over, two leave one octet and four bits. */
static bool put_last_group(Base64Decoder *decoder, Output *output)
{
    guint n_octets = decoder->n_sextets - 1u;
    guint32 bits = decoder->bits << (6 * (4 - decoder->n_sextets));
    guint32 lost = bits & (0xffffffu >> (8 * n_octets));
    if (lost != 0 && decoder->mode != BASE64_STRICT &&
        !note(decoder, BASE64_FAULT_STRAY_BITS, decoder->last_letter)) {
        return false;
    }
    return put_group(decoder, bits, n_octets, output);
}

static bool take_pad(Base64Decoder *decoder, Output *output)
{
    if (decoder->n_sextets < 2) {
        return note(decoder, BASE64_FAULT_EARLY_PADDING, decoder->taken);
    }
    decoder->n_pads++;
    if (decoder->n_sextets + decoder->n_pads < 4) {
        return true;
    }
    decoder->has_ended = true;
    return put_last_group(decoder, output);
}

static bool take_letter(Base64Decoder *decoder, guint32 sextet, Output *output)
{
    if (decoder->n_pads > 0) {
        if (!note(decoder, BASE64_FAULT_AFTER_PADDING, decoder->taken)) {
            return false;
        }
        decoder->n_pads = 0;
    }
    decoder->bits = decoder->bits << 6 | sextet;
    decoder->n_sextets++;
    decoder->last_letter = decoder->taken;
    return decoder->n_sextets < 4 || put_group(decoder, decoder->bits, 3, output);
}

static bool is_white(guint8 octet)
{
    return octet == '\r' || octet == '\n' || octet == ' ' || octet == '\t';
}

static bool take_octet(Base64Decoder *decoder, guint8 octet, Output *output)
{
    if (decoder->mode == BASE64_MIME && is_white(octet)) {
        return true;
    }
    if (decoder->has_ended) {
        return note(decoder, BASE64_FAULT_AFTER_PADDING, decoder->taken);
    }
    if (octet == '=') {
        return take_pad(decoder, output);
    }
    if (sextets[octet] == NO_SEXTET) {
        return note(decoder, BASE64_FAULT_CHARACTER, decoder->taken);
    }
    return take_letter(decoder, sextets[octet], output);
}

/* Whole groups of letters at a time, up to the first that holds anything else. Each group is read
 * before it is written, so the output may lie over the text. */
static gsize take_groups(ByteSpan text, Output *output)
{
    gsize at = 0;
    while (text.length - at >= 4 && output->room >= 3) {
        const guint8 *group = text.data + at;
        guint32 a = sextets[group[0]];
        guint32 b = sextets[group[1]];
        guint32 c = sextets[group[2]];
        guint32 d = sextets[group[3]];
        if ((a | b | c | d) & NO_SEXTET) {
            break;
        }
        output->next[0] = (guint8)(a << 2 | b >> 4);
        output->next[1] = (guint8)(b << 4 | c >> 2);
        output->next[2] = (guint8)(c << 6 | d);
        output->next += 3;
        output->room -= 3;
        at += 4;
    }
    return at;
}

static bool decode_run(Base64Decoder *decoder, ByteSpan text, Output *output)
{
    for (gsize at = 0; at < text.length;) {
        if (decoder->n_sextets == 0 && !decoder->has_ended) {
            gsize taken = take_groups(byte_span_from(text, at), output);
            at += taken;
            decoder->taken += taken;
            if (at == text.length) {
                break;
            }
        }
        if (!take_octet(decoder, text.data[at], output)) {
            return false;
        }
        at++;
        decoder->taken++;
    }
    return true;
}

static bool hand_over(Base64Decoder *decoder, ByteSpan octets, ByteBuffer *out)
{
    return byte_buffer_append(out, octets) || note(decoder, BASE64_FAULT_NO_ROOM, decoder->taken);
}

bool base64_decoder_feed(Base64Decoder *decoder, ByteSpan text, ByteBuffer *out)
{
    if (has_failed(decoder)) {
        return false;
    }
    for (gsize at = 0; at < text.length; at += 4 * CHUNK_GROUPS) {
        guint8 octets[3 * CHUNK_GROUPS + 3];
        Output output = {.next = octets, .room = sizeof octets};
        bool goes_on = decode_run(decoder, byte_span_slice(text, at, 4 * CHUNK_GROUPS), &output);
        if (!hand_over(decoder, byte_span(octets, (gsize)(output.next - octets)), out) ||
            !goes_on) {
            return false;
        }
    }
    return true;
}

static bool finish_run(Base64Decoder *decoder, Output *output)
{
    if (decoder->n_sextets == 0) {
        return true;
    }
    if (!note(decoder, BASE64_FAULT_CUT, decoder->taken)) {
        return false;
    }
    return decoder->n_sextets == 1 || put_last_group(decoder, output);
}

bool base64_decoder_finish(Base64Decoder *decoder, ByteBuffer *out)
{
    guint8 octets[3];
    Output output = {.next = octets, .room = sizeof octets};
    return !has_failed(decoder) && finish_run(decoder, &output) &&
           hand_over(decoder, byte_span(octets, (gsize)(output.next - octets)), out);
}

static void tell_bad_position(const Base64Decoder *decoder, ByteSpan text, gsize *out_bad_position)
{
    if (out_bad_position != NULL) {
        *out_bad_position =
            decoder->fault == BASE64_FAULT_NO_ROOM ? text.length : (gsize)decoder->fault_position;
    }
}

bool base64_decode(ByteSpan text, ByteBuffer *out, gsize *out_bad_position)
{
    Base64Decoder decoder;
    gsize length_before = byte_buffer_length(out);
    base64_decoder_init(&decoder, BASE64_STRICT);
    if (base64_decoder_feed(&decoder, text, out) && base64_decoder_finish(&decoder, out)) {
        return true;
    }
    byte_buffer_truncate(out, length_before);
    tell_bad_position(&decoder, text, out_bad_position);
    return false;
}

gssize base64_decode_to(ByteSpan text, guint8 *out, gsize capacity, gsize *out_bad_position)
{
    Base64Decoder decoder;
    Output output = {.next = out, .room = capacity};
    base64_decoder_init(&decoder, BASE64_STRICT);
    if (decode_run(&decoder, text, &output) && finish_run(&decoder, &output)) {
        return (gssize)(capacity - output.room);
    }
    tell_bad_position(&decoder, text, out_bad_position);
    return -1;
}

gsize base64_decoded_maximum(gsize text_length)
{
    return text_length / 4 * 3;
}

gsize base64_encoded_length(gsize octets)
{
    return octets / 3 * 4 + (octets % 3 == 0 ? 0 : 4);
}

gsize base64_encoded_lines_length(gsize octets, gsize line_length)
{
    g_assert(line_length > 0);
    gsize letters = base64_encoded_length(octets);
    gsize lines = letters / line_length + (letters % line_length == 0 ? 0 : 1);
    return letters + 2 * lines;
}

/* RFC 4648 §4: a last group of one or two octets is filled with zero bits, and '=' stand for the
 * letters that would hold nothing else. */
static gsize encode_run(ByteSpan octets, char *letters)
{
    char *next = letters;
    for (gsize at = 0; at < octets.length; at += 3) {
        gsize n_octets = MIN(octets.length - at, 3);
        guint32 bits = (guint32)octets.data[at] << 16;
        bits |= n_octets > 1 ? (guint32)octets.data[at + 1] << 8 : 0;
        bits |= n_octets > 2 ? octets.data[at + 2] : 0;
        *next++ = alphabet[bits >> 18];
        *next++ = alphabet[bits >> 12 & 63];
        *next++ = n_octets > 1 ? alphabet[bits >> 6 & 63] : '=';
        *next++ = n_octets > 2 ? alphabet[bits & 63] : '=';
    }
    return (gsize)(next - letters);
}

static void must_append(ByteBuffer *out, ByteSpan span)
{
    bool fits = byte_buffer_append(out, span);
    g_assert(fits);
}

/* Appends letters; 'column' is where they start in the line, and a full line is closed. */
static void append_lines(ByteBuffer *out, ByteSpan letters, gsize line_length, gsize *column)
{
    while (letters.length > 0) {
        gsize length = MIN(letters.length, line_length - *column);
        must_append(out, byte_span_slice(letters, 0, length));
        letters = byte_span_from(letters, length);
        *column += length;
        if (*column == line_length) {
            must_append(out, BYTE_SPAN_LITERAL("\r\n"));
            *column = 0;
        }
    }
}

static bool has_room(const ByteBuffer *out, gsize length)
{
    return length <= out->maximum - byte_buffer_length(out);
}

bool base64_encode(ByteSpan octets, ByteBuffer *out)
{
    if (!has_room(out, base64_encoded_length(octets.length))) {
        return false;
    }
    for (gsize at = 0; at < octets.length; at += 3 * CHUNK_GROUPS) {
        char letters[4 * CHUNK_GROUPS];
        gsize length = encode_run(byte_span_slice(octets, at, 3 * CHUNK_GROUPS), letters);
        must_append(out, byte_span(letters, length));
    }
    return true;
}

bool base64_encode_lines(ByteSpan octets, gsize line_length, ByteBuffer *out)
{
    if (!has_room(out, base64_encoded_lines_length(octets.length, line_length))) {
        return false;
    }
    gsize column = 0;
    for (gsize at = 0; at < octets.length; at += 3 * CHUNK_GROUPS) {
        char letters[4 * CHUNK_GROUPS];
        gsize length = encode_run(byte_span_slice(octets, at, 3 * CHUNK_GROUPS), letters);
        append_lines(out, byte_span(letters, length), line_length, &column);
    }
    if (column > 0) {
        must_append(out, BYTE_SPAN_LITERAL("\r\n"));
    }
    return true;
}
