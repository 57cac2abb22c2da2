/* One message: MAIL, RCPT, then DATA or BDAT, and what each answer means for it. */

#include "protocol/smtp/smtp-client-private.h"

static bool pipelines(const SmtpClient *client)
{
    return client->offers.pipelining && client->options.may_pipeline;
}

#define USUAL_LINE 120 /* octets of a command that names a mailbox */

static void say_mail(SmtpClient *client)
{
    const SmtpClientMessage *message = &client->message;
    g_autoptr(GString) line = g_string_sized_new(USUAL_LINE);
    g_string_append(line, "MAIL FROM:<");
    g_string_append(line, message->reverse_path);
    g_string_append_c(line, '>');
    if (client->offers.has_size) {
        g_string_append_printf(line, " SIZE=%" G_GSIZE_FORMAT, message->content.length);
    }
    if (message->is_binary) {
        g_string_append(line, " BODY=BINARYMIME");
    } else if (message->has_eight_bit) {
        g_string_append(line, " BODY=8BITMIME");
    }
    if (message->needs_utf8) {
        g_string_append(line, " SMTPUTF8");
    }
    if (client->offers.dsn && message->return_what != NULL) {
        g_string_append_printf(line, " RET=%s", message->return_what);
    }
    if (client->offers.dsn && message->envelope_id != NULL) {
        g_string_append_printf(line, " ENVID=%s", message->envelope_id);
    }
    smtp_client_say(client, SMTP_COMMAND_MAIL, line->str);
}

static void say_recipient(SmtpClient *client)
{
    guint index = client->sent_recipients++;
    const char *parameters = client->message.recipient_parameters == NULL || !client->offers.dsn
                                 ? NULL
                                 : client->message.recipient_parameters[index];
    g_autofree char *line = g_strconcat(
        "RCPT TO:<",
        client->message.forward_paths[index],
        parameters == NULL ? ">" : "> ",
        parameters,
        NULL
    );
    smtp_client_say(client, SMTP_COMMAND_RCPT, line);
}

/* RFC 3030 §2: the next piece, or the whole message at once. */
static void say_chunk(SmtpClient *client)
{
    gsize length = client->options.chunk_octets == 0 ? G_MAXSIZE : client->options.chunk_octets;
    client->content_left = byte_span_slice(client->chunk_left, 0, length);
    client->chunk_left = byte_span_from(client->chunk_left, client->content_left.length);
    client->phase = PHASE_CONTENT;
    g_autofree char *line = g_strdup_printf(
        "BDAT %" G_GSIZE_FORMAT "%s",
        client->content_left.length,
        client->chunk_left.length == 0 ? " LAST" : ""
    );
    smtp_client_say(client, SMTP_COMMAND_BDAT, line);
}

static void say_data(SmtpClient *client)
{
    client->data_was_sent = true;
    smtp_client_say(client, SMTP_COMMAND_DATA, "DATA");
}

/* The next command of the envelope where nothing is pipelined; all of them where it is. */
static void go_on_with_envelope(SmtpClient *client)
{
    do {
        if (client->sent_recipients < client->recipients) {
            say_recipient(client);
        } else if (!client->data_was_sent && !client->uses_chunks) {
            say_data(client);
            return;
        } else {
            return;
        }
    } while (pipelines(client) && byte_buffer_length(&client->output) < SMTP_CLIENT_SPOKEN_MAXIMUM);
}

static bool has_eight_bit(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((*text & 0x80) != 0) {
            return true;
        }
    }
    return false;
}

static bool address_needs_utf8(const SmtpClientMessage *message)
{
    bool needs = has_eight_bit(message->reverse_path);
    for (guint i = 0; message->forward_paths[i] != NULL; i++) {
        needs = needs || has_eight_bit(message->forward_paths[i]);
    }
    return needs;
}

static void refuse_own(SmtpClient *client, guint code, const char *enhanced, const char *text)
{
    smtp_client_settle(client, code, SMTP_COMMAND_MAIL, NULL);
    smtp_client_keep_result(client, g_strdup(enhanced), g_strdup(text));
    client->result_is_own = true;
    client->result_is_due = true;
}

