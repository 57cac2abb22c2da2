/* `mailwalk exercise new`: a sheet for one, or a sheet for each student of a class. */

#include "ui/cli/exercise-command-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "exercises/class/class-sheet.h"
#include "exercises/class/roster.h"
#include "ui/cli/exercise-progress.h"

static const SheetFormatRow *find_format(const ExerciseOptions *options)
{
    const SheetFormatRow *format =
        sheet_format_find(options->format == NULL ? "text" : options->format);
    if (format == NULL) {
        cli_usage_error(
            EXERCISE_COMMAND,
            "there is no format '%s' for sheets; there are text, markdown, html, moodle-gift and "
            "json",
            options->format
        );
    }
    return format;
}

/* The file of a question beside the sheet: "NAME-3.pcap"; NULL: it has none. */
static char *write_question_file(
    const ExerciseOptions *options,
    const Exercise *exercise,
    const char *folder,
    const char *stem,
    guint number,
    GError **error
)
{
    if (exercise->kind->make_file == NULL) {
        return NULL;
    }
    g_autoptr(GBytes) content = exercise->kind->make_file(exercise, error);
    if (content == NULL) {
        return NULL;
    }
    gsize length;
    const char *octets = g_bytes_get_data(content, &length);
    g_autofree char *name = g_strdup_printf("%s-%u.%s", stem, number, exercise->file_name);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return exercise_write_file(options, path, octets, length, error) ? g_steal_pointer(&name)
                                                                     : NULL;
}

/* Files of all questions; the array's texts are owned. NULL: the error says why. */
static GPtrArray *write_files(
    const ExerciseOptions *options,
    const GPtrArray *exercises,
    const char *folder,
    const char *stem,
    GError **error
)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < exercises->len; i++) {
        GError *failure = NULL;
        g_ptr_array_add(
            files, write_question_file(options, exercises->pdata[i], folder, stem, i + 1, &failure)
        );
        if (failure != NULL) {
            g_propagate_error(error, failure);
            return NULL;
        }
    }
    return g_steal_pointer(&files);
}

/* --- for one --- */

static ExitStatus
new_for_one(const ExerciseOptions *options, const GArray *wanted, const SheetFormatRow *format)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) exercises = exercise_make_all(options, wanted, exercise_seed(options));
    g_autofree char *folder =
        options->out == NULL ? g_strdup(".") : g_path_get_dirname(options->out);
    g_autofree char *base = options->out == NULL ? g_strdup_printf(
                                                       "exercise-%" G_GUINT64_FORMAT,
                                                       ((const Exercise *)exercises->pdata[0])->seed
                                                   )
                                                 : g_path_get_basename(options->out);
    char *dot = strrchr(base, '.');
    if (dot != NULL && dot != base) {
        *dot = '\0';
    }
    g_autoptr(GPtrArray) files = write_files(options, exercises, folder, base, &error);
    if (files == NULL) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    Sheet sheet = {
        .title = options->title == NULL ? "Exercises" : options->title,
        .with_key = options->solution,
        .shows_seeds = true,
        .exercises = (const Exercise *const *)exercises->pdata,
        .n_exercises = exercises->len,
        .files = (const char *const *)files->pdata,
    };
    g_autoptr(GString) text = g_string_new(NULL);
    format->write(&sheet, text);
    if (options->out == NULL) {
        return exercise_put(text) ? EXIT_DONE : EXIT_ENVIRONMENT;
    }
    return exercise_write_file(options, options->out, text->str, text->len, &error)
               ? EXIT_DONE
               : cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
}

/* --- for a class --- */

static void free_exercise(gpointer data)
{
    exercise_free(data);
}

static bool write_student(
    const ExerciseOptions *options,
    const ClassSheet *class,
    const ClassStudent *student,
    const SheetFormatRow *format,
    GError **error
)
{
    g_autoptr(GPtrArray) exercises = g_ptr_array_new_with_free_func(free_exercise);
    for (guint i = 0; i < class->questions->len; i++) {
        g_ptr_array_add(exercises, class_sheet_exercise(class, student, i));
    }
    g_autoptr(GPtrArray) files = write_files(options, exercises, options->out, student->id, error);
    if (files == NULL) {
        return false;
    }
    Sheet sheet = {
        .title = class->title,
        .student = student->id,
        .name = student->name,
        .with_key = options->solution,
        .exercises = (const Exercise *const *)exercises->pdata,
        .n_exercises = exercises->len,
        .files = (const char *const *)files->pdata,
    };
    g_autoptr(GString) text = g_string_new(NULL);
    format->write(&sheet, text);
    g_autofree char *name = g_strconcat(student->id, ".", format->ending, NULL);
    g_autofree char *path = g_build_filename(options->out, name, NULL);
    return exercise_write_file(options, path, text->str, text->len, error);
}

