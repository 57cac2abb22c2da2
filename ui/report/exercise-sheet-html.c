/* A sheet as one self-contained page. */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/exercise-page.h"
#include "ui/report/html-text.h"
#include "ui/report/text-layout.h"

static void add_text(GString *page, const char *name, const char *class, const char *text)
{
    g_autofree char *safe = text_safe(text);
    html_element(page, name, class, safe);
    g_string_append_c(page, '\n');
}

static void add_key(GString *page, const ExercisePart *part)
{
    exercise_page_code(page, "key", part->key);
    g_string_append(page, "<ol class=\"steps\">");
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        g_autofree char *reference = rfc_reference_to_string(step->reference);
        g_autofree char *safe = text_safe(step->working);
        g_string_append(page, "<li>");
        html_text(page, safe);
        g_string_append_c(page, ' ');
        html_element(page, "span", "quiet", reference);
        g_string_append(page, "</li>\n");
    }
    g_string_append(page, "</ol>\n");
}

static void add_part(GString *page, guint number, const ExercisePart *part, bool with_key)
{
    g_auto(GStrv) lines = g_strsplit(part->prompt, "\n", -1);
    g_autofree char *label = sheet_answer_label(number, part);
    g_string_append(page, "<div class=\"part\"><b>");
    html_text(page, label);
    g_string_append(page, "</b> ");
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_autofree char *safe = text_safe(lines[i]);
        g_string_append(page, i == 0 ? "" : "<br>&emsp;");
        html_text(page, safe);
    }
    if (with_key) {
        add_key(page, part);
    } else {
        bool is_long = part->form == ANSWER_LINES || part->form == ANSWER_COMMANDS;
        g_string_append_printf(page, "<div class=\"blank%s\"></div>", is_long ? " lines" : "");
    }
    g_string_append(page, "</div>\n");
}

static void add_question(GString *page, const Sheet *sheet, guint index)
{
    const Exercise *exercise = sheet->exercises[index];
    g_autofree char *title = g_strdup_printf("%u. %s", index + 1, exercise->kind->title);
    g_autofree char *references = sheet_references(exercise->kind);
    g_autofree char *how = g_strdup_printf("%s (%s)", exercise->kind->how_to_answer, references);
    add_text(page, "h2", NULL, title);
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        if (block->kind == EXERCISE_VERBATIM) {
            exercise_page_code(page, NULL, block->text);
        } else {
            add_text(page, "p", NULL, block->text);
        }
    }
    if (sheet->files != NULL && sheet->files[index] != NULL) {
        g_autofree char *file = g_strdup_printf("File: %s", sheet->files[index]);
        add_text(page, "p", NULL, file);
    }
    for (guint i = 0; i < exercise->parts->len; i++) {
        add_part(page, index + 1, exercise->parts->pdata[i], sheet->with_key);
    }
    add_text(page, "p", "quiet", how);
    if (sheet->shows_seeds && !sheet->with_key) {
        g_autofree char *command = sheet_check_command(exercise);
        g_autofree char *line = g_strdup_printf("Check: %s --answer ...", command);
        add_text(page, "p", "quiet", line);
    }
}

void sheet_write_html(const Sheet *sheet, GString *out)
{
    g_autofree char *safe_title = text_safe(sheet->title);
    exercise_page_begin(out, safe_title);
    if (sheet->student != NULL) {
        g_autofree char *line = g_strdup_printf(
            "%s%s%s",
            sheet->student,
            sheet->name == NULL ? "" : " · ",
            sheet->name == NULL ? "" : sheet->name
        );
        add_text(out, "p", NULL, line);
    }
    for (guint i = 0; i < sheet->n_exercises; i++) {
        add_question(out, sheet, i);
    }
    exercise_page_end(out);
}
