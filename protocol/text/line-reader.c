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

static void inspect(Line *line)
{
    line->has_bare_cr = line->text.length > 0 && memchr(line->text.data, '\r', line->text.length);
    line->has_nul = line->text.length > 0 && memchr(line->text.data, '\0', line->text.length);
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
    line->text = byte_span_slice(whole, 0, MIN(text_length, maximum));
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
    gssize line_feed = byte_span_find(*input, '\n', 0);
    if (line_feed < 0) {
        gather(reader, *input);
        *input = byte_span_from(*input, input->length);
        return false;
    }
    ByteSpan piece = byte_span_slice(*input, 0, (gsize)line_feed);
    ByteSpan whole = byte_span_slice(*input, 0, (gsize)line_feed + 1);
    *input = byte_span_from(*input, whole.length);
    if (line_reader_pending(reader) == 0) {
        describe(out_line, whole, reader->partial.maximum);
        return true;
    }
    gather(reader, piece);
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