/* The key file that is there, or a new one with these questions. */
static ClassSheet *open_class(const ExerciseOptions *options, const GArray *wanted, GError **error)
{
    if (g_file_test(options->key_file, G_FILE_TEST_EXISTS)) {
        return class_sheet_load(options->key_file, error);
    }
    ClassSheet *class =
        class_sheet_new(options->title == NULL ? "Exercises" : options->title, error);
    for (guint i = 0; class != NULL && i < wanted->len; i++) {
        const WantedQuestion *question = &g_array_index(wanted, WantedQuestion, i);
        class_sheet_add_question(class, question->kind, question->level);
    }
    return class;
}

/* A key file that exists has its own questions: others make another class. */
static bool has_questions(const ClassSheet *class, const GArray *wanted)
{
    bool is_same = class->questions->len == wanted->len;
    for (guint i = 0; is_same && i < wanted->len; i++) {
        const WantedQuestion *question = &g_array_index(wanted, WantedQuestion, i);
        const ClassQuestion *own = &g_array_index(class->questions, ClassQuestion, i);
        is_same = own->kind == question->kind && own->level == question->level;
    }
    return is_same;
}

static ExitStatus
write_class(const ExerciseOptions *options, const ClassSheet *class, const SheetFormatRow *format)
{
    g_autoptr(GError) error = NULL;
    if (g_mkdir_with_parents(options->out, 0755) != 0) {
        return cli_environment_error(EXERCISE_COMMAND, "%s: %s", options->out, g_strerror(errno));
    }
    ExerciseProgress progress = exercise_progress_begin("sheets");
    for (guint i = 0; i < class->students->len; i++) {
        if (!write_student(options, class, class->students->pdata[i], format, &error)) {
            exercise_progress_end(&progress);
            return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
        }
        exercise_progress_show(&progress, i + 1, class->students->len);
    }
    exercise_progress_end(&progress);
    printf(
        "%u sheets in %s, %u question%s each; the key is %s\n",
        class->students->len,
        options->out,
        class->questions->len,
        class->questions->len == 1 ? "" : "s",
        options->key_file
    );
    return EXIT_DONE;
}

static ExitStatus
new_for_class(const ExerciseOptions *options, const GArray *wanted, const SheetFormatRow *format)
{
    g_autoptr(GError) error = NULL;
    if (options->key_file == NULL || options->out == NULL) {
        return cli_usage_error(EXERCISE_COMMAND, "--class needs --key FILE and --out DIR");
    }
    if (format->has_answers) {
        return cli_usage_error(
            EXERCISE_COMMAND, "%s holds the answers, so it is no sheet for students", format->name
        );
    }
    if (wanted->len > CLASS_QUESTIONS_MAXIMUM) {
        return cli_usage_error(EXERCISE_COMMAND, "at most %d questions", CLASS_QUESTIONS_MAXIMUM);
    }
    g_autoptr(ClassSheet) class = open_class(options, wanted, &error);
    if (class == NULL) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    if (!has_questions(class, wanted)) {
        return cli_usage_error(
            EXERCISE_COMMAND,
            "%s is the key of a sheet with other questions; name another --key",
            options->key_file
        );
    }
    g_autoptr(GPtrArray) remarks = g_ptr_array_new_with_free_func(g_free);
    bool has_key = class->students->len > 0;
    if (!roster_read(options->class_file, class, remarks, &error)) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    for (guint i = 0; i < remarks->len && !has_key; i++) {
        g_autofree char *shown = byte_span_to_display(byte_span_from_string(remarks->pdata[i]));
        fprintf(stderr, "mailwalk exercise: %s: %s\n", options->class_file, shown);
    }
    if (!class_sheet_save(class, options->key_file, &error)) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    return write_class(options, class, format);
}

ExitStatus exercise_action_new(const ExerciseOptions *options, char **words)
{
    ExitStatus status;
    g_autoptr(GArray) wanted = exercise_wanted(options, words[0], &status);
    const SheetFormatRow *format = wanted == NULL ? NULL : find_format(options);
    if (wanted == NULL || format == NULL) {
        return EXIT_USAGE;
    }
    return options->class_file == NULL ? new_for_one(options, wanted, format)
                                       : new_for_class(options, wanted, format);
}
