#include "ui/report/story.h"

#include "protocol/rfc/rfc-index.h"

#include <string.h>

#define NUMBER_WIDTH 5
#define LADDER_WIDTH 46 /* where the page is wide enough; else two fifths of it */
#define LADDER_LEAST 34

struct Story {
    TextLayout *layout;
    StepLevel level;
    guint chapters;
    guint ladder_width;
    bool has_pair; /* the names of the two hosts stand above */
    guint64 pair_stream;
};

Story *story_new(TextLayout *layout, StepLevel level)
{
    Story *story = g_new0(Story, 1);
    story->layout = layout;
    story->level = level;
    story->ladder_width = CLAMP(layout->width * 2 / 5, LADDER_LEAST, LADDER_WIDTH);
    return story;
}

void story_free(Story *story)
{
    g_free(story);
}

static char *clock_text(gint64 time_ns)
{
    gint64 in_day = time_ns / 1000000 % 86400000;
    return g_strdup_printf(
        "%02u:%02u:%02u.%03u",
        (guint)(in_day / 3600000),
        (guint)(in_day / 60000 % 60),
        (guint)(in_day / 1000 % 60),
        (guint)(in_day % 1000)
    );
}

void story_title(Story *story, const char *title, const char *aside, const char *about)
{
    TextRow row = {.text = title, .style = TEXT_HEADING, .note = aside};
    text_layout_row(story->layout, &row);
    if (about != NULL) {
        text_layout_paragraph(story->layout, 0, TEXT_PLAIN, about);
    }
}

void story_what_if(Story *story, const char *line)
{
    TextRow row = {
        .label = "what if",
        .label_style = TEXT_WARNING,
        .label_width = 9,
        .text = line,
        .style = TEXT_WARNING,
    };
    text_layout_row(story->layout, &row);
}

void story_skip(Story *story, const Step *step)
{
    story->chapters += step->kind == STEP_CHAPTER;
}

static void write_chapter(Story *story, const Step *step)
{
    g_autofree char *clock = clock_text(step->time_ns);
    g_autofree char *heading = g_strdup_printf("%u · %s", ++story->chapters, step->title);
    TextRow row = {.text = heading, .style = TEXT_HEADING, .note = clock};
    text_layout_blank(story->layout);
    text_layout_row(story->layout, &row);
    if (step->meaning != NULL) {
        text_layout_paragraph(story->layout, 4, TEXT_QUIET, step->meaning);
    }
    story->has_pair = false;
}

static void append_times(GString *text, const char *piece, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_string_append(text, piece);
    }
}

/* The names of the two hosts, above the two ends of the arrows. */
static void write_pair(Story *story, const Step *step)
{
    const char *client = step->is_from_server ? step->to : step->from;
    const char *server = step->is_from_server ? step->from : step->to;
    guint client_width = text_width(client);
    guint server_width = text_width(server);
    guint gap = story->ladder_width > client_width + server_width + 2
                    ? story->ladder_width - client_width - server_width
                    : 2;
    g_autoptr(GString) line = g_string_new(client);
    append_times(line, " ", gap);
    g_string_append(line, server);
    text_layout_blank(story->layout);
    text_layout_line(story->layout, NUMBER_WIDTH + 2, TEXT_LABEL, line->str);
    story->has_pair = true;
    story->pair_stream = step->stream;
}

/* "├── EHLO alice ────▶│" for the client, "│◀── 250 ok ────┤" for the server. */
static char *arrow(const Story *story, const char *text, bool is_from_server, bool is_bare)
{
    guint inner = story->ladder_width - 2;
    guint width = text_width(text);
    guint drawn = is_from_server ? 5 : 6; /* what stands around the text besides the tail */
    guint tail = inner > width + drawn ? inner - width - drawn : 1;
    g_autoptr(GString) line = g_string_new(is_from_server ? "│◀── " : "├── ");
    if (is_bare) {
        g_string_assign(line, "│ ");
        g_string_append(line, text);
        append_times(line, " ", inner > width + 1 ? inner - width - 1 : 1);
        g_string_append(line, "│");
        return g_string_free(g_steal_pointer(&line), FALSE);
    }
    g_string_append_printf(line, "%s ", text);
    append_times(line, "─", tail);
    g_string_append(line, is_from_server ? "┤" : "─▶│");
    return g_string_free(g_steal_pointer(&line), FALSE);
}

static void write_row(
    Story *story, guint64 number, const char *ladder, const char *meaning, RfcReference reference
)
{
    g_autofree char *where = reference.number == 0 ? NULL : rfc_reference_to_string(reference);
    g_autofree char *label =
        number == 0 ? g_strdup_printf("%*s  %s", NUMBER_WIDTH, "", ladder)
                    : g_strdup_printf("%*" G_GUINT64_FORMAT "  %s", NUMBER_WIDTH, number, ladder);
    TextRow row = {
        .label = label,
        .label_style = TEXT_PROTOCOL,
        .label_width = NUMBER_WIDTH + 2 + story->ladder_width + 2,
        .text = meaning == NULL ? "" : meaning,
        .note = where,
    };
    text_layout_row(story->layout, &row);
}

