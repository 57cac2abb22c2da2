#include "exercises/kinds/student-smtp.h"

#include <string.h>

#include "exercises/kinds/typed-lines.h"

#define LINE_MAXIMUM 4096

struct StudentSmtp {
    SmtpServer *server;
    char *client_name;
    char *sender;
    GPtrArray *recipients;
    GString *message; /* NULL: none */
    bool is_ended;
    bool is_closed;
    bool has_quit;
    GString *line; /* what has come of the present line, for the record of refusals */
    char *refused_line;
    char *refused_reply;
};

StudentSmtp *student_smtp_new(const char *host_name, guint64 seed)
{
    StudentSmtp *session = g_new0(StudentSmtp, 1);
    SmtpServerOptions options = {
        .host_name = host_name,
        .software = "ESMTP mailwalk",
        .offers = SMTP_OFFER_EHLO | SMTP_OFFER_PIPELINING | SMTP_OFFER_8BITMIME |
                  SMTP_OFFER_ENHANCEDSTATUSCODES | SMTP_OFFER_HELP,
        .syntax = SMTP_SYNTAX_STRICT,
        .maximum_size = STUDENT_SMTP_MESSAGE_MAXIMUM,
        .maximum_recipients = 100,
        .seed = seed,
    };
    session->server = smtp_server_new(&options);
    session->recipients = g_ptr_array_new_with_free_func(g_free);
    session->line = g_string_new(NULL);
    g_ptr_array_add(session->recipients, NULL);
    smtp_server_greet(session->server, NULL, 0);
    return session;
}

void student_smtp_free(StudentSmtp *session)
{
    if (session == NULL) {
        return;
    }
    smtp_server_free(session->server);
    g_free(session->client_name);
    g_free(session->sender);
    g_ptr_array_unref(session->recipients);
    if (session->message != NULL) {
        g_string_free(session->message, TRUE);
    }
    g_string_free(session->line, TRUE);
    g_free(session->refused_line);
    g_free(session->refused_reply);
    g_free(session);
}

static void forget_transaction(StudentSmtp *session)
{
    g_clear_pointer(&session->sender, g_free);
    g_ptr_array_set_size(session->recipients, 0);
    g_ptr_array_add(session->recipients, NULL);
    if (session->message != NULL) {
        g_string_free(session->message, TRUE);
        session->message = NULL;
    }
    session->is_ended = false;
}

static void take_event(StudentSmtp *session, const SmtpServerEvent *event)
{
    switch (event->kind) {
    case SMTP_SERVER_HELLO:
        g_free(session->client_name);
        session->client_name = byte_span_to_string(event->name);
        break;
    case SMTP_SERVER_MAIL:
        forget_transaction(session);
        session->sender = byte_span_to_string(event->path);
        break;
    case SMTP_SERVER_RCPT:
        session->recipients->pdata[session->recipients->len - 1] = byte_span_to_string(event->path);
        g_ptr_array_add(session->recipients, NULL);
        break;
    case SMTP_SERVER_MESSAGE_BEGIN:
        session->message = session->message == NULL ? g_string_new(NULL) : session->message;
        break;
    case SMTP_SERVER_MESSAGE_DATA:
        g_string_append_len(
            session->message, (const char *)event->octets.data, (gssize)event->octets.length
        );
        break;
    case SMTP_SERVER_MESSAGE_END:
        session->is_ended = true;
        break;
    case SMTP_SERVER_RESET:
        if (!session->is_ended) {
            forget_transaction(session);
        }
        break;
    case SMTP_SERVER_CLOSE:
        session->is_closed = true;
        break;
    case SMTP_SERVER_AUTH:
    case SMTP_SERVER_VRFY:
    case SMTP_SERVER_EXPN:
    case SMTP_SERVER_ETRN:
    case SMTP_SERVER_STARTTLS:
        break;
    }
}

/* The reply that the last line brought, where it refuses something. */
static void note_refusal(StudentSmtp *session, gsize output_before)
{
    ByteSpan output = byte_span_from(smtp_server_output(session->server), output_before);
    if (session->refused_reply != NULL || output.length == 0 ||
        (output.data[0] != '4' && output.data[0] != '5')) {
        return;
    }
    gssize end = byte_span_find(output, '\r', 0);
    session->refused_reply =
        byte_span_to_string(byte_span_slice(output, 0, end < 0 ? output.length : (gsize)end));
    session->refused_line = g_strdup(g_strchomp(session->line->str));
}

static void receive_line(StudentSmtp *session, ByteSpan octets)
{
    gsize before = smtp_server_output(session->server).length;
    smtp_server_receive(session->server, octets, 0);
    SmtpServerEvent event;
    while (smtp_server_next_event(session->server, &event)) {
        take_event(session, &event);
        if (event.needs_answer) {
            smtp_server_answer(session->server, NULL);
        }
    }
    note_refusal(session, before);
}

/* Line by line, so that each refusal is known to belong to its line. */
void student_smtp_receive(StudentSmtp *session, ByteSpan octets)
{
    for (gsize at = 0; at < octets.length && !session->is_closed;) {
        gssize end = byte_span_find(octets, '\n', at);
        gsize next = end < 0 ? octets.length : (gsize)end + 1;
        ByteSpan piece = byte_span_slice(octets, at, next - at);
        if (session->line->len + piece.length <= LINE_MAXIMUM) {
            g_string_append_len(session->line, (const char *)piece.data, (gssize)piece.length);
        }
        session->has_quit =
            session->has_quit || (session->message == NULL || session->is_ended
                                      ? g_ascii_strncasecmp(session->line->str, "QUIT", 4) == 0
                                      : false);
        receive_line(session, piece);
        if (end >= 0) {
            g_string_truncate(session->line, 0);
        }
        at = next;
    }
}

ByteSpan student_smtp_output(const StudentSmtp *session)
{
    return smtp_server_output(session->server);
}

void student_smtp_consume_output(StudentSmtp *session, gsize length)
{
    smtp_server_consume_output(session->server, length);
}

bool student_smtp_is_closed(const StudentSmtp *session)
{
    return session->is_closed;
}

SmtpRecord student_smtp_record(const StudentSmtp *session)
{
    return (SmtpRecord){
        .client_name = session->client_name,
        .sender = session->sender,
        .recipients = (char *const *)session->recipients->pdata,
        .n_recipients = session->recipients->len - 1,
        .message = session->message == NULL ? NULL : session->message->str,
        .is_ended = session->is_ended,
        .has_quit = session->has_quit,
        .refused_line = session->refused_line,
        .refused_reply = session->refused_reply,
    };
}

void student_smtp_play(StudentSmtp *session, const char *text)
{
    SmtpServerEvent event;
    while (smtp_server_next_event(session->server, &event)) {
        take_event(session, &event);
    }
    smtp_server_consume_output(session->server, smtp_server_output(session->server).length);
    g_auto(GStrv) lines = typed_lines(text);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_autofree char *line = g_strconcat(lines[i], "\r\n", NULL);
        student_smtp_receive(session, byte_span_from_string(line));
        smtp_server_consume_output(session->server, smtp_server_output(session->server).length);
    }
}