/* What the server did not offer must not be used: RFC 6152 §3, RFC 6531 §3.5, RFC 3030 §3. */
static bool may_send(SmtpClient *client)
{
    const SmtpClientMessage *message = &client->message;
    const SmtpClientOffers *offers = &client->offers;
    bool has_strange_address = address_needs_utf8(message);
    if (message->is_binary && (!offers->binary || !offers->chunking)) {
        refuse_own(client, 554, "5.6.3", "554 5.6.3 The server does not offer BINARYMIME");
    } else if (message->has_eight_bit && !message->is_binary && !offers->eight_bit) {
        refuse_own(client, 554, "5.6.3", "554 5.6.3 The server does not offer 8BITMIME");
    } else if (has_strange_address && !(message->needs_utf8 && offers->utf8)) {
        refuse_own(client, 553, "5.6.7", "553 5.6.7 The server does not offer SMTPUTF8");
    } else if (message->needs_utf8 && !offers->utf8) {
        refuse_own(client, 554, "5.6.9", "554 5.6.9 The server does not offer SMTPUTF8");
    }
    return !client->result_is_due;
}

void smtp_client_send(SmtpClient *client, const SmtpClientMessage *message)
{
    if (client->phase != PHASE_IDLE) {
        return;
    }
    client->message = *message;
    client->recipients = g_strv_length((char **)message->forward_paths);
    client->next_recipient = 0;
    client->sent_recipients = 0;
    client->accepted = 0;
    client->data_was_sent = false;
    client->mail_was_refused = false;
    client->reset_is_due = false;
    client->uses_chunks =
        client->offers.chunking && (client->options.may_chunk || message->is_binary);
    client->chunk_left = message->content;
    client->phase = PHASE_ENVELOPE;
    if (!may_send(client)) {
        return;
    }
    say_mail(client);
    if (pipelines(client)) {
        go_on_with_envelope(client);
    }
}

/* Content leaves in pieces, so that a long message is not held twice. */
void smtp_client_top_up(SmtpClient *client)
{
    while (client->phase == PHASE_CONTENT &&
           byte_buffer_length(&client->output) < SMTP_CLIENT_OUTPUT_LOW) {
        ByteSpan piece = byte_span_slice(client->content_left, 0, SMTP_CLIENT_OUTPUT_LOW);
        if (piece.length == 0) {
            if (!client->uses_chunks) {
                smtp_client_put(client, dot_stuffer_end(&client->stuffer));
            }
            client->phase = PHASE_FINAL;
            if (client->reset_is_due) {
                client->phase = PHASE_RESET;
                smtp_client_say(client, SMTP_COMMAND_RSET, "RSET");
            }
            return;
        }
        client->content_left = byte_span_from(client->content_left, piece.length);
        ByteSpan octets;
        if (client->uses_chunks) {
            smtp_client_put(client, piece);
            continue;
        }
        while (dot_stuffer_next(&client->stuffer, &piece, &octets)) {
            smtp_client_put(client, octets);
        }
    }
}

bool smtp_client_give_result(SmtpClient *client, SmtpClientEvent *event)
{
    if (client->result_code == 221) {
        client->phase = PHASE_OVER;
        client->close_is_due = true;
    } else if (client->phase != PHASE_QUITTING && client->phase != PHASE_OVER) {
        client->phase = PHASE_IDLE;
    }
    event->kind = SMTP_CLIENT_RESULT;
    event->code = client->result_code;
    event->enhanced = byte_span_from_string(client->result_enhanced);
    event->text = byte_span_from_string(client->result_text);
    event->accepted = client->accepted;
    event->command = client->result_command;
    event->is_own = client->result_is_own;
    client->result_code = 0;
    client->result_is_own = false;
    return true;
}

/* All of the envelope has been answered and nothing is to be sent: the transaction is given up. */
static void abandon(SmtpClient *client)
{
    if (smtp_dialogue_state(client->dialogue) == SMTP_STATE_READY) {
        client->result_is_due = true;
    } else {
        client->phase = PHASE_RESET;
        smtp_client_say(client, SMTP_COMMAND_RSET, "RSET");
    }
}

/* A server that cannot even reset is left; what it would take for the next message is unknown. */
bool smtp_client_on_reset(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    if (smtp_client_reply_code(reply) / 100 != 2) {
        smtp_client_quit(client);
    }
    return smtp_client_give_result(client, event);
}