static RfcReference main_reference(const Step *step)
{
    return step->references->len > 0 ? g_array_index(step->references, RfcReference, 0)
                                     : (RfcReference){0};
}

static void write_remarks(Story *story, const Step *step)
{
    for (guint i = 0; i < step->remarks->len; i++) {
        const StepRemark *remark = &g_array_index(step->remarks, StepRemark, i);
        g_autofree char *where =
            remark->reference.number == 0 ? NULL : rfc_reference_to_string(remark->reference);
        g_autofree char *text = g_strdup_printf("! %s", remark->text);
        TextRow row = {
            .indent = NUMBER_WIDTH + 2 + story->ladder_width + 2,
            .text = text,
            .style = remark->severity == REMARK_NOTE ? TEXT_QUIET : TEXT_WARNING,
            .note = where,
        };
        text_layout_row(story->layout, &row);
    }
}

/* The lines of a reply beyond the first, each with what the step knows of it. */
static void write_more_lines(Story *story, const Step *step, char **lines)
{
    for (guint i = 1; lines[i] != NULL; i++) {
        g_autofree char *ladder = arrow(story, lines[i], true, true);
        const StepDetail *detail =
            i - 1 < step->details->len ? &g_array_index(step->details, StepDetail, i - 1) : NULL;
        bool belongs =
            detail != NULL && detail->label != NULL && strstr(lines[i], detail->label) != NULL;
        write_row(
            story,
            0,
            ladder,
            belongs ? detail->text : "",
            belongs ? detail->reference : (RfcReference){0}
        );
    }
}

static void write_details(Story *story, const Step *step)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        g_autofree char *where =
            detail->reference.number == 0 ? NULL : rfc_reference_to_string(detail->reference);
        TextRow row = {
            .indent = NUMBER_WIDTH + 4 + detail->indent * 2,
            .label = detail->label,
            .label_style = TEXT_LABEL,
            .label_width = 16,
            .text = detail->text,
            .note = where,
        };
        text_layout_row(story->layout, &row);
    }
}

static void write_line(Story *story, const Step *step)
{
    g_auto(GStrv) lines = g_strsplit(step->text == NULL ? "" : step->text, "\n", -1);
    const char *first = lines[0] == NULL ? "" : lines[0];
    g_autofree char *ladder = arrow(story, first, step->is_from_server, false);
    write_row(story, step->number, ladder, step->meaning, main_reference(step));
    if (lines[0] != NULL && lines[1] != NULL) {
        write_more_lines(story, step, lines);
    } else if (step->kind == STEP_MESSAGE || step->kind == STEP_CREDENTIAL) {
        write_details(story, step);
    }
    write_remarks(story, step);
}

/* Questions to the DNS go to many servers, so each row names its own two ends. */
static void write_dns(Story *story, const Step *step)
{
    g_autofree char *ends = g_strdup_printf("%s ─▷ %s", step->from, step->to);
    write_row(story, step->number, ends, step->meaning, main_reference(step));
    write_remarks(story, step);
    story->has_pair = false;
}

static void write_bare(Story *story, const Step *step)
{
    const char *text = step->title == NULL ? step->text : step->title;
    g_autofree char *ladder = arrow(story, text == NULL ? "" : text, step->is_from_server, true);
    write_row(story, step->number, ladder, step->meaning, main_reference(step));
    if (step->kind == STEP_MESSAGE || step->kind == STEP_CREDENTIAL) {
        write_details(story, step);
    }
    write_remarks(story, step);
}

static void write_world(Story *story, const Step *step)
{
    g_autofree char *text = g_strdup_printf("▸ %s", step->text == NULL ? "" : step->text);
    TextRow row = {.indent = NUMBER_WIDTH + 2, .text = text, .style = TEXT_GOOD};
    text_layout_row(story->layout, &row);
}

/* That each side has finished is part of the row that says the connection is over. */
static bool is_told_later(const Story *story, const Step *step)
{
    return step->kind == STEP_TCP && story->level < STEP_LEVEL_PACKETS &&
           g_strcmp0(step->title, "FIN") == 0;
}

void story_step(Story *story, const Step *step)
{
    if (step->level > story->level || is_told_later(story, step)) {
        return;
    }
    if (step->kind == STEP_CHAPTER) {
        write_chapter(story, step);
        return;
    }
    if (step->kind == STEP_WORLD) {
        write_world(story, step);
        return;
    }
    if (step->has_stream && (!story->has_pair || story->pair_stream != step->stream)) {
        write_pair(story, step);
    }
    switch (step->kind) {
    case STEP_COMMAND:
    case STEP_REPLY:
    case STEP_CONTINUATION:
        write_line(story, step);
        break;
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
        write_dns(story, step);
        break;
    case STEP_CONNECTION:
    case STEP_MESSAGE:
    case STEP_CREDENTIAL:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_TCP:
    case STEP_FRAGMENT:
    case STEP_CLOSED:
    case STEP_FRAME:
    case STEP_CHAPTER:
    case STEP_WORLD:
    case N_STEP_KINDS:
        write_bare(story, step);
        break;
    }
}
