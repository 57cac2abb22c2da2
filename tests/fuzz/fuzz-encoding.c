/* Every codec over the same octets. The first octet says in which pieces they arrive: any split
 * must give the same. What has been decoded is encoded and decoded again, and must come back. */

#include "protocol/encoding/auth-token.h"
#include "protocol/encoding/base64-trace.h"
#include "protocol/encoding/dot-stuffing.h"
#include "protocol/encoding/encoded-word.h"
#include "protocol/encoding/modified-utf7.h"
#include "protocol/encoding/parameter-value.h"
#include "protocol/encoding/quoted-printable-trace.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define ROOM(length) ((length)*16 + 64)

static void decode_base64(ByteSpan text, Base64Mode mode, gsize piece, ByteBuffer *out)
{
    Base64Decoder decoder;
    base64_decoder_init(&decoder, mode);
    bool goes_on = true;
    for (gsize at = 0; at < text.length && goes_on; at += piece) {
        goes_on = base64_decoder_feed(&decoder, byte_span_slice(text, at, piece), out);
    }
    if (goes_on) {
        base64_decoder_finish(&decoder, out);
    }
}

static void try_base64(ByteSpan text, gsize piece)
{
    for (int mode = BASE64_STRICT; mode <= BASE64_MIME; mode++) {
        ByteBuffer whole;
        ByteBuffer pieces;
        byte_buffer_init(&whole, ROOM(text.length));
        byte_buffer_init(&pieces, ROOM(text.length));
        decode_base64(text, (Base64Mode)mode, MAX(text.length, 1), &whole);
        decode_base64(text, (Base64Mode)mode, piece, &pieces);
        g_assert(byte_span_equal(byte_buffer_span(&whole), byte_buffer_span(&pieces)));
        byte_buffer_clear(&whole);
        byte_buffer_clear(&pieces);
    }
    ByteBuffer letters;
    ByteBuffer back;
    byte_buffer_init(&letters, ROOM(text.length));
    byte_buffer_init(&back, ROOM(text.length));
    g_assert(base64_encode(text, &letters));
    g_assert(base64_decode(byte_buffer_span(&letters), &back, NULL));
    g_assert(byte_span_equal(byte_buffer_span(&back), text));
    byte_buffer_clear(&letters);
    byte_buffer_clear(&back);
    Base64Reader reader;
    Base64Reading reading;
    base64_reader_init(&reader, text, BASE64_CANONICAL);
    while (base64_reader_next(&reader, &reading)) {
    }
    g_assert(reader.fault_position <= text.length);
}

static void decode_quoted_printable(ByteSpan text, gsize piece, ByteBuffer *out)
{
    QuotedPrintableDecoder decoder;
    quoted_printable_decoder_init(&decoder);
    for (gsize at = 0; at < text.length; at += piece) {
        g_assert(quoted_printable_decoder_feed(&decoder, byte_span_slice(text, at, piece), out));
    }
    g_assert(quoted_printable_decoder_finish(&decoder, out));
    g_assert(decoder.fault_position <= text.length);
}

static void try_quoted_printable(ByteSpan text, gsize piece)
{
    ByteBuffer whole;
    ByteBuffer pieces;
    byte_buffer_init(&whole, ROOM(text.length));
    byte_buffer_init(&pieces, ROOM(text.length));
    decode_quoted_printable(text, MAX(text.length, 1), &whole);
    decode_quoted_printable(text, piece, &pieces);
    g_assert(byte_span_equal(byte_buffer_span(&whole), byte_buffer_span(&pieces)));
    byte_buffer_reset(&whole);
    byte_buffer_reset(&pieces);
    g_assert(quoted_printable_encode(text, QUOTED_PRINTABLE_TEXT, &whole));
    g_assert(quoted_printable_decode(byte_buffer_span(&whole), &pieces, NULL));
    g_assert(byte_span_equal(byte_buffer_span(&pieces), text));
    byte_buffer_clear(&whole);
    byte_buffer_clear(&pieces);
    QuotedPrintableReading reading;
    for (ByteSpan rest = text; quoted_printable_read_next(&rest, &reading);) {
        g_assert(reading.length > 0);
    }
}

static bool unstuff(ByteSpan wire, gsize piece, bool is_lenient, ByteBuffer *out, guint32 *defects)
{
    DotUnstuffer unstuffer;
    if (is_lenient) {
        dot_unstuffer_init_lenient(&unstuffer);
    } else {
        dot_unstuffer_init(&unstuffer);
    }
    for (gsize at = 0; at < wire.length; at += piece) {
        ByteSpan input = byte_span_slice(wire, at, piece);
        ByteSpan octets;
        DotStep step;
        while ((step = dot_unstuffer_next(&unstuffer, &input, &octets)) == DOT_DATA) {
            g_assert(octets.length > 0);
            g_assert(byte_buffer_append(out, octets));
        }
        *defects = unstuffer.defects;
        if (step == DOT_END) {
            return true;
        }
    }
    return false;
}

