#include "dissect/conversation/protocol-guess.h"

#define LINE_OPEN_MAXIMUM 4096 /* a longer beginning of a line shows nothing more */

#define SOCKS_4_MAXIMUM 300 /* octets of a request with a name of its user */

typedef struct {
    guint16 port;
    MailProtocol protocol;
} PortRow;

static const PortRow ports[] = {
    {25, MAIL_PROTOCOL_SMTP},
    {53, MAIL_PROTOCOL_DNS},
    {80, MAIL_PROTOCOL_HTTP},
    {110, MAIL_PROTOCOL_POP3},
    {143, MAIL_PROTOCOL_IMAP},
    {465, MAIL_PROTOCOL_SMTP},
    {587, MAIL_PROTOCOL_SMTP},
    {993, MAIL_PROTOCOL_IMAP},
    {995, MAIL_PROTOCOL_POP3},
    {1110, MAIL_PROTOCOL_POP3},
    {1143, MAIL_PROTOCOL_IMAP},
    {2525, MAIL_PROTOCOL_SMTP},
    {2587, MAIL_PROTOCOL_SMTP},
    {8000, MAIL_PROTOCOL_HTTP},
    {8080, MAIL_PROTOCOL_HTTP},
};

MailProtocol protocol_of_port(guint16 port)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ports); i++) {
        if (ports[i].port == port) {
            return ports[i].protocol;
        }
    }
    return MAIL_PROTOCOL_UNKNOWN;
}

static bool is_tls(ByteSpan client)
{
    /* A handshake record, version 3.x, holding a ClientHello. */
    return client.length >= 6 && client.data[0] == 0x16 && client.data[1] == 3 &&
           client.data[2] <= 4 && client.data[5] == 1;
}

static bool starts_with_any(ByteSpan text, const char *const *prefixes)
{
    for (gsize i = 0; prefixes[i] != NULL; i++) {
        if (byte_span_starts_with_nocase(text, prefixes[i])) {
            return true;
        }
    }
    return false;
}

static bool contains(ByteSpan text, const char *word)
{
    gsize length = strlen(word);
    for (gsize i = 0; i + length <= text.length; i++) {
        if (byte_span_starts_with_nocase(byte_span_from(text, i), word)) {
            return true;
        }
    }
    return false;
}

static const char *const http_methods[] = {
    "GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", NULL};

static bool is_http_request(ByteSpan client)
{
    return starts_with_any(client, http_methods) && contains(client, " HTTP/1.");
}

static const char *const smtp_verbs[] = {"EHLO ", "HELO ", "LHLO ", "MAIL FROM:", NULL};

static bool is_smtp_client(ByteSpan client)
{
    return starts_with_any(client, smtp_verbs);
}

static bool is_pop3_client(ByteSpan client)
{
    static const char *const verbs[] = {"USER ", "APOP ", "CAPA\r", "STLS\r", "CAPA\n", NULL};
    return starts_with_any(client, verbs);
}

/* A tag, a space and a command that only IMAP has. */
static bool is_imap_client(ByteSpan client)
{
    static const char *const names[] = {
        "CAPABILITY\r", "LOGIN ", "AUTHENTICATE ", "STARTTLS\r", "SELECT ", "ID ", NULL};
    gssize space = byte_span_find(client, ' ', 0);
    return space > 0 && space <= 16 &&
           starts_with_any(byte_span_from(client, (gsize)space + 1), names);
}

static bool is_imap_server(ByteSpan server)
{
    static const char *const greetings[] = {"* OK", "* PREAUTH", "* BYE", NULL};
    return starts_with_any(server, greetings);
}

static bool is_pop3_server(ByteSpan server)
{
    return byte_span_starts_with(server, "+OK");
}

static const char *const smtp_greetings[] = {"220 ", "220-", NULL};

static bool is_smtp_server(ByteSpan server)
{
    return starts_with_any(server, smtp_greetings) &&
           (contains(server, "SMTP") || contains(server, "mail"));
}

static GuessVerdict known(MailProtocol protocol, MailProtocol *out_protocol)
{
    *out_protocol = protocol;
    return GUESS_KNOWN;
}

/* SOCKS 4 CONNECT, or SOCKS 5 with its list of methods. */
static bool is_socks(ByteSpan client)
{
    if (client.length >= 9 && client.data[0] == 4 && client.data[1] == 1) {
        return client.data[client.length - 1] == 0;
    }
    return client.length >= 3 && client.data[0] == 5 && client.data[1] > 0 &&
           client.length == (gsize)client.data[1] + 2;
}

