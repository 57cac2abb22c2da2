/* A browser in front of a webmail: logs in, looks into the mailbox, opens the newest message; or
 * fills in the form of a message and sends it. It follows links and redirects and knows no mail
 * protocol at all.
 *
 *     GET / ─> POST /login ─303─> GET folder ─┬─> GET message
 *                                             └─> GET form ─> POST /send ─303─> GET folder ... */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/http/http-client.h"
#include "protocol/http/http-cookie.h"
#include "protocol/http/http-form.h"
#include "protocol/message/mime-tree.h"
#include "sim/agent/agent-prompter.h"
#include "sim/agent/user-agent-private.h"

enum {
    PAGE_MAXIMUM = 8 * 1024 * 1024,
    TEXT_MAXIMUM = 1024 * 1024,
    REDIRECTS_MAXIMUM = 10,
};

typedef enum {
    WEB_START,
    WEB_LOGIN,
    WEB_FOLDER,
    WEB_MESSAGE,
    WEB_FORM,
    WEB_SENT,
} WebPage;

typedef struct {
    UserSession base;
    HttpClient *client;
    HttpCookieJar *cookies;
    char *host;
    char *token; /* of the form: proves that the request comes from the webmail's own page */
    WebPage page;
    bool sends;
    guint redirects;
    guint64 requests;
    LineOverrides overrides; /* "GET /other" in the place of a request's own method and target */
} WebSession;

static void free_session(UserSession *base)
{
    WebSession *session = (WebSession *)base;
    http_client_free(session->client);
    http_cookie_jar_free(session->cookies);
    g_free(session->host);
    g_free(session->token);
    line_overrides_clear(&session->overrides);
    g_free(session);
}

static gint64 now_s(const WebSession *session)
{
    return sim_world_now(session->base.agent->world) / SIM_SECOND;
}

static void request(
    WebSession *session, const char *method, const char *target, const char *type, GString *body
)
{
    g_autoptr(GString) cookie = g_string_new(NULL);
    ByteSpan path = byte_span_from_string(target);
    bool has_cookie =
        http_cookie_jar_write(session->cookies, session->host, path, false, now_s(session), cookie);
    const HttpFieldText fields[] = {
        {.name = "User-Agent", .value = "mailwalk"},
        {.name = "Cookie", .value = has_cookie ? cookie->str : NULL},
        {.name = "Content-Type", .value = type},
    };
    ByteSpan octets = body == NULL ? BYTE_SPAN_EMPTY : byte_span(body->str, body->len);
    const char *line = line_overrides_take(&session->overrides, ++session->requests);
    g_auto(GStrv) words = g_strsplit(line == NULL ? "" : line, " ", 3);
    bool is_other = g_strv_length(words) >= 2;
    bool is_written = http_client_request(
        session->client,
        is_other ? words[0] : method,
        is_other ? words[1] : target,
        session->host,
        fields,
        G_N_ELEMENTS(fields),
        body == NULL ? NULL : &octets
    );
    session->base.is_closing |= !is_written;
}

static void get(WebSession *session, const char *target, WebPage page)
{
    session->page = page;
    request(session, "GET", target, NULL, NULL);
}

static void finish(WebSession *session)
{
    session->base.is_closing = true;
}

/* --- reading pages --- */

/* What stands between two marks of a page; NULL: they are not there. */
static char *between(ByteSpan page, const char *before, const char *after)
{
    g_autofree char *text = byte_span_to_string(page);
    char *from = strstr(text, before);
    char *to = from == NULL ? NULL : strstr(from + strlen(before), after);
    if (to == NULL) {
        return NULL;
    }
    from += strlen(before);
    return g_strndup(from, (gsize)(to - from));
}

