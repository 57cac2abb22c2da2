/* What lies over the screen or takes its place: help, the menu of what-ifs, two stories side by
 * side. */

#include "ui/terminal/stage-private.h"

#include "ui/report/ladder.h"
#include "ui/report/text-layout.h"

#include <string.h>

#define HELP_KEYS_WIDTH 14
#define FOOT_ROWS_MAXIMUM 3
#define BEFORE_PARTING 3 /* steps that both stories share, for the eye to begin at */

static void draw_box(CellGrid *grid, CellArea box, const char *title)
{
    guint right = box.x + box.width - 1;
    guint bottom = box.y + box.height - 1;
    for (guint y = box.y; y <= bottom; y++) {
        cell_grid_line(grid, box.x, y, box.width, CELL_PLAIN, ' ');
        cell_grid_put(grid, box.x, y, CELL_QUIET, 0x2502);
        cell_grid_put(grid, right, y, CELL_QUIET, 0x2502);
    }
    cell_grid_line(grid, box.x, box.y, box.width, CELL_QUIET, 0x2500);
    cell_grid_line(grid, box.x, bottom, box.width, CELL_QUIET, 0x2500);
    cell_grid_put(grid, box.x, box.y, CELL_QUIET, 0x250c);
    cell_grid_put(grid, right, box.y, CELL_QUIET, 0x2510);
    cell_grid_put(grid, box.x, bottom, CELL_QUIET, 0x2514);
    cell_grid_put(grid, right, bottom, CELL_QUIET, 0x2518);
    cell_grid_text(grid, box.x + 1, box.y, right, CELL_HEADING, title);
}

/* A hint in the lower border. */
static void draw_hint(CellGrid *grid, CellArea box, const char *hint)
{
    cell_grid_text(
        grid, box.x + 2, box.y + box.height - 1, box.x + box.width - 1, CELL_PLAIN, hint
    );
}

/* --- help --- */

void view_help(const Stage *stage, CellGrid *grid)
{
    CellArea box = {0, 0, grid->width, grid->height};
    CellArea inside = {2, 1, grid->width - 4, grid->height - 2};
    PaneText pane;
    pane_text_init(&pane, inside.width);
    for (gsize i = 0; i < n_stage_key_rows; i++) {
        const StageKeyRow *row = &stage_key_rows[i];
        if (row->needs_story && stage->options.play == NULL) {
            continue;
        }
        pane_text_row(
            &pane,
            &(PaneRow){
                .label = row->shown,
                .label_style = CELL_HEADING,
                .label_width = HELP_KEYS_WIDTH,
                .text = row->help,
            }
        );
    }
    pane_text_line(
        &pane,
        CELL_QUIET,
        "Mouse: click a step to go there, the name of a pane to see it; the wheel steps."
    );
    guint most = pane.rows > inside.height ? pane.rows - inside.height : 0;
    guint first = MIN(stage->help_scroll, most);
    inside.height = MIN(inside.height, pane.rows - first);
    draw_box(grid, box, " Keys ");
    cell_grid_copy(grid, inside, pane.grid, first);
    draw_hint(grid, box, most > 0 ? " ↓ ↑ Space: more. Any other key: back. " : " Any key: back. ");
    pane_text_clear(&pane);
}

/* --- the menu of what-ifs --- */

/* A label that is longer than its row is told whole at the foot of the menu, once it is chosen. */
static guint rows_of_foot(const Stage *stage, guint width)
{
    guint widest = 0;
    for (guint i = 0; i < stage->menu->len; i++) {
        const StageMenuRow *row = stage->menu->pdata[i];
        widest = MAX(widest, text_width(row->label));
    }
    return widest <= width ? 0 : 1 + MIN((widest + width - 1) / width, FOOT_ROWS_MAXIMUM);
}

static void draw_foot(const Stage *stage, CellGrid *grid, CellArea foot, guint width)
{
    const StageMenuRow *row = stage->menu->pdata[stage->menu_row];
    PaneText pane;
    cell_grid_line(grid, foot.x, foot.y, foot.width, CELL_QUIET, 0x2500);
    if (text_width(row->label) > width) {
        pane_text_init(&pane, width);
        pane_text_line(&pane, CELL_PLAIN, row->label);
        CellArea text = {foot.x + 2, foot.y + 1, width, MIN(pane.rows, foot.height - 1)};
        cell_grid_copy(grid, text, pane.grid, 0);
        pane_text_clear(&pane);
    }
}

