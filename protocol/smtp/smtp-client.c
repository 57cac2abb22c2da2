/* The client's turn of phrase. Answers come from its own dialogue, which reads both directions, so
 * the client never counts replies itself:
 *
 *     next_event ─> dialogue.next ─> take_reply ─> on_greeting, on_hello, on_mail ... ─> say */

#include "protocol/smtp/smtp-client.h"

#include "protocol/encoding/dot-stuffing.h"

#define OUTPUT_LOW 16384 /* content is topped up when less than this waits */
#define OUTPUT_MAXIMUM 4194304
#define SPOKEN_MAXIMUM 1048576

typedef enum {
    PHASE_GREETING,
    PHASE_HELLO,
    PHASE_IDLE,
    PHASE_ENVELOPE, /* MAIL, RCPT, DATA under way */
    PHASE_CONTENT,  /* octets of the message leave */
    PHASE_FINAL,    /* the answer to the message is awaited */
    PHASE_QUITTING,
    PHASE_OVER,
} Phase;

struct SmtpClient {
    SmtpClientOptions options;
    char *host_name;
    SmtpDialogue *dialogue;
    ByteBuffer output;
    gsize unread; /* octets at the end of 'output' that the dialogue has not read */
    SmtpClientOffers offers;
    Phase phase;
    SmtpClientMessage message;
    guint recipients;
    guint next_recipient; /* to be answered */
    guint sent_recipients;
    guint accepted;
    bool data_was_sent;
    bool mail_was_refused;
    bool needs_reset;
    bool uses_chunks;
    ByteSpan content_left;
    DotStuffer stuffer;
    bool result_is_due;
    guint result_code;
    SmtpCommandId result_command;
    char result_text[512];
    char result_enhanced[16];
};

SmtpClient *smtp_client_new(const SmtpClientOptions *options)
{
    SmtpClient *client = g_new0(SmtpClient, 1);
    client->options = *options;
    client->host_name = g_strdup(options->host_name);
    client->dialogue = smtp_dialogue_new();
    byte_buffer_init(&client->output, OUTPUT_MAXIMUM);
    return client;
}

void smtp_client_free(SmtpClient *client)
{
    if (client != NULL) {
        smtp_dialogue_free(client->dialogue);
        byte_buffer_clear(&client->output);
        g_free(client->host_name);
        g_free(client);
    }
}

const SmtpClientOffers *smtp_client_offers(const SmtpClient *client)
{
    return &client->offers;
}

/* To the output; the dialogue reads it when events are pulled next. */
static void put(SmtpClient *client, ByteSpan octets)
{
    bool fits = byte_buffer_append(&client->output, octets);
    g_assert(fits); /* the client bounds what it says: see top_up() and send_envelope() */
    client->unread += octets.length;
}

static void say(SmtpClient *client, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void say(SmtpClient *client, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    put(client, byte_span_from_string(line));
    put(client, BYTE_SPAN_LITERAL("\r\n"));
}

static void say_mail(SmtpClient *client)
{
    const SmtpClientMessage *message = &client->message;
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "MAIL FROM:<%s>", message->reverse_path);
    if (client->offers.has_size) {
        g_string_append_printf(line, " SIZE=%" G_GSIZE_FORMAT, message->content.length);
    }
    if (message->has_eight_bit && client->offers.eight_bit) {
        g_string_append(line, " BODY=8BITMIME");
    }
    if (message->needs_utf8 && client->offers.utf8) {
        g_string_append(line, " SMTPUTF8");
    }
    if (client->offers.dsn && message->return_what != NULL) {
        g_string_append_printf(line, " RET=%s", message->return_what);
    }
    if (client->offers.dsn && message->envelope_id != NULL) {
        g_string_append_printf(line, " ENVID=%s", message->envelope_id);
    }
    say(client, "%s", line->str);
}

