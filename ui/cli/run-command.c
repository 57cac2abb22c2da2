#include "ui/cli/run-command.h"

#include "sim/network/frame-log.h"
#include "sim/scenario/scenario-run.h"
#include "ui/cli/data-files.h"
#include "ui/report/dissect-json.h"
#include "ui/report/story.h"
#include "ui/timeline/step-builder.h"

#include <stdio.h>
#include <string.h>

#define LINK_ETHERNET 1

typedef struct {
    char *level;
    char *pcap;
    gint64 seed;
    gboolean json;
    gboolean check;
    gboolean show_secrets;
} Options;

/* Everything that watches a run. */
typedef struct {
    const Options *options;
    ScenarioRun *run;
    FrameLog *log;
    Dissector *dissector;
    StepBuilder *builder;
    DissectJson *json;
    Story *story;
    JsonLine line;
    guint64 frames;
} Watch;

static void on_step(gpointer owner, Step *step)
{
    Watch *watch = owner;
    story_step(watch->story, step);
    step_free(step);
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    Watch *watch = owner;
    if (watch->json != NULL) {
        dissect_json_event(watch->json, event);
    } else {
        step_builder_event(watch->builder, event);
    }
}

static void on_dissected_frame(
    gpointer owner,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    Watch *watch = owner;
    step_builder_frame(watch->builder, packet, conversation, direction, notes);
}

static void on_frame(gpointer owner, const SimTapFrame *frame)
{
    Watch *watch = owner;
    CaptureFrame captured = {
        .number = ++watch->frames,
        .time_ns = frame->time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)frame->octets.length,
        .original_length = (guint32)frame->octets.length,
        .data = frame->octets.data,
    };
    if (watch->log != NULL) {
        frame_log_tap(frame, watch->log);
    }
    dissector_frame(watch->dissector, &captured);
}

/* What belongs to the network is seen in the frames themselves. */
static bool is_for_people(WorldEventKind kind)
{
    return kind == WORLD_EVENT_QUEUE || kind == WORLD_EVENT_MAILBOX || kind == WORLD_EVENT_AGENT ||
           kind == WORLD_EVENT_USER || kind == WORLD_EVENT_HOST || kind == WORLD_EVENT_TIMER;
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Watch *watch = owner;
    const char *host = event->host == NULL ? "" : sim_host_name(event->host);
    if (watch->json != NULL) {
        json_line_begin(&watch->line, "world");
        json_line_time(&watch->line, "time", event->time);
        json_line_string(&watch->line, "host", host);
        json_line_string(&watch->line, "kind", world_event_kind_name(event->kind));
        json_line_string(&watch->line, "text", event->text);
        json_line_end(&watch->line, stdout);
    } else if (is_for_people(event->kind)) {
        step_builder_world(
            watch->builder, event->time, host, world_event_kind_name(event->kind), event->text
        );
    }
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    Watch *watch = owner;
    if (watch->json == NULL) {
        step_builder_chapter(watch->builder, time, title, note);
    }
}

static const char *host_name(gpointer owner, const PacketAddress *address)
{
    Watch *watch = owner;
    return watch->run == NULL ? NULL
                              : scenario_run_host_name(
                                    watch->run, address->octets, address->version == 4 ? 4 : 16
                                );
}

static bool write_pcap(const Watch *watch, const char *path, GError **error)
{
    g_autoptr(GBytes) octets = frame_log_to_pcap(watch->log);
    gsize length;
    const char *data = g_bytes_get_data(octets, &length);
    return g_file_set_contents(path, data, (gssize)length, error);
}

static bool play(Watch *watch, const Scenario *scenario, guint64 seed, GError **error)
{
    ScenarioObserver observer = {
        .frame = on_frame, .world = on_world, .chapter = on_chapter, .owner = watch};
    ScenarioRunOptions options = {.seed = seed};
    watch->run = scenario_run_new(scenario, &options, &observer, error);
    if (watch->run == NULL || !scenario_run_play(watch->run, error)) {
        return false;
    }
    dissector_finish(watch->dissector);
    return true;
}

static void show_title(const Watch *watch, const Scenario *scenario, guint64 seed)
{
    g_autoptr(GString) aside = g_string_new(NULL);
    for (guint i = 0; i < scenario->organisations->len; i++) {
        g_string_append_printf(
            aside,
            "%s%s",
            i == 0 ? "" : " to ",
            g_array_index(scenario->organisations, ScenarioOrganisation, i).domain
        );
    }
    g_string_append_printf(aside, " · seed %" G_GUINT64_FORMAT, seed);
    story_title(watch->story, scenario->title, aside->str, scenario->about);
}

