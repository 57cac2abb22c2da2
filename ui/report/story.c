#include "ui/report/story.h"

#include "protocol/rfc/rfc-index.h"
#include "ui/report/tale.h"

#include <string.h>

#define NUMBER_WIDTH 5
#define LEFT (NUMBER_WIDTH + 2) /* where ladder and text begin */
#define ARROW_WIDTH 8           /* what stands around the text of a line */
#define REFERENCE_WIDTH 22      /* "RFC 5321 §4.5.3.1.1", the gaps around it */
#define WIDE 130                /* from here on the meaning stands beside the ladder, else below */
#define WIDE_LADDER 52
#define NARROW_LADDER_LEAST 30
#define NARROW_LADDER_MOST 64
#define LINE_LABEL 26 /* a further line of a reply, in front of its meaning */

struct Story {
    TextLayout *layout;
    StepLevel level;
    Tale *tale; /* NULL: lines are drawn, not told */
    guint chapters;
    bool is_wide;
    guint ladder_width;
    bool has_pair; /* the names of the two hosts stand above */
    guint64 pair_stream;
};

Story *story_new(TextLayout *layout, StepLevel level)
{
    Story *story = g_new0(Story, 1);
    guint room = layout->width - MIN(layout->width, LEFT + REFERENCE_WIDTH);
    story->layout = layout;
    story->level = level;
    story->tale = level == STEP_LEVEL_STORY ? tale_new(layout) : NULL;
    story->is_wide = layout->width >= WIDE;
    story->ladder_width =
        story->is_wide ? WIDE_LADDER : CLAMP(room, NARROW_LADDER_LEAST, NARROW_LADDER_MOST);
    return story;
}

void story_free(Story *story)
{
    if (story != NULL) {
        tale_free(story->tale);
        g_free(story);
    }
}

void story_end(Story *story)
{
    if (story->tale != NULL) {
        tale_end(story->tale);
    }
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
    story_end(story); /* of the chapter before */
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
    text_layout_line(story->layout, LEFT, TEXT_LABEL, line->str);
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

/* Number, ladder, meaning, reference: side by side where there is room, else the meaning below. */
static void write_row(
    Story *story,
    const char *number,
    const char *ladder,
    const char *meaning,
    RfcReference reference
)
{
    g_autofree char *where = reference.number == 0 ? NULL : rfc_reference_to_string(reference);
    g_autofree char *label = g_strdup_printf("%*s  %s", NUMBER_WIDTH, number, ladder);
    bool has_meaning = meaning != NULL && meaning[0] != '\0';
    TextRow row = {
        .label = label,
        .label_style = TEXT_PROTOCOL,
        .label_width = LEFT + story->ladder_width + 2,
        .text = story->is_wide && has_meaning ? meaning : "",
        .note = where,
    };
    if (!story->is_wide && text_width(label) > row.label_width - 2) {
        row.label_width = text_width(label) + 2; /* what was said is never cut */
    }
    text_layout_row(story->layout, &row);
    if (!story->is_wide && has_meaning) {
        text_layout_paragraph(story->layout, LEFT + 2, TEXT_PLAIN, meaning);
    }
}

static char *number_of(const Step *step)
{
    return step->number == 0 ? g_strdup_printf("#%s", step->title)
                             : g_strdup_printf("%" G_GUINT64_FORMAT, step->number);
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
            .indent = LEFT + 2 + (story->is_wide ? story->ladder_width : 0),
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
        const StepDetail *detail =
            i - 1 < step->details->len ? &g_array_index(step->details, StepDetail, i - 1) : NULL;
        bool belongs =
            detail != NULL && detail->label != NULL && strstr(lines[i], detail->label) != NULL;
        RfcReference reference = belongs ? detail->reference : (RfcReference){0};
        if (story->is_wide) {
            g_autofree char *ladder = arrow(story, lines[i], true, true);
            write_row(story, "", ladder, belongs ? detail->text : "", reference);
            continue;
        }
        if (!belongs) {
            text_layout_paragraph(story->layout, LEFT + 2, TEXT_PROTOCOL, lines[i]);
            continue;
        }
        g_autofree char *where = reference.number == 0 ? NULL : rfc_reference_to_string(reference);
        TextRow row = {
            .indent = LEFT + 2,
            .label = lines[i],
            .label_style = TEXT_PROTOCOL,
            .label_width = LINE_LABEL,
            .text = detail->text,
            .note = where,
        };
        text_layout_row(story->layout, &row);
    }
}

static void write_details(Story *story, const Step *step)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        g_autofree char *where =
            detail->reference.number == 0 ? NULL : rfc_reference_to_string(detail->reference);
        TextRow row = {
            .indent = LEFT + 2 + detail->indent * 2,
            .label = detail->label,
            .label_style = TEXT_LABEL,
            .label_width = 16,
            .text = detail->text,
            .note = where,
        };
        text_layout_row(story->layout, &row);
    }
}

