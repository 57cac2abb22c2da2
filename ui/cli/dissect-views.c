#include "ui/cli/dissect-views.h"

#include "ui/anonymize/capture-anonymize.h"
#include "ui/report/attachment-export.h"
#include "ui/report/capture-annotate.h"
#include "ui/report/capture-diff.h"
#include "ui/report/dig-answers.h"
#include "ui/report/dissect-json.h"
#include "ui/report/dissect-summary.h"
#include "ui/report/html-page.h"
#include "ui/report/journeys.h"
#include "ui/report/ladder.h"
#include "ui/report/message-export.h"
#include "ui/report/questions.h"
#include "ui/report/step-text.h"
#include "ui/report/transcript.h"
#include "ui/report/where.h"
#include "ui/timeline/step-builder.h"
#include "ui/timeline/timeline.h"

#include <stdio.h>

struct DissectViews {
    DissectViewOptions options;
    DissectJson *json;
    DissectSummary *summary;
    MessageExport *export;
    CaptureAnnotate *annotate;
    CaptureAnonymize *anonymize;
    AttachmentExport *attachments;
    GString *dig; /* answers as dig prints them */
    Where *where;
    char *const *captures;
    Transcript *transcript;
    Timeline *timeline;
    StepBuilder *builder; /* gives its steps to the transcript or the timeline */
};

void dissect_views_free(DissectViews *views)
{
    if (views != NULL) {
        dissect_json_free(views->json);
        dissect_summary_free(views->summary);
        message_export_free(views->export);
        capture_annotate_free(views->annotate);
        capture_anonymize_free(views->anonymize);
        attachment_export_free(views->attachments);
        where_free(views->where);
        if (views->dig != NULL) {
            g_string_free(views->dig, TRUE);
        }
        step_builder_free(views->builder);
        transcript_free(views->transcript);
        timeline_free(views->timeline);
        g_free(views);
    }
}

static bool wants_timeline(const DissectViewOptions *options)
{
    return options->ladder || options->questions || options->journeys || options->html != NULL ||
           options->frame > 0 || options->diff != NULL;
}

/* The usual view, where no other was asked for. */
static bool wants_transcript(const DissectViewOptions *options)
{
    return !options->json && !options->summary && !wants_timeline(options) &&
           options->eml == NULL && options->mbox == NULL && options->annotate == NULL &&
           options->anonymize == NULL && options->attachments == NULL && options->where == NULL &&
           !options->dig;
}

bool dissect_views_only_count(const DissectViewOptions *options)
{
    return options->summary && !options->json && !wants_timeline(options) && options->eml == NULL &&
           options->mbox == NULL && options->annotate == NULL && options->anonymize == NULL &&
           options->attachments == NULL && options->where == NULL && !options->dig;
}

bool dissect_views_want_overlaps(const DissectViewOptions *options)
{
    return options->json || wants_timeline(options) || wants_transcript(options);
}

/* With --frame only what that frame carried is kept. */
static bool is_kept(const DissectViews *views, const Step *step)
{
    const DissectViewOptions *options = &views->options;
    if (options->frame == 0 || options->diff != NULL || options->ladder || options->questions ||
        options->journeys || options->html != NULL) {
        return true;
    }
    for (guint i = 0; i < step->frames->len; i++) {
        if (g_array_index(step->frames, guint64, i) == (guint64)options->frame) {
            return true;
        }
    }
    return false;
}

static bool wants_frames(const DissectViewOptions *options)
{
    return options->level == STEP_LEVEL_PACKETS || options->frame > 0;
}

static void take_step(gpointer owner, Step *step)
{
    DissectViews *views = owner;
    if (views->annotate != NULL) {
        capture_annotate_step(views->annotate, step);
    }
    if (views->transcript != NULL) {
        transcript_step(views->transcript, step);
    } else if (views->timeline != NULL && is_kept(views, step)) {
        timeline_add(views->timeline, step);
    } else {
        step_free(step);
    }
}

static void open_steps(DissectViews *views)
{
    const DissectViewOptions *options = &views->options;
    if (wants_transcript(options)) {
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
    } else if (wants_timeline(options)) {
        views->timeline = timeline_new();
    }
    StepBuilderOptions steps = {
        .show_secrets = options->show_secrets,
        .wants_frames = wants_frames(options),
        .shows_messages = options->messages,
        .password = options->password,
        .step = take_step,
        .owner = views,
    };
    views->builder = step_builder_new(&steps);
}

