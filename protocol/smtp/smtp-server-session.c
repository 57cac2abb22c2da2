/* The commands that open, check and close a session. */

#include "protocol/address/address-judge.h"
#include "protocol/smtp/smtp-server-private.h"

typedef struct {
    SmtpOffer offer;
    const char *line;
    bool has_rules; /* listed, if at all, by rules of its own */
} OfferLine;

static const OfferLine offer_lines[] = {
    {SMTP_OFFER_PIPELINING, "PIPELINING"},
    {SMTP_OFFER_SIZE, "SIZE"},
    {SMTP_OFFER_8BITMIME, "8BITMIME"},
    {SMTP_OFFER_SMTPUTF8, "SMTPUTF8"},
    {SMTP_OFFER_ENHANCEDSTATUSCODES, "ENHANCEDSTATUSCODES"},
    {SMTP_OFFER_DSN, "DSN"},
    {SMTP_OFFER_CHUNKING, "CHUNKING"},
    {SMTP_OFFER_BINARYMIME, "BINARYMIME"},
    {SMTP_OFFER_ETRN, "ETRN"},
    {SMTP_OFFER_VRFY, "VRFY"},
    {SMTP_OFFER_EXPN, "EXPN"},
    {SMTP_OFFER_HELP, "HELP"},
    {SMTP_OFFER_EHLO, "EHLO", .has_rules = true},
    {SMTP_OFFER_AUTH, "AUTH", .has_rules = true},
    {SMTP_OFFER_STARTTLS, "STARTTLS", .has_rules = true},
};

guint32 smtp_offer_find(const char *keyword)
{
    for (gsize i = 0; i < G_N_ELEMENTS(offer_lines); i++) {
        if (g_ascii_strcasecmp(keyword, offer_lines[i].line) == 0) {
            return offer_lines[i].offer;
        }
    }
    return 0;
}

static void append_offers(const SmtpServer *server, GString *text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(offer_lines); i++) {
        if (offer_lines[i].has_rules || !smtp_server_offers(server, offer_lines[i].offer)) {
            continue;
        }
        g_string_append_c(text, '\n');
        g_string_append(text, offer_lines[i].line);
        if (offer_lines[i].offer == SMTP_OFFER_SIZE && server->options.maximum_size > 0) {
            g_string_append_printf(text, " %" G_GUINT64_FORMAT, server->options.maximum_size);
        }
    }
    if (smtp_server_offers(server, SMTP_OFFER_STARTTLS) && !server->is_tls) {
        g_string_append(text, "\nSTARTTLS");
    }
    if (smtp_server_offers(server, SMTP_OFFER_AUTH)) {
        g_autofree char *mechanisms = smtp_server_usable_mechanisms(server);
        if (mechanisms[0] != '\0') {
            g_string_append_printf(text, "\nAUTH %s", mechanisms);
        }
    }
}

/* RFC 5321 §4.1.4: only an EHLO that is accepted resets the session. */
void smtp_server_begin_session(SmtpServer *server)
{
    bool had_sender = server->has_sender;
    smtp_server_abandon_transaction(server);
    server->needs_reset_event = had_sender;
    g_free(server->client_name);
    server->client_name = g_steal_pointer(&server->hello_name);
    server->is_extended = server->hello_is_extended;
}

/* RFC 5321 §4.1.1.1: the server's own domain is the first word. */
void smtp_server_say_hello(SmtpServer *server)
{
    g_autoptr(GString) text = g_string_new(server->host_name);
    if (server->options.syntax == SMTP_SYNTAX_ON_SLIDE) {
        g_string_append_printf(text, " Hello %s, pleased to meet you", server->client_name);
    }
    if (server->is_extended) {
        append_offers(server, text);
    }
    smtp_server_say(server, 250, NULL, text->str);
}

/* RFC 5321 §4.1.2: a domain or an address literal, of however many labels. */
static bool is_host_name(const SmtpServer *server, ByteSpan name)
{
    bool takes_utf8 = smtp_server_offers(server, SMTP_OFFER_SMTPUTF8);
    AddressRuleSet rules = takes_utf8 ? ADDRESS_INTERNATIONAL : ADDRESS_SMTP;
    return address_judge_domain(rules, name).is_valid;
}

