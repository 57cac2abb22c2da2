#include "tests/support/test.h"

#include "protocol/http/http-json.h"

static void secrets_are_found_by_their_names(void **state)
{
    static const struct {
        const char *text;
        const char *values; /* each in brackets */
    } cases[] = {
        {"{\"user\":\"bob\",\"password\":\"hungry\"}", "[hungry]"},
        {"{ \"pw\" : 1234 , \"pass\" :null,\"a\":{\"pin\":\"x\"}}", "[1234][null][x]"},
        {"{\"user\":\"password\",\"b\":\"c\"}", ""},
        {"{\"p\\u0061ss\":\"a\\\"b\\\\\",\"pwd\":\"c\"}", "[a\\\"b\\\\][c]"},
        {"{\"password\":\"\",\"passwd\":\"cut sho", "[][cut sho]"},
        {"\"password\":", "[]"},
        {"\"pass\\", ""},
        {"", ""},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) values = g_string_new(NULL);
        ByteSpan text = byte_span_from_string(cases[i].text);
        HttpJsonSecret secret;
        for (gsize at = 0; http_json_next_secret(text, at, &secret); at = secret.to) {
            ByteSpan value = byte_span_slice(text, secret.from, secret.to - secret.from);
            g_string_append_c(values, '[');
            g_string_append_len(values, (const char *)value.data, (gssize)value.length);
            g_string_append_c(values, ']');
        }
        assert_string_equal(values->str, cases[i].values);
    }
}

static void escapes_are_taken_off(void **state)
{
    static const char *const cases[][2] = {
        {"a\\\"\\\\\\/\\n\\u00e4", "a\"\\/\n\303\244"},
        {"\\x\\u12\\ud83d\\", "\\x\\u12\\ud83d\\"},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) plain = g_byte_array_new();
        http_json_unescape(byte_span_from_string(cases[i][0]), plain);
        assert_span(byte_span(plain->data, plain->len), cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_found_by_their_names),
        cmocka_unit_test(escapes_are_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
