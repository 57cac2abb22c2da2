/* Kind 12: the dots of DATA and of RETR, both ways. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "protocol/encoding/dot-stuffing.h"

#define MESSAGE_MAXIMUM 4096

static char *make_message(Exercise *exercise)
{
    GString *message = g_string_new(NULL);
    guint n_lines = exercise_between(exercise, 3, 3 + exercise->level);
    guint dotted = exercise_below(exercise, n_lines);
    for (guint i = 0; i < n_lines; i++) {
        static const char *const dots[] = {".", "..", "...", ". "};
        guint most = exercise->level == 1 ? 1 : 4;
        bool has_dot = i == dotted || exercise_below(exercise, 4 - exercise->level) == 0;
        g_autofree char *sentence = exercise_sentence(exercise);
        if (has_dot && exercise->level == 3 && exercise_below(exercise, 3) == 0) {
            g_string_append(message, ".\n");
        } else {
            g_string_append_printf(
                message, "%s%s\n", has_dot ? dots[exercise_below(exercise, most)] : "", sentence
            );
        }
    }
    return g_string_free(message, FALSE);
}

/* With CRLF for the stuffing, with LF for people. */
static char *stuff(const char *message)
{
    g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
    g_autofree char *wire = g_strjoinv("\r\n", lines);
    ByteBuffer stuffed;
    byte_buffer_init(&stuffed, MESSAGE_MAXIMUM);
    g_assert(dot_stuff(byte_span_from_string(wire), &stuffed));
    g_autofree char *text = byte_span_to_string(byte_buffer_span(&stuffed));
    byte_buffer_clear(&stuffed);
    g_auto(GStrv) stuffed_lines = g_strsplit(text, "\r\n", -1);
    return g_strjoinv("\n", stuffed_lines);
}

static void add_steps(ExercisePart *part, bool is_stuffing)
{
    g_auto(GStrv) lines = g_strsplit(part->key, "\n", -1);
    for (gsize i = 0; lines[i] != NULL && (lines[i][0] != '\0' || lines[i + 1] != NULL); i++) {
        bool is_end = is_stuffing && strcmp(lines[i], ".") == 0;
        bool is_dotted = lines[i][0] == '.';
        exercise_part_step(
            part,
            is_end      ? "the end of the message"
            : is_dotted ? "lines that start with a dot"
                        : "other lines stay as they are",
            i,
            i + 1,
            EXERCISE_RFC(5321, "4.5.2"),
            g_strdup_printf("line %zu", i + 1),
            is_end ? g_strdup("A line with a single dot ends the message.")
            : !is_dotted
                ? g_strdup_printf("\"%s\" starts with no dot and stays as it is.", lines[i])
            : is_stuffing
                ? g_strdup_printf(
                      "The line starts with a dot, so one more goes in front: \"%s\".", lines[i]
                  )
                : g_strdup_printf("The first dot is taken away; what is left is \"%s\".", lines[i])
        );
    }
}

/* Every line changed by a rule. */
static char *by_line(const char *text, char *(*change)(const char *line))
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        char *changed = change(lines[i]);
        g_free(lines[i]);
        lines[i] = changed;
    }
    return g_strjoinv("\n", lines);
}

static char *dot_before_all(const char *line)
{
    return g_strconcat(line[0] == '\0' ? "" : ".", line, NULL);
}

static char *all_dots_off(const char *line)
{
    return g_strdup(line + strspn(line, "."));
}

static void make_stuffing(Exercise *exercise, const char *message, const char *stuffed)
{
    exercise_say(
        exercise,
        "A client has said DATA and got 354. It sends this text as the message. Write what goes "
        "over the wire, the end of the message included."
    );
    exercise_show(exercise, message);
    ExercisePart *part = exercise_ask(exercise, ANSWER_LINES, stuffed, "On the wire:");
    add_steps(part, true);
    g_autofree char *unended = g_strndup(stuffed, strlen(stuffed) - 2);
    g_autofree char *plain = g_strconcat(message, ".\n", NULL);
    g_autofree char *doubled = by_line(message, dot_before_all);
    g_autofree char *all = g_strconcat(doubled, ".\n", NULL);
    exercise_part_mistake(
        part,
        "no end",
        unended,
        "The end of the message is missing.",
        "End with a line of a single dot."
    );
    exercise_part_mistake(
        part,
        "nothing stuffed",
        plain,
        "No dot was added; a line of a single dot would end the message too early, and the "
        "receiver "
        "takes the first dot off every line that has one.",
        "Put one dot in front of every line that starts with a dot."
    );
    exercise_part_mistake(
        part,
        "nothing done",
        message,
        "The text was left as it is.",
        "Look at the lines that start with a dot."
    );
    exercise_part_mistake(
        part,
        "a dot before every line",
        all,
        "A dot was put before every line.",
        "Only lines that start with a dot get another."
    );
}

static void make_unstuffing(Exercise *exercise, const char *message, const char *stuffed)
{
    exercise_say(
        exercise,
        "A server sends these lines behind \"+OK\" as the answer to RETR. What is the message?"
    );
    exercise_show(exercise, stuffed);
    ExercisePart *part = exercise_ask(exercise, ANSWER_LINES, message, "The message:");
    add_steps(part, false);
    g_autofree char *bare = by_line(stuffed, all_dots_off);
    exercise_part_mistake(
        part,
        "left as it is",
        stuffed,
        "The text was left as it is.",
        "Take one dot off each line that starts with one, and leave the last line out."
    );
    g_autofree char *ended = g_strconcat(message, ".\n", NULL);
    exercise_part_mistake(
        part,
        "kept the last dot",
        ended,
        "The line of a single dot at the end is not part of the message.",
        "Leave it out."
    );
    exercise_part_mistake(
        part,
        "all dots taken away",
        bare,
        "All dots at the start of lines were taken away.",
        "Only the first one goes."
    );
}

void exercise_make_dot_stuffing(Exercise *exercise)
{
    g_autofree char *message = make_message(exercise);
    g_autofree char *stuffed = stuff(message);
    if (exercise_toss(exercise)) {
        make_stuffing(exercise, message, stuffed);
    } else {
        make_unstuffing(exercise, message, stuffed);
    }
    exercise_set_hint(
        exercise,
        "A line that starts with a dot gets one more dot in front on the wire; a line of a single "
        "dot ends the message."
    );
    exercise_set_try(exercise, "mailwalk explain dot --escapes '.text\\r\\n'");
}

EXERCISE_DIAGNOSE(dot_stuffing)
{
    (void)exercise;
    (void)answer;
    const ExerciseStep *step = part->steps->pdata[verdict->first_wrong];
    g_auto(GStrv) lines = g_strsplit(verdict->wrote, "\n", -1);
    if (step->from >= g_strv_length(lines)) {
        return;
    }
    const char *line = lines[step->from];
    exercise_verdict_set(&verdict->why, "%s You have \"%s\".", step->working, line);
}
