#include "tests/support/dialogue-runner.h"

#include "tests/support/test.h"

typedef struct {
    const DialogueClass *class;
    void *dialogue;
    GString *log;
    GString *message; /* octets of the open message, escaped */
    guint64 message_from;
} Runner;

static void note_span(Runner *runner, const char *before, ByteSpan span, const char *after)
{
    g_autofree char *text = byte_span_to_display(span);
    g_string_append_printf(runner->log, "%s%s%s", before, text, after);
}

static void note_defects(Runner *runner, guint32 defects)
{
    static const char *const names[] = {
        "lf",
        "cr",
        "long",
        "nul",
        "8bit",
        "unknown",
        "syntax",
        "space",
        "bare",
        "order",
        "plain",
        "injected",
        "lf-dot",
        "unasked",
        "trail",
        "cut",
    };
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((defects & 1u << i) != 0) {
            g_string_append_printf(runner->log, " !%s", names[i]);
        }
    }
}

static void note_reply(Runner *runner, const DialogueEvent *event)
{
    note_span(runner, "reply ", event->text, "");
    g_string_append_printf(runner->log, " #%u", (guint)event->exchange);
    if (event->enhanced.length > 0) {
        note_span(runner, " {", event->enhanced, "}");
    }
    g_string_append(runner->log, event->is_first ? "" : " more");
    g_string_append(runner->log, event->is_last ? "" : " open");
    g_string_append(runner->log, event->is_intermediate ? " go" : "");
}

static void note_credential(Runner *runner, const DialogueCredential *credential)
{
    g_string_append_printf(runner->log, "credential %s", credential->method);
    note_span(runner, " user [", credential->identity, "]");
    note_span(runner, " secret [", credential->secret, "]");
    note_span(runner, " challenge [", credential->challenge, "]");
    note_span(runner, " proof [", credential->proof, "]");
    g_string_append_printf(
        runner->log,
        " %s",
        !credential->is_answered ? "unanswered" : (credential->succeeded ? "yes" : "no")
    );
}

static void note_message_end(Runner *runner, const DialogueEvent *event)
{
    const DialogueMessage *message = event->message;
    g_string_append_printf(runner->log, "end [%s]", runner->message->str);
    g_string_append_printf(
        runner->log,
        " %u octets, %u missing, %s",
        (guint)message->octets,
        (guint)message->missing,
        message->is_complete ? "complete" : "incomplete"
    );
    if (message->has_envelope) {
        note_span(runner, " from <", message->reverse_path, ">");
        note_span(runner, " to ", message->forward_paths, "");
    }
    g_string_truncate(runner->message, 0);
}

/* IMAP: which message, which part of it, and how many octets were announced. */
static void note_literal(Runner *runner, const DialogueMessage *message)
{
    bool is_fetch = message->kind == DIALOGUE_MESSAGE_FETCH;
    if (!is_fetch && message->kind != DIALOGUE_MESSAGE_APPEND) {
        return;
    }
    if (is_fetch) {
        g_string_append_printf(runner->log, " of %u", (guint)message->retrieved_number);
        note_span(runner, " [", message->section, "]");
    }
    if (message->is_partial) {
        g_string_append_printf(runner->log, "<%u>", (guint)message->origin);
    }
    g_string_append_printf(runner->log, " {%u}", (guint)message->announced);
}

