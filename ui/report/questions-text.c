/* Questions and their answers as text: answered, or as a sheet and its key. */

#include "ui/report/questions.h"

#define FRAMES_SHOWN 12

/* "frames 3 to 5, 9" */
static char *frames_text(const GArray *frames)
{
    GString *text = g_string_new(frames->len == 1 ? "frame" : "frames");
    guint shown = 0;
    for (guint i = 0; i < frames->len && shown < FRAMES_SHOWN; shown++) {
        guint64 first = g_array_index(frames, guint64, i);
        guint64 last = first;
        while (++i < frames->len && g_array_index(frames, guint64, i) == last + 1) {
            last++;
        }
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, shown == 0 ? " " : ", ", first);
        if (last > first) {
            g_string_append(text, last == first + 1 ? ", " : " to ");
            g_string_append_printf(text, "%" G_GUINT64_FORMAT, last);
        }
    }
    g_string_append(text, shown == FRAMES_SHOWN ? " ..." : "");
    return g_string_free(text, FALSE);
}

static void
write_answer(TextLayout *layout, guint number, const QuestionAnswer *answer, bool is_key)
{
    g_autofree char *frames = frames_text(answer->frames);
    g_autofree char *label = g_strdup_printf("%u", number);
    g_autofree char *text = answer->frames->len == 0
                                ? g_strdup(answer->answer)
                                : g_strdup_printf("%s  [%s]", answer->answer, frames);
    TextRow row = {
        .indent = 2, .label = label, .label_width = 4, .text = is_key ? text : answer->question};
    text_layout_row(layout, &row);
    if (!is_key) {
        row = (TextRow){.indent = 8, .text = text, .style = TEXT_PROTOCOL};
        text_layout_row(layout, &row);
    }
}

static void write_question(TextLayout *layout, guint number, const QuestionAnswer *answer)
{
    g_autofree char *label = g_strdup_printf("%u", number);
    guint room = layout->width > 12 ? MIN(layout->width - 8, 72) : 20;
    g_autofree char *line = g_strnfill(room, '_');
    TextRow row = {.indent = 2, .label = label, .label_width = 4, .text = answer->question};
    text_layout_row(layout, &row);
    text_layout_blank(layout);
    text_layout_line(layout, 6, TEXT_QUIET, line);
    text_layout_blank(layout);
}

static void
write_stream(TextLayout *layout, const Timeline *timeline, guint64 stream, bool asks, bool is_key)
{
    g_autoptr(GPtrArray) answers = questions_of_stream(timeline, stream);
    g_autofree char *heading = g_strdup_printf("Stream %" G_GUINT64_FORMAT, stream);
    text_layout_paragraph(layout, 0, TEXT_HEADING, heading);
    for (guint i = 0; i < answers->len; i++) {
        if (asks) {
            write_question(layout, i + 1, answers->pdata[i]);
        } else {
            write_answer(layout, i + 1, answers->pdata[i], is_key);
        }
    }
    text_layout_blank(layout);
}

void questions_write(TextLayout *layout, const Timeline *timeline, QuestionsForm form)
{
    g_autoptr(GArray) streams = questions_streams(timeline);
    bool asks = form == QUESTIONS_SHEET;
    if (streams->len == 0) {
        text_layout_paragraph(
            layout, 0, TEXT_PLAIN, "No mail conversation can be read in this capture."
        );
    }
    for (guint i = 0; i < streams->len; i++) {
        write_stream(layout, timeline, g_array_index(streams, guint64, i), asks, false);
    }
    if (asks && streams->len > 0) {
        g_string_append_c(layout->text, '\f'); /* the key begins on a page of its own */
        text_layout_paragraph(layout, 0, TEXT_HEADING, "Key");
        text_layout_blank(layout);
        for (guint i = 0; i < streams->len; i++) {
            write_stream(layout, timeline, g_array_index(streams, guint64, i), false, true);
        }
    }
}
