#include "protocol/encoding/quoted-printable.h"

#include "protocol/encoding/quoted-printable-trace.h"

const char *quoted_printable_fault_name(QuotedPrintableFault fault)
{
    static const char *const names[] = {
        [QUOTED_PRINTABLE_FAULT_NONE] = "nothing",
        [QUOTED_PRINTABLE_FAULT_NOT_HEX] = "an \"=\" without two hexadecimal digits behind it",
        [QUOTED_PRINTABLE_FAULT_SMALL_HEX] = "a hexadecimal digit in a small letter",
        [QUOTED_PRINTABLE_FAULT_CUT] = "the end, where an \"=\" still waits for what it announces",
        [QUOTED_PRINTABLE_FAULT_CHARACTER] = "an octet that may only be written as \"=XX\"",
        [QUOTED_PRINTABLE_FAULT_SPACE] = "white space at the end of a line, which mail may lose",
        [QUOTED_PRINTABLE_FAULT_LINE_END] = "a CR or LF that is not part of a CRLF",
        [QUOTED_PRINTABLE_FAULT_LONG_LINE] = "a line of more than 76 characters",
        [QUOTED_PRINTABLE_FAULT_NO_ROOM] = "more than there is room for",
    };
    return names[fault];
}

void quoted_printable_decoder_init(QuotedPrintableDecoder *decoder)
{
    *decoder = (QuotedPrintableDecoder){.taken = 0};
}

static void note(QuotedPrintableDecoder *decoder, QuotedPrintableFault fault, guint64 position)
{
    decoder->n_faults++;
    if (decoder->fault == QUOTED_PRINTABLE_FAULT_NONE || fault == QUOTED_PRINTABLE_FAULT_NO_ROOM) {
        decoder->fault = (guint8)fault;
        decoder->fault_position = position;
    }
}

static bool put(QuotedPrintableDecoder *decoder, ByteSpan octets, ByteBuffer *out)
{
    if (byte_buffer_append(out, octets)) {
        return true;
    }
    note(decoder, QUOTED_PRINTABLE_FAULT_NO_ROOM, decoder->taken);
    return false;
}

static bool put_held(QuotedPrintableDecoder *decoder, ByteBuffer *out)
{
    ByteSpan held = byte_span(decoder->held, decoder->n_held);
    decoder->n_held = 0;
    return put(decoder, held, out);
}

static void hold(QuotedPrintableDecoder *decoder, guint8 octet)
{
    decoder->held[decoder->n_held++] = octet;
}

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

/* White space that the line ends with is no text: rule 3. */
static void drop_held_space(QuotedPrintableDecoder *decoder)
{
    guint n_blank = 0;
    while (n_blank < decoder->n_held && is_blank(decoder->held[decoder->n_held - 1 - n_blank])) {
        n_blank++;
    }
    if (n_blank > 0) {
        decoder->n_held = (guint8)(decoder->n_held - n_blank);
    }
}

static bool end_line(QuotedPrintableDecoder *decoder, ByteSpan line_end, ByteBuffer *out)
{
    guint n_before = decoder->n_held;
    drop_held_space(decoder);
    if (decoder->n_held < n_before) {
        guint64 dropped = n_before - decoder->n_held;
        note(decoder, QUOTED_PRINTABLE_FAULT_SPACE, decoder->taken + 1 - line_end.length - dropped);
    }
    decoder->column = 0;
    return put_held(decoder, out) && put(decoder, line_end, out);
}

/* What is held is white space, and this octet is no part of an escape. */
static bool take_plain(QuotedPrintableDecoder *decoder, guint8 octet, ByteBuffer *out)
{
    if (is_blank(octet)) {
        hold(decoder, octet);
        bool is_full = decoder->n_held == QUOTED_PRINTABLE_LINE;
        return !is_full || put_held(decoder, out);
    }
    if (octet == '\n') {
        note(decoder, QUOTED_PRINTABLE_FAULT_LINE_END, decoder->taken);
        return end_line(decoder, byte_span(&octet, 1), out);
    }
    if (octet < ' ' || octet > '~') {
        note(decoder, QUOTED_PRINTABLE_FAULT_CHARACTER, decoder->taken);
    }
    return put_held(decoder, out) && put(decoder, byte_span(&octet, 1), out);
}

