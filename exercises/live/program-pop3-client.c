/* A student's POP3 client against a mailbox of the engine. */

#include "exercises/live/program-trial.h"

#include <string.h>

#include "exercises/kinds/student-pop3.h"

#define MESSAGES 2
#define LINES_MAXIMUM 1000

typedef struct {
    ProgramTrial *trial;
    StudentPop3 *session;
    char *messages[MESSAGES]; /* lines by CRLF */
    gsize n_messages;
    bool is_cut;
} Mailbox;

static char *crlf(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    return g_strjoinv("\r\n", lines);
}

/* The engine gives a long answer in pieces, each once the one before is taken. */
static void send_output(Mailbox *mailbox, bool is_cut)
{
    ByteSpan output = student_pop3_output(mailbox->session);
    bool is_sent = true;
    while (output.length > 0 && is_sent) {
        gsize length = is_cut ? output.length / 2 : output.length;
        is_sent = program_peer_send(&mailbox->trial->peer, byte_span_slice(output, 0, length));
        student_pop3_consume_output(mailbox->session, output.length);
        output = is_cut ? BYTE_SPAN_EMPTY : student_pop3_output(mailbox->session);
    }
}

static bool answer(Mailbox *mailbox, const char *line)
{
    ProgramTrial *trial = mailbox->trial;
    const ProgramCase *row = trial->row;
    if (row->place == PLACE_PASS && g_ascii_strncasecmp(line, "PASS", 4) == 0) {
        return program_peer_send(&trial->peer, byte_span_from_string(row->reply));
    }
    bool is_cut = row->place == PLACE_RETR && g_ascii_strncasecmp(line, "RETR", 4) == 0;
    trial->peer.by_octets = row->way == WAY_OCTETS;
    student_pop3_receive(mailbox->session, byte_span_from_string(line));
    send_output(mailbox, is_cut);
    mailbox->is_cut = is_cut;
    return !is_cut && !student_pop3_is_closed(mailbox->session);
}

static void converse(Mailbox *mailbox)
{
    ProgramTrial *trial = mailbox->trial;
    trial->peer.by_octets = trial->row->way == WAY_OCTETS;
    send_output(mailbox, false);
    for (guint i = 0; i < LINES_MAXIMUM; i++) {
        g_autofree char *line = program_peer_line(&trial->peer);
        if (line == NULL || !answer(mailbox, line)) {
            break;
        }
    }
    program_peer_hang_up(&trial->peer);
}

static bool is_stored(const Mailbox *mailbox, gsize index, GString *reason)
{
    g_autofree char *name = g_strdup_printf("%zu.eml", index + 1);
    g_autofree char *content = program_read_file(mailbox->trial->folder, name);
    if (content == NULL) {
        g_string_append_printf(reason, "It did not write %s.", name);
        return false;
    }
    g_autofree char *wanted = program_plain_lines(mailbox->messages[index]);
    g_autofree char *given = program_plain_lines(content);
    if (strcmp(g_strchomp(wanted), g_strchomp(given)) == 0) {
        return true;
    }
    gsize at = 0;
    while (wanted[at] != '\0' && wanted[at] == given[at]) {
        at++;
    }
    while (at > 0 && wanted[at - 1] != '\n') {
        at--;
    }
    g_autofree char *line = program_quote(wanted + at);
    g_string_append_printf(
        reason,
        "%s is not message %zu: the first line that differs should be \"%s\".",
        name,
        index + 1,
        line
    );
    return false;
}

static bool is_fetched(const Mailbox *mailbox, GString *reason)
{
    Pop3Record record = student_pop3_record(mailbox->session);
    for (gsize i = 0; i < mailbox->n_messages; i++) {
        if (!is_stored(mailbox, i, reason)) {
            return false;
        }
        if ((record.removed & 1u << i) == 0) {
            g_string_append_printf(
                reason, "Message %zu is still on the server: DELE, and QUIT.", i + 1
            );
            return false;
        }
    }
    if (!record.has_updated) {
        g_string_append(reason, "The session ended without QUIT.");
        return false;
    }
    return true;
}

static bool start(ProgramTrial *trial, GString *reason)
{
    g_autoptr(GError) error = NULL;
    if (!program_peer_listen(&trial->peer, &error)) {
        g_string_append_printf(reason, "The trial could not be set up: %s.", error->message);
        return false;
    }
    g_autofree char *port = g_strdup_printf("%u", trial->peer.port);
    const char *const arguments[] = {
        trial->program,
        "127.0.0.1",
        port,
        trial->task->user,
        trial->task->password,
        trial->folder,
        NULL,
    };
    if (!program_run_start(&trial->run, arguments, trial->folder, &error)) {
        g_string_append_printf(reason, "It could not be started: %s.", error->message);
        return false;
    }
    return true;
}

static bool try_mailbox(Mailbox *mailbox, GString *reason)
{
    ProgramTrial *trial = mailbox->trial;
    if (!start(trial, reason)) {
        return false;
    }
    if (!program_peer_accept(&trial->peer)) {
        if (program_trial_wait(trial, reason)) {
            g_string_append(reason, "It did not connect to the server.");
        }
        return false;
    }
    converse(mailbox);
    if (!program_trial_status_is_right(trial, reason)) {
        return false;
    }
    Pop3Record record = student_pop3_record(mailbox->session);
    if (trial->row->must_fail && record.removed != 0) {
        g_string_append(reason, "It deleted a message that it had not got.");
        return false;
    }
    return trial->row->must_fail || is_fetched(mailbox, reason);
}

bool program_trial_pop3_client(ProgramTrial *trial, GString *reason)
{
    g_autofree char *short_message =
        g_strdup_printf("Subject: the other one\n\n%s\n", trial->task->sentence);
    Mailbox mailbox = {.trial = trial, .n_messages = trial->row->is_empty ? 0 : MESSAGES};
    mailbox.messages[0] = crlf(trial->message);
    mailbox.messages[1] = crlf(short_message);
    mailbox.session = student_pop3_new(&(StudentPop3Options){
        .user = trial->task->user,
        .password = trial->task->password,
        .host_name = "pop.hamburger.edu",
        .messages = mailbox.messages,
        .n_messages = mailbox.n_messages,
    });
    bool is_right = try_mailbox(&mailbox, reason);
    student_pop3_free(mailbox.session);
    g_free(mailbox.messages[0]);
    g_free(mailbox.messages[1]);
    return is_right;
}
