/* The loop of the server: dialogue events in, handlers by command id, answers out.
 *
 *     smtp_server_next_event ─> dialogue.next ─> handle_command ─> handlers[id] ─> say or ask */

#include "protocol/smtp/smtp-server-private.h"

#define OUTPUT_MAXIMUM (1024 * 1024)
#define REPLY_MAXIMUM 16384

typedef struct {
    SmtpCommandId id;
    guint32 needs; /* SmtpOffer bits without which the command is unknown here */
    SmtpHandler handle;
} HandlerRow;

static const HandlerRow handlers[] = {
    {SMTP_COMMAND_AUTH, SMTP_OFFER_AUTH, smtp_server_handle_auth},
    {SMTP_COMMAND_BDAT, SMTP_OFFER_CHUNKING, smtp_server_handle_bdat},
    {SMTP_COMMAND_DATA, 0, smtp_server_handle_data},
    {SMTP_COMMAND_EHLO, SMTP_OFFER_EHLO, smtp_server_handle_ehlo},
    {SMTP_COMMAND_ETRN, SMTP_OFFER_ETRN, smtp_server_handle_etrn},
    {SMTP_COMMAND_EXPN, SMTP_OFFER_EXPN, smtp_server_handle_expn},
    {SMTP_COMMAND_HELO, 0, smtp_server_handle_helo},
    {SMTP_COMMAND_HELP, SMTP_OFFER_HELP, smtp_server_handle_help},
    {SMTP_COMMAND_MAIL, 0, smtp_server_handle_mail},
    {SMTP_COMMAND_NOOP, 0, smtp_server_handle_noop},
    {SMTP_COMMAND_QUIT, 0, smtp_server_handle_quit},
    {SMTP_COMMAND_RCPT, 0, smtp_server_handle_rcpt},
    {SMTP_COMMAND_RSET, 0, smtp_server_handle_rset},
    {SMTP_COMMAND_STARTTLS, SMTP_OFFER_STARTTLS, smtp_server_handle_starttls},
    {SMTP_COMMAND_VRFY, 0, smtp_server_handle_vrfy},
};

SmtpServer *smtp_server_new(const SmtpServerOptions *options)
{
    SmtpServer *server = g_new0(SmtpServer, 1);
    server->options = *options;
    server->host_name = g_strdup(options->host_name);
    server->software = g_strdup(options->software);
    server->mechanisms = g_strdup(options->mechanisms);
    server->options.host_name = server->host_name;
    server->options.software = server->software;
    server->options.mechanisms = server->mechanisms;
    server->dialogue = smtp_dialogue_new();
    smtp_dialogue_set_lenient(server->dialogue, options->syntax != SMTP_SYNTAX_STRICT);
    byte_buffer_init(&server->output, OUTPUT_MAXIMUM);
    byte_buffer_init(&server->reply, REPLY_MAXIMUM);
    return server;
}

void smtp_server_free(SmtpServer *server)
{
    if (server == NULL) {
        return;
    }
    smtp_dialogue_free(server->dialogue);
    sasl_server_free(server->sasl);
    line_overrides_clear(&server->overrides);
    line_overrides_clear(&server->end_overrides);
    byte_buffer_clear(&server->output);
    byte_buffer_clear(&server->reply);
    g_free(server->host_name);
    g_free(server->software);
    g_free(server->mechanisms);
    g_free(server->hello_name);
    g_free(server->client_name);
    g_free(server->user);
    g_free(server->refusal_enhanced);
    g_free(server->refusal_text);
    g_free(server->chunk_lines);
    g_free(server);
}

bool smtp_server_offers(const SmtpServer *server, SmtpOffer offer)
{
    return (server->options.offers & offer) != 0;
}

