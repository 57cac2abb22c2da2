/* `mailwalk exercise check` and `explain`. */

#include "ui/cli/exercise-command-private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "exercises/class/class-sheet.h"
#include "exercises/class/hand-in-source.h"
#include "exercises/class/text-decode.h"
#include "ui/report/exercise-feedback.h"

static bool write_layout(TextLayout *layout)
{
    bool is_written = text_layout_write(layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(layout);
    return is_written;
}

/* At most one octet more than a hand-in may have: a pipe or a device need not end. */
static char *read_some(const char *path, gsize *out_length)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }
    char *content = g_malloc(HAND_IN_SIZE_MAXIMUM + 1);
    *out_length = fread(content, 1, HAND_IN_SIZE_MAXIMUM + 1, file);
    if (ferror(file)) {
        g_clear_pointer(&content, g_free);
    }
    int error = errno;
    fclose(file);
    errno = error;
    return content;
}

/* The hand-in in --answers; NULL: an error was said. */
static HandIn *read_answers(const ExerciseOptions *options, guint n_questions)
{
    gsize length;
    const char *reason = NULL;
    g_autofree char *content = read_some(options->answers_file, &length);
    if (content == NULL) {
        cli_environment_error(EXERCISE_COMMAND, "%s: %s", options->answers_file, g_strerror(errno));
        return NULL;
    }
    g_autofree char *text =
        length > HAND_IN_SIZE_MAXIMUM ? NULL : text_decode(byte_span(content, length), &reason);
    if (text == NULL) {
        cli_environment_error(
            EXERCISE_COMMAND,
            "%s: %s",
            options->answers_file,
            reason == NULL ? "it is too large" : reason
        );
        return NULL;
    }
    HandIn *hand_in = hand_in_new(options->answers_file, n_questions);
    hand_in_read_text(hand_in, text);
    if (hand_in->reason != NULL && n_questions == 1) { /* the answer alone */
        g_clear_pointer(&hand_in->reason, g_free);
        hand_in_add(hand_in, 0, '\0', text);
    }
    return hand_in;
}

static ExerciseVerdict *
judge(const ExerciseOptions *options, Exercise *exercise, const HandIn *hand_in, guint index)
{
    if (exercise->kind->is_program) {
        exercise->may_run = options->program != NULL;
        return exercise_check(exercise, (const char *const *)&options->program, 1);
    }
    if (hand_in != NULL) {
        return exercise_check_text(exercise, hand_in->answers[index]);
    }
    gsize count = options->answers == NULL ? 0 : g_strv_length(options->answers);
    if (count == 1) {
        return exercise_check_text(exercise, options->answers[0]);
    }
    return exercise_check(exercise, (const char *const *)options->answers, count);
}

ExitStatus exercise_action_check(const ExerciseOptions *options, char **words)
{
    ExitStatus status;
    g_autoptr(GArray) wanted = exercise_wanted(options, words[0], &status);
    if (wanted == NULL) {
        return status;
    }
    if (options->seed == NULL && options->text == NULL) {
        return cli_usage_error(EXERCISE_COMMAND, "check needs the --seed of the question");
    }
    if (options->answers == NULL && options->answers_file == NULL && options->program == NULL) {
        return cli_usage_error(EXERCISE_COMMAND, "check needs --answer, --answers or --program");
    }
    g_autoptr(HandIn) hand_in =
        options->answers_file == NULL ? NULL : read_answers(options, wanted->len);
    if (options->answers_file != NULL && hand_in == NULL) {
        return EXIT_ENVIRONMENT;
    }
    TextLayout layout;
    text_layout_init(&layout, stdout);
    bool is_right = true;
    guint64 seed = options->seed == NULL ? 1 : exercise_seed(options);
    g_autoptr(GPtrArray) exercises = exercise_make_all(options, wanted, seed);
    for (guint i = 0; i < exercises->len; i++) {
        g_autoptr(ExerciseVerdict) verdict = judge(options, exercises->pdata[i], hand_in, i);
        feedback_text(&layout, verdict, exercises->len > 1 ? i + 1 : 0, exercises->len, false);
        is_right = is_right && verdict->is_right;
    }
    if (!write_layout(&layout)) {
        return EXIT_ENVIRONMENT;
    }
    return is_right ? EXIT_DONE : EXIT_NO;
}

/* The keys of one student, from the key file. */
static ExitStatus explain_student(const ExerciseOptions *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClassSheet) class = class_sheet_load(options->key_file, &error);
    if (class == NULL) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    const ClassStudent *student =
        options->student == NULL ? NULL : class_sheet_find(class, options->student);
    if (student == NULL) {
        return cli_usage_error(EXERCISE_COMMAND, "name a --student of %s", options->key_file);
    }
    g_autoptr(GPtrArray) exercises = g_ptr_array_new();
    for (guint i = 0; i < class->questions->len; i++) {
        g_ptr_array_add(exercises, class_sheet_exercise(class, student, i));
    }
    Sheet sheet = {
        .title = class->title,
        .student = student->id,
        .name = student->name,
        .with_key = true,
        .exercises = (const Exercise *const *)exercises->pdata,
        .n_exercises = exercises->len,
    };
    const SheetFormatRow *format =
        sheet_format_find(options->format == NULL ? "text" : options->format);
    g_autoptr(GString) text = g_string_new(NULL);
    (format == NULL ? &sheet_formats[SHEET_TEXT] : format)->write(&sheet, text);
    for (guint i = 0; i < exercises->len; i++) {
        exercise_free(exercises->pdata[i]);
    }
    return exercise_put(text) ? EXIT_DONE : EXIT_ENVIRONMENT;
}

ExitStatus exercise_action_explain(const ExerciseOptions *options, char **words)
{
    ExitStatus status;
    if (options->key_file != NULL) {
        return explain_student(options);
    }
    g_autoptr(GArray) wanted = exercise_wanted(options, words[0], &status);
    if (wanted == NULL) {
        return status;
    }
    if (options->seed == NULL && options->text == NULL) {
        return cli_usage_error(EXERCISE_COMMAND, "explain needs the --seed of the question");
    }
    g_autoptr(GPtrArray) exercises =
        exercise_make_all(options, wanted, options->seed == NULL ? 1 : exercise_seed(options));
    Sheet sheet = {
        .title = options->title == NULL ? "Key" : options->title,
        .with_key = true,
        .shows_seeds = true,
        .exercises = (const Exercise *const *)exercises->pdata,
        .n_exercises = exercises->len,
    };
    g_autoptr(GString) text = g_string_new(NULL);
    sheet_write_text(&sheet, text);
    return exercise_put(text) ? EXIT_DONE : EXIT_ENVIRONMENT;
}
