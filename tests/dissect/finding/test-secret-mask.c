#include "tests/support/test.h"

#include "dissect/finding/secret-mask.h"
#include "dissect/finding/secret-slip.h"

#include <string.h>

/* 'tag' and 'verb' are parts of the text, as the dialogues give them. */
typedef struct {
    const char *text;
    const char *tag;
    const char *verb;
    const char *shown;
} Case;

static ByteSpan part_of(ByteSpan text, const char *part)
{
    const char *at = part == NULL ? NULL : strstr((const char *)text.data, part);
    return at == NULL ? BYTE_SPAN_EMPTY : byte_span(at, strlen(part));
}

static void test_what_stays_visible(void **state)
{
    static const Case cases[] = {
        {"PASS hungry", NULL, "PASS", "PASS " SECRET_MASK},
        {"APOP bob c4c9", NULL, "APOP", "APOP bob " SECRET_MASK},
        {"AUTH PLAIN AGJv", NULL, "AUTH", "AUTH PLAIN " SECRET_MASK},
        {"AUTH  PLAIN   AGJv", NULL, "AUTH", "AUTH  PLAIN " SECRET_MASK},
        {"AUTH PLAIN\tAGJv", NULL, "AUTH", "AUTH PLAIN " SECRET_MASK},
        {"AUTH AGJvYgBodW5ncnk=", NULL, "AUTH", "AUTH " SECRET_MASK},
        {"a1 AUTHENTICATE aHVuZ3J5", "a1", "AUTHENTICATE", "a1 AUTHENTICATE " SECRET_MASK},
        {"a1 AUTHENTICATE plain AGJv", "a1", "AUTHENTICATE", "a1 AUTHENTICATE plain " SECRET_MASK},
        {"a1 LOGIN bob hungry", "a1", "LOGIN", "a1 LOGIN bob " SECRET_MASK},
        {"a1 LOGIN \"b b\" hungry", "a1", "LOGIN", "a1 LOGIN \"b b\" " SECRET_MASK},
        {"GET /in?user=bob&password=hungry HTTP/1.1", "HTTP/1.1", "GET", "GET /in? " SECRET_MASK},
        {"GET http://h/?pw=x HTTP/1.0", "HTTP/1.0", "GET", "GET http://h/? " SECRET_MASK},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ByteSpan text = byte_span_from_string(cases[i].text);
        VocabularyItem item = {.token = cases[i].verb};
        DialogueEvent event = {
            .item = &item,
            .kind = DIALOGUE_EVENT_COMMAND,
            .text = text,
            .tag = part_of(text, cases[i].tag),
            .verb = part_of(text, cases[i].verb),
            .is_secret = true,
        };
        g_autofree char *masked = secret_display_text(&event, false);
        g_autofree char *whole = secret_display_text(&event, true);
        assert_string_equal(masked, cases[i].shown);
        g_autofree char *all = byte_span_to_display(text);
        assert_string_equal(whole, all);
    }
}

static void test_the_name_of_a_field_stays_visible(void **state)
{
    static const VocabularyItem item = {.token = "Cookie", .kind = VOCABULARY_HEADER_FIELD};
    static const DialogueEventKind kinds[] = {DIALOGUE_EVENT_CONTINUATION, DIALOGUE_EVENT_REPLY};
    ByteSpan text = BYTE_SPAN_LITERAL("Cookie: mailwalk=d538");
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        DialogueEvent event = {
            .item = &item,
            .kind = kinds[i],
            .text = text,
            .verb = byte_span_slice(text, 0, 6),
            .is_secret = true,
        };
        g_autofree char *masked = secret_display_text(&event, false);
        assert_string_equal(masked, "Cookie: " SECRET_MASK);
    }
}

/* What people type; 'command' is the row that the dialogue found, if any. */
typedef struct {
    const char *text;
    const char *command;
    const char *shown; /* NULL: all of it */
} SlipCase;

/* Each list is one conversation, in order. */
static const SlipCase slips[][6] = {
    {{"LOGIN bob hungry", NULL, "LOGIN " SECRET_MASK}},
    {{"a1 LOGIN. bob hungry", NULL, "a1 LOGIN " SECRET_MASK}},
    {{"a1LOGIN bob hungry", NULL, "a1LOGIN " SECRET_MASK}},
    {{"a1 LOGN bob hungry", NULL, "a1 LOGN " SECRET_MASK}},
    {{"a1 uid login bob hungry", NULL, "a1 uid login " SECRET_MASK}},
    {{" PASS hungry", NULL, " PASS " SECRET_MASK}},
    {{"PASShungry", NULL, "PASS " SECRET_MASK}},
    {{"pass:hungry", NULL, "pass " SECRET_MASK}},
    {{"PSAS hungry", NULL, "PSAS " SECRET_MASK}},
    {{"PASSWORD hungry", NULL, "PASSWORD " SECRET_MASK}},
    {{"PASS\thungry", NULL, "PASS " SECRET_MASK}},
    {{"AUTHPLAIN AGJvYgBodW5ncnk=", NULL, "AUTH " SECRET_MASK}},
    {{"AUTH=PLAIN AGJvYgBodW5ncnk=", NULL, "AUTH " SECRET_MASK}},
    {{"AUTH\tPLAIN\tAGJvYgBodW5ncnk=", NULL, "AUTH " SECRET_MASK}},
    {{"USER bob", "USER", NULL},
     {"hungry", NULL, SECRET_MASK},
     {"STAT", "STAT", NULL},
     {"hungry", NULL, NULL}},
    {{"USER bob hungry", "USER", "USER bob " SECRET_MASK}},
    {{"LOGIN bob hungry", NULL, "LOGIN " SECRET_MASK}, {"hungry", NULL, SECRET_MASK}},
    {{"MIAL FROM:<alice@crepes.fr>", NULL, NULL}, {"XYZZY", NULL, NULL}},
    {{"RCPT TO:<passenger@login.example>", "RCPT", NULL}},
};

static void test_slips_are_masked(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        SecretWatch watch = {0};
        for (const SlipCase *slip = slips[i]; slip->text != NULL; slip++) {
            ByteSpan text = byte_span_from_string(slip->text);
            VocabularyItem item = {.token = slip->command};
            gssize space = byte_span_find(text, ' ', 0);
            gsize verb = space < 0 ? text.length : (gsize)space;
            DialogueEvent event = {
                .kind = DIALOGUE_EVENT_COMMAND,
                .item = slip->command == NULL ? NULL : &item,
                .text = text,
                .verb = byte_span_slice(text, 0, verb),
                .arguments = byte_span_trim(byte_span_from(text, verb)),
            };
            secret_watch_note(&watch, &event);
            g_autofree char *masked = secret_display_text(&event, false);
            g_autofree char *verb_text = byte_span_to_string(event.verb);
            assert_string_equal(masked, slip->shown == NULL ? slip->text : slip->shown);
            assert_true(event.is_secret == (slip->shown != NULL));
            assert_null(strstr(verb_text, slip->shown == NULL ? "\n" : "hungry"));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stays_visible),
        cmocka_unit_test(test_the_name_of_a_field_stays_visible),
        cmocka_unit_test(test_slips_are_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
