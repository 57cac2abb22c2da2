#include "ui/cli/run-command.h"

#include "sim/loopback/loopback-clock.h"
#include "ui/cli/data-files.h"
#include "ui/cli/run-serve.h"
#include "ui/cli/run-views.h"
#include "ui/cli/scenario-error.h"
#include "ui/report/json-line.h"

#include <stdio.h>
#include <string.h>

#define LECTURES_MAXIMUM 100

typedef struct {
    RunViewOptions views;
    gint64 seed;
    gboolean check;
    char *level;
    char *until;
    char **what_ifs;
    char **settings;
    char *player; /* NULL: no real client; "": as whoever comes first */
    gint speed;
} Options;

static void options_clear(Options *options)
{
    g_free(options->level);
    g_free(options->until);
    g_free(options->player);
    g_strfreev(options->what_ifs);
    g_strfreev(options->settings);
    g_free(options->views.pcap);
    g_free(options->views.pcapng);
    g_free(options->views.html);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static char *find_scenario(const char *name)
{
    if (g_file_test(name, G_FILE_TEST_IS_REGULAR)) {
        return g_strdup(name);
    }
    g_autofree char *file = g_strdup_printf("%s.scenario", name);
    return data_file_find("scenarios", file);
}

static ExitStatus unknown_scenario(const char *name)
{
    g_autoptr(GPtrArray) names = data_file_list("scenarios", ".scenario");
    const char *nearest = cli_nearest(name, (const char *const *)names->pdata, names->len);
    if (nearest != NULL) {
        return cli_usage_error(
            "run", "there is no scenario '%s'; did you mean '%s'?", name, nearest
        );
    }
    return cli_usage_error(
        "run", "there is no scenario '%s'; `mailwalk scenarios` lists them", name
    );
}

static bool read_level(const char *word, StepLevel *out_level)
{
    static const char *const names[] = {"story", "dialogue", "packets"};
    *out_level = STEP_LEVEL_DIALOGUE;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (word != NULL && g_str_equal(word, names[i])) {
            *out_level = (StepLevel)i;
            return true;
        }
    }
    return word == NULL;
}

/* "17" is a step, "10:15" or "10:15:30" a time of day. */
static bool read_until(const char *word, RunViewOptions *views)
{
    guint hours;
    guint minutes;
    guint seconds = 0;
    int length = 0;
    if (word == NULL || g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &views->until, NULL)) {
        return true;
    }
    bool has_seconds = sscanf(word, "%2u:%2u:%2u%n", &hours, &minutes, &seconds, &length) == 3;
    if (!has_seconds) {
        seconds = 0;
        length = 0;
        if (sscanf(word, "%2u:%2u%n", &hours, &minutes, &length) != 2) {
            return false;
        }
    }
    views->has_until_time = true;
    views->until_time = (gint64)hours * SIM_HOUR + minutes * SIM_MINUTE + seconds * SIM_SECOND;
    return word[length] == '\0' && hours < 24 && minutes < 60 && seconds < 60;
}

/* A line, or with '@' in front a file of lines. */
static bool read_what_ifs(char **given, WhatIfList *list, GError **error)
{
    for (guint i = 0; given != NULL && given[i] != NULL; i++) {
        bool is_read = given[i][0] == '@' ? what_if_list_load(list, given[i] + 1, error)
                                          : what_if_list_add(list, given[i], error);
        if (!is_read) {
            return false;
        }
    }
    return true;
}

static ExitStatus run(const Options *options, const Scenario *scenario)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WhatIfList) what_ifs = what_if_list_new();
    if (!read_what_ifs(options->what_ifs, what_ifs, &error)) {
        return scenario_error_print("run", error);
    }
    ScenarioRunOptions how = {
        .seed = options->seed >= 0 ? (guint64)options->seed : scenario->seed,
        .what_ifs = what_ifs,
        .settings = (const char *const *)options->settings,
    };
    if (options->player != NULL) {
        RunServeOptions serve = {
            .person = options->player,
            .speed = (guint)options->speed,
            .level = options->views.level,
            .show_secrets = options->views.show_secrets,
            .pcap = options->views.pcap,
        };
        return run_serve(scenario, &how, &serve);
    }
    return run_views(scenario, &how, &options->views);
}

static bool is_same_file(const char *one, const char *other)
{
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* NULL: they go with --serve-loopback, or that was not asked for. */
static const char *serve_mistake(const Options *options)
{
    const RunViewOptions *views = &options->views;
    if (options->player == NULL) {
        return options->speed == 1 ? NULL : "--speed is for --serve-loopback";
    }
    if (options->speed < 1 || options->speed > LOOPBACK_SPEED_MAXIMUM) {
        return "--speed takes a number from 1 to 3600";
    }
    if (views->step || views->json || views->ladder || views->chapter != 0 ||
        options->until != NULL) {
        return "--serve-loopback tells the story as it happens: leave out --step, --json, "
               "--ladder, --chapter and --until";
    }
    return views->pcapng != NULL || views->html != NULL
               ? "--serve-loopback writes a --pcap; `mailwalk dissect` makes pages of it afterwards"
               : NULL;
}

/* NULL: the options go together. */
static const char *option_mistake(const Options *options)
{
    const RunViewOptions *views = &options->views;
    const char *mistake = serve_mistake(options);
    if (mistake != NULL) {
        return mistake;
    }
    if (views->json && views->ladder) {
        return "--json writes JSON lines only: leave out --ladder";
    }
    if (is_same_file(views->pcap, views->pcapng) || is_same_file(views->pcap, views->html) ||
        is_same_file(views->pcapng, views->html)) {
        return "--pcap, --pcapng and --html need a file each";
    }
    if (is_same_file(views->pcap, "-") || is_same_file(views->pcapng, "-") ||
        is_same_file(views->html, "-")) {
        return "'-' is no file: --pcap, --pcapng and --html take a name";
    }
    return NULL;
}

static void pass_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    (void)owner;
    (void)time;
    (void)title;
    (void)note;
}

