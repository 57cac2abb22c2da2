#pragma once

/* What the actions of `mailwalk exercise` share: the options, and the questions that were named. */

#include "exercises/exercise-kind.h"
#include "ui/cli/command.h"
#include "ui/report/exercise-sheet.h"

#define EXERCISE_COMMAND "exercise"

typedef struct {
    char *seed;
    int level;
    int count;
    char *format;
    char *text;
    char **answers;
    char *answers_file;
    char *class_file;
    char *key_file;
    char *out;
    char *title;
    char *student;
    char *feedback;
    char *program;
    int port;
    int wait;
    gboolean solution;
    gboolean run_programs;
    gboolean force;
} ExerciseOptions;

/* False: the help was asked for or an option is wrong; the status is the command's. */
bool exercise_options_parse(
    ExerciseOptions *options,
    const char *description,
    int *argc,
    char ***argv,
    ExitStatus *out_status
);
void exercise_options_clear(ExerciseOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExerciseOptions, exercise_options_clear)

typedef struct {
    const ExerciseKind *kind;
    guint level;
} WantedQuestion;

/* "base64-encode,dot-stuffing:2": GArray of WantedQuestion, repeated --count times; NULL: the
 * status is that of the error that was said. */
GArray *exercise_wanted(const ExerciseOptions *options, const char *words, ExitStatus *out_status);

/* --seed as a number; a word is turned into one. Without it one is drawn. */
guint64 exercise_seed(const ExerciseOptions *options);

/* The questions; question i has the seed of the sheet plus i. GPtrArray of Exercise *, owned. */
GPtrArray *exercise_make_all(const ExerciseOptions *options, const GArray *wanted, guint64 seed);

/* Writes to standard output; false: it failed. */
bool exercise_put(const GString *text);

/* Writes a file unless it exists and --force is not given. */
bool exercise_write_file(
    const ExerciseOptions *options,
    const char *path,
    const char *octets,
    gsize length,
    GError **error
);

ExitStatus exercise_action_new(const ExerciseOptions *options, char **words);
ExitStatus exercise_action_check(const ExerciseOptions *options, char **words);
ExitStatus exercise_action_explain(const ExerciseOptions *options, char **words);
ExitStatus exercise_action_practise(const ExerciseOptions *options, char **words);
ExitStatus exercise_action_live(const ExerciseOptions *options, char **words);
ExitStatus exercise_action_grade(const ExerciseOptions *options, char **words);
