/* The step in words: what was said, what it means, why it comes now, where it is written. And the
 * teaching note of its chapter. */

#include "ui/terminal/stage-private.h"

#include "ui/report/text-layout.h"

#include <string.h>

#define LINES_SHOWN 60
#define LABEL_WIDEST 24
#define LABEL_LEAST 7
#define LINE_WIDEST 26

static RfcReference main_reference(const Step *step)
{
    return step->references->len > 0 ? g_array_index(step->references, RfcReference, 0)
                                     : (RfcReference){0};
}

/* The row below a reply that says what this one line of it means: its label is the line's end. */
static const StepDetail *detail_of_line(const Step *step, const char *line, guint64 *taken)
{
    g_autofree char *trimmed = g_strchomp(g_strdup(line));
    for (guint i = 0; i < MIN(step->details->len, 64); i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        guint64 bit = G_GUINT64_CONSTANT(1) << i;
        if ((*taken & bit) == 0 && detail->label[0] != '\0' &&
            g_str_has_suffix(trimmed, detail->label)) {
            *taken |= bit;
            return detail;
        }
    }
    return NULL;
}

static guint widest_line(char **lines)
{
    guint widest = 0;
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i < LINES_SHOWN; i++) {
        widest = MAX(widest, text_width(lines[i]));
    }
    return widest;
}

/* The details that are told beside the lines behind the first. */
static guint64 taken_by_lines(const Step *step, char **lines)
{
    guint64 taken = 0;
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i < LINES_SHOWN; i++) {
        detail_of_line(step, lines[i], &taken);
    }
    return taken;
}

/* The lines behind the first, each with what it means. */
static void put_further_lines(const Step *step, char **lines, PaneText *pane)
{
    guint64 taken = 0;
    guint width = MIN(widest_line(lines), LINE_WIDEST) + 2;
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL && i < LINES_SHOWN; i++) {
        const StepDetail *detail = detail_of_line(step, lines[i], &taken);
        if (detail == NULL) {
            pane_text_line(pane, CELL_PROTOCOL, lines[i]);
            continue;
        }
        PaneRow row = {
            .label = lines[i],
            .label_style = CELL_PROTOCOL,
            .label_width = width,
            .text = detail->text,
            .reference = detail->reference,
        };
        pane_text_row(pane, &row);
    }
}

static void put_remarks(const Step *step, PaneText *pane)
{
    static const CellStyle styles[] = {CELL_QUIET, CELL_WARNING, CELL_BAD};
    static const char *const marks[] = {"i", "!", "!!"};
    for (guint i = 0; i < step->remarks->len; i++) {
        const StepRemark *remark = &g_array_index(step->remarks, StepRemark, i);
        PaneRow row = {
            .label = marks[remark->severity],
            .label_style = styles[remark->severity],
            .label_width = 3,
            .text = remark->text,
            .style = styles[remark->severity],
            .reference = remark->reference,
        };
        pane_text_row(pane, &row);
        if (remark->instead != NULL) {
            pane_text_row(pane, &(PaneRow){.indent = 3, .text = remark->instead});
        }
    }
}

static bool is_taken(guint64 taken, guint index)
{
    return index < 64 && (taken & G_GUINT64_CONSTANT(1) << index) != 0;
}

/* The column in which all labelled rows of the pane begin, that the eye finds them. */
static guint label_column(const Step *step, guint64 taken)
{
    guint widest = LABEL_LEAST;
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (!is_taken(taken, i)) {
            widest = MAX(widest, text_width(detail->label) + 2 * detail->indent);
        }
    }
    return MIN(widest, LABEL_WIDEST) + 2;
}

static void put_details(const Step *step, PaneText *pane, guint64 taken, guint column)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (is_taken(taken, i)) {
            continue;
        }
        PaneRow row = {
            .indent = 2 * detail->indent,
            .label = detail->label,
            .label_style = CELL_LABEL,
            .label_width = column - MIN(2 * detail->indent, column - 2),
            .text = detail->text,
            .reference = detail->reference,
        };
        pane_text_row(pane, &row);
    }
}

static void put_labelled(PaneText *pane, guint column, const char *label, const char *text)
{
    PaneRow row = {.label = label, .label_style = CELL_LABEL, .label_width = column, .text = text};
    pane_text_row(pane, &row);
}

static void put_answers(const Stage *stage, const Step *step, PaneText *pane, guint column)
{
    const Step *command =
        step->answers == 0 ? NULL : timeline_find(stage_timeline(stage), step->answers);
    if (command != NULL && command->title != NULL) {
        g_autofree char *text =
            g_strdup_printf("%s, step %" G_GUINT64_FORMAT, command->title, command->number);
        put_labelled(pane, column, "answers", text);
    }
}

