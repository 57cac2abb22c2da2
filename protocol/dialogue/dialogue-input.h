#pragma once

/* One side of a conversation as a dialogue reads it: the octets lent by feed(), those held back
 * while an answer is awaited, and the count of what has been read. Held octets always come before
 * fed ones. */

#include "protocol/text/line-reader.h"

typedef struct {
    ByteSpan fed;    /* lent by the owner until the dialogue has nothing more to say */
    ByteBuffer held; /* kept because their meaning hangs on an answer */
    LineReader lines;
    guint64 position; /* octets read so far, missing ones included */
    guint64 missing;  /* octets missing at this very place, not yet told */
    bool has_ended;
} DialogueInput;

void dialogue_input_init(DialogueInput *input, gsize maximum_line, gsize maximum_held);
void dialogue_input_clear(DialogueInput *input);

/* What lies in one run at the front, held octets first. Empty: nothing to read. */
ByteSpan dialogue_input_peek(const DialogueInput *input);

/* Nothing to read, nothing missing, and no end to be told. */
static inline bool dialogue_input_is_idle(const DialogueInput *input)
{
    return input->fed.length == 0 && input->held.start == input->held.end && input->missing == 0 &&
           !input->has_ended;
}

/* Takes octets off the front of the run that peek() gave. */
void dialogue_input_consume(DialogueInput *input, gsize length);

/* Keeps the fed octets for later; false: there is no more room, so read on without the answer. */
bool dialogue_input_hold(DialogueInput *input);

/* The next whole line; its text is borrowed until the next call. '*out_from' and the position
 * after the call are its first octet and the one past its end. */
bool dialogue_input_line(DialogueInput *input, Line *out_line, guint64 *out_from);

/* What is left of a line when octets are missing or the stream ends. */
bool dialogue_input_cut_line(DialogueInput *input, Line *out_line, guint64 *out_from);

/* Octets at the front that already stand in the line reader but belong to no whole line yet. */
guint64 dialogue_input_line_start(const DialogueInput *input);

/* The defects that any text line can have: ending, NUL, eight-bit octets, length over 'limit'. */
guint32 dialogue_line_defects(const Line *line, gsize limit);