static void say_recipient(SmtpClient *client)
{
    guint index = client->sent_recipients++;
    const char *parameters = client->message.recipient_parameters == NULL || !client->offers.dsn
                                 ? NULL
                                 : client->message.recipient_parameters[index];
    say(client,
        "RCPT TO:<%s>%s%s",
        client->message.forward_paths[index],
        parameters == NULL ? "" : " ",
        parameters == NULL ? "" : parameters);
}

/* RFC 3030 §2: the whole message in one chunk. */
static void say_chunk(SmtpClient *client)
{
    say(client, "BDAT %" G_GSIZE_FORMAT " LAST", client->message.content.length);
    client->content_left = client->message.content;
    client->phase = PHASE_CONTENT;
}

static void say_data(SmtpClient *client)
{
    client->data_was_sent = true;
    say(client, "DATA");
}

/* The next command of the envelope where nothing is pipelined; all of them where it is. */
static void go_on_with_envelope(SmtpClient *client)
{
    bool pipelines = client->offers.pipelining && client->options.may_pipeline;
    do {
        if (client->sent_recipients < client->recipients) {
            say_recipient(client);
        } else if (!client->data_was_sent && !client->uses_chunks) {
            say_data(client);
            return;
        } else {
            return;
        }
    } while (pipelines && byte_buffer_length(&client->output) < SPOKEN_MAXIMUM);
}

void smtp_client_send(SmtpClient *client, const SmtpClientMessage *message)
{
    g_assert(client->phase == PHASE_IDLE);
    client->message = *message;
    client->recipients = g_strv_length((char **)message->forward_paths);
    client->next_recipient = 0;
    client->sent_recipients = 0;
    client->accepted = 0;
    client->data_was_sent = false;
    client->mail_was_refused = false;
    client->uses_chunks = client->options.may_chunk && client->offers.chunking;
    client->phase = PHASE_ENVELOPE;
    say_mail(client);
    if (client->offers.pipelining && client->options.may_pipeline) {
        go_on_with_envelope(client);
    }
}

void smtp_client_quit(SmtpClient *client)
{
    if (client->phase != PHASE_OVER && client->phase != PHASE_QUITTING) {
        client->phase = PHASE_QUITTING;
        say(client, "QUIT");
    }
}

/* Content leaves in pieces, so that a long message is not held twice. */
static void top_up(SmtpClient *client)
{
    while (client->phase == PHASE_CONTENT && byte_buffer_length(&client->output) < OUTPUT_LOW) {
        ByteSpan piece = byte_span_slice(client->content_left, 0, OUTPUT_LOW);
        if (piece.length == 0) {
            if (!client->uses_chunks) {
                put(client, dot_stuffer_end(&client->stuffer));
            }
            client->phase = PHASE_FINAL;
            return;
        }
        client->content_left = byte_span_from(client->content_left, piece.length);
        ByteSpan octets;
        if (client->uses_chunks) {
            put(client, piece);
            continue;
        }
        while (dot_stuffer_next(&client->stuffer, &piece, &octets)) {
            put(client, octets);
        }
    }
}

ByteSpan smtp_client_output(SmtpClient *client)
{
    top_up(client);
    return byte_buffer_span(&client->output);
}

static void
keep_result(SmtpClient *client, guint code, SmtpCommandId command, const DialogueEvent *reply)
{
    client->result_code = code;
    client->result_command = command;
    client->result_text[0] = '\0';
    client->result_enhanced[0] = '\0';
    if (reply != NULL) {
        g_autofree char *text = byte_span_to_display(reply->text);
        g_autofree char *enhanced = byte_span_to_display(reply->enhanced);
        g_strlcpy(client->result_text, text, sizeof client->result_text);
        g_strlcpy(client->result_enhanced, enhanced, sizeof client->result_enhanced);
    }
}

static void give(SmtpClientEvent *event, SmtpClientEventKind kind, const DialogueEvent *reply)
{
    guint64 code = 0;
    byte_span_to_number(reply->code, &code);
    event->kind = kind;
    event->code = (guint)code;
    event->enhanced = reply->enhanced;
    event->text = reply->text;
}

