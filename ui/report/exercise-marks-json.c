/* Marks for Gradescope (results.json of an autograder), PrairieLearn (results of an external
 * grader), check50 (its JSON output) and Autolab (the line of scores, with feedback). */

#include "ui/report/exercise-marks.h"

#include <string.h>

#include "ui/report/exercise-feedback.h"
#include "ui/report/json-line.h"

/* Points as a JSON number. */
static void add_points(JsonLine *line, const char *key, guint tenths)
{
    g_autofree char *points = feedback_points(tenths);
    g_autofree char *member = g_strdup_printf("\"%s\":%s", key, points);
    json_line_members(line, byte_span_from_string(member));
}

static char *question_name(const ExerciseVerdict *verdict, guint number)
{
    return g_strdup_printf("%u. %s", number, verdict->exercise->kind->title);
}

static void begin(JsonLine *line)
{
    json_line_init(line);
    g_string_assign(line->text, "{");
    line->needs_comma = false;
}

static void end(JsonLine *line, GString *out)
{
    g_string_append(out, line->text->str);
    g_string_append(out, "}\n");
    json_line_clear(line);
}

static char *summary(const Mark *mark)
{
    if (mark->reason != NULL) {
        return g_strdup_printf("This hand-in could not be marked: %s.", mark->reason);
    }
    g_autofree char *points = feedback_points(mark->tenths);
    g_autofree char *maximum = feedback_points(mark->maximum_tenths);
    return g_strdup_printf("%s of %s points", points, maximum);
}

void marks_gradescope(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    JsonLine line;
    g_autofree char *text = summary(mark);
    (void)sheet;
    begin(&line);
    add_points(&line, "score", mark->tenths);
    json_line_string(&line, "output", text);
    json_line_string(&line, "visibility", "visible");
    json_line_array_begin(&line, "tests");
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        g_autofree char *name = question_name(verdict, i + 1);
        g_autofree char *number = g_strdup_printf("%u", i + 1);
        g_autofree char *feedback = feedback_plain(verdict, i + 1, mark->verdicts->len);
        json_line_object_begin(&line, NULL);
        add_points(&line, "score", mark_tenths(verdict));
        add_points(&line, "max_score", CLASS_POINTS * 10);
        json_line_string(&line, "status", verdict->is_right ? "passed" : "failed");
        json_line_string(&line, "name", name);
        json_line_string(&line, "number", number);
        json_line_string(&line, "output", feedback);
        json_line_object_end(&line);
    }
    json_line_array_end(&line);
    end(&line, out);
}

void marks_prairielearn(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    JsonLine line;
    g_autofree char *text = summary(mark);
    (void)sheet;
    begin(&line);
    json_line_boolean(&line, "gradable", mark->reason == NULL);
    if (mark->reason != NULL) {
        json_line_string(&line, "format_errors", text);
    } else {
        g_autofree char *share = g_strdup_printf(
            "\"score\":%u.%04u",
            mark->tenths / MAX(mark->maximum_tenths, 1),
            mark->tenths % MAX(mark->maximum_tenths, 1) * 10000 / MAX(mark->maximum_tenths, 1)
        );
        json_line_members(&line, byte_span_from_string(share));
    }
    json_line_string(&line, "message", text);
    json_line_array_begin(&line, "tests");
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        g_autofree char *name = question_name(verdict, i + 1);
        g_autofree char *feedback = feedback_plain(verdict, i + 1, mark->verdicts->len);
        json_line_object_begin(&line, NULL);
        json_line_string(&line, "name", name);
        json_line_string(&line, "description", verdict->exercise->kind->name);
        add_points(&line, "points", mark_tenths(verdict));
        add_points(&line, "max_points", CLASS_POINTS * 10);
        json_line_string(&line, "message", verdict->is_right ? "right" : "not yet");
        json_line_string(&line, "output", feedback);
        json_line_object_end(&line);
    }
    json_line_array_end(&line);
    end(&line, out);
}

static void add_cause(JsonLine *line, const ExerciseVerdict *verdict)
{
    const ExercisePartVerdict *wrong = exercise_verdict_first_wrong(verdict);
    if (wrong == NULL) {
        json_line_string(line, "cause", NULL);
        return;
    }
    json_line_object_begin(line, "cause");
    json_line_string(line, "rationale", feedback_where(wrong));
    json_line_string(line, "help", wrong->why);
    json_line_object_end(line);
}

void marks_check50(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    JsonLine line;
    (void)sheet;
    begin(&line);
    json_line_string(&line, "slug", "mailwalk/exercise");
    if (mark->reason != NULL) {
        json_line_object_begin(&line, "error");
        json_line_string(&line, "type", "HandInError");
        json_line_string(&line, "value", mark->reason);
        json_line_array_begin(&line, "traceback");
        json_line_array_end(&line);
        json_line_object_begin(&line, "data");
        json_line_object_end(&line);
        json_line_object_end(&line);
    } else {
        json_line_array_begin(&line, "results");
    }
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        g_autofree char *name = g_strdup_printf("question_%u", i + 1);
        g_autofree char *description = question_name(verdict, i + 1);
        g_autofree char *steps =
            g_strdup_printf("%u of %u steps are right", verdict->n_right, verdict->n_steps);
        json_line_object_begin(&line, NULL);
        json_line_string(&line, "name", name);
        json_line_string(&line, "description", description);
        json_line_boolean(&line, "passed", verdict->is_right);
        json_line_array_begin(&line, "log");
        json_line_string(&line, NULL, steps);
        json_line_array_end(&line);
        add_cause(&line, verdict);
        json_line_object_begin(&line, "data");
        json_line_object_end(&line);
        json_line_string(&line, "dependency", NULL);
        json_line_object_end(&line);
    }
    if (mark->reason == NULL) {
        json_line_array_end(&line);
    }
    json_line_string(&line, "version", "3.0.0");
    end(&line, out);
}

/* What a student reads of the marks, as plain text. */
static void add_feedback(const Mark *mark, GString *out)
{
    g_autofree char *text = summary(mark);
    g_string_append_printf(out, "%s\n", text);
    for (guint i = 0; i < mark->verdicts->len; i++) {
        g_autofree char *feedback =
            feedback_plain(mark->verdicts->pdata[i], i + 1, mark->verdicts->len);
        g_string_append_printf(out, "\n%s\n", g_strchomp(feedback));
    }
    g_string_append_c(out, '\n');
}

/* Text for the student, its semantic form, and the scores, which Autolab takes from the last line.
 */
void marks_autolab(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    JsonLine line;
    (void)sheet;
    add_feedback(mark, out);
    begin(&line);
    json_line_string(&line, "_presentation", "semantic");
    json_line_array_begin(&line, "stages");
    json_line_string(&line, NULL, "Questions");
    json_line_array_end(&line);
    json_line_object_begin(&line, "Questions");
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        const ExercisePartVerdict *wrong = exercise_verdict_first_wrong(verdict);
        g_autofree char *name = g_strdup_printf("q%u", i + 1);
        json_line_object_begin(&line, name);
        json_line_boolean(&line, "passed", verdict->is_right);
        if (wrong != NULL) {
            json_line_string(&line, "hint", feedback_where(wrong));
        }
        json_line_object_end(&line);
    }
    json_line_object_end(&line);
    end(&line, out);
    begin(&line);
    json_line_object_begin(&line, "scores");
    for (guint i = 0; i < mark->verdicts->len; i++) {
        g_autofree char *name = g_strdup_printf("q%u", i + 1);
        add_points(&line, name, mark_tenths(mark->verdicts->pdata[i]));
    }
    json_line_object_end(&line);
    end(&line, out);
}
