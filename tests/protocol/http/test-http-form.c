#include "tests/support/test.h"

#include "protocol/http/http-cookie.h"
#include "protocol/http/http-form.h"
#include "protocol/http/http-framing.h"
#include "protocol/http/http-secret.h"

static char *show(const HttpForm *form)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < form->fields->len; i++) {
        const HttpFormField *field = form->fields->pdata[i];
        GBytes *parts[] = {field->name, field->value, field->file_name, field->content_type};
        for (gsize j = 0; j < G_N_ELEMENTS(parts); j++) {
            gsize length = 0;
            const char *data = parts[j] == NULL ? "-" : g_bytes_get_data(parts[j], &length);
            g_string_append_len(out, data, parts[j] == NULL ? 1 : (gssize)length);
            g_string_append_c(out, j < 3 ? '|' : '\n');
        }
    }
    g_string_append(out, form->is_cut ? "cut" : "");
    g_string_append(out, form->is_malformed ? "malformed" : "");
    return g_string_free(out, FALSE);
}

static void test_forms(void **state)
{
    static const struct {
        const char *type;
        const char *body;
        const char *expected;
    } cases[] = {
        {"application/x-www-form-urlencoded",
         "to=bob%40hamburger.edu&subject=Ketchup+%26+mustard&body=",
         "to|bob@hamburger.edu|-|-\nsubject|Ketchup & mustard|-|-\nbody||-|-\n"},
        {"application/x-www-form-urlencoded; charset=utf-8",
         "a&=b&c=%4",
         "a||-|-\n|b|-|-\n"
         "c|%4|-|-\nmalformed"},
        {"application/x-www-form-urlencoded", "", ""},
        {"multipart/form-data; boundary=xx",
         "--xx\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\nbob\r\n"
         "--xx\r\nContent-Disposition: form-data; name=file; filename=\"a;b.txt\"\r\n"
         "Content-Type: text/plain\r\n\r\nline\r\n--x\r\nline\r\n\r\n--xx--\r\n",
         "to|bob|-|-\nfile|line\r\n--x\r\nline\r\n|a;b.txt|text/plain\n"},
        {"multipart/form-data; boundary=\"xx\"",
         "preamble\r\n--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--xx--",
         "a||-|-\n"},
        {"multipart/form-data; boundary=xx",
         "--xx\r\nContent-Disposition: form-data\r\n\r\nv\r\n--xx--",
         "|v|-|-\nmalformed"},
        {"multipart/form-data; boundary=xx",
         "--xx\r\nContent-Disposition: form-data; name=a\r\n\r\nno end",
         "cut"},
        {"multipart/form-data; boundary=xx", "nothing at all", "cut"},
        {"multipart/form-data; boundary=xx", "--xx--", ""},
        {"multipart/form-data", "--xx--", ""},
        {"text/plain", "a=b", ""},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan body = unterminated(cases[i].body, strlen(cases[i].body), keep);
        g_autoptr(HttpForm) form = http_form_parse(byte_span_from_string(cases[i].type), body);
        g_autofree char *shown = show(form);
        assert_string_equal(shown, cases[i].expected);
    }
}

static void test_form_round_trip(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    ByteSpan value;
    guint8 all[256];
    (void)state;
    for (guint i = 0; i < 256; i++) {
        all[i] = (guint8)i;
    }
    http_form_write(text, "every octet", byte_span(all, sizeof all));
    http_form_write(text, "b", BYTE_SPAN_LITERAL("~-._"));
    assert_true(g_str_has_prefix(text->str, "every+octet=%00%01"));
    assert_true(g_str_has_suffix(text->str, "&b=~-._"));
    g_autoptr(HttpForm) form = http_form_parse_urlencoded(byte_span(text->str, text->len));
    assert_true(http_form_value(form, "every octet", &value));
    assert_int_equal(value.length, 256);
    assert_memory_equal(value.data, all, 256);
    assert_false(http_form_value(form, "c", &value));
}

static void test_too_many_fields(void **state)
{
    g_autofree char *text = g_strnfill(4000, 'a');
    (void)state;
    for (gsize i = 1; i < 4000; i += 2) {
        text[i] = '&';
    }
    g_autoptr(HttpForm) form = http_form_parse_urlencoded(byte_span_from_string(text));
    assert_int_equal(form->fields->len, HTTP_FORM_FIELDS_MAXIMUM);
    assert_true(form->is_cut);
}

