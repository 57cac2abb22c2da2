#pragma once

/* A subcommand of the program: a row in commands.c and a file of its own that runs it. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
    EXIT_DONE = 0,        /* done, or the answer is yes */
    EXIT_NO = 1,          /* the answer is no: wrong answer, unknown code, capture with errors */
    EXIT_USAGE = 2,       /* the command line is not understood */
    EXIT_ENVIRONMENT = 3, /* a file, port or terminal failed */
} ExitStatus;

typedef struct {
    const char *name;
    const char *summary;                      /* one line for `mailwalk --help` */
    ExitStatus (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
} CliCommand;

extern const CliCommand cli_commands[];
extern const gsize n_cli_commands;

const CliCommand *cli_command_find(const char *name); /* NULL: unknown */

/* Text from files and arguments as it may reach a terminal: controls escaped, lines kept. */
char *cli_safe_text(const char *text);

/* Prints "mailwalk NAME: message" and how to get help, and gives EXIT_USAGE. */
ExitStatus cli_usage_error(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same for a failing file, port or terminal; gives EXIT_ENVIRONMENT. */
ExitStatus cli_environment_error(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Parses options; on an unknown one says which is nearest. False: '*out_status' is the exit status
 * (EXIT_DONE after --help). Leaves the plain arguments in argv. */
bool cli_parse_options(
    const CliCommand *command,
    const char *arguments_summary,
    const char *description,
    const GOptionEntry *entries,
    int *argc,
    char ***argv,
    ExitStatus *out_status
);

/* The candidate that is nearest to 'word' in letters, or NULL where none is near. */
const char *cli_nearest(const char *word, const char *const *candidates, gsize n_candidates);
