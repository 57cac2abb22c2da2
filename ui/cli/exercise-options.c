/* The options of `mailwalk exercise`, a row each; which action takes which stands in its help. */

#include "ui/cli/exercise-command-private.h"

typedef struct {
    const char *name;
    char letter; /* 0: none */
    GOptionArg form;
    gsize place; /* in ExerciseOptions */
    const char *meaning;
    const char *value; /* what the help calls it; NULL: it takes none */
} OptionRow;

#define PLACE(member) G_STRUCT_OFFSET(ExerciseOptions, member)

static const OptionRow rows[] = {
    {
        .name = "seed",
        .letter = 's',
        .form = G_OPTION_ARG_STRING,
        .place = PLACE(seed),
        .meaning = "Make the question of seed N, a number or a word",
        .value = "N",
    },
    {
        .name = "level",
        .letter = 'l',
        .form = G_OPTION_ARG_INT,
        .place = PLACE(level),
        .meaning = "1 to 3: how hard",
        .value = "N",
    },
    {
        .name = "count",
        .letter = 'n',
        .form = G_OPTION_ARG_INT,
        .place = PLACE(count),
        .meaning = "So many questions of each kind",
        .value = "N",
    },
    {
        .name = "format",
        .letter = 'f',
        .form = G_OPTION_ARG_STRING,
        .place = PLACE(format),
        .meaning = "new: text, markdown, html, moodle-gift, json; grade: text, csv, gradescope, "
                   "prairielearn, check50, autolab, junit",
        .value = "FORMAT",
    },
    {
        .name = "solution",
        .form = G_OPTION_ARG_NONE,
        .place = PLACE(solution),
        .meaning = "new: with keys and working, for the lecturer",
    },
    {
        .name = "text",
        .letter = 't',
        .form = G_OPTION_ARG_STRING,
        .place = PLACE(text),
        .meaning = "Use TEXT in the question (base64-encode, quoted-printable)",
        .value = "TEXT",
    },
    {
        .name = "answer",
        .letter = 'a',
        .form = G_OPTION_ARG_STRING_ARRAY,
        .place = PLACE(answers),
        .meaning = "An answer; once for each part of the question",
        .value = "TEXT",
    },
    {
        .name = "answers",
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(answers_file),
        .meaning = "Answers in FILE, or a folder of hand-ins",
        .value = "FILE",
    },
    {
        .name = "program",
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(program),
        .meaning = "check: run the program in FILE through its trials",
        .value = "FILE",
    },
    {
        .name = "class",
        .letter = 'c',
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(class_file),
        .meaning = "new: a sheet for each student of this table",
        .value = "FILE",
    },
    {
        .name = "key",
        .letter = 'k',
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(key_file),
        .meaning = "The key file of a class: new makes it, grade reads it",
        .value = "FILE",
    },
    {
        .name = "out",
        .letter = 'o',
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(out),
        .meaning = "Write to this file, or into this folder",
        .value = "PATH",
    },
    {
        .name = "title",
        .form = G_OPTION_ARG_STRING,
        .place = PLACE(title),
        .meaning = "The title of the sheet",
        .value = "TEXT",
    },
    {
        .name = "student",
        .form = G_OPTION_ARG_STRING,
        .place = PLACE(student),
        .meaning = "explain, live: the student of the key file",
        .value = "ID",
    },
    {
        .name = "feedback",
        .form = G_OPTION_ARG_FILENAME,
        .place = PLACE(feedback),
        .meaning = "grade: a page for each student in DIR",
        .value = "DIR",
    },
    {
        .name = "run-programs",
        .form = G_OPTION_ARG_NONE,
        .place = PLACE(run_programs),
        .meaning = "grade: run the programs that were handed in",
    },
    {
        .name = "port",
        .letter = 'p',
        .form = G_OPTION_ARG_INT,
        .place = PLACE(port),
        .meaning = "live, practise: listen on this port of 127.0.0.1",
        .value = "N",
    },
    {
        .name = "wait",
        .form = G_OPTION_ARG_INT,
        .place = PLACE(wait),
        .meaning = "live: wait so many seconds for a client",
        .value = "N",
    },
    {
        .name = "force",
        .form = G_OPTION_ARG_NONE,
        .place = PLACE(force),
        .meaning = "Overwrite files that exist",
    },
};

bool exercise_options_parse(
    ExerciseOptions *options,
    const char *description,
    int *argc,
    char ***argv,
    ExitStatus *out_status
)
{
    GOptionEntry entries[G_N_ELEMENTS(rows) + 1] = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        entries[i] = (GOptionEntry){
            .long_name = rows[i].name,
            .short_name = rows[i].letter,
            .arg = rows[i].form,
            .arg_data = G_STRUCT_MEMBER_P(options, rows[i].place),
            .description = rows[i].meaning,
            .arg_description = rows[i].value,
        };
    }
    return cli_parse_options(
        cli_command_find(EXERCISE_COMMAND),
        "ACTION [KIND]",
        description,
        entries,
        argc,
        argv,
        out_status
    );
}

/* Every value but numbers and flags is owned. */
void exercise_options_clear(ExerciseOptions *options)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gpointer place = G_STRUCT_MEMBER_P(options, rows[i].place);
        if (rows[i].form == G_OPTION_ARG_STRING_ARRAY) {
            g_strfreev(*(char ***)place);
        } else if (rows[i].form == G_OPTION_ARG_STRING || rows[i].form == G_OPTION_ARG_FILENAME) {
            g_free(*(char **)place);
        }
    }
}
