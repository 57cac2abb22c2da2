/* The client's life, its loop, and what all its parts share. */

#include "protocol/smtp/smtp-client.h"

#include "protocol/smtp/smtp-client-private.h"

#define MINUTE_US (60 * G_GINT64_CONSTANT(1000000))

SmtpClient *smtp_client_new(const SmtpClientOptions *options)
{
    SmtpClient *client = g_new0(SmtpClient, 1);
    client->options = *options;
    client->host_name = g_strdup(options->host_name);
    client->user = g_strdup(options->user);
    client->password = g_strdup(options->password);
    client->authorization = g_strdup(options->authorization);
    client->mechanism = g_strdup(options->mechanism);
    client->server_name = g_strdup(options->server_name);
    client->dialogue = smtp_dialogue_new();
    byte_buffer_init(&client->output, SMTP_CLIENT_OUTPUT_MAXIMUM);
    byte_buffer_init(&client->reading, SMTP_CLIENT_OUTPUT_MAXIMUM);
    return client;
}

void smtp_client_free(SmtpClient *client)
{
    if (client == NULL) {
        return;
    }
    smtp_dialogue_free(client->dialogue);
    sasl_client_free(client->sasl);
    byte_buffer_clear(&client->output);
    byte_buffer_clear(&client->reading);
    line_overrides_clear(&client->overrides);
    g_clear_pointer(&client->meant, g_hash_table_unref);
    g_free(client->host_name);
    g_free(client->user);
    g_free(client->password);
    g_free(client->authorization);
    g_free(client->mechanism);
    g_free(client->server_name);
    smtp_client_keep_result(client, NULL, NULL);
    g_free(client);
}

const SmtpClientOffers *smtp_client_offers(const SmtpClient *client)
{
    return &client->offers;
}

void smtp_client_set_line_override(SmtpClient *client, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&client->overrides, number, text, said);
}

bool smtp_client_awaits_result(const SmtpClient *client)
{
    return client->phase == PHASE_FINAL && byte_buffer_length(&client->output) == 0;
}

/* To the output; the dialogue reads it when events are pulled next. */
void smtp_client_put(SmtpClient *client, ByteSpan octets)
{
    bool fits = byte_buffer_append(&client->output, octets);
    g_assert(fits); /* the client bounds what it says: see top_up() and go_on_with_envelope() */
    client->unread += octets.length;
}

static void note_meaning(SmtpClient *client, SmtpCommandId id)
{
    if (client->meant == NULL) {
        client->meant = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    }
    gpointer key = g_memdup2(&client->n_commands, sizeof client->n_commands);
    g_hash_table_replace(client->meant, key, GUINT_TO_POINTER(id));
}

void smtp_client_say(SmtpClient *client, SmtpCommandId id, const char *line)
{
    client->n_commands++;
    const char *other = line_overrides_take(&client->overrides, client->n_commands);
    if (other != NULL) {
        note_meaning(client, id);
    }
    smtp_client_put(client, byte_span_from_string(other == NULL ? line : other));
    smtp_client_put(client, BYTE_SPAN_LITERAL("\r\n"));
}

/* In the middle of a message nobody would take it for a command: there the owner just closes. */
void smtp_client_quit(SmtpClient *client)
{
    client->ready_is_due = false;
    if (client->phase == PHASE_CONTENT || client->phase == PHASE_TLS) {
        client->phase = PHASE_OVER;
        client->close_is_due = true;
    } else if (client->phase != PHASE_OVER && client->phase != PHASE_QUITTING) {
        client->phase = PHASE_QUITTING;
        smtp_client_say(client, SMTP_COMMAND_QUIT, "QUIT");
    }
}

void smtp_client_hang_up(SmtpClient *client)
{
    client->ready_is_due = false;
    client->close_is_due = client->phase != PHASE_OVER;
    client->phase = PHASE_OVER;
}

ByteSpan smtp_client_output(SmtpClient *client)
{
    smtp_client_top_up(client);
    return byte_buffer_span(&client->output);
}

