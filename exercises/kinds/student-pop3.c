#include "exercises/kinds/student-pop3.h"

#include <string.h>

#include "exercises/kinds/typed-lines.h"

#define LINE_MAXIMUM 1024

struct StudentPop3 {
    StudentPop3Options options;
    Pop3Server *server;
    Pop3Record record;
    char *refused_line;
    char *refused_reply;
    GString *line;
    bool is_closed;
};

static void take_events(StudentPop3 *session);

StudentPop3 *student_pop3_new(const StudentPop3Options *options)
{
    StudentPop3 *session = g_new0(StudentPop3, 1);
    session->options = *options;
    g_assert(options->n_messages <= STUDENT_POP3_MESSAGES);
    session->server = pop3_server_new(&(Pop3ServerOptions){
        .host_name = options->host_name,
        .greeting = "POP3 server ready",
        .offers = POP3_OFFER_USUAL,
        .seed = options->seed,
    });
    session->line = g_string_new(NULL);
    pop3_server_greet(session->server, 0);
    take_events(session);
    return session;
}

void student_pop3_free(StudentPop3 *session)
{
    if (session != NULL) {
        pop3_server_free(session->server);
        g_string_free(session->line, TRUE);
        g_free(session->refused_line);
        g_free(session->refused_reply);
        g_free(session);
    }
}

static guint32 marked_bits(const StudentPop3 *session)
{
    guint32 bits = 0;
    for (gsize i = 0; session->record.has_logged_in && i < session->options.n_messages; i++) {
        bits |= pop3_server_is_deleted(session->server, i) ? 1u << i : 0;
    }
    return bits;
}

static void answer_login(StudentPop3 *session, const Pop3ServerEvent *event)
{
    const StudentPop3Options *options = &session->options;
    Pop3Entry entries[STUDENT_POP3_MESSAGES];
    static const char *const unique_ids[STUDENT_POP3_MESSAGES] = {
        "m1",
        "m2",
        "m3",
        "m4",
        "m5",
        "m6",
        "m7",
        "m8",
        "m9",
        "m10",
        "m11",
        "m12",
        "m13",
        "m14",
        "m15",
        "m16",
    };
    for (gsize i = 0; i < options->n_messages; i++) {
        entries[i] =
            (Pop3Entry){.octets = strlen(options->messages[i]), .unique_id = unique_ids[i]};
    }
    bool is_known = byte_span_is(event->identity, options->user);
    bool fits = pop3_server_proof_fits(session->server, is_known ? options->password : NULL);
    pop3_server_answer_login(
        session->server, entries, options->n_messages, fits ? NULL : "[AUTH] wrong user or password"
    );
    session->record.has_logged_in = fits;
}

static void take_events(StudentPop3 *session)
{
    Pop3ServerEvent event;
    while (pop3_server_next_event(session->server, &event)) {
        switch (event.kind) {
        case POP3_SERVER_LOGIN:
            answer_login(session, &event);
            break;
        case POP3_SERVER_PASSWORD:
            pop3_server_answer_password(
                session->server,
                byte_span_is(event.identity, session->options.user) ? session->options.password
                                                                    : NULL
            );
            break;
        case POP3_SERVER_RETRIEVE:
            session->record.fetched |= 1u << event.index;
            pop3_server_answer_message(
                session->server, byte_span_from_string(session->options.messages[event.index]), NULL
            );
            break;
        case POP3_SERVER_UPDATE:
            session->record.removed = marked_bits(session);
            session->record.has_updated = true;
            pop3_server_answer_update(session->server, NULL);
            break;
        case POP3_SERVER_CLOSE:
            session->is_closed = true;
            break;
        case POP3_SERVER_ABORTED:
        case POP3_SERVER_STLS:
            break;
        }
    }
}

static void note_refusal(StudentPop3 *session, gsize output_before)
{
    ByteSpan output = byte_span_from(pop3_server_output(session->server), output_before);
    if (session->refused_reply != NULL || !byte_span_starts_with(output, "-ERR")) {
        return;
    }
    gssize end = byte_span_find(output, '\r', 0);
    session->refused_reply =
        byte_span_to_string(byte_span_slice(output, 0, end < 0 ? output.length : (gsize)end));
    session->refused_line = g_strdup(g_strchomp(session->line->str));
}

void student_pop3_receive(StudentPop3 *session, ByteSpan octets)
{
    for (gsize at = 0; at < octets.length && !session->is_closed;) {
        gssize end = byte_span_find(octets, '\n', at);
        gsize next = end < 0 ? octets.length : (gsize)end + 1;
        ByteSpan piece = byte_span_slice(octets, at, next - at);
        if (session->line->len + piece.length <= LINE_MAXIMUM) {
            g_string_append_len(session->line, (const char *)piece.data, (gssize)piece.length);
        }
        gsize before = pop3_server_output(session->server).length;
        pop3_server_receive(session->server, piece);
        take_events(session);
        note_refusal(session, before);
        if (end >= 0) {
            g_string_truncate(session->line, 0);
        }
        at = next;
    }
}

ByteSpan student_pop3_output(const StudentPop3 *session)
{
    return pop3_server_output(session->server);
}

void student_pop3_consume_output(StudentPop3 *session, gsize length)
{
    pop3_server_consume_output(session->server, length);
}

bool student_pop3_is_closed(const StudentPop3 *session)
{
    return session->is_closed;
}

Pop3Record student_pop3_record(const StudentPop3 *session)
{
    Pop3Record record = session->record;
    record.marked = session->is_closed ? 0 : marked_bits(session);
    record.refused_line = session->refused_line;
    record.refused_reply = session->refused_reply;
    return record;
}

char *student_pop3_say(StudentPop3 *session, const char *command)
{
    student_pop3_consume_output(session, student_pop3_output(session).length);
    g_autofree char *line = g_strconcat(command, "\r\n", NULL);
    student_pop3_receive(session, byte_span_from_string(line));
    g_autofree char *output = byte_span_to_string(student_pop3_output(session));
    student_pop3_consume_output(session, student_pop3_output(session).length);
    g_auto(GStrv) lines = g_strsplit(output, "\r\n", -1);
    return g_strchomp(g_strjoinv("\n", lines));
}

void student_pop3_play(StudentPop3 *session, const char *text)
{
    g_auto(GStrv) lines = typed_lines(text);
    for (gsize i = 0; lines[i] != NULL; i++) {
        g_free(student_pop3_say(session, lines[i]));
    }
}