static bool close_session(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    client->phase = PHASE_OVER;
    give(event, SMTP_CLIENT_CLOSED, reply);
    event->command = N_SMTP_COMMANDS;
    return true;
}

static void say_hello(SmtpClient *client, bool is_extended)
{
    client->offers.is_extended = is_extended;
    client->phase = PHASE_HELLO;
    say(client, "%s %s", is_extended ? "EHLO" : "HELO", client->host_name);
}

static void note_offer(SmtpClient *client, ByteSpan line)
{
    SmtpClientOffers *offers = &client->offers;
    ByteSpan rest = byte_span_from(line, 4);
    ByteSpan keyword = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &keyword);
    rest = byte_span_trim(rest);
    offers->pipelining |= byte_span_is_nocase(keyword, "PIPELINING");
    offers->eight_bit |= byte_span_is_nocase(keyword, "8BITMIME");
    offers->utf8 |= byte_span_is_nocase(keyword, "SMTPUTF8");
    offers->chunking |= byte_span_is_nocase(keyword, "CHUNKING");
    offers->dsn |= byte_span_is_nocase(keyword, "DSN");
    offers->starttls |= byte_span_is_nocase(keyword, "STARTTLS");
    offers->enhanced |= byte_span_is_nocase(keyword, "ENHANCEDSTATUSCODES");
    if (byte_span_is_nocase(keyword, "SIZE")) {
        offers->has_size = true;
        byte_span_to_number(rest, &offers->size);
    } else if (byte_span_is_nocase(keyword, "AUTH")) {
        g_autofree char *names = byte_span_to_display(rest);
        g_strlcpy(offers->mechanisms, names, sizeof offers->mechanisms);
    }
}

static bool on_hello(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    if (reply->is_positive) {
        client->phase = PHASE_IDLE;
        give(event, SMTP_CLIENT_READY, reply);
        return true;
    }
    /* RFC 5321 §3.2: a server that does not know EHLO says 500 or 502 */
    if (client->offers.is_extended && reply->code.length > 0 && reply->code.data[0] == '5') {
        say_hello(client, false);
        return false;
    }
    return close_session(client, reply, event);
}

static void
settle(SmtpClient *client, guint code, SmtpCommandId command, const DialogueEvent *reply)
{
    if (!client->result_is_due && client->result_code == 0) {
        keep_result(client, code, command, reply);
    }
}

static bool give_result(SmtpClient *client, SmtpClientEvent *event)
{
    client->phase = PHASE_IDLE;
    event->kind = SMTP_CLIENT_RESULT;
    event->code = client->result_code;
    event->enhanced = byte_span_from_string(client->result_enhanced);
    event->text = byte_span_from_string(client->result_text);
    event->accepted = client->accepted;
    event->command = client->result_command;
    client->result_code = 0;
    return true;
}

/* All of the envelope has been answered and nothing is to be sent: the transaction is given up. */
static void abandon(SmtpClient *client)
{
    client->needs_reset = false;
    if (smtp_dialogue_state(client->dialogue) == SMTP_STATE_READY) {
        client->result_is_due = true;
    } else {
        say(client, "RSET");
    }
}

static guint reply_code(const DialogueEvent *reply)
{
    guint64 code = 0;
    byte_span_to_number(reply->code, &code);
    return (guint)code;
}

static bool on_mail(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    bool pipelined = client->sent_recipients > 0;
    give(event, SMTP_CLIENT_SENDER, reply);
    if (!reply->is_positive) {
        client->mail_was_refused = true;
        settle(client, reply_code(reply), SMTP_COMMAND_MAIL, reply);
        if (!pipelined) {
            abandon(client);
        }
    } else if (!pipelined) {
        go_on_with_envelope(client);
    }
    return true;
}

static bool on_recipient(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    give(event, SMTP_CLIENT_RECIPIENT, reply);
    event->recipient = client->next_recipient++;
    client->accepted += reply->is_positive;
    if (client->next_recipient < client->sent_recipients || client->data_was_sent) {
        return true;
    }
    if (client->sent_recipients < client->recipients) {
        go_on_with_envelope(client);
    } else if (client->accepted == 0) {
        settle(client, reply_code(reply), SMTP_COMMAND_RCPT, reply);
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
        put(client, BYTE_SPAN_LITERAL(".\r\n"));
        client->phase = PHASE_FINAL;
    }
}

