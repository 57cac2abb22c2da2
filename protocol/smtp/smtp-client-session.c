/* Greeting, EHLO or HELO, STARTTLS and AUTH: all that comes before the first message. */

#include "protocol/smtp/smtp-client-private.h"

static void say_hello(SmtpClient *client, bool is_extended)
{
    client->offers = (SmtpClientOffers){.is_extended = is_extended};
    client->phase = PHASE_HELLO;
    g_autofree char *line = g_strconcat(is_extended ? "EHLO " : "HELO ", client->host_name, NULL);
    smtp_client_say(client, is_extended ? SMTP_COMMAND_EHLO : SMTP_COMMAND_HELO, line);
}

/* RFC 5321 §3.1: a server that refuses waits for QUIT. What it said is told with CLOSED. */
static bool turn_away(SmtpClient *client, SmtpCommandId command, const DialogueEvent *reply)
{
    client->result_code = 0;
    smtp_client_settle(client, smtp_client_reply_code(reply), command, reply);
    client->was_sent_away = true;
    smtp_client_quit(client);
    return false;
}

bool smtp_client_on_greeting(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    (void)event;
    if (smtp_client_reply_code(reply) / 100 != 2) {
        return turn_away(client, N_SMTP_COMMANDS, reply);
    }
    if (client->server_name == NULL) {
        ByteSpan rest = byte_span_from(reply->text, 4);
        ByteSpan name = BYTE_SPAN_EMPTY;
        byte_span_next_token(&rest, ' ', &name);
        client->server_name = byte_span_to_display(name);
    }
    say_hello(client, !client->options.uses_helo);
    return false;
}

void smtp_client_note_offer(SmtpClient *client, ByteSpan line)
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
    offers->binary |= byte_span_is_nocase(keyword, "BINARYMIME");
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

static bool is_offered(const SmtpClientOffers *offers, const char *mechanism)
{
    ByteSpan rest = byte_span_from_string(offers->mechanisms);
    ByteSpan name;
    while (byte_span_next_token(&rest, ' ', &name)) {
        if (byte_span_is_nocase(name, mechanism)) {
            return true;
        }
    }
    return false;
}

static const char *choose_mechanism(const SmtpClient *client)
{
    if (client->mechanism != NULL) {
        bool is_known = sasl_client_choose(byte_span_from_string(client->mechanism), true) != NULL;
        return is_known && is_offered(&client->offers, client->mechanism) ? client->mechanism
                                                                          : NULL;
    }
    return sasl_client_choose(
        byte_span_from_string(client->offers.mechanisms),
        client->options.shows_password || client->is_tls
    );
}

/* RFC 4954 §4: the initial response stands on the line only where the line stays short enough. */
static void say_auth(SmtpClient *client, const char *mechanism)
{
    SaslClientOptions options = {
        .service = "smtp",
        .host_name = client->server_name,
        .identity = client->user,
        .password = client->password == NULL ? "" : client->password,
        .authorization = client->authorization,
        .seed = client->options.seed,
    };
    sasl_client_free(client->sasl);
    client->sasl = sasl_client_new(byte_span_from_string(mechanism), &options);
    client->phase = PHASE_AUTH;
    bool is_first = sasl_client_speaks_first(client->sasl);
    ByteSpan initial = is_first ? sasl_client_begin(client->sasl) : BYTE_SPAN_EMPTY;
    if (is_first && strlen(mechanism) + initial.length + 8 <= SMTP_COMMAND_LINE_LIMIT) {
        g_autofree char *text = byte_span_to_string(initial);
        const char *shown = *text == '\0' ? "=" : text;
        g_autofree char *whole = g_strconcat("AUTH ", mechanism, " ", shown, NULL);
        smtp_client_say(client, SMTP_COMMAND_AUTH, whole);
        return;
    }
    if (is_first) { /* it is asked for by an empty challenge; begin anew */
        sasl_client_free(client->sasl);
        client->sasl = sasl_client_new(byte_span_from_string(mechanism), &options);
    }
    g_autofree char *line = g_strconcat("AUTH ", mechanism, NULL);
    smtp_client_say(client, SMTP_COMMAND_AUTH, line);
}

