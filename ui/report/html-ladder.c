#include "ui/report/html-ladder.h"

#include "ui/report/html-text.h"
#include "ui/report/ladder.h"

#define PAGE_WIDTH 900
#define LEFT 150
#define RIGHT 750
#define TOP 40
#define ROW 28
#define LABEL_LETTERS 76
#define ROWS_MAXIMUM 2000

static bool is_of(const Step *step, guint64 stream, StepLevel level)
{
    return step->has_stream && step->stream == stream && ladder_shows(step, level) &&
           step->kind != STEP_CLOSED;
}

static void put_text(GString *page, int x, int y, const char *class, const char *text)
{
    g_string_append_printf(page, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
    html_text(page, text);
    g_string_append(page, "</text>");
}

static void put_arrow(GString *page, const Step *step, int y)
{
    bool goes_left = step->is_from_server;
    int from = goes_left ? RIGHT : LEFT;
    int to = goes_left ? LEFT : RIGHT;
    int tip = goes_left ? 9 : -9;
    const char *class = step->kind == STEP_MESSAGE ? "arrow message" : "arrow";
    g_string_append_printf(
        page, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"%s\"/>", from, y, to, y, class
    );
    g_string_append_printf(page, "<path d=\"M%d %d l%d -4 l0 8 z\" class=\"tip\"/>", to, y, tip);
}

static void put_step(GString *page, const Step *step, int y)
{
    g_autofree char *label = ladder_label(step);
    g_autofree char *shown = html_clip(label, LABEL_LETTERS);
    g_autofree char *number = step->kind == STEP_FRAME
                                  ? g_strdup_printf("#%s", step->title)
                                  : g_strdup_printf("%" G_GUINT64_FORMAT, step->number);
    g_string_append(page, "<g>");
    html_element(page, "title", NULL, step->meaning);
    put_text(page, 40, y + 4, "number", number);
    if (ladder_has_arrow(step)) {
        put_arrow(page, step, y);
        put_text(page, (LEFT + RIGHT) / 2, y - 5, "label", shown);
    } else {
        put_text(page, (LEFT + RIGHT) / 2, y + 3, "note", shown);
    }
    g_string_append(page, "</g>\n");
}

static void put_hosts(GString *page, const Step *step)
{
    put_text(page, LEFT, 20, "host", step->is_from_server ? step->to : step->from);
    put_text(page, RIGHT, 20, "host", step->is_from_server ? step->from : step->to);
}

void html_ladder(GString *page, const Timeline *timeline, guint64 stream, StepLevel level)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new();
    for (guint i = 0; i < timeline_count(timeline) && steps->len < ROWS_MAXIMUM; i++) {
        const Step *step = timeline_step(timeline, i);
        if (is_of(step, stream, level)) {
            g_ptr_array_add(steps, (gpointer)step);
        }
    }
    if (steps->len == 0) {
        return;
    }
    int height = TOP + (int)(steps->len + 1) * ROW;
    g_string_append_printf(
        page,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Sequence diagram\">\n",
        PAGE_WIDTH,
        height
    );
    put_hosts(page, steps->pdata[0]);
    for (int x = LEFT; x <= RIGHT; x += RIGHT - LEFT) {
        g_string_append_printf(
            page,
            "<line x1=\"%d\" y1=\"28\" x2=\"%d\" y2=\"%d\" class=\"lane\"/>\n",
            x,
            x,
            height - 8
        );
    }
    for (guint i = 0; i < steps->len; i++) {
        put_step(page, steps->pdata[i], TOP + ((int)i + 1) * ROW - 6);
    }
    g_string_append(page, "</svg>\n");
}