static char *unescape(const char *html)
{
    static const struct {
        const char *name;
        char letter;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

    g_autoptr(GString) text = g_string_new(NULL);
    while (*html != '\0') {
        gsize i = 0;
        while (i < G_N_ELEMENTS(entities) && !g_str_has_prefix(html, entities[i].name)) {
            i++;
        }
        if (i < G_N_ELEMENTS(entities)) {
            g_string_append_c(text, entities[i].letter);
            html += strlen(entities[i].name);
        } else {
            g_string_append_c(text, *html++);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void take_cookies(WebSession *session)
{
    gsize place = 0;
    HttpField field;
    while (http_client_next_field(session->client, &place, &field)) {
        if (byte_span_is_nocase(field.name, "Set-Cookie")) {
            http_cookie_jar_take(session->cookies, session->host, field.value, now_s(session));
        }
    }
}

static void take_token(WebSession *session, ByteSpan page)
{
    char *token = between(page, "name=\"token\" value=\"", "\"");
    if (token != NULL) {
        g_free(session->token);
        session->token = token;
    }
}

/* --- forms --- */

static void send_login(WebSession *session)
{
    const UserAgent *agent = session->base.agent;
    g_autoptr(GString) form = g_string_new(NULL);
    http_form_write(form, "user", byte_span_from_string(agent->user));
    http_form_write(form, "password", byte_span_from_string(agent->password));
    session->page = WEB_LOGIN;
    request(session, "POST", "/login", "application/x-www-form-urlencoded", form);
}

static const char boundary[] = "----mailwalk-form-5b1f9c62";

static void add_part(GString *form, const char *name, const char *file, ByteSpan value)
{
    g_string_append_printf(
        form, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name
    );
    if (file != NULL) {
        g_string_append_printf(
            form, "; filename=\"%s\"\r\nContent-Type: application/octet-stream", file
        );
    }
    g_string_append(form, "\r\n\r\n");
    g_string_append_len(form, (const char *)value.data, (gssize)value.length);
    g_string_append(form, "\r\n");
}

static void add_text(GString *form, const char *name, const char *text)
{
    add_part(form, name, NULL, byte_span_from_string(text));
}

static void add_attachments(GString *form, const MimeTree *tree)
{
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (mime_part_is_attachment(part) && part->file_name != NULL) {
            g_autoptr(GBytes) content = mime_part_content(tree, part, PAGE_MAXIMUM, NULL);
            gsize length;
            const void *octets = g_bytes_get_data(content, &length);
            add_part(form, "attachment", part->file_name, byte_span(octets, length));
        }
    }
}

/* The person types into the form what was composed. */
static void send_message(WebSession *session)
{
    const UserAgentOutgoing *outgoing = g_ptr_array_index(session->base.agent->outbox, 0);
    g_autoptr(MimeTree) tree = mime_tree_new(outgoing->octets, NULL);
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    const MimePart *part = mime_tree_text_part(tree, "plain");
    g_autofree char *to = header_block_decoded(header, "To");
    g_autofree char *cc = header_block_decoded(header, "Cc");
    g_autofree char *body = part == NULL ? NULL : mime_part_text(tree, part, TEXT_MAXIMUM);
    g_autoptr(GString) form = g_string_new(NULL);
    g_autofree char *type = g_strdup_printf("multipart/form-data; boundary=%s", boundary);
    add_text(form, "token", session->token == NULL ? "" : session->token);
    add_text(form, "to", to == NULL ? "" : to);
    add_text(form, "cc", cc == NULL ? "" : cc);
    add_text(form, "subject", outgoing->subject == NULL ? "" : outgoing->subject);
    add_text(form, "body", body == NULL ? "" : body);
    add_attachments(form, tree);
    g_string_append_printf(form, "--%s--\r\n", boundary);
    session->page = WEB_SENT;
    request(session, "POST", "/send", type, form);
}

/* --- pages in their order --- */

static void on_folder(WebSession *session, ByteSpan page)
{
    UserAgent *agent = session->base.agent;
    g_autofree char *link = between(page, "<td><a href=\"", "\"");
    if (session->sends && agent->outbox->len > 0) {
        get(session, "/compose", WEB_FORM);
    } else if (session->sends) {
        finish(session);
    } else if (link == NULL) {
        user_agent_tell(agent, "sees in the browser: no mail is there");
        finish(session);
    } else {
        g_autofree char *target = unescape(link);
        get(session, target, WEB_MESSAGE);
    }
}

static void on_message(WebSession *session, ByteSpan page)
{
    UserAgent *agent = session->base.agent;
    g_autofree char *subject = between(page, "<tr><th>Subject</th><td>", "</td>");
    g_autofree char *html = between(page, "<pre>", "</pre>");
    g_autofree char *title = unescape(subject == NULL ? "(no subject)" : subject);
    g_autofree char *text = unescape(html == NULL ? "" : html);
    user_agent_tell(agent, "reads \"%s\" in the browser:", title);
    user_agent_tell_text(agent, text);
    finish(session);
}

static void on_page(WebSession *session, ByteSpan page)
{
    switch (session->page) {
    case WEB_START:
        send_login(session);
        break;
    case WEB_LOGIN:
        user_agent_tell(session->base.agent, "sees: the webmail lets nobody in");
        finish(session);
        break;
    case WEB_FOLDER:
        on_folder(session, page);
        break;
    case WEB_MESSAGE:
        on_message(session, page);
        break;
    case WEB_FORM:
        send_message(session);
        break;
    case WEB_SENT:
        user_agent_tell(session->base.agent, "sees: the webmail did not take the message");
        finish(session);
        break;
    }
}

/* 303 after a form: the work is done, and the page to be shown is another one. */
static void on_redirect(WebSession *session, ByteSpan location)
{
    UserAgent *agent = session->base.agent;
    g_autofree char *target = byte_span_to_string(location);
    if (session->page == WEB_SENT) {
        UserAgentOutgoing *outgoing = g_ptr_array_index(agent->outbox, 0);
        user_agent_keep(agent, outgoing->octets, USER_AGENT_SENT, NULL);
        g_ptr_array_remove_index(agent->outbox, 0);
    }
    if (++session->redirects > REDIRECTS_MAXIMUM || target[0] != '/') {
        finish(session);
        return;
    }
    get(session, target, session->page == WEB_START ? WEB_START : WEB_FOLDER);
}

static void receive(gpointer owner, ByteSpan octets)
{
    WebSession *session = owner;
    HttpAnswer answer;
    if (session->base.is_closing) {
        return; /* a server may answer more than was asked */
    }
    http_client_receive(session->client, octets);
    while (!session->base.is_closing && http_client_next_answer(session->client, &answer)) {
        ByteSpan location;
        bool is_elsewhere =
            answer.code / 100 == 3 && http_client_field(session->client, "Location", &location);
        take_cookies(session);
        take_token(session, answer.body);
        if (is_elsewhere) {
            on_redirect(session, location);
        } else {
            on_page(session, answer.body);
        }
    }
}

static ByteSpan output(gpointer owner)
{
    return http_client_output(((WebSession *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    http_client_consume_output(((WebSession *)owner)->client, length);
}

static void set_request(gpointer engine, guint64 number, const char *text, bool *said)
{
    line_overrides_set(&((WebSession *)engine)->overrides, number, text, said);
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    AgentMouth mouth = {.protocol = AGENT_SPEAKS_HTTP, .set_line = set_request, .engine = owner};
    agent_prompt(tcp, &mouth);
    get(owner, "/", WEB_START);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = user_session_wants_close,
    .ended = user_session_ended,
};

void user_agent_browse(UserAgent *agent, const SimAddress *server, const char *host, bool sends)
{
    WebSession *session = g_new0(WebSession, 1);
    session->base.free = free_session;
    session->base.agent = agent;
    session->client = http_client_new(PAGE_MAXIMUM);
    session->cookies = http_cookie_jar_new();
    session->host = g_strdup(host);
    session->sends = sends;
    user_agent_begin(agent, &session->base, &link_owner, server, 80);
}
