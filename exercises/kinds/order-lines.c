/* Kind 9: the lines of a dialogue, shuffled. Where two recipients may change places, both orders
 * are right. */

#include "exercises/kinds/kinds.h"

#include "exercises/kinds/script.h"

#define LINES_MAXIMUM 24

static Script *make_script(Exercise *exercise)
{
    bool is_pop3 = exercise->level >= 2 && exercise_toss(exercise);
    if (is_pop3) {
        return script_new_pop3(exercise, exercise->level >= 3);
    }
    ScriptOptions options = {
        .is_extended = exercise->level >= 3,
        .n_recipients = exercise->level == 1 || exercise_toss(exercise) ? 2 : 1,
        .refuses_one = exercise->level >= 3 && exercise_toss(exercise),
    };
    options.refuses_one = options.refuses_one && options.n_recipients == 2;
    return script_new_smtp(exercise, &options);
}

/* Level 1 shows the client's lines alone. */
static GArray *shown_lines(Exercise *exercise, const Script *script)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < script->lines->len && shown->len < LINES_MAXIMUM; i++) {
        if (exercise->level > 1 || script_line(script, i)->is_client) {
            g_array_append_val(shown, i);
        }
    }
    return shown;
}

static char *letters_in_order(const guint *places, gsize count)
{
    GString *letters = g_string_new(NULL);
    for (gsize i = 0; i < count; i++) {
        g_string_append_printf(letters, "%s%c", i == 0 ? "" : " ", (char)('A' + places[i]));
    }
    return g_string_free(letters, FALSE);
}

/* The two recipients, each with its answer where that is shown, the other way round. */
static void accept_recipients_swapped(
    ExercisePart *part, const Script *script, const GArray *shown, const guint *places
)
{
    gsize first = 0;
    while (first < shown->len &&
           script_line(script, g_array_index(shown, guint, first))->role != SCRIPT_RCPT) {
        first++;
    }
    gsize step =
        first + 1 < shown->len &&
                script_line(script, g_array_index(shown, guint, first + 1))->role == SCRIPT_RCPT
            ? 1
            : 2;
    bool has_two =
        first + step < shown->len &&
        script_line(script, g_array_index(shown, guint, first + step))->role == SCRIPT_RCPT;
    if (!has_two) {
        return;
    }
    guint swapped[LINES_MAXIMUM];
    memcpy(swapped, places, shown->len * sizeof *places);
    for (gsize i = 0; i < step; i++) {
        swapped[first + i] = places[first + step + i];
        swapped[first + step + i] = places[first + i];
    }
    g_autofree char *letters = letters_in_order(swapped, shown->len);
    exercise_part_accept(part, "%s", letters);
}

static char *shuffled_text(const Script *script, const GArray *shown, const guint *order)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < shown->len; i++) {
        const ScriptLine *line = script_line(script, g_array_index(shown, guint, order[i]));
        bool is_message = line->role == SCRIPT_DOT;
        g_string_append_printf(
            text,
            "%c  %s %s%s\n",
            (char)('A' + i),
            line->is_client ? "C:" : "S:",
            is_message ? "(the message) " : "",
            line->text
        );
    }
    return g_string_free(text, FALSE);
}

static void
add_steps(ExercisePart *part, const Script *script, const GArray *shown, const guint *places)
{
    for (guint i = 0; i < shown->len; i++) {
        const ScriptLine *line = script_line(script, g_array_index(shown, guint, i));
        const ScriptRoleRow *row = script_role_row(line->role);
        exercise_part_step(
            part,
            line->is_client ? "the order of commands" : "which reply answers what",
            i,
            i + 1,
            row->reference,
            g_strdup_printf("item %u", i + 1),
            g_strdup_printf(
                "Item %u is %c, \"%s\". %s",
                i + 1,
                (char)('A' + places[i]),
                line->text,
                row->sentence
            )
        );
    }
}

void exercise_make_order_lines(Exercise *exercise)
{
    g_autoptr(Script) script = make_script(exercise);
    g_autoptr(GArray) shown = shown_lines(exercise, script);
    guint order[LINES_MAXIMUM];
    guint places[LINES_MAXIMUM];
    for (guint i = 0; i < shown->len; i++) {
        order[i] = i;
    }
    exercise_shuffle(exercise, order, shown->len);
    for (guint i = 0; i < shown->len; i++) {
        places[order[i]] = i;
    }
    g_autofree char *text = shuffled_text(script, shown, order);
    g_autofree char *key = letters_in_order(places, shown->len);
    exercise_say(
        exercise,
        "These lines of one conversation got out of order. C is the client, S the server. Put them "
        "in order."
    );
    exercise_show(exercise, text);
    ExercisePart *part = exercise_ask(exercise, ANSWER_LIST, key, "The letters in order:");
    add_steps(part, script, shown, places);
    accept_recipients_swapped(part, script, shown, places);
    g_autofree char *backwards = g_strreverse(g_strdup(key));
    exercise_part_mistake(part, "backwards", backwards, "That is from the end to the start.", NULL);
    exercise_set_hint(
        exercise, "Who speaks first? Then each command waits for its answer before the next one."
    );
    exercise_set_try(exercise, "mailwalk run alice-to-bob");
}
