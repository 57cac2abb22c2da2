#include "ui/cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/text/byte-span.h"
#include "protocol/text/edit-distance.h"

const CliCommand *cli_command_find(const char *name)
{
    for (gsize i = 0; i < n_cli_commands; i++) {
        if (strcmp(cli_commands[i].name, name) == 0) {
            return &cli_commands[i];
        }
    }
    return NULL;
}

static void print_error(const char *command, const char *format, va_list arguments)
    G_GNUC_PRINTF(2, 0);

char *cli_safe_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        char *safe = byte_span_to_display(byte_span_from_string(lines[i]));
        g_free(lines[i]);
        lines[i] = safe;
    }
    return g_strjoinv("\n", lines);
}

static void print_error(const char *command, const char *format, va_list arguments)
{
    g_autofree char *said = g_strdup_vprintf(format, arguments);
    g_autofree char *message = cli_safe_text(said);
    fprintf(stderr, "mailwalk%s%s: %s\n", command ? " " : "", command ? command : "", message);
}

ExitStatus cli_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_error(command, format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try 'mailwalk %s%s--help'.\n", command ? command : "", command ? " " : "");
    return EXIT_USAGE;
}

ExitStatus cli_environment_error(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_error(command, format, arguments);
    va_end(arguments);
    return EXIT_ENVIRONMENT;
}

const char *cli_nearest(const char *word, const char *const *candidates, gsize n_candidates)
{
    const char *nearest = NULL;
    guint least = edit_distance_limit(word) + 1;
    for (gsize i = 0; i < n_candidates; i++) {
        guint edits = edit_distance(word, candidates[i]);
        if (edits < least) {
            least = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}

static const char *nearest_option(const char *word, const GOptionEntry *entries)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        g_ptr_array_add(names, (gpointer)entry->long_name);
    }
    g_ptr_array_add(names, (gpointer) "help");
    return cli_nearest(word, (const char *const *)names->pdata, names->len);
}

static bool has_option(const char *word, const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++) {
        if (strcmp(entry->long_name, word) == 0) {
            return true;
        }
    }
    return strcmp(word, "help") == 0;
}

/* The first long option on the command line that does not exist, without dashes and value. */
static char *unknown_option(int argc, char **argv, const GOptionEntry *entries)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (g_str_has_prefix(argv[i], "--")) {
            char *word = g_strndup(argv[i] + 2, strcspn(argv[i] + 2, "="));
            if (!has_option(word, entries)) {
                return word;
            }
            g_free(word);
        }
    }
    return NULL;
}

static ExitStatus report_option_error(
    const CliCommand *command, int argc, char **argv, const GOptionEntry *entries, GError *error
)
{
    g_autofree char *word = unknown_option(argc, argv, entries);
    if (word == NULL || !g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)) {
        return cli_usage_error(command->name, "%s", error->message);
    }
    const char *nearest = nearest_option(word, entries);
    if (nearest == NULL) {
        return cli_usage_error(command->name, "there is no option --%s", word);
    }
    return cli_usage_error(
        command->name, "there is no option --%s; did you mean --%s?", word, nearest
    );
}

bool cli_parse_options(
    const CliCommand *command,
    const char *arguments_summary,
    const char *description,
    const GOptionEntry *entries,
    int *argc,
    char ***argv,
    ExitStatus *out_status
)
{
    gboolean wants_help = FALSE;
    const GOptionEntry help_entries[] = {
        {.long_name = "help",
         .short_name = 'h',
         .arg = G_OPTION_ARG_NONE,
         .arg_data = &wants_help,
         .description = "Show this help"},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(arguments_summary);
    GOptionGroup *group = g_option_group_new("all", "Options:", "Show options", NULL, NULL);
    g_option_group_add_entries(group, entries);
    g_option_group_add_entries(group, help_entries);
    g_option_context_set_main_group(context, group);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_summary(context, command->summary);
    g_option_context_set_description(context, description);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_strdup_printf("mailwalk %s", command->name);
    g_set_prgname(program);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        *out_status = report_option_error(command, *argc, *argv, entries, error);
        return false;
    }
    if (wants_help) {
        g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
        fputs(help, stdout);
        *out_status = EXIT_DONE;
        return false;
    }
    return true;
}
