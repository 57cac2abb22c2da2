#include "sim/agent/webmail-private.h"

#include "protocol/http/http-cookie.h"

#define COOKIE_NAME "mailwalk"

typedef struct {
    HttpMethod method;
    const char *path;
    bool needs_login;
    void (*handle)(WebmailExchange *exchange);
} Route;

static const Route routes[] = {
    {.method = HTTP_METHOD_GET, .path = "/", .handle = webmail_get_start},
    {.method = HTTP_METHOD_GET, .path = "/style.css", .handle = webmail_get_style},
    {.method = HTTP_METHOD_POST, .path = "/login", .handle = webmail_post_login},
    {
        .method = HTTP_METHOD_POST,
        .path = "/logout",
        .needs_login = true,
        .handle = webmail_post_logout,
    },
    {
        .method = HTTP_METHOD_GET,
        .path = "/folder",
        .needs_login = true,
        .handle = webmail_get_folder,
    },
    {
        .method = HTTP_METHOD_GET,
        .path = "/message",
        .needs_login = true,
        .handle = webmail_get_message,
    },
    {
        .method = HTTP_METHOD_GET,
        .path = "/attachment",
        .needs_login = true,
        .handle = webmail_get_attachment,
    },
    {
        .method = HTTP_METHOD_POST,
        .path = "/delete",
        .needs_login = true,
        .handle = webmail_post_delete,
    },
    {
        .method = HTTP_METHOD_GET,
        .path = "/compose",
        .needs_login = true,
        .handle = webmail_get_compose,
    },
    {
        .method = HTTP_METHOD_POST,
        .path = "/send",
        .needs_login = true,
        .handle = webmail_post_send,
    },
};

static void free_login(gpointer data)
{
    WebmailLogin *login = data;
    g_free(login->address);
    g_free(login->token);
    g_free(login);
}

Webmail *webmail_new(AccessAccounts *accounts, guint64 seed, WebmailSend send, gpointer data)
{
    Webmail *webmail = g_new0(Webmail, 1);
    webmail->accounts = accounts;
    webmail->send = send;
    webmail->send_data = data;
    webmail->logins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_login);
    sim_random_derive(&webmail->random, seed, "webmail");
    return webmail;
}

void webmail_free(Webmail *webmail)
{
    if (webmail != NULL) {
        g_hash_table_unref(webmail->logins);
        g_free(webmail);
    }
}

AccessAccounts *webmail_accounts(const Webmail *webmail)
{
    return webmail->accounts;
}

SimTime webmail_now(const Webmail *webmail)
{
    return sim_world_now(access_accounts_world(webmail->accounts));
}

MailStore *webmail_store(const Webmail *webmail)
{
    return access_accounts_store(webmail->accounts);
}

static char *random_text(Webmail *webmail)
{
    return g_strdup_printf(
        "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
        sim_random_next(&webmail->random),
        sim_random_next(&webmail->random)
    );
}

/* Whose last click is too long ago; where there are too many, the one unused longest too. */
static void forget_logins(Webmail *webmail)
{
    SimTime now = webmail_now(webmail);
    GHashTableIter iterator;
    gpointer key;
    gpointer value;
    const char *oldest = NULL;
    SimTime oldest_used = SIM_TIME_NEVER;
    g_hash_table_iter_init(&iterator, webmail->logins);
    while (g_hash_table_iter_next(&iterator, &key, &value)) {
        const WebmailLogin *login = value;
        if (login->used + WEBMAIL_LOGIN_LIFE < now) {
            g_hash_table_iter_remove(&iterator);
        } else if (login->used < oldest_used) {
            oldest = key;
            oldest_used = login->used;
        }
    }
    if (g_hash_table_size(webmail->logins) >= WEBMAIL_LOGINS_MAXIMUM) {
        g_hash_table_remove(webmail->logins, oldest);
    }
}

