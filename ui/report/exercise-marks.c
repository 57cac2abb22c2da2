#include "ui/report/exercise-marks.h"

#include <string.h>

#include "exercises/class/csv-reader.h"
#include "ui/report/exercise-feedback.h"

const MarksFormat marks_formats[] = {
    {
        .name = "csv",
        .ending = "csv",
        .begin = marks_csv_begin,
        .one = marks_csv,
    },
    {
        .name = "gradescope",
        .ending = "json",
        .is_of_one = true,
        .one = marks_gradescope,
    },
    {
        .name = "prairielearn",
        .ending = "json",
        .is_of_one = true,
        .one = marks_prairielearn,
    },
    {
        .name = "check50",
        .ending = "json",
        .is_of_one = true,
        .one = marks_check50,
    },
    {
        .name = "autolab",
        .ending = "json",
        .is_of_one = true,
        .one = marks_autolab,
    },
    {
        .name = "junit",
        .ending = "xml",
        .begin = marks_junit_begin,
        .one = marks_junit,
        .end = marks_junit_end,
    },
};

const gsize n_marks_formats = G_N_ELEMENTS(marks_formats);

const MarksFormat *marks_format_find(const char *name)
{
    for (gsize i = 0; i < n_marks_formats; i++) {
        if (strcmp(marks_formats[i].name, name) == 0) {
            return &marks_formats[i];
        }
    }
    return NULL;
}

/* --- a table --- */

void marks_csv_begin(const ClassSheet *sheet, GString *out)
{
    g_string_append(out, "student,name,points,maximum,percent,source,remark");
    for (guint i = 0; i < sheet->questions->len; i++) {
        const ClassQuestion *question = &g_array_index(sheet->questions, ClassQuestion, i);
        g_string_append_printf(out, ",q%u_points,q%u_%s", i + 1, i + 1, question->kind->name);
    }
    g_string_append(out, "\r\n");
}

/* The first thing that is wrong, in one line. */
static char *short_feedback(const ExerciseVerdict *verdict)
{
    const ExercisePartVerdict *wrong = exercise_verdict_first_wrong(verdict);
    if (wrong == NULL) {
        return g_strdup("right");
    }
    char label[4] = {wrong->part->label, wrong->part->label == '\0' ? '\0' : ')', '\0', '\0'};
    return g_strdup_printf(
        "%s%s%s%s%s",
        label,
        label[0] == '\0' ? "" : " ",
        feedback_where(wrong),
        wrong->mistake == NULL ? "" : " Probably: ",
        wrong->mistake == NULL ? "" : wrong->mistake
    );
}

void marks_csv(const ClassSheet *sheet, const Mark *mark, GString *out)
{
    g_autofree char *points = feedback_points(mark->tenths);
    g_autofree char *maximum = feedback_points(mark->maximum_tenths);
    guint percent = mark->maximum_tenths == 0 ? 0 : mark->tenths * 100 / mark->maximum_tenths;
    csv_append(out, mark->student == NULL ? "" : mark->student->id);
    g_string_append_c(out, ',');
    csv_append(
        out, mark->student == NULL || mark->student->name == NULL ? "" : mark->student->name
    );
    if (mark->reason != NULL) {
        g_string_append(out, ",,,,");
    } else {
        g_string_append_printf(out, ",%s,%s,%u,", points, maximum, percent);
    }
    g_autofree char *source = byte_span_to_display(byte_span_from_string(mark->source));
    csv_append(out, source);
    g_string_append_c(out, ',');
    csv_append(out, mark->reason == NULL ? "" : mark->reason);
    for (guint i = 0; i < sheet->questions->len; i++) {
        if (i >= mark->verdicts->len) {
            g_string_append(out, ",,");
            continue;
        }
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        g_autofree char *got = feedback_points(mark_tenths(verdict));
        g_autofree char *feedback = short_feedback(verdict);
        g_autofree char *valid = byte_span_to_display(byte_span_from_string(feedback));
        g_string_append_printf(out, ",%s,", got);
        csv_append(out, valid);
    }
    g_string_append(out, "\r\n");
}