static SmtpHandled take_hello(
    SmtpServer *server, const DialogueEvent *command, bool is_extended, SmtpServerEvent *out_event
)
{
    ByteSpan name = byte_span_trim(command->arguments);
    bool is_one_word = name.length > 0 && byte_span_find(name, ' ', 0) < 0;
    bool is_strict = server->options.syntax == SMTP_SYNTAX_STRICT;
    if (!is_one_word || (is_strict && !is_host_name(server, name))) {
        return smtp_server_reject(
            server,
            501,
            "5.5.4",
            is_extended ? "Syntax: EHLO domain or address literal" : "Syntax: HELO domain"
        );
    }
    g_free(server->hello_name);
    server->hello_name = byte_span_to_string(name);
    server->hello_is_extended = is_extended;
    out_event->name = byte_span_from_string(server->hello_name);
    out_event->is_extended = is_extended;
    return smtp_server_ask(server, SMTP_SERVER_HELLO, out_event);
}

SmtpHandled smtp_server_handle_ehlo(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    return take_hello(server, command, true, out_event);
}

SmtpHandled smtp_server_handle_helo(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    return take_hello(server, command, false, out_event);
}

static bool refuses_argument(SmtpServer *server, const DialogueEvent *command, const char *syntax)
{
    if ((command->defects & DIALOGUE_DEFECT_TRAILING) != 0) {
        smtp_server_reject(server, 501, "5.5.4", syntax);
        return true;
    }
    return false;
}

SmtpHandled smtp_server_handle_rset(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    (void)out_event;
    if (!refuses_argument(server, command, "Syntax: RSET")) {
        smtp_server_abandon_transaction(server);
        smtp_server_say(server, 250, "2.0.0", "Ok");
    }
    return SMTP_COMMAND_DONE;
}

SmtpHandled smtp_server_handle_noop(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    (void)command;
    (void)out_event;
    smtp_server_say(server, 250, "2.0.0", "Ok");
    return SMTP_COMMAND_DONE;
}

SmtpHandled smtp_server_handle_quit(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    (void)out_event;
    if (!refuses_argument(server, command, "Syntax: QUIT")) {
        g_autofree char *text = g_strconcat(server->host_name, " closing connection", NULL);
        smtp_server_abandon_transaction(server);
        smtp_server_say(server, 221, "2.0.0", text);
    }
    return SMTP_COMMAND_DONE;
}

/* RFC 5321 §4.1.1.8: HELP with a command's name says how it is written. */
SmtpHandled smtp_server_handle_help(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    (void)out_event;
    g_autoptr(GString) text = g_string_new(NULL);
    const SmtpCommandRow *topic = smtp_command_find(command->arguments);
    if (command->arguments.length > 0 && topic == NULL) {
        return smtp_server_reject(server, 504, "5.5.4", "There is no help about that");
    }
    if (topic != NULL) {
        g_string_append_printf(text, "%s\n%s", topic->item.syntax, topic->item.meaning);
    } else {
        smtp_server_list_commands(server, text);
        g_string_append(text, "\nHELP with the name of a command explains it");
    }
    smtp_server_say(server, 214, "2.0.0", text->str);
    return SMTP_COMMAND_DONE;
}

static SmtpHandled ask_about_name(
    SmtpServer *server,
    const DialogueEvent *command,
    SmtpServerEventKind kind,
    const char *syntax,
    SmtpServerEvent *out_event
)
{
    if (command->arguments.length == 0) {
        return smtp_server_reject(server, 501, "5.5.4", syntax);
    }
    out_event->name = command->arguments;
    return smtp_server_ask(server, kind, out_event);
}

SmtpHandled smtp_server_handle_vrfy(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    return ask_about_name(
        server, command, SMTP_SERVER_VRFY, "Syntax: VRFY user or address", out_event
    );
}

SmtpHandled smtp_server_handle_expn(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    return ask_about_name(server, command, SMTP_SERVER_EXPN, "Syntax: EXPN list", out_event);
}

SmtpHandled smtp_server_handle_etrn(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    return ask_about_name(server, command, SMTP_SERVER_ETRN, "Syntax: ETRN domain", out_event);
}

/* RFC 3207 §4 */
SmtpHandled smtp_server_handle_starttls(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    if (refuses_argument(server, command, "Syntax: STARTTLS (no parameters)")) {
        return SMTP_COMMAND_DONE;
    }
    if (server->is_tls) {
        return smtp_server_reject(server, 503, "5.5.1", "TLS is on already");
    }
    smtp_server_abandon_transaction(server);
    server->needs_reset_event = false;
    server->awaits_tls = true;
    smtp_server_say(server, 220, "2.0.0", "Ready to start TLS");
    out_event->kind = SMTP_SERVER_STARTTLS;
    return SMTP_COMMAND_TO_OWNER;
}
