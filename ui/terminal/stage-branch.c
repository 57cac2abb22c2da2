/* What-ifs: the menu of what is possible at a step, playing the story again, comparing, saving. */

#include "ui/terminal/stage-private.h"

#include "protocol/catalogue/catalogue.h"
#include "ui/report/vocabulary-replies.h"

#include <string.h>

#define REFUSALS_MAXIMUM 6

/* --- the menu --- */

static void free_row(gpointer data)
{
    StageMenuRow *row = data;
    g_free(row->label);
    g_free(row->line);
    g_free(row);
}

GPtrArray *stage_menu_new(void)
{
    return g_ptr_array_new_with_free_func(free_row);
}

static void add_row(Stage *stage, bool is_complete, char *label, char *line)
{
    StageMenuRow *row = g_new0(StageMenuRow, 1);
    row->label = label;
    row->line = line;
    row->is_complete = is_complete;
    g_ptr_array_add(stage->menu, row);
}

static const VocabularyItem *smtp_command_item(const char *title)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        if (item->kind == VOCABULARY_COMMAND && item->protocol == VOCABULARY_SMTP &&
            item->replies != NULL && g_ascii_strcasecmp(item->token, title) == 0) {
            return item;
        }
    }
    return NULL;
}

/* Refusals for good come first, then those for now, then those that speak of the form. */
static guint rank_of(const char *code)
{
    return g_str_has_prefix(code, "55") ? 0 : code[0] == '4' ? 1 : code[0] == '5' ? 2 : 3;
}

static void add_refusal(
    Stage *stage, const Step *step, const VocabularyItem *command, const VocabularyReply *reply
)
{
    bool is_unknown_user = g_str_equal(command->token, "RCPT") && g_str_equal(reply->token, "550");
    add_row(
        stage,
        true,
        g_strdup_printf(
            "refuse %s with %s: %s", command->token, reply->token, reply->sense->meaning
        ),
        g_strdup_printf(
            "at step %" G_GUINT64_FORMAT " refuse with %s%s",
            step->number,
            reply->token,
            is_unknown_user ? " \"5.1.1 No such user here\"" : ""
        )
    );
}

static void add_refusals(Stage *stage, const Step *step, const VocabularyItem *command)
{
    guint count = 0;
    for (guint rank = 0; rank < 3; rank++) {
        const char *rest = command->replies;
        VocabularyReply reply;
        while (count < REFUSALS_MAXIMUM && vocabulary_next_reply(command, &rest, &reply)) {
            if (reply.sense != NULL && rank_of(reply.token) == rank) {
                add_refusal(stage, step, command, &reply);
                count++;
            }
        }
    }
}

static void add_sayings(Stage *stage, const Step *step)
{
    const Step *command = step->kind == STEP_REPLY && step->answers != 0
                              ? timeline_find(stage_timeline(stage), step->answers)
                              : step;
    bool is_line = step->kind == STEP_COMMAND || step->kind == STEP_REPLY;

    if (!is_line || command == NULL || !g_str_equal(step->protocol, "SMTP")) {
        return;
    }
    const VocabularyItem *item = command->kind == STEP_COMMAND && command->title != NULL
                                     ? smtp_command_item(command->title)
                                     : NULL;
    if (item != NULL) {
        add_refusals(stage, step, item);
        add_row(
            stage,
            false,
            g_strdup("the server answers something else: type it"),
            g_strdup_printf("at step %" G_GUINT64_FORMAT " answer \"", step->number)
        );
    }
    add_row(
        stage,
        false,
        g_strdup_printf(
            "the client says something else%s: type it", step->kind == STEP_REPLY ? " next" : ""
        ),
        g_strdup_printf("at step %" G_GUINT64_FORMAT " say \"", step->number)
    );
}

static void add_frames(Stage *stage, const Step *step)
{
    if (step->frames->len == 0) {
        return;
    }
    guint64 frame = g_array_index(step->frames, guint64, MIN(stage->frame, step->frames->len - 1));

    static const struct {
        const char *label;
        const char *line;
        const char *end;
    } rows[] = {
        {"frame %s is lost on its way", "drop", ""},
        {"frame %s comes 3 seconds later", "delay", " by 3 s"},
        {"frame %s is damaged on its way", "corrupt", ""},
        {"frame %s comes twice", "duplicate", ""},
    };

    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, frame);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) halves = g_strsplit(rows[i].label, "%s", 2);
        add_row(
            stage,
            true,
            g_strconcat(halves[0], number, halves[1], NULL),
            g_strdup_printf("%s frame %s%s", rows[i].line, number, rows[i].end)
        );
    }
}

