#include "sim/agent/webmail-session.h"

#include "protocol/dialogue/line-overrides.h"
#include "sim/agent/access-session.h"
#include "sim/agent/agent-prompter.h"
#include "sim/agent/webmail-private.h"

struct WebmailSession {
    AccessSession base;
    Webmail *webmail;
    HttpServer *engine;
    guint64 requests;
    LineOverrides overrides; /* "404 Not Found" */
};

/* RFC 9110 §15; a page may load nothing but its own style, and be framed by nobody. */
#define POLICY                                                                                     \
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "                  \
    "frame-ancestors 'none'"

static void write_answer(WebmailSession *session, const WebmailExchange *exchange)
{
    gsize length = exchange->html->len;
    const void *data = exchange->html->str;
    g_autofree char *disposition = NULL;
    const char *type = "text/html; charset=utf-8";
    if (exchange->content != NULL) {
        data = g_bytes_get_data(exchange->content, &length);
        type = "application/octet-stream";
        disposition = g_strdup_printf("attachment; filename=\"%s\"", exchange->file_name);
    } else if (exchange->style_type != NULL) {
        type = exchange->style_type;
    }
    const HttpFieldText fields[] = {
        {.name = "Content-Type", .value = type},
        {.name = "Content-Disposition", .value = disposition},
        {.name = "Location", .value = exchange->location},
        {.name = "Set-Cookie", .value = exchange->set_cookie},
        {.name = "Allow", .value = exchange->allow},
        {.name = "Content-Security-Policy", .value = POLICY},
        {.name = "X-Content-Type-Options", .value = "nosniff"},
        {.name = "Referrer-Policy", .value = "no-referrer"},
        {.name = "Cache-Control", .value = "no-store"},
    };
    http_server_answer(
        session->engine,
        exchange->code,
        fields,
        G_N_ELEMENTS(fields),
        byte_span(data, length),
        webmail_now(session->webmail) / SIM_SECOND
    );
}

/* For teaching: a code and a page with the words behind it, whatever was asked for. */
static void answer_otherwise(WebmailSession *session, const char *text)
{
    const char *words = text + 3 + strspn(text + 3, " ");
    g_autofree char *escaped = g_markup_escape_text(words[0] == '\0' ? text : words, -1);
    g_autofree char *page = g_strdup_printf("<!DOCTYPE html>\n<title>%s</title>\n", escaped);
    const HttpFieldText fields[] = {{.name = "Content-Type", .value = "text/html; charset=utf-8"}};
    http_server_answer(
        session->engine,
        (guint)g_ascii_strtoull(text, NULL, 10),
        fields,
        G_N_ELEMENTS(fields),
        byte_span_from_string(page),
        webmail_now(session->webmail) / SIM_SECOND
    );
}

static void set_answer(gpointer engine, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&((WebmailSession *)engine)->overrides, number, text, said);
}

static void answer_requests(WebmailSession *session)
{
    HttpRequest request;
    while (http_server_next_request(session->engine, &request)) {
        WebmailExchange exchange;
        ByteSpan cookies = BYTE_SPAN_EMPTY;
        const char *override = line_overrides_take(&session->overrides, ++session->requests);
        if (override != NULL) {
            answer_otherwise(session, override);
            continue;
        }
        http_server_field(session->engine, "Cookie", &cookies);
        webmail_exchange_init(&exchange, session->webmail, &request);
        webmail_exchange_answer(&exchange, cookies);
        write_answer(session, &exchange);
        webmail_exchange_clear(&exchange);
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    WebmailSession *session = owner;
    access_session_heard(&session->base, octets);
    http_server_receive(session->engine, octets, access_session_now_us(&session->base));
    answer_requests(session);
}

static ByteSpan output(gpointer owner)
{
    return http_server_output(((WebmailSession *)owner)->engine);
}

/* What was taken makes room for the answers to requests that wait. */
static void consume(gpointer owner, gsize length)
{
    WebmailSession *session = owner;
    http_server_consume_output(session->engine, length);
    answer_requests(session);
}

static bool is_busy(gpointer owner)
{
    return http_server_is_busy(((WebmailSession *)owner)->engine);
}

static bool wants_close(gpointer owner)
{
    WebmailSession *session = owner;
    return session->base.is_dying || http_server_wants_close(session->engine);
}

static void ended(gpointer owner, SimTcpError error)
{
    (void)error;
    access_session_ended(owner);
}

const AgentLinkOwner webmail_session_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
    .is_busy = is_busy,
};

static void free_session(AccessSession *base)
{
    WebmailSession *session = (WebmailSession *)base;
    access_session_clear(base);
    http_server_free(session->engine);
    line_overrides_clear(&session->overrides);
    g_free(session);
}

/* RFC 9110 §15.5.9: 408, where a request had begun; else the connection just ends. */
static void time_out(AccessSession *base)
{
    WebmailSession *session = (WebmailSession *)base;
    http_server_time_out(session->engine, webmail_now(session->webmail) / SIM_SECOND);
}

static const AccessSessionClass session_class = {
    .protocol = "HTTP",
    .silence = WEBMAIL_SESSION_SILENCE,
    .free = free_session,
    .time_out = time_out,
};

WebmailSession *webmail_session_new(Webmail *webmail, const SimAddress *peer, const SimTcp *tcp)
{
    HttpServerOptions options = {
        .software = "mailwalk",
        .maximum_body = WEBMAIL_BODY_MAXIMUM,
        .tells_date = true,
    };
    WebmailSession *session = g_new0(WebmailSession, 1);
    session->webmail = webmail;
    session->engine = http_server_new(&options);
    access_session_init(&session->base, &session_class, webmail_accounts(webmail), peer);
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_HTTP,
        .is_server = true,
        .set_line = set_answer,
        .engine = session,
    };
    agent_prompt(tcp, &mouth);
    return session;
}

void webmail_session_set_carrier(
    WebmailSession *session, const AgentCarrier *carrier, gpointer data
)
{
    access_session_set_carrier(&session->base, carrier, data);
}
