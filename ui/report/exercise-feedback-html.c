/* The marking of a hand-in as a page. */

#include "ui/report/exercise-feedback.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/exercise-page.h"
#include "ui/report/html-text.h"

static void add_row(GString *page, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    g_autofree char *safe = text_safe(text);
    g_string_append(page, "<tr>");
    html_element(page, "th", NULL, label);
    html_element(page, "td", NULL, safe);
    g_string_append(page, "</tr>\n");
}

static void add_wrong(GString *page, const ExercisePartVerdict *part)
{
    g_autofree char *reference =
        part->reference.number == 0 ? NULL : rfc_reference_to_string(part->reference);
    g_string_append(page, "<p>you wrote</p>");
    const char *wrote = part->shown != NULL ? part->shown : part->wrote;
    exercise_page_code(page, "wrong", part->is_given ? wrote : "(nothing)");
    if (part->part->form != ANSWER_PROGRAM) {
        g_string_append(page, "<p>right</p>");
        exercise_page_code(page, "key", part->part->key);
    }
    g_string_append(page, "<table>");
    add_row(page, "where", exercise_part_verdict_has_place(part) ? part->where : NULL);
    add_row(page, "why", part->why);
    add_row(page, "next", part->next);
    add_row(page, "written in", reference);
    g_string_append(page, "</table>\n");
}

static void add_part(GString *page, const ExercisePartVerdict *part, guint number)
{
    g_autofree char *heading = g_strdup_printf(
        "%u%c  %s",
        number,
        part->part->label == '\0' ? ' ' : part->part->label,
        part->is_right ? "right" : "not yet"
    );
    g_autofree char *prompt = text_safe(part->part->prompt);
    g_string_append(page, "<div class=\"part\">");
    html_element(page, "b", part->is_right ? "right" : "not", heading);
    html_element(page, "p", "quiet", prompt);
    if (!part->is_right) {
        add_wrong(page, part);
    }
    g_string_append(page, "</div>\n");
}

void feedback_mark_html(GString *page, const Mark *mark, const char *title)
{
    g_autofree char *points = feedback_points(mark->tenths);
    g_autofree char *maximum = feedback_points(mark->maximum_tenths);
    g_autofree char *line = g_strdup_printf(
        "%s · %s of %s points", mark->student == NULL ? "" : mark->student->id, points, maximum
    );
    g_autofree char *safe_title = text_safe(title);
    exercise_page_begin(page, safe_title);
    html_element(page, "p", NULL, line);
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        g_autofree char *got = feedback_points(mark_tenths(verdict));
        g_autofree char *heading = g_strdup_printf(
            "%u. %s · %s of %d", i + 1, verdict->exercise->kind->title, got, CLASS_POINTS
        );
        html_element(page, "h2", NULL, heading);
        for (guint j = 0; j < verdict->parts->len; j++) {
            add_part(page, exercise_verdict_part(verdict, j), i + 1);
        }
    }
    exercise_page_end(page);
}
