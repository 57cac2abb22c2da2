#include "tests/support/test.h"

#include "protocol/catalogue/catalogue.h"

static bool holds(const GPtrArray *items, const char *token, guint16 rfc)
{
    for (guint i = 0; i < items->len; i++) {
        const VocabularyItem *item = items->pdata[i];
        if (strcmp(item->token, token) == 0 && item->reference.number == rfc) {
            return true;
        }
    }
    return false;
}

static const struct {
    const char *query;
    CatalogueMatch match;
    const char *token; /* among the items, from this RFC */
    guint16 rfc;
} cases[] = {
    {"mx", CATALOGUE_TOKEN, "MX", 1035},
    {"  MX ", CATALOGUE_TOKEN, "MX", 1035},
    {"content-transfer-encoding", CATALOGUE_TOKEN, "Content-Transfer-Encoding", 2045},
    {"content transfer encoding", CATALOGUE_TOKEN, "Content-Transfer-Encoding", 2045},
    {"Subject:", CATALOGUE_TOKEN, "Subject", 5322},
    {"Subject: Ketchup from Alice", CATALOGUE_TOKEN, "Subject", 5322},
    {"http 404", CATALOGUE_TOKEN, "404", 9110},
    {"status 404", CATALOGUE_TOKEN, "404", 9110},
    {"http status code 404", CATALOGUE_TOKEN, "404", 9110},
    {"mx record", CATALOGUE_TOKEN, "MX", 1035},
    {"dns type mx", CATALOGUE_TOKEN, "MX", 1035},
    {"tcp syn", CATALOGUE_TOKEN, "SYN", 9293},
    {"time wait", CATALOGUE_TOKEN, "TIME-WAIT", 9293},
    {"port 587", CATALOGUE_TOKEN, "587", 6409},
    {"iprev fail", CATALOGUE_TOKEN, "fail", 8601},
    {"pct", CATALOGUE_TOKEN, "pct", 7489},
    {"dns types", CATALOGUE_GROUP, "AAAA", 3596},
    {"tcp states", CATALOGUE_GROUP, "LISTEN", 9293},
    {"http statuses", CATALOGUE_GROUP, "200", 9110},
    {"http status codes", CATALOGUE_GROUP, "200", 9110},
    {"header fields", CATALOGUE_GROUP, "From", 5322},
    {"received clauses", CATALOGUE_GROUP, "by", 5321},
    {"roles", CATALOGUE_GROUP, "MTA", 5598},
    {"rfc 2369", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"RFC2369 3.4", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"2369 §3", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"rfc 2369 section 3.4", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"name error", CATALOGUE_WORDS, "NXDOMAIN", 1035},
    {"which record names the host that takes mail", CATALOGUE_WORDS, "MX", 1035},
    {"read receipt", CATALOGUE_WORDS, "Disposition-Notification-To", 8098},
    {"three duplicate acknowledgments", CATALOGUE_WORDS, "duplicate acknowledgments", 5681},
};

static void test_queries(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CatalogueResult) result = catalogue_search(cases[i].query);
        if (result->match != cases[i].match ||
            !holds(result->items, cases[i].token, cases[i].rfc)) {
            fail_msg(
                "'%s': match %d, %u items, no %s of RFC %u",
                cases[i].query,
                (int)result->match,
                result->items->len,
                cases[i].token,
                cases[i].rfc
            );
        }
    }
}

static void test_near_misses(void **state)
{
    (void)state;

    static const struct {
        const char *query;
        const char *suggestion;
    } misses[] = {
        {"Subjct", "Subject"},
        {"AAAAA", "AAAA"},
        {"ESTABLISHD", "ESTABLISHED"},
        {"NXDOMIAN", "NXDOMAIN"},
        {"multipart/alternatvie", "multipart/alternative"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(misses); i++) {
        g_autoptr(CatalogueResult) result = catalogue_search(misses[i].query);
        assert_int_equal(result->match, CATALOGUE_NOTHING);
        assert_int_not_equal(result->suggestions->len, 0);
        assert_int_equal(
            g_ascii_strcasecmp(result->suggestions->pdata[0], misses[i].suggestion), 0
        );
    }
}

static void test_nothing_is_near(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "", "   ", "qqqqqqqqqqqq", "\xff\xfe", "...", "rfc", "0", "a b"};
    for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autoptr(CatalogueResult) result = catalogue_search(queries[i]);
        assert_int_equal(result->match, CATALOGUE_NOTHING);
        assert_int_equal(result->items->len, 0);
    }
}

static void test_long_queries_are_harmless(void **state)
{
    (void)state;
    g_autofree char *letters = g_strnfill(100000, 'x');
    g_autoptr(CatalogueResult) one_word = catalogue_search(letters);
    assert_int_equal(one_word->match, CATALOGUE_NOTHING);
    for (gsize i = 1; i < 100000; i += 2) {
        letters[i] = ' ';
    }
    g_autoptr(CatalogueResult) many_words = catalogue_search(letters);
    assert_int_equal(many_words->match, CATALOGUE_NOTHING);
}

static void test_what_is_in_force_comes_first(void **state)
{
    (void)state;
    g_autoptr(CatalogueResult) result = catalogue_search("dmarc p");
    assert_int_equal(result->items->len, 2);
    const VocabularyItem *first = result->items->pdata[0];
    const VocabularyItem *second = result->items->pdata[1];
    assert_int_equal(first->reference.number, 9989);
    assert_int_equal(second->reference.number, 7489);
    assert_true(catalogue_is_in_force(first));
    assert_false(catalogue_is_in_force(second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_nothing_is_near),
        cmocka_unit_test(test_long_queries_are_harmless),
        cmocka_unit_test(test_what_is_in_force_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
