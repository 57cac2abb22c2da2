#pragma once

/* Cookies (RFC 6265) as far as a webmail needs them: the server sets one with attributes, the
 * browser stores it for its host and sends it back. A jar belongs to one browser and takes the
 * time as an argument. */

#include "protocol/text/byte-buffer.h"

#define HTTP_COOKIES_MAXIMUM 50 /* RFC 6265 §6.1: per host, at least so many */
#define HTTP_COOKIE_LENGTH_MAXIMUM 4096

/* The value of 'name' in a Cookie field; false: none. */
bool http_cookie_find(ByteSpan cookie_value, const char *name, ByteSpan *out_value);

typedef struct {
    ByteSpan name;
    ByteSpan value;
    ByteSpan path;    /* empty: none given */
    ByteSpan domain;  /* without the dot at the front */
    gint64 max_age_s; /* -1: none given; 0 and below zero: delete */
    bool has_max_age;
    bool is_secure;
    bool is_http_only;
} HttpSetCookie;

/* RFC 6265 §5.2; false: no name and value. */
bool http_set_cookie_parse(ByteSpan value, HttpSetCookie *out_cookie);
void http_set_cookie_write(const HttpSetCookie *cookie, GString *out);

typedef struct HttpCookieJar HttpCookieJar;

HttpCookieJar *http_cookie_jar_new(void);
void http_cookie_jar_free(HttpCookieJar *jar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpCookieJar, http_cookie_jar_free)

void http_cookie_jar_take(HttpCookieJar *jar, const char *host, ByteSpan set_cookie, gint64 now_s);

/* Writes the value of the Cookie field; false: there is none to send. */
bool http_cookie_jar_write(
    const HttpCookieJar *jar,
    const char *host,
    ByteSpan path,
    bool is_secure,
    gint64 now_s,
    GString *out
);