/* RFC 2034 §4: no enhanced code in the greeting, in the answers to EHLO and HELO, nor in 3yz. */
static bool write_reply(const SmtpServer *server, const SmtpReply *reply, ByteBuffer *out)
{
    bool with_enhanced =
        smtp_server_offers(server, SMTP_OFFER_ENHANCEDSTATUSCODES) && reply->code / 100 != 3;
    return smtp_reply_write(reply, with_enhanced, out);
}

/* What stands in server->reply goes to the output, and the dialogue reads it. */
static void utter(SmtpServer *server, bool is_whole)
{
    ByteSpan lines = byte_buffer_span(&server->reply);
    if (!is_whole || !byte_buffer_append(&server->output, lines)) {
        server->is_closing = true; /* a client that never reads its replies */
        return;
    }
    smtp_dialogue_class.feed(server->dialogue, DIALOGUE_SERVER, lines);
    if (byte_span_starts_with(lines, "421") || byte_span_starts_with(lines, "221")) {
        server->is_closing = true;
    }
}

void smtp_server_say_reply(SmtpServer *server, const SmtpReply *reply)
{
    byte_buffer_reset(&server->reply);
    utter(server, write_reply(server, reply, &server->reply));
}

void smtp_server_say_lines(SmtpServer *server, const char *lines)
{
    byte_buffer_reset(&server->reply);
    utter(server, byte_buffer_append_string(&server->reply, lines));
}

static void set_override(
    SmtpServer *server, LineOverrides *where, guint64 number, const SmtpReply *reply, bool *said
)
{
    ByteBuffer lines;
    g_assert(reply->code >= 200 && reply->code <= 599);
    byte_buffer_init(&lines, REPLY_MAXIMUM);
    bool fits = write_reply(server, reply, &lines);
    g_autofree char *text = byte_span_to_string(byte_buffer_span(&lines));
    if (fits) {
        line_overrides_set(where, number, text, said);
    }
    byte_buffer_clear(&lines);
}

void smtp_server_set_override(
    SmtpServer *server, guint64 number, const SmtpReply *reply, bool *said
)
{
    set_override(server, &server->overrides, number, reply, said);
}

void smtp_server_set_end_override(
    SmtpServer *server, guint64 number, const SmtpReply *reply, bool *said
)
{
    set_override(server, &server->end_overrides, number, reply, said);
}

void smtp_server_say(SmtpServer *server, guint code, const char *enhanced, const char *text)
{
    SmtpReply reply = SMTP_REPLY(code, enhanced, text);
    smtp_server_say_reply(server, &reply);
}

SmtpHandled
smtp_server_reject(SmtpServer *server, guint code, const char *enhanced, const char *text)
{
    server->errors++;
    if (server->options.maximum_errors > 0 && server->errors > server->options.maximum_errors) {
        smtp_server_say(server, 421, "4.7.0", "Too many errors, closing");
    } else {
        smtp_server_say(server, code, enhanced, text);
    }
    return SMTP_COMMAND_DONE;
}

SmtpHandled
smtp_server_ask(SmtpServer *server, SmtpServerEventKind kind, SmtpServerEvent *out_event)
{
    out_event->kind = kind;
    out_event->needs_answer = true;
    server->asked = kind;
    server->awaits_answer = true;
    return SMTP_COMMAND_TO_OWNER;
}

void smtp_server_abandon_transaction(SmtpServer *server)
{
    server->needs_reset_event = true;
    server->has_sender = false;
    server->recipients = 0;
    server->content = SMTP_CONTENT_NONE;
    server->chunk_left = 0;
    server->chunk_is_last = false;
    server->content_octets = 0;
    server->transaction_failed = false;
    server->declared_size = 0;
    server->binary_body = false;
}

void smtp_server_keep_refusal(SmtpServer *server, const SmtpReply *reply)
{
    char *enhanced = g_strdup(reply->enhanced);
    char *text = g_strdup(reply->text);
    g_free(server->refusal_enhanced);
    g_free(server->refusal_text);
    server->refusal_enhanced = enhanced;
    server->refusal_text = text;
    server->refusal = SMTP_REPLY(reply->code, enhanced, text);
}