/* Plays it for nobody: some mistakes show only then, as reading a message that never came. */
static ExitStatus check(const char *path, const Scenario *scenario)
{
    g_autoptr(GError) error = NULL;
    ScenarioObserver observer = {.chapter = pass_chapter};
    ScenarioRunOptions how = {.seed = scenario->seed};
    g_autoptr(ScenarioRun) played = scenario_run_new(scenario, &how, &observer, &error);
    if (played == NULL || !scenario_run_play(played, &error)) {
        return scenario_error_print("run", error);
    }
    guint failures = scenario_run_failure_count(played);
    for (guint i = 0; i < failures; i++) {
        g_autofree char *safe = cli_safe_text(scenario_run_failure(played, i));
        fprintf(stderr, "mailwalk run: not as expected: %s\n", safe);
    }
    if (failures == 0) {
        g_autofree char *safe = cli_safe_text(path);
        printf("%s: %u statements of the story, no mistake\n", safe, scenario->actions->len);
    }
    return failures == 0 ? EXIT_DONE : EXIT_NO;
}

static ExitStatus read_and_run(Options *options, const char *name)
{
    g_autoptr(GError) error = NULL;
    if (!read_level(options->level, &options->views.level)) {
        return cli_usage_error(
            "run", "--level takes story, dialogue or packets, not '%s'", options->level
        );
    }
    if (!read_until(options->until, &options->views)) {
        return cli_usage_error(
            "run", "--until takes a step (17) or a time (10:15), not '%s'", options->until
        );
    }
    const char *mistake = option_mistake(options);
    if (mistake != NULL) {
        return cli_usage_error("run", "%s", mistake);
    }
    if (options->views.json && (options->until != NULL || options->views.chapter != 0)) {
        return cli_usage_error("run", "--json always tells all: leave out --until and --chapter");
    }
    g_autofree char *path = find_scenario(name);
    if (path == NULL) {
        return unknown_scenario(name);
    }
    g_autoptr(Scenario) scenario = scenario_load(path, &error);
    if (scenario == NULL) {
        return scenario_error_print("run", error);
    }
    if (!scenario_is_story(scenario, &error)) {
        return scenario_error_print("run", error);
    }
    return options->check ? check(path, scenario) : run(options, scenario);
}

/* One row of the table of options. */
#define OPTION(name, kind, place, help, value)                                                     \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_##kind, place, help, value                                        \
    }

/* The value may be missing: then it is empty, and what follows is no value of it. */
static void complete_serve_loopback(int argc, char **argv)
{
    static char complete[] = "--serve-loopback=";
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--serve-loopback") == 0) {
            argv[i] = complete;
        }
    }
}

ExitStatus run_command_run(int argc, char **argv)
{
    g_auto(Options) options = {.seed = -1, .speed = 1};
    RunViewOptions *views = &options.views;
    ExitStatus status = EXIT_DONE;
    const GOptionEntry entries[] = {
        OPTION("step", NONE, &views->step, "Step through it on the full screen", NULL),
        OPTION("level", STRING, &options.level, "story, dialogue (the usual) or packets", "LEVEL"),
        OPTION("what-if", STRING_ARRAY, &options.what_ifs, "Go another way; @FILE: a file", "LINE"),
        OPTION("seed", INT64, &options.seed, "Another run of the same story", "N"),
        OPTION("set", STRING_ARRAY, &options.settings, "Change a setting", "NAME=VALUE"),
        OPTION("chapter", INT, &views->chapter, "Show only that chapter", "N"),
        OPTION("until", STRING, &options.until, "Show no more than that", "STEP|TIME"),
        OPTION("ladder", NONE, &views->ladder, "Draw a diagram with a column per host", NULL),
        OPTION("pcap", FILENAME, &views->pcap, "Write every frame to a capture", "FILE"),
        OPTION("pcapng", FILENAME, &views->pcapng, "The same, with comments", "FILE"),
        OPTION("html", FILENAME, &views->html, "Write a page that needs nothing else", "FILE"),
        OPTION("serve-loopback", STRING, &options.player, "A real client is one of them", "[WHO]"),
        OPTION("speed", INT, &options.speed, "Of its clock, 1 unless said", "N"),
        OPTION("json", NONE, &views->json, "Write JSON lines", NULL),
        OPTION("force", NONE, &views->force, "Overwrite files that exist", NULL),
        OPTION("check", NONE, &options.check, "Only say what is wrong with it", NULL),
        OPTION("show-secrets", NONE, &views->show_secrets, "Do not mask passwords", NULL),
        {0},
    };
    complete_serve_loopback(argc, argv);
    if (!cli_parse_options(
            cli_command_find("run"),
            "SCENARIO",
            "SCENARIO is a name or a file.",
            entries,
            &argc,
            &argv,
            &status
        )) {
        return status;
    }
    if (argc != 2) {
        return cli_usage_error("run", argc < 2 ? "which scenario?" : "one scenario at a time");
    }
    return read_and_run(&options, argv[1]);
}

