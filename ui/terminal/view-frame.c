/* What stands around the panes: border, title, names of the panes, footer; and how the screen is
 * parted. */

#include "ui/terminal/stage-private.h"

#include "ui/report/step-text.h"
#include "ui/report/text-layout.h"

#include <string.h>

#define ACROSS 0x2500
#define DOWN 0x2502

static const char *const pane_names[] = {"Meaning", "Bytes", "State", "Note"};

StageLayout stage_layout(const Stage *stage)
{
    guint width = stage->width - 2;
    guint height = stage->height - 4; /* borders, the line above the footer, the footer */
    if (stage->width >= STAGE_WIDE) {
        guint pane = CLAMP(width * 2 / 5, 54, 84);
        return (StageLayout){
            .ladder = {1, 1, width - pane - 1, height},
            .tabs = {1 + width - pane, 1, pane, 1},
            .pane = {2 + width - pane, 2, pane - 2, height - 1},
        };
    }
    guint pane = height / 2;
    guint ladder = height - pane - 1;
    return (StageLayout){
        .ladder = {1, 1, width, ladder},
        .tabs = {1, 1 + ladder, width, 1},
        .pane = {2, 2 + ladder, width - 2, pane},
    };
}

static char *clock_text(const Stage *stage, const Step *step)
{
    char text[SIM_TIME_TEXT_SIZE];
    if (stage->options.play == NULL) {
        return step_text_time(step->time_ns);
    }
    sim_time_format(step->time_ns, text);
    text[strlen("2026-01-05 09:00:00.000")] = '\0';
    gint64 day =
        step->time_ns / SIM_DAY - recording_start(stage_shown(stage)->recording) / SIM_DAY + 1;
    const char *time = text + strlen("2026-01-05 ");
    return day == 1 ? g_strdup(time) : g_strdup_printf("day %" G_GINT64_FORMAT " %s", day, time);
}

static void draw_border(const Stage *stage, CellGrid *grid)
{
    guint right = stage->width - 1;
    guint bottom = stage->height - 1;
    guint above_footer = bottom - 2;
    for (guint y = 1; y < bottom; y++) {
        cell_grid_put(grid, 0, y, CELL_QUIET, DOWN);
        cell_grid_put(grid, right, y, CELL_QUIET, DOWN);
    }
    cell_grid_line(grid, 1, 0, right - 1, CELL_QUIET, ACROSS);
    cell_grid_line(grid, 1, bottom, right - 1, CELL_QUIET, ACROSS);
    cell_grid_line(grid, 1, above_footer, right - 1, CELL_QUIET, ACROSS);
    cell_grid_put(grid, 0, 0, CELL_QUIET, 0x250c);
    cell_grid_put(grid, right, 0, CELL_QUIET, 0x2510);
    cell_grid_put(grid, 0, bottom, CELL_QUIET, 0x2514);
    cell_grid_put(grid, right, bottom, CELL_QUIET, 0x2518);
    cell_grid_put(grid, 0, above_footer, CELL_QUIET, 0x251c);
    cell_grid_put(grid, right, above_footer, CELL_QUIET, 0x2524);
}

static void draw_title(const Stage *stage, CellGrid *grid)
{
    guint number;
    const Step *step = stage_step(stage);
    const Step *chapter = stage_chapter(stage, &number);
    g_autoptr(GString) title = g_string_new(NULL);
    g_autofree char *clock = step == NULL ? g_strdup("") : clock_text(stage, step);
    guint clock_width = text_width(clock);
    g_string_append_printf(title, " %s", stage->options.title);
    if (what_if_list_length(stage->what_ifs) > 0) {
        g_string_append_printf(title, " · what-if %u", what_if_list_length(stage->what_ifs));
    }
    if (chapter != NULL) {
        g_string_append_printf(title, " · %u %s", number, chapter->title);
    }
    g_string_append_c(title, ' ');
    guint end = stage->width - clock_width - 4;
    cell_grid_text(grid, 1, 0, end, CELL_HEADING, title->str);
    if (clock_width > 0) {
        guint x = cell_grid_text(grid, end, 0, stage->width - 1, CELL_PLAIN, " ");
        x = cell_grid_text(grid, x, 0, stage->width - 1, CELL_PLAIN, clock);
        cell_grid_text(grid, x, 0, stage->width - 1, CELL_PLAIN, " ");
    }
}

