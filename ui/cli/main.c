/* `mailwalk SUBCOMMAND ...`: finds the subcommand's row and runs it. */

#include "ui/cli/command.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef MAILWALK_VERSION
#error "the build says which version this is"
#endif

static void print_help(void)
{
    printf("mailwalk lets you watch e-mail work.\n\nUsage:\n  mailwalk COMMAND [OPTION...]\n"
           "  mailwalk --version\n\nCommands:\n");
    for (gsize i = 0; i < n_cli_commands; i++) {
        printf("  %-12s %s\n", cli_commands[i].name, cli_commands[i].summary);
    }
    printf("\n`mailwalk COMMAND --help` tells the options of a command.\n"
           "Try first: mailwalk run alice-to-bob\n");
}

static ExitStatus unknown_command(const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (gsize i = 0; i < n_cli_commands; i++) {
        g_ptr_array_add(names, (gpointer)cli_commands[i].name);
    }
    const char *nearest = cli_nearest(word, (const char *const *)names->pdata, names->len);
    if (nearest == NULL) {
        return cli_usage_error(NULL, "there is no command '%s'", word);
    }
    return cli_usage_error(NULL, "there is no command '%s'; did you mean '%s'?", word, nearest);
}

static bool reader_has_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP)) != 0;
}

/* What stdio still holds is written here at the latest, and this is the one place that tells of
 * output that got lost: a full disk never looks like success. */
static ExitStatus close_output(ExitStatus status)
{
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!is_written && reader_has_gone()) {
        signal(SIGPIPE, SIG_DFL); /* GIO ignores it once it has a socket */
        raise(SIGPIPE);
    }
    return is_written
               ? status
               : cli_environment_error(
                     NULL, "cannot write the output: it is closed, or there is no room for it"
                 );
}

/* GLib ends a program that gets no memory by a trap; a person gets a sentence and a status. Nothing
 * here may allocate. */
static void
end_without_memory(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
    static const char sentence[] = "mailwalk: there is not enough memory for this; a smaller "
                                   "capture, or fewer at a time, may fit\n";
    if ((level & G_LOG_LEVEL_ERROR) != 0 && strstr(message, "failed to allocate") != NULL) {
        if (write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0) {
            _exit(EXIT_ENVIRONMENT); /* nobody is left to be told */
        }
        _exit(EXIT_ENVIRONMENT);
    }
    g_log_default_handler(domain, level, message, data);
}

int main(int argc, char **argv)
{
    g_log_set_default_handler(end_without_memory, NULL);
    setlocale(LC_ALL, "");
    /* A reader that has seen enough, as in `mailwalk ... | head`, ends the program without a word,
     * even where whoever started it had told it to ignore the signal. */
    signal(SIGPIPE, SIG_DFL);
    if (argc < 2) {
        print_help();
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help();
        return close_output(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("mailwalk %s\n", MAILWALK_VERSION);
        return close_output(EXIT_DONE);
    }
    const CliCommand *command = cli_command_find(argv[1]);
    return command == NULL ? unknown_command(argv[1])
                           : close_output(command->run(argc - 1, argv + 1));
}
