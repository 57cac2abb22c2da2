#include "ui/cli/run-views.h"

#include "ui/cli/scenario-error.h"
#include "ui/cli/step-view.h"
#include "ui/report/capture-annotate.h"
#include "ui/report/dissect-json.h"
#include "ui/report/html-page.h"
#include "ui/report/json-line.h"
#include "ui/report/ladder.h"
#include "ui/report/story.h"
#include "ui/report/whole-file.h"
#include "ui/timeline/recording.h"

#include <stdio.h>

/* --- JSON lines, while the story is played --- */

typedef struct {
    DissectJson *json;
    JsonLine line;
} Lines;

static void on_event(gpointer owner, const DissectEvent *event)
{
    Lines *lines = owner;
    dissect_json_event(lines->json, event);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Lines *lines = owner;
    json_line_begin(&lines->line, "world");
    json_line_time(&lines->line, "time", event->time);
    json_line_string(&lines->line, "host", event->host == NULL ? "" : sim_host_name(event->host));
    json_line_string(&lines->line, "kind", world_event_kind_name(event->kind));
    json_line_string(&lines->line, "text", event->text);
    json_line_end(&lines->line, stdout);
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    Lines *lines = owner;
    json_line_begin(&lines->line, "chapter");
    json_line_time(&lines->line, "time", time);
    json_line_string(&lines->line, "title", title);
    json_line_string(&lines->line, "note", note == NULL ? "" : note);
    json_line_end(&lines->line, stdout);
}

static Recording *play_as_json(
    const Scenario *scenario,
    const ScenarioRunOptions *how,
    RecordingOptions *options,
    GError **error
)
{
    DissectJsonOptions json = {.show_secrets = options->show_secrets, .wants_digest = true};
    Lines lines = {.json = dissect_json_new(stdout, &json)};
    RecordingTap tap = {
        .event = on_event, .world = on_world, .chapter = on_chapter, .owner = &lines};
    json_line_init(&lines.line);
    dissect_json_start_scenario(lines.json, scenario->name);
    options->tap = &tap;
    Recording *recording = recording_of_scenario(scenario, how, options, error);
    if (recording != NULL) {
        dissect_json_end(lines.json, recording_dissector(recording));
    }
    dissect_json_free(lines.json);
    json_line_clear(&lines.line);
    return recording;
}

/* --- files --- */

static bool write_pcap(const Recording *recording, const char *path, GError **error)
{
    g_autoptr(GBytes) octets = frame_log_to_pcap(recording_frames(recording));
    gsize length;
    const char *data = g_bytes_get_data(octets, &length);
    return whole_file_write(path, data, length, error);
}

static bool write_pcapng(const Recording *recording, const RunViewOptions *options, GError **error)
{
    g_autoptr(CaptureAnnotate) annotate =
        capture_annotate_new(options->pcapng, options->force, error);
    const Timeline *timeline = recording_timeline(recording);
    if (annotate == NULL) {
        return false;
    }
    for (guint i = 0; i < timeline_count(timeline); i++) {
        capture_annotate_step(annotate, timeline_step(timeline, i));
    }
    return capture_annotate_write_log(annotate, recording_frames(recording), error);
}

static bool write_files(
    const Recording *recording,
    const Scenario *scenario,
    const RunViewOptions *options,
    GError **error
)
{
    HtmlPageOptions page = {.title = scenario->title, .level = options->level};
    if (options->pcap != NULL && !write_pcap(recording, options->pcap, error)) {
        return false;
    }
    if (options->pcapng != NULL && !write_pcapng(recording, options, error)) {
        return false;
    }
    return options->html == NULL ||
           html_page_write(
               recording_timeline(recording), &page, options->html, options->force, error
           );
}

/* --- what is printed --- */

static char *title_aside(const Scenario *scenario, guint64 seed)
{
    GString *aside = g_string_new(NULL);
    guint count = scenario->organisations->len;
    for (guint i = 0; i < count && count <= 3; i++) {
        g_string_append_printf(
            aside,
            "%s%s",
            i == 0 ? "" : " to ",
            g_array_index(scenario->organisations, ScenarioOrganisation, i).domain
        );
    }
    if (count > 3) {
        g_string_append_printf(aside, "%u organisations", count);
    }
    g_string_append_printf(aside, " · seed %" G_GUINT64_FORMAT, seed);
    return g_string_free(aside, FALSE);
}