/* The front of it. */
static bool may_become_socks(ByteSpan client)
{
    if (client.length == 0 || client.length > SOCKS_4_MAXIMUM) {
        return false;
    }
    if (client.data[0] == 4) {
        return client.length < 2 || client.data[1] == 1;
    }
    return client.data[0] == 5 && (client.length < 2 || client.length < (gsize)client.data[1] + 2);
}

static bool is_text(ByteSpan octets)
{
    for (gsize i = 0; i < octets.length && i < 64; i++) {
        guint8 c = octets.data[i];
        if (c < 0x20 && c != '\r' && c != '\n' && c != '\t') {
            return false;
        }
    }
    return true;
}

/* The line is cut off, and what there is of it is one of the beginnings, or a part of one. */
static bool may_go_on_as(ByteSpan octets, const char *const *beginnings)
{
    if (octets.length == 0 || octets.length > LINE_OPEN_MAXIMUM ||
        byte_span_find(octets, '\n', 0) >= 0) {
        return false;
    }
    for (gsize i = 0; beginnings[i] != NULL; i++) {
        gsize length = MIN(octets.length, strlen(beginnings[i]));
        if (g_ascii_strncasecmp((const char *)octets.data, beginnings[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static GuessVerdict guess_by_content(ByteSpan client, ByteSpan server, MailProtocol *out_protocol)
{
    if (is_http_request(client)) {
        return known(MAIL_PROTOCOL_HTTP, out_protocol);
    }
    if (is_socks(client)) {
        return GUESS_SOCKS;
    }
    if (is_smtp_client(client) || is_smtp_server(server)) {
        return known(MAIL_PROTOCOL_SMTP, out_protocol);
    }
    if (is_pop3_server(server) || is_pop3_client(client)) {
        return known(MAIL_PROTOCOL_POP3, out_protocol);
    }
    if (is_imap_server(server) || is_imap_client(client)) {
        return known(MAIL_PROTOCOL_IMAP, out_protocol);
    }
    bool is_enough = (client.length >= 128 && !may_go_on_as(client, http_methods)) ||
                     server.length >= 128 || (client.length > 0 && !is_text(client)) ||
                     (server.length > 0 && !is_text(server));
    is_enough = is_enough && !(server.length == 0 && may_become_socks(client));
    return is_enough ? GUESS_NONE : GUESS_WAIT;
}

/* The rest of a line may show that another protocol is spoken than the port says. */
static bool may_contradict(MailProtocol port_protocol, ByteSpan client, ByteSpan server)
{
    bool may_be_smtp = may_go_on_as(client, smtp_verbs) || may_go_on_as(server, smtp_greetings);
    return (port_protocol != MAIL_PROTOCOL_HTTP && may_go_on_as(client, http_methods)) ||
           (port_protocol != MAIL_PROTOCOL_SMTP && may_be_smtp);
}

/* What was said on a known port may still be another protocol: HTTP on 25, SMTP on 80. */
static GuessVerdict guess_by_port(
    MailProtocol port_protocol, ByteSpan client, ByteSpan server, MailProtocol *out_protocol
)
{
    MailProtocol other;
    GuessVerdict verdict = guess_by_content(client, server, &other);
    bool is_contradicted =
        verdict == GUESS_SOCKS ||
        (verdict == GUESS_KNOWN && other != port_protocol &&
         (other == MAIL_PROTOCOL_HTTP || is_smtp_client(client) || is_smtp_server(server)));
    if (is_contradicted) {
        *out_protocol = other;
        return verdict;
    }
    if (may_contradict(port_protocol, client, server)) {
        return GUESS_WAIT;
    }
    return known(port_protocol, out_protocol);
}

GuessVerdict protocol_guess(
    MailProtocol port_protocol,
    bool is_by_option,
    ByteSpan client,
    ByteSpan server,
    MailProtocol *out_protocol
)
{
    if (client.length == 0 && server.length == 0) {
        return GUESS_WAIT;
    }
    if (is_tls(client) || is_tls(server) ||
        (client.length == 0 && server.length >= 6 && server.data[0] == 0x16 && server.data[1] == 3
        )) {
        return known(MAIL_PROTOCOL_TLS, out_protocol);
    }
    if (client.length > 0 && client.length < 6 && client.data[0] == 0x16) {
        return GUESS_WAIT;
    }
    if (is_by_option || port_protocol == MAIL_PROTOCOL_DNS) {
        return known(port_protocol, out_protocol);
    }
    if (port_protocol != MAIL_PROTOCOL_UNKNOWN) {
        return guess_by_port(port_protocol, client, server, out_protocol);
    }
    return guess_by_content(client, server, out_protocol);
}
