#include "ui/report/tale.h"

#include <string.h>

#define INDENT 4
#define CLOCK_WIDTH 10

typedef struct {
    gint64 time_ns;
    TextStyle style;
    GString *text;
    bool is_continued; /* goes on with what the line before began */
    bool waits;        /* for the answer to the message that it tells of */
    guint64 stream;
} Line;

struct Tale {
    TextLayout *layout;
    GPtrArray *lines; /* Line: the first of them waits, unless there is none */
};

static void line_free(gpointer data)
{
    Line *line = data;
    g_string_free(line->text, TRUE);
    g_free(line);
}

Tale *tale_new(TextLayout *layout)
{
    Tale *tale = g_new0(Tale, 1);
    tale->layout = layout;
    tale->lines = g_ptr_array_new_with_free_func(line_free);
    return tale;
}

void tale_free(Tale *tale)
{
    if (tale != NULL) {
        g_ptr_array_unref(tale->lines);
        g_free(tale);
    }
}

static void write_line(const Tale *tale, const Line *line)
{
    gint64 seconds = line->time_ns / 1000000000 % 86400;
    g_autofree char *clock = g_strdup_printf(
        "%02u:%02u:%02u", (guint)(seconds / 3600), (guint)(seconds / 60 % 60), (guint)(seconds % 60)
    );
    TextRow row = {
        .indent = INDENT,
        .label = clock,
        .label_style = TEXT_QUIET,
        .label_width = CLOCK_WIDTH,
        .text = line->text->str,
        .style = line->style,
    };
    if (line->is_continued) {
        text_layout_paragraph(tale->layout, INDENT + CLOCK_WIDTH + 2, line->style, line->text->str);
    } else {
        text_layout_row(tale->layout, &row);
    }
}

static void write_ready(Tale *tale)
{
    guint count = 0;
    while (count < tale->lines->len && !((const Line *)tale->lines->pdata[count])->waits) {
        write_line(tale, tale->lines->pdata[count++]);
    }
    g_ptr_array_remove_range(tale->lines, 0, count);
}

void tale_end(Tale *tale)
{
    for (guint i = 0; i < tale->lines->len; i++) {
        ((Line *)tale->lines->pdata[i])->waits = false;
    }
    write_ready(tale);
}

static Line *line_that_waits(const Tale *tale, const Step *step)
{
    for (guint i = 0; step->has_stream && i < tale->lines->len; i++) {
        Line *line = tale->lines->pdata[i];
        if (line->waits && line->stream == step->stream) {
            return line;
        }
    }
    return NULL;
}

/* --- what became of a message --- */

static bool is_refusal(const Step *reply)
{
    return reply->level == STEP_LEVEL_STORY;
}

static void add_first_line(GString *text, const char *said)
{
    g_string_append_len(text, said, (gssize)strcspn(said, "\n"));
}

static void take_answer(Line *line, const Step *reply)
{
    bool is_code = reply->title != NULL && g_ascii_isdigit(reply->title[0]);
    if (is_refusal(reply)) {
        g_string_append(line->text, reply->title[0] == '4' ? ": not now (" : ": refused (");
        add_first_line(line->text, reply->text);
        g_string_append_c(line->text, ')');
        line->style = TEXT_WARNING;
    } else if (is_code) {
        g_string_append_printf(line->text, ": taken (%s)", reply->title);
    } else {
        g_string_append(line->text, ": taken");
    }
    line->waits = false;
}

/* --- sentences --- */

static const char *client_of(const Step *step)
{
    return step->is_from_server ? step->to : step->from;
}

static const char *server_of(const Step *step)
{
    return step->is_from_server ? step->from : step->to;
}

static char *name_of_message(const Step *step)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (g_strcmp0(detail->label, "Subject") == 0) {
            return g_strdup_printf("\"%s\"", detail->text);
        }
    }
    return g_strdup("a message");
}