static bool is_over(const Step *step, const RunViewOptions *options, SimTime midnight)
{
    return (options->until != 0 && step->number > options->until) ||
           (options->has_until_time && step->time_ns > midnight + options->until_time);
}

static void write_story(
    TextLayout *layout,
    const Recording *recording,
    const Scenario *scenario,
    const ScenarioRunOptions *how,
    const RunViewOptions *options
)
{
    g_autoptr(Story) story = story_new(layout, options->level);
    const Timeline *timeline = recording_timeline(recording);
    SimTime midnight = recording_start(recording) / SIM_DAY * SIM_DAY;
    g_autofree char *aside = title_aside(scenario, how->seed);
    int chapter = 0;
    story_title(story, scenario->title, aside, scenario->about);
    for (guint i = 0; i < what_if_list_length(how->what_ifs); i++) {
        g_autofree char *line = what_if_to_text(what_if_list_at(how->what_ifs, i));
        story_what_if(story, line);
    }
    for (guint i = 0; i < timeline_count(timeline); i++) {
        const Step *step = timeline_step(timeline, i);
        if (is_over(step, options, midnight)) {
            break;
        }
        chapter += step->kind == STEP_CHAPTER;
        if (options->chapter == 0 || options->chapter == chapter) {
            story_step(story, step);
        } else {
            story_skip(story, step);
        }
    }
    story_end(story);
}

static bool print(
    const Recording *recording,
    const Scenario *scenario,
    const ScenarioRunOptions *how,
    const RunViewOptions *options
)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    if (options->ladder) {
        LadderOptions ladder = {.level = options->level};
        ladder_write(&layout, recording_timeline(recording), &ladder);
    } else {
        write_story(&layout, recording, scenario, how, options);
    }
    bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(&layout);
    return is_written;
}

static guint count_chapters(const Scenario *scenario)
{
    guint count = 0;
    for (guint i = 0; i < scenario->actions->len; i++) {
        count += g_array_index(scenario->actions, ScenarioAction, i).kind == SCENARIO_CHAPTER;
    }
    return count;
}

/* Files alone were asked for: nothing is printed. */
static bool is_silent(const RunViewOptions *options)
{
    return options->json ||
           ((options->html != NULL || options->pcapng != NULL) && !options->ladder);
}

ExitStatus
run_views(const Scenario *scenario, const ScenarioRunOptions *how, const RunViewOptions *options)
{
    g_autoptr(GError) error = NULL;
    RecordingOptions what = {
        .show_secrets = options->show_secrets,
        .wants_frames = options->level == STEP_LEVEL_PACKETS && !options->json,
    };
    guint chapters = count_chapters(scenario);
    if (options->chapter < 0 || (guint)options->chapter > chapters) {
        return cli_usage_error("run", "this story has chapters 1 to %u", chapters);
    }
    if (options->step && step_view_is_possible("run")) {
        StepViewOptions step = {
            .level = options->level,
            .show_secrets = options->show_secrets,
            .first_step = options->until,
        };
        return step_view_scenario(scenario, how, &step);
    }
    g_autoptr(Recording) recording = options->json
                                         ? play_as_json(scenario, how, &what, &error)
                                         : recording_of_scenario(scenario, how, &what, &error);
    if (recording == NULL) {
        return scenario_error_print("run", error);
    }
    if (recording_unmet(recording) != NULL) {
        fprintf(
            stderr,
            "mailwalk run: the moment of this what-if never came: %s\n",
            recording_unmet(recording)
        );
    }
    if (!write_files(recording, scenario, options, &error)) {
        return cli_environment_error("run", "%s", error->message);
    }
    if (!is_silent(options) && !print(recording, scenario, how, options)) {
        return EXIT_ENVIRONMENT;
    }
    /* A what-if or a setting is there to make things go another way. */
    const char *failures = recording_failures(recording);
    if (failures == NULL || what_if_list_length(how->what_ifs) > 0 || how->settings != NULL) {
        return EXIT_DONE;
    }
    g_autofree char *safe = cli_safe_text(failures);
    fprintf(stderr, "mailwalk run: not as expected:\n%s", safe);
    return EXIT_NO;
}
