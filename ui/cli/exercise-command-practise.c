/* `mailwalk exercise practise`, question after question at the keyboard, and `live`, a server to
 * type to. */

#include "ui/cli/exercise-command-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exercises/answer-form.h"
#include "exercises/class/class-sheet.h"
#include "exercises/live/live-server.h"
#include "ui/report/exercise-feedback.h"

#define ATTEMPTS_MAXIMUM 100

static void put_layout(TextLayout *layout)
{
    text_layout_write(layout, stdout);
    fflush(stdout);
    text_layout_clear(layout);
}

static void say(TextStyle style, const char *text)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    text_layout_paragraph(&layout, 0, style, text);
    put_layout(&layout);
}

/* --- a live server --- */

static char *serve(const ExerciseOptions *options, const Exercise *exercise, GError **error)
{
    g_autoptr(LiveServer) server = live_server_new(exercise, (guint16)options->port, error);
    if (server == NULL) {
        return NULL;
    }
    g_autofree char *line = g_strdup_printf(
        "A server for this question listens on 127.0.0.1, port %u. In another terminal: nc -C "
        "127.0.0.1 %u",
        live_server_port(server),
        live_server_port(server)
    );
    say(TEXT_HEADING, line);
    return live_server_serve(server, options->wait, error);
}

static guint commands_part(const Exercise *exercise)
{
    guint index = 0;
    while (((const ExercisePart *)exercise->parts->pdata[index])->form != ANSWER_COMMANDS) {
        index++;
    }
    return index;
}

/* --- one question --- */

static void show_question(const Exercise *exercise)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    g_autofree char *heading = g_strdup_printf(
        "%s · level %u · seed %" G_GUINT64_FORMAT,
        exercise->kind->title,
        exercise->level,
        exercise->seed
    );
    text_layout_row(&layout, &(TextRow){.text = heading, .style = TEXT_HEADING});
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        g_auto(GStrv) lines = g_strsplit(block->text, "\n", -1);
        text_layout_blank(&layout);
        for (gsize j = 0; lines[j] != NULL; j++) {
            if (block->kind == EXERCISE_VERBATIM) {
                text_layout_line(&layout, 4, TEXT_PROTOCOL, lines[j]);
            } else {
                text_layout_paragraph(&layout, 0, TEXT_PLAIN, lines[j]);
            }
        }
    }
    text_layout_blank(&layout);
    put_layout(&layout);
}

typedef enum {
    INPUT_ANSWER,
    INPUT_HINT,
    INPUT_SHOW,
    INPUT_SKIP,
    INPUT_END,
} InputKind;

static bool read_line(GString *line)
{
    char *text = NULL;
    size_t room = 0;
    ssize_t length = getline(&text, &room, stdin);
    g_string_assign(line, "");
    if (length > 0) {
        g_string_append_len(line, text, length);
        g_string_truncate(line, strlen(g_strchomp(line->str)));
    }
    free(text);
    return length > 0;
}

static InputKind kind_of(const char *line)
{
    static const char *const words[] = {"", "hint", "show", "skip", "quit"};
    for (gsize i = 1; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(line, words[i]) == 0) {
            return (InputKind)i;
        }
    }
    return INPUT_ANSWER;
}

/* Lines up to one that says "end", where the form has several; else one line. */
static InputKind read_answer(const ExercisePart *part, GString *answer)
{
    g_autoptr(GString) line = g_string_new(NULL);
    bool has_lines = part->form == ANSWER_LINES || part->form == ANSWER_COMMANDS;
    g_string_truncate(answer, 0);
    do {
        fputs(answer->len == 0 ? "> " : "  ", stdout);
        fflush(stdout);
        if (!read_line(line)) {
            return answer->len > 0 ? INPUT_ANSWER : INPUT_END;
        }
        InputKind kind = kind_of(line->str);
        if (kind != INPUT_ANSWER && answer->len == 0) {
            return kind;
        }
        if (has_lines && g_ascii_strcasecmp(line->str, "end") == 0) {
            return INPUT_ANSWER;
        }
        g_string_append_printf(answer, "%s%s", answer->len == 0 ? "" : "\n", line->str);
    } while (has_lines);
    return INPUT_ANSWER;
}

