/* Lines that are typed: going to a step, searching. */

#include "ui/terminal/stage-private.h"

#include <string.h>

#define CONTROL_U 0x15 /* what was typed is taken back, as shells have it */

void stage_begin_prompt(Stage *stage, StagePrompt prompt, const char *text)
{
    stage->mode = STAGE_MODE_PROMPT;
    stage->prompt = prompt;
    stage->is_playing = false;
    g_string_assign(stage->input, text);
}

void stage_ask_step(Stage *stage)
{
    stage_begin_prompt(stage, STAGE_PROMPT_GO_TO, "");
}

void stage_ask_search(Stage *stage)
{
    stage_begin_prompt(stage, STAGE_PROMPT_SEARCH, "");
}

static bool holds(const char *text, const char *wanted)
{
    if (text == NULL) {
        return false;
    }
    g_autofree char *folded = g_utf8_casefold(text, -1);
    return strstr(folded, wanted) != NULL;
}

static bool step_holds(const Step *step, const char *wanted)
{
    return holds(step->text, wanted) || holds(step->title, wanted) ||
           holds(step->meaning, wanted) || holds(step->from, wanted) || holds(step->to, wanted);
}

/* From the present step on, round the end if need be. */
static void find(Stage *stage, bool goes_back)
{
    guint count = stage_count(stage);
    if (stage->search == NULL) {
        stage_say(stage, true, "Nothing was searched for yet: type / and a word.");
        return;
    }
    g_autofree char *wanted = g_utf8_casefold(stage->search, -1);
    for (guint i = 1; i <= count; i++) {
        guint ahead = goes_back ? count - i : i;
        guint position = (stage->position + ahead) % count;
        if (step_holds(stage_step_at(stage, position), wanted)) {
            bool is_round = goes_back ? position >= stage->position : position <= stage->position;
            stage_move(stage, position);
            stage_say(
                stage,
                false,
                "%s: . and , go to the others%s",
                stage->search,
                is_round ? " (past the end, begun anew)" : ""
            );
            return;
        }
    }
    stage_say(stage, true, "No step at this level has '%s'.", stage->search);
}

void stage_search_next(Stage *stage)
{
    find(stage, false);
}

void stage_search_previous(Stage *stage)
{
    find(stage, true);
}

static void go_to(Stage *stage, const char *text)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
        stage_say(stage, true, "'%s' is no number of a step.", text);
    } else if (!stage_go_to_step(stage, number)) {
        stage_say(stage, true, "There is no step %" G_GUINT64_FORMAT ".", number);
    }
}

static void end_prompt(Stage *stage)
{
    g_autofree char *text = g_strstrip(g_strdup(stage->input->str));
    stage->mode = STAGE_MODE_STEPS;
    if (text[0] == '\0') {
        return;
    }
    switch (stage->prompt) {
    case STAGE_PROMPT_GO_TO:
        go_to(stage, text);
        break;
    case STAGE_PROMPT_SEARCH:
        g_free(stage->search);
        stage->search = g_steal_pointer(&text);
        stage_search_next(stage);
        break;
    case STAGE_PROMPT_WHAT_IF:
        stage_play_what_if(stage, text);
        break;
    case STAGE_PROMPT_SAVE:
        stage_save(stage, text);
        break;
    }
}

void stage_prompt_key(Stage *stage, guint32 key)
{
    GString *input = stage->input;
    if (key == STAGE_KEY_ENTER) {
        end_prompt(stage);
    } else if (key == STAGE_KEY_ESCAPE) {
        stage->mode = STAGE_MODE_STEPS;
    } else if (key == CONTROL_U) {
        g_string_truncate(input, 0);
    } else if (key == STAGE_KEY_BACKSPACE && input->len > 0) {
        const char *last = g_utf8_find_prev_char(input->str, input->str + input->len);
        g_string_truncate(input, (gsize)(last - input->str));
    } else if (key >= ' ' && key < STAGE_KEY_LEFT && g_unichar_validate(key) && !g_unichar_iscntrl(key) && input->len < STAGE_INPUT_MAXIMUM) {
        g_string_append_unichar(input, key);
    }
}
