/* Marks as JUnit's XML: a suite for each student, a case for each question. */

#include "ui/report/exercise-marks.h"

#include "ui/report/exercise-feedback.h"
#include "ui/report/text-layout.h"

static void attribute(GString *out, const char *name, const char *value)
{
    g_autofree char *safe = text_safe(value);
    g_autofree char *escaped = g_markup_escape_text(safe, -1);
    g_string_append_printf(out, " %s=\"%s\"", name, escaped);
}

static void content(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    g_autofree char *escaped = g_markup_escape_text(safe, -1);
    g_string_append(out, escaped);
}

void marks_junit_begin(const ClassSheet *sheet, GString *out)
{
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    attribute(out, "name", sheet->title == NULL ? "mailwalk" : sheet->title);
    g_string_append(out, ">\n");
}

static void add_case(GString *out, const Mark *mark, guint index)
{
    const ExerciseVerdict *verdict = mark->verdicts->pdata[index];
    const ExercisePartVerdict *wrong = exercise_verdict_first_wrong(verdict);
    g_autofree char *name = g_strdup_printf("%u. %s", index + 1, verdict->exercise->kind->title);
    g_string_append(out, "    <testcase");
    attribute(out, "name", name);
    attribute(out, "classname", verdict->exercise->kind->name);
    g_string_append(out, " time=\"0\"");
    if (wrong == NULL) {
        g_string_append(out, "/>\n");
        return;
    }
    g_autofree char *feedback = feedback_plain(verdict, index + 1, mark->verdicts->len);
    g_string_append(out, ">\n      <failure type=\"answer\"");
    attribute(out, "message", feedback_where(wrong));
    g_string_append_c(out, '>');
    content(out, feedback);
    g_string_append(out, "</failure>\n    </testcase>\n");
}

void marks_junit(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    guint failures = 0;
    (void)sheet;
    for (guint i = 0; i < mark->verdicts->len; i++) {
        failures += ((const ExerciseVerdict *)mark->verdicts->pdata[i])->is_right ? 0 : 1;
    }
    guint errors = mark->reason == NULL ? 0 : 1;
    g_string_append(out, "  <testsuite");
    attribute(out, "name", mark->student == NULL ? mark->source : mark->student->id);
    g_string_append_printf(
        out,
        " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\" time=\"0\">\n",
        mark->verdicts->len + errors,
        failures,
        errors
    );
    for (guint i = 0; i < mark->verdicts->len; i++) {
        add_case(out, mark, i);
    }
    if (mark->reason != NULL) {
        g_string_append(
            out,
            "    <testcase name=\"hand-in\" classname=\"hand-in\" time=\"0\">\n      <error "
            "type=\"hand-in\""
        );
        attribute(out, "message", mark->reason);
        g_string_append(out, "/>\n    </testcase>\n");
    }
    g_string_append(out, "  </testsuite>\n");
}

void marks_junit_end(GString *out)
{
    g_string_append(out, "</testsuites>\n");
}