/* Octets of the part of a line that fits the page, up to a space; 0: all of it fits. */
static gsize fitting(const Story *story, const char *text)
{
    guint room = story->layout->width - LEFT - ARROW_WIDTH;
    gsize cut = 0;
    if (text_width(text) <= room) {
        return 0;
    }
    for (const char *at = strchr(text, ' '); at != NULL; at = strchr(at + 1, ' ')) {
        g_autofree char *head = g_strndup(text, (gsize)(at - text));
        if (text_width(head) > room) {
            break;
        }
        cut = (gsize)(at - text);
    }
    return cut * 2 < room ? 0 : cut; /* a long word stays with what is before it */
}

/* What was said is never cut: what does not fit goes on below, before the meaning. */
static void write_said(Story *story, const Step *step, const char *text)
{
    gsize cut = fitting(story, text);
    g_autofree char *head = cut == 0 ? g_strdup(text) : g_strndup(text, cut);
    g_autofree char *ladder = arrow(story, head, step->is_from_server, false);
    g_autofree char *number = number_of(step);
    if (cut == 0) {
        write_row(story, number, ladder, step->meaning, main_reference(step));
        return;
    }
    write_row(story, number, ladder, NULL, (RfcReference){0});
    text_layout_paragraph(story->layout, LEFT + 5, TEXT_PROTOCOL, text + cut + 1);
    write_row(story, "", "", step->meaning, main_reference(step));
}

static void write_line(Story *story, const Step *step)
{
    g_auto(GStrv) lines = g_strsplit(step->text == NULL ? "" : step->text, "\n", -1);
    write_said(story, step, lines[0] == NULL ? "" : lines[0]);
    if (lines[0] != NULL && lines[1] != NULL) {
        write_more_lines(story, step, lines);
    } else if (step->kind == STEP_MESSAGE || step->kind == STEP_CREDENTIAL) {
        write_details(story, step);
    }
    write_remarks(story, step);
}

/* Questions to the DNS go to many servers, so each row names its own two ends; so do frames that
 * belong to no connection. */
static void write_ends(Story *story, const Step *step)
{
    bool has_ends = step->from != NULL && step->to != NULL && strcmp(step->from, step->to) != 0;
    bool is_frame = step->kind == STEP_FRAME;
    g_autofree char *ends = !has_ends ? g_strdup(step->text)
                            : is_frame
                                ? g_strdup_printf("%s ─▷ %s  %s", step->from, step->to, step->text)
                                : g_strdup_printf("%s ─▷ %s", step->from, step->to);
    g_autofree char *number = number_of(step);
    write_row(story, number, ends, step->meaning, main_reference(step));
    write_remarks(story, step);
    story->has_pair = is_frame && story->has_pair;
}

/* What has no direction: an end, a gap, a log-in that is over. */
static void write_bare(Story *story, const Step *step)
{
    g_autofree char *ladder =
        arrow(story, step->text == NULL ? step->title : step->text, step->is_from_server, true);
    g_autofree char *number = number_of(step);
    write_row(story, number, ladder, step->meaning, main_reference(step));
    if (step->kind == STEP_CREDENTIAL) {
        write_details(story, step);
    }
    write_remarks(story, step);
}

static void write_world(Story *story, const Step *step)
{
    g_autofree char *text = g_strdup_printf("▸ %s", step->text == NULL ? "" : step->text);
    TextRow row = {.indent = LEFT, .text = text, .style = TEXT_GOOD};
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
    if (story->tale != NULL && step->kind != STEP_CHAPTER) {
        tale_step(story->tale, step);
        return;
    }
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
    if (step->kind == STEP_FRAME && !step->has_stream) {
        write_ends(story, step);
        return;
    }
    if (step->has_stream && (!story->has_pair || story->pair_stream != step->stream)) {
        write_pair(story, step);
    }
    switch (step->kind) {
    case STEP_COMMAND:
    case STEP_REPLY:
    case STEP_CONTINUATION:
    case STEP_CONNECTION:
    case STEP_MESSAGE:
    case STEP_CONTENT:
    case STEP_TCP:
    case STEP_FRAME:
        write_line(story, step);
        break;
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
        write_ends(story, step);
        break;
    case STEP_CREDENTIAL:
    case STEP_OPAQUE:
    case STEP_TLS:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_FRAGMENT:
    case STEP_CLOSED:
    case STEP_CHAPTER:
    case STEP_WORLD:
    case N_STEP_KINDS:
        write_bare(story, step);
        break;
    }
}