guint smtp_client_reply_code(const DialogueEvent *reply)
{
    guint64 code = 0;
    byte_span_to_number(reply->code, &code);
    return (guint)code;
}

void smtp_client_give(SmtpClientEvent *event, SmtpClientEventKind kind, const DialogueEvent *reply)
{
    event->kind = kind;
    event->code = smtp_client_reply_code(reply);
    event->enhanced = reply->enhanced;
    event->text = reply->text;
}

/* The first answer that decides stays. */
void smtp_client_settle(
    SmtpClient *client, guint code, SmtpCommandId command, const DialogueEvent *reply
)
{
    if (client->result_is_due || client->result_code != 0) {
        return;
    }
    client->result_code = code;
    client->result_command = command;
    smtp_client_keep_result(
        client,
        reply == NULL ? NULL : byte_span_to_display(reply->enhanced),
        reply == NULL ? NULL : byte_span_to_display(reply->text)
    );
}

void smtp_client_keep_result(SmtpClient *client, char *enhanced, char *text)
{
    g_free(client->result_enhanced);
    g_free(client->result_text);
    client->result_enhanced = enhanced;
    client->result_text = text;
}

bool smtp_client_close(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    client->phase = PHASE_OVER;
    client->close_is_due = false;
    event->kind = SMTP_CLIENT_CLOSED;
    event->command = N_SMTP_COMMANDS;
    if (reply != NULL) {
        smtp_client_give(event, SMTP_CLIENT_CLOSED, reply);
    }
    if (client->was_sent_away) {
        event->code = client->result_code;
        event->command = client->result_command;
        event->text = byte_span_from_string(client->result_text);
        event->enhanced = byte_span_from_string(client->result_enhanced);
    }
    return true;
}

/* What the answered command was meant to be. */
static SmtpCommandId answered(const SmtpClient *client, const DialogueEvent *reply)
{
    gpointer id;
    if (client->meant != NULL &&
        g_hash_table_lookup_extended(client->meant, &reply->exchange, NULL, &id)) {
        return GPOINTER_TO_UINT(id);
    }
    return reply->command == NULL ? N_SMTP_COMMANDS : smtp_command_of(reply->command)->id;
}

/* The last line of an answer, by the command it answers. */
static bool take_answer(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    guint code = smtp_client_reply_code(reply);
    SmtpCommandId id = answered(client, reply);
    /* by its first digit 221 says of a message that it was taken (RFC 5321 §4.2.1) */
    bool ends_session = code == 421 || (code == 221 && client->phase != PHASE_FINAL) || code == 0;
    if (client->phase == PHASE_QUITTING ? id == SMTP_COMMAND_QUIT || ends_session : ends_session) {
        return smtp_client_close(client, reply, event);
    }
    if (client->phase == PHASE_GREETING) {
        return smtp_client_on_greeting(client, reply, event);
    }
    switch ((guint)id) {
    case SMTP_COMMAND_EHLO:
    case SMTP_COMMAND_HELO:
        return client->phase == PHASE_HELLO && smtp_client_on_hello(client, reply, event);
    case SMTP_COMMAND_STARTTLS:
        return client->phase == PHASE_TLS && smtp_client_on_starttls(client, reply, event);
    case SMTP_COMMAND_AUTH:
        return client->phase == PHASE_AUTH && smtp_client_on_auth(client, reply, event);
    case SMTP_COMMAND_MAIL:
        return client->phase == PHASE_ENVELOPE && smtp_client_on_mail(client, reply, event);
    case SMTP_COMMAND_RCPT:
        return client->phase == PHASE_ENVELOPE && smtp_client_on_recipient(client, reply, event);
    case SMTP_COMMAND_DATA:
    case SMTP_COMMAND_BDAT:
        return client->phase >= PHASE_ENVELOPE && client->phase <= PHASE_FINAL &&
               smtp_client_on_content(client, id, reply, event);
    case SMTP_COMMAND_RSET:
        return client->phase == PHASE_RESET && smtp_client_on_reset(client, reply, event);
    default:
        return false;
    }
}