static void test_secrets(void **state)
{
    static const struct {
        const char *name;
        bool is_secret;
        bool is_identity;
    } names[] = {
        {"password", true, false},
        {"login[PassWd]", true, false},
        {"_pass", true, false},
        {"pwd2", true, false},
        {"client_secret", true, false},
        {"PIN", true, false},
        {"pinned", false, false},
        {"user", false, true},
        {"_user", false, true},
        {"login_username", false, true},
        {"user_password", true, false},
        {"mail", false, true},
        {"to", false, false},
        {"", false, false},
    };

    g_autoptr(GString) masked = g_string_new(NULL);
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        ByteSpan name = byte_span_from_string(names[i].name);
        assert_int_equal(http_name_is_secret(name), names[i].is_secret);
        assert_int_equal(http_name_is_identity(name), names[i].is_identity);
    }
    http_form_mask(BYTE_SPAN_LITERAL("user=alice&pass=hungry&x=&pwd="), masked);
    assert_string_equal(masked->str, "user=alice&pass=••••••&x=&pwd=");
    assert_true(http_target_has_secret(BYTE_SPAN_LITERAL("/l?a=b&pass=c")));
    assert_false(http_target_has_secret(BYTE_SPAN_LITERAL("/l?a=pass")));
    assert_false(http_target_has_secret(BYTE_SPAN_LITERAL("/pass=x")));
}