typedef enum {
    PENDING_NONE,
    PENDING_EQUALS, /* "=", perhaps with one digit, or with white space that mail added */
    PENDING_CR,
} Pending;

/* The held octets end with what is pending; before it stands white space only. */
static Pending find_pending(const QuotedPrintableDecoder *decoder, guint *out_start)
{
    for (guint i = 0; i < decoder->n_held; i++) {
        if (!is_blank(decoder->held[i])) {
            *out_start = i;
            return decoder->held[i] == '=' ? PENDING_EQUALS : PENDING_CR;
        }
    }
    return PENDING_NONE;
}

static bool take_octet(QuotedPrintableDecoder *decoder, guint8 octet, ByteBuffer *out);

/* The escape is none: its octets stand for themselves, and this one is looked at anew. */
static bool give_up_escape(QuotedPrintableDecoder *decoder, guint8 octet, ByteBuffer *out)
{
    return put_held(decoder, out) && take_octet(decoder, octet, out);
}

static bool end_soft(QuotedPrintableDecoder *decoder, guint start, ByteBuffer *out)
{
    decoder->n_held = (guint8)start;
    decoder->column = 0;
    return put_held(decoder, out);
}

static bool
take_second_digit(QuotedPrintableDecoder *decoder, guint start, guint8 octet, ByteBuffer *out)
{
    guint8 first = decoder->held[start + 1];
    if (!g_ascii_isxdigit(octet)) {
        note(decoder, QUOTED_PRINTABLE_FAULT_NOT_HEX, decoder->taken);
        return give_up_escape(decoder, octet, out);
    }
    if (g_ascii_islower(first) || g_ascii_islower(octet)) {
        guint64 position = decoder->taken - (g_ascii_islower(first) ? 1 : 0);
        note(decoder, QUOTED_PRINTABLE_FAULT_SMALL_HEX, position);
    }
    int value = g_ascii_xdigit_value((gchar)first) * 16 + g_ascii_xdigit_value((gchar)octet);
    decoder->n_held = (guint8)start;
    hold(decoder, (guint8)value);
    return put_held(decoder, out);
}

/* Behind "=" comes a digit, or a line end, perhaps after white space that mail has added. */
static bool take_escape(QuotedPrintableDecoder *decoder, guint start, guint8 octet, ByteBuffer *out)
{
    guint n_behind = decoder->n_held - start - 1u;
    guint8 last = decoder->held[decoder->n_held - 1];
    if (n_behind == 1 && g_ascii_isxdigit(last)) {
        return take_second_digit(decoder, start, octet, out);
    }
    if (octet == '\n') {
        if (last != '\r') {
            note(decoder, QUOTED_PRINTABLE_FAULT_LINE_END, decoder->taken);
        } else if (n_behind > 1) {
            note(decoder, QUOTED_PRINTABLE_FAULT_SPACE, decoder->taken - n_behind);
        }
        return end_soft(decoder, start, out);
    }
    bool has_room = decoder->n_held < sizeof decoder->held;
    bool goes_on = last != '\r' && has_room &&
                   (octet == '\r' || is_blank(octet) || (n_behind == 0 && g_ascii_isxdigit(octet)));
    if (goes_on) {
        hold(decoder, octet);
        return true;
    }
    note(decoder, QUOTED_PRINTABLE_FAULT_NOT_HEX, decoder->taken);
    return give_up_escape(decoder, octet, out);
}

static bool take_after_cr(QuotedPrintableDecoder *decoder, guint8 octet, ByteBuffer *out)
{
    if (octet == '\n') {
        decoder->n_held--;
        return end_line(decoder, BYTE_SPAN_LITERAL("\r\n"), out);
    }
    note(decoder, QUOTED_PRINTABLE_FAULT_LINE_END, decoder->taken - 1);
    return put_held(decoder, out) && take_octet(decoder, octet, out);
}

static bool take_octet(QuotedPrintableDecoder *decoder, guint8 octet, ByteBuffer *out)
{
    guint start = 0;
    Pending pending = find_pending(decoder, &start);
    if (pending == PENDING_EQUALS) {
        return take_escape(decoder, start, octet, out);
    }
    if (pending == PENDING_CR) {
        return take_after_cr(decoder, octet, out);
    }
    if (octet == '=' || octet == '\r') {
        hold(decoder, octet);
        return true;
    }
    return take_plain(decoder, octet, out);
}

