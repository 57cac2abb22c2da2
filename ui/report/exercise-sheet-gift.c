/* Questions for Moodle in its GIFT format: short answers with all that is accepted, numbers, and
 * choices. One part is one question. The file holds the answers: it is for the lecturer's import.
 */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/text-layout.h"

/* ~ = # { } : and the backslash are control characters; a line end in a text is \n. */
static void append(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    for (const char *at = safe; *at != '\0'; at++) {
        if (*at == '\n') {
            g_string_append(out, "\\n");
        } else {
            if (strchr("~=#{}:\\", *at) != NULL) {
                g_string_append_c(out, '\\');
            }
            g_string_append_c(out, *at);
        }
    }
}

/* In an HTML question text the lines of a block keep their places. */
static void append_html(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    g_autofree char *escaped = g_markup_escape_text(safe, -1);
    append(out, escaped);
}

static void append_blocks(GString *out, const Exercise *exercise)
{
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        bool is_verbatim = block->kind == EXERCISE_VERBATIM;
        g_string_append(out, is_verbatim ? "<pre>" : "<p>");
        append_html(out, block->text);
        g_string_append(out, is_verbatim ? "</pre>" : "</p>");
    }
}

static void append_feedback(GString *out, const ExercisePart *part)
{
    const ExerciseStep *step = part->steps->pdata[0];
    g_autofree char *reference = rfc_reference_to_string(step->reference);
    g_string_append(out, "####");
    append(out, step->working);
    g_string_append_c(out, ' ');
    append(out, reference);
}

static void append_short_answers(GString *out, const ExercisePart *part)
{
    g_string_append_c(out, '=');
    append(out, part->key);
    for (guint i = 0; i < part->others->len; i++) {
        g_string_append(out, " =");
        append(out, part->others->pdata[i]);
    }
    for (guint i = 0; i < part->mistakes->len; i++) {
        const ExerciseMistake *mistake = part->mistakes->pdata[i];
        g_string_append(out, " =%0%");
        append(out, mistake->answer);
        g_string_append_c(out, '#');
        append(out, mistake->sentence);
    }
}

static void append_part(GString *out, const Sheet *sheet, guint index, const ExercisePart *part)
{
    const Exercise *exercise = sheet->exercises[index];
    g_autofree char *label = sheet_answer_label(index + 1, part);
    bool is_essay =
        part->form == ANSWER_LINES || part->form == ANSWER_COMMANDS || part->form == ANSWER_PROGRAM;
    g_string_append_printf(
        out, "::%s %s %" G_GUINT64_FORMAT "::[html]", label, exercise->kind->name, exercise->seed
    );
    append_blocks(out, exercise);
    g_string_append(out, "<p>");
    g_auto(GStrv) lines = g_strsplit(part->prompt, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_string_append(out, i == 0 ? "" : "<br>");
        append_html(out, lines[i]);
    }
    g_string_append(out, "</p>{");
    if (part->form == ANSWER_NUMBER) {
        g_string_append_c(out, '#');
        append(out, part->key);
        append_feedback(out, part);
    } else if (!is_essay) {
        append_short_answers(out, part);
        append_feedback(out, part);
    } else {
        append_feedback(out, part);
    }
    g_string_append(out, "}\n\n");
}

void sheet_write_gift(const Sheet *sheet, GString *out)
{
    g_string_append_printf(out, "// Made by mailwalk. This file holds the answers.\n\n");
    for (guint i = 0; i < sheet->n_exercises; i++) {
        for (guint j = 0; j < sheet->exercises[i]->parts->len; j++) {
            append_part(out, sheet, i, sheet->exercises[i]->parts->pdata[j]);
        }
    }
}