/* No mechanism fits: the client itself says no, then goes on without. */
static bool skip_auth(SmtpClient *client, SmtpClientEvent *event)
{
    client->phase = PHASE_IDLE;
    client->ready_is_due = true;
    event->kind = SMTP_CLIENT_AUTH;
    event->code = 504;
    event->is_own = true;
    event->command = SMTP_COMMAND_AUTH;
    event->text = BYTE_SPAN_LITERAL("no mechanism that the server offers can be used");
    return true;
}

bool smtp_client_on_hello(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    guint code = smtp_client_reply_code(reply);
    if (code / 100 != 2) {
        /* RFC 5321 §3.2: a server that does not know EHLO says 500 or 502 */
        if (client->offers.is_extended && code / 100 == 5) {
            say_hello(client, false);
            return false;
        }
        bool said_ehlo = client->offers.is_extended;
        return turn_away(client, said_ehlo ? SMTP_COMMAND_EHLO : SMTP_COMMAND_HELO, reply);
    }
    if (client->options.wants_tls && client->offers.starttls && !client->is_tls) {
        client->phase = PHASE_TLS;
        smtp_client_say(client, SMTP_COMMAND_STARTTLS, "STARTTLS");
        return false;
    }
    if (client->user != NULL) {
        const char *mechanism = choose_mechanism(client);
        if (mechanism == NULL) {
            return skip_auth(client, event);
        }
        say_auth(client, mechanism);
        return false;
    }
    client->phase = PHASE_IDLE;
    smtp_client_give(event, SMTP_CLIENT_READY, reply);
    return true;
}

/* RFC 3207 §4: where TLS is not to be had, whoever insists on it leaves. */
bool smtp_client_on_starttls(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    if (smtp_client_reply_code(reply) != 220) {
        return turn_away(client, SMTP_COMMAND_STARTTLS, reply);
    }
    smtp_client_give(event, SMTP_CLIENT_STARTTLS, reply);
    return true;
}

void smtp_client_begin_tls(SmtpClient *client)
{
    g_assert(client->phase == PHASE_TLS);
    byte_buffer_reset(&client->output);
    client->heard = BYTE_SPAN_EMPTY; /* RFC 3207 §4.2: what came in the clear is worth nothing */
    client->unread = 0;
    client->n_commands = 0;
    client->is_tls = true;
    smtp_dialogue_begin_tls(client->dialogue);
    say_hello(client, true);
}

static bool answer_challenge(SmtpClient *client, const DialogueEvent *reply)
{
    SaslClientStep step =
        sasl_client_challenge(client->sasl, byte_span_trim(byte_span_from(reply->text, 4)));
    smtp_client_put(
        client,
        step == SASL_CLIENT_RESPONSE ? sasl_client_response(client->sasl) : BYTE_SPAN_LITERAL("*")
    );
    smtp_client_put(client, BYTE_SPAN_LITERAL("\r\n"));
    return false;
}

bool smtp_client_on_auth(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event)
{
    guint code = smtp_client_reply_code(reply);
    if (code / 100 == 3 && client->sasl != NULL) {
        return answer_challenge(client, reply);
    }
    bool is_proven = client->sasl != NULL && sasl_client_is_proven(client->sasl);
    g_clear_pointer(&client->sasl, sasl_client_free);
    client->phase = PHASE_IDLE;
    client->ready_is_due = true;
    smtp_client_give(event, SMTP_CLIENT_AUTH, reply);
    event->command = SMTP_COMMAND_AUTH;
    if (code / 100 == 2 && !is_proven) {
        event->code = 535; /* the server did not show that it knows the password */
        event->is_own = true;
    }
    return true;
}