static void add_host(Stage *stage, const Step *step, const char *host)
{
    if (host == NULL || host[0] == '\0') {
        return;
    }
    add_row(
        stage,
        true,
        g_strdup_printf("%s goes down for 10 minutes", host),
        g_strdup_printf(
            "at step %" G_GUINT64_FORMAT " %s goes down for 10 minutes", step->number, host
        )
    );
}

static void add_deeds(Stage *stage, const Step *step)
{
    for (guint i = 0; stage->options.deeds != NULL && stage->options.deeds[i] != NULL; i++) {
        add_row(
            stage,
            true,
            g_strdup(stage->options.deeds[i]),
            g_strdup_printf(
                "at step %" G_GUINT64_FORMAT " %s", step->number, stage->options.deeds[i]
            )
        );
    }
}

void stage_open_menu(Stage *stage)
{
    const Step *step = stage_step(stage);
    if (stage->options.play == NULL) {
        stage_say(stage, true, "A capture has happened: only a scenario can go another way.");
        return;
    }
    if (step == NULL) {
        return;
    }
    g_ptr_array_set_size(stage->menu, 0);
    stage->menu_row = 0;
    stage->is_playing = false;
    if (step->number != 0) {
        add_sayings(stage, step);
    }
    add_frames(stage, step);
    if (step->number != 0) {
        add_host(stage, step, step->to);
        if (g_strcmp0(step->from, step->to) != 0) {
            add_host(stage, step, step->from);
        }
        add_deeds(stage, step);
    }
    add_row(
        stage,
        false,
        g_strdup("something else: type it"),
        step->number == 0 ? g_strdup("at ")
                          : g_strdup_printf("at step %" G_GUINT64_FORMAT " ", step->number)
    );
    stage->mode = STAGE_MODE_MENU;
}

/* The line is shown before it is played, so that it can be changed and is learned. */
static void choose(Stage *stage)
{
    const StageMenuRow *row = stage->menu->pdata[stage->menu_row];
    stage_begin_prompt(stage, STAGE_PROMPT_WHAT_IF, row->line);
}

void stage_menu_key(Stage *stage, guint32 key)
{
    guint last = stage->menu->len - 1;
    switch (key) {
    case STAGE_KEY_UP:
    case 'k':
        stage->menu_row = stage->menu_row == 0 ? last : stage->menu_row - 1;
        break;
    case STAGE_KEY_DOWN:
    case 'j':
        stage->menu_row = stage->menu_row == last ? 0 : stage->menu_row + 1;
        break;
    case STAGE_KEY_HOME:
        stage->menu_row = 0;
        break;
    case STAGE_KEY_END:
        stage->menu_row = last;
        break;
    case STAGE_KEY_ENTER:
    case STAGE_KEY_RIGHT:
        choose(stage);
        break;
    case STAGE_KEY_ESCAPE:
    case STAGE_KEY_LEFT:
    case 'w':
    case 'q':
        stage->mode = STAGE_MODE_STEPS;
        break;
    default:
        break;
    }
}

/* --- playing --- */

static void show_recording(Stage *stage, Recording *recording, guint64 number)
{
    stage_show_clear(&stage->branch);
    if (recording != NULL) {
        stage_show_init(stage, &stage->branch, recording);
    }
    stage_filter(stage);
    if (number == 0 || !stage_go_to_step(stage, number)) {
        stage_move(stage, stage->position);
    }
}

static guint64 present_number(const Stage *stage)
{
    const Step *step = stage_step(stage);
    return step == NULL ? 0 : step->number;
}

static bool replay(Stage *stage, const WhatIfList *what_ifs, GError **error)
{
    guint64 number = present_number(stage);
    Recording *recording = NULL;
    if (what_if_list_length(what_ifs) > 0) {
        recording = stage->options.play(stage->options.owner, what_ifs, error);
        if (recording == NULL) {
            return false;
        }
    }
    show_recording(stage, recording, number);
    return true;
}

void stage_play_what_if(Stage *stage, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WhatIfList) longer = what_if_list_copy(stage->what_ifs);
    if (!what_if_list_add(longer, line, &error) || !replay(stage, longer, &error)) {
        stage_begin_prompt(stage, STAGE_PROMPT_WHAT_IF, line);
        stage_say(stage, true, "%s", error->message);
        return;
    }
    what_if_list_free(stage->what_ifs);
    stage->what_ifs = g_steal_pointer(&longer);
    const char *unmet = recording_unmet(stage->branch.recording);
    if (unmet != NULL) {
        stage_say(stage, true, "Its moment never comes: %s", unmet);
    } else {
        stage_say(stage, false, "Now the story goes another way. d compares, u undoes, s saves.");
    }
}

