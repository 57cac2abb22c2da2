#include "protocol/http/http-cookie.h"

static void split_at(ByteSpan text, guint8 octet, ByteSpan *before, ByteSpan *behind)
{
    gssize at = byte_span_find(text, octet, 0);
    *before = byte_span_trim(at < 0 ? text : byte_span_slice(text, 0, (gsize)at));
    *behind = at < 0 ? BYTE_SPAN_EMPTY : byte_span_trim(byte_span_from(text, (gsize)at + 1));
}

bool http_cookie_find(ByteSpan cookie_value, const char *name, ByteSpan *out_value)
{
    ByteSpan pair;
    ByteSpan key;
    ByteSpan value;
    while (byte_span_next_token(&cookie_value, ';', &pair)) {
        split_at(pair, '=', &key, &value);
        if (byte_span_is(key, name)) {
            *out_value = value;
            return true;
        }
    }
    return false;
}

/* RFC 6265 §5.2.2: a number, perhaps negative; anything else is ignored. */
static void read_max_age(ByteSpan value, HttpSetCookie *cookie)
{
    bool is_negative = byte_span_starts_with(value, "-");
    guint64 seconds = 0;
    if (byte_span_to_number(byte_span_from(value, is_negative ? 1 : 0), &seconds)) {
        cookie->has_max_age = true;
        cookie->max_age_s = is_negative ? 0 : (gint64)MIN(seconds, (guint64)G_MAXINT32);
    }
}

static void read_attribute(ByteSpan attribute, HttpSetCookie *cookie)
{
    ByteSpan name;
    ByteSpan value;
    split_at(attribute, '=', &name, &value);
    if (byte_span_is_nocase(name, "Path")) {
        cookie->path = byte_span_starts_with(value, "/") ? value : BYTE_SPAN_EMPTY;
    } else if (byte_span_is_nocase(name, "Domain")) {
        cookie->domain = byte_span_from(value, byte_span_starts_with(value, ".") ? 1 : 0);
    } else if (byte_span_is_nocase(name, "Max-Age")) {
        read_max_age(value, cookie);
    } else if (byte_span_is_nocase(name, "Secure")) {
        cookie->is_secure = true;
    } else if (byte_span_is_nocase(name, "HttpOnly")) {
        cookie->is_http_only = true;
    }
}

bool http_set_cookie_parse(ByteSpan value, HttpSetCookie *out_cookie)
{
    HttpSetCookie cookie = {0};
    ByteSpan attribute;
    if (!byte_span_next_token(&value, ';', &attribute) || byte_span_find(attribute, '=', 0) < 0) {
        return false;
    }
    split_at(attribute, '=', &cookie.name, &cookie.value);
    if (cookie.name.length == 0) {
        return false;
    }
    while (byte_span_next_token(&value, ';', &attribute)) {
        read_attribute(attribute, &cookie);
    }
    *out_cookie = cookie;
    return true;
}

static void append(GString *out, const char *before, ByteSpan span)
{
    g_string_append(out, before);
    g_string_append_len(out, (const char *)span.data, (gssize)span.length);
}

void http_set_cookie_write(const HttpSetCookie *cookie, GString *out)
{
    append(out, "", cookie->name);
    append(out, "=", cookie->value);
    if (cookie->path.length > 0) {
        append(out, "; Path=", cookie->path);
    }
    if (cookie->domain.length > 0) {
        append(out, "; Domain=", cookie->domain);
    }
    if (cookie->has_max_age) {
        g_string_append_printf(out, "; Max-Age=%" G_GINT64_FORMAT, cookie->max_age_s);
    }
    g_string_append(out, cookie->is_secure ? "; Secure" : "");
    g_string_append(out, cookie->is_http_only ? "; HttpOnly" : "");
}

typedef struct {
    char *host; /* in small letters */
    char *name;
    char *value;
    char *path;
    bool is_for_subdomains;
    bool is_secure;
    gint64 expires_s; /* G_MAXINT64: with the session */
} Cookie;

struct HttpCookieJar {
    GPtrArray *cookies; /* of Cookie, in the order of their setting */
};

static void cookie_free(gpointer pointer)
{
    Cookie *cookie = pointer;
    g_free(cookie->host);
    g_free(cookie->name);
    g_free(cookie->value);
    g_free(cookie->path);
    g_free(cookie);
}