static void test_framing(void **state)
{
    static const struct {
        const char *fields[3];
        HttpMethod method;
        guint code; /* 0: a request */
        HttpBodyKind kind;
    } cases[] = {
        {{NULL}, HTTP_METHOD_GET, 0, HTTP_BODY_NONE},
        {{"Content-Length: 0"}, HTTP_METHOD_POST, 0, HTTP_BODY_NONE},
        {{"Content-Length: 7"}, HTTP_METHOD_POST, 0, HTTP_BODY_LENGTH},
        {{"content-length: 7, 7"}, HTTP_METHOD_POST, 0, HTTP_BODY_LENGTH},
        {{"Content-Length: 7", "Content-Length: 7"}, HTTP_METHOD_POST, 0, HTTP_BODY_LENGTH},
        {{"Content-Length: 7, 8"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Content-Length: -7"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Content-Length: +7"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Content-Length:"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Content-Length: 99999999999999999999"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Transfer-Encoding: chunked"}, HTTP_METHOD_POST, 0, HTTP_BODY_CHUNKED},
        {{"Transfer-Encoding: gzip, Chunked"}, HTTP_METHOD_POST, 0, HTTP_BODY_CHUNKED},
        {{"Transfer-Encoding: chunked, gzip"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Transfer-Encoding: xchunked"}, HTTP_METHOD_POST, 0, HTTP_BODY_UNKNOWN},
        {{"Transfer-Encoding: chunked", "Content-Length: 3"},
         HTTP_METHOD_POST,
         0,
         HTTP_BODY_CHUNKED},
        {{NULL}, HTTP_METHOD_GET, 200, HTTP_BODY_TO_END},
        {{"Content-Length: 7"}, HTTP_METHOD_GET, 200, HTTP_BODY_LENGTH},
        {{"Content-Length: 7"}, HTTP_METHOD_HEAD, 200, HTTP_BODY_NONE},
        {{"Content-Length: 7"}, HTTP_METHOD_GET, 204, HTTP_BODY_NONE},
        {{"Content-Length: 7"}, HTTP_METHOD_GET, 304, HTTP_BODY_NONE},
        {{"Content-Length: 7"}, HTTP_METHOD_GET, 100, HTTP_BODY_NONE},
        {{"Content-Length: 7"}, HTTP_METHOD_CONNECT, 200, HTTP_BODY_TUNNEL},
        {{"Content-Length: 7"}, HTTP_METHOD_CONNECT, 407, HTTP_BODY_LENGTH},
        {{NULL}, HTTP_METHOD_GET, 101, HTTP_BODY_TUNNEL},
        {{"Transfer-Encoding: gzip"}, HTTP_METHOD_GET, 200, HTTP_BODY_TO_END},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        HttpFraming framing = {0};
        for (gsize j = 0; j < 3 && cases[i].fields[j] != NULL; j++) {
            HttpField field;
            http_field_parse(byte_span_from_string(cases[i].fields[j]), &field);
            http_framing_field(&framing, &field);
        }
        HttpBodyKind kind = cases[i].code == 0
                                ? http_framing_request(&framing)
                                : http_framing_answer(&framing, cases[i].method, cases[i].code);
        if (kind != cases[i].kind) {
            fail_msg("case %zu: %d", i, kind);
        }
    }
}

static void test_chunk_sizes(void **state)
{
    static const struct {
        const char *line;
        bool is_size;
        guint64 size;
    } cases[] = {
        {"0", true, 0},
        {"1a", true, 26},
        {"FF ; x=y", true, 255},
        {"00000010", true, 16},
        {"fffffffffffffff", true, G_GUINT64_CONSTANT(0xfffffffffffffff)},
        {"10000000000000000", false, 0},
        {"", false, 0},
        {"0x10", false, 0},
        {"-1", false, 0},
        {"1 2", false, 0},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint64 size = 0;
        assert_int_equal(
            http_chunk_size(byte_span_from_string(cases[i].line), &size), cases[i].is_size
        );
        assert_int_equal(size, cases[i].size);
    }
}

static void test_cookies(void **state)
{
    static const struct {
        const char *set;
        const char *host;
        const char *path;
        bool is_secure;
        gint64 now_s;
        const char *sent; /* NULL: none */
    } cases[] = {
        {"sid=42; Path=/; HttpOnly", "web.crepes.fr", "/inbox", false, 0, "sid=42"},
        {"sid=42", "WEB.crepes.fr", "/", false, 0, "sid=42"},
        {"sid=42", "sub.web.crepes.fr", "/", false, 0, NULL},
        {"sid=42; Domain=.crepes.fr", "other.crepes.fr", "/", false, 0, "sid=42"},
        {"sid=42; Domain=hamburger.edu", "hamburger.edu", "/", false, 0, NULL},
        {"sid=42; Domain=epes.fr", "epes.fr", "/", false, 0, NULL},
        {"sid=42; Path=/mail", "web.crepes.fr", "/mail/1", false, 0, "sid=42"},
        {"sid=42; Path=/mail", "web.crepes.fr", "/mailbox", false, 0, NULL},
        {"sid=42; Secure", "web.crepes.fr", "/", false, 0, NULL},
        {"sid=42; Secure", "web.crepes.fr", "/", true, 0, "sid=42"},
        {"sid=42; Max-Age=60", "web.crepes.fr", "/", false, 59, "sid=42"},
        {"sid=42; Max-Age=60", "web.crepes.fr", "/", false, 60, NULL},
        {"sid=42; Max-Age=-1", "web.crepes.fr", "/", false, 0, NULL},
        {"sid=42; Max-Age=soon", "web.crepes.fr", "/", false, 9999, "sid=42"},
        {"=42", "web.crepes.fr", "/", false, 0, NULL},
        {"no pair", "web.crepes.fr", "/", false, 0, NULL},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HttpCookieJar) jar = http_cookie_jar_new();
        g_autoptr(GString) sent = g_string_new(NULL);
        http_cookie_jar_take(jar, "web.crepes.fr", byte_span_from_string(cases[i].set), 0);
        bool is_sent = http_cookie_jar_write(
            jar,
            cases[i].host,
            byte_span_from_string(cases[i].path),
            cases[i].is_secure,
            cases[i].now_s,
            sent
        );
        if (is_sent != (cases[i].sent != NULL)) {
            fail_msg("case %zu: %s", i, sent->str);
        }
        assert_string_equal(sent->str, cases[i].sent != NULL ? cases[i].sent : "");
    }
}

static void test_cookie_replaced_and_found(void **state)
{
    g_autoptr(HttpCookieJar) jar = http_cookie_jar_new();
    g_autoptr(GString) sent = g_string_new(NULL);
    g_autoptr(GString) written = g_string_new(NULL);
    HttpSetCookie cookie;
    ByteSpan value;
    (void)state;
    http_cookie_jar_take(jar, "h.fr", BYTE_SPAN_LITERAL("a=1"), 0);
    http_cookie_jar_take(jar, "h.fr", BYTE_SPAN_LITERAL("b=2"), 0);
    http_cookie_jar_take(jar, "h.fr", BYTE_SPAN_LITERAL("a=3"), 0);
    assert_true(http_cookie_jar_write(jar, "h.fr", BYTE_SPAN_LITERAL("/"), false, 0, sent));
    assert_string_equal(sent->str, "b=2; a=3");
    assert_true(http_cookie_find(byte_span(sent->str, sent->len), "a", &value));
    assert_span(value, "3");
    assert_false(http_cookie_find(byte_span(sent->str, sent->len), "c", &value));
    static const char *const text = "a=1; Path=/x; Domain=h.fr; Max-Age=5; Secure; HttpOnly";
    assert_true(http_set_cookie_parse(byte_span_from_string(text), &cookie));
    http_set_cookie_write(&cookie, written);
    assert_string_equal(written->str, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_form_round_trip),
        cmocka_unit_test(test_too_many_fields),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_chunk_sizes),
        cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_cookie_replaced_and_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