typedef struct {
    char *name;
    Scenario *scenario; /* NULL: cannot be read */
} Shipped;

static void shipped_free(gpointer data)
{
    Shipped *shipped = data;
    scenario_free(shipped->scenario);
    g_free(shipped->name);
    g_free(shipped);
}

static bool belongs_to(const Scenario *scenario, int lecture)
{
    g_auto(GStrv) numbers =
        g_strsplit(scenario->lectures == NULL ? "" : scenario->lectures, ",", -1);
    for (guint i = 0; numbers[i] != NULL; i++) {
        if (g_ascii_strtoll(numbers[i], NULL, 10) == lecture) {
            return true;
        }
    }
    return false;
}

/* Those of a lecture, or all where that is negative. */
static GPtrArray *load_shipped(int lecture)
{
    g_autoptr(GPtrArray) names = data_file_list("scenarios", ".scenario");
    GPtrArray *list = g_ptr_array_new_with_free_func(shipped_free);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = find_scenario(names->pdata[i]);
        g_autoptr(Scenario) scenario = path == NULL ? NULL : scenario_load(path, NULL);
        if (lecture < 0 || (scenario != NULL && belongs_to(scenario, lecture))) {
            Shipped *shipped = g_new0(Shipped, 1);
            shipped->name = g_strdup(names->pdata[i]);
            shipped->scenario = g_steal_pointer(&scenario);
            g_ptr_array_add(list, shipped);
        }
    }
    return list;
}

static void print_scenarios(const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        const Shipped *shipped = list->pdata[i];
        const Scenario *scenario = shipped->scenario;
        printf(
            "%-28s %s\n", shipped->name, scenario == NULL ? "(cannot be read)" : scenario->title
        );
    }
}

static void print_scenarios_as_json(const GPtrArray *list)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, "scenarios");
    json_line_end(&line, stdout);
    for (guint i = 0; i < list->len; i++) {
        const Shipped *shipped = list->pdata[i];
        const Scenario *scenario = shipped->scenario;
        json_line_begin(&line, "scenario");
        json_line_string(&line, "name", shipped->name);
        json_line_string(&line, "title", scenario == NULL ? NULL : scenario->title);
        json_line_string(&line, "lectures", scenario == NULL ? NULL : scenario->lectures);
        json_line_end(&line, stdout);
    }
    json_line_begin(&line, "end");
    json_line_number(&line, "scenarios", list->len);
    json_line_end(&line, stdout);
    json_line_clear(&line);
}

/* "no scenario belongs to lecture 9; there are some for lectures 0, 1, 3 and 4" */
static void tell_lectures(int lecture)
{
    g_autoptr(GPtrArray) all = load_shipped(-1);
    g_autoptr(GString) numbers = g_string_new(NULL);
    for (int number = 0; number < LECTURES_MAXIMUM; number++) {
        bool has_some = false;
        for (guint i = 0; i < all->len && !has_some; i++) {
            const Shipped *shipped = all->pdata[i];
            has_some = shipped->scenario != NULL && belongs_to(shipped->scenario, number);
        }
        if (has_some) {
            g_string_append_printf(numbers, "%s%d", numbers->len == 0 ? "" : ", ", number);
        }
    }
    fprintf(
        stderr,
        "mailwalk scenarios: no scenario belongs to lecture %d; there are some for lectures %s\n",
        lecture,
        numbers->str
    );
}

ExitStatus scenarios_command_run(int argc, char **argv)
{
    gboolean wants_json = FALSE;
    int lecture = -1;
    ExitStatus status = EXIT_DONE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &wants_json, "Write JSON lines", NULL},
        {"lecture", 0, 0, G_OPTION_ARG_INT, &lecture, "Only those of a lecture, 0 to 4", "N"},
        {0},
    };
    if (!cli_parse_options(
            cli_command_find("scenarios"), "", NULL, entries, &argc, &argv, &status
        )) {
        return status;
    }
    if (argc > 1) {
        return cli_usage_error(
            "scenarios", "no name goes here: `mailwalk run %s` plays it", argv[1]
        );
    }
    g_autoptr(GPtrArray) list = load_shipped(lecture);
    if (list->len == 0) {
        tell_lectures(lecture);
    }
    if (wants_json) {
        print_scenarios_as_json(list);
    } else {
        print_scenarios(list);
    }
    return list->len > 0 ? EXIT_DONE : EXIT_NO;
}
