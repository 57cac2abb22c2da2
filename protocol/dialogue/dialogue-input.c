#include "protocol/dialogue/dialogue-input.h"

#include "protocol/dialogue/dialogue.h"

void dialogue_input_init(DialogueInput *input, gsize maximum_line, gsize maximum_held)
{
    *input = (DialogueInput){0};
    byte_buffer_init(&input->held, maximum_held);
    line_reader_init(&input->lines, maximum_line);
}

void dialogue_input_clear(DialogueInput *input)
{
    byte_buffer_clear(&input->held);
    line_reader_clear(&input->lines);
}

ByteSpan dialogue_input_peek(const DialogueInput *input)
{
    return byte_buffer_length(&input->held) > 0 ? byte_buffer_span(&input->held) : input->fed;
}

static void drop(DialogueInput *input, gsize length)
{
    if (byte_buffer_length(&input->held) > 0) {
        byte_buffer_consume(&input->held, length);
    } else {
        input->fed = byte_span_from(input->fed, length);
    }
}

void dialogue_input_consume(DialogueInput *input, gsize length)
{
    drop(input, length);
    input->position += length;
}

bool dialogue_input_hold(DialogueInput *input)
{
    if (!byte_buffer_append(&input->held, input->fed)) {
        return false;
    }
    input->fed = BYTE_SPAN_EMPTY;
    return true;
}

bool dialogue_input_line(DialogueInput *input, Line *out_line, guint64 *out_from)
{
    for (;;) {
        ByteSpan run = dialogue_input_peek(input);
        if (run.length == 0) {
            return false;
        }
        ByteSpan rest = run;
        bool is_whole = line_reader_next(&input->lines, &rest, out_line);
        drop(input, run.length - rest.length);
        if (is_whole) {
            *out_from = input->position;
            input->position += out_line->length;
            return true;
        }
    }
}

bool dialogue_input_cut_line(DialogueInput *input, Line *out_line, guint64 *out_from)
{
    if (!line_reader_finish(&input->lines, out_line)) {
        return false;
    }
    *out_from = input->position;
    input->position += out_line->length;
    return true;
}

guint64 dialogue_input_line_start(const DialogueInput *input)
{
    return line_reader_pending(&input->lines);
}

guint32 dialogue_line_defects(const Line *line, gsize limit)
{
    guint32 defects = 0;
    defects |= line->end == LINE_END_LF ? DIALOGUE_DEFECT_BARE_LF : 0u;
    defects |= line->end == LINE_END_CUT ? DIALOGUE_DEFECT_CUT : 0u;
    defects |= line->has_bare_cr ? DIALOGUE_DEFECT_BARE_CR : 0u;
    defects |= line->has_nul ? DIALOGUE_DEFECT_NUL : 0u;
    defects |= line->length > limit ? DIALOGUE_DEFECT_TOO_LONG : 0u;
    defects |= line->has_eight_bit ? DIALOGUE_DEFECT_EIGHT_BIT : 0u;
    return defects;
}
