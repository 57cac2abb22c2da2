#pragma once

/* Plays a conversation of HTTP into a dialogue and writes down its events, one a line: 'c' or 's',
 * the number of the exchange, and what was seen. Runs of data are joined, so that any split of the
 * input must give the same text. Unlike the common runner it takes the pieces of a conversation as
 * a table, because a body may hold anything. */

#include "protocol/http/http-dialogue.h"
#include "tests/support/test.h"

/* One piece of a conversation: octets, a gap, or the end of a side. */
typedef struct {
    DialogueSide side;
    const char *octets; /* NULL: see the rest */
    guint64 missing;
    bool ends;
} Turn;

#define C(text)                                                                                    \
    {                                                                                              \
        .side = DIALOGUE_CLIENT, .octets = (text)                                                  \
    }
#define S(text)                                                                                    \
    {                                                                                              \
        .side = DIALOGUE_SERVER, .octets = (text)                                                  \
    }
#define C_GAP(length)                                                                              \
    {                                                                                              \
        .side = DIALOGUE_CLIENT, .missing = (length)                                               \
    }
#define S_GAP(length)                                                                              \
    {                                                                                              \
        .side = DIALOGUE_SERVER, .missing = (length)                                               \
    }
#define C_END                                                                                      \
    {                                                                                              \
        .side = DIALOGUE_CLIENT, .ends = true                                                      \
    }
#define S_END                                                                                      \
    {                                                                                              \
        .side = DIALOGUE_SERVER, .ends = true                                                      \
    }
#define TURNS 10

typedef enum {
    SEEN_BOTH,
    SEEN_CLIENT,
    SEEN_SERVER,
    SEEN_LATE,
} Seen;

typedef struct {
    const char *name;
    Seen seen;
    Turn turns[TURNS];
    const char *expected;
} Case;

typedef struct {
    GString *text;
    DialogueEventKind last_kind;
    DialogueSide last_side;
    guint64 end[2]; /* one past the last octet told */
} Trace;

static void append_defects(GString *out, guint32 defects)
{
    static const struct {
        DialogueDefect defect;
        const char *name;
    } names[] = {
        {DIALOGUE_DEFECT_SYNTAX, "syntax"},
        {DIALOGUE_DEFECT_UNKNOWN, "unknown"},
        {DIALOGUE_DEFECT_UNASKED, "unasked"},
        {DIALOGUE_DEFECT_CUT, "cut"},
        {DIALOGUE_DEFECT_BARE_LF, "bare-lf"},
        {DIALOGUE_DEFECT_TOO_LONG, "too-long"},
        {DIALOGUE_DEFECT_ORDER, "order"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((defects & names[i].defect) != 0) {
            g_string_append_printf(out, " !%s", names[i].name);
        }
    }
}

static void append_span(GString *out, ByteSpan span)
{
    g_string_append_len(out, (const char *)span.data, (gssize)span.length);
}

static void append_message(GString *out, const DialogueEvent *event)
{
    const DialogueMessage *message = event->message;
    bool is_begin = event->kind == DIALOGUE_EVENT_MESSAGE_BEGIN;
    g_string_append(out, is_begin ? "begin" : "end");
    if (is_begin) {
        append_span(out, message->section);
        g_string_append_printf(out, " %" G_GUINT64_FORMAT, message->announced);
        return;
    }
    g_string_append_printf(out, " %" G_GUINT64_FORMAT, message->octets);
    if (message->missing > 0) {
        g_string_append_printf(out, "-%" G_GUINT64_FORMAT, message->missing);
    }
    g_string_append(out, message->is_complete ? " whole" : " partial");
}

static void append_credential(GString *out, const DialogueCredential *credential)
{
    g_string_append_printf(out, "login %s ", credential->method);
    append_span(out, credential->identity);
    g_string_append_c(out, ':');
    append_span(out, credential->secret);
    append_span(out, credential->proof);
    g_string_append(out, !credential->is_answered ? " ?" : credential->succeeded ? " yes" : " no");
}

static void append_event(Trace *trace, const DialogueEvent *event)
{
    GString *out = trace->text;
    bool is_run = event->kind == DIALOGUE_EVENT_MESSAGE_DATA ||
                  (event->kind == DIALOGUE_EVENT_OPAQUE && event->text.length > 0);
    bool goes_on = is_run && trace->last_kind == event->kind && trace->last_side == event->side;
    if (goes_on && !event->is_secret) {
        append_span(out, event->text);
        trace->end[event->side] = event->to;
        return;
    }
    if (goes_on) {
        trace->end[event->side] = event->to;
        return;
    }
    g_string_append(out, out->len > 0 ? "\n" : "");
    g_string_append_printf(
        out, "%c%" G_GUINT64_FORMAT " ", event->side == DIALOGUE_CLIENT ? 'c' : 's', event->exchange
    );
    switch (event->kind) {
    case DIALOGUE_EVENT_COMMAND:
        g_string_append(out, "[");
        append_span(out, event->verb);
        g_string_append(out, "][");
        append_span(out, event->arguments);
        g_string_append(out, "]");
        break;
    case DIALOGUE_EVENT_REPLY:
    case DIALOGUE_EVENT_CONTINUATION:
        append_span(out, event->text);
        g_string_append(out, event->is_first ? " <" : "");
        g_string_append(out, event->is_last ? " >" : "");
        g_string_append(out, event->is_intermediate ? " ..." : "");
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_MESSAGE_END:
        append_message(out, event);
        break;
    case DIALOGUE_EVENT_MESSAGE_DATA:
        g_string_append(out, "data ");
        append_span(out, event->is_secret ? BYTE_SPAN_EMPTY : event->text);
        break;
    case DIALOGUE_EVENT_CREDENTIAL:
        append_credential(out, event->credential);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        g_string_append(out, "opaque ");
        append_span(out, event->text);
        break;
    case DIALOGUE_EVENT_MISSING:
        g_string_append_printf(out, "missing %" G_GUINT64_FORMAT, event->missing);
        break;
    }
    g_string_append(out, event->is_secret ? " secret" : "");
    append_defects(out, event->defects);
    assert_true(event->from <= event->to);
    assert_true(event->from >= trace->end[event->side] || event->text.length == 0);
    trace->end[event->side] = event->to;
    trace->last_kind = is_run ? event->kind : DIALOGUE_EVENT_COMMAND;
    trace->last_side = event->side;
}

static void drain(HttpDialogue *dialogue, Trace *trace)
{
    DialogueEvent event;
    while (http_dialogue_class.next(dialogue, &event)) {
        append_event(trace, &event);
    }
}

static void feed_pieces(HttpDialogue *dialogue, const Turn *turn, gsize piece, Trace *trace)
{
    gsize length = strlen(turn->octets);
    for (gsize at = 0; at < length; at += piece) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        gsize taken = MIN(piece, length - at);
        http_dialogue_class.feed(
            dialogue, turn->side, unterminated(turn->octets + at, taken, keep)
        );
        drain(dialogue, trace);
    }
}