DissectViews *
dissect_views_new(const DissectViewOptions *options, char *const *captures, GError **error)
{
    g_autoptr(DissectViews) views = g_new0(DissectViews, 1);
    views->options = *options;
    if (options->eml != NULL || options->mbox != NULL) {
        views->export = message_export_new(options->eml, options->mbox, options->force, error);
        if (views->export == NULL) {
            return NULL;
        }
    }
    if (options->attachments != NULL) {
        views->attachments = attachment_export_new(options->attachments, options->force, error);
        if (views->attachments == NULL) {
            return NULL;
        }
    }
    if (options->dig) {
        views->dig = g_string_new(NULL);
    }
    if (options->where != NULL) {
        views->where = where_new(options->where, options->show_secrets);
    }
    if (options->json) {
        DissectJsonOptions json = {
            .show_secrets = options->show_secrets,
            .wants_digest = !options->no_digest,
            .without_mime = options->no_mime,
            .without_remarks = options->no_remarks,
        };
        views->json = dissect_json_new(stdout, &json);
        dissect_json_start(views->json, (const char *const *)captures);
    }
    if (options->summary) {
        views->summary = dissect_summary_new();
    }
    views->captures = captures;
    if (options->annotate != NULL) {
        views->annotate = capture_annotate_new(options->annotate, options->force, error);
        if (views->annotate == NULL) {
            return NULL;
        }
    }
    if (options->anonymize != NULL) {
        views->anonymize = capture_anonymize_new(options->anonymize, options->force, error);
        if (views->anonymize == NULL) {
            return NULL;
        }
    }
    if (wants_transcript(options) || wants_timeline(options) || views->annotate != NULL) {
        open_steps(views);
    }
    return g_steal_pointer(&views);
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    DissectViews *views = owner;
    if (views->anonymize != NULL) {
        capture_anonymize_event(views->anonymize, event);
    }
    if (views->export != NULL) {
        message_export_event(views->export, event);
    }
    if (views->summary != NULL) {
        dissect_summary_event(views->summary, event);
    }
    if (views->json != NULL) {
        dissect_json_event(views->json, event);
    }
    if (views->attachments != NULL) {
        attachment_export_event(views->attachments, event);
    }
    if (views->dig != NULL) {
        dig_answers_event(views->dig, event);
    }
    if (views->where != NULL) {
        where_event(views->where, event);
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
    DissectViews *views = owner;
    if (views->anonymize != NULL) {
        capture_anonymize_frame(views->anonymize, packet, conversation, direction);
    }
    if (views->json != NULL && views->options.frames) {
        dissect_json_frame(views->json, packet, conversation, direction, notes);
    }
    if (views->builder != NULL && wants_frames(&views->options)) {
        step_builder_frame(views->builder, packet, conversation, direction, notes);
    }
}

DissectSink dissect_views_sink(const DissectViewOptions *options)
{
    bool shows_frames =
        (options->frames && options->json) || wants_frames(options) || options->anonymize != NULL;
    return (DissectSink){.event = on_event, .frame = shows_frames ? on_frame : NULL};
}

void dissect_views_damage(DissectViews *views, const char *path, const CaptureDamage *damage)
{
    if (views->json != NULL) {
        dissect_json_damage(views->json, path, damage);
    }
}

/* What one frame is and what it carried. */
static void write_frame(const DissectViews *views, TextLayout *layout)
{
    guint64 frame = (guint64)views->options.frame;
    guint index = 0;
    guint found = 0;
    const Step *step;
    while (timeline_next_of_frame(views->timeline, frame, &index, &step)) {
        step_text_row(layout, step, step->time_ns);
        found++;
    }
    if (found == 0) {
        text_layout_paragraph(layout, 0, TEXT_PLAIN, "The capture has no such frame.");
    }
}

static void write_timeline(const DissectViews *views, TextLayout *layout)
{
    const DissectViewOptions *options = &views->options;
    if (options->ladder) {
        LadderOptions how = {.level = options->level, .is_ascii = options->ascii};
        ladder_write(layout, views->timeline, &how);
    }
    if (options->questions) {
        questions_write(
            layout, views->timeline, options->sheet ? QUESTIONS_SHEET : QUESTIONS_ANSWERED
        );
    }
    if (options->journeys) {
        journeys_write(layout, views->timeline);
    }
    if (options->frame > 0) {
        write_frame(views, layout);
    }
    if (timeline_dropped(views->timeline) > 0) {
        g_autofree char *text = g_strdup_printf(
            "%" G_GUINT64_FORMAT " further steps are left out: choose with --stream.",
            timeline_dropped(views->timeline)
        );
        text_layout_paragraph(layout, 0, TEXT_WARNING, text);
    }
}

static bool write_page(const DissectViews *views, GError **error)
{
    g_autofree char *names = g_strjoinv(", ", (char **)views->captures);
    g_autofree char *title = byte_span_to_display(byte_span_from_string(names));
    HtmlPageOptions how = {.title = title, .level = views->options.level};
    return html_page_write(views->timeline, &how, views->options.html, views->options.force, error);
}

static void on_other_event(gpointer owner, const DissectEvent *event)
{
    step_builder_event(owner, event);
}

/* The other capture, read the same way; NULL: it cannot be read. */
static Timeline *read_other(const DissectViews *views, const DissectOptions *how, GError **error)
{
    g_autoptr(CaptureReader) reader = capture_reader_open(views->options.diff, 1, error);
    if (reader == NULL) {
        return NULL;
    }
    Timeline *other = timeline_new();
    StepBuilderOptions options = {
        .show_secrets = views->options.show_secrets, .step = timeline_add, .owner = other};
    g_autoptr(StepBuilder) builder = step_builder_new(&options);
    DissectSink sink = {.event = on_other_event};
    g_autoptr(Dissector) dissector = dissector_new(how, &sink, builder);
    dissector_read(dissector, reader, 1, NULL, NULL);
    dissector_finish(dissector);
    return other;
}

static ExitStatus write_diff(const DissectViews *views, const DissectOptions *how)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Timeline) other = read_other(views, how, &error);
    if (other == NULL) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    TextLayout layout;
    text_layout_init(&layout, stdout);
    bool is_same = capture_diff_write(&layout, views->timeline, other);
    bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(&layout);
    return !is_written ? EXIT_ENVIRONMENT : is_same ? EXIT_DONE : EXIT_NO;
}

