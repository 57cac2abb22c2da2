#include "ui/terminal/cell-grid.h"

#include "ui/report/text-layout.h"

#include <string.h>

#define MORE 0x2026

CellGrid *cell_grid_new(guint width, guint height)
{
    CellGrid *grid = g_new0(CellGrid, 1);
    grid->width = MAX(width, 1);
    grid->height = MAX(height, 1);
    grid->cells = g_new0(Cell, (gsize)grid->width * grid->height);
    cell_grid_clear(grid);
    return grid;
}

void cell_grid_free(CellGrid *grid)
{
    if (grid != NULL) {
        g_free(grid->cells);
        g_free(grid);
    }
}

void cell_grid_clear(CellGrid *grid)
{
    for (gsize i = 0; i < (gsize)grid->width * grid->height; i++) {
        grid->cells[i] = (Cell){.letter = ' '};
    }
}

static Cell *cell_at(const CellGrid *grid, guint x, guint y)
{
    return &grid->cells[(gsize)y * grid->width + x];
}

const Cell *cell_grid_at(const CellGrid *grid, guint x, guint y)
{
    g_assert(x < grid->width && y < grid->height);
    return cell_at(grid, x, y);
}

void cell_grid_put(CellGrid *grid, guint x, guint y, CellStyle style, gunichar letter)
{
    if (x >= grid->width || y >= grid->height) {
        return;
    }
    Cell *cell = cell_at(grid, x, y);
    if (cell->letter == 0 && x > 0) {
        cell[-1].letter = ' '; /* half of a wide letter stays behind */
    }
    if (x + 1 < grid->width && cell[1].letter == 0) {
        cell[1].letter = ' ';
    }
    *cell = (Cell){.letter = letter, .style = (guint8)style};
}

static guint put_wide(CellGrid *grid, guint x, guint y, CellStyle style, gunichar letter)
{
    cell_grid_put(grid, x, y, style, letter);
    if (g_unichar_iswide(letter)) {
        cell_grid_put(grid, x + 1, y, style, ' ');
        cell_at(grid, x + 1, y)->letter = 0;
        return 2;
    }
    return 1;
}

/* Letters that have a width of their own; accents are joined with their letters first. */
static char *fit_text(const char *text)
{
    g_autofree char *safe = text_safe(text);
    char *joined = g_utf8_normalize(safe, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    return joined == NULL ? g_steal_pointer(&safe) : joined;
}

guint cell_grid_text(CellGrid *grid, guint x, guint y, guint end, CellStyle style, const char *text)
{
    g_autofree char *fit = fit_text(text);
    end = MIN(end, grid->width);
    if (y >= grid->height || x >= end) {
        return x;
    }
    bool is_cut = x + text_width(fit) > end;
    guint limit = is_cut ? end - 1 : end;
    for (const char *at = fit; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        letter = letter == '\n' || letter == 0xa0 ? ' ' : letter;
        if (g_unichar_iszerowidth(letter)) {
            continue;
        }
        if (x + (g_unichar_iswide(letter) ? 2 : 1) > limit) {
            break;
        }
        x += put_wide(grid, x, y, style, letter);
    }
    if (is_cut) {
        cell_grid_put(grid, x++, y, style, MORE);
    }
    return x;
}

void cell_grid_paint(CellGrid *grid, guint x, guint y, guint end, CellStyle style)
{
    for (; y < grid->height && x < MIN(end, grid->width); x++) {
        cell_at(grid, x, y)->style = (guint8)style;
    }
}

void cell_grid_line(CellGrid *grid, guint x, guint y, guint count, CellStyle style, gunichar letter)
{
    for (guint i = 0; i < count; i++) {
        cell_grid_put(grid, x + i, y, style, letter);
    }
}

void cell_grid_copy(CellGrid *grid, CellArea area, const CellGrid *from, guint first)
{
    guint width = MIN(area.width, from->width);
    for (guint row = 0; row < area.height && first + row < from->height; row++) {
        guint y = area.y + row;
        if (y >= grid->height || area.x >= grid->width) {
            return;
        }
        memcpy(
            cell_at(grid, area.x, y),
            cell_at(from, 0, first + row),
            MIN(width, grid->width - area.x) * sizeof(Cell)
        );
    }
}

char *cell_grid_to_text(const CellGrid *grid)
{
    GString *text = g_string_new(NULL);
    for (guint y = 0; y < grid->height; y++) {
        for (guint x = 0; x < grid->width; x++) {
            gunichar letter = cell_at(grid, x, y)->letter;
            if (letter != 0) {
                g_string_append_unichar(text, letter);
            }
        }
        while (text->len > 0 && text->str[text->len - 1] == ' ') {
            g_string_truncate(text, text->len - 1);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}