static void put_frames(const Step *step, PaneText *pane, guint column)
{
    if (step->frames->len == 0) {
        return;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < step->frames->len && i < 12; i++) {
        g_string_append_printf(
            text,
            "%s%" G_GUINT64_FORMAT,
            i == 0 ? "" : ", ",
            g_array_index(step->frames, guint64, i)
        );
    }
    if (step->frames->len > 12) {
        g_string_append_printf(text, " and %u more", step->frames->len - 12);
    }
    if (step->from != NULL && step->to != NULL && strcmp(step->from, step->to) != 0) {
        g_string_append_printf(text, ", %s to %s", step->from, step->to);
    }
    put_labelled(pane, column, step->frames->len == 1 ? "frame" : "frames", text->str);
}

static void put_packet(const Stage *stage, const Step *step, PaneText *pane, guint column)
{
    CaptureFrame frame;
    if (step->kind == STEP_FRAME && step->frames->len > 0 &&
        recording_frame(
            stage_shown(stage)->recording, g_array_index(step->frames, guint64, 0), &frame
        )) {
        view_packet(&frame, pane, column);
    }
}

static void put_references(const Step *step, PaneText *pane)
{
    for (guint i = 1; i < step->references->len; i++) {
        PaneRow row = {
            .text = i == 1 ? "See also" : "",
            .style = CELL_QUIET,
            .reference = g_array_index(step->references, RfcReference, i),
        };
        pane_text_row(pane, &row);
    }
}

static void put_state(const Step *step, PaneText *pane, guint column)
{
    if (step->state_after != NULL) {
        g_autofree char *text = g_strdup_printf(
            "%s%s%s",
            step->state_before == NULL ? "" : step->state_before,
            step->state_before == NULL ? "" : ", then ",
            step->state_after
        );
        put_labelled(pane, column, "state", text);
    }
}

void view_meaning(const Stage *stage, PaneText *pane)
{
    const Step *step = stage_step(stage);
    if (step == NULL) {
        return;
    }
    g_auto(GStrv) lines = g_strsplit(step->text == NULL ? "" : step->text, "\n", LINES_SHOWN + 1);
    bool is_told = step->kind == STEP_CHAPTER || step->kind == STEP_WORLD;
    PaneRow first = {
        .text = lines[0],
        .style = is_told ? CELL_HEADING : CELL_PROTOCOL,
        .reference = main_reference(step),
    };
    pane_text_row(pane, &first);
    if (step->meaning != NULL && g_strcmp0(step->meaning, step->text) != 0) {
        pane_text_line(pane, CELL_PLAIN, step->meaning);
    }
    guint64 taken = taken_by_lines(step, lines);
    guint column = label_column(step, taken);
    if (step->why != NULL) {
        put_labelled(pane, column, "why now", step->why);
    } else {
        put_answers(stage, step, pane, column);
    }
    put_further_lines(step, lines, pane);
    put_packet(stage, step, pane, column);
    put_details(step, pane, taken, column);
    put_remarks(step, pane);
    put_references(step, pane);
    put_state(step, pane, column);
    put_frames(step, pane, column);
}

void view_note(const Stage *stage, PaneText *pane)
{
    guint number;
    const Step *chapter = stage_chapter(stage, &number);
    if (chapter == NULL) {
        pane_text_line(
            pane,
            CELL_PLAIN,
            stage->options.play == NULL
                ? "A capture has no teaching notes; scenarios have one for each chapter."
                : "The first chapter has not begun."
        );
        return;
    }
    g_autofree char *heading = g_strdup_printf("%u · %s", number, chapter->title);
    pane_text_line(pane, CELL_HEADING, heading);
    pane_text_line(
        pane, CELL_PLAIN, chapter->meaning == NULL ? "This chapter has no note." : chapter->meaning
    );
}

void view_predict(const Stage *stage, PaneText *pane)
{
    const Step *reply = stage_step_at(stage, stage->position + 1);
    const Step *command = timeline_find(stage_timeline(stage), reply->answers);
    g_autofree char *question = g_strdup_printf(
        "What does %s answer to %s (step %" G_GUINT64_FORMAT ")?",
        reply->from,
        command == NULL ? "this" : command->title,
        reply->answers
    );
    pane_text_line(pane, CELL_HEADING, question);
    for (guint i = 0; i < stage->choice_count; i++) {
        const StageChoice *choice = &stage->choices[i];
        bool is_chosen = stage->chosen == i;
        g_autofree char *label =
            g_strdup_printf("%s %c  %s", is_chosen ? "▶" : " ", (char)('a' + i), choice->token);
        PaneRow row = {
            .label = label,
            .label_style = is_chosen ? CELL_CURSOR : CELL_PROTOCOL,
            .label_width = 18,
            .text = choice->meaning,
        };
        pane_text_row(pane, &row);
    }
    pane_text_blank(pane);
    pane_text_line(
        pane,
        CELL_QUIET,
        "a to d: the class has chosen.  Enter: reveal.  Esc: not now.  t: no more."
    );
}
