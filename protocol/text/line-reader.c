#include "protocol/text/line-reader.h"

void line_reader_init(LineReader *reader, gsize maximum)
{
    *reader = (LineReader){0};
    byte_buffer_init(&reader->partial, maximum);
}

void line_reader_clear(LineReader *reader)
{
    byte_buffer_clear(&reader->partial);
    reader->discarded = 0;
    reader->gives_partial = false;
    reader->pending_cr = false;
}

guint64 line_reader_pending(const LineReader *reader)
{
    return reader->gives_partial ? 0 : byte_buffer_length(&reader->partial) + reader->discarded;
}

static void release_lent_line(LineReader *reader)
{
    if (reader->gives_partial) {
        byte_buffer_reset(&reader->partial);
        reader->discarded = 0;
        reader->gives_partial = false;
        reader->pending_cr = false;
    }
}

/* Octets of note in a text, gathered eight at a time: not zero where there is such an octet. */
typedef struct {
    guint64 eight_bit;
    guint64 nul;
    guint64 cr;
} Marks;

#define IN_EACH_OCTET(value) (G_GUINT64_CONSTANT(0x0101010101010101) * (value))

/* Not zero where an octet of the word is zero. */
static guint64 zero_octets(guint64 word)
{
    return (word - IN_EACH_OCTET(0x01)) & ~word & IN_EACH_OCTET(0x80);
}

static void mark(Marks *marks, guint64 word)
{
    marks->eight_bit |= word & IN_EACH_OCTET(0x80);
    marks->nul |= zero_octets(word);
    marks->cr |= zero_octets(word ^ IN_EACH_OCTET('\r'));
}

static guint64 word_at(const guint8 *octets)
{
    guint64 word;
    memcpy(&word, octets, sizeof word);
    return word;
}

/* One pass instead of a search for each kind of octet: this is done for every line. */
static void inspect(Line *line)
{
    Marks marks = {0};
    const guint8 *octets = line->text.data;
    gsize length = line->text.length;
    for (gsize at = 0; at + sizeof(guint64) <= length; at += sizeof(guint64)) {
        mark(&marks, word_at(octets + at));
    }
    if (length >= sizeof(guint64)) {
        mark(&marks, word_at(octets + length - sizeof(guint64))); /* the rest, and some again */
    } else {
        for (gsize at = 0; at < length; at++) {
            mark(&marks, IN_EACH_OCTET(octets[at]));
        }
    }
    line->has_bare_cr = marks.cr != 0;
    line->has_nul = marks.nul != 0;
    line->has_eight_bit = marks.eight_bit != 0;
}

/* 'whole' ends with LF. */
static void describe(Line *line, ByteSpan whole, gsize maximum)
{
    gsize text_length = whole.length - 1;
    line->length = whole.length;
    line->end = LINE_END_LF;
    if (text_length > 0 && whole.data[text_length - 1] == '\r') {
        text_length--;
        line->end = LINE_END_CRLF;
    }
    line->is_too_long = text_length > maximum;
    line->text = byte_span(whole.data, MIN(text_length, maximum));
    inspect(line);
}

/* Keeps what fits, line end left aside, and counts the rest. */
static void gather(LineReader *reader, ByteSpan piece)
{
    gsize room = reader->partial.maximum - byte_buffer_length(&reader->partial);
    gsize kept = MIN(room, piece.length);
    bool fits = byte_buffer_append(&reader->partial, byte_span_slice(piece, 0, kept));
    g_assert(fits);
    reader->discarded += piece.length - kept;
    if (piece.length > 0) {
        reader->pending_cr = piece.data[piece.length - 1] == '\r';
    }
}

static void lend_partial(LineReader *reader, LineEnd end, guint64 end_length, Line *line)
{
    ByteSpan text = byte_buffer_span(&reader->partial);
    guint64 text_length = text.length + reader->discarded;
    line->length = text_length + end_length;
    line->end = end;
    if (end == LINE_END_LF && reader->pending_cr) {
        line->end = LINE_END_CRLF;
        text_length--;
    }
    line->is_too_long = text_length > reader->partial.maximum;
    line->text = byte_span_slice(text, 0, (gsize)MIN(text_length, text.length));
    inspect(line);
    reader->gives_partial = true;
}

bool line_reader_next(LineReader *reader, ByteSpan *input, Line *out_line)
{
    release_lent_line(reader);
    const guint8 *line_feed = input->length == 0 ? NULL : memchr(input->data, '\n', input->length);
    if (line_feed == NULL) {
        gather(reader, *input);
        *input = byte_span_from(*input, input->length);
        return false;
    }
    ByteSpan whole = byte_span(input->data, (gsize)(line_feed + 1 - input->data));
    *input = byte_span(line_feed + 1, input->length - whole.length);
    if (line_reader_pending(reader) == 0) {
        describe(out_line, whole, reader->partial.maximum);
        return true;
    }
    gather(reader, byte_span_slice(whole, 0, whole.length - 1));
    lend_partial(reader, LINE_END_LF, 1, out_line);
    return true;
}

bool line_reader_finish(LineReader *reader, Line *out_line)
{
    release_lent_line(reader);
    if (line_reader_pending(reader) == 0) {
        return false;
    }
    lend_partial(reader, LINE_END_CUT, 0, out_line);
    return true;
}
