/* What-ifs: playing the story again, saving. */

#include "ui/terminal/stage-private.h"

#include <string.h>

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

/* The line stands below, in the prompt. */
static const char *without_line(const char *message, const char *line)
{
    g_autofree char *named = g_strdup_printf("what-if '%s'", line);
    if (!g_str_has_prefix(message, named)) {
        return message;
    }
    const char *rest = message + strlen(named);
    return rest + strspn(rest, ",: ");
}

void stage_play_what_if(Stage *stage, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WhatIfList) longer = what_if_list_copy(stage->what_ifs);
    if (!what_if_list_add(longer, line, &error) || !replay(stage, longer, &error)) {
        stage_begin_prompt(stage, STAGE_PROMPT_WHAT_IF, line);
        stage_say(stage, true, "%s", without_line(error->message, line));
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