static void show_prompt(const ExercisePart *part)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    char label[4] = {part->label, part->label == '\0' ? '\0' : ')', '\0', '\0'};
    g_auto(GStrv) lines = g_strsplit(part->prompt, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        text_layout_row(
            &layout,
            &(TextRow){
                .indent = i == 0 || label[0] == '\0' ? 0 : 4,
                .label = i == 0 && label[0] != '\0' ? label : NULL,
                .label_width = i == 0 && label[0] != '\0' ? 4 : 0,
                .text = lines[i],
            }
        );
    }
    if (part->form == ANSWER_LINES || part->form == ANSWER_COMMANDS) {
        text_layout_paragraph(&layout, 3, TEXT_QUIET, "Several lines; then a line that says: end");
    }
    put_layout(&layout);
}

static void add_remark(TextLayout *layout, const char *label, const char *text)
{
    TextRow row = {
        .indent = 2, .label = label, .label_style = TEXT_LABEL, .label_width = 8, .text = text};
    text_layout_row(layout, &row);
}

/* Judges one part of the question, all others taken as right. */
static bool judge_part(const Exercise *exercise, guint index, const char *answer)
{
    const char *answers[26];
    for (guint i = 0; i < exercise->parts->len; i++) {
        answers[i] = i == index ? answer : ((const ExercisePart *)exercise->parts->pdata[i])->key;
    }
    g_autoptr(ExerciseVerdict) verdict = exercise_check(exercise, answers, exercise->parts->len);
    const ExercisePartVerdict *part = exercise_verdict_part(verdict, index);
    TextLayout layout;
    text_layout_init(&layout, stdout);
    if (part->is_right) {
        text_layout_paragraph(
            &layout, 0, TEXT_GOOD, part->is_other_form ? "Right, in another form." : "Right."
        );
    } else {
        text_layout_row(&layout, &(TextRow){.text = "Not yet.", .style = TEXT_WARNING});
        if (exercise_part_verdict_has_place(part)) {
            add_remark(&layout, "where", part->where);
        }
        if (part->mistake != NULL) {
            add_remark(&layout, "why", part->why);
        }
    }
    put_layout(&layout);
    return part->is_right;
}

static void show_key(const ExercisePart *part)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    g_auto(GStrv) lines = g_strsplit(part->key, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        text_layout_line(&layout, 2, TEXT_GOOD, g_strchomp(lines[i]));
    }
    for (guint i = 0; i < part->steps->len; i++) {
        text_layout_paragraph(
            &layout, 2, TEXT_PLAIN, ((const ExerciseStep *)part->steps->pdata[i])->working
        );
    }
    put_layout(&layout);
}

/* False: the student wants to leave. */
static bool practise_part(const Exercise *exercise, guint index, guint *n_right)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    g_autoptr(GString) answer = g_string_new(NULL);
    show_prompt(part);
    for (guint attempt = 0; attempt < ATTEMPTS_MAXIMUM; attempt++) {
        switch (read_answer(part, answer)) {
        case INPUT_ANSWER:
            if (judge_part(exercise, index, answer->str)) {
                *n_right += attempt == 0 ? 1 : 0;
                return true;
            }
            break;
        case INPUT_HINT:
            say(TEXT_PLAIN,
                exercise->hint == NULL ? exercise->kind->how_to_answer : exercise->hint);
            break;
        case INPUT_SHOW:
            show_key(part);
            return true;
        case INPUT_SKIP:
            return true;
        case INPUT_END:
            return false;
        }
    }
    return true;
}