void smtp_server_greet(SmtpServer *server, const SmtpReply *refusal, gint64 now_us)
{
    server->now_us = now_us;
    server->heard_us = now_us;
    const char *override = line_overrides_take(&server->overrides, 0);
    if (override != NULL) {
        smtp_server_say_lines(server, override);
        return;
    }
    if (refusal != NULL) {
        smtp_server_say_reply(server, refusal);
        return;
    }
    g_autofree char *text = g_strconcat(server->host_name, " ", server->software, NULL);
    smtp_server_say(server, 220, NULL, text);
}

void smtp_server_receive(SmtpServer *server, ByteSpan octets, gint64 now_us)
{
    server->now_us = now_us;
    server->heard_us = now_us;
    if (!server->is_closing && !server->awaits_tls) {
        smtp_dialogue_class.feed(server->dialogue, DIALOGUE_CLIENT, octets);
    }
}

static const HandlerRow *find_handler(const SmtpServer *server, const SmtpCommandRow *row)
{
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++) {
        if (handlers[i].id == row->id &&
            (handlers[i].needs & server->options.offers) == handlers[i].needs) {
            return &handlers[i];
        }
    }
    return NULL;
}

/* Those that are offered here, eight on a line. */
void smtp_server_list_commands(const SmtpServer *server, GString *text)
{
    guint count = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++) {
        const SmtpCommandRow *row = smtp_command_row(handlers[i].id);
        if (find_handler(server, row) != NULL) {
            const char *gap = count == 0 ? "Commands: " : count % 8 == 0 ? "\n" : " ";
            g_string_append_printf(text, "%s%s", gap, row->item.token);
            count++;
        }
    }
}

static SmtpHandled say_bad_order(SmtpServer *server, SmtpCommandId id)
{
    SmtpState state = smtp_dialogue_state(server->dialogue);
    if (state == SMTP_STATE_GREETED) {
        return smtp_server_reject(server, 503, "5.5.1", "Say EHLO or HELO first");
    }
    if (id == SMTP_COMMAND_MAIL) {
        return smtp_server_reject(server, 503, "5.5.1", "A mail transaction is open already");
    }
    if (id == SMTP_COMMAND_RCPT) {
        return smtp_server_reject(server, 503, "5.5.1", "MAIL must come before RCPT");
    }
    if (id == SMTP_COMMAND_DATA && state == SMTP_STATE_MAIL) {
        /* RFC 5321 §3.3: all recipients were refused, or none was named */
        return smtp_server_reject(server, 554, "5.5.1", "No valid recipients");
    }
    return smtp_server_reject(server, 503, "5.5.1", "Bad sequence of commands");
}

/* RFC 4954 §6: what may be said before the log-in. */
static bool awaits_login(const SmtpServer *server, SmtpCommandId id)
{
    static const SmtpCommandId free_ones[] = {
        SMTP_COMMAND_AUTH,
        SMTP_COMMAND_EHLO,
        SMTP_COMMAND_HELO,
        SMTP_COMMAND_HELP,
        SMTP_COMMAND_NOOP,
        SMTP_COMMAND_QUIT,
        SMTP_COMMAND_RSET,
        SMTP_COMMAND_STARTTLS,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(free_ones); i++) {
        if (free_ones[i] == id) {
            return false;
        }
    }
    return server->options.requires_auth && server->user == NULL;
}

static SmtpHandled
handle_known(SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event)
{
    const SmtpCommandRow *row = smtp_command_of(command->item);
    const HandlerRow *handler = find_handler(server, row);
    bool needs_chunk = row->id == SMTP_COMMAND_BDAT;
    SmtpState state = smtp_dialogue_state(server->dialogue);
    /* RFC 5321 §3.1: whom the greeting refused may still say QUIT */
    bool takes_leave = row->id == SMTP_COMMAND_QUIT && state == SMTP_STATE_CONNECTED;
    if (handler == NULL) {
        return smtp_server_reject(server, 502, "5.5.1", "Command not implemented");
    }
    if ((row->item.states & state) == 0 && !needs_chunk && !takes_leave) {
        return say_bad_order(server, row->id);
    }
    if (awaits_login(server, row->id) && !needs_chunk) {
        return smtp_server_reject(server, 530, "5.7.0", "Authentication required");
    }
    return handler->handle(server, command, out_event);
}

