#include "ui/cli/exercise-command.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "ui/cli/exercise-command-private.h"
#include "ui/report/json-line.h"
#include "ui/report/text-layout.h"
#include "ui/report/whole-file.h"

typedef struct {
    const char *name;
    const char *summary;
    guint kinds; /* so many may be named */
    ExitStatus (*run)(const ExerciseOptions *options, char **words);
} ActionRow;

static ExitStatus list_kinds(const ExerciseOptions *options, char **words);

static const ActionRow actions[] = {
    {"list", "the kinds of exercise", 0, list_kinds},
    {"kinds", "the same, with their levels", 0, list_kinds},
    {"new", "make a sheet: new KIND[:LEVEL] ...", G_MAXUINT, exercise_action_new},
    {"check", "judge answers to KIND of a --seed", 1, exercise_action_check},
    {"explain", "the key of KIND of a --seed, step by step", 1, exercise_action_explain},
    {"practise", "question after question, with hints", G_MAXUINT, exercise_action_practise},
    {"live", "a server to type to, for one question", 1, exercise_action_live},
    {"grade", "mark the hand-ins of a class by its --key", 0, exercise_action_grade},
};

static char *describe(void)
{
    GString *text = g_string_new("Actions:\n");
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        g_string_append_printf(text, "  %-20s %s\n", actions[i].name, actions[i].summary);
    }
    g_string_append(text, "\nKinds:\n");
    for (gsize i = 0; i < N_EXERCISE_KINDS; i++) {
        g_string_append_printf(
            text, "  %-20s %s\n", exercise_kinds[i].name, exercise_kinds[i].title
        );
    }
    g_string_append(
        text,
        "\nThe exit status is 1 where an answer is wrong or a hand-in could not be marked.\n"
        "Try: mailwalk exercise practise base64-encode"
    );
    return g_string_free(text, FALSE);
}

/* --- kinds --- */

static void list_as_json(void)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, EXERCISE_COMMAND);
    json_line_end(&line, stdout);
    for (gsize i = 0; i < N_EXERCISE_KINDS; i++) {
        const ExerciseKind *kind = &exercise_kinds[i];
        json_line_begin(&line, "kind");
        json_line_string(&line, "name", kind->name);
        json_line_string(&line, "title", kind->title);
        json_line_string(&line, "lectures", kind->lectures);
        json_line_array_begin(&line, "levels");
        for (gsize level = 0; level < EXERCISE_LEVELS; level++) {
            json_line_string(&line, NULL, kind->level_notes[level]);
        }
        json_line_array_end(&line);
        json_line_end(&line, stdout);
    }
    json_line_begin(&line, "end");
    json_line_number(&line, "kinds", N_EXERCISE_KINDS);
    json_line_end(&line, stdout);
    json_line_clear(&line);
}

static void add_kind(TextLayout *layout, const ExerciseKind *kind, bool with_levels)
{
    g_autofree char *references = sheet_references(kind);
    text_layout_row(
        layout,
        &(TextRow){
            .label = kind->name,
            .label_style = TEXT_PROTOCOL,
            .label_width = 20,
            .text = kind->title,
            .note = with_levels ? references : NULL,
        }
    );
    for (guint i = 0; with_levels && i < EXERCISE_LEVELS; i++) {
        g_autofree char *level = g_strdup_printf("level %u", i + 1);
        text_layout_row(
            layout,
            &(TextRow){
                .indent = 20,
                .label = level,
                .label_style = TEXT_QUIET,
                .label_width = 9,
                .text = kind->level_notes[i],
            }
        );
    }
}

static ExitStatus list_kinds(const ExerciseOptions *options, char **words)
{
    if (options->format != NULL && strcmp(options->format, "json") == 0) {
        list_as_json();
        return EXIT_DONE;
    }
    TextLayout layout;
    text_layout_init(&layout, stdout);
    for (gsize i = 0; i < N_EXERCISE_KINDS; i++) {
        add_kind(&layout, &exercise_kinds[i], strcmp(words[-1], "kinds") == 0);
    }
    bool is_written = text_layout_write(&layout, stdout);
    text_layout_clear(&layout);
    return is_written ? EXIT_DONE : EXIT_ENVIRONMENT;
}

/* --- what the actions share --- */

static const ExerciseKind *find_kind(const char *name)
{
    const ExerciseKind *kind = exercise_kind_find(name);
    if (kind != NULL) {
        return kind;
    }
    const char *names[N_EXERCISE_KINDS];
    for (gsize i = 0; i < N_EXERCISE_KINDS; i++) {
        names[i] = exercise_kinds[i].name;
    }
    const char *nearest = cli_nearest(name, names, N_EXERCISE_KINDS);
    if (nearest != NULL) {
        cli_usage_error(
            EXERCISE_COMMAND, "there is no kind '%s'; did you mean '%s'?", name, nearest
        );
    } else {
        cli_usage_error(
            EXERCISE_COMMAND, "there is no kind '%s'; 'mailwalk exercise list' has them", name
        );
    }
    return NULL;
}

