#include "ui/terminal/pane-text.h"

#include "protocol/rfc/rfc-index.h"
#include "ui/report/text-layout.h"

#include <string.h>

#define NARROWEST_BESIDE_REFERENCE 30

void pane_text_init(PaneText *pane, guint width)
{
    *pane = (PaneText){.grid = cell_grid_new(width, 32)};
}

void pane_text_clear(PaneText *pane)
{
    g_clear_pointer(&pane->grid, cell_grid_free);
}

guint pane_text_add(PaneText *pane)
{
    if (pane->rows == pane->grid->height && pane->rows < PANE_ROWS_MAXIMUM) {
        CellGrid *larger = cell_grid_new(pane->grid->width, pane->grid->height * 2);
        CellArea whole = {.width = pane->grid->width, .height = pane->grid->height};
        cell_grid_copy(larger, whole, pane->grid, 0);
        cell_grid_free(pane->grid);
        pane->grid = larger;
    }
    return pane->rows < pane->grid->height ? pane->rows++ : pane->rows;
}

/* Octets that go on a row of so many columns: up to a space where there is one. */
static gsize row_length(const char *text, guint columns)
{
    const char *space = NULL;
    const char *at = text;
    guint used = 0;
    while (*at != '\0' && *at != '\n') {
        guint width = g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
        space = *at == ' ' && text_may_break(text, at) ? at : space;
        if (used + width > columns) {
            break;
        }
        used += width;
        at = g_utf8_next_char(at);
    }
    if (*at == '\0' || *at == '\n') {
        return (gsize)(at - text);
    }
    if (space != NULL && space > text) {
        return (gsize)(space - text);
    }
    return at > text ? (gsize)(at - text) : (gsize)(g_utf8_next_char(text) - text);
}

static const char *skip_break(const char *text)
{
    if (*text == '\n') {
        return text + 1;
    }
    while (*text == ' ') {
        text++;
    }
    return text;
}

static void put_reference(PaneText *pane, guint y, const char *where)
{
    guint width = text_width(where);
    guint x = pane->grid->width > width ? pane->grid->width - width : 0;
    cell_grid_text(pane->grid, x, y, pane->grid->width, CELL_QUIET, where);
}

void pane_text_row(PaneText *pane, const PaneRow *row)
{
    guint width = pane->grid->width;
    g_autofree char *safe = text_safe(row->text == NULL ? "" : row->text);
    g_autofree char *where =
        row->reference.number == 0 ? NULL : rfc_reference_to_string(row->reference);
    guint start = MIN(row->indent + row->label_width, width - 1);
    guint taken = where == NULL ? 0 : text_width(where) + 2;
    bool is_beside = where != NULL && width > start + taken &&
                     (width - start - taken >= NARROWEST_BESIDE_REFERENCE ||
                      width - start - taken >= text_width(safe));
    guint columns = width - start - (is_beside ? taken : 0);
    const char *text = safe;
    bool is_first = true;
    bool has_room_behind = false; /* in the last row, for the reference */
    guint y;
    do {
        gsize length = row_length(text, columns);
        g_autofree char *part = g_strndup(text, length);
        y = pane_text_add(pane);
        if (is_first && row->label != NULL) {
            cell_grid_text(pane->grid, row->indent, y, width, row->label_style, row->label);
            if (text_width(row->label) >= row->label_width && *safe != '\0') {
                y = pane_text_add(pane); /* a long label has a row of its own */
            }
        }
        if (is_first && is_beside) {
            put_reference(pane, y, where);
        }
        cell_grid_text(pane->grid, start, y, start + columns, row->style, part);
        is_first = false;
        has_room_behind = start + text_width(part) + taken <= width;
        text = skip_break(text + length);
    } while (*text != '\0');
    if (where != NULL && !is_beside) {
        put_reference(pane, has_room_behind ? y : pane_text_add(pane), where);
    }
}

void pane_text_line(PaneText *pane, CellStyle style, const char *text)
{
    pane_text_row(pane, &(PaneRow){.text = text, .style = style});
}

void pane_text_blank(PaneText *pane)
{
    pane_text_add(pane);
}
