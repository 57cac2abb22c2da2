#include "ui/terminal/stage-private.h"

#include <string.h>

#define HELP_PAGE 8

/* Milliseconds from one step to the next. */
static const guint speeds[] = {8000, 4000, 2000, 1000, 500, 250, 100};

#define USUAL_SPEED 2

Stage *stage_new(
    const StageOptions *options,
    Recording *recording,
    Recording *original,
    const WhatIfList *what_ifs,
    guint width,
    guint height
)
{
    Stage *stage = g_new0(Stage, 1);
    stage->options = *options;
    stage->level = STEP_LEVEL_DIALOGUE;
    stage->speed = USUAL_SPEED;
    stage->input = g_string_new(NULL);
    stage->menu = stage_menu_new();
    stage->pairs = g_array_new(FALSE, FALSE, sizeof(StagePair));
    stage->what_ifs = what_ifs == NULL ? what_if_list_new() : what_if_list_copy(what_ifs);
    stage->chosen = STAGE_CHOICES;
    stage_show_init(stage, &stage->original, original == NULL ? recording : original);
    if (original != NULL) {
        stage_show_init(stage, &stage->branch, recording);
    }
    stage_resize(stage, width, height);
    return stage;
}

void stage_free(Stage *stage)
{
    if (stage == NULL) {
        return;
    }
    stage_clear_choices(stage);
    stage_show_clear(&stage->original);
    stage_show_clear(&stage->branch);
    what_if_list_free(stage->what_ifs);
    g_ptr_array_unref(stage->menu);
    g_array_unref(stage->pairs);
    g_string_free(stage->input, TRUE);
    g_free(stage->search);
    g_free(stage->message);
    g_free(stage);
}

void stage_resize(Stage *stage, guint width, guint height)
{
    stage->width = width;
    stage->height = height;
}

void stage_set_level(Stage *stage, StepLevel level)
{
    stage->level = level;
    stage_filter(stage);
}

/* A step that is not seen at this level: the one before it that is. */
bool stage_go_to_step(Stage *stage, guint64 number)
{
    guint best = 0;
    bool is_found = timeline_find(stage_timeline(stage), number) != NULL;
    for (guint i = 0; is_found && i < stage_count(stage); i++) {
        guint64 found = stage_step_at(stage, i)->number;
        if (found != 0 && found <= number) {
            best = i;
        }
        if (found == number) {
            break;
        }
    }
    if (is_found) {
        stage_move(stage, best);
    }
    return is_found;
}

void stage_say(Stage *stage, bool is_bad, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(stage->message);
    stage->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    stage->message_is_bad = is_bad;
}

/* --- what keys do that belong to no other file --- */

void stage_next_pane(Stage *stage)
{
    stage->pane = (stage->pane + 1) % N_STAGE_PANES;
    stage->scroll = 0;
}

void stage_previous_pane(Stage *stage)
{
    stage->pane = (stage->pane + N_STAGE_PANES - 1) % N_STAGE_PANES;
    stage->scroll = 0;
}

void stage_down(Stage *stage)
{
    if (stage->pane == STAGE_PANE_BYTES) {
        guint fields = view_bytes_fields(stage);
        stage->field = fields == 0 ? 0 : MIN(stage->field + 1, fields - 1);
    } else {
        stage->scroll++; /* drawing holds it at the end of the text */
    }
}

void stage_up(Stage *stage)
{
    if (stage->pane == STAGE_PANE_BYTES) {
        stage->field -= stage->field > 0;
    } else {
        stage->scroll -= stage->scroll > 0;
    }
}

void stage_next_frame(Stage *stage)
{
    const Step *step = stage_step(stage);
    if (step == NULL || step->frames->len < 2) {
        stage_say(stage, false, "No other frame carried this step.");
        return;
    }
    stage->frame = (stage->frame + 1) % step->frames->len;
    stage->field = 0;
    stage->pane = STAGE_PANE_BYTES;
}

void stage_help(Stage *stage)
{
    stage->mode = STAGE_MODE_HELP;
    stage->help_scroll = 0;
    stage->is_playing = false;
}

void stage_play(Stage *stage)
{
    stage->is_playing = !stage->is_playing;
    if (stage->is_playing) {
        stage_say(
            stage,
            false,
            "A step every %g s; + and - change it, a stops.",
            speeds[stage->speed] / 1000.0
        );
    } else {
        stage_say(stage, false, "Stopped.");
    }
}

static void set_speed(Stage *stage, guint speed)
{
    stage->speed = speed;
    stage_say(stage, false, "A step every %g s.", speeds[speed] / 1000.0);
}

void stage_faster(Stage *stage)
{
    set_speed(stage, MIN(stage->speed + 1, G_N_ELEMENTS(speeds) - 1));
}

void stage_slower(Stage *stage)
{
    set_speed(stage, stage->speed > 0 ? stage->speed - 1 : 0);
}

void stage_quit(Stage *stage)
{
    stage->wants_end = true;
}

gint stage_tick_ms(const Stage *stage)
{
    return stage->is_playing && stage->mode == STAGE_MODE_STEPS ? (gint)speeds[stage->speed] : -1;
}

void stage_tick(Stage *stage)
{
    if (stage_tick_ms(stage) >= 0) {
        g_clear_pointer(&stage->message, g_free);
        stage_forward(stage);
    }
}

