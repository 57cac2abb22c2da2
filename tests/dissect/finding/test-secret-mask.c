#include "tests/support/test.h"

#include "dissect/finding/secret-mask.h"

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
        {"a1 LOGIN bob hungry", "a1", "LOGIN", "a1 LOGIN bob " SECRET_MASK},
        {"a1 LOGIN \"b b\" hungry", "a1", "LOGIN", "a1 LOGIN \"b b\" " SECRET_MASK},
        {"GET /in?user=bob&password=hungry HTTP/1.1", "HTTP/1.1", "GET", "GET /in? " SECRET_MASK},
        {"GET http://h/?pw=x HTTP/1.0", "HTTP/1.0", "GET", "GET http://h/? " SECRET_MASK},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ByteSpan text = byte_span_from_string(cases[i].text);
        DialogueEvent event = {
            .kind = DIALOGUE_EVENT_COMMAND,
            .text = text,
            .tag = part_of(text, cases[i].tag),
            .verb = part_of(text, cases[i].verb),
            .is_secret = true,
        };
        g_autofree char *masked = secret_display_text(&event, false);
        g_autofree char *whole = secret_display_text(&event, true);
        assert_string_equal(masked, cases[i].shown);
        assert_string_equal(whole, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_stays_visible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
