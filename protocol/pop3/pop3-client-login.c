/* From the greeting to the log-in: CAPA, STLS, UTF8, then one of the three ways in. */

#include "protocol/pop3/pop3-client-private.h"

static bool asks_capabilities(const Pop3ClientOptions *options)
{
    return options->asks_capabilities || options->wants_tls || options->wants_utf8 ||
           options->may_pipeline || options->login == POP3_LOGIN_SASL;
}

/* The client itself will not go on: what it would have to say gives the password away. */
static bool refuse_own(Pop3Client *client, Pop3ClientEvent *event, const char *why)
{
    client->was_refused = true;
    event->kind = POP3_CLIENT_REFUSED;
    event->text = byte_span_from_string(why);
    client->quit_was_said = true;
    pop3_client_say(client, POP3_COMMAND_QUIT, "QUIT");
    return true;
}

static void say_apop(Pop3Client *client)
{
    g_autofree char *shared = g_strconcat(client->banner, client->password, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, shared, -1);
    pop3_client_say(client, POP3_COMMAND_APOP, "APOP %s %s", client->user, digest);
}

static bool names_mechanism(const Pop3Client *client, const char *mechanism)
{
    ByteSpan rest = byte_span_from_string(client->offers.mechanisms);
    ByteSpan name;
    while (byte_span_next_token(&rest, ' ', &name)) {
        if (byte_span_is_nocase(name, mechanism)) {
            return true;
        }
    }
    return false;
}

static const char *choose_mechanism(const Pop3Client *client)
{
    const char *wanted = client->mechanism;
    if (wanted != NULL) {
        bool is_known = sasl_client_choose(byte_span_from_string(wanted), true) != NULL;
        return is_known && names_mechanism(client, wanted) ? wanted : NULL;
    }
    bool shows_password = client->options.shows_password || client->is_tls;
    return sasl_client_choose(byte_span_from_string(client->offers.mechanisms), shows_password);
}

/* RFC 5034 §4: the initial response stands on the line only where the line stays short enough. */
static void say_auth(Pop3Client *client, const char *mechanism)
{
    SaslClientOptions options = {
        .service = "pop",
        .host_name = client->server_name == NULL ? "" : client->server_name,
        .identity = client->user,
        .password = client->password,
        .seed = client->options.seed,
    };
    sasl_client_free(client->sasl);
    client->sasl = sasl_client_new(byte_span_from_string(mechanism), &options);
    bool is_first = sasl_client_speaks_first(client->sasl);
    ByteSpan initial = is_first ? sasl_client_begin(client->sasl) : BYTE_SPAN_EMPTY;
    if (is_first && strlen(mechanism) + initial.length + 8 <= POP3_COMMAND_LINE_LIMIT) {
        g_autofree char *text = byte_span_to_string(initial);
        const char *shown = *text == '\0' ? "=" : text;
        pop3_client_say(client, POP3_COMMAND_AUTH, "AUTH %s %s", mechanism, shown);
        return;
    }
    if (is_first) { /* it is asked for by an empty challenge; begin anew */
        sasl_client_free(client->sasl);
        client->sasl = sasl_client_new(byte_span_from_string(mechanism), &options);
    }
    pop3_client_say(client, POP3_COMMAND_AUTH, "AUTH %s", mechanism);
}

bool pop3_client_log_in(Pop3Client *client, Pop3ClientEvent *event)
{
    bool shows_password = client->options.shows_password || client->is_tls;
    if (client->options.login == POP3_LOGIN_APOP && client->banner != NULL) {
        say_apop(client);
        return false;
    }
    if (client->options.login == POP3_LOGIN_SASL) {
        const char *mechanism = choose_mechanism(client);
        if (mechanism != NULL) {
            say_auth(client, mechanism);
            return false;
        }
    }
    if (client->options.login != POP3_LOGIN_USER_PASS && !shows_password) {
        return refuse_own(
            client, event, "the server offers no log-in that keeps the password to itself"
        );
    }
    pop3_client_say(client, POP3_COMMAND_USER, "USER %s", client->user);
    return false;
}

