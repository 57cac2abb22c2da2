/* `mailwalk exercise grade`: marks the hand-ins of a class. */

#include "ui/cli/exercise-command-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "exercises/class/hand-in-source.h"
#include "exercises/class/mark.h"
#include "exercises/live/program-check.h"
#include "ui/cli/exercise-progress.h"
#include "ui/report/exercise-feedback.h"
#include "ui/report/exercise-marks.h"

typedef struct {
    const ExerciseOptions *options;
    const ClassSheet *class;
    const MarksFormat *format; /* NULL: text */
    ClassTable *table;
    GString *out;      /* the document of a class */
    GString *unmarked; /* what could not be marked, for standard error */
    GPtrArray *texts;  /* documents of one student each, with no --out */
    ExerciseProgress progress;
    GError *error; /* the first that happened; marking goes on */
} Grading;

static void note_error(Grading *grading, GError *error)
{
    if (grading->error == NULL) {
        grading->error = error;
    } else {
        g_error_free(error);
    }
}

static void write_in(
    Grading *grading, const char *folder, const Mark *mark, const char *ending, const GString *text
)
{
    GError *error = NULL;
    g_autofree char *clean =
        mark->student != NULL ? g_strdup(mark->student->id) : class_clean_id(mark->source);
    g_autofree char *name = g_strconcat(clean == NULL ? "unnamed" : clean, ".", ending, NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!exercise_write_file(grading->options, path, text->str, text->len, &error)) {
        note_error(grading, error);
    }
}

static void write_feedback(Grading *grading, const Mark *mark)
{
    if (grading->options->feedback == NULL || mark->reason != NULL) {
        return;
    }
    g_autoptr(GString) page = g_string_new(NULL);
    feedback_mark_html(
        page, mark, grading->class->title == NULL ? "Exercises" : grading->class->title
    );
    write_in(grading, grading->options->feedback, mark, "html", page);
}

