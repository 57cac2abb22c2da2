/* Questions for Moodle in its GIFT format. One part is one question: a choice, a number, or a short
 * answer with all that is accepted; of several lines each is a short answer of its own. What can be
 * right in too many forms for a list, and whole dialogues, become essays with the key for whoever
 * marks. The file holds the answers: it is for the lecturer's import. */

#include "ui/report/exercise-sheet.h"

#include <string.h>

#include "exercises/answer-form.h"
#include "protocol/rfc/rfc-index.h"
#include "ui/report/text-layout.h"

static const char head[] =
    "// Made by mailwalk. This file holds the answers.\n"
    "// Moodle takes upper and lower case for the same. Where a question says that case matters,\n"
    "// set its \"Case sensitivity\" after the import.\n\n";

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

/* Questions, choices and feedback are HTML; so "->", which would make a question one of matching,
 * does not come up. */
static void append_html(GString *out, const char *text)
{
    g_autofree char *safe = text_safe(text);
    g_autofree char *escaped = g_markup_escape_text(safe, -1);
    append(out, escaped);
}

/* Short answers are plain; an asterisk stands for anything unless a backslash precedes it. */
static void append_answer(GString *out, const char *weight, const char *answer)
{
    g_auto(GStrv) pieces = g_strsplit(answer, "*", -1);
    g_autofree char *literal = g_strjoinv("\\*", pieces);
    g_string_append_printf(out, " =%s", weight);
    append(out, literal);
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

static void append_feedback(GString *out, const ExerciseStep *step)
{
    g_autofree char *reference = rfc_reference_to_string(step->reference);
    g_string_append(out, "####");
    append_html(out, step->working);
    g_string_append_c(out, ' ');
    append_html(out, reference);
}

/* --- answers --- */

static bool is_right(const ExercisePart *part, const char *answer)
{
    bool is_right = answer_equal(part->form, part->key, answer);
    for (guint i = 0; i < part->others->len && !is_right; i++) {
        is_right = answer_equal(part->form, part->others->pdata[i], answer);
    }
    return is_right;
}

static void append_choices(GString *out, const ExercisePart *part)
{
    for (gsize i = 0; part->choices[i] != NULL; i++) {
        g_string_append(out, is_right(part, part->choices[i]) ? " =" : " ~");
        append_html(out, part->choices[i]);
    }
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static char *as_typed(AnswerForm form, const char *answer)
{
    return form == ANSWER_SET ? answer_normalise(form, answer) : g_strdup(answer);
}

static void append_mistakes(GString *out, const ExercisePart *part, bool only_numbers)
{
    for (guint i = 0; i < part->mistakes->len; i++) {
        const ExerciseMistake *mistake = part->mistakes->pdata[i];
        g_autofree char *answer = as_typed(part->form, mistake->answer);
        if (!only_numbers || is_number(answer)) {
            append_answer(out, "%0%", answer);
            g_string_append_c(out, '#');
            append_html(out, mistake->sentence);
        }
    }
}

/* A list as it may be typed: with spaces, commas, both, or nothing between single letters. */
static void append_list(GString *out, const char *key, AnswerForm form)
{
    g_autofree char *text = as_typed(form, key);
    g_auto(GStrv) items = g_strsplit(text, " ", -1);
    static const char *const separators[] = {" ", ", ", ",", ""};
    bool has_letters = true;
    for (gsize i = 0; items[i] != NULL; i++) {
        has_letters = has_letters && strlen(items[i]) == 1 && g_ascii_isalpha(items[i][0]);
    }
    gsize count = items[0] == NULL || items[1] == NULL ? 1 : has_letters ? 4 : 3;
    for (gsize i = 0; i < count; i++) {
        g_autofree char *joined = g_strjoinv(separators[i], items);
        append_answer(out, "", joined);
    }
}

static void append_short_answer(GString *out, const ExercisePart *part, const char *answer)
{
    if (part->form == ANSWER_LIST || part->form == ANSWER_SET) {
        append_list(out, answer, part->form);
    } else {
        append_answer(out, "", answer);
    }
}

static void append_answers(GString *out, const ExercisePart *part)
{
    bool is_numerical = part->form == ANSWER_NUMBER && is_number(part->key);
    if (part->choices != NULL) {
        append_choices(out, part);
        return;
    }
    g_string_append(out, is_numerical ? "#" : "");
    append_short_answer(out, part, part->key);
    for (guint i = 0; i < part->others->len; i++) {
        const char *other = part->others->pdata[i];
        if (!is_numerical || is_number(other)) {
            append_short_answer(out, part, other);
        }
    }
    append_mistakes(out, part, is_numerical);
}

/* --- questions --- */

/* What a student must know of how Moodle compares. */
static const char *form_note(const ExercisePart *part)
{
    if (part->form == ANSWER_LIST) {
        return "One space between the items.";
    }
    if (part->form == ANSWER_SET) {
        return "Numbers in ascending, names in alphabetical order, one space between them; "
               "\"none\" if there are none.";
    }
    return NULL;
}

/* Where a kind judges a line by itself, it is a command. */
static bool is_case_exact(const Exercise *exercise, const ExercisePart *part)
{
    bool is_command = part->form == ANSWER_TEXT && exercise->kind->judge != NULL;
    return !is_command &&
           (part->form == ANSWER_TOKEN || part->form == ANSWER_TEXT || part->form == ANSWER_LINES);
}

/* Up to the brace behind which the answers stand. */
static void begin_question(
    GString *out, const Sheet *sheet, guint index, const ExercisePart *part, const char *line
)
{
    const Exercise *exercise = sheet->exercises[index];
    g_autofree char *label = sheet_answer_label(index + 1, part);
    g_string_append_printf(
        out,
        "::%s %s %" G_GUINT64_FORMAT "%s%s%s::[html]",
        label,
        exercise->kind->name,
        exercise->seed,
        line == NULL ? "" : ", ",
        line == NULL ? "" : line,
        is_case_exact(exercise, part) ? " (case matters)" : ""
    );
    append_blocks(out, exercise);
    const char *choices = part->choices == NULL ? NULL : strstr(part->prompt, "\nA  ");
    g_autofree char *prompt =
        choices == NULL ? g_strdup(part->prompt) : g_strndup(part->prompt, choices - part->prompt);
    g_auto(GStrv) lines = g_strsplit(prompt, "\n", -1);
    g_string_append(out, "<p>");
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_string_append(out, i == 0 ? "" : "<br>");
        append_html(out, lines[i]);
    }
    g_string_append(out, "</p>");
    if (line != NULL) {
        g_string_append_printf(out, "<p>Write %s.</p>", line);
    } else if (form_note(part) != NULL) {
        g_string_append(out, "<p>");
        append_html(out, form_note(part));
        g_string_append(out, "</p>");
    }
    g_string_append_c(out, '{');
}

static const ExerciseStep *step_of_line(const ExercisePart *part, gsize line)
{
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        if (line >= step->from && line < step->to) {
            return step;
        }
    }
    return part->steps->pdata[0];
}