bool smtp_client_on_mail(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    bool is_pipelined = client->sent_recipients > 0;
    guint code = smtp_client_reply_code(reply);
    smtp_client_give(event, SMTP_CLIENT_SENDER, reply);
    if (code / 100 != 2) {
        client->mail_was_refused = true;
        smtp_client_settle(client, code, SMTP_COMMAND_MAIL, reply);
        if (!is_pipelined) {
            abandon(client);
        }
    } else if (!is_pipelined) {
        go_on_with_envelope(client);
    }
    return true;
}

bool smtp_client_on_recipient(
    SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event
)
{
    guint code = smtp_client_reply_code(reply);
    smtp_client_give(event, SMTP_CLIENT_RECIPIENT, reply);
    event->recipient = client->next_recipient++;
    client->accepted += code / 100 == 2 && !client->mail_was_refused;
    if (client->next_recipient < client->sent_recipients || client->data_was_sent) {
        return true;
    }
    if (client->sent_recipients < client->recipients && !client->mail_was_refused) {
        go_on_with_envelope(client);
    } else if (client->accepted == 0) {
        smtp_client_settle(client, code, SMTP_COMMAND_RCPT, reply);
        abandon(client);
    } else if (client->uses_chunks) {
        say_chunk(client);
    } else {
        go_on_with_envelope(client);
    }
    return true;
}

static void on_go_ahead(SmtpClient *client)
{
    /* RFC 2920 §3.1: nobody was accepted and yet the server says 354: end at once. */
    client->content_left = client->accepted > 0 ? client->message.content : BYTE_SPAN_EMPTY;
    dot_stuffer_init(&client->stuffer);
    client->phase = PHASE_CONTENT;
    if (client->accepted == 0) {
        smtp_client_put(client, BYTE_SPAN_LITERAL(".\r\n"));
        client->phase = PHASE_FINAL;
    }
}

/* A chunk was answered. */
static bool on_chunk(SmtpClient *client, guint code, const DialogueEvent *reply)
{
    if (code / 100 == 2 && client->chunk_left.length > 0 && client->phase == PHASE_FINAL) {
        say_chunk(client);
        return false;
    }
    if (code / 100 == 2 && client->phase == PHASE_FINAL) {
        smtp_client_settle(client, code, SMTP_COMMAND_BDAT, reply);
        return true;
    }
    /* RFC 3030 §2: the octets that were announced leave all the same, then RSET */
    smtp_client_settle(client, code / 100 == 2 ? 451 : code, SMTP_COMMAND_BDAT, reply);
    if (client->phase == PHASE_CONTENT) {
        client->reset_is_due = true;
    } else {
        client->phase = PHASE_RESET;
        smtp_client_say(client, SMTP_COMMAND_RSET, "RSET");
    }
    return false;
}

/* 250 where 354 is due: it promises nothing, so the message is not sent yet. */
static void settle_strange(SmtpClient *client, SmtpCommandId id, const DialogueEvent *reply)
{
    smtp_client_settle(client, 451, id, reply);
    client->result_is_own = true;
}

bool smtp_client_on_content(
    SmtpClient *client, SmtpCommandId id, const DialogueEvent *reply, SmtpClientEvent *event
)
{
    guint code = smtp_client_reply_code(reply);
    if (id == SMTP_COMMAND_BDAT) {
        return on_chunk(client, code, reply) && smtp_client_give_result(client, event);
    }
    if (client->phase == PHASE_ENVELOPE && code / 100 == 3) {
        on_go_ahead(client);
        return false;
    }
    if (client->phase == PHASE_ENVELOPE) {
        if (code / 100 == 2) {
            settle_strange(client, id, reply);
        }
        smtp_client_settle(client, code, id, reply);
        abandon(client);
        return false;
    }
    if (client->phase == PHASE_CONTENT || code / 100 == 3) {
        /* An answer in the middle of the message, or 354 in the end: nobody knows what the server
         * takes next. */
        smtp_client_settle(client, code / 100 < 4 ? 451 : code, id, reply);
        client->result_is_own = code / 100 < 4;
        client->phase = PHASE_OVER;
        client->close_is_due = true;
        return smtp_client_give_result(client, event);
    }
    smtp_client_settle(client, code, id, reply);
    return smtp_client_give_result(client, event);
}
