/* The commands of TRANSACTION (RFC 1939 §5 and §7). */

#include "protocol/encoding/dot-stuffing.h"
#include "protocol/pop3/pop3-server-private.h"

Pop3Message *pop3_server_message(Pop3Server *server, ByteSpan *arguments, gsize *out_index)
{
    ByteSpan token = BYTE_SPAN_EMPTY;
    guint64 number = 0;
    byte_span_next_token(arguments, ' ', &token);
    if (!byte_span_to_number(token, &number) || number == 0 || number > server->messages->len) {
        pop3_server_error(
            server, "no such message, only %u messages in maildrop", server->messages->len
        );
        return NULL;
    }
    Pop3Message *message = &g_array_index(server->messages, Pop3Message, number - 1);
    if (message->is_deleted) {
        pop3_server_error(server, "message %u already deleted", (guint)number);
        return NULL;
    }
    *out_index = (gsize)number - 1;
    return message;
}

static void count_messages(const Pop3Server *server, guint *out_count, guint64 *out_octets)
{
    *out_count = 0;
    *out_octets = 0;
    for (guint i = 0; i < server->messages->len; i++) {
        const Pop3Message *message = &g_array_index(server->messages, Pop3Message, i);
        *out_count += !message->is_deleted;
        *out_octets += message->is_deleted ? 0 : message->octets;
    }
}

bool pop3_server_handle_stat(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    guint count;
    guint64 octets;
    (void)command;
    (void)out_event;
    count_messages(server, &count, &octets);
    pop3_server_ok(server, "%u %" G_GUINT64_FORMAT, count, octets);
    return false;
}

static void write_entry(Pop3Server *server, gsize index, bool shows_id, bool is_single)
{
    const Pop3Message *message = &g_array_index(server->messages, Pop3Message, index);
    g_autofree char *text =
        shows_id
            ? g_strdup_printf("%" G_GSIZE_FORMAT " %s", index + 1, message->unique_id)
            : g_strdup_printf("%" G_GSIZE_FORMAT " %" G_GUINT64_FORMAT, index + 1, message->octets);
    if (is_single) {
        pop3_server_ok(server, "%s", text);
    } else {
        pop3_server_line(server, "%s", text);
    }
}

static void write_entries(Pop3Server *server, const DialogueEvent *command, bool shows_id)
{
    ByteSpan arguments = command->arguments;
    gsize index;
    if (byte_span_trim(arguments).length > 0) {
        if (pop3_server_message(server, &arguments, &index) != NULL) {
            write_entry(server, index, shows_id, true);
        }
        return;
    }
    guint count;
    guint64 octets;
    count_messages(server, &count, &octets);
    pop3_server_ok(
        server,
        "%u %s (%" G_GUINT64_FORMAT " octets)",
        count,
        count == 1 ? "message" : "messages",
        octets
    );
    for (guint i = 0; i < server->messages->len; i++) {
        if (!g_array_index(server->messages, Pop3Message, i).is_deleted) {
            write_entry(server, i, shows_id, false);
        }
    }
    pop3_server_line(server, ".");
}

bool pop3_server_handle_list(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)out_event;
    write_entries(server, command, false);
    return false;
}

bool pop3_server_handle_uidl(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)out_event;
    write_entries(server, command, true);
    return false;
}

static bool
ask_message(Pop3Server *server, ByteSpan arguments, bool is_top, Pop3ServerEvent *out_event)
{
    ByteSpan lines = BYTE_SPAN_EMPTY;
    if (pop3_server_message(server, &arguments, &server->asked_index) == NULL) {
        return false;
    }
    server->asked_top = is_top;
    server->top_lines = 0;
    byte_span_next_token(&arguments, ' ', &lines);
    byte_span_to_number(lines, &server->top_lines);
    out_event->index = server->asked_index;
    return pop3_server_ask(server, POP3_SERVER_RETRIEVE, out_event);
}

bool pop3_server_handle_retr(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    return ask_message(server, command->arguments, false, out_event);
}

bool pop3_server_handle_top(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    return ask_message(server, command->arguments, true, out_event);
}

/* The header, the empty line and so many lines of the body. */
static ByteSpan cut_to_top(ByteSpan octets, guint64 lines)
{
    gsize at = 0;
    bool in_body = false;
    while (at < octets.length && (!in_body || lines > 0)) {
        gssize end = byte_span_find(octets, '\n', at);
        gsize next = end < 0 ? octets.length : (gsize)end + 1;
        bool is_empty = next - at <= 2 && (octets.data[at] == '\r' || octets.data[at] == '\n');
        lines -= in_body ? 1 : 0;
        in_body |= is_empty;
        at = next;
    }
    return byte_span_slice(octets, 0, at);
}

void pop3_server_answer_message(Pop3Server *server, ByteSpan octets, const char *refusal)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_RETRIEVE);
    server->awaits_answer = false;
    if (refusal != NULL) {
        pop3_server_refuse(server, refusal);
        return;
    }
    ByteSpan shown = server->asked_top ? cut_to_top(octets, server->top_lines) : octets;
    if (server->asked_top) {
        pop3_server_ok(server, "top of message follows");
    } else {
        pop3_server_ok(server, "%" G_GSIZE_FORMAT " octets", octets.length);
    }
    gsize status_end = byte_buffer_length(&server->output);
    if (!dot_stuff(shown, &server->output)) {
        server->is_closing = true;
        return;
    }
    server->unread += byte_buffer_length(&server->output) - status_end;
}

bool pop3_server_handle_dele(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    ByteSpan arguments = command->arguments;
    gsize index;
    (void)out_event;
    Pop3Message *message = pop3_server_message(server, &arguments, &index);
    if (message != NULL) {
        message->is_deleted = true;
        pop3_server_ok(server, "message %" G_GSIZE_FORMAT " deleted", index + 1);
    }
    return false;
}

bool pop3_server_handle_rset(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    for (guint i = 0; i < server->messages->len; i++) {
        g_array_index(server->messages, Pop3Message, i).is_deleted = false;
    }
    pop3_server_ok(server, "maildrop has %u messages", server->messages->len);
    return false;
}

bool pop3_server_handle_noop(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    pop3_server_ok(server, "%s", "");
    return false;
}