static ExitStatus run(const Options *options, StepLevel level, const Scenario *scenario)
{
    Watch watch = {.options = options};
    TextLayout layout;
    g_autoptr(GError) error = NULL;
    guint64 seed = options->seed >= 0 ? (guint64)options->seed : scenario->seed;
    bool shows_frames = level == STEP_LEVEL_PACKETS && !options->json;
    DissectSink sink = {.event = on_event, .frame = shows_frames ? on_dissected_frame : NULL};
    StepBuilderOptions steps = {
        .show_secrets = options->show_secrets,
        .wants_frames = shows_frames,
        .host_name = host_name,
        .step = on_step,
        .owner = &watch,
    };
    DissectJsonOptions json = {.show_secrets = options->show_secrets, .wants_digest = true};
    text_layout_init(&layout, stdout);
    json_line_init(&watch.line);
    watch.log = options->pcap != NULL ? frame_log_new(0) : NULL;
    watch.story = story_new(&layout, level);
    watch.builder = step_builder_new(&steps);
    watch.dissector = dissector_new(NULL, &sink, &watch);
    if (options->json) {
        const char *const captures[] = {NULL};
        watch.json = dissect_json_new(stdout, &json);
        dissect_json_start(watch.json, captures);
    } else {
        show_title(&watch, scenario, seed);
    }
    bool is_done = play(&watch, scenario, seed, &error);
    is_done = is_done && (options->pcap == NULL || write_pcap(&watch, options->pcap, &error));
    bool is_written = options->json ? dissect_json_end(watch.json, watch.dissector)
                                    : text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    dissector_free(watch.dissector);
    step_builder_free(watch.builder);
    scenario_run_free(watch.run);
    dissect_json_free(watch.json);
    story_free(watch.story);
    frame_log_free(watch.log);
    json_line_clear(&watch.line);
    text_layout_clear(&layout);
    if (!is_done) {
        return cli_environment_error("run", "%s", error->message);
    }
    return is_written ? EXIT_DONE : EXIT_ENVIRONMENT;
}

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
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (word != NULL && strcmp(word, names[i]) == 0) {
            *out_level = (StepLevel)i;
            return true;
        }
    }
    return word == NULL;
}

ExitStatus run_command_run(int argc, char **argv)
{
    Options options = {.seed = -1};
    ExitStatus status = EXIT_DONE;
    StepLevel level = STEP_LEVEL_DIALOGUE;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        {"level", 0, 0, G_OPTION_ARG_STRING, &options.level, "story, dialogue or packets", "LEVEL"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "Another run of the same story", "N"},
        {"pcap",
         0,
         0,
         G_OPTION_ARG_FILENAME,
         &options.pcap,
         "Write every frame to a capture",
         "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Write JSON lines", NULL},
        {"check", 0, 0, G_OPTION_ARG_NONE, &options.check, "Only read the scenario", NULL},
        {"show-secrets",
         0,
         0,
         G_OPTION_ARG_NONE,
         &options.show_secrets,
         "Do not mask passwords",
         NULL},
        {0},
    };
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
    g_autofree char *level_word = options.level;
    g_autofree char *pcap = options.pcap;
    if (argc != 2) {
        return cli_usage_error("run", argc < 2 ? "which scenario?" : "one scenario at a time");
    }
    if (!read_level(level_word, &level)) {
        return cli_usage_error(
            "run", "--level takes story, dialogue or packets, not '%s'", level_word
        );
    }
    g_autofree char *path = find_scenario(argv[1]);
    if (path == NULL) {
        return unknown_scenario(argv[1]);
    }
    g_autoptr(Scenario) scenario = scenario_load(path, &error);
    if (scenario == NULL) {
        return cli_usage_error("run", "%s", error->message);
    }
    if (options.check) {
        printf("%s: %u statements of the story, no mistake\n", path, scenario->actions->len);
        return EXIT_DONE;
    }
    return run(&options, level, scenario);
}

ExitStatus scenarios_command_run(int argc, char **argv)
{
    gboolean wants_json = FALSE;
    ExitStatus status = EXIT_DONE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &wants_json, "Write JSON lines", NULL},
        {0},
    };
    if (!cli_parse_options(
            cli_command_find("scenarios"), "", NULL, entries, &argc, &argv, &status
        )) {
        return status;
    }
    g_autoptr(GPtrArray) names = data_file_list("scenarios", ".scenario");
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = find_scenario(names->pdata[i]);
        g_autoptr(Scenario) scenario = path == NULL ? NULL : scenario_load(path, NULL);
        const char *title = scenario == NULL ? "(cannot be read)" : scenario->title;
        if (wants_json) {
            JsonLine line;
            json_line_init(&line);
            json_line_begin(&line, "scenario");
            json_line_string(&line, "name", names->pdata[i]);
            json_line_string(&line, "title", title);
            json_line_string(&line, "lectures", scenario == NULL ? "" : scenario->lectures);
            json_line_end(&line, stdout);
            json_line_clear(&line);
        } else {
            printf("%-28s %s\n", (const char *)names->pdata[i], title);
        }
    }
    return EXIT_DONE;
}