/* As many keys as there is room for, out of the table. */
static void draw_keys(const Stage *stage, CellGrid *grid, guint y, guint end)
{
    guint x = 2;
    for (gsize i = 0; i < n_stage_key_rows; i++) {
        const StageKeyRow *row = &stage_key_rows[i];
        bool is_shown = row->footer != NULL && !(row->needs_story && stage->options.play == NULL);
        if (!is_shown) {
            continue;
        }
        guint width = text_width(row->footer) + 1 + text_width(row->brief);
        if (x + width > end) {
            return;
        }
        x = cell_grid_text(grid, x, y, end, CELL_HEADING, row->footer);
        x = cell_grid_text(grid, x + 1, y, end, CELL_PLAIN, row->brief) + 2;
    }
}

void view_prompt(const Stage *stage, CellGrid *grid, guint y)
{
    static const char *const labels[] = {"go to step: ", "search: ", "what if: ", "save as: "};
    guint end = grid->width - 1;
    guint x = cell_grid_text(grid, 2, y, end, CELL_HEADING, labels[stage->prompt]);
    const char *text = stage->input->str;
    while (text_width(text) + 1 > end - x && *text != '\0') {
        text = g_utf8_next_char(text); /* the end is what is being typed */
    }
    x = cell_grid_text(grid, x, y, end, CELL_PLAIN, text);
    cell_grid_put(grid, x, y, CELL_SELECTED, ' ');
}

/* The footer has one row for it, of which the border in front of a prompt takes a little. */
static bool fits_footer(const Stage *stage)
{
    guint room = stage->width - 4 - (stage->mode == STAGE_MODE_PROMPT ? 2 : 0);
    return stage->message != NULL && text_width(stage->message) <= room;
}

/* What needs more than a row lies over the pane, above the lower border. */
void view_message(const Stage *stage, CellGrid *grid)
{
    if (stage->message == NULL || fits_footer(stage)) {
        return;
    }
    PaneText pane;
    guint width = grid->width - 4;
    pane_text_init(&pane, width);
    pane_text_line(&pane, stage->message_is_bad ? CELL_BAD : CELL_GOOD, stage->message);
    guint rows = MIN(pane.rows, grid->height / 2);
    guint y = grid->height - 3 - rows;
    for (guint i = 0; i < rows; i++) {
        cell_grid_line(grid, 1, y + i, grid->width - 2, CELL_PLAIN, ' ');
    }
    cell_grid_copy(grid, (CellArea){2, y, width, rows}, pane.grid, 0);
    cell_grid_line(grid, 1, y - 1, grid->width - 2, CELL_QUIET, ACROSS);
    pane_text_clear(&pane);
}

static void draw_footer(const Stage *stage, CellGrid *grid)
{
    guint y = stage->height - 2;
    guint end = stage->width - 1;
    CellStyle style = stage->message_is_bad ? CELL_BAD : CELL_GOOD;
    if (stage->mode == STAGE_MODE_PROMPT) {
        view_prompt(stage, grid, y);
        if (fits_footer(stage)) {
            g_autofree char *padded = g_strdup_printf(" %s ", stage->message);
            cell_grid_text(grid, 2, y - 1, end - 1, style, padded);
        } else {
            cell_grid_text(
                grid, 2, y - 1, end - 1, CELL_QUIET, " Enter does it, Esc leaves, Ctrl-U clears "
            );
        }
        return;
    }
    if (fits_footer(stage)) {
        cell_grid_text(grid, 2, y, end, style, stage->message);
        return;
    }
    draw_keys(stage, grid, y, end);
}

void view_frame(const Stage *stage, CellGrid *grid)
{
    draw_border(stage, grid);
    draw_title(stage, grid);
    draw_footer(stage, grid);
}

/* "dialogue 17 of 105", "playing, dialogue, one conversation 6 of 18"; in little room the level is
 * left out, and then all but the place. NULL: there is no room at all. */