static bool write_reports(const DissectViews *views, const Dissector *dissector)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    if (views->summary != NULL) {
        dissect_summary_write(
            views->summary,
            dissector_packet_statistics(dissector),
            dissector_stream_statistics(dissector),
            &layout
        );
    }
    if (views->timeline != NULL) {
        write_timeline(views, &layout);
    }
    if (views->where != NULL) {
        where_write(views->where, &layout);
    }
    if (views->dig != NULL) {
        fputs(views->dig->len > 0 ? views->dig->str : "There is no answer of the DNS.\n", stdout);
    }
    bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(&layout);
    return is_written;
}

ExitStatus
dissect_views_finish(DissectViews *views, Dissector *dissector, const DissectOptions *how)
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
            guint64 count = message_export_count(views->export);
            printf("%" G_GUINT64_FORMAT " message%s written\n", count, count == 1 ? "" : "s");
        }
    }
    if (views->attachments != NULL) {
        if (!attachment_export_finish(views->attachments, &error)) {
            return cli_environment_error("dissect", "%s", error->message);
        }
        guint count = attachment_export_count(views->attachments);
        fprintf(stderr, "%u attachment%s written\n", count, count == 1 ? "" : "s");
    }
    if (views->annotate != NULL &&
        !capture_annotate_write(views->annotate, (const char *const *)views->captures, &error)) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    if (views->anonymize != NULL && capture_anonymize_frames(views->anonymize) > 0) {
        if (!capture_anonymize_write(views->anonymize, &error)) {
            return cli_environment_error("dissect", "%s", error->message);
        }
        fprintf(
            stderr,
            "%" G_GUINT64_FORMAT " frames written with other names; look at them before you "
            "publish them\n",
            capture_anonymize_frames(views->anonymize)
        );
    }
    if (views->options.html != NULL && !write_page(views, &error)) {
        return cli_environment_error("dissect", "%s", error->message);
    }
    if (!write_reports(views, dissector)) {
        return EXIT_ENVIRONMENT;
    }
    if (views->transcript != NULL && !transcript_finish(views->transcript)) {
        return EXIT_ENVIRONMENT;
    }
    return views->options.diff != NULL ? write_diff(views, how) : EXIT_DONE;
}