static bool
on_content(SmtpClient *client, SmtpCommandId id, const DialogueEvent *reply, SmtpClientEvent *event)
{
    if (reply->is_intermediate) {
        on_go_ahead(client);
        return false;
    }
    settle(client, reply_code(reply), id, reply);
    if (client->phase == PHASE_ENVELOPE && !reply->is_positive) {
        abandon(client);
        return false;
    }
    return give_result(client, event);
}

/* The last line of an answer, by the command it answers. */
static bool take_answer(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    const SmtpCommandRow *row = reply->command == NULL ? NULL : smtp_command_of(reply->command);
    if (reply_code(reply) == 421 && client->phase != PHASE_QUITTING) {
        return close_session(client, reply, event);
    }
    if (client->phase == PHASE_GREETING) {
        if (!reply->is_positive) {
            return close_session(client, reply, event);
        }
        say_hello(client, !client->options.uses_helo);
        return false;
    }
    switch (row == NULL ? (guint)N_SMTP_COMMANDS : (guint)row->id) {
    case SMTP_COMMAND_EHLO:
    case SMTP_COMMAND_HELO:
        return on_hello(client, reply, event);
    case SMTP_COMMAND_MAIL:
        return on_mail(client, reply, event);
    case SMTP_COMMAND_RCPT:
        return on_recipient(client, reply, event);
    case SMTP_COMMAND_DATA:
    case SMTP_COMMAND_BDAT:
        return on_content(client, row->id, reply, event);
    case SMTP_COMMAND_RSET:
        return client->phase == PHASE_ENVELOPE && give_result(client, event);
    case SMTP_COMMAND_QUIT:
        return close_session(client, reply, event);
    default:
        return false;
    }
}

static bool take_said(SmtpClient *client, const DialogueEvent *said, SmtpClientEvent *event)
{
    if (said->kind != DIALOGUE_EVENT_REPLY) {
        return false;
    }
    if (client->phase == PHASE_HELLO && client->offers.is_extended && !said->is_first) {
        note_offer(client, said->text);
    }
    return said->is_last && take_answer(client, said, event);
}

/* Lets the dialogue read what was put since it read last. */
static void feed_own_words(SmtpClient *client)
{
    ByteSpan output = byte_buffer_span(&client->output);
    ByteSpan fresh = byte_span_from(output, output.length - client->unread);
    if (fresh.length > 0) {
        client->unread = 0;
        smtp_dialogue_class.feed(client->dialogue, DIALOGUE_CLIENT, fresh);
    }
}

bool smtp_client_next_event(SmtpClient *client, SmtpClientEvent *out_event)
{
    DialogueEvent said;
    *out_event = (SmtpClientEvent){0};
    for (;;) {
        if (client->result_is_due) {
            client->result_is_due = false;
            return give_result(client, out_event);
        }
        while (smtp_dialogue_class.next(client->dialogue, &said)) {
            if (take_said(client, &said, out_event)) {
                return true;
            }
        }
        if (client->unread == 0) {
            return false;
        }
        feed_own_words(client);
    }
}

/* The client's own words bring no answers, so nothing that is read here is news. */
static void read_own_words(SmtpClient *client)
{
    DialogueEvent said;
    feed_own_words(client);
    while (smtp_dialogue_class.next(client->dialogue, &said)) {
    }
}

/* All events must have been pulled before. */
void smtp_client_receive(SmtpClient *client, ByteSpan octets)
{
    read_own_words(client);
    smtp_dialogue_class.feed(client->dialogue, DIALOGUE_SERVER, octets);
}

void smtp_client_consume_output(SmtpClient *client, gsize length)
{
    read_own_words(client);
    byte_buffer_consume(&client->output, length);
}