static SmtpHandled
handle_command(SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event)
{
    const SmtpCommandRow *row = command->item == NULL ? NULL : smtp_command_of(command->item);
    const char *override = line_overrides_take(&server->overrides, command->exchange);
    if (override != NULL && row != NULL && row->id == SMTP_COMMAND_BDAT) {
        smtp_server_override_chunk(server, command, override);
        return SMTP_COMMAND_DONE;
    }
    if (override != NULL) {
        smtp_server_say_lines(server, override);
        return SMTP_COMMAND_DONE;
    }
    if (!smtp_server_form_is_fit(server, command, row)) {
        return SMTP_COMMAND_DONE;
    }
    if (row == NULL) {
        return smtp_server_reject(server, 500, "5.5.2", "Command not recognized");
    }
    return handle_known(server, command, out_event);
}

static bool take_event(SmtpServer *server, const DialogueEvent *event, SmtpServerEvent *out_event)
{
    switch (event->kind) {
    case DIALOGUE_EVENT_COMMAND:
        return handle_command(server, event, out_event) == SMTP_COMMAND_TO_OWNER;
    case DIALOGUE_EVENT_CONTINUATION:
        return smtp_server_take_response(server, event, out_event);
    case DIALOGUE_EVENT_MESSAGE_DATA:
        return smtp_server_take_content(server, event, out_event);
    case DIALOGUE_EVENT_MESSAGE_END:
        return smtp_server_end_content(server, event, out_event);
    case DIALOGUE_EVENT_OPAQUE:
        server->is_closing = true; /* TLS that nobody here knows of: an override said 220 */
        return false;
    case DIALOGUE_EVENT_MESSAGE_BEGIN:
    case DIALOGUE_EVENT_REPLY:
    case DIALOGUE_EVENT_CREDENTIAL:
    case DIALOGUE_EVENT_MISSING:
        return false;
    }
    return false;
}

bool smtp_server_next_event(SmtpServer *server, SmtpServerEvent *out_event)
{
    DialogueEvent event;
    while (!server->awaits_answer) {
        *out_event = (SmtpServerEvent){0};
        if (server->needs_reset_event) {
            server->needs_reset_event = false;
            out_event->kind = SMTP_SERVER_RESET;
            return true;
        }
        if (server->is_closing) {
            out_event->kind = SMTP_SERVER_CLOSE;
            bool is_news = !server->close_was_told;
            server->close_was_told = true;
            return is_news;
        }
        if (server->awaits_tls || !smtp_dialogue_class.next(server->dialogue, &event)) {
            return false;
        }
        if (take_event(server, &event, out_event)) {
            return true;
        }
    }
    /* The answer comes later, and the octets were only lent. */
    if (!smtp_dialogue_hold_client(server->dialogue)) {
        server->is_closing = true;
    }
    return false;
}