HttpCookieJar *http_cookie_jar_new(void)
{
    HttpCookieJar *jar = g_new0(HttpCookieJar, 1);
    jar->cookies = g_ptr_array_new_with_free_func(cookie_free);
    return jar;
}

void http_cookie_jar_free(HttpCookieJar *jar)
{
    if (jar != NULL) {
        g_ptr_array_unref(jar->cookies);
        g_free(jar);
    }
}

/* RFC 6265 §5.1.3: the same, or a name below it */
static bool domain_matches(const char *host, const char *domain)
{
    gsize host_length = strlen(host);
    gsize domain_length = strlen(domain);
    if (host_length < domain_length || strcmp(host + host_length - domain_length, domain) != 0) {
        return false;
    }
    return host_length == domain_length || host[host_length - domain_length - 1] == '.';
}

/* RFC 6265 §5.1.4 */
static bool path_matches(ByteSpan path, const char *cookie_path)
{
    gsize length = strlen(cookie_path);
    if (!byte_span_starts_with(path, cookie_path)) {
        return false;
    }
    return path.length == length || cookie_path[length - 1] == '/' || path.data[length] == '/' ||
           path.data[length] == '?';
}

static void remove_same(HttpCookieJar *jar, const Cookie *cookie)
{
    for (guint i = jar->cookies->len; i-- > 0;) {
        const Cookie *other = jar->cookies->pdata[i];
        if (strcmp(other->host, cookie->host) == 0 && strcmp(other->name, cookie->name) == 0 &&
            strcmp(other->path, cookie->path) == 0) {
            g_ptr_array_remove_index(jar->cookies, i);
        }
    }
}

/* RFC 6265 §5.3 */
void http_cookie_jar_take(HttpCookieJar *jar, const char *host, ByteSpan set_cookie, gint64 now_s)
{
    HttpSetCookie parsed;
    if (set_cookie.length > HTTP_COOKIE_LENGTH_MAXIMUM ||
        !http_set_cookie_parse(set_cookie, &parsed)) {
        return;
    }
    Cookie *cookie = g_new0(Cookie, 1);
    g_autofree char *domain = byte_span_to_string(parsed.domain);
    g_autofree char *lower_domain = g_ascii_strdown(domain, -1);
    g_autofree char *lower_host = g_ascii_strdown(host, -1);
    cookie->is_for_subdomains = parsed.domain.length > 0;
    cookie->host = g_strdup(cookie->is_for_subdomains ? lower_domain : lower_host);
    cookie->name = byte_span_to_string(parsed.name);
    cookie->value = byte_span_to_string(parsed.value);
    cookie->path = parsed.path.length > 0 ? byte_span_to_string(parsed.path) : g_strdup("/");
    cookie->is_secure = parsed.is_secure;
    cookie->expires_s = parsed.has_max_age ? now_s + parsed.max_age_s : G_MAXINT64;
    bool is_foreign = !domain_matches(lower_host, cookie->host);
    if (!is_foreign) {
        remove_same(jar, cookie);
    }
    if (is_foreign || cookie->expires_s <= now_s) {
        cookie_free(cookie);
        return;
    }
    if (jar->cookies->len >= HTTP_COOKIES_MAXIMUM) {
        g_ptr_array_remove_index(jar->cookies, 0);
    }
    g_ptr_array_add(jar->cookies, cookie);
}

static bool
belongs(const Cookie *cookie, const char *host, ByteSpan path, bool is_secure, gint64 now_s)
{
    bool is_host = cookie->is_for_subdomains ? domain_matches(host, cookie->host)
                                             : strcmp(host, cookie->host) == 0;
    return is_host && path_matches(path, cookie->path) && cookie->expires_s > now_s &&
           (is_secure || !cookie->is_secure);
}

bool http_cookie_jar_write(
    const HttpCookieJar *jar,
    const char *host,
    ByteSpan path,
    bool is_secure,
    gint64 now_s,
    GString *out
)
{
    g_autofree char *lower_host = g_ascii_strdown(host, -1);
    const char *separator = "";
    for (guint i = 0; i < jar->cookies->len; i++) {
        const Cookie *cookie = jar->cookies->pdata[i];
        if (belongs(cookie, lower_host, path, is_secure, now_s)) {
            g_string_append_printf(out, "%s%s=%s", separator, cookie->name, cookie->value);
            separator = "; ";
        }
    }
    return *separator != '\0';
}
