#include "tests/support/test.h"

#include "protocol/rfc/vocabulary-search.h"
#include "protocol/sasl/sasl-tables.h"
#include "tests/support/vocabulary.h"

static void all_rows_are_complete(void **state)
{
    (void)state;
    gsize count;
    const VocabularyTable *tables = sasl_vocabulary(&count);
    assert_vocabulary_tables(tables, count, VOCABULARY_SASL);
    assert_null(vocabulary_first_unsorted(&tables[0]));
}

/* RFC 4422 §3.1: at most twenty capitals, digits, hyphens and underscores. */
static void names_have_the_right_form(void **state)
{
    (void)state;
    for (gsize i = 0; i < SASL_MECHANISM_COUNT; i++) {
        const char *name = sasl_mechanisms[i].item.token;
        assert_true(strlen(name) <= 20);
        assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), strlen(name));
    }
}

static void mechanisms_are_found(void **state)
{
    (void)state;
    for (gsize i = 0; i < SASL_MECHANISM_COUNT; i++) {
        g_autofree char *lower = g_ascii_strdown(sasl_mechanisms[i].item.token, -1);
        assert_ptr_equal(sasl_mechanism_find(byte_span_from_string(lower)), &sasl_mechanisms[i]);
    }
    assert_null(sasl_mechanism_find(BYTE_SPAN_LITERAL("SCRAM-SHA")));
    assert_null(sasl_mechanism_find(BYTE_SPAN_LITERAL("PLAIN ")));
    assert_null(sasl_mechanism_find(BYTE_SPAN_EMPTY));
}

typedef struct {
    const char *name;
    bool client_speaks_first;
    bool shows_password;
    bool is_secret;
} MechanismCase;

static const MechanismCase mechanism_cases[] = {
    {.name = "PLAIN", .client_speaks_first = true, .shows_password = true, .is_secret = true},
    {.name = "LOGIN", .shows_password = true, .is_secret = true},
    {.name = "CRAM-MD5", .is_secret = true},
    {.name = "DIGEST-MD5", .is_secret = true},
    {.name = "SCRAM-SHA-256", .client_speaks_first = true, .is_secret = true},
    {.name = "OAUTHBEARER", .client_speaks_first = true, .is_secret = true},
    {.name = "EXTERNAL", .client_speaks_first = true},
    {.name = "ANONYMOUS", .client_speaks_first = true},
};

static void mechanisms_tell_what_they_show(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(mechanism_cases); i++) {
        const MechanismCase *expected = &mechanism_cases[i];
        const SaslMechanismRow *row = sasl_mechanism_find(byte_span_from_string(expected->name));
        assert_non_null(row);
        assert_int_equal(row->client_speaks_first, expected->client_speaks_first);
        assert_int_equal(row->shows_password, expected->shows_password);
        assert_int_equal(row->item.is_secret, expected->is_secret);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_are_complete),
        cmocka_unit_test(names_have_the_right_form),
        cmocka_unit_test(mechanisms_are_found),
        cmocka_unit_test(mechanisms_tell_what_they_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