static SmtpReply usual_answer(const SmtpServer *server)
{
    switch (server->asked) {
    case SMTP_SERVER_MAIL:
        return SMTP_REPLY(250, "2.1.0", "Sender ok");
    case SMTP_SERVER_RCPT:
        return SMTP_REPLY(250, "2.1.5", "Recipient ok");
    case SMTP_SERVER_VRFY:
        return SMTP_REPLY(252, "2.5.2", "Cannot VRFY user, but will take the message");
    case SMTP_SERVER_EXPN:
        return SMTP_REPLY(252, "2.5.2", "Cannot expand the list");
    case SMTP_SERVER_ETRN:
        return SMTP_REPLY(250, "2.0.0", "Queuing started");
    case SMTP_SERVER_HELLO:
    case SMTP_SERVER_MESSAGE_BEGIN:
    case SMTP_SERVER_MESSAGE_DATA:
    case SMTP_SERVER_MESSAGE_END:
    case SMTP_SERVER_RESET:
    case SMTP_SERVER_AUTH:
    case SMTP_SERVER_STARTTLS:
    case SMTP_SERVER_CLOSE:
        break;
    }
    return SMTP_REPLY(250, "2.0.0", "Ok");
}

void smtp_server_answer(SmtpServer *server, const SmtpReply *reply)
{
    g_assert(server->awaits_answer);
    if (server->asked == SMTP_SERVER_AUTH) {
        smtp_server_answer_auth(server, NULL, reply);
        return;
    }
    server->awaits_answer = false;
    SmtpReply usual = usual_answer(server);
    if (server->asked == SMTP_SERVER_MESSAGE_BEGIN || server->asked == SMTP_SERVER_MESSAGE_END) {
        smtp_server_answer_content(server, reply);
        return;
    }
    bool is_positive = reply == NULL || reply->code / 100 == 2;
    if (server->asked == SMTP_SERVER_HELLO && is_positive) {
        smtp_server_begin_session(server);
    }
    if (server->asked == SMTP_SERVER_HELLO && reply == NULL) {
        smtp_server_say_hello(server);
        return;
    }
    if (server->asked == SMTP_SERVER_MAIL) {
        server->has_sender = is_positive;
    } else if (server->asked == SMTP_SERVER_RCPT && is_positive) {
        server->recipients++;
    }
    smtp_server_say_reply(server, reply == NULL ? &usual : reply);
}

ByteSpan smtp_server_output(const SmtpServer *server)
{
    return byte_buffer_span(&server->output);
}

void smtp_server_consume_output(SmtpServer *server, gsize length)
{
    byte_buffer_consume(&server->output, length);
}

void smtp_server_begin_tls(SmtpServer *server)
{
    smtp_dialogue_begin_tls(server->dialogue);
    smtp_dialogue_set_lenient(server->dialogue, server->options.syntax != SMTP_SYNTAX_STRICT);
    server->is_tls = true;
    server->awaits_tls = false;
    server->is_extended = false;
    g_clear_pointer(&server->sasl, sasl_server_free);
    g_clear_pointer(&server->client_name, g_free);
    g_clear_pointer(&server->user, g_free);
}

gint64 smtp_server_deadline_us(const SmtpServer *server)
{
    bool is_set = server->options.command_timeout_us > 0 && !server->awaits_answer;
    return is_set ? server->heard_us + server->options.command_timeout_us : 0;
}

void smtp_server_time_out(SmtpServer *server)
{
    if (!server->is_closing) {
        /* RFC 5321 §3.8 */
        smtp_server_say(server, 421, "4.4.2", "Idle for too long, closing");
        server->awaits_answer = false;
    }
}

const char *smtp_server_protocol_name(const SmtpServer *server)
{
    /* RFC 3848 §1, RFC 6531 §4.3 */
    static const char *const names[2][2][2] = {
        {{"ESMTP", "ESMTPA"}, {"ESMTPS", "ESMTPSA"}},
        {{"UTF8SMTP", "UTF8SMTPA"}, {"UTF8SMTPS", "UTF8SMTPSA"}},
    };
    return server->is_extended ? names[server->uses_utf8][server->is_tls][server->user != NULL]
                               : "SMTP";
}

ByteSpan smtp_server_client_name(const SmtpServer *server)
{
    return byte_span_from_string(server->client_name);
}

const char *smtp_server_user(const SmtpServer *server)
{
    return server->user;
}

const SmtpDialogue *smtp_server_dialogue(const SmtpServer *server)
{
    return server->dialogue;
}
