#pragma once

/* A screen in memory: rows of cells, each with one letter and a style. Views draw into it, tests
 * compare it, and only the terminal itself copies it to a real screen. A letter that is two columns
 * wide fills its cell and the one behind it. Whatever text is put, no octet of it can steer a
 * terminal: controls and bidirectional overrides become U+FFFD, what has no width is left out. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
    CELL_PLAIN,
    CELL_HEADING,
    CELL_PROTOCOL, /* what stands on the wire: the loudest */
    CELL_LABEL,
    CELL_QUIET, /* references, frames, what is past */
    CELL_GOOD,
    CELL_WARNING,
    CELL_BAD,
    CELL_CURSOR,   /* the step at which we are */
    CELL_SELECTED, /* a row of a menu, a field among octets */
    N_CELL_STYLES,
} CellStyle;

typedef struct {
    gunichar letter; /* 0: the right half of the letter before */
    guint8 style;
} Cell;

typedef struct {
    guint width;
    guint height;
    Cell *cells; /* row by row */
} CellGrid;

typedef struct {
    guint x, y, width, height;
} CellArea;

CellGrid *cell_grid_new(guint width, guint height);
void cell_grid_free(CellGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CellGrid, cell_grid_free)

/* All cells become spaces. */
void cell_grid_clear(CellGrid *grid);

const Cell *cell_grid_at(const CellGrid *grid, guint x, guint y);

/* Puts one letter of one column; nothing happens outside of the grid. */
void cell_grid_put(CellGrid *grid, guint x, guint y, CellStyle style, gunichar letter);

/* Puts text into columns 'x' up to and without 'end'; what does not fit is cut, with U+2026 in the
 * place of its end. Gives the column behind the text. */
guint cell_grid_text(
    CellGrid *grid, guint x, guint y, guint end, CellStyle style, const char *text
);

/* Style alone, of columns 'x' up to and without 'end'. */
void cell_grid_paint(CellGrid *grid, guint x, guint y, guint end, CellStyle style);

/* The same letter 'count' times. */
void cell_grid_line(
    CellGrid *grid, guint x, guint y, guint count, CellStyle style, gunichar letter
);

/* Copies rows of 'from', beginning with 'first', into the area; what is short is left as it is. */
void cell_grid_copy(CellGrid *grid, CellArea area, const CellGrid *from, guint first);

/* The letters, rows apart by LF, without spaces at their ends. */
char *cell_grid_to_text(const CellGrid *grid);
