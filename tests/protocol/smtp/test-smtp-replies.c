#include "tests/support/test.h"

#include <stdlib.h>

#include "protocol/smtp/smtp-tables.h"
#include "tests/support/vocabulary.h"

#define CODE_OF_ROW(code) code,

static const guint all_codes[] = {SMTP_REPLY_CODES(CODE_OF_ROW)};

static void general_rows_stand_in_order(void **state)
{
    (void)state;
    assert_int_equal(G_N_ELEMENTS(all_codes), N_SMTP_REPLIES);
    for (gsize i = 0; i < N_SMTP_REPLIES; i++) {
        assert_int_equal(atoi(smtp_replies[i].token), all_codes[i]);
        assert_null(smtp_replies[i].context);
        assert_true(i == 0 || all_codes[i - 1] < all_codes[i]);
        assert_int_equal(smtp_replies[i].kind, VOCABULARY_REPLY);
        assert_vocabulary_item(&smtp_replies[i]);
    }
}

static bool is_defined(guint code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(all_codes); i++) {
        if (all_codes[i] == code)
            return true;
    }
    return false;
}

/* Every number from 0 to 1100 after every command: a row with that token, or none at all. */
static void codes_are_found(void **state)
{
    (void)state;
    for (guint code = 0; code < 1100; code++) {
        for (gsize i = 0; i <= N_SMTP_COMMANDS; i++) {
            const SmtpCommandRow *command =
                i == N_SMTP_COMMANDS ? NULL : smtp_command_row((SmtpCommandId)i);
            const VocabularyItem *item = smtp_reply_find(code, command);
            assert_int_equal(item != NULL, is_defined(code));
            assert_true(item == NULL || (guint)atoi(item->token) == code);
        }
    }
    assert_null(smtp_reply_find(G_MAXUINT, NULL));
}

typedef struct {
    guint code;
    const char *verb; /* NULL: greeting */
    const char *meaning;
    guint16 rfc;
    const char *section;
} SenseCase;

static const SenseCase sense_cases[] = {
    {220, NULL, "Greeting: the server is ready and says who it is.", 5321, "4.3.1"},
    {220,
     "STARTTLS",
     "Go ahead: the next octets of the client begin the TLS handshake.",
     3207,
     "4"},
    {250, "MAIL", "The sender is accepted; the recipients may follow.", 5321, "3.3"},
    {250, "RCPT", "This recipient is accepted.", 5321, "3.3"},
    {250, "DATA", "The message is accepted: from here on the server answers for it.", 5321, "6.1"},
    {250, "SAML", "The sender is accepted; the recipients may follow.", 5321, "3.3"},
    {454,
     "AUTH",
     "The server could not check the password just now; it may well be right.",
     4954,
     "6"},
    {454,
     "STARTTLS",
     "No TLS just now: the client goes on without it, tries later, or leaves.",
     3207,
     "4"},
    {454,
     "NOOP",
     "A temporary failure of TLS or authentication; the client may try later.",
     4954,
     "6"},
    {530, "MAIL", "Something must come first: authentication, or STARTTLS.", 4954, "6"},
    {235, "AUTH", "Authentication succeeded: the server knows now who the client is.", 4954, "6"},
    {503, "RCPT", "No sender yet: MAIL must come first.", 5321, "3.3"},
};

static void senses_go_by_the_command(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(sense_cases); i++) {
        const SenseCase *expected = &sense_cases[i];
        const SmtpCommandRow *command =
            expected->verb == NULL ? NULL
                                   : smtp_command_find(byte_span_from_string(expected->verb));
        const VocabularyItem *item = smtp_reply_find(expected->code, command);
        assert_non_null(item);
        assert_string_equal(item->meaning, expected->meaning);
        assert_int_equal(item->reference.number, expected->rfc);
        assert_string_equal(item->reference.section, expected->section);
    }
}

/* RFC 5321 §3.6.2: a relay declines with 550, and 5.7.1 tells that from a mailbox that is missing.
 */
static void an_enhanced_code_refines_550_of_rcpt(void **state)
{
    (void)state;

    static const struct {
        guint code;
        const char *verb;
        const char *enhanced;
        const char *context;
        const char *section;
    } cases[] = {
        {550, "RCPT", "5.7.1", "X.7.1", "3.6.2"},
        {550, "RCPT", "5.1.1", "RCPT", "3.3"},
        {550, "RCPT", "", "RCPT", "3.3"},
        {550, "MAIL", "5.7.1", "MAIL", "3.3"},
        {554, "RCPT", "5.7.1", "RCPT", "7.9"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const SmtpCommandRow *command = smtp_command_find(byte_span_from_string(cases[i].verb));
        const VocabularyItem *item = smtp_reply_refined(
            smtp_reply_find(cases[i].code, command), byte_span_from_string(cases[i].enhanced)
        );
        assert_string_equal(item->context, cases[i].context);
        assert_string_equal(item->reference.section, cases[i].section);
    }
    assert_null(smtp_reply_refined(NULL, byte_span_from_string("5.7.1")));
}

/* 530 and 454 mean different things in RFC 3207 and RFC 4954: both senses are there to be read. */
static void both_senses_of_530_and_454_are_there(void **state)
{
    (void)state;
    guint found_530 = 0;
    for (gsize i = 0; i < SMTP_REPLY_SENSE_COUNT; i++) {
        const VocabularyItem *item = &smtp_reply_senses[i];
        assert_vocabulary_item(item);
        assert_non_null(item->context);
        if (strcmp(item->token, "530") == 0 && strcmp(item->context, "AUTH") == 0)
            found_530 += item->reference.number == 4954;
        if (strcmp(item->token, "530") == 0 && strcmp(item->context, "STARTTLS") == 0)
            found_530 += item->reference.number == 3207;
    }
    assert_int_equal(found_530, 2);
}

static bool list_names(const char *list, const char *token)
{
    g_auto(GStrv) words = g_strsplit(list, " ", 0);
    return g_strv_contains((const char *const *)words, token);
}

/* RFC 821 §3.4: their lists are those of 1982, and MAIL's senses stand in. */
static bool answers_as_mail(SmtpCommandId id)
{
    return id == SMTP_COMMAND_SAML || id == SMTP_COMMAND_SEND || id == SMTP_COMMAND_SOML;
}

/* Whatever a command's list names has a sense, and a sense of its own stands in its list. */
static void lists_and_senses_agree(void **state)
{
    (void)state;
    for (gsize i = 0; i < N_SMTP_COMMANDS; i++) {
        const SmtpCommandRow *command = smtp_command_row((SmtpCommandId)i);
        g_auto(GStrv) words = g_strsplit(command->item.replies, " ", 0);
        char class = '0';
        for (gsize j = 0; words[j] != NULL; j++) {
            if (strcmp(words[j], "|") == 0)
                continue;
            assert_non_null(smtp_reply_find((guint)atoi(words[j]), command));
            assert_true(words[j][0] >= class || class == '3');
            class = words[j][0];
        }
        for (guint code = 200; code < 600; code++) {
            const VocabularyItem *item = smtp_reply_find(code, command);
            if (item != NULL && item->context != NULL && !answers_as_mail((SmtpCommandId)i) &&
                !list_names(command->item.replies, item->token))
                fail_msg("%s does not list %s", command->item.token, item->token);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_rows_stand_in_order),
        cmocka_unit_test(codes_are_found),
        cmocka_unit_test(senses_go_by_the_command),
        cmocka_unit_test(an_enhanced_code_refines_550_of_rcpt),
        cmocka_unit_test(both_senses_of_530_and_454_are_there),
        cmocka_unit_test(lists_and_senses_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
