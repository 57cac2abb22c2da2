#pragma once

/* What the views of `mailwalk explain` share: headings, rows with a label, a caret under the
 * character that is wrong, and the beginnings of JSON lines. */

#include "protocol/text/byte-buffer.h"
#include "ui/report/explain.h"

/* Columns of the labels at the left. */
#define EXPLAIN_LABEL_WIDTH 10

void explain_heading(ExplainOutput *output, const char *text);
void explain_blank(ExplainOutput *output);
void explain_sentence(ExplainOutput *output, TextStyle style, const char *text);

/* "label     text ...     RFC 4648 §4"; 'reference' may be NULL. */
void explain_row(
    ExplainOutput *output,
    const char *label,
    TextStyle style,
    const char *text,
    const RfcReference *reference
);

/* A printed row in one call. */
void explain_row_printf(
    ExplainOutput *output, const char *label, TextStyle style, const char *format, ...
) G_GNUC_PRINTF(4, 5);

/* A line whose columns have been counted, behind a label that may be "". */
void explain_line(ExplainOutput *output, const char *label, TextStyle style, const char *text);

/* The text on one line, cut around the place where it is too long, and a "^" under the octet at
 * 'position'; behind its end for text.length. */
void explain_caret(ExplainOutput *output, const char *label, ByteSpan text, gsize position);

/* What stands at a place: "\"x\" (0x78), character 5", "the end of the text". */
char *explain_place(ByteSpan text, gsize position);

/* What is wrong there, where 'what' is a phrase: "\"x\" (0x78), character 5: a control." */
char *explain_fault(ByteSpan text, gsize position, const char *what);

/* One octet for people: "M", "space", "CR", "0xc3". */
char *explain_octet_name(guint8 octet);

/* The letter that an octet is or belongs to: "M", "é 1/2" and "é 2/2". */
char *explain_letter(ByteSpan octets, gsize at);

/* The octets fit for a screen, CR, LF and tab as \r, \n and \t. */
char *explain_display(ByteSpan octets);

/* The text and spaces up to so many columns, whatever its letters. */
char *explain_cell(const char *text, guint columns);

/* Octets in hexadecimal, with a space between two. */
char *explain_hex(ByteSpan octets);

/* Octets as text on rows of the width, at most 'most_rows' of them; 0: all. Without a label (NULL)
 * they have the whole width, so that lines of 76 characters fit an ordinary screen. */
void explain_long_text(
    ExplainOutput *output, const char *label, TextStyle style, ByteSpan text, guint most_rows
);

/* {"type":"step","step":N; the caller adds members and closes with explain_json_end(). */
void explain_json_step(ExplainOutput *output);
void explain_json_begin(ExplainOutput *output, const char *type);
void explain_json_end(ExplainOutput *output);
void explain_json_rfc(ExplainOutput *output, const RfcReference *references, gsize n_references);

/* "name":"text","name_hex":"4c 65": octets that may be no text. */
void explain_json_octets(ExplainOutput *output, const char *name, ByteSpan octets);

/* Writes what is laid out so far, so that a long explanation needs little memory. */
void explain_flush(ExplainOutput *output);

/* Text files end their lines with LF: where a text has no CR at all, each LF becomes CRLF. Gives
 * whether that was done; 'out' is initialised here. */
bool explain_to_crlf(ByteSpan text, ByteBuffer *out);

/* Says so, where it was done. */
void explain_show_conversion(ExplainOutput *output, bool was_converted);
