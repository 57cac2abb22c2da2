#include "ui/cli/listen-view.h"

#include "sim/network/pcap-format.h"
#include "ui/report/dissect-json.h"
#include "ui/report/live-text.h"
#include "ui/report/story.h"
#include "ui/timeline/step-builder.h"
#include "ui/timeline/world-log.h"

#include <errno.h>
#include <gio/gio.h>

#define LINK_ETHERNET 1
#define GATHERED_MAXIMUM 1048576 /* octets of capture or text before they are written */

struct ListenView {
    FILE *stream;
    FILE *capture; /* NULL: none */
    GByteArray *gathered;
    LoopbackFrames *frames;
    Dissector *dissector;
    StepBuilder *builder;
    DissectJson *json; /* NULL: text */
    LiveText *live;
    Story *story; /* NULL: lines are told as they come */
    TextLayout layout;
    const char *(*host_name)(gpointer data, const PacketAddress *address);
    gpointer data;
    guint64 count;
    bool is_quiet;
    int failed; /* errno of the capture; 0: none */
};

static bool write_capture(ListenView *view)
{
    gsize length = view->gathered->len;
    if (view->capture == NULL || length == 0) {
        return view->failed == 0;
    }
    if (fwrite(view->gathered->data, 1, length, view->capture) != length ||
        fflush(view->capture) != 0) {
        view->failed = errno;
    }
    g_byte_array_set_size(view->gathered, 0);
    return view->failed == 0;
}

static void take_frame(SimTime time, ByteSpan octets, gpointer data)
{
    ListenView *view = data;
    CaptureFrame captured = {
        .number = ++view->count,
        .time_ns = time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)octets.length,
        .original_length = (guint32)octets.length,
        .data = octets.data,
    };
    if (view->capture != NULL) {
        pcap_append_frame(view->gathered, time, octets);
        if (view->gathered->len > GATHERED_MAXIMUM) {
            write_capture(view);
        }
    }
    if (!view->is_quiet) {
        dissector_frame(view->dissector, &captured);
    }
}

