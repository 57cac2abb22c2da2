#include "ui/cli/dissect-command.h"

#include "dissect/capture/capture-live.h"
#include "dissect/capture/capture-reader.h"
#include "ui/cli/dissect-count.h"
#include "ui/cli/dissect-views.h"
#include "ui/cli/reading-progress.h"
#include "ui/cli/step-view.h"

#include <stdio.h>

#define NO_FRAME G_MININT64 /* --frame was not given */

typedef struct {
    DissectViewOptions views;
    gboolean step;
    int threads;
    gint64 stream;
    char **ports;
    char *level;
    char *interface;
    char *filter;
} Options;

#define JSON_BUFFER (64 * 1024) /* of standard output: a line has a few hundred octets */

static void options_clear(Options *options)
{
    g_strfreev(options->ports);
    g_free(options->level);
    g_free(options->interface);
    g_free(options->filter);
    g_free(options->views.password);
    g_free(options->views.eml);
    g_free(options->views.mbox);
    g_free(options->views.diff);
    g_free(options->views.attachments);
    g_free(options->views.where);
    g_free(options->views.html);
    g_free(options->views.annotate);
    g_free(options->views.anonymize);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static ExitStatus
read_capture(Dissector *dissector, const char *path, const Options *options, DissectViews *views)
{
    g_autoptr(GError) error = NULL;
    guint64 first = dissector_packet_statistics(dissector)->frames + 1;
    g_autoptr(CaptureReader) reader = capture_reader_open(path, first, &error);
    if (reader == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    ReadingProgress progress = reading_progress_begin();
    dissector_read(dissector, reader, (guint)options->threads, reading_progress_show, &progress);
    reading_progress_end(&progress);
    const CaptureDamage *damage = capture_reader_damage(reader);
    if (damage == NULL) {
        return EXIT_DONE;
    }
    g_autofree char *safe = cli_safe_text(path);
    fprintf(stderr, "mailwalk dissect: %s: %s\n", safe, damage->message);
    dissect_views_damage(views, path, damage);
    return EXIT_NO;
}

/* Until Ctrl-C; then the views are finished as at the end of a file. */
static ExitStatus read_interface(Dissector *dissector, const Options *options)
{
    g_autoptr(GError) error = NULL;
    CaptureLiveOptions live = {.interface = options->interface, .filter = options->filter};
    g_autoptr(CaptureReader) reader = capture_reader_open_live(&live, &error);
    if (reader == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    fprintf(stderr, "mailwalk dissect: listening on %s, Ctrl-C ends it\n", options->interface);
    dissector_read(dissector, reader, 1, NULL, NULL);
    CaptureDrops drops = capture_reader_drops(reader);
    if (drops.is_known) {
        fprintf(
            stderr,
            "mailwalk dissect: %" G_GUINT64_FORMAT " packets received, %" G_GUINT64_FORMAT
            " dropped for want of room, %" G_GUINT64_FORMAT " dropped by the interface\n",
            drops.received,
            drops.dropped,
            drops.dropped_by_interface
        );
    }
    return EXIT_DONE;
}

static ExitStatus step_through(const Options *options, const DissectOptions *how, char **captures)
{
    StepViewOptions step = {
        .level = options->views.level,
        .show_secrets = options->views.show_secrets,
        .shows_messages = options->views.messages,
        .password = options->views.password,
    };
    return step_view_captures(captures, how, &step);
}

static ExitStatus dissect(const Options *options, const DissectOptions *how, char **captures)
{
    g_autoptr(GError) error = NULL;
    if (options->interface != NULL) {
        setvbuf(stdout, NULL, _IOLBF, 0); /* whoever reads the pipe sees lines as they come */
    } else if (options->views.json) {
        setvbuf(stdout, NULL, _IOFBF, JSON_BUFFER);
    }
    g_autoptr(DissectViews) views = dissect_views_new(&options->views, captures, &error);
    if (views == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    DissectSink sink = dissect_views_sink(&options->views);
    g_autoptr(Dissector) dissector = dissector_new(how, &sink, views);
    ExitStatus status = EXIT_DONE;
    if (options->interface != NULL) {
        status = read_interface(dissector, options);
    }
    for (guint i = 0; captures[i] != NULL && status != EXIT_ENVIRONMENT; i++) {
        ExitStatus outcome = read_capture(dissector, captures[i], options, views);
        status = MAX(status, outcome);
    }
    dissector_finish(dissector);
    if (status == EXIT_ENVIRONMENT && !options->views.json &&
        dissector_packet_statistics(dissector)->frames == 0) {
        return status; /* nothing was read: there is nothing to report on */
    }
    ExitStatus outcome = dissect_views_finish(views, dissector, how);
    return MAX(status, outcome);
}

/* Two dissectors may count, unless the captures can be read only once: then there is no second try
 * with one. */
static bool can_be_shared(const Options *options, const DissectOptions *how, char **captures)
{
    for (guint i = 0; captures[i] != NULL; i++) {
        if (!g_file_test(captures[i], G_FILE_TEST_IS_REGULAR)) {
            return false;
        }
    }
    return options->threads > 1 && options->interface == NULL && !how->has_only_stream &&
           dissect_views_only_count(&options->views);
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

/* What stands on its own or goes with nothing is refused, so no option is silently without effect.
 * NULL: all is well. */
static const char *option_mistake(const Options *options)
{
    const DissectViewOptions *views = &options->views;
    bool is_text = views->ladder || views->ascii || views->dig || views->questions ||
                   views->sheet || views->journeys || views->summary || views->where != NULL ||
                   views->frame != NO_FRAME || views->diff != NULL;
    if (views->json && is_text) {
        return "--json writes JSON lines only: leave out the views that print a text";
    }
    if (!views->json &&
        (views->frames || views->no_mime || views->no_remarks || views->no_digest)) {
        return "--frames, --no-mime, --no-remarks and --no-digest go with --json";
    }
    if (views->frame != NO_FRAME && views->frame < 1) {
        return "--frame takes a number of a frame; the first one is 1";
    }
    if (views->where != NULL && views->where[0] == '\0') {
        return "--where takes a text to look for, not an empty one";
    }
    if (options->filter != NULL && options->interface == NULL) {
        return "--filter goes with -i INTERFACE";
    }
    if (options->step && options->interface != NULL) {
        return "--step needs captures that are whole, not -i";
    }
    return NULL;
}

static bool read_dissect_options(Options *options, DissectOptions *how, ExitStatus *status)
{
    g_autoptr(GError) error = NULL;
    *how = dissect_default_options();
    how->trusts_replies = options->views.show_secrets;
    for (guint i = 0; options->ports != NULL && options->ports[i] != NULL; i++) {
        if (!dissect_options_add_port(how, options->ports[i], &error)) {
            *status = cli_usage_error("dissect", "%s", error->message);
            return false;
        }
    }
    if (!read_level(options->level, &options->views.level)) {
        *status = cli_usage_error(
            "dissect", "--level takes story, dialogue or packets, not '%s'", options->level
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
    options->views.questions |= options->views.sheet;
    options->views.ladder |= options->views.ascii;
    how->wants_overlaps = dissect_views_want_overlaps(&options->views);
    return true;
}

/* One row of the table of options. */
#define OPTION(name, kind, place, help, value)                                                     \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_##kind, place, help, value                                        \
    }

static bool parse_options(int *argc, char ***argv, Options *options, ExitStatus *status)
{
    DissectViewOptions *views = &options->views;
    const GOptionEntry entries[] = {
        OPTION("step", NONE, &options->step, "Step through it on the full screen", NULL),
        OPTION("level", STRING, &options->level, "story, dialogue (the usual) or packets", "LEVEL"),
        OPTION("ladder", NONE, &views->ladder, "Draw a diagram with a column per host", NULL),
        OPTION("dig", NONE, &views->dig, "Print the answers of the DNS as dig does", NULL),
        OPTION("ascii", NONE, &views->ascii, "Draw it with ASCII letters only", NULL),
        OPTION("questions", NONE, &views->questions, "Answer the lecture's questions", NULL),
        OPTION("sheet", NONE, &views->sheet, "Questions to hand out, then the key", NULL),
        OPTION("journeys", NONE, &views->journeys, "Follow each message from leg to leg", NULL),
        OPTION("summary", NONE, &views->summary, "Count what the capture holds", NULL),
        OPTION("json", NONE, &views->json, "Write JSON lines", NULL),
        OPTION("stream", INT64, &options->stream, "Only the TCP stream number N", "N"),
        OPTION("all-streams", NONE, &views->all_streams, "Streams without mail too", NULL),
        OPTION("messages", NONE, &views->messages, "Show the text of messages", NULL),
        OPTION("show-secrets", NONE, &views->show_secrets, "Do not mask passwords", NULL),
        OPTION("password", STRING, &views->password, "Check APOP, CRAM-MD5 with it", "PASSWORD"),
        OPTION("port", STRING_ARRAY, &options->ports, "Read a port as: 1025=smtp", "NUMBER=NAME"),
        OPTION("eml", FILENAME, &views->eml, "Write each message to a file", "DIR"),
        OPTION("mbox", FILENAME, &views->mbox, "Write all messages to one file", "FILE"),
        OPTION("diff", FILENAME, &views->diff, "Where another capture goes another way", "OTHER"),
        OPTION("where", STRING, &views->where, "In which frames a text lies", "TEXT"),
        OPTION("frame", INT64, &views->frame, "What the frame number N carried", "N"),
        OPTION("attachments", FILENAME, &views->attachments, "Write attached files", "DIR"),
        OPTION("html", FILENAME, &views->html, "Write a page that needs nothing else", "FILE"),
        OPTION("annotate", FILENAME, &views->annotate, "Packets with comments", "OUT.pcapng"),
        OPTION("anonymize", FILENAME, &views->anonymize, "The capture with other names", "OUT"),
        OPTION("force", NONE, &views->force, "Overwrite files that exist", NULL),
        OPTION("frames", NONE, &views->frames, "With --json: every frame too", NULL),
        OPTION("no-mime", NONE, &views->no_mime, "With --json: no trees of parts", NULL),
        OPTION("no-remarks", NONE, &views->no_remarks, "With --json: no remarks", NULL),
        OPTION("no-digest", NONE, &views->no_digest, "With --json: no SHA-256", NULL),
        {"interface",
         'i',
         0,
         G_OPTION_ARG_STRING,
         &options->interface,
         "Listen there",
         "INTERFACE"},
        OPTION("filter", STRING, &options->filter, "With -i: a BPF expression", "EXPRESSION"),
        OPTION("threads", INT, &options->threads, "1, or 2: one reads ahead, or both count", "N"),
        {0},
    };
    return cli_parse_options(
        cli_command_find("dissect"),
        "CAPTURE...",
        "'-' reads a capture from standard input.",
        entries,
        argc,
        argv,
        status
    );
}

ExitStatus dissect_command_run(int argc, char **argv)
{
    g_auto(Options) options = {
        .stream = -1,
        .threads = g_get_num_processors() > 1 ? 2 : 1,
        .views.frame = NO_FRAME,
    };
    ExitStatus status = EXIT_DONE;
    if (!parse_options(&argc, &argv, &options, &status)) {
        return status;
    }
    if (argc < 2 && options.interface == NULL) {
        return cli_usage_error("dissect", "which capture? Name at least one file");
    }
    const char *mistake = option_mistake(&options);
    if (mistake != NULL) {
        return cli_usage_error("dissect", "%s", mistake);
    }
    options.views.frame = MAX(options.views.frame, 0);
    DissectOptions how;
    if (!read_dissect_options(&options, &how, &status)) {
        return status;
    }
    if (options.step && step_view_is_possible("dissect")) {
        return step_through(&options, &how, argv + 1);
    }
    if (can_be_shared(&options, &how, argv + 1) && dissect_count(argv + 1, &how, &status)) {
        return status;
    }
    return dissect(&options, &how, argv + 1);
}