/* --- keys --- */

static void help_key(Stage *stage, guint32 key)
{
    if (key == STAGE_KEY_DOWN || key == 'j') {
        stage->help_scroll++;
    } else if (key == STAGE_KEY_UP || key == 'k') {
        stage->help_scroll -= stage->help_scroll > 0;
    } else if (key == STAGE_KEY_PAGE_DOWN || key == ' ') {
        stage->help_scroll += HELP_PAGE;
    } else if (key == STAGE_KEY_PAGE_UP) {
        stage->help_scroll -= MIN(stage->help_scroll, HELP_PAGE);
    } else {
        stage->mode = STAGE_MODE_STEPS;
    }
}

static void step_key(Stage *stage, guint32 key)
{
    const StageKeyRow *row = stage_key_find(key);
    if (key == STAGE_KEY_ESCAPE) {
        stage->is_playing = false;
    } else if (row == NULL) {
        stage_say(stage, false, "This key does nothing; ? lists those that do.");
    } else if (row->needs_story && stage->options.play == NULL) {
        stage_say(
            stage,
            true,
            "A capture has happened: only a scenario has chapters and can go another way."
        );
    } else {
        row->act(stage);
    }
}

bool stage_key(Stage *stage, guint32 key)
{
    g_clear_pointer(&stage->message, g_free);
    switch (stage->mode) {
    case STAGE_MODE_STEPS:
        step_key(stage, key);
        break;
    case STAGE_MODE_HELP:
        help_key(stage, key);
        break;
    case STAGE_MODE_MENU:
        stage_menu_key(stage, key);
        break;
    case STAGE_MODE_PROMPT:
        stage_prompt_key(stage, key);
        break;
    case STAGE_MODE_PREDICT:
        stage_predict_key(stage, key);
        break;
    case STAGE_MODE_COMPARE:
        stage_compare_key(stage, key);
        break;
    }
    return !stage->wants_end;
}

static bool is_inside(CellArea area, guint x, guint y)
{
    return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}

/* A step of the ladder becomes the present one, a name of a pane shows that pane. */
void stage_click(Stage *stage, guint x, guint y)
{
    StageLayout layout = stage_layout(stage);
    StagePane pane;
    if (stage->mode != STAGE_MODE_STEPS) {
        return;
    }
    if (is_inside(layout.tabs, x, y) && view_tabs_hit(x - layout.tabs.x, &pane)) {
        stage->pane = pane;
        stage->scroll = 0;
    } else if (is_inside(layout.ladder, x, y) && y > layout.ladder.y) {
        guint row = y - layout.ladder.y - 1; /* below the names of the hosts */
        guint position = view_ladder_first(stage, layout.ladder.height) + row;
        if (position <= stage->position) {
            stage_move(stage, position);
        } else {
            stage_forward(stage);
        }
    }
}

/* --- drawing --- */

static void draw_pane(Stage *stage, CellGrid *grid, CellArea area)
{
    PaneText pane;
    pane_text_init(&pane, area.width);
    if (stage->mode == STAGE_MODE_PREDICT) {
        view_predict(stage, &pane);
    } else if (stage->pane == STAGE_PANE_MEANING) {
        view_meaning(stage, &pane);
    } else if (stage->pane == STAGE_PANE_BYTES) {
        view_bytes(stage, &pane);
    } else if (stage->pane == STAGE_PANE_STATE) {
        view_state(stage, &pane);
    } else {
        view_note(stage, &pane);
    }
    guint most = pane.rows > area.height ? pane.rows - area.height : 0;
    stage->scroll = MIN(stage->scroll, most);
    guint first = stage->scroll;
    if (stage->pane == STAGE_PANE_BYTES && stage->mode != STAGE_MODE_PREDICT) {
        /* The octets of the field stand in the middle, below the rows that tell of it. */
        guint half = area.height / 2;
        first = MIN(pane.mark > half ? pane.mark - half : 0, most);
        cell_grid_copy(grid, area, pane.grid, first);
        area.height = MIN(pane.kept, area.height);
        cell_grid_copy(grid, area, pane.grid, 0);
    } else {
        cell_grid_copy(
            grid,
            (CellArea){area.x, area.y, area.width, MIN(area.height, pane.rows - first)},
            pane.grid,
            first
        );
        view_more(grid, area, first, most - first);
    }
    pane_text_clear(&pane);
}

void stage_draw(Stage *stage, CellGrid *grid)
{
    cell_grid_clear(grid);
    stage_resize(stage, grid->width, grid->height); /* word of a change of size may have got lost */
    if (grid->width < STAGE_LEAST_WIDTH || grid->height < STAGE_LEAST_HEIGHT) {
        view_too_small(grid);
        return;
    }
    if (stage->mode == STAGE_MODE_HELP) {
        view_help(stage, grid);
        return;
    }
    if (stage->mode == STAGE_MODE_COMPARE) {
        view_compare(stage, grid);
        return;
    }
    StageLayout layout = stage_layout(stage);
    view_frame(stage, grid);
    view_ladder(stage, grid, layout.ladder);
    view_tabs(stage, grid, layout.tabs);
    draw_pane(stage, grid, layout.pane);
    view_message(stage, grid);
    if (stage->mode == STAGE_MODE_MENU) {
        view_menu(stage, grid);
    }
}
