#include "ui/cli/dissect-command.h"

#include "dissect/capture/capture-reader.h"
#include "ui/report/dissect-json.h"
#include "ui/report/dissect-summary.h"
#include "ui/report/message-export.h"
#include "ui/report/transcript.h"
#include "ui/timeline/step-builder.h"

#include <stdio.h>
#include <unistd.h>

typedef struct {
    gboolean json;
    gboolean summary;
    gboolean show_secrets;
    gboolean force;
    gboolean no_digest;
    gboolean frames;
    gboolean messages;
    gboolean all_streams;
    StepLevel level;
    char *level_name;
    char *password;
    int threads;
    gint64 stream;
    char **ports;
    char *eml;
    char *mbox;
} Options;

/* The views that are open; each sees every event. */
typedef struct {
    DissectJson *json;
    DissectSummary *summary;
    MessageExport *export;
    Transcript *transcript;
    StepBuilder *builder; /* gives its steps to the transcript */
} Views;

static void views_clear(Views *views)
{
    dissect_json_free(views->json);
    dissect_summary_free(views->summary);
    message_export_free(views->export);
    step_builder_free(views->builder);
    transcript_free(views->transcript);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Views, views_clear)

static void on_event(gpointer owner, const DissectEvent *event)
{
    Views *views = owner;
    if (views->export != NULL) {
        message_export_event(views->export, event);
    }
    if (views->summary != NULL) {
        dissect_summary_event(views->summary, event);
    }
    if (views->json != NULL) {
        dissect_json_event(views->json, event);
    }
    if (views->builder != NULL) {
        step_builder_event(views->builder, event);
    }
}

static void on_frame(
    gpointer owner,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
)
{
    Views *views = owner;
    if (views->json != NULL) {
        dissect_json_frame(views->json, packet, conversation, direction, notes);
    }
    if (views->builder != NULL) {
        step_builder_frame(views->builder, packet, conversation, direction, notes);
    }
}

static void show_progress(gpointer data, guint64 position, guint64 size)
{
    gint64 *last_us = data;
    gint64 now_us = g_get_monotonic_time();
    if (size == 0 || now_us - *last_us < 200000) {
        return;
    }
    *last_us = now_us;
    fprintf(stderr, "\r%3u %%", (guint)(position * 100 / size));
    fflush(stderr);
}

