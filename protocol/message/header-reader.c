#include "protocol/message/header-block.h"

typedef enum {
    INSIDE_LINE,
    LINE_START,
    LINE_START_CR,
} LineState;

void header_reader_init(HeaderReader *reader)
{
    *reader = (HeaderReader){.line_state = LINE_START};
    byte_buffer_init(&reader->gathered, HEADER_LENGTH_MAXIMUM);
    header_block_init(&reader->block);
}

void header_reader_clear(HeaderReader *reader)
{
    byte_buffer_clear(&reader->gathered);
    header_block_clear(&reader->block);
    reader->line_state = LINE_START;
    reader->is_done = false;
}

void header_reader_reset(HeaderReader *reader)
{
    byte_buffer_reset(&reader->gathered);
    reader->block.n_fields = 0;
    reader->line_state = LINE_START;
    reader->is_done = false;
}

/* How many octets of the input belong to the header; sets 'out_is_end' where the empty line is. */
static gsize measure(HeaderReader *reader, ByteSpan input, bool *out_is_end)
{
    gsize at = 0;
    while (at < input.length) {
        if (reader->line_state == INSIDE_LINE) {
            gssize end = byte_span_find(input, '\n', at);
            if (end < 0) {
                return input.length;
            }
            at = (gsize)end + 1;
            reader->line_state = LINE_START;
        } else if (input.data[at] == '\n') {
            *out_is_end = true;
            return at + 1;
        } else if (input.data[at] == '\r' && reader->line_state == LINE_START) {
            reader->line_state = LINE_START_CR;
            at++;
        } else {
            reader->line_state = INSIDE_LINE;
        }
    }
    return at;
}

HeaderReaderResult header_reader_feed(HeaderReader *reader, ByteSpan *input)
{
    bool is_end = false;
    g_return_val_if_fail(!reader->is_done, HEADER_READER_DONE);
    gsize room = HEADER_LENGTH_MAXIMUM - byte_buffer_length(&reader->gathered);
    ByteSpan taken = byte_span_slice(*input, 0, room);
    taken.length = measure(reader, taken, &is_end);
    g_assert(byte_buffer_append(&reader->gathered, taken));
    *input = byte_span_from(*input, taken.length);
    if (!is_end && input->length == 0) {
        return HEADER_READER_NEED_MORE;
    }
    header_reader_finish(reader);
    return is_end ? HEADER_READER_DONE : HEADER_READER_TOO_LONG;
}

void header_reader_finish(HeaderReader *reader)
{
    header_block_parse(&reader->block, byte_buffer_span(&reader->gathered), 0);
    reader->is_done = true;
}
