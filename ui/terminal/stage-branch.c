/* What-ifs: playing the story again, comparing, saving. */

#include "ui/terminal/stage-private.h"

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
