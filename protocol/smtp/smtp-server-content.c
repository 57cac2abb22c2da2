/* DATA and BDAT: the message itself (RFC 5321 §4.1.1.4, RFC 3030 §2). */

#include "protocol/smtp/smtp-server-private.h"

SmtpHandled smtp_server_handle_data(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    if ((command->defects & DIALOGUE_DEFECT_TRAILING) != 0) {
        return smtp_server_reject(server, 501, "5.5.4", "Syntax: DATA");
    }
    if (server->binary_body) {
        /* RFC 3030 §3: a binary body needs BDAT */
        return smtp_server_reject(server, 503, "5.5.1", "BODY=BINARYMIME needs BDAT");
    }
    if (server->recipients == 0) { /* somebody overrode an answer to MAIL or RCPT */
        return smtp_server_reject(server, 554, "5.5.1", "No valid recipients");
    }
    server->content = SMTP_CONTENT_WANTED;
    server->content_octets = 0;
    server->content_ends_in_cr = false;
    server->content_number = command->exchange;
    server->is_chunked = false;
    out_event->is_binary = false;
    return smtp_server_ask(server, SMTP_SERVER_MESSAGE_BEGIN, out_event);
}

static bool read_chunk_size(const DialogueEvent *command, guint64 *out_size, bool *out_is_last)
{
    ByteSpan rest = command->arguments;
    ByteSpan size = BYTE_SPAN_EMPTY;
    ByteSpan last;
    byte_span_next_token(&rest, ' ', &size);
    *out_is_last = byte_span_next_token(&rest, ' ', &last);
    return (command->defects & DIALOGUE_DEFECT_SYNTAX) == 0 && byte_span_to_number(size, out_size);
}

/* What an override wants to be said of the chunk. False: none does. */
static bool say_chunk_override(SmtpServer *server)
{
    g_autofree char *lines = g_steal_pointer(&server->chunk_lines);
    if (lines != NULL) {
        smtp_server_say_lines(server, lines);
    }
    return lines != NULL;
}

/* Says what is due at the end of a chunk that is not the last. */
static void end_chunk(SmtpServer *server)
{
    if (say_chunk_override(server)) {
        return;
    }
    if (server->content == SMTP_CONTENT_REFUSED) {
        SmtpReply refusal = server->refusal;
        server->transaction_failed = true;
        smtp_server_say_reply(server, &refusal);
        return;
    }
    g_autofree char *text =
        g_strdup_printf("%" G_GUINT64_FORMAT " octets received", server->content_octets);
    smtp_server_say(server, 250, "2.0.0", text);
}

static void refuse_chunk(SmtpServer *server, guint code, const char *enhanced, const char *text)
{
    SmtpReply refusal = SMTP_REPLY(code, enhanced, text);
    server->content = SMTP_CONTENT_REFUSED;
    smtp_server_keep_refusal(server, &refusal);
}

/* RFC 3030 §2: the octets follow in any case, so the words come behind them. */
void smtp_server_override_chunk(SmtpServer *server, const DialogueEvent *command, const char *lines)
{
    guint64 size;
    bool is_last;
    if (!read_chunk_size(command, &size, &is_last)) {
        smtp_server_say_lines(server, lines);
        return;
    }
    if (server->has_sender) {
        smtp_server_abandon_transaction(server);
    }
    server->chunk_left = size;
    server->chunk_is_last = is_last;
    server->is_chunked = true;
    server->content = SMTP_CONTENT_REFUSED;
    g_free(server->chunk_lines);
    server->chunk_lines = g_strdup(lines);
    if (size == 0 && !is_last) {
        end_chunk(server);
    }
}

SmtpHandled smtp_server_handle_bdat(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    if (!read_chunk_size(command, &server->chunk_left, &server->chunk_is_last)) {
        return smtp_server_reject(server, 501, "5.5.4", "Syntax: BDAT size [LAST]");
    }
    SmtpState state = smtp_dialogue_state(server->dialogue);
    bool is_first = server->content == SMTP_CONTENT_NONE;
    server->content_number = command->exchange;
    server->is_chunked = true;
    if (server->transaction_failed) {
        refuse_chunk(server, 503, "5.5.1", "The transaction has failed already");
    } else if ((state & (SMTP_STATE_RECIPIENTS | SMTP_STATE_BDAT)) == 0) {
        bool has_mail = state == SMTP_STATE_MAIL;
        refuse_chunk(
            server,
            has_mail ? 554 : 503,
            "5.5.1",
            has_mail ? "No valid recipients" : "MAIL and RCPT must come before BDAT"
        );
    } else if (server->recipients == 0) {
        refuse_chunk(server, 554, "5.5.1", "No valid recipients");
    } else if (is_first) {
        server->content = SMTP_CONTENT_WANTED;
        server->content_octets = 0;
        out_event->is_binary = true;
        return smtp_server_ask(server, SMTP_SERVER_MESSAGE_BEGIN, out_event);
    }
    if (server->chunk_left == 0 && !server->chunk_is_last) {
        end_chunk(server);
    }
    return SMTP_COMMAND_DONE;
}