static bool take_said(SmtpClient *client, const DialogueEvent *said, SmtpClientEvent *event)
{
    if (said->kind != DIALOGUE_EVENT_REPLY || client->phase == PHASE_OVER) {
        return false;
    }
    if (client->phase == PHASE_HELLO && client->offers.is_extended && !said->is_first) {
        smtp_client_note_offer(client, said->text);
    }
    return said->is_last && take_answer(client, said, event);
}

/* What was put since the dialogue read last. */
static ByteSpan take_fresh(SmtpClient *client)
{
    ByteSpan output = byte_buffer_span(&client->output);
    ByteSpan fresh = byte_span_from(output, output.length - client->unread);
    client->unread = 0;
    return fresh;
}

/* Lets the dialogue read them; the output may grow before it has done so. */
static void feed_own_words(SmtpClient *client)
{
    byte_buffer_reset(&client->reading);
    bool fits = byte_buffer_append(&client->reading, take_fresh(client));
    g_assert(fits);
    ByteSpan words = byte_buffer_span(&client->reading);
    smtp_dialogue_class.feed(client->dialogue, DIALOGUE_CLIENT, words);
}

/* A line at a time: what the client says to it is said before the next one is read, in whatever
 * pieces they came. */
static bool feed_heard(SmtpClient *client)
{
    ByteSpan line = byte_span_take_line(&client->heard);
    if (line.length > 0) {
        smtp_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, line);
    }
    return line.length > 0;
}

static bool give_due(SmtpClient *client, SmtpClientEvent *event)
{
    if (client->result_is_due) {
        client->result_is_due = false;
        return smtp_client_give_result(client, event);
    }
    if (client->close_is_due) {
        return smtp_client_close(client, NULL, event);
    }
    if (client->ready_is_due) {
        client->ready_is_due = false;
        event->kind = SMTP_CLIENT_READY;
        return true;
    }
    return false;
}

bool smtp_client_next_event(SmtpClient *client, SmtpClientEvent *out_event)
{
    DialogueEvent said;
    for (;;) {
        *out_event = (SmtpClientEvent){0};
        if (give_due(client, out_event)) {
            return true;
        }
        while (smtp_dialogue_class.next(client->dialogue, &said)) {
            if (take_said(client, &said, out_event)) {
                return true;
            }
        }
        if (client->heard.length > 0) {
            smtp_client_top_up(client); /* what can be said of a message is said first */
        }
        if (client->unread > 0) {
            feed_own_words(client);
        } else if (!client->result_is_due && !client->close_is_due && !feed_heard(client)) {
            return false;
        }
    }
}

/* The client's own words bring no answers, so nothing that is read here is news. */
static void read_own_words(SmtpClient *client)
{
    DialogueEvent said;
    if (client->unread > 0) {
        smtp_dialogue_class.feed(client->dialogue, DIALOGUE_CLIENT, take_fresh(client));
    }
    while (smtp_dialogue_class.next(client->dialogue, &said)) {
    }
}

/* All events must have been pulled before. */
void smtp_client_receive(SmtpClient *client, ByteSpan octets)
{
    g_assert(client->heard.length == 0); /* all events have been pulled */
    read_own_words(client);
    client->heard = octets;
}

void smtp_client_consume_output(SmtpClient *client, gsize length)
{
    read_own_words(client);
    byte_buffer_consume(&client->output, length);
    byte_buffer_shrink(&client->output);
}

gint64 smtp_client_patience_us(const SmtpClient *client)
{
    switch (client->phase) {
    case PHASE_CONTENT:
        return 3 * MINUTE_US;
    case PHASE_FINAL:
        return 10 * MINUTE_US;
    case PHASE_ENVELOPE:
        return (client->data_was_sent ? 2 : 5) * MINUTE_US;
    case PHASE_GREETING:
    case PHASE_HELLO:
    case PHASE_TLS:
    case PHASE_AUTH:
    case PHASE_IDLE:
    case PHASE_RESET:
    case PHASE_QUITTING:
    case PHASE_OVER:
        break;
    }
    return 5 * MINUTE_US;
}
