#include "tests/support/capture-views.h"

#include "dissect/conversation/dissector.h"
#include "ui/report/dissect-json.h"
#include "ui/report/dissect-summary.h"
#include "ui/report/html-page.h"
#include "ui/report/journeys.h"
#include "ui/report/ladder.h"
#include "ui/report/message-export.h"
#include "ui/report/questions.h"
#include "ui/report/transcript.h"
#include "ui/report/where.h"
#include "ui/timeline/step-builder.h"
#include "ui/timeline/timeline.h"

#include <stdio.h>

#define NOWHERE "/dev/null"

enum {
    CHOICE_SECRETS = 1 << 0,
    CHOICE_FRAMES = 1 << 1,
    CHOICE_ONE_STREAM = 1 << 2,
    CHOICE_EVERY_PORT = 1 << 3, /* the servers' ports are taken for mail */
    CHOICE_TIMELINE = 1 << 4,   /* else a transcript */
    CHOICE_NO_PAGE = 1 << 5,    /* leaves out what costs most: the page, questions, journeys */
};

typedef struct {
    FILE *nowhere;
    DissectJson *json;
    DissectSummary *summary;
    MessageExport *export;
    Where *where;
    Transcript *transcript;
    Timeline *timeline;
    StepBuilder *builder;
} Views;

static void on_event(gpointer owner, const DissectEvent *event)
{
    Views *views = owner;
    dissect_json_event(views->json, event);
    dissect_summary_event(views->summary, event);
    message_export_event(views->export, event);
    where_event(views->where, event);
    step_builder_event(views->builder, event);
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
    dissect_json_frame(views->json, packet, conversation, direction, notes);
    step_builder_frame(views->builder, packet, conversation, direction, notes);
}

static void open_views(Views *views, guint8 choice)
{
    static const char *const captures[] = {"capture", NULL};
    bool shows_secrets = (choice & CHOICE_SECRETS) != 0;
    views->nowhere = fopen(NOWHERE, "wb");
    g_assert(views->nowhere != NULL);
    DissectJsonOptions json = {.show_secrets = shows_secrets, .wants_digest = true};
    views->json = dissect_json_new(views->nowhere, &json);
    dissect_json_start(views->json, captures);
    views->summary = dissect_summary_new();
    views->export = message_export_new(NULL, NOWHERE, true, NULL);
    g_assert(views->export != NULL);
    views->where = where_new("a", shows_secrets);
    TranscriptOptions transcript = {.level = STEP_LEVEL_PACKETS, .width = 80, .shows_others = true};
    views->transcript = transcript_new(views->nowhere, &transcript);
    views->timeline = timeline_new();
    bool is_timeline = (choice & CHOICE_TIMELINE) != 0;
    StepBuilderOptions steps = {
        .show_secrets = shows_secrets,
        .wants_frames = (choice & CHOICE_FRAMES) != 0,
        .shows_messages = true,
        .password = "hungry",
        .step = is_timeline ? timeline_add : transcript_step,
        .owner = is_timeline ? (gpointer)views->timeline : (gpointer)views->transcript,
    };
    views->builder = step_builder_new(&steps);
}

static void finish_views(Views *views, const Dissector *dissector, guint8 choice)
{
    TextLayout layout;
    text_layout_init_plain(&layout, 80);
    dissect_json_end(views->json, dissector);
    g_assert(message_export_finish(views->export, NULL));
    dissect_summary_write(
        views->summary,
        dissector_packet_statistics(dissector),
        dissector_stream_statistics(dissector),
        &layout
    );
    where_write(views->where, &layout);
    transcript_finish(views->transcript);
    LadderOptions ladder = {.level = STEP_LEVEL_PACKETS};
    ladder_write(&layout, views->timeline, &ladder);
    if ((choice & CHOICE_NO_PAGE) == 0) {
        questions_write(&layout, views->timeline, QUESTIONS_SHEET);
        journeys_write(&layout, views->timeline);
        HtmlPageOptions how = {.title = "capture", .level = STEP_LEVEL_PACKETS};
        g_autofree char *page = html_page(views->timeline, &how);
        g_assert(g_utf8_validate(page, -1, NULL));
    }
    g_assert(g_utf8_validate(layout.text->str, (gssize)layout.text->len, NULL));
    text_layout_clear(&layout);
}

static void close_views(Views *views)
{
    dissect_json_free(views->json);
    dissect_summary_free(views->summary);
    message_export_free(views->export);
    where_free(views->where);
    step_builder_free(views->builder);
    transcript_free(views->transcript);
    timeline_free(views->timeline);
    fclose(views->nowhere);
}

static DissectOptions options_of(guint8 choice)
{
    static const char *const rules[] = {
        "4001=smtp", "80=pop3", "21=imap", "22=smtp", "5060=http", "3128=http", "1080=smtp"};
    DissectOptions options = dissect_default_options();
    options.wants_overlaps = true;
    options.has_only_stream = (choice & CHOICE_ONE_STREAM) != 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rules) && (choice & CHOICE_EVERY_PORT) != 0; i++) {
        g_assert(dissect_options_add_port(&options, rules[i], NULL));
    }
    return options;
}

void capture_views_run(ByteSpan file, guint8 choice)
{
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(file, NULL);
    if (reader == NULL) {
        return;
    }
    Views views = {NULL};
    open_views(&views, choice);
    DissectOptions options = options_of(choice);
    DissectSink sink = {
        .event = on_event,
        .frame = (choice & CHOICE_FRAMES) != 0 ? on_frame : NULL,
    };
    {
        g_autoptr(Dissector) dissector = dissector_new(&options, &sink, &views);
        dissector_read(dissector, reader, 1, NULL, NULL);
        dissector_finish(dissector);
        if (capture_reader_damage(reader) != NULL) {
            dissect_json_damage(views.json, "capture", capture_reader_damage(reader));
        }
        finish_views(&views, dissector, choice);
    }
    close_views(&views);
}