/* "alice-laptop hands "Condiments" to mail.crepes.fr by SMTP" */
static void tell_message(Line *line, const Step *step)
{
    static const char *const words[][2] = {
        {"hands", "to"},
        {"stores", "at"},
        {"fetches", "from"},
    };
    guint which = step->is_from_server ? 2 : g_str_equal(step->protocol, "IMAP");
    g_autofree char *name = name_of_message(step);
    g_string_printf(
        line->text,
        "%s %s %s %s %s by %s",
        client_of(step),
        words[which][0],
        name,
        words[which][1],
        server_of(step),
        step->protocol
    );
    line->waits = !step->is_from_server;
    line->stream = step->stream;
}

static void tell_refusal(Line *line, const Step *step)
{
    bool is_later = step->title != NULL && step->title[0] == '4';
    bool is_web = g_str_equal(step->protocol, "HTTP");
    g_string_printf(
        line->text,
        "%s %s %s: ",
        step->from,
        is_web     ? "answers"
        : is_later ? "says \"not now\" to"
                   : "says no to",
        step->to
    );
    add_first_line(line->text, step->text);
    line->style = TEXT_WARNING;
}

/* Two ends and what happened between them. */
static void tell_between(Line *line, const Step *step, const char *what)
{
    if (step->has_stream) {
        g_string_printf(line->text, "%s and %s", client_of(step), server_of(step));
    } else {
        g_string_assign(line->text, step->from == NULL ? "the network" : step->from);
    }
    g_string_append_printf(
        line->text, "%s%s: ", step->protocol[0] == '\0' ? "" : ", ", step->protocol
    );
    add_first_line(line->text, what == NULL ? "" : what);
}

static void tell_world(Line *line, const Step *step)
{
    const char *text = step->text == NULL ? "" : step->text;
    gsize blanks = strspn(text, " ");
    line->is_continued = blanks > 0; /* of a message that a person reads */
    line->style = TEXT_GOOD;
    g_string_assign(line->text, text + blanks);
}

static void tell(Line *line, const Step *step)
{
    switch (step->kind) {
    case STEP_WORLD:
        tell_world(line, step);
        break;
    case STEP_MESSAGE:
        tell_message(line, step);
        break;
    case STEP_REPLY:
        tell_refusal(line, step);
        break;
    case STEP_COMMAND:
        g_string_printf(line->text, "%s asks %s: ", step->from, step->to);
        add_first_line(line->text, step->text);
        break;
    case STEP_CREDENTIAL:
        g_string_printf(
            line->text,
            "%s comes to %s by %s. %s",
            client_of(step),
            server_of(step),
            step->protocol,
            step->meaning
        );
        break;
    case STEP_TLS:
    case STEP_OPAQUE:
        tell_between(line, step, step->meaning);
        break;
    case STEP_CHAPTER:
    case STEP_CONNECTION:
    case STEP_CONTINUATION:
    case STEP_CONTENT:
    case STEP_DNS_QUESTION:
    case STEP_DNS_ANSWER:
    case STEP_GAP:
    case STEP_OVERLAP:
    case STEP_TCP:
    case STEP_FRAGMENT:
    case STEP_CLOSED:
    case STEP_FRAME:
    case N_STEP_KINDS:
        tell_between(line, step, step->text);
        break;
    }
}

void tale_step(Tale *tale, const Step *step)
{
    Line *waiting = line_that_waits(tale, step);
    if (waiting != NULL && step->kind == STEP_REPLY) {
        take_answer(waiting, step);
        write_ready(tale);
        return;
    }
    if (waiting != NULL && step->kind == STEP_CLOSED) {
        g_string_append(waiting->text, ": no answer came");
        waiting->style = TEXT_WARNING;
        waiting->waits = false;
    }
    if (step->level == STEP_LEVEL_STORY) {
        Line *line = g_new0(Line, 1);
        line->time_ns = step->time_ns;
        line->text = g_string_new(NULL);
        tell(line, step);
        g_ptr_array_add(tale->lines, line);
    }
    write_ready(tale);
}