void stage_undo_what_if(Stage *stage)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WhatIfList) shorter = what_if_list_copy(stage->what_ifs);
    if (what_if_list_length(shorter) == 0) {
        stage_say(stage, false, "There is no what-if to undo.");
        return;
    }
    what_if_list_remove_last(shorter);
    if (!replay(stage, shorter, &error)) {
        stage_say(stage, true, "%s", error->message);
        return;
    }
    what_if_list_free(stage->what_ifs);
    stage->what_ifs = g_steal_pointer(&shorter);
    stage_say(stage, false, "The last what-if is undone.");
}

/* --- comparing --- */

static const Step *seen_at(const StageShow *show, guint position)
{
    return timeline_step(
        recording_timeline(show->recording), g_array_index(show->visible, guint, position)
    );
}

static bool is_same(const Step *left, const Step *right)
{
    return left->kind == right->kind && left->time_ns == right->time_ns &&
           g_strcmp0(left->text, right->text) == 0 && g_strcmp0(left->from, right->from) == 0 &&
           g_strcmp0(left->to, right->to) == 0;
}

guint stage_parting(const Stage *stage)
{
    guint count = MIN(stage->original.visible->len, stage->branch.visible->len);
    for (guint i = 0; i < count; i++) {
        if (!is_same(seen_at(&stage->original, i), seen_at(&stage->branch, i))) {
            return i;
        }
    }
    return count;
}

void stage_compare(Stage *stage)
{
    if (stage->branch.recording == NULL) {
        stage_say(stage, true, "There is nothing to compare yet: w asks what if.");
        return;
    }
    stage->mode = STAGE_MODE_COMPARE;
    stage->compare_scroll = 0;
    stage->is_playing = false;
}

void stage_compare_key(Stage *stage, guint32 key)
{
    switch (key) {
    case STAGE_KEY_DOWN:
    case STAGE_KEY_RIGHT:
    case ' ':
    case 'j':
        stage->compare_scroll++;
        break;
    case STAGE_KEY_UP:
    case STAGE_KEY_LEFT:
    case 'k':
        stage->compare_scroll -= stage->compare_scroll > 0;
        break;
    case STAGE_KEY_PAGE_DOWN:
        stage->compare_scroll += 10;
        break;
    case STAGE_KEY_PAGE_UP:
        stage->compare_scroll -= MIN(stage->compare_scroll, 10);
        break;
    case STAGE_KEY_HOME:
        stage->compare_scroll = 0;
        break;
    case STAGE_KEY_ESCAPE:
    case STAGE_KEY_ENTER:
    case 'd':
    case 'q':
        stage->mode = STAGE_MODE_STEPS;
        break;
    default:
        break;
    }
    guint longest = MAX(stage->original.visible->len, stage->branch.visible->len);
    guint parting = stage_parting(stage);
    guint last = longest > parting ? longest - parting - 1 : 0;
    stage->compare_scroll = MIN(stage->compare_scroll, last);
}

/* --- saving --- */

void stage_ask_save(Stage *stage)
{
    if (what_if_list_length(stage->what_ifs) == 0) {
        stage_say(stage, true, "There is no what-if to save yet: w asks what if.");
        return;
    }
    g_autofree char *name = g_strdup_printf("%s.what-if", stage->options.name);
    stage_begin_prompt(stage, STAGE_PROMPT_SAVE, name);
}

void stage_save(Stage *stage, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "# Play it with: mailwalk run %s%s --what-if=@%s\n",
        stage->options.name,
        stage->options.unlike,
        path
    );
    for (guint i = 0; i < what_if_list_length(stage->what_ifs); i++) {
        g_autofree char *line = what_if_to_text(what_if_list_at(stage->what_ifs, i));
        g_string_append_printf(text, "%s\n", line);
    }
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        stage_begin_prompt(stage, STAGE_PROMPT_SAVE, path);
        stage_say(stage, true, "%s exists: choose another name.", path);
    } else if (!g_file_set_contents(path, text->str, (gssize)text->len, &error)) {
        stage_say(stage, true, "%s", error->message);
    } else {
        stage_say(stage, false, "Saved: mailwalk run %s --what-if=@%s", stage->options.name, path);
    }
}