static void note_event(Runner *runner, const DialogueEvent *event)
{
    static const char *const message_kinds[] = {
        "DATA",
        "BDAT",
        "RETR",
        "TOP",
        "FETCH",
        "APPEND",
        "HTTP",
    };
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        g_autofree char *text = byte_span_to_display(event->text);
        g_string_append(runner->message, text);
        return;
    }
    g_string_append_printf(runner->log, "%c ", event->side == DIALOGUE_CLIENT ? 'C' : 'S');
    switch (event->kind) {
    case DIALOGUE_EVENT_COMMAND:
        if (event->tag.length > 0) {
            note_span(runner, "(", event->tag, ") ");
        }
        note_span(runner, "command ", event->verb, "");
        note_span(runner, " [", event->arguments, "]");
        g_string_append_printf(runner->log, " #%u", (guint)event->exchange);
        break;
    case DIALOGUE_EVENT_REPLY:
        note_reply(runner, event);
        break;
    case DIALOGUE_EVENT_CONTINUATION:
        note_span(runner, "continuation [", event->text, "]");
        g_string_append_printf(runner->log, " #%u", (guint)event->exchange);
        break;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
        g_string_append_printf(runner->log, "begin %s", message_kinds[event->message->kind]);
        note_literal(runner, event->message);
        break;
    case DIALOGUE_EVENT_MESSAGE_END:
        note_message_end(runner, event);
        g_string_append(runner->log, "\n");
        return;
    case DIALOGUE_EVENT_CREDENTIAL:
        note_credential(runner, event->credential);
        break;
    case DIALOGUE_EVENT_OPAQUE:
        g_string_append(runner->log, "opaque");
        break;
    case DIALOGUE_EVENT_MISSING:
        g_string_append_printf(runner->log, "missing %u", (guint)event->missing);
        break;
    case DIALOGUE_EVENT_MESSAGE_DATA:
        break;
    }
    note_defects(runner, event->defects);
    g_string_append(runner->log, event->is_secret ? " secret" : "");
    if (event->state_before != event->state_after) {
        g_string_append_printf(
            runner->log, " -> %s", runner->class->state_name(event->state_after)
        );
    }
    g_string_append_c(runner->log, '\n');
}

static void drain(Runner *runner)
{
    DialogueEvent event;
    while (runner->class->next(runner->dialogue, &event)) {
        note_event(runner, &event);
    }
}

static void feed(Runner *runner, DialogueSide side, const char *octets, gsize length, gsize piece)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize at = 0; at < length; at += piece == 0 ? length : piece) {
        gsize size = piece == 0 ? length : MIN(piece, length - at);
        runner->class->feed(runner->dialogue, side, unterminated(octets + at, size, keep));
        drain(runner);
    }
}

static void play_line(Runner *runner, const char *line, gsize piece)
{
    DialogueSide side = g_ascii_toupper(line[0]) == 'C' ? DIALOGUE_CLIENT : DIALOGUE_SERVER;
    if (line[1] == '-') {
        guint64 length = g_ascii_strtoull(line + 2, NULL, 10);
        runner->class->feed_missing(runner->dialogue, side, length);
        drain(runner);
    } else if (line[1] == '!') {
        runner->class->finish(runner->dialogue, side);
        drain(runner);
    } else if (g_ascii_isupper(line[0])) {
        g_autofree char *whole = g_strconcat(line + (line[2] == ' ' ? 3 : 2), "\r\n", NULL);
        feed(runner, side, whole, strlen(whole), piece);
    } else {
        g_autofree char *octets = g_strcompress(line + 3);
        feed(runner, side, octets, strlen(octets), piece);
    }
}

char *dialogue_run(const DialogueClass *class, RunnerStart start, const char *script, gsize piece)
{
    Runner runner = {.class = class, .log = g_string_new(NULL), .message = g_string_new(NULL)};
    g_auto(GStrv) lines = g_strsplit(script, "\n", -1);
    runner.dialogue = g_malloc0(class->size);
    class->init(runner.dialogue);
    if (start == RUNNER_JOINED_LATE) {
        class->set_joined_late(runner.dialogue);
    } else if (start == RUNNER_CLIENT_ONLY) {
        class->set_one_sided(runner.dialogue, DIALOGUE_CLIENT);
    } else if (start == RUNNER_SERVER_ONLY) {
        class->set_one_sided(runner.dialogue, DIALOGUE_SERVER);
    }
    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0') {
            play_line(&runner, lines[i], piece);
        }
    }
    class->clear(runner.dialogue);
    g_free(runner.dialogue);
    g_string_free(runner.message, TRUE);
    return g_string_free(runner.log, FALSE);
}

void assert_dialogue_cases(const DialogueClass *class, const DialogueCase *cases, gsize n_cases)
{
    for (gsize i = 0; i < n_cases; i++) {
        for (gsize piece = 0; piece < 8; piece++) {
            g_autofree char *log = dialogue_run(class, cases[i].start, cases[i].script, piece);
            if (strcmp(log, cases[i].expected) != 0) {
                print_error("case '%s', pieces of %zu octets\n", cases[i].name, piece);
            }
            assert_string_equal(log, cases[i].expected);
        }
    }
}