static void on_step(gpointer owner, Step *step)
{
    ListenView *view = owner;
    if (view->story != NULL) {
        story_step(view->story, step);
    } else {
        live_text_step(view->live, step);
    }
    step_free(step);
    if (view->layout.text->len > GATHERED_MAXIMUM) {
        text_layout_write(&view->layout, view->stream);
    }
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    const ListenView *view = owner;
    if (view->json != NULL) {
        dissect_json_event(view->json, event);
    } else {
        step_builder_event(view->builder, event);
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
    ListenView *view = owner;
    step_builder_frame(view->builder, packet, conversation, direction, notes);
}

static void on_simulated_frame(gpointer owner, const SimTapFrame *frame)
{
    take_frame(frame->time, frame->octets, owner);
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    ListenView *view = owner;
    StepLevel level = STEP_LEVEL_STORY;
    bool is_of_server = event->kind == WORLD_EVENT_QUEUE || event->kind == WORLD_EVENT_MAILBOX ||
                        event->kind == WORLD_EVENT_AGENT;
    if (view->story == NULL ? is_of_server : world_log_level(event, &level)) {
        StepWorldEvent told = {
            .time_ns = event->time,
            .host = event->host == NULL ? "" : sim_host_name(event->host),
            .kind = world_event_kind_name(event->kind),
            .text = event->text,
            .level = level,
        };
        step_builder_world(view->builder, &told);
    }
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *note)
{
    ListenView *view = owner;
    if (view->builder != NULL) {
        step_builder_chapter(view->builder, time, title, note);
    }
}

static bool open_capture(ListenView *view, const char *path, GError **error)
{
    view->capture = fopen(path, "wb");
    if (view->capture == NULL) {
        g_set_error(
            error,
            G_FILE_ERROR,
            (gint)g_file_error_from_errno(errno),
            "cannot write %s: %s",
            path,
            g_strerror(errno)
        );
        return false;
    }
    pcap_append_header(view->gathered);
    return true;
}

static const char *host_name(gpointer owner, const PacketAddress *address)
{
    const ListenView *view = owner;
    return view->host_name(view->data, address);
}

static bool open_dissector(ListenView *view, const ListenViewOptions *options, GError **error)
{
    DissectOptions how = dissect_default_options();
    how.trusts_replies = true; /* the servers are our own */
    bool shows_frames = options->level == STEP_LEVEL_PACKETS;
    DissectSink sink = {.event = on_event, .frame = shows_frames ? on_dissected_frame : NULL};
    StepBuilderOptions steps = {
        .show_secrets = options->show_secrets,
        .wants_frames = shows_frames,
        .host_name = host_name,
        .step = on_step,
        .owner = view,
    };
    for (guint i = 0; options->rules[i] != NULL; i++) {
        if (!dissect_options_add_port(&how, options->rules[i], error)) {
            return false;
        }
    }
    view->host_name = options->host_name;
    view->data = options->data;
    view->builder = step_builder_new(&steps);
    if (options->is_json) {
        DissectJsonOptions json = {.show_secrets = options->show_secrets, .wants_digest = true};
        view->json = dissect_json_new(view->stream, &json);
    }
    view->dissector = dissector_new(&how, &sink, view);
    return true;
}

ListenView *listen_view_new(FILE *stream, const ListenViewOptions *options, GError **error)
{
    g_autoptr(ListenView) view = g_new0(ListenView, 1);
    view->stream = stream;
    view->is_quiet = options->is_quiet;
    view->gathered = g_byte_array_new();
    text_layout_init(&view->layout, stream);
    LiveTextOptions live = {
        .level = options->level,
        .port_name = options->port_name,
        .data = options->data,
    };
    view->live = live_text_new(&view->layout, &live);
    view->story = options->tells_story ? story_new(&view->layout, options->level) : NULL;
    if (options->pcap != NULL && !open_capture(view, options->pcap, error)) {
        return NULL;
    }
    if (!options->is_quiet && !open_dissector(view, options, error)) {
        return NULL;
    }
    if (!options->is_quiet || options->pcap != NULL) {
        view->frames = loopback_frames_new(take_frame, view);
    }
    return g_steal_pointer(&view);
}

void listen_view_free(ListenView *view)
{
    if (view == NULL) {
        return;
    }
    dissector_free(view->dissector);
    step_builder_free(view->builder);
    dissect_json_free(view->json);
    live_text_free(view->live);
    story_free(view->story);
    text_layout_clear(&view->layout);
    loopback_frames_free(view->frames);
    g_byte_array_unref(view->gathered);
    if (view->capture != NULL) {
        fclose(view->capture);
    }
    g_free(view);
}

void listen_view_start_json(ListenView *view, const char *name)
{
    const char *const names[] = {name, NULL};
    dissect_json_start(view->json, names);
}

LoopbackFrames *listen_view_frames(ListenView *view)
{
    return view->frames;
}

TextLayout *listen_view_layout(ListenView *view)
{
    return &view->layout;
}

ScenarioObserver listen_view_observer(ListenView *view)
{
    return (ScenarioObserver){
        .frame = view->frames == NULL ? NULL : on_simulated_frame,
        .world = view->is_quiet || view->json != NULL ? NULL : on_world,
        .chapter = on_chapter,
        .owner = view,
    };
}

bool listen_view_flush(ListenView *view, GError **error)
{
    bool is_shown = text_layout_write(&view->layout, view->stream) && fflush(view->stream) == 0;
    if (!is_shown) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "standard output cannot be written");
        return false;
    }
    if (!write_capture(view)) {
        g_set_error(
            error,
            G_FILE_ERROR,
            (gint)g_file_error_from_errno(view->failed),
            "the capture cannot be written: %s",
            g_strerror(view->failed)
        );
        return false;
    }
    return true;
}

bool listen_view_finish(ListenView *view, GError **error)
{
    if (view->dissector != NULL) {
        dissector_finish(view->dissector);
    }
    if (view->story != NULL) {
        story_end(view->story);
    }
    if (view->json != NULL && !dissect_json_end(view->json, view->dissector)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "standard output cannot be written");
        return false;
    }
    return listen_view_flush(view, error);
}

guint64 listen_view_frame_count(const ListenView *view)
{
    return view->count;
}