bool pop3_client_on_greeting(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_positive) {
        client->is_over = true;
        event->kind = POP3_CLIENT_CLOSED;
        event->is_refused = true;
        event->text = reply->text;
        return true;
    }
    gssize open = byte_span_find(reply->text, '<', 0);
    gssize close = open < 0 ? -1 : byte_span_find(reply->text, '>', (gsize)open);
    if (close > 0) {
        gsize length = (gsize)(close - open) + 1;
        g_free(client->banner);
        client->banner = byte_span_to_string(byte_span_slice(reply->text, (gsize)open, length));
    }
    if (!asks_capabilities(&client->options)) {
        return pop3_client_log_in(client, event);
    }
    pop3_client_say(client, POP3_COMMAND_CAPA, "CAPA");
    return false;
}

static void note_capability(Pop3ClientOffers *offers, ByteSpan line)
{
    ByteSpan keyword = BYTE_SPAN_EMPTY;
    byte_span_next_token(&line, ' ', &keyword);
    offers->stls |= byte_span_is_nocase(keyword, "STLS");
    offers->utf8 |= byte_span_is_nocase(keyword, "UTF8");
    offers->pipelining |= byte_span_is_nocase(keyword, "PIPELINING");
    if (byte_span_is_nocase(keyword, "SASL")) {
        g_autofree char *names = byte_span_to_display(byte_span_trim(line));
        g_strlcpy(offers->mechanisms, names, sizeof offers->mechanisms);
    }
}

/* A server without CAPA says -ERR: it has nothing beyond the basics. */
bool pop3_client_on_capability(
    Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event
)
{
    if (!reply->is_first && !reply->is_last) {
        note_capability(&client->offers, reply->text);
    }
    if (!reply->is_last) {
        return false;
    }
    if (client->options.wants_tls && client->offers.stls && !client->is_tls) {
        pop3_client_say(client, POP3_COMMAND_STLS, "STLS");
        return false;
    }
    if (client->options.wants_utf8 && client->offers.utf8 && !client->utf8_was_asked) {
        client->utf8_was_asked = true;
        pop3_client_say(client, POP3_COMMAND_UTF8, "UTF8");
        return false;
    }
    return pop3_client_log_in(client, event);
}

bool pop3_client_on_stls(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_positive) {
        return refuse_own(client, event, "the server offers TLS, then refuses it");
    }
    event->kind = POP3_CLIENT_STLS;
    event->text = reply->text;
    return true;
}

void pop3_client_begin_tls(Pop3Client *client)
{
    byte_buffer_reset(&client->output);
    client->heard = BYTE_SPAN_EMPTY; /* what came in the clear is worth nothing */
    client->unread = 0;
    client->n_commands = 0;
    client->is_tls = true;
    client->offers = (Pop3ClientOffers){0};
    pop3_dialogue_begin_tls(client->dialogue);
    pop3_client_say(client, POP3_COMMAND_CAPA, "CAPA");
}

bool pop3_client_on_user(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (!reply->is_positive) {
        return pop3_client_on_login(client, reply, event);
    }
    pop3_client_say(client, POP3_COMMAND_PASS, "PASS %s", client->password);
    return false;
}

bool pop3_client_on_auth(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    if (reply->is_intermediate && client->sasl != NULL) {
        ByteSpan challenge = byte_span_trim(byte_span_from(reply->text, 2));
        SaslClientStep step = sasl_client_challenge(client->sasl, challenge);
        pop3_client_put_line(
            client,
            step == SASL_CLIENT_RESPONSE ? sasl_client_response(client->sasl)
                                         : BYTE_SPAN_LITERAL("*")
        );
        return false;
    }
    if (reply->is_positive && client->sasl != NULL && !sasl_client_is_proven(client->sasl)) {
        return refuse_own(client, event, "the server did not show that it knows the password");
    }
    return pop3_client_on_login(client, reply, event);
}

bool pop3_client_on_login(Pop3Client *client, const DialogueEvent *reply, Pop3ClientEvent *event)
{
    event->kind = reply->is_positive ? POP3_CLIENT_LOGGED_IN : POP3_CLIENT_REFUSED;
    event->text = reply->text;
    client->was_refused = !reply->is_positive;
    if (reply->is_positive) {
        pop3_client_say(client, POP3_COMMAND_LIST, "LIST");
    } else {
        client->quit_was_said = true;
        pop3_client_say(client, POP3_COMMAND_QUIT, "QUIT");
    }
    return true;
}