GArray *exercise_wanted(const ExerciseOptions *options, const char *words, ExitStatus *out_status)
{
    *out_status = EXIT_USAGE;
    if (words == NULL) {
        *out_status =
            cli_usage_error(EXERCISE_COMMAND, "name a kind; 'mailwalk exercise list' has them");
        return NULL;
    }
    g_autoptr(GArray) wanted = g_array_new(FALSE, TRUE, sizeof(WantedQuestion));
    g_auto(GStrv) names = g_strsplit(words, ",", -1);
    for (gsize i = 0; names[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(names[i], ":", 2);
        guint64 level = (guint64)options->level;
        bool has_level = parts[0] != NULL && parts[1] != NULL;
        if (has_level && !byte_span_to_number(byte_span_from_string(parts[1]), &level)) {
            *out_status =
                cli_usage_error(EXERCISE_COMMAND, "'%s' is no level; levels are 1 to 3", parts[1]);
            return NULL;
        }
        const ExerciseKind *kind = find_kind(parts[0] == NULL ? "" : g_strstrip(parts[0]));
        if (kind == NULL) {
            return NULL;
        }
        if (level < 1 || level > EXERCISE_LEVELS) {
            *out_status = cli_usage_error(EXERCISE_COMMAND, "levels are 1 to %d", EXERCISE_LEVELS);
            return NULL;
        }
        for (int j = 0; j < options->count; j++) {
            WantedQuestion question = {.kind = kind, .level = (guint)level};
            g_array_append_val(wanted, question);
        }
    }
    return g_steal_pointer(&wanted);
}

guint64 exercise_seed(const ExerciseOptions *options)
{
    if (options->seed == NULL) {
        return (guint64)g_random_int_range(1, 1000000);
    }
    guint64 number;
    return byte_span_to_number(byte_span_from_string(options->seed), &number)
               ? number
               : g_str_hash(options->seed);
}

static void free_exercise(gpointer data)
{
    exercise_free(data);
}

GPtrArray *exercise_make_all(const ExerciseOptions *options, const GArray *wanted, guint64 seed)
{
    GPtrArray *exercises = g_ptr_array_new_with_free_func(free_exercise);
    for (guint i = 0; i < wanted->len; i++) {
        const WantedQuestion *question = &g_array_index(wanted, WantedQuestion, i);
        g_ptr_array_add(
            exercises, exercise_new(question->kind, seed + i, question->level, options->text)
        );
    }
    return exercises;
}

bool exercise_put(const GString *text)
{
    return fwrite(text->str, 1, text->len, stdout) == text->len && fflush(stdout) == 0;
}

bool exercise_write_file(
    const ExerciseOptions *options,
    const char *path,
    const char *octets,
    gsize length,
    GError **error
)
{
    if (!options->force && g_file_test(path, G_FILE_TEST_EXISTS) && !whole_file_is_special(path)) {
        g_set_error(
            error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s exists; --force overwrites it", path
        );
        return false;
    }
    return whole_file_write(path, octets, length, error);
}

/* 'words' is what stands behind the action; several kinds are one list, with commas or without. */
static ExitStatus run_action(const ActionRow *action, const ExerciseOptions *options, char **words)
{
    guint n_words = g_strv_length(words);
    if (n_words > action->kinds) {
        return cli_usage_error(
            EXERCISE_COMMAND,
            "'%s' is one word too many: '%s' takes %s",
            words[action->kinds],
            action->name,
            action->kinds == 0 ? "no kind" : "one kind"
        );
    }
    if (n_words < 2) {
        return action->run(options, words);
    }
    g_autofree char *all = g_strjoinv(",", words);
    return action->run(options, (char *[]){all, NULL});
}

ExitStatus exercise_command_run(int argc, char **argv)
{
    ExitStatus status;
    g_auto(ExerciseOptions) options = {.level = 1, .count = 1, .wait = 3600};
    g_autofree char *description = describe();
    if (!exercise_options_parse(&options, description, &argc, &argv, &status)) {
        return status;
    }
    if (argc < 2) {
        return cli_usage_error(EXERCISE_COMMAND, "name an action: list, new, check, practise ...");
    }
    if (options.count < 1 || options.count > 100) {
        return cli_usage_error(EXERCISE_COMMAND, "--count is 1 to 100");
    }
    if (options.port < 0 || options.port > 65535) {
        return cli_usage_error(EXERCISE_COMMAND, "--port is 1 to 65535, or 0 for any that is free");
    }
    const char *names[G_N_ELEMENTS(actions)];
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++) {
        names[i] = actions[i].name;
        if (strcmp(argv[1], names[i]) == 0) {
            return run_action(&actions[i], &options, argv + 2);
        }
    }
    const char *nearest = cli_nearest(argv[1], names, G_N_ELEMENTS(names));
    return cli_usage_error(
        EXERCISE_COMMAND,
        "there is no action '%s'%s%s%s",
        argv[1],
        nearest == NULL ? "" : "; did you mean '",
        nearest == NULL ? "" : nearest,
        nearest == NULL ? "" : "'?"
    );
}
