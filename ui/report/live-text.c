#include "ui/report/live-text.h"

#include "ui/report/step-text.h"

#include <string.h>

#define MARK_INDENT 17 /* below the marks of the sides that speak */

struct LiveText {
    TextLayout *layout;
    LiveTextOptions options;
    GHashTable *begins; /* stream -> when it began, gint64 each */
    bool has_stream;    /* whose lines were told last */
    guint64 stream;
    const char *protocol;
};

LiveText *live_text_new(TextLayout *layout, const LiveTextOptions *options)
{
    LiveText *live = g_new0(LiveText, 1);
    live->layout = layout;
    live->options = *options;
    live->begins = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    live->protocol = "";
    return live;
}

void live_text_free(LiveText *live)
{
    if (live != NULL) {
        g_hash_table_unref(live->begins);
        g_free(live);
    }
}

static gint64 begin_of(LiveText *live, const Step *step)
{
    gint64 stream = (gint64)step->stream;
    if (!step->has_stream) {
        return step->time_ns;
    }
    const gint64 *begin = g_hash_table_lookup(live->begins, &stream);
    if (begin == NULL) {
        g_hash_table_insert(
            live->begins,
            g_memdup2(&stream, sizeof stream),
            g_memdup2(&step->time_ns, sizeof step->time_ns)
        );
        return step->time_ns;
    }
    return *begin;
}

static void rule(LiveText *live, const char *text)
{
    g_autoptr(GString) line = g_string_new("── ");
    g_string_append_printf(line, "%s ", text);
    for (guint width = text_width(line->str); width < live->layout->width; width++) {
        g_string_append(line, "─");
    }
    text_layout_blank(live->layout);
    text_layout_line(live->layout, 0, TEXT_HEADING, line->str);
}

static void heading(LiveText *live, const Step *step)
{
    guint16 ports[2] = {step->from_port, step->to_port};
    const char *hosts[2] = {step->from, step->to};
    bool is_server = step->is_from_server;
    const LiveTextOptions *options = &live->options;
    const char *protocol = step->protocol;
    if (protocol[0] == '\0' && options->port_name != NULL) {
        protocol = options->port_name(options->data, ports[!is_server]);
    }
    protocol = protocol == NULL || protocol[0] == '\0' ? "TCP" : protocol;
    g_autofree char *text = step->has_stream
                                ? g_strdup_printf(
                                      "%s, conversation %" G_GUINT64_FORMAT " · %s:%u to %s:%u",
                                      protocol,
                                      step->stream + 1,
                                      hosts[is_server],
                                      ports[is_server],
                                      hosts[!is_server],
                                      ports[!is_server]
                                  )
                                : g_strdup(protocol);
    rule(live, text);
}

/* A connection's protocol is known from its second step on; the heading need not come twice. */
static bool goes_on(const LiveText *live, const Step *step)
{
    return step->has_stream == live->has_stream && step->stream == live->stream &&
           (step->has_stream || strcmp(live->protocol, step->protocol) == 0);
}

/* Whether the text says by itself which host it is about. */
static bool names_host(const char *text, const char *host)
{
    return host[0] == '\0' || strstr(text, host) != NULL;
}

static void inside(LiveText *live, const Step *step)
{
    const char *said = step->text == NULL ? "" : step->text;
    g_autofree char *text = g_strdup_printf("%s: %s", step->from, said);
    TextRow row = {
        .indent = MARK_INDENT,
        .label = "▸",
        .label_style = TEXT_GOOD,
        .label_width = 2,
        .text = step->from == NULL || names_host(said, step->from) ? said : text,
    };
    text_layout_row(live->layout, &row);
}

void live_text_step(LiveText *live, const Step *step)
{
    gint64 stream = (gint64)step->stream;
    if (step->level > live->options.level) {
        return;
    }
    if (step->kind == STEP_WORLD) {
        inside(live, step);
        return;
    }
    gint64 begin = begin_of(live, step);
    if (!goes_on(live, step)) {
        heading(live, step);
        live->has_stream = step->has_stream;
        live->stream = step->stream;
        live->protocol = step->protocol;
    }
    step_text_row(live->layout, step, begin);
    if (step->kind == STEP_CLOSED) {
        g_hash_table_remove(live->begins, &stream);
    }
}