static char *where_text(const Stage *stage, guint room)
{
    static const char *const levels[] = {"story", "dialogue", "packets"};
    const char *words[] = {
        stage->is_playing ? "playing" : NULL,
        levels[stage->level],
        stage->has_only_stream ? "one conversation" : NULL,
    };
    static const guint8 shown[] = {7, 5, 0}; /* of the words, a bit each */
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
        g_autoptr(GString) text = g_string_new(" ");
        for (guint word = 0; word < G_N_ELEMENTS(words); word++) {
            if (words[word] != NULL && (shown[i] & 1u << word) != 0) {
                g_string_append_printf(text, "%s%s", text->len > 1 ? ", " : "", words[word]);
            }
        }
        guint place = stage_count(stage) == 0 ? 0 : stage->position + 1;
        g_string_append_printf(
            text, "%s%u of %u ", text->len > 1 ? " " : "", place, stage_count(stage)
        );
        if (text_width(text->str) < room) {
            return g_string_free(g_steal_pointer(&text), FALSE);
        }
    }
    return NULL;
}

void view_tabs(const Stage *stage, CellGrid *grid, CellArea area)
{
    guint x = area.x + 1;
    guint end = area.x + area.width;
    bool is_narrow = area.x == 1;
    cell_grid_line(grid, area.x, area.y, area.width, CELL_QUIET, ACROSS);
    if (is_narrow) {
        cell_grid_put(grid, 0, area.y, CELL_QUIET, 0x251c);
        cell_grid_put(grid, stage->width - 1, area.y, CELL_QUIET, 0x2524);
    } else {
        cell_grid_put(grid, area.x - 1, 0, CELL_QUIET, 0x252c);
        for (guint y = 1; y < stage->height - 3; y++) {
            cell_grid_put(grid, area.x - 1, y, CELL_QUIET, DOWN);
        }
        cell_grid_put(grid, area.x - 1, stage->height - 3, CELL_QUIET, 0x2534);
    }
    for (guint i = 0; i < N_STAGE_PANES; i++) {
        bool is_it = stage->pane == (StagePane)i && stage->mode != STAGE_MODE_PREDICT;
        g_autofree char *name = g_strdup_printf(is_it ? "[%s]" : " %s ", pane_names[i]);
        x = cell_grid_text(grid, x, area.y, end, is_it ? CELL_CURSOR : CELL_LABEL, name) + 1;
    }
    g_autofree char *where = end > x + 2 ? where_text(stage, end - x - 2) : NULL;
    if (where != NULL) {
        cell_grid_text(grid, end - text_width(where) - 1, area.y, end, CELL_QUIET, where);
    }
}

void view_too_small(CellGrid *grid)
{
    static const char whole[] = "The window is too small.";
    g_autofree char *least =
        g_strdup_printf("Least: %d x %d", STAGE_LEAST_WIDTH, STAGE_LEAST_HEIGHT);
    bool has_room = grid->width >= sizeof whole - 1;
    cell_grid_text(grid, 0, 0, grid->width, CELL_BAD, has_room ? whole : "too small");
    cell_grid_text(grid, 0, 1, grid->width, CELL_PLAIN, least);
}

void view_more(CellGrid *grid, CellArea pane, guint above, guint below)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (above > 0) {
        g_string_append_printf(text, " ↑ %u", above);
    }
    if (below > 0) {
        g_string_append_printf(text, " ↓ %u more", below);
    }
    if (text->len > 0) {
        g_string_append_c(text, ' ');
        guint end = pane.x + pane.width;
        guint width = MIN(text_width(text->str), pane.width);
        cell_grid_text(grid, end - width, pane.y + pane.height, end, CELL_LABEL, text->str);
    }
}

bool view_tabs_hit(guint column, StagePane *out_pane)
{
    guint x = 1;
    for (guint i = 0; i < N_STAGE_PANES; i++) {
        guint width = (guint)strlen(pane_names[i]) + 2;
        if (column >= x && column < x + width) {
            *out_pane = (StagePane)i;
            return true;
        }
        x += width + 1;
    }
    return false;
}
