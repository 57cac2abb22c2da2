#pragma once

/* Plain output for people: rows that wrap at words, a label column at the left, a quiet reference
 * at the right edge where there is room, colour on a terminal only. Widths are counted in columns,
 * not octets. Rows are gathered in memory and written out by text_layout_write(), so a view can be
 * tested without a terminal.
 *
 *     |indent|label   |text that wraps at words behind its   |  note |
 *     |      |        |label and never below it              |       |
 *
 * A no-break space (U+00A0) keeps two words on one line and is written as a plain one.
 * Octets that could steer a terminal are never passed on, whatever the caller gives. */

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum {
    TEXT_PLAIN,
    TEXT_HEADING,
    TEXT_PROTOCOL, /* what stands on the wire: the loudest */
    TEXT_LABEL,
    TEXT_QUIET, /* references */
    TEXT_GOOD,
    TEXT_WARNING,
    TEXT_BAD,
} TextStyle;

typedef struct {
    GString *text; /* what has been laid out and not been written yet */
    guint width;   /* columns of a line */
    bool has_colour;
} TextLayout;

typedef struct {
    guint indent;
    const char *label; /* NULL: none */
    TextStyle label_style;
    guint label_width; /* columns of the label and the gap after it; a longer label gets a line */
    const char *text;
    TextStyle style;
    const char *note; /* at the right edge, quiet; on a line of its own where it does not fit */
} TextRow;

/* Width and colour of that stream: 80 columns where it is no terminal, unless COLUMNS says
 * otherwise; no colour where it is no terminal, TERM is "dumb" or NO_COLOR is set. */
void text_layout_init(TextLayout *layout, FILE *stream);
void text_layout_init_plain(TextLayout *layout, guint width);
void text_layout_clear(TextLayout *layout);

void text_layout_row(TextLayout *layout, const TextRow *row);
void text_layout_paragraph(TextLayout *layout, guint indent, TextStyle style, const char *text);
void text_layout_blank(TextLayout *layout);

/* Cells side by side, each wrapped at words within its own columns; cells go from left to right. */
typedef struct {
    guint start; /* column of the first letter */
    guint width;
    const char *text; /* NULL: empty */
    TextStyle style;
    bool is_right; /* set against the right end of its columns */
} TextCell;

void text_layout_cells(TextLayout *layout, const TextCell *cells, guint count);

/* A line as it is, for diagrams and tables whose columns the caller has counted. */
void text_layout_line(TextLayout *layout, guint indent, TextStyle style, const char *text);

/* Writes what was laid out and empties the layout; false: the stream failed. */
bool text_layout_write(TextLayout *layout, FILE *stream);

/* Columns that the text takes on a terminal; what is not UTF-8 counts as one column an octet. */
guint text_width(const char *text);

/* Whether a line may end at this space of the text: "RFC 5321 §4.1" stays in one piece. */
bool text_may_break(const char *text, const char *space);

/* A copy fit for any terminal: valid UTF-8 without controls and bidirectional overrides; line
 * feeds stay. */
char *text_safe(const char *text);
