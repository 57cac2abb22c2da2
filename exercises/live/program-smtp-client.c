/* A student's SMTP client against a scripted server. */

#include "exercises/live/program-trial.h"

#include <string.h>

#define LINES_MAXIMUM 100000
#define EARLY_WAIT_US 30000

typedef struct {
    const char *verb;
    ProgramPlace place;
    const char *reply;
} VerbRow;

static const VerbRow verbs[] = {
    {"EHLO", PLACE_EHLO, "250 mx.hamburger.edu\r\n"},
    {"HELO", PLACE_HELO, "250 mx.hamburger.edu\r\n"},
    {"MAIL", PLACE_MAIL, "250 2.1.0 Sender ok\r\n"},
    {"RCPT", PLACE_RCPT, "250 2.1.5 Recipient ok\r\n"},
    {"DATA", PLACE_DATA, "354 Go on\r\n"},
    {"RSET", PLACE_NONE, "250 2.0.0 Ok\r\n"},
    {"NOOP", PLACE_NONE, "250 2.0.0 Ok\r\n"},
    {"QUIT", PLACE_QUIT, "221 2.0.0 Goodbye\r\n"},
};

typedef struct {
    ProgramTrial *trial;
    GString *reason;
    GString *message; /* as it came, dots and all; NULL: none */
    char *sender;
    char *recipient;
    bool is_ended;
    bool has_quit;
    bool may_pipeline;
    bool is_cut; /* by us */
} Dialogue;

static void complain(Dialogue *dialogue, const char *format, const char *text)
{
    if (dialogue->reason->len == 0) {
        g_autofree char *quoted = program_quote(text);
        g_auto(GStrv) pieces = g_strsplit(format, "%s", 2);
        g_autofree char *sentence = g_strjoinv(quoted, pieces);
        g_string_append(dialogue->reason, sentence);
    }
}

/* The reply of a place. A client that says something before the reply is whole did not wait. */
static bool reply(Dialogue *dialogue, ProgramPlace place, const char *usual, const char *line)
{
    ProgramTrial *trial = dialogue->trial;
    bool is_own = place != PLACE_NONE && trial->row->place == place;
    const char *text = is_own ? trial->row->reply : usual;
    if (text == NULL) {
        dialogue->is_cut = true;
        program_peer_hang_up(&trial->peer);
        return false;
    }
    gsize length = strlen(text);
    trial->peer.by_octets = trial->row->way == WAY_OCTETS;
    bool is_sent = program_peer_send(&trial->peer, byte_span(text, length - 1));
    if (is_sent && trial->row->way == WAY_OCTETS) {
        g_usleep(EARLY_WAIT_US);
        program_peer_read(&trial->peer);
    }
    if (!dialogue->may_pipeline && trial->peer.received->len > 0) {
        complain(dialogue, "It went on before the reply to \"%s\" was complete.", line);
    }
    is_sent = is_sent && program_peer_send(&trial->peer, byte_span(text + length - 1, 1));
    dialogue->may_pipeline = dialogue->may_pipeline || strstr(text, "PIPELINING") != NULL;
    return is_sent && (place != PLACE_QUIT);
}

static char *path_of(const char *line)
{
    const char *start = strchr(line, '<');
    const char *end = start == NULL ? NULL : strchr(start, '>');
    return end == NULL ? NULL : g_strndup(start + 1, (gsize)(end - start - 1));
}

static bool take_message_line(Dialogue *dialogue, const char *line)
{
    if (strcmp(line, ".\r\n") != 0) {
        g_string_append(dialogue->message, line);
        return true;
    }
    dialogue->is_ended = true;
    return reply(dialogue, PLACE_DOT, "250 2.0.0 Queued\r\n", ".");
}

static void note_command(Dialogue *dialogue, ProgramPlace place, const char *line)
{
    if (place == PLACE_MAIL) {
        g_free(dialogue->sender);
        dialogue->sender = path_of(line);
    } else if (place == PLACE_RCPT) {
        g_free(dialogue->recipient);
        dialogue->recipient = path_of(line);
    } else if (place == PLACE_DATA && dialogue->trial->row->place != PLACE_DATA) {
        dialogue->message = dialogue->message == NULL ? g_string_new(NULL) : dialogue->message;
    } else if (place == PLACE_QUIT) {
        dialogue->has_quit = true;
    }
}