/* RFC 5321 §2.3.8: CR and LF stand together or not at all. A message with others is a way to
 * smuggle a second one past a server that takes a bare LF for the end of a line. */
static bool lines_are_whole(SmtpServer *server, ByteSpan octets)
{
    bool was_cr = server->content_ends_in_cr;
    gssize at = -1;
    if (octets.length == 0) {
        return true;
    }
    server->content_ends_in_cr = octets.data[octets.length - 1] == '\r';
    if (was_cr && octets.data[0] != '\n') {
        return false;
    }
    while ((at = byte_span_find(octets, '\n', (gsize)(at + 1))) >= 0) {
        if (at == 0 ? !was_cr : octets.data[at - 1] != '\r') {
            return false;
        }
    }
    while ((at = byte_span_find(octets, '\r', (gsize)(at + 1))) >= 0) {
        if ((gsize)at + 1 < octets.length && octets.data[at + 1] != '\n') {
            return false;
        }
    }
    return true;
}

bool smtp_server_take_content(
    SmtpServer *server, const DialogueEvent *data, SmtpServerEvent *out_event
)
{
    bool is_chunk = data->message->kind == DIALOGUE_MESSAGE_BDAT;
    bool chunk_ends = false;
    if (is_chunk) {
        server->chunk_left -= MIN(server->chunk_left, data->text.length);
        chunk_ends = server->chunk_left == 0 && !server->chunk_is_last;
    }
    server->content_octets += data->text.length;
    if (server->content == SMTP_CONTENT_WANTED && server->options.maximum_size > 0 &&
        server->content_octets > server->options.maximum_size) {
        refuse_chunk(server, 552, "5.3.4", "Message too big for this server");
    }
    if (server->content == SMTP_CONTENT_WANTED && !is_chunk &&
        server->options.syntax == SMTP_SYNTAX_STRICT && !lines_are_whole(server, data->text)) {
        refuse_chunk(server, 550, "5.5.2", "Bare CR or LF in the message");
    }
    bool is_wanted = server->content == SMTP_CONTENT_WANTED;
    if (chunk_ends) {
        end_chunk(server);
    }
    if (!is_wanted) {
        return false;
    }
    out_event->kind = SMTP_SERVER_MESSAGE_DATA;
    out_event->octets = data->text;
    out_event->is_binary = is_chunk;
    return true;
}

static void close_transaction(SmtpServer *server)
{
    server->content = SMTP_CONTENT_NONE;
    server->has_sender = false;
    server->recipients = 0;
    server->transaction_failed = false;
    server->binary_body = false;
    server->declared_size = 0;
}

/* For teaching: the message is dropped and this is said of it. False: nobody asked for that. */
static bool say_end_override(SmtpServer *server)
{
    const char *lines = line_overrides_take(&server->end_overrides, server->content_number);
    if (lines == NULL) {
        return false;
    }
    smtp_server_abandon_transaction(server);
    smtp_server_say_lines(server, lines);
    return true;
}

bool smtp_server_end_content(
    SmtpServer *server, const DialogueEvent *end, SmtpServerEvent *out_event
)
{
    SmtpReply refusal = SMTP_REPLY(554, "5.5.1", "No valid recipients");
    bool is_chunked = end->message->kind == DIALOGUE_MESSAGE_BDAT;
    if (!end->message->is_complete || (server->content == SMTP_CONTENT_NONE && is_chunked)) {
        return false;
    }
    if (say_chunk_override(server) || say_end_override(server)) {
        server->content = SMTP_CONTENT_NONE;
        return false;
    }
    if (server->content == SMTP_CONTENT_WANTED) {
        out_event->is_binary = is_chunked;
        smtp_server_ask(server, SMTP_SERVER_MESSAGE_END, out_event);
        return true;
    }
    if (server->content == SMTP_CONTENT_REFUSED) {
        refusal = server->refusal;
    }
    smtp_server_abandon_transaction(server);
    smtp_server_say_reply(server, &refusal);
    return false;
}

static void answer_begin(SmtpServer *server, const SmtpReply *reply)
{
    if (!server->is_chunked) {
        if (reply == NULL) {
            smtp_server_say(server, 354, NULL, "End data with <CR><LF>.<CR><LF>");
        } else {
            server->content = SMTP_CONTENT_NONE;
            smtp_server_say_reply(server, reply);
        }
        return;
    }
    if (reply != NULL) {
        server->content = SMTP_CONTENT_REFUSED;
        smtp_server_keep_refusal(server, reply);
    }
    if (server->chunk_left == 0 && !server->chunk_is_last) {
        end_chunk(server); /* the first chunk is an empty one */
    }
}

void smtp_server_answer_content(SmtpServer *server, const SmtpReply *reply)
{
    SmtpReply usual = SMTP_REPLY(250, "2.0.0", "Ok: queued");
    if (server->asked == SMTP_SERVER_MESSAGE_BEGIN) {
        answer_begin(server, reply);
        return;
    }
    server->chunk_is_last = false;
    close_transaction(server);
    smtp_server_say_reply(server, reply == NULL ? &usual : reply);
}