static void try_dots(ByteSpan wire, gsize piece)
{
    for (int lenient = 0; lenient < 2; lenient++) {
        guint32 defects[2] = {0, 0};
        ByteBuffer whole;
        ByteBuffer pieces;
        byte_buffer_init(&whole, ROOM(wire.length));
        byte_buffer_init(&pieces, ROOM(wire.length));
        bool has_ended = unstuff(wire, MAX(wire.length, 1), lenient == 1, &whole, &defects[0]);
        g_assert(unstuff(wire, piece, lenient == 1, &pieces, &defects[1]) == has_ended);
        g_assert(byte_span_equal(byte_buffer_span(&whole), byte_buffer_span(&pieces)));
        g_assert(defects[0] == defects[1]);
        byte_buffer_clear(&whole);
        byte_buffer_clear(&pieces);
    }
    ByteBuffer stuffed;
    ByteBuffer back;
    guint32 defects = 0;
    byte_buffer_init(&stuffed, ROOM(wire.length));
    byte_buffer_init(&back, ROOM(wire.length));
    g_assert(dot_stuff(wire, &stuffed));
    g_assert(unstuff(byte_buffer_span(&stuffed), piece, false, &back, &defects));
    g_assert(byte_span_equal(byte_span_slice(byte_buffer_span(&back), 0, wire.length), wire));
    g_assert((defects & DOT_DEFECT_NOT_STUFFED) == 0);
    byte_buffer_clear(&stuffed);
    byte_buffer_clear(&back);
}

static void try_words(ByteSpan text)
{
    g_autofree char *decoded = encoded_words_decode(text);
    g_assert(g_utf8_validate(decoded, -1, NULL));
    ByteBuffer words;
    byte_buffer_init(&words, ROOM(text.length));
    if (encoded_words_encode(text, NULL, ENCODED_WORD_SHORTER, &words) &&
        byte_span_find(text, 0, 0) < 0) {
        g_autofree char *back = encoded_words_decode(byte_buffer_span(&words));
        g_assert(byte_span_is(text, back));
    }
    byte_buffer_clear(&words);
}

static void try_names(ByteSpan text)
{
    ByteBuffer first;
    ByteBuffer second;
    gsize position = 0;
    byte_buffer_init(&first, ROOM(text.length));
    byte_buffer_init(&second, ROOM(text.length));
    if (modified_utf7_decode(text, &first, NULL, &position)) {
        g_assert(modified_utf7_encode(byte_buffer_span(&first), &second, NULL, NULL));
        g_assert(byte_span_equal(byte_buffer_span(&second), text));
    }
    g_assert(position <= text.length);
    byte_buffer_reset(&first);
    byte_buffer_reset(&second);
    if (modified_utf7_encode(text, &first, NULL, NULL)) {
        g_assert(modified_utf7_decode(byte_buffer_span(&first), &second, NULL, NULL));
        g_assert(byte_span_equal(byte_buffer_span(&second), text));
    }
    byte_buffer_clear(&first);
    byte_buffer_clear(&second);
}

static void try_parameters(ByteSpan text)
{
    gsize position = 0;
    g_autofree char *value = parameter_decode(text, "name", NULL, &position);
    (void)value;
    g_assert(position <= text.length);
    ByteBuffer written;
    byte_buffer_init(&written, ROOM(text.length));
    if (parameter_encode("name", text, NULL, &written) && byte_span_find(text, 0, 0) < 0 &&
        text.length < 10000) {
        g_autofree char *back = parameter_decode(byte_buffer_span(&written), "name", NULL, NULL);
        g_assert(byte_span_is(text, back == NULL ? "" : back));
    }
    byte_buffer_clear(&written);
}

static void try_tokens(ByteSpan text)
{
    PlainMessage message;
    ByteSpan timestamp;
    gsize position = 0;
    if (plain_message_read(text, &message, &position)) {
        ByteBuffer again;
        byte_buffer_init(&again, ROOM(text.length));
        g_assert(plain_message_write(&message, &again));
        g_assert(byte_span_equal(byte_buffer_span(&again), text));
        byte_buffer_clear(&again);
    }
    g_assert(position <= text.length);
    apop_timestamp(text, &timestamp);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0) {
        return 0;
    }
    gsize piece = data[0] % 8 + 1u;
    ByteSpan text = byte_span(data + 1, size - 1);
    try_base64(text, piece);
    try_quoted_printable(text, piece);
    try_dots(text, piece);
    try_words(text);
    try_names(text);
    try_parameters(text);
    try_tokens(text);
    return 0;
}