static void count_column(QuotedPrintableDecoder *decoder, guint8 octet)
{
    if (octet == '\r' || octet == '\n') {
        return;
    }
    decoder->column++;
    if (decoder->column == QUOTED_PRINTABLE_LINE + 1) {
        note(decoder, QUOTED_PRINTABLE_FAULT_LONG_LINE, decoder->taken);
    }
}

/* Letters and their like in a row, when nothing is held: most of every text. */
static gsize plain_run(const QuotedPrintableDecoder *decoder, ByteSpan text)
{
    gsize room =
        decoder->column < QUOTED_PRINTABLE_LINE ? QUOTED_PRINTABLE_LINE - decoder->column : 0;
    gsize length = 0;
    gsize end = MIN(room, text.length);
    while (length < end && text.data[length] > ' ' && text.data[length] <= '~' &&
           text.data[length] != '=') {
        length++;
    }
    return length;
}

bool quoted_printable_decoder_feed(QuotedPrintableDecoder *decoder, ByteSpan text, ByteBuffer *out)
{
    if (decoder->fault == QUOTED_PRINTABLE_FAULT_NO_ROOM) {
        return false;
    }
    for (gsize at = 0; at < text.length;) {
        gsize run = decoder->n_held == 0 ? plain_run(decoder, byte_span_from(text, at)) : 0;
        if (run > 0) {
            if (!put(decoder, byte_span_slice(text, at, run), out)) {
                return false;
            }
            decoder->taken += run;
            decoder->column += (guint)run;
            at += run;
            continue;
        }
        count_column(decoder, text.data[at]);
        if (!take_octet(decoder, text.data[at], out)) {
            return false;
        }
        decoder->taken++;
        at++;
    }
    return true;
}

bool quoted_printable_decoder_finish(QuotedPrintableDecoder *decoder, ByteBuffer *out)
{
    guint start = 0;
    if (decoder->fault == QUOTED_PRINTABLE_FAULT_NO_ROOM) {
        return false;
    }
    switch (find_pending(decoder, &start)) {
    case PENDING_NONE:
        if (decoder->n_held > 0) {
            note(decoder, QUOTED_PRINTABLE_FAULT_SPACE, decoder->taken - decoder->n_held);
            drop_held_space(decoder);
        }
        return true;
    case PENDING_EQUALS:
        note(decoder, QUOTED_PRINTABLE_FAULT_CUT, decoder->taken);
        /* An "=" at the very end is taken for a soft break, a digit behind it for text. */
        return decoder->n_held == start + 1 ? end_soft(decoder, start, out)
                                            : put_held(decoder, out);
    case PENDING_CR:
        note(decoder, QUOTED_PRINTABLE_FAULT_LINE_END, decoder->taken - 1);
        return put_held(decoder, out);
    }
    g_assert_not_reached();
}

bool quoted_printable_decode(ByteSpan text, ByteBuffer *out, gsize *out_bad_position)
{
    QuotedPrintableDecoder decoder;
    gsize length_before = byte_buffer_length(out);
    quoted_printable_decoder_init(&decoder);
    if (quoted_printable_decoder_feed(&decoder, text, out) &&
        quoted_printable_decoder_finish(&decoder, out) &&
        decoder.fault == QUOTED_PRINTABLE_FAULT_NONE) {
        return true;
    }
    byte_buffer_truncate(out, length_before);
    if (out_bad_position != NULL) {
        bool has_room = decoder.fault != QUOTED_PRINTABLE_FAULT_NO_ROOM;
        *out_bad_position = has_room ? (gsize)decoder.fault_position : text.length;
    }
    return false;
}

bool quoted_printable_encode(ByteSpan octets, QuotedPrintableMode mode, ByteBuffer *out)
{
    gsize length_before = byte_buffer_length(out);
    QuotedPrintableTrace trace;
    QuotedPrintableStep step;
    quoted_printable_trace_init(&trace, octets, mode);
    while (quoted_printable_trace_next(&trace, &step)) {
        if (!byte_buffer_append_string(out, step.text)) {
            byte_buffer_truncate(out, length_before);
            return false;
        }
    }
    return true;
}
