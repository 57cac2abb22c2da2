#pragma once

/* The text of a pane: rows that wrap at words, with a label at the left and a quiet reference at
 * the right, in a grid that grows downwards. The pane shows a part of it. */

#include "protocol/rfc/vocabulary.h"
#include "ui/terminal/cell-grid.h"

#define PANE_ROWS_MAXIMUM 20000 /* later rows are left out */

typedef struct {
    CellGrid *grid;
    guint rows; /* written so far */
    guint mark; /* row that should be seen, such as that of the selected field */
    guint kept; /* so many rows at the top stay in sight, whatever else is scrolled */
} PaneText;

typedef struct {
    guint indent;
    const char *label; /* NULL: none */
    CellStyle label_style;
    guint label_width;
    const char *text;
    CellStyle style;
    RfcReference reference; /* all zero: none */
} PaneRow;

void pane_text_init(PaneText *pane, guint width);
void pane_text_clear(PaneText *pane);

void pane_text_row(PaneText *pane, const PaneRow *row);
void pane_text_line(PaneText *pane, CellStyle style, const char *text); /* wraps */
void pane_text_blank(PaneText *pane);

/* An empty row to draw into; gives its number. */
guint pane_text_add(PaneText *pane);
