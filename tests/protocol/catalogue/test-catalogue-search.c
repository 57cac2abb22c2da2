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
    {"rfc822", CATALOGUE_TOKEN, "RFC822", 3501},
    {"RFC2369 3.4", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"2369 §3", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"rfc 2369 section 3.4", CATALOGUE_DOCUMENT, "List-Post", 2369},
    {"454", CATALOGUE_TOKEN, "454", 3207},
    {"454", CATALOGUE_TOKEN, "454", 4954},
    {"smtp 454", CATALOGUE_TOKEN, "454", 4954},
    {"starttls 454", CATALOGUE_TOKEN, "454", 3207},
    {"rcpt", CATALOGUE_TOKEN, "RCPT", 5321},
    {"MAIL FROM:<alice@crepes.fr>", CATALOGUE_TOKEN, "MAIL", 5321},
    {"550 5.1.1 No such user here", CATALOGUE_TOKEN, "550", 5321},
    {"550 5.1.1 No such user here", CATALOGUE_TOKEN, "X.1.1", 3463},
    {"5.1.1", CATALOGUE_TOKEN, "X.1.1", 3463},
    {"5.1.1", CATALOGUE_TOKEN, "5.XXX.XXX", 3463},
    {"4.1.10", CATALOGUE_TOKEN, "X.1.10", 7505},
    {"a001 LOGIN bob secret", CATALOGUE_TOKEN, "LOGIN", 9051},
    {"* 23 EXISTS", CATALOGUE_TOKEN, "EXISTS", 9051},
    {"* OK ready", CATALOGUE_TOKEN, "OK", 9051},
    {"ok", CATALOGUE_TOKEN, "+OK", 1939},
    {"seen", CATALOGUE_TOKEN, "\\Seen", 9051},
    {"imap fetch", CATALOGUE_TOKEN, "FETCH", 3501},
    {"pop3 commands", CATALOGUE_GROUP, "RETR", 1939},
    {"smtp replies", CATALOGUE_GROUP, "354", 5321},
    {"imap4rev1 commands", CATALOGUE_GROUP, "CHECK", 3501},
    {"requested mail action completed", CATALOGUE_WORDS, "250", 5321},
    {"mailbox full", CATALOGUE_WORDS, "552", 5321},
    {"mailbox full", CATALOGUE_WORDS, "452", 5321},
    {"mailbox full", CATALOGUE_WORDS, "X.2.2", 3463},
    {"dot stuffing", CATALOGUE_WORDS, "transparency", 5321},
    {"mail loop", CATALOGUE_WORDS, "loop detection", 5321},
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
        {"RECPT", "RCPT"},
        {"STARTLS", "STARTTLS"},
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

static void test_a_group_beside_a_token(void **state)
{
    (void)state;
    g_autoptr(CatalogueResult) result = catalogue_search("imap fetch");
    assert_true(holds(result->members, "ENVELOPE", 9051));
    assert_false(holds(result->items, "ENVELOPE", 9051));
}

static void test_a_reply_has_the_sense_of_its_command(void **state)
{
    (void)state;
    g_autoptr(CatalogueResult) found = catalogue_search("STARTTLS");
    const VocabularyItem *command = found->items->pdata[0];
    assert_int_equal(command->kind, VOCABULARY_COMMAND);
    assert_int_equal(catalogue_reply_sense(command, "454")->reference.number, 3207);
    assert_null(catalogue_reply_sense(command, "999"));
    VocabularyItem other = *command;
    other.token = "NOSUCH";
    assert_null(catalogue_reply_sense(&other, "454")->context);
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

static void test_what_a_protocol_is_comes_first(void **state)
{
    (void)state;

    static const struct {
        const char *query;
        guint16 rfc;
    } topics[] = {{"spf", 7208}, {"dkim", 6376}, {"arc", 8617}, {"dmarc", 9989}};

    for (gsize i = 0; i < G_N_ELEMENTS(topics); i++) {
        g_autoptr(CatalogueResult) result = catalogue_search(topics[i].query);
        const VocabularyItem *first = result->items->pdata[0];
        assert_int_equal(first->reference.number, topics[i].rfc);
        assert_string_equal(first->reference.section, "1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_a_group_beside_a_token),
        cmocka_unit_test(test_a_reply_has_the_sense_of_its_command),
        cmocka_unit_test(test_nothing_is_near),
        cmocka_unit_test(test_long_queries_are_harmless),
        cmocka_unit_test(test_what_is_in_force_comes_first),
        cmocka_unit_test(test_what_a_protocol_is_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
