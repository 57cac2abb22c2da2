#include "ui/timeline/recording.h"

#include "ui/timeline/step-builder.h"
#include "ui/timeline/what-if-moment.h"

#define LINK_ETHERNET 1

struct Recording {
    Timeline *timeline;
    FrameLog *frames;
    GArray *link_types; /* guint32 of each frame of a capture; NULL: Ethernet all */
    WorldLog *world;
    Dissector *dissector;
    StepBuilder *builder;
    ScenarioRun *run; /* while it is played */
    WhatIfList *what_ifs;
    char *unmet;
    char *failures;
    char *damage;
    RecordingTap tap;
    guint64 frame_count;
};

static void on_step(gpointer owner, Step *step)
{
    Recording *recording = owner;
    step->moment = world_log_count(recording->world);
    if (recording->tap.step != NULL) {
        recording->tap.step(recording->tap.owner, step);
    }
    timeline_add(recording->timeline, step);
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    Recording *recording = owner;
    if (recording->tap.event != NULL) {
        recording->tap.event(recording->tap.owner, event);
    }
    step_builder_event(recording->builder, event);
}

static void on_dissected_frame(
    gpointer owner,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    Recording *recording = owner;
    step_builder_frame(recording->builder, packet, conversation, direction, notes);
}

/* A name for the address where the simulation has one. */
static const char *host_name(gpointer owner, const PacketAddress *address)
{
    const Recording *recording = owner;
    return recording->run == NULL
               ? NULL
               : scenario_run_host_name(
                     recording->run, address->octets, address->version == 4 ? 4 : 16
                 );
}

static Recording *recording_new(const DissectOptions *how, const RecordingOptions *options)
{
    Recording *recording = g_new0(Recording, 1);
    StepBuilderOptions steps = {
        .show_secrets = options->show_secrets,
        .wants_frames = options->wants_frames,
        .shows_messages = options->shows_messages,
        .password = options->password,
        .host_name = host_name,
        .step = on_step,
        .owner = recording,
    };
    DissectSink sink = {
        .event = on_event, .frame = options->wants_frames ? on_dissected_frame : NULL};
    recording->timeline = timeline_new();
    recording->frames = frame_log_new(RECORDING_FRAMES_MAXIMUM);
    recording->world = world_log_new();
    recording->builder = step_builder_new(&steps);
    recording->dissector = dissector_new(how, &sink, recording);
    if (options->tap != NULL) {
        recording->tap = *options->tap;
    }
    return recording;
}

void recording_free(Recording *recording)
{
    if (recording == NULL) {
        return;
    }
    dissector_free(recording->dissector);
    step_builder_free(recording->builder);
    scenario_run_free(recording->run);
    timeline_free(recording->timeline);
    frame_log_free(recording->frames);
    world_log_free(recording->world);
    what_if_list_free(recording->what_ifs);
    if (recording->link_types != NULL) {
        g_array_unref(recording->link_types);
    }
    g_free(recording->unmet);
    g_free(recording->failures);
    g_free(recording->damage);
    g_free(recording);
}

/* --- of a scenario --- */

static void on_frame(gpointer owner, const SimTapFrame *frame)
{
    Recording *recording = owner;
    CaptureFrame captured = {
        .number = ++recording->frame_count,
        .time_ns = frame->time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)frame->octets.length,
        .original_length = (guint32)frame->octets.length,
        .data = frame->octets.data,
    };
    SimTapFrame numbered = *frame;
    numbered.number = captured.number;
    frame_log_tap(&numbered, recording->frames);
    dissector_frame(recording->dissector, &captured);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Recording *recording = owner;
    StepLevel level;
    world_log_add(recording->world, event);
    if (recording->tap.world != NULL) {
        recording->tap.world(recording->tap.owner, event);
    }
    if (world_log_level(event, &level)) {
        StepWorldEvent told = {
            .time_ns = event->time,
            .host = event->host == NULL ? "" : sim_host_name(event->host),
            .kind = world_event_kind_name(event->kind),
            .text = event->text,
            .level = level,
        };
        step_builder_world(recording->builder, &told);
    }
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    Recording *recording = owner;
    if (recording->tap.chapter != NULL) {
        recording->tap.chapter(recording->tap.owner, time, title, note);
    }
    step_builder_chapter(recording->builder, time, title, note);
}

static char *failures_of(const ScenarioRun *run)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = 0; i < scenario_run_failure_count(run); i++) {
        g_string_append_printf(lines, "%s\n", scenario_run_failure(run, i));
    }
    return lines->len == 0 ? NULL : g_string_free(g_steal_pointer(&lines), FALSE);
}

/* One run with what-ifs whose moments are all known. */
static Recording *play(
    const Scenario *scenario,
    const ScenarioRunOptions *run,
    const RecordingOptions *options,
    GError **error
)
{
    DissectOptions how = dissect_default_options();
    how.trusts_replies = true; /* the servers are our own */
    g_autoptr(Recording) recording = recording_new(&how, options);
    ScenarioObserver observer = {
        .frame = on_frame, .world = on_world, .chapter = on_chapter, .owner = recording};
    recording->run = scenario_run_new(scenario, run, &observer, error);
    if (recording->run == NULL || !scenario_run_play(recording->run, error)) {
        return NULL;
    }
    dissector_finish(recording->dissector);
    timeline_settle(recording->timeline);
    const WhatIf *unmet = scenario_run_unmet(recording->run);
    recording->unmet = unmet == NULL ? NULL : what_if_to_text(unmet);
    recording->failures = failures_of(recording->run);
    g_clear_pointer(&recording->run, scenario_run_free);
    return g_steal_pointer(&recording);
}

