#include "ui/cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
{
    g_autofree char *message = g_strdup_vprintf(format, arguments);
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

/* Edits (insert, drop, change a letter, swap two neighbours) that lead from one word to the other,
 * letters of either case being the same. */
static guint distance(const char *left, const char *right)
{
    gsize width = strlen(right) + 1;
    g_autofree guint *before = g_new0(guint, width);
    g_autofree guint *previous = g_new0(guint, width);
    g_autofree guint *current = g_new0(guint, width);
    for (gsize j = 0; j < width; j++) {
        previous[j] = (guint)j;
    }
    for (gsize i = 1; left[i - 1] != '\0'; i++) {
        current[0] = (guint)i;
        for (gsize j = 1; j < width; j++) {
            char a = g_ascii_tolower(left[i - 1]);
            char b = g_ascii_tolower(right[j - 1]);
            current[j] = MIN(MIN(previous[j], current[j - 1]) + 1, previous[j - 1] + (a != b));
            if (i > 1 && j > 1 && a == g_ascii_tolower(right[j - 2]) &&
                b == g_ascii_tolower(left[i - 2])) {
                current[j] = MIN(current[j], before[j - 2] + 1);
            }
        }
        memcpy(before, previous, width * sizeof(guint));
        memcpy(previous, current, width * sizeof(guint));
    }
    return previous[width - 1];
}

const char *cli_nearest(const char *word, const char *const *candidates, gsize n_candidates)
{
    const char *nearest = NULL;
    guint least = (guint)MAX(strlen(word) / 3, 1) + 1;
    for (gsize i = 0; i < n_candidates; i++) {
        guint edits = distance(word, candidates[i]);
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
    g_autofree char *parameter = g_strdup_printf("%s %s", command->name, arguments_summary);
    g_autoptr(GOptionContext) context = g_option_context_new(parameter);
    GOptionGroup *group = g_option_group_new("all", "Options:", "Show options", NULL, NULL);
    g_option_group_add_entries(group, entries);
    g_option_group_add_entries(group, help_entries);
    g_option_context_set_main_group(context, group);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_summary(context, command->summary);
    g_option_context_set_description(context, description);
    g_autoptr(GError) error = NULL;
    g_set_prgname("mailwalk");
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