static ExitStatus
read_capture(Dissector *dissector, const char *path, const Options *options, Views *views)
{
    g_autoptr(GError) error = NULL;
    guint64 first = dissector_packet_statistics(dissector)->frames + 1;
    g_autoptr(CaptureReader) reader = capture_reader_open(path, first, &error);
    if (reader == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    gint64 last_us = g_get_monotonic_time();
    bool shows_progress = isatty(STDERR_FILENO) != 0;
    dissector_read(
        dissector, reader, (guint)options->threads, shows_progress ? show_progress : NULL, &last_us
    );
    if (shows_progress) {
        fprintf(stderr, "\r     \r");
    }
    const CaptureDamage *damage = capture_reader_damage(reader);
    if (damage == NULL) {
        return EXIT_DONE;
    }
    fprintf(stderr, "mailwalk dissect: %s: %s\n", path, damage->message);
    if (views->json != NULL) {
        dissect_json_damage(views->json, path, damage);
    }
    return EXIT_NO;
}

static ExitStatus finish_views(Views *views, Dissector *dissector)
{
    g_autoptr(GError) error = NULL;
    if (views->json != NULL && !dissect_json_end(views->json, dissector)) {
        return EXIT_ENVIRONMENT;
    }
    if (views->export != NULL) {
        if (!message_export_finish(views->export, &error)) {
            return cli_environment_error("dissect", "%s", error->message);
        }
        if (views->summary == NULL && views->json == NULL && views->builder == NULL) {
            printf("%" G_GUINT64_FORMAT " messages written\n", message_export_count(views->export));
        }
    }
    if (views->summary != NULL) {
        TextLayout layout;
        text_layout_init(&layout, stdout);
        dissect_summary_write(views->summary, dissector, &layout);
        bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
        text_layout_clear(&layout);
        if (!is_written) {
            return EXIT_ENVIRONMENT;
        }
    }
    if (views->transcript != NULL && !transcript_finish(views->transcript)) {
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

static void open_transcript(Views *views, const Options *options)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    TranscriptOptions how = {
        .level = options->level,
        .width = layout.width,
        .has_colour = layout.has_colour,
        .shows_others = options->all_streams,
    };
    text_layout_clear(&layout);
    views->transcript = transcript_new(stdout, &how);
    StepBuilderOptions steps = {
        .show_secrets = options->show_secrets,
        .wants_frames = options->level == STEP_LEVEL_PACKETS,
        .shows_messages = options->messages,
        .password = options->password,
        .step = transcript_step,
        .owner = views->transcript,
    };
    views->builder = step_builder_new(&steps);
}

static bool shows_transcript(const Options *options)
{
    return !options->json && !options->summary && options->eml == NULL && options->mbox == NULL;
}

static ExitStatus dissect(const Options *options, const DissectOptions *how, char **captures)
{
    g_auto(Views) views = {0};
    g_autoptr(GError) error = NULL;
    bool wants_frames = options->frames || options->level == STEP_LEVEL_PACKETS;
    DissectSink sink = {.event = on_event, .frame = wants_frames ? on_frame : NULL};
    if (options->eml != NULL || options->mbox != NULL) {
        views.export = message_export_new(options->eml, options->mbox, options->force, &error);
        if (views.export == NULL) {
            return cli_environment_error("dissect", "%s", error->message);
        }
    }
    if (options->json) {
        DissectJsonOptions json = {
            .show_secrets = options->show_secrets, .wants_digest = !options->no_digest};
        views.json = dissect_json_new(stdout, &json);
        dissect_json_start(views.json, (const char *const *)captures);
    }
    if (options->summary) {
        views.summary = dissect_summary_new();
    }
    if (shows_transcript(options)) {
        open_transcript(&views, options);
    }
    g_autoptr(Dissector) dissector = dissector_new(how, &sink, &views);
    ExitStatus status = EXIT_DONE;
    for (guint i = 0; captures[i] != NULL && status != EXIT_ENVIRONMENT; i++) {
        ExitStatus outcome = read_capture(dissector, captures[i], options, &views);
        status = MAX(status, outcome);
    }
    dissector_finish(dissector);
    ExitStatus outcome = finish_views(&views, dissector);
    return MAX(status, outcome);
}

static bool read_level(const char *name, StepLevel *out_level)
{
    static const char *const names[] = {"story", "dialogue", "packets"};
    *out_level = STEP_LEVEL_DIALOGUE;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (name != NULL && g_str_equal(name, names[i])) {
            *out_level = (StepLevel)i;
            return true;
        }
    }
    return name == NULL;
}

static bool read_dissect_options(Options *options, DissectOptions *how, ExitStatus *status)
{
    g_autoptr(GError) error = NULL;
    *how = dissect_default_options();
    how->wants_overlaps = options->json || shows_transcript(options);
    for (guint i = 0; options->ports != NULL && options->ports[i] != NULL; i++) {
        if (!dissect_options_add_port(how, options->ports[i], &error)) {
            *status = cli_usage_error("dissect", "%s", error->message);
            return false;
        }
    }
    if (!read_level(options->level_name, &options->level)) {
        *status = cli_usage_error(
            "dissect", "--level takes story, dialogue or packets, not '%s'", options->level_name
        );
        return false;
    }
    if (options->stream >= 0) {
        how->has_only_stream = true;
        how->only_stream = (guint64)options->stream;
    }
    if (options->threads < 1 || options->threads > 2) {
        *status = cli_usage_error("dissect", "--threads takes 1 or 2, not %d", options->threads);
        return false;
    }
    return true;
}

ExitStatus dissect_command_run(int argc, char **argv)
{
    Options options = {.stream = -1, .threads = g_get_num_processors() > 1 ? 2 : 1};
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Write JSON lines", NULL},
        {"summary",
         0,
         0,
         G_OPTION_ARG_NONE,
         &options.summary,
         "Count what the capture holds",
         NULL},
        {"level",
         0,
         0,
         G_OPTION_ARG_STRING,
         &options.level_name,
         "How much to tell: story, dialogue (the usual) or packets",
         "LEVEL"},
        {"messages", 0, 0, G_OPTION_ARG_NONE, &options.messages, "Show the text of messages", NULL},
        {"all-streams",
         0,
         0,
         G_OPTION_ARG_NONE,
         &options.all_streams,
         "Show TCP connections without a mail protocol too",
         NULL},
        {"password",
         0,
         0,
         G_OPTION_ARG_STRING,
         &options.password,
         "Check digests (APOP, CRAM-MD5) with this password",
         "PASSWORD"},
        {"stream", 0, 0, G_OPTION_ARG_INT64, &options.stream, "Only the TCP stream number N", "N"},
        {"port",
         0,
         0,
         G_OPTION_ARG_STRING_ARRAY,
         &options.ports,
         "Read a port as a protocol: 1025=smtp",
         "NUMBER=PROTOCOL"},
        {"eml", 0, 0, G_OPTION_ARG_FILENAME, &options.eml, "Write each message to a file", "DIR"},
        {"mbox",
         0,
         0,
         G_OPTION_ARG_FILENAME,
         &options.mbox,
         "Write all messages to one file",
         "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.force, "Overwrite files that exist", NULL},
        {"frames", 0, 0, G_OPTION_ARG_NONE, &options.frames, "With --json: every frame too", NULL},
        {"no-digest",
         0,
         0,
         G_OPTION_ARG_NONE,
         &options.no_digest,
         "With --json: no SHA-256 of messages",
         NULL},
        {"show-secrets",
         0,
         0,
         G_OPTION_ARG_NONE,
         &options.show_secrets,
         "Do not mask passwords",
         NULL},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "1, or 2: one reads ahead", "N"},
        {0},
    };
    ExitStatus status = EXIT_DONE;
    DissectOptions how;
    const CliCommand *command = cli_command_find("dissect");
    if (!cli_parse_options(
            command,
            "CAPTURE...",
            "'-' reads a capture from standard input.",
            entries,
            &argc,
            &argv,
            &status
        )) {
        return status;
    }
    if (argc < 2) {
        return cli_usage_error("dissect", "which capture? Name at least one file");
    }
    options.frames = options.frames && options.json;
    status =
        read_dissect_options(&options, &how, &status) ? dissect(&options, &how, argv + 1) : status;
    g_strfreev(options.ports);
    g_free(options.eml);
    g_free(options.mbox);
    g_free(options.level_name);
    g_free(options.password);
    return status;
}
