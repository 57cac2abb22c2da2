#include "protocol/encoding/modified-utf7.h"

#include "protocol/encoding/base64.h"

const char *modified_utf7_fault_name(ModifiedUtf7Fault fault)
{
    static const char *const names[] = {
        [MODIFIED_UTF7_FAULT_NONE] = "nothing",
        [MODIFIED_UTF7_FAULT_CHARACTER] = "a character that is not printable ASCII",
        [MODIFIED_UTF7_FAULT_NOT_BASE64] = "a character that its base64 does not have",
        [MODIFIED_UTF7_FAULT_NOT_CLOSED] = "the end, where a \"-\" must close the base64",
        [MODIFIED_UTF7_FAULT_BITS] = "base64 that makes no whole number of UTF-16 units",
        [MODIFIED_UTF7_FAULT_SURROGATE] = "half of a surrogate pair",
        [MODIFIED_UTF7_FAULT_NEEDLESS] = "base64 for a character that can stand for itself",
        [MODIFIED_UTF7_FAULT_NULL_SHIFT] = "a shift that starts where another has just ended",
        [MODIFIED_UTF7_FAULT_NOT_UTF8] = "an octet that is not part of a whole UTF-8 character",
        [MODIFIED_UTF7_FAULT_NO_ROOM] = "more than there is room for",
    };
    return names[fault];
}

static bool is_plain(gunichar character)
{
    return character >= ' ' && character <= '~';
}

typedef struct {
    ByteBuffer *out;
    ModifiedUtf7Fault fault;
    gsize position;
} Work;

static bool fail(Work *work, ModifiedUtf7Fault fault, gsize position)
{
    work->fault = fault;
    work->position = position;
    return false;
}

static bool put(Work *work, const void *data, gsize length, gsize position)
{
    return byte_buffer_append(work->out, byte_span(data, length)) ||
           fail(work, MODIFIED_UTF7_FAULT_NO_ROOM, position);
}

static bool put_character(Work *work, gunichar character, gsize position)
{
    char utf8[6];
    if (is_plain(character) && character != '&') {
        return fail(work, MODIFIED_UTF7_FAULT_NEEDLESS, position);
    }
    int length = g_unichar_to_utf8(character, utf8);
    return put(work, utf8, (gsize)length, position);
}

/* A UTF-16 unit; 'high' is the first half of a pair that waits for the second. */
static bool put_unit(Work *work, guint32 unit, guint32 *high, gsize position)
{
    bool is_low = unit >= 0xdc00 && unit < 0xe000;
    if (is_low != (*high != 0)) {
        return fail(work, MODIFIED_UTF7_FAULT_SURROGATE, position);
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
        *high = unit;
        return true;
    }
    gunichar character = is_low ? 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00) : unit;
    *high = 0;
    if (character == 0) { /* RFC 3501 §9: a name is made of CHAR, which NUL is none of */
        return fail(work, MODIFIED_UTF7_FAULT_CHARACTER, position);
    }
    return put_character(work, character, position);
}

static int letter_value(guint8 letter)
{
    return letter == ',' ? 63 : letter == '/' ? -1 : base64_sextet(letter);
}

/* The letters of a shift; 'offset' is where they start in the name. */
static bool decode_shift(Work *work, ByteSpan letters, gsize offset)
{
    guint32 bits = 0;
    guint32 high = 0;
    guint n_bits = 0;
    for (gsize i = 0; i < letters.length; i++) {
        int value = letter_value(letters.data[i]);
        if (value < 0) {
            return fail(work, MODIFIED_UTF7_FAULT_NOT_BASE64, offset + i);
        }
        bits = bits << 6 | (guint32)value;
        n_bits += 6;
        if (n_bits >= 16) {
            n_bits -= 16;
            if (!put_unit(work, bits >> n_bits & 0xffff, &high, offset + i)) {
                return false;
            }
            bits &= (1u << n_bits) - 1;
        }
    }
    if (high != 0) {
        return fail(work, MODIFIED_UTF7_FAULT_SURROGATE, offset + letters.length);
    }
    return (n_bits < 6 && bits == 0) ||
           fail(work, MODIFIED_UTF7_FAULT_BITS, offset + letters.length);
}

bool modified_utf7_next_run(ByteSpan *name, ModifiedUtf7Run *out_run)
{
    if (name->length == 0) {
        return false;
    }
    ModifiedUtf7Run run = {.kind = MODIFIED_UTF7_PLAIN};
    gssize end = byte_span_find(*name, '&', 0);
    gsize length = end < 0 ? name->length : (gsize)end;
    if (length == 0) {
        end = byte_span_find(*name, '-', 0);
        length = end < 0 ? name->length : (gsize)end + 1;
        run.kind = length == 2 && end == 1 ? MODIFIED_UTF7_AMPERSAND : MODIFIED_UTF7_SHIFT;
        run.letters = byte_span_slice(*name, 1, length - (end < 0 ? 1 : 2));
    }
    run.text = byte_span_slice(*name, 0, length);
    *name = byte_span_from(*name, length);
    *out_run = run;
    return true;
}

