/* A sheet as plain text: to print, to fill in with any editor, to hand in as it is. */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/text-layout.h"

/* One blank line, however many parts of the sheet want one here. */
static void add_gap(TextLayout *layout)
{
    if (!g_str_has_suffix(layout->text->str, "\n\n")) {
        text_layout_blank(layout);
    }
}

static void add_verbatim(TextLayout *layout, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n_lines = g_strv_length(lines);
    add_gap(layout);
    for (gsize i = 0; i < n_lines; i++) {
        bool is_behind_the_last = lines[i][0] == '\0' && i + 1 == n_lines;
        if (!is_behind_the_last) {
            text_layout_line(layout, 6, TEXT_PROTOCOL, lines[i]);
        }
    }
    add_gap(layout);
}

/* The first line is the prompt, further ones are choices. */
static void add_part(TextLayout *layout, const ExercisePart *part)
{
    g_auto(GStrv) lines = g_strsplit(part->prompt, "\n", -1);
    char label[3] = {part->label, ')', '\0'};
    bool is_labelled = part->label != '\0';
    for (gsize i = 0; lines[i] != NULL; i++) {
        TextRow row = {
            .indent = i == 0 || !is_labelled ? 2 : 6,
            .label = i == 0 ? (is_labelled ? label : NULL) : NULL,
            .label_style = TEXT_LABEL,
            .label_width = i == 0 && is_labelled ? 4 : 0,
            .text = lines[i],
        };
        text_layout_row(layout, &row);
    }
}

static void add_blank(TextLayout *layout, guint number, const ExercisePart *part)
{
    g_autofree char *label = sheet_answer_label(number, part);
    g_autofree char *line = g_strdup_printf("Answer %s: ", label);
    text_layout_line(layout, 2, TEXT_HEADING, line);
    for (guint i = 0; part->form == ANSWER_LINES || part->form == ANSWER_COMMANDS ? i < 4 : i < 1;
         i++) {
        text_layout_blank(layout);
    }
}

static void add_key(TextLayout *layout, const ExercisePart *part)
{
    g_auto(GStrv) lines = g_strsplit(part->key, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_autofree char *safe = text_safe(g_strchomp(lines[i]));
        text_layout_line(layout, 6, TEXT_GOOD, safe);
    }
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        g_autofree char *reference = rfc_reference_to_string(step->reference);
        TextRow row = {.indent = 6, .text = step->working, .note = reference};
        text_layout_row(layout, &row);
    }
    text_layout_blank(layout);
}

static void add_question(TextLayout *layout, const Sheet *sheet, guint index)
{
    const Exercise *exercise = sheet->exercises[index];
    g_autofree char *title = g_strdup_printf("%u. %s", index + 1, exercise->kind->title);
    g_autofree char *references = sheet_references(exercise->kind);
    text_layout_row(layout, &(TextRow){.text = title, .style = TEXT_HEADING, .note = references});
    text_layout_blank(layout);
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        if (block->kind == EXERCISE_VERBATIM) {
            add_verbatim(layout, block->text);
        } else {
            text_layout_paragraph(layout, 2, TEXT_PLAIN, block->text);
        }
    }
    if (sheet->files != NULL && sheet->files[index] != NULL) {
        add_gap(layout);
        text_layout_row(
            layout,
            &(TextRow){.indent = 6, .label = "file", .label_width = 6, .text = sheet->files[index]}
        );
    }
    add_gap(layout);
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        add_part(layout, part);
        if (sheet->with_key) {
            add_key(layout, part);
        } else {
            add_blank(layout, index + 1, part);
        }
    }
    text_layout_paragraph(layout, 2, TEXT_QUIET, exercise->kind->how_to_answer);
    if (sheet->shows_seeds && !sheet->with_key) {
        g_autofree char *command = sheet_check_command(exercise);
        g_autofree char *line = g_strdup_printf("Check: %s --answer ...", command);
        text_layout_paragraph(layout, 2, TEXT_QUIET, line);
    }
    text_layout_blank(layout);
}

void sheet_write_text(const Sheet *sheet, GString *out)
{
    TextLayout layout;
    text_layout_init_plain(&layout, sheet->width == 0 ? 80 : sheet->width);
    text_layout_row(&layout, &(TextRow){.text = sheet->title, .style = TEXT_HEADING});
    if (sheet->student != NULL) {
        g_autofree char *line = g_strdup_printf(
            "Student: %s%s%s%s",
            sheet->student,
            sheet->name == NULL ? "" : "\nName: ",
            sheet->name == NULL ? "" : sheet->name,
            ""
        );
        g_auto(GStrv) lines = g_strsplit(line, "\n", -1);
        for (gsize i = 0; lines[i] != NULL; i++) {
            text_layout_row(&layout, &(TextRow){.text = lines[i]});
        }
    }
    text_layout_blank(&layout);
    for (guint i = 0; i < sheet->n_exercises; i++) {
        add_question(&layout, sheet, i);
    }
    g_string_append_len(out, layout.text->str, (gssize)layout.text->len);
    text_layout_clear(&layout);
}
