#pragma once

/* The inside of Webmail: one request and the answer that is being made of it. Handlers fill the
 * answer; webmail.c finds the handler and checks who asks; the session writes the answer out. */

#include "protocol/http/http-form.h"
#include "protocol/http/http-server.h"
#include "sim/agent/webmail.h"
#include "sim/network/random.h"

typedef struct {
    char *address; /* the account */
    char *token;   /* in every form: a page of somebody else cannot know it */
    SimTime used;
} WebmailLogin;

typedef struct {
    Webmail *webmail;
    const HttpRequest *request;
    HttpForm *query;
    HttpForm *form;      /* of a POST; else empty */
    WebmailLogin *login; /* NULL: nobody is logged in */
    char *cookie;        /* what the browser sent; NULL: none */

    /* The answer. */
    guint code;
    GString *html;          /* the page, where 'content' is NULL */
    char *location;         /* of a redirection */
    char *set_cookie;       /* NULL: none */
    const char *allow;      /* with 405 */
    GBytes *content;        /* something to be stored, not shown */
    char *file_name;        /* its name, made safe */
    const char *style_type; /* "text/css" for the style sheet; NULL: not that */
} WebmailExchange;

struct Webmail {
    AccessAccounts *accounts;
    WebmailSend send;
    gpointer send_data;
    GHashTable *logins; /* cookie -> WebmailLogin */
    SimRandom random;
};

/* Answers the request; everything is in the exchange afterwards. */
void webmail_exchange_init(WebmailExchange *exchange, Webmail *webmail, const HttpRequest *request);
void webmail_exchange_answer(WebmailExchange *exchange, ByteSpan cookies);
void webmail_exchange_clear(WebmailExchange *exchange);

SimTime webmail_now(const Webmail *webmail);
MailStore *webmail_store(const Webmail *webmail);

/* Logging in and out. */
void webmail_log_in(WebmailExchange *exchange, const char *address);
void webmail_log_out(WebmailExchange *exchange);

/* Pages. Texts that fill a %s are escaped. */
void webmail_page_begin(WebmailExchange *exchange, const char *title);
void webmail_page_add(WebmailExchange *exchange, const char *format, ...) G_GNUC_PRINTF(2, 3);
void webmail_page_end(WebmailExchange *exchange);
void webmail_page_error(WebmailExchange *exchange, guint code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void webmail_page_token(WebmailExchange *exchange); /* the hidden field of a form */
void webmail_redirect(WebmailExchange *exchange, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A field of the form, or of the query, as valid UTF-8; "": none. */
char *webmail_form_text(const HttpForm *form, const char *name);
char *webmail_url_text(const char *text); /* fit for a value in a URL */

/* The folder and the message that a form or query names; NULL: an error page has been made. */
MailFolder *webmail_open_folder(WebmailExchange *exchange, const char *name);
GBytes *webmail_fetch(WebmailExchange *exchange, MailFolder *folder, const HttpForm *where);
bool webmail_read_uid(const HttpForm *form, guint32 *out_uid);

/* The folder of that use, made where it is missing; NULL: it cannot be. */
MailFolder *webmail_special_folder(WebmailExchange *exchange, const char *name, MailUse use);

/* Handlers, one for each path. */
void webmail_get_start(WebmailExchange *exchange);
void webmail_get_style(WebmailExchange *exchange);
void webmail_post_login(WebmailExchange *exchange);
void webmail_post_logout(WebmailExchange *exchange);
void webmail_get_folder(WebmailExchange *exchange);
void webmail_get_message(WebmailExchange *exchange);
void webmail_get_attachment(WebmailExchange *exchange);
void webmail_post_delete(WebmailExchange *exchange);
void webmail_get_compose(WebmailExchange *exchange);
void webmail_post_send(WebmailExchange *exchange);