static char *cookie_field(const char *value, bool is_over)
{
    GString *text = g_string_new(NULL);
    HttpSetCookie cookie = {
        .name = BYTE_SPAN_LITERAL(COOKIE_NAME),
        .value = byte_span_from_string(value),
        .path = BYTE_SPAN_LITERAL("/"),
        .has_max_age = is_over,
        .is_http_only = true,
    };
    http_set_cookie_write(&cookie, text);
    g_string_append(text, "; SameSite=Strict");
    return g_string_free(text, FALSE);
}

void webmail_log_in(WebmailExchange *exchange, const char *address)
{
    Webmail *webmail = exchange->webmail;
    WebmailLogin *login = g_new0(WebmailLogin, 1);
    char *cookie = random_text(webmail);
    forget_logins(webmail);
    login->address = g_strdup(address);
    login->token = random_text(webmail);
    login->used = webmail_now(webmail);
    exchange->set_cookie = cookie_field(cookie, false);
    g_hash_table_replace(webmail->logins, cookie, login);
    access_accounts_tell(webmail->accounts, "%s has logged in to the webmail", address);
}

void webmail_log_out(WebmailExchange *exchange)
{
    g_hash_table_remove(exchange->webmail->logins, exchange->cookie);
    exchange->login = NULL;
    exchange->set_cookie = cookie_field("", true);
}

static WebmailLogin *find_login(WebmailExchange *exchange, ByteSpan cookies)
{
    Webmail *webmail = exchange->webmail;
    ByteSpan value;
    if (!http_cookie_find(cookies, COOKIE_NAME, &value)) {
        return NULL;
    }
    exchange->cookie = byte_span_to_string(value);
    WebmailLogin *login = g_hash_table_lookup(webmail->logins, exchange->cookie);
    if (login == NULL || login->used + WEBMAIL_LOGIN_LIFE < webmail_now(webmail)) {
        return NULL;
    }
    login->used = webmail_now(webmail);
    return login;
}

/* A form that changes something must be one of ours, not of a page that the browser also shows. */
static bool has_token(const WebmailExchange *exchange)
{
    ByteSpan token;
    return http_form_value(exchange->form, "token", &token) &&
           byte_span_is(token, exchange->login->token);
}

static const Route *find_route(WebmailExchange *exchange)
{
    HttpMethod method = exchange->request->method;
    const Route *other = NULL;
    method = method == HTTP_METHOD_HEAD ? HTTP_METHOD_GET : method;
    for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
        if (byte_span_is(exchange->request->path, routes[i].path)) {
            if (routes[i].method == method) {
                return &routes[i];
            }
            other = &routes[i];
        }
    }
    if (other == NULL) {
        webmail_page_error(exchange, 404, "There is no such page.");
    } else {
        exchange->allow = other->method == HTTP_METHOD_GET ? "GET, HEAD" : "POST";
        webmail_page_error(exchange, 405, "This page takes %s only.", exchange->allow);
    }
    return NULL;
}

void webmail_exchange_init(WebmailExchange *exchange, Webmail *webmail, const HttpRequest *request)
{
    *exchange = (WebmailExchange){.webmail = webmail, .request = request, .code = 200};
    exchange->query = http_form_parse_urlencoded(request->query);
    exchange->form = http_form_parse(request->content_type, request->body);
    exchange->html = g_string_new(NULL);
}

void webmail_exchange_answer(WebmailExchange *exchange, ByteSpan cookies)
{
    const Route *route = find_route(exchange);
    exchange->login = find_login(exchange, cookies);
    if (route == NULL) {
        return;
    }
    if (route->needs_login && exchange->login == NULL) {
        webmail_redirect(exchange, "/");
    } else if (route->needs_login && route->method == HTTP_METHOD_POST && !has_token(exchange)) {
        webmail_page_error(exchange, 403, "This form is not one of this log-in. Please try again.");
    } else {
        route->handle(exchange);
    }
}

void webmail_exchange_clear(WebmailExchange *exchange)
{
    http_form_free(exchange->query);
    http_form_free(exchange->form);
    g_string_free(exchange->html, TRUE);
    g_free(exchange->cookie);
    g_free(exchange->location);
    g_free(exchange->set_cookie);
    g_free(exchange->file_name);
    if (exchange->content != NULL) {
        g_bytes_unref(exchange->content);
    }
}