static bool decode_plain(Work *work, ByteSpan text, gsize offset)
{
    for (gsize i = 0; i < text.length; i++) {
        if (!is_plain(text.data[i])) {
            return fail(work, MODIFIED_UTF7_FAULT_CHARACTER, offset + i);
        }
    }
    return put(work, text.data, text.length, offset);
}

static bool decode_run(Work *work, const ModifiedUtf7Run *run, gsize offset)
{
    switch (run->kind) {
    case MODIFIED_UTF7_PLAIN:
        return decode_plain(work, run->text, offset);
    case MODIFIED_UTF7_AMPERSAND:
        return put(work, "&", 1, offset);
    case MODIFIED_UTF7_SHIFT:
        if (!decode_shift(work, run->letters, offset + 1)) {
            return false;
        }
        return run->text.data[run->text.length - 1] == '-' ||
               fail(work, MODIFIED_UTF7_FAULT_NOT_CLOSED, offset + run->text.length);
    }
    g_assert_not_reached();
}

static bool end_work(
    const Work *work,
    bool is_done,
    gsize length_before,
    ModifiedUtf7Fault *out_fault,
    gsize *out_position
)
{
    if (!is_done) {
        byte_buffer_truncate(work->out, length_before);
    }
    if (out_fault != NULL) {
        *out_fault = work->fault;
    }
    if (out_position != NULL && !is_done) {
        *out_position = work->position;
    }
    return is_done;
}

bool modified_utf7_decode(
    ByteSpan name, ByteBuffer *out, ModifiedUtf7Fault *out_fault, gsize *out_position
)
{
    gsize length_before = byte_buffer_length(out);
    Work work = {.out = out};
    ByteSpan rest = name;
    ModifiedUtf7Run run;
    bool follows_shift = false;
    bool is_done = true;
    while (is_done && modified_utf7_next_run(&rest, &run)) {
        gsize offset = (gsize)(run.text.data - name.data);
        if (run.kind == MODIFIED_UTF7_SHIFT && follows_shift) {
            is_done = fail(&work, MODIFIED_UTF7_FAULT_NULL_SHIFT, offset);
        } else {
            is_done = decode_run(&work, &run, offset);
        }
        follows_shift = run.kind == MODIFIED_UTF7_SHIFT;
    }
    return end_work(&work, is_done, length_before, out_fault, out_position);
}

typedef struct {
    guint32 bits;
    guint n_bits;
    bool is_shifted;
} Shift;

static char shift_letter(guint32 sextet)
{
    return sextet == 63 ? ',' : base64_letter(sextet);
}

static bool encode_unit(Work *work, Shift *shift, guint32 unit, gsize position)
{
    shift->bits = shift->bits << 16 | unit;
    shift->n_bits += 16;
    while (shift->n_bits >= 6) {
        shift->n_bits -= 6;
        char letter = shift_letter(shift->bits >> shift->n_bits & 63);
        if (!put(work, &letter, 1, position)) {
            return false;
        }
    }
    shift->bits &= (1u << shift->n_bits) - 1;
    return true;
}

static bool end_shift(Work *work, Shift *shift, gsize position)
{
    if (!shift->is_shifted) {
        return true;
    }
    if (shift->n_bits > 0) {
        char letter = shift_letter(shift->bits << (6 - shift->n_bits) & 63);
        if (!put(work, &letter, 1, position)) {
            return false;
        }
    }
    *shift = (Shift){.is_shifted = false};
    return put(work, "-", 1, position);
}

static bool encode_character(Work *work, Shift *shift, gunichar character, gsize position)
{
    if (is_plain(character)) {
        char octet = (char)character;
        return end_shift(work, shift, position) &&
               (character == '&' ? put(work, "&-", 2, position) : put(work, &octet, 1, position));
    }
    if (!shift->is_shifted && !put(work, "&", 1, position)) {
        return false;
    }
    shift->is_shifted = true;
    if (character < 0x10000) {
        return encode_unit(work, shift, character, position);
    }
    guint32 rest = character - 0x10000;
    return encode_unit(work, shift, 0xd800 + (rest >> 10), position) &&
           encode_unit(work, shift, 0xdc00 + (rest & 0x3ff), position);
}

static bool encode_name(Work *work, ByteSpan utf8)
{
    Shift shift = {.is_shifted = false};
    for (gsize at = 0; at < utf8.length;) {
        const char *here = (const char *)utf8.data + at;
        gunichar character = g_utf8_get_char_validated(here, (gssize)(utf8.length - at));
        if (character >= 0x80000000u) {
            return fail(work, MODIFIED_UTF7_FAULT_NOT_UTF8, at);
        }
        if (!encode_character(work, &shift, character, at)) {
            return false;
        }
        at += (gsize)(g_utf8_next_char(here) - here);
    }
    return end_shift(work, &shift, utf8.length);
}

bool modified_utf7_encode(
    ByteSpan utf8, ByteBuffer *out, ModifiedUtf7Fault *out_fault, gsize *out_position
)
{
    gsize length_before = byte_buffer_length(out);
    Work work = {.out = out};
    bool is_done = encode_name(&work, utf8);
    return end_work(&work, is_done, length_before, out_fault, out_position);
}