static bool
practise_live_part(const ExerciseOptions *options, const Exercise *exercise, guint *n_right)
{
    g_autoptr(GError) error = NULL;
    guint index = commands_part(exercise);
    g_autofree char *typed = serve(options, exercise, &error);
    if (typed == NULL) {
        say(TEXT_WARNING, error == NULL ? "Nobody came." : error->message);
        return false;
    }
    *n_right += judge_part(exercise, index, typed) ? 1 : 0;
    return true;
}

static bool
practise_question(const ExerciseOptions *options, const Exercise *exercise, guint *n_right)
{
    bool goes_on = true;
    show_question(exercise);
    if (exercise->kind->is_live) {
        goes_on = practise_live_part(options, exercise, n_right);
    }
    for (guint i = 0; goes_on && i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        if (part->form != ANSWER_COMMANDS) {
            goes_on = practise_part(exercise, i, n_right);
        }
    }
    return goes_on;
}

ExitStatus exercise_action_practise(const ExerciseOptions *options, char **words)
{
    ExitStatus status;
    g_autoptr(GArray) wanted = exercise_wanted(options, words[0], &status);
    if (wanted == NULL) {
        return status;
    }
    guint64 seed = exercise_seed(options);
    guint n_right = 0;
    guint n_parts = 0;
    bool goes_on = true;
    say(TEXT_QUIET, "Type an answer, or: hint, show, skip, quit.");
    for (guint round = 0; goes_on; round++) {
        const WantedQuestion *question =
            &g_array_index(wanted, WantedQuestion, round % wanted->len);
        if (question->kind->is_program) {
            return cli_usage_error(EXERCISE_COMMAND, "programs are tried by check --program FILE");
        }
        if (options->count > 1 && round == wanted->len) {
            break;
        }
        g_autoptr(Exercise) exercise =
            exercise_new(question->kind, seed + round, question->level, options->text);
        n_parts += exercise->parts->len;
        goes_on = practise_question(options, exercise, &n_right);
        goes_on = goes_on && options->text == NULL;
        putchar('\n');
    }
    g_autofree char *line = g_strdup_printf("%u of %u right at once.", n_right, n_parts);
    say(TEXT_HEADING, line);
    return EXIT_DONE;
}

/* --- live --- */

static Exercise *live_exercise(const ExerciseOptions *options, char **words, ExitStatus *out_status)
{
    if (options->key_file == NULL) {
        g_autoptr(GArray) wanted = exercise_wanted(options, words[0], out_status);
        if (wanted == NULL) {
            return NULL;
        }
        const WantedQuestion *question = &g_array_index(wanted, WantedQuestion, 0);
        return exercise_new(question->kind, exercise_seed(options), question->level, NULL);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(ClassSheet) class = class_sheet_load(options->key_file, &error);
    if (class == NULL) {
        *out_status = cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
        return NULL;
    }
    const ClassStudent *student =
        options->student == NULL ? NULL : class_sheet_find(class, options->student);
    for (guint i = 0; student != NULL && i < class->questions->len; i++) {
        if (g_array_index(class->questions, ClassQuestion, i).kind->is_live) {
            return class_sheet_exercise(class, student, i);
        }
    }
    *out_status = cli_usage_error(
        EXERCISE_COMMAND,
        "name a --student of %s, whose sheet has a live question",
        options->key_file
    );
    return NULL;
}

ExitStatus exercise_action_live(const ExerciseOptions *options, char **words)
{
    ExitStatus status = EXIT_USAGE;
    g_autoptr(GError) error = NULL;
    g_autoptr(Exercise) exercise = live_exercise(options, words, &status);
    if (exercise == NULL) {
        return status;
    }
    if (!exercise->kind->is_live) {
        return cli_usage_error(EXERCISE_COMMAND, "live are smtp-deliver and pop3-fetch");
    }
    show_question(exercise);
    g_autofree char *typed = serve(options, exercise, &error);
    if (typed == NULL) {
        return cli_environment_error(
            EXERCISE_COMMAND, "%s", error == NULL ? "nobody came" : error->message
        );
    }
    return judge_part(exercise, commands_part(exercise), typed) ? EXIT_DONE : EXIT_NO;
}
