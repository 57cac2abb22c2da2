#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"

const SheetFormatRow sheet_formats[N_SHEET_FORMATS] = {
    {
        .id = SHEET_TEXT,
        .name = "text",
        .ending = "txt",
        .write = sheet_write_text,
    },
    {
        .id = SHEET_MARKDOWN,
        .name = "markdown",
        .ending = "md",
        .write = sheet_write_markdown,
    },
    {
        .id = SHEET_HTML,
        .name = "html",
        .ending = "html",
        .write = sheet_write_html,
    },
    {
        .id = SHEET_GIFT,
        .name = "moodle-gift",
        .ending = "gift",
        .has_answers = true,
        .write = sheet_write_gift,
    },
    {
        .id = SHEET_JSON,
        .name = "json",
        .ending = "json",
        .write = sheet_write_json,
    },
};

const SheetFormatRow *sheet_format_find(const char *name)
{
    for (gsize i = 0; i < N_SHEET_FORMATS; i++) {
        if (strcmp(sheet_formats[i].name, name) == 0) {
            return &sheet_formats[i];
        }
    }
    return NULL;
}

char *sheet_answer_label(guint question, const ExercisePart *part)
{
    char letter[2] = {part->label, '\0'};
    return g_strdup_printf("%u%s", question, letter);
}

char *sheet_check_command(const Exercise *exercise)
{
    return g_strdup_printf(
        "mailwalk exercise check %s --seed=%" G_GUINT64_FORMAT " --level=%u",
        exercise->kind->name,
        exercise->seed,
        exercise->level
    );
}

char *sheet_references(const ExerciseKind *kind)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < EXERCISE_REFERENCES && kind->references[i].number != 0; i++) {
        RfcReference reference = kind->references[i];
        g_autofree char *one = strcmp(reference.section, "-") == 0
                                   ? g_strdup_printf("RFC %u", reference.number)
                                   : rfc_reference_to_string(reference);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", one);
    }
    return g_string_free(text, FALSE);
}
