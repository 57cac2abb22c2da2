/* The frame of every page, and what pages are made of: escaped text, forms, folders. */

#include "sim/agent/webmail-private.h"

#define STYLE                                                                                      \
    "body{font-family:sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#222}\n"       \
    "nav{border-bottom:1px solid #999;padding-bottom:.5em;margin-bottom:1em}\n"                    \
    "nav a,nav form{display:inline-block;margin-right:1em}\n"                                      \
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2em .5em;"           \
    "border-bottom:1px solid #ddd;vertical-align:top}\n"                                           \
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f6f6;padding:1em}\n"            \
    ".new td{font-weight:bold}.note{background:#eef6ee;padding:.5em}"                              \
    ".error{background:#fbeaea;padding:.5em}\n"                                                    \
    "label{display:block;margin:.5em 0}input[type=text],textarea{width:100%}\n"

typedef struct {
    WebmailExchange *exchange;
    const char *current; /* the folder that is shown; NULL: none */
} FolderList;

char *webmail_form_text(const HttpForm *form, const char *name)
{
    ByteSpan value;
    if (!http_form_value(form, name, &value) || value.length == 0) {
        return g_strdup("");
    }
    return g_utf8_make_valid((const char *)value.data, (gssize)value.length);
}

char *webmail_url_text(const char *text)
{
    GString *coded = g_string_new(NULL);
    http_percent_encode(byte_span_from_string(text), false, coded);
    return g_string_free(coded, FALSE);
}

void webmail_page_add(WebmailExchange *exchange, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_markup_vprintf_escaped(format, arguments);
    va_end(arguments);
    g_string_append(exchange->html, text);
}

void webmail_page_token(WebmailExchange *exchange)
{
    webmail_page_add(
        exchange,
        "<input type=\"hidden\" name=\"token\" value=\"%s\">",
        exchange->login == NULL ? "" : exchange->login->token
    );
}

static void add_folder(const MailFolderInfo *info, void *data)
{
    FolderList *list = data;
    if (info->exists && info->is_selectable) {
        g_autofree char *coded = webmail_url_text(info->name);
        bool is_current = list->current != NULL && g_str_equal(list->current, info->name);
        webmail_page_add(list->exchange, "<a href=\"/folder?name=%s\">", coded);
        webmail_page_add(list->exchange, is_current ? "<b>%s</b></a>\n" : "%s</a>\n", info->name);
    }
}

static void add_navigation(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->query, "name");
    FolderList list = {.exchange = exchange, .current = name};
    g_autoptr(GError) error = NULL;
    g_string_append(exchange->html, "<nav>");
    mail_store_list(
        webmail_store(exchange->webmail), exchange->login->address, add_folder, &list, &error
    );
    g_string_append(
        exchange->html, "<a href=\"/compose\">Write</a>\n<form method=\"post\" action=\"/logout\">"
    );
    webmail_page_token(exchange);
    webmail_page_add(
        exchange, "<button>Log out</button> %s</form></nav>\n", exchange->login->address
    );
}

void webmail_page_begin(WebmailExchange *exchange, const char *title)
{
    g_string_assign(exchange->html, "<!DOCTYPE html>\n<html lang=\"en\"><head>");
    webmail_page_add(
        exchange,
        "<meta charset=\"utf-8\"><title>%s</title>"
        "<link rel=\"stylesheet\" href=\"/style.css\"></head><body>\n",
        title
    );
    if (exchange->login != NULL) {
        add_navigation(exchange);
    }
    webmail_page_add(exchange, "<h1>%s</h1>\n", title);
}

void webmail_page_end(WebmailExchange *exchange)
{
    g_string_append(exchange->html, "</body></html>\n");
}

void webmail_page_error(WebmailExchange *exchange, guint code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    exchange->code = code;
    webmail_page_begin(exchange, "That did not work");
    webmail_page_add(
        exchange, "<p class=\"error\">%s</p>\n<p><a href=\"/\">To the start</a></p>\n", text
    );
    webmail_page_end(exchange);
}

/* RFC 9110 §15.4.4: after a POST the browser gets another page, so that reloading it does not send
 * the form again. */
void webmail_redirect(WebmailExchange *exchange, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(exchange->location);
    exchange->location = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    exchange->code = 303;
    g_string_assign(exchange->html, "");
}

void webmail_get_style(WebmailExchange *exchange)
{
    exchange->style_type = "text/css; charset=utf-8";
    g_string_assign(exchange->html, STYLE);
}

static void add_login_form(WebmailExchange *exchange, const char *name)
{
    webmail_page_add(
        exchange,
        "<form method=\"post\" action=\"/login\">"
        "<label>Name <input name=\"user\" autocomplete=\"username\" value=\"%s\"></label>"
        "<label>Password <input type=\"password\" name=\"password\"></label>"
        "<button>Log in</button></form>\n",
        name
    );
}

void webmail_get_start(WebmailExchange *exchange)
{
    if (exchange->login != NULL) {
        webmail_redirect(exchange, "/folder?name=INBOX");
        return;
    }
    g_autofree char *title =
        g_strdup_printf("Mail at %s", access_accounts_host_name(exchange->webmail->accounts));
    webmail_page_begin(exchange, title);
    add_login_form(exchange, "");
    webmail_page_end(exchange);
}

void webmail_post_login(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->form, "user");
    g_autofree char *password = webmail_form_text(exchange->form, "password");
    const AccessUser *user =
        access_accounts_find(exchange->webmail->accounts, byte_span_from_string(name));
    if (user != NULL && g_str_equal(user->password, password)) {
        webmail_log_in(exchange, user->address);
        webmail_redirect(exchange, "/folder?name=INBOX");
        return;
    }
    exchange->code = 403;
    webmail_page_begin(exchange, "Log in");
    g_string_append(exchange->html, "<p class=\"error\">Name or password is wrong.</p>\n");
    add_login_form(exchange, name);
    webmail_page_end(exchange);
}

void webmail_post_logout(WebmailExchange *exchange)
{
    webmail_log_out(exchange);
    webmail_redirect(exchange, "/");
}
