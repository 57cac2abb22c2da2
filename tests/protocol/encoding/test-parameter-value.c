#include "tests/support/test.h"

#include "protocol/encoding/parameter-value.h"

typedef struct {
    const char *parameters;
    const char *value; /* of "name"; NULL: none */
    ParameterFault fault;
    gsize position;
} DecodeCase;

/* The samples of RFC 2231 §3 to §4.1 with another parameter name. */
static const DecodeCase cases[] = {
    {"; name=ketchup", "ketchup", PARAMETER_FAULT_NONE, 0},
    {"name=\"k \\\"e\\\"\"; x=y", "k \"e\"", PARAMETER_FAULT_NONE, 0},
    {"x=y; NAME*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
     "This is ***fun***",
     PARAMETER_FAULT_NONE,
     0},
    {"; name*0=\"ftp://\";\r\n name*1=\"cs.utk.edu/pub\"",
     "ftp://cs.utk.edu/pub",
     PARAMETER_FAULT_NONE,
     0},
    {"; name*1=\"b\"; name*0=a", "ab", PARAMETER_FAULT_NONE, 0},
    {"; name*0*=us-ascii'en'This%20is%20; name*1*=%2A; name*2=\"isn't it!\"",
     "This is *isn't it!",
     PARAMETER_FAULT_NONE,
     0},
    {"; name*=iso-8859-1''%EA", "\xc3\xaa", PARAMETER_FAULT_NONE, 0},
    {"; name=plain; name*=utf-8''cr%C3%AApes", "cr\xc3\xaapes", PARAMETER_FAULT_NONE, 0},
    {"; name*=''a", "a", PARAMETER_FAULT_NONE, 0},
    {"; name*=utf-8'cr", "utf-8'cr", PARAMETER_FAULT_NO_QUOTES, 8},
    {"; name*=utf-8''a%4", "a%4", PARAMETER_FAULT_PERCENT, 16},
    {"; name*=utf-8''a%zz", "a%zz", PARAMETER_FAULT_PERCENT, 16},
    {"; name*0=a; name*2=c", "a", PARAMETER_FAULT_GAP, 12},
    {"; name*0=a; name*0=c", "a", PARAMETER_FAULT_GAP, 12},
    {"; name*1=a", "", PARAMETER_FAULT_GAP, 2},
    {"; name*00=a", "", PARAMETER_FAULT_NUMBER, 2},
    {"; name*0=a; name*99999999999=a", "a", PARAMETER_FAULT_NUMBER, 12},
    {"; name*0=a; name*1*=%20", "a ", PARAMETER_FAULT_UNDECLARED, 12},
    {"; name*=x-none''a", "a", PARAMETER_FAULT_CHARSET, 17},
    {"; name*=utf-8''%ff", "\xef\xbf\xbd", PARAMETER_FAULT_TEXT, 18},
    {"; other=a", NULL, PARAMETER_FAULT_NOT_FOUND, 9},
    {"", NULL, PARAMETER_FAULT_NOT_FOUND, 0},
    {"; name", NULL, PARAMETER_FAULT_SYNTAX, 2},
    {"; name=\"a", NULL, PARAMETER_FAULT_SYNTAX, 2},
    {"; =a", NULL, PARAMETER_FAULT_SYNTAX, 2},
};

static void values_are_joined_and_decoded(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ParameterFault fault = PARAMETER_FAULT_NONE;
        gsize position = 0;
        const char *text = cases[i].parameters;
        g_autofree char *value =
            parameter_decode(unterminated(text, strlen(text), keep), "name", &fault, &position);
        assert_int_equal(value == NULL, cases[i].value == NULL);
        if (value != NULL) {
            assert_string_equal(value, cases[i].value);
        }
        assert_int_equal(fault, cases[i].fault);
        assert_int_equal(position, cases[i].position);
    }
}

static void short_plain_values_stay_plain(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, 200);
    assert_true(parameter_encode("name", BYTE_SPAN_LITERAL("a \"b\".txt"), NULL, &out));
    assert_span(byte_buffer_span(&out), "; name=\"a \\\"b\\\".txt\"");
    byte_buffer_reset(&out);
    assert_true(parameter_encode("name", BYTE_SPAN_LITERAL("cr\xc3\xaapes.txt"), "fr", &out));
    assert_span(byte_buffer_span(&out), ";\r\n name*0*=UTF-8'fr'cr%C3%AApes.txt");
    byte_buffer_clear(&out);
}

static void written_values_are_short_lines_and_come_back(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(2231);
    for (int round = 0; round < 500; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 1, 150); left > 0; left--) {
            static const char *const letters[] = {"a", " ", "\xc3\xaa", "'", "%", "*", "\"", "\\"};
            g_string_append(text, letters[g_rand_int_range(random, 0, 8)]);
        }
        ByteBuffer out;
        byte_buffer_init(&out, 4000);
        assert_true(parameter_encode("name", byte_span(text->str, text->len), NULL, &out));
        ParameterFault fault;
        g_autofree char *back = parameter_decode(byte_buffer_span(&out), "name", &fault, NULL);
        assert_string_equal(back, text->str);
        assert_int_equal(fault, PARAMETER_FAULT_NONE);
        g_autofree char *lines = byte_span_to_string(byte_buffer_span(&out));
        g_auto(GStrv) each = g_strsplit(lines, "\r\n", -1);
        for (gsize i = 0; each[i] != NULL; i++) {
            assert_true(each[i][0] != ' ' || strlen(each[i]) <= 76);
        }
        byte_buffer_clear(&out);
    }
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, 10);
    assert_false(parameter_encode("name", BYTE_SPAN_LITERAL("\xff"), NULL, &out));
    assert_false(parameter_encode("name", BYTE_SPAN_LITERAL("ketchup"), NULL, &out));
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_joined_and_decoded),
        cmocka_unit_test(short_plain_values_stay_plain),
        cmocka_unit_test(written_values_are_short_lines_and_come_back),
        cmocka_unit_test(what_cannot_be_written_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