static bool take_command(Dialogue *dialogue, const char *line)
{
    if (!g_str_has_suffix(line, "\r\n")) {
        complain(dialogue, "The line \"%s\" ends with LF alone, not with CRLF.", line);
    }
    const ProgramCase *row = dialogue->trial->row;
    bool is_refused = (row->place == PLACE_RCPT || row->place == PLACE_MAIL) && row->must_fail;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_ascii_strncasecmp(line, verbs[i].verb, 4) != 0) {
            continue;
        }
        if (verbs[i].place == PLACE_DATA && is_refused) {
            complain(dialogue, "It said %s though nobody was accepted.", "DATA");
            return reply(dialogue, N_PROGRAM_PLACES, "503 5.5.1 No recipients\r\n", line);
        }
        note_command(dialogue, verbs[i].place, line);
        return reply(dialogue, verbs[i].place, verbs[i].reply, line);
    }
    complain(dialogue, "\"%s\" is not a command that was expected.", line);
    return reply(dialogue, N_PROGRAM_PLACES, "500 5.5.2 Unknown\r\n", line);
}

static void converse(Dialogue *dialogue)
{
    ProgramTrial *trial = dialogue->trial;
    bool goes_on = reply(dialogue, PLACE_GREETING, "220 mx.hamburger.edu ESMTP\r\n", "");
    for (guint i = 0; goes_on && i < LINES_MAXIMUM; i++) {
        g_autofree char *line = program_peer_line(&trial->peer);
        if (line == NULL) {
            break;
        }
        bool in_message = dialogue->message != NULL && !dialogue->is_ended;
        goes_on = in_message ? take_message_line(dialogue, line) : take_command(dialogue, line);
    }
    program_peer_hang_up(&trial->peer);
}

static bool is_delivered(Dialogue *dialogue)
{
    const ProgramTask *task = dialogue->trial->task;
    if (dialogue->message == NULL || !dialogue->is_ended) {
        complain(
            dialogue, "No message was delivered; it must end with CRLF, a dot and CRLF.%s", ""
        );
        return false;
    }
    if (g_strcmp0(dialogue->sender, task->sender) != 0) {
        complain(
            dialogue,
            "MAIL FROM names \"%s\", not the sender that was given.",
            dialogue->sender == NULL ? "" : dialogue->sender
        );
        return false;
    }
    if (g_strcmp0(dialogue->recipient, task->recipient) != 0) {
        complain(
            dialogue,
            "RCPT TO names \"%s\", not the recipient that was given.",
            dialogue->recipient == NULL ? "" : dialogue->recipient
        );
        return false;
    }
    g_autofree char *expected = program_message_on_wire(dialogue->trial->message, false);
    if (strcmp(expected, dialogue->message->str) != 0) {
        gsize at = 0;
        while (expected[at] != '\0' && expected[at] == dialogue->message->str[at]) {
            at++;
        }
        while (at > 0 && expected[at - 1] != '\n') {
            at--;
        }
        complain(
            dialogue,
            "The message is not the one of the file: the first line that differs should be \"%s\" "
            "on the wire.",
            expected + at
        );
        return false;
    }
    if (!dialogue->has_quit) {
        complain(dialogue, "It closed the connection without %s.", "QUIT");
        return false;
    }
    return true;
}

static bool start(ProgramTrial *trial, GString *reason)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(trial->folder, "message.eml", NULL);
    if (!g_file_set_contents(file, trial->message, -1, &error) ||
        !program_peer_listen(&trial->peer, &error)) {
        g_string_append_printf(reason, "The trial could not be set up: %s.", error->message);
        return false;
    }
    g_autofree char *port = g_strdup_printf("%u", trial->peer.port);
    const char *const arguments[] = {
        trial->program,
        "127.0.0.1",
        port,
        trial->task->sender,
        trial->task->recipient,
        file,
        NULL,
    };
    if (!program_run_start(&trial->run, arguments, trial->folder, &error)) {
        g_string_append_printf(reason, "It could not be started: %s.", error->message);
        return false;
    }
    return true;
}

bool program_trial_smtp_client(ProgramTrial *trial, GString *reason)
{
    Dialogue dialogue = {.trial = trial, .reason = reason};
    if (!start(trial, reason)) {
        return false;
    }
    if (!program_peer_accept(&trial->peer)) {
        if (program_trial_wait(trial, reason)) {
            g_string_append(reason, "It did not connect to the server.");
        }
        return false;
    }
    converse(&dialogue);
    bool is_right = reason->len == 0 && (trial->row->must_fail || is_delivered(&dialogue)) &&
                    program_trial_status_is_right(trial, reason);
    if (dialogue.message != NULL) {
        g_string_free(dialogue.message, TRUE);
    }
    g_free(dialogue.sender);
    g_free(dialogue.recipient);
    return is_right;
}
