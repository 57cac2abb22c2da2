/* A sheet as JSON lines: "start", a "question" each, "end". */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "protocol/rfc/rfc-index.h"
#include "ui/report/json-line.h"

static void add_references(JsonLine *line, const RfcReference *references, gsize count)
{
    json_line_array_begin(line, "rfc");
    for (gsize i = 0; i < count && references[i].number != 0; i++) {
        const char *title = rfc_section_title(references[i]);
        json_line_object_begin(line, NULL);
        json_line_number(line, "rfc", references[i].number);
        json_line_string(line, "section", references[i].section);
        json_line_string(line, "title", title);
        json_line_object_end(line);
    }
    json_line_array_end(line);
}

static void add_key(JsonLine *line, const ExercisePart *part)
{
    json_line_string(line, "key", part->key);
    json_line_array_begin(line, "accepted");
    for (guint i = 0; i < part->others->len; i++) {
        json_line_string(line, NULL, part->others->pdata[i]);
    }
    json_line_array_end(line);
    json_line_array_begin(line, "steps");
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        json_line_object_begin(line, NULL);
        json_line_string(line, "skill", step->skill);
        json_line_string(line, "place", step->place);
        json_line_string(line, "working", step->working);
        add_references(line, &step->reference, 1);
        json_line_object_end(line);
    }
    json_line_array_end(line);
}

static void add_question(JsonLine *line, const Sheet *sheet, guint index)
{
    const Exercise *exercise = sheet->exercises[index];
    json_line_begin(line, "question");
    json_line_number(line, "question", index + 1);
    json_line_string(line, "kind", exercise->kind->name);
    json_line_string(line, "title", exercise->kind->title);
    json_line_number(line, "level", exercise->level);
    if (sheet->shows_seeds) {
        g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, exercise->seed);
        json_line_string(line, "seed", seed);
    }
    json_line_array_begin(line, "blocks");
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        json_line_object_begin(line, NULL);
        json_line_boolean(line, "verbatim", block->kind == EXERCISE_VERBATIM);
        json_line_string(line, "text", block->text);
        json_line_object_end(line);
    }
    json_line_array_end(line);
    json_line_array_begin(line, "parts");
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        g_autofree char *label = sheet_answer_label(index + 1, part);
        json_line_object_begin(line, NULL);
        json_line_string(line, "label", label);
        json_line_string(line, "prompt", part->prompt);
        if (sheet->with_key) {
            add_key(line, part);
        }
        json_line_object_end(line);
    }
    json_line_array_end(line);
    json_line_string(line, "how_to_answer", exercise->kind->how_to_answer);
    add_references(line, exercise->kind->references, EXERCISE_REFERENCES);
}

static void take(JsonLine *line, GString *out)
{
    g_string_append(out, line->text->str);
    g_string_append(out, "}\n");
}

void sheet_write_json(const Sheet *sheet, GString *out)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, "exercise");
    json_line_string(&line, "title", sheet->title);
    json_line_string(&line, "student", sheet->student);
    take(&line, out);
    for (guint i = 0; i < sheet->n_exercises; i++) {
        add_question(&line, sheet, i);
        take(&line, out);
    }
    json_line_begin(&line, "end");
    json_line_number(&line, "questions", sheet->n_exercises);
    take(&line, out);
    json_line_clear(&line);
}