/* Puts a moment in the place of the step of what-if number 'index', found in the world that the
 * what-ifs before it made. */
static bool find_moment(
    const Scenario *scenario,
    const ScenarioRunOptions *run,
    WhatIfList *what_ifs,
    guint index,
    GError **error
)
{
    g_autoptr(WhatIfList) before = what_if_list_copy(what_ifs);
    ScenarioRunOptions shorter = *run;
    RecordingOptions options = {0};
    WhatIfMoment moment;
    while (what_if_list_length(before) > index) {
        what_if_list_remove_last(before);
    }
    shorter.what_ifs = before;
    g_autoptr(Recording) recording = play(scenario, &shorter, &options, error);
    if (recording == NULL ||
        !what_if_find_moment(recording, what_if_list_at(what_ifs, index), &moment, error)) {
        return false;
    }
    what_if_list_set_moment(what_ifs, index, &moment);
    return true;
}

Recording *recording_of_scenario(
    const Scenario *scenario,
    const ScenarioRunOptions *run,
    const RecordingOptions *options,
    GError **error
)
{
    g_autoptr(WhatIfList) what_ifs =
        run->what_ifs == NULL ? what_if_list_new() : what_if_list_copy(run->what_ifs);
    for (guint i = 0; i < what_if_list_length(what_ifs); i++) {
        if (what_if_list_at(what_ifs, i)->moment.anchor == WHAT_IF_AT_STEP &&
            !find_moment(scenario, run, what_ifs, i, error)) {
            return NULL;
        }
    }
    ScenarioRunOptions found = *run;
    found.what_ifs = what_ifs;
    Recording *recording = play(scenario, &found, options, error);
    if (recording != NULL) {
        recording->what_ifs = g_steal_pointer(&what_ifs);
    }
    return recording;
}

/* --- of captures --- */

static void keep_frame(Recording *recording, const CaptureFrame *frame)
{
    SimTapFrame kept = {
        .number = frame->number,
        .time = frame->time_ns,
        .octets = byte_span(frame->data, frame->captured_length),
    };
    frame_log_tap(&kept, recording->frames);
    g_array_append_val(recording->link_types, frame->link_type);
    recording->frame_count++;
}

static bool read_capture(Recording *recording, const char *path, GError **error)
{
    CaptureFrame frame;
    g_autoptr(CaptureReader) reader = capture_reader_open(path, recording->frame_count + 1, error);
    if (reader == NULL) {
        return false;
    }
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
        keep_frame(recording, &frame);
        dissector_frame(recording->dissector, &frame);
    }
    const CaptureDamage *damage = capture_reader_damage(reader);
    if (damage != NULL && recording->damage == NULL) {
        recording->damage = g_strdup_printf("%s: %s", path, damage->message);
    }
    return true;
}

Recording *recording_of_captures(
    char *const *paths, const DissectOptions *how, const RecordingOptions *options, GError **error
)
{
    g_autoptr(Recording) recording = recording_new(how, options);
    recording->link_types = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; paths[i] != NULL; i++) {
        if (!read_capture(recording, paths[i], error)) {
            return NULL;
        }
    }
    dissector_finish(recording->dissector);
    timeline_settle(recording->timeline);
    return g_steal_pointer(&recording);
}

/* --- looking --- */

const Timeline *recording_timeline(const Recording *recording)
{
    return recording->timeline;
}

const WorldLog *recording_world(const Recording *recording)
{
    return recording->world;
}

const FrameLog *recording_frames(const Recording *recording)
{
    return recording->frames;
}

const Dissector *recording_dissector(const Recording *recording)
{
    return recording->dissector;
}

const char *recording_damage(const Recording *recording)
{
    return recording->damage;
}

SimTime recording_start(const Recording *recording)
{
    return timeline_count(recording->timeline) == 0
               ? 0
               : timeline_step(recording->timeline, 0)->time_ns;
}

bool recording_frame(const Recording *recording, guint64 number, CaptureFrame *out_frame)
{
    gsize low = 0;
    gsize high = frame_log_count(recording->frames);
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (frame_log_get(recording->frames, middle).number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == frame_log_count(recording->frames) ||
        frame_log_get(recording->frames, low).number != number) {
        return false;
    }
    LoggedFrame logged = frame_log_get(recording->frames, low);
    *out_frame = (CaptureFrame){
        .number = number,
        .time_ns = logged.time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)logged.octets.length,
        .original_length = (guint32)logged.octets.length,
        .data = logged.octets.data,
    };
    if (recording->link_types != NULL) {
        out_frame->link_type = g_array_index(recording->link_types, guint32, (guint)number - 1);
    }
    return true;
}

const WhatIfList *recording_what_ifs(const Recording *recording)
{
    return recording->what_ifs;
}

const char *recording_unmet(const Recording *recording)
{
    return recording->unmet;
}

const char *recording_failures(const Recording *recording)
{
    return recording->failures;
}
