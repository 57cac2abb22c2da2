/* CAPA, STLS, UTF8, LANG and QUIT: what is about the session and not about mail. */

#include "protocol/pop3/pop3-server-private.h"

static void list_variable_capabilities(Pop3Server *server)
{
    g_autofree char *mechanisms = pop3_server_usable_mechanisms(server);
    if (pop3_server_offers(server, POP3_OFFER_SASL) && mechanisms[0] != '\0') {
        pop3_server_line(server, "SASL %s", mechanisms);
    }
    if (pop3_server_offers(server, POP3_OFFER_STLS) && !server->is_tls) {
        pop3_server_line(server, "STLS");
    }
    if (server->options.login_delay > 0) {
        pop3_server_line(server, "LOGIN-DELAY %u", server->options.login_delay);
    }
    if (server->options.expire_days < 0) {
        pop3_server_line(server, "EXPIRE NEVER");
    } else if (server->options.expire_days > 0) {
        pop3_server_line(server, "EXPIRE %d", server->options.expire_days);
    }
}

typedef struct {
    Pop3Offer offer;
    const char *line;
    bool has_rules; /* listed, if at all, by rules of its own */
} OfferLine;

static const OfferLine offer_lines[] = {
    {POP3_OFFER_USER, "USER"},
    {POP3_OFFER_TOP, "TOP"},
    {POP3_OFFER_UIDL, "UIDL"},
    {POP3_OFFER_PIPELINING, "PIPELINING"},
    {POP3_OFFER_RESP_CODES, "RESP-CODES"},
    {POP3_OFFER_RESP_CODES, "AUTH-RESP-CODE"}, /* RFC 3206 §6 */
    {POP3_OFFER_UTF8, "UTF8"},
    {POP3_OFFER_LANG, "LANG"},
    {POP3_OFFER_APOP, "APOP", .has_rules = true},
    {POP3_OFFER_CAPA, "CAPA", .has_rules = true},
    {POP3_OFFER_SASL, "SASL", .has_rules = true},
    {POP3_OFFER_STLS, "STLS", .has_rules = true},
};

guint32 pop3_offer_find(const char *keyword)
{
    for (gsize i = 0; i < G_N_ELEMENTS(offer_lines); i++) {
        if (g_ascii_strcasecmp(keyword, offer_lines[i].line) == 0) {
            return offer_lines[i].offer;
        }
    }
    return 0;
}

bool pop3_server_handle_capa(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    pop3_server_ok(server, "capabilities follow");
    for (gsize i = 0; i < G_N_ELEMENTS(offer_lines); i++) {
        if (!offer_lines[i].has_rules && pop3_server_offers(server, offer_lines[i].offer)) {
            pop3_server_line(server, "%s", offer_lines[i].line);
        }
    }
    list_variable_capabilities(server);
    pop3_server_line(server, "IMPLEMENTATION mailwalk");
    pop3_server_line(server, ".");
    return false;
}

bool pop3_server_handle_stls(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    if (server->is_tls) {
        pop3_server_error(server, "TLS is on already");
        return false;
    }
    if (server->uses_utf8) { /* RFC 6856 §2.1 */
        pop3_server_error(server, "STLS must come before UTF8");
        return false;
    }
    pop3_server_ok(server, "begin TLS");
    server->awaits_tls = true;
    out_event->kind = POP3_SERVER_STLS;
    return true;
}

bool pop3_server_handle_utf8(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    server->uses_utf8 = true;
    pop3_server_ok(server, "UTF-8 mode is on");
    return false;
}

/* RFC 6856 §3.2: this server speaks English only. */
bool pop3_server_handle_lang(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    ByteSpan wanted = byte_span_trim(command->arguments);
    bool is_english = byte_span_is_nocase(wanted, "en") ||
                      byte_span_starts_with_nocase(wanted, "en-") || byte_span_is(wanted, "*");
    (void)out_event;
    if (wanted.length == 0) {
        pop3_server_ok(server, "languages follow");
        pop3_server_line(server, "en English");
        pop3_server_line(server, "i-default");
        pop3_server_line(server, ".");
    } else if (is_english) {
        pop3_server_ok(server, "en English it is");
    } else if (byte_span_is_nocase(wanted, "i-default")) {
        pop3_server_ok(server, "i-default English it is");
    } else {
        pop3_server_error(server, "this language is not spoken here");
    }
    return false;
}

static void sign_off(Pop3Server *server)
{
    pop3_server_ok(server, "POP3 server signing off");
    server->is_closing = true;
}

bool pop3_server_handle_quit(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)command;
    if (server->messages != NULL) {
        return pop3_server_ask(server, POP3_SERVER_UPDATE, out_event);
    }
    sign_off(server);
    return false;
}

void pop3_server_answer_update(Pop3Server *server, const char *refusal)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_UPDATE);
    server->awaits_answer = false;
    server->was_updated = true;
    if (refusal == NULL) {
        sign_off(server);
    } else {
        pop3_server_refuse(server, refusal);
        server->is_closing = true;
    }
}