static char *run_case(const Case *test_case, gsize piece)
{
    g_autoptr(HttpDialogue) dialogue = http_dialogue_new();
    Trace trace = {.text = g_string_new(NULL)};
    if (test_case->seen == SEEN_LATE) {
        http_dialogue_class.set_joined_late(dialogue);
    } else if (test_case->seen != SEEN_BOTH) {
        http_dialogue_class.set_one_sided(
            dialogue, test_case->seen == SEEN_CLIENT ? DIALOGUE_CLIENT : DIALOGUE_SERVER
        );
    }
    for (gsize i = 0; i < TURNS; i++) {
        const Turn *turn = &test_case->turns[i];
        if (turn->octets != NULL) {
            feed_pieces(dialogue, turn, piece, &trace);
        } else if (turn->missing > 0) {
            http_dialogue_class.feed_missing(dialogue, turn->side, turn->missing);
            drain(dialogue, &trace);
        } else if (turn->ends) {
            http_dialogue_class.finish(dialogue, turn->side);
            drain(dialogue, &trace);
        }
    }
    return g_string_free(trace.text, FALSE);
}

/* How a secret is streamed hangs on the pieces; that it is masked does not. */
static char *mask_secret_data(const char *trace)
{
    GRegex *regex =
        g_regex_new("data [^\n]* secret|data u[^\n]*|data \\{\"p[^\n]*", G_REGEX_RAW, 0, NULL);
    char *masked = g_regex_replace_literal(regex, trace, -1, 0, "data *", 0, NULL);
    g_regex_unref(regex);
    return masked;
}

static void assert_cases(const Case *cases, gsize n_cases)
{
    for (gsize i = 0; i < n_cases; i++) {
        static const gsize pieces[] = {G_MAXSIZE / 2, 1, 2, 3, 7, 16};
        for (gsize j = 0; j < G_N_ELEMENTS(pieces); j++) {
            g_autofree char *trace = run_case(&cases[i], pieces[j]);
            g_autofree char *masked = mask_secret_data(trace);
            if (strcmp(masked, cases[i].expected) != 0) {
                fail_msg("%s, pieces of %zu:\n%s\n", cases[i].name, pieces[j], masked);
            }
        }
    }
}
