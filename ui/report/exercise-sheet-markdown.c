/* A sheet as Markdown (CommonMark). */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/text-layout.h"

/* What Markdown would take for markup gets a backslash. */
static void append(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    for (const char *at = safe; *at != '\0'; at++) {
        if (strchr("\\`*_{}[]<>#|~&", *at) != NULL) {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *at);
    }
}

/* A fence longer than any run of backquotes inside. */
static void append_code(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    gsize longest = 2;
    gsize run = 0;
    for (const char *at = safe; *at != '\0'; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    g_autofree char *fence = g_strnfill(longest + 1, '`');
    g_string_append_printf(out, "%s\n%s\n%s\n\n", fence, safe, fence);
}

static void append_part(GString *out, guint number, const ExercisePart *part, bool with_key)
{
    g_auto(GStrv) lines = g_strsplit(part->prompt, "\n", -1);
    g_autofree char *label = sheet_answer_label(number, part);
    g_string_append_printf(out, "**%s** ", label);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_string_append(out, i == 0 ? "" : "\n- ");
        append(out, lines[i]);
        g_string_append(out, i == 0 && lines[1] != NULL ? "\n" : "");
    }
    g_string_append(out, "\n\n");
    if (!with_key) {
        g_string_append_printf(out, "Answer %s: \n\n", label);
        return;
    }
    append_code(out, part->key);
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        g_autofree char *reference = rfc_reference_to_string(step->reference);
        g_string_append(out, "1. ");
        append(out, step->working);
        g_string_append_printf(out, " (%s)\n", reference);
    }
    g_string_append_c(out, '\n');
}

static void append_question(GString *out, const Sheet *sheet, guint index)
{
    const Exercise *exercise = sheet->exercises[index];
    g_autofree char *references = sheet_references(exercise->kind);
    g_string_append_printf(out, "## %u. ", index + 1);
    append(out, exercise->kind->title);
    g_string_append(out, "\n\n");
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        if (block->kind == EXERCISE_VERBATIM) {
            append_code(out, block->text);
        } else {
            append(out, block->text);
            g_string_append(out, "\n\n");
        }
    }
    if (sheet->files != NULL && sheet->files[index] != NULL) {
        g_string_append_printf(out, "File: [%s](%s)\n\n", sheet->files[index], sheet->files[index]);
    }
    for (guint i = 0; i < exercise->parts->len; i++) {
        append_part(out, index + 1, exercise->parts->pdata[i], sheet->with_key);
    }
    g_string_append(out, "*");
    append(out, exercise->kind->how_to_answer);
    g_string_append_printf(out, " (%s)*\n\n", references);
    if (sheet->shows_seeds && !sheet->with_key) {
        g_autofree char *command = sheet_check_command(exercise);
        g_string_append_printf(out, "Check: `%s --answer ...`\n\n", command);
    }
}

void sheet_write_markdown(const Sheet *sheet, GString *out)
{
    g_string_append(out, "# ");
    append(out, sheet->title);
    g_string_append(out, "\n\n");
    if (sheet->student != NULL) {
        g_string_append(out, "Student: ");
        g_string_append(out, sheet->student);
        g_string_append(out, "\n\n");
    }
    if (sheet->name != NULL) {
        g_string_append(out, "Name: ");
        append(out, sheet->name);
        g_string_append(out, "\n\n");
    }
    for (guint i = 0; i < sheet->n_exercises; i++) {
        append_question(out, sheet, i);
    }
}