/* A question for each line that is not empty. */
static void append_lines(GString *out, const Sheet *sheet, guint index, const ExercisePart *part)
{
    g_autofree char *key = answer_normalise(part->form, part->key);
    g_auto(GStrv) lines = g_strsplit(key, "\n", -1);
    gsize count = g_strv_length(lines);
    for (gsize i = 0; i < count; i++) {
        if (answer_is_empty(lines[i])) {
            continue;
        }
        g_autofree char *line = g_strdup_printf("line %zu of %zu", i + 1, count);
        begin_question(out, sheet, index, part, line);
        append_answer(out, "", lines[i]);
        append_feedback(out, step_of_line(part, i));
        g_string_append(out, "}\n\n");
    }
}

static void append_essay(GString *out, const Sheet *sheet, guint index, const ExercisePart *part)
{
    begin_question(out, sheet, index, part, NULL);
    append_feedback(out, part->steps->pdata[0]);
    if (part->form != ANSWER_PROGRAM) {
        g_string_append(out, "<pre>");
        append_html(out, part->key);
        g_string_append(out, "</pre>");
    }
    g_string_append(out, "}\n\n");
}

static void append_part(GString *out, const Sheet *sheet, guint index, const ExercisePart *part)
{
    const Exercise *exercise = sheet->exercises[index];
    bool has_lines = part->form == ANSWER_LINES;
    if (has_lines && exercise->kind->accepts == NULL && part->others->len == 0) {
        append_lines(out, sheet, index, part);
    } else if (has_lines || part->form == ANSWER_COMMANDS || part->form == ANSWER_PROGRAM) {
        append_essay(out, sheet, index, part);
    } else {
        if (exercise->kind->accepts != NULL || exercise->kind->judge != NULL) {
            g_string_append(out, "// Other forms may be right, too; Moodle knows only these.\n");
        }
        begin_question(out, sheet, index, part, NULL);
        append_answers(out, part);
        append_feedback(out, part->steps->pdata[0]);
        g_string_append(out, "}\n\n");
    }
}

void sheet_write_gift(const Sheet *sheet, GString *out)
{
    g_string_append(out, head);
    for (guint i = 0; i < sheet->n_exercises; i++) {
        for (guint j = 0; j < sheet->exercises[i]->parts->len; j++) {
            append_part(out, sheet, i, sheet->exercises[i]->parts->pdata[j]);
        }
    }
}