static void write_mark(Grading *grading, const Mark *mark)
{
    if (grading->format == NULL) {
        return;
    }
    if (!grading->format->is_of_one) {
        grading->format->one(grading->class, mark, grading->out);
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    grading->format->one(grading->class, mark, text);
    if (grading->options->out != NULL) {
        write_in(grading, grading->options->out, mark, grading->format->ending, text);
    } else {
        g_ptr_array_add(grading->texts, g_strdup(text->str));
    }
}

static void take(HandIn *hand_in, guint done, guint total, gpointer data)
{
    Grading *grading = data;
    g_autoptr(Mark) mark =
        mark_hand_in(grading->class, hand_in, grading->options->run_programs != 0);
    bool is_first = class_table_add(grading->table, mark);
    g_autofree char *source = byte_span_to_display(byte_span_from_string(mark->source));
    if (mark->reason != NULL) {
        g_string_append_printf(grading->unmarked, "  %s: %s\n", source, mark->reason);
    } else if (!is_first) {
        g_string_append_printf(
            grading->unmarked,
            "  %s: %s handed in before; this one does not count\n",
            source,
            mark->student->id
        );
    }
    if (is_first) {
        write_mark(grading, mark);
        write_feedback(grading, mark);
    }
    exercise_progress_show(&grading->progress, done, total);
}

static bool find_format(const ExerciseOptions *options, const MarksFormat **out_format)
{
    *out_format = options->format == NULL ? NULL : marks_format_find(options->format);
    if (options->format == NULL || strcmp(options->format, "text") == 0 || *out_format != NULL) {
        return true;
    }
    cli_usage_error(
        EXERCISE_COMMAND,
        "there is no format '%s' for marks; there are text, csv, gradescope, prairielearn, "
        "check50, "
        "autolab and junit",
        options->format
    );
    return false;
}

static bool make_folder(const char *path)
{
    if (path != NULL && g_mkdir_with_parents(path, 0755) != 0) {
        cli_environment_error(EXERCISE_COMMAND, "%s: %s", path, g_strerror(errno));
        return false;
    }
    return true;
}

/* The documents; false: they could not be written. */
static bool put_documents(Grading *grading)
{
    const ExerciseOptions *options = grading->options;
    if (grading->texts->len > 1) {
        cli_usage_error(
            EXERCISE_COMMAND,
            "%s is one document for each student: name a folder with --out",
            options->format
        );
        return false;
    }
    if (grading->texts->len == 1) {
        g_string_append(grading->out, grading->texts->pdata[0]);
    }
    bool is_to_file =
        options->out != NULL && grading->format != NULL && !grading->format->is_of_one;
    GError *error = NULL;
    if (is_to_file &&
        !exercise_write_file(options, options->out, grading->out->str, grading->out->len, &error)) {
        note_error(grading, error);
    }
    return is_to_file || exercise_put(grading->out);
}

/* The table of the class: where the marks are read by a program, on standard error. */
static void put_class(Grading *grading)
{
    FILE *stream = grading->format == NULL || grading->options->out != NULL ? stdout : stderr;
    if (grading->unmarked->len > 0) {
        fprintf(stderr, "Not marked:\n%s", grading->unmarked->str);
    }
    if (grading->options->run_programs && !program_check_is_isolated()) {
        fputs(
            "Programs could use the network: this kernel does not let it be taken away.\n", stderr
        );
    }
    if (grading->format != NULL && grading->format->is_of_one && grading->table->n_marked <= 1) {
        return;
    }
    TextLayout layout;
    text_layout_init(&layout, stream);
    feedback_class_text(&layout, grading->table, grading->class);
    text_layout_write(&layout, stream);
    text_layout_clear(&layout);
}

static ExitStatus grade(Grading *grading)
{
    g_autoptr(GError) error = NULL;
    const ExerciseOptions *options = grading->options;
    if (grading->format != NULL && grading->format->begin != NULL) {
        grading->format->begin(grading->class, grading->out);
    }
    if (!hand_in_each(options->answers_file, grading->class, take, grading, &error)) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    exercise_progress_end(&grading->progress);
    if (grading->format != NULL && grading->format->end != NULL) {
        grading->format->end(grading->out);
    }
    if (!put_documents(grading)) {
        return EXIT_ENVIRONMENT;
    }
    put_class(grading);
    if (grading->error != NULL) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", grading->error->message);
    }
    return grading->table->n_unreadable > 0 ? EXIT_NO : EXIT_DONE;
}

ExitStatus exercise_action_grade(const ExerciseOptions *options, char **words)
{
    g_autoptr(GError) error = NULL;
    const MarksFormat *format;
    (void)words;
    if (options->key_file == NULL || options->answers_file == NULL) {
        return cli_usage_error(
            EXERCISE_COMMAND, "grade needs --key FILE and --answers FILE or DIR"
        );
    }
    if (!find_format(options, &format)) {
        return EXIT_USAGE;
    }
    bool has_out_folder = format != NULL && format->is_of_one;
    if (!make_folder(options->feedback) || !make_folder(has_out_folder ? options->out : NULL)) {
        return EXIT_ENVIRONMENT;
    }
    g_autoptr(ClassSheet) class = class_sheet_load(options->key_file, &error);
    if (class == NULL) {
        return cli_environment_error(EXERCISE_COMMAND, "%s", error->message);
    }
    Grading grading = {
        .options = options,
        .class = class,
        .format = format,
        .table = class_table_new(),
        .out = g_string_new(NULL),
        .unmarked = g_string_new(NULL),
        .texts = g_ptr_array_new_with_free_func(g_free),
        .progress = exercise_progress_begin("hand-ins"),
    };
    ExitStatus status = grade(&grading);
    class_table_free(grading.table);
    g_string_free(grading.out, TRUE);
    g_string_free(grading.unmarked, TRUE);
    g_ptr_array_unref(grading.texts);
    g_clear_error(&grading.error);
    return status;
}