void view_menu(const Stage *stage, CellGrid *grid)
{
    CellArea box = {
        .x = grid->width >= STAGE_WIDE ? 8 : 2,
        .width = grid->width >= STAGE_WIDE ? grid->width - 16 : grid->width - 4,
    };
    guint width = box.width - 5;
    guint foot = rows_of_foot(stage, width);
    guint rows = MIN(stage->menu->len, grid->height - 4 - foot);
    box.height = rows + foot + 2;
    box.y = (grid->height - box.height) / 2;
    g_autofree char *title =
        g_strdup_printf(" What if, at step %" G_GUINT64_FORMAT " ... ", stage_step(stage)->number);
    guint first = stage->menu_row >= rows ? stage->menu_row - rows + 1 : 0;
    draw_box(grid, box, stage_step(stage)->number == 0 ? " What if ... " : title);
    for (guint i = 0; i < rows; i++) {
        const StageMenuRow *row = stage->menu->pdata[first + i];
        bool is_it = first + i == stage->menu_row;
        guint y = box.y + 1 + i;
        guint end = box.x + box.width - 1;
        cell_grid_text(grid, box.x + 3, y, end - 1, is_it ? CELL_SELECTED : CELL_PLAIN, row->label);
        if (is_it) {
            cell_grid_put(grid, box.x + 1, y, CELL_HEADING, 0x25b6);
        }
    }
    if (foot > 0) {
        CellArea area = {box.x + 1, box.y + 1 + rows, box.width - 2, foot};
        draw_foot(stage, grid, area, width);
    }
    draw_hint(grid, box, " ↓ ↑ choose. Enter: shows the line, then plays it. Esc: back. ");
}

/* --- two stories --- */

static void draw_step(CellGrid *grid, CellArea row, const Step *step, bool is_same)
{
    g_autofree char *label = ladder_label(step);
    const char *mark = step->kind == STEP_CHAPTER || step->kind == STEP_WORLD ? "▸"
                       : !ladder_has_arrow(step)                              ? "·"
                       : step->is_from_server                                 ? "◀"
                                                                              : "▶";
    g_autofree char *number = step->number == 0
                                  ? g_strdup_printf("#%s", step->title)
                                  : g_strdup_printf("%" G_GUINT64_FORMAT, step->number);
    g_autofree char *text = g_strdup_printf("%5s %s %s", number, mark, label);
    CellStyle style = is_same                      ? CELL_QUIET
                      : step->kind == STEP_CHAPTER ? CELL_HEADING
                      : step->kind == STEP_WORLD   ? CELL_GOOD
                                                   : CELL_PLAIN;
    cell_grid_text(grid, row.x, row.y, row.x + row.width, style, text);
}

static gint step_of(const Stage *stage, guint row, bool is_right)
{
    const StagePair *pair = &g_array_index(stage->pairs, StagePair, row);
    return is_right ? pair->right : pair->left;
}

/* The row behind the last one that has a step of this side. */
static guint end_of_side(const Stage *stage, bool is_right)
{
    guint end = stage->pairs->len;
    while (end > 0 && step_of(stage, end - 1, is_right) == STAGE_NO_STEP) {
        end--;
    }
    return end;
}

static void draw_side(const Stage *stage, CellGrid *grid, CellArea area, guint first, bool is_right)
{
    const StageShow *show = is_right ? &stage->branch : &stage->original;
    guint end = end_of_side(stage, is_right);
    for (guint i = 0; i < area.height && first + i < stage->pairs->len; i++) {
        CellArea row = {area.x, area.y + i, area.width, 1};
        gint place = step_of(stage, first + i, is_right);
        if (place != STAGE_NO_STEP) {
            const Step *step = timeline_step(
                recording_timeline(show->recording), g_array_index(show->visible, guint, place)
            );
            draw_step(grid, row, step, g_array_index(stage->pairs, StagePair, first + i).is_same);
        } else if (first + i == MAX(end, first)) {
            cell_grid_text(
                grid, row.x + 8, row.y, row.x + row.width, CELL_QUIET, "(this story is over)"
            );
        }
    }
}

void view_compare(const Stage *stage, CellGrid *grid)
{
    guint half = (grid->width - 3) / 2;
    guint parting = stage_parting(stage);
    guint first = parting > BEFORE_PARTING ? parting - BEFORE_PARTING : 0;
    CellArea box = {0, 0, grid->width, grid->height};
    CellArea left = {1, 3, half, grid->height - 4};
    CellArea right = {half + 2, 3, grid->width - half - 3, grid->height - 4};
    g_autoptr(GString) lines = g_string_new(" What if ");
    for (guint i = 0; i < what_if_list_length(stage->what_ifs); i++) {
        g_autofree char *line = what_if_to_text(what_if_list_at(stage->what_ifs, i));
        g_string_append_printf(lines, "%s%s", i == 0 ? "" : "; ", line);
    }
    g_string_append_c(lines, ' ');
    first += stage->compare_scroll;
    draw_box(grid, box, lines->str); /* the whole width: here the line can be read */
    cell_grid_text(grid, left.x + 1, 1, half, CELL_HEADING, "as it was");
    cell_grid_text(grid, right.x + 1, 1, grid->width - 1, CELL_WARNING, "as it goes then");
    for (guint y = 1; y < grid->height - 1; y++) {
        cell_grid_put(grid, half + 1, y, CELL_QUIET, 0x2502);
    }
    cell_grid_line(grid, 1, 2, half, CELL_QUIET, 0x2500);
    cell_grid_line(grid, half + 2, 2, grid->width - half - 3, CELL_QUIET, 0x2500);
    draw_side(stage, grid, left, first, false);
    draw_side(stage, grid, right, first, true);
    bool is_same = parting == stage->original.visible->len && parting == stage->branch.visible->len;
    draw_hint(
        grid,
        box,
        is_same ? " Both are the same at this level; 3 shows every frame. Esc: back. "
                : " ↓ ↑ scroll. Esc: back. "
    );
}
