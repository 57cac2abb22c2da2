#include "tests/support/test.h"

#include "ui/report/live-text.h"

/* What happens inside a server: its name stands in front, unless the text has it. */
static void test_names_the_host_once(void **state)
{
    (void)state;

    static const struct {
        const char *host;
        const char *text;
        const char *shown;
    } cases[] = {
        {"mail.crepes.fr", "a timer ends", "▸ mail.crepes.fr: a timer ends\n"},
        {"mail.crepes.fr", "mail.crepes.fr takes a message", "▸ mail.crepes.fr takes a message\n"},
        {"mail.crepes.fr", "queue of mail.crepes.fr: 1", "▸ queue of mail.crepes.fr: 1\n"},
        {"", "a timer ends", "▸ a timer ends\n"},
        {NULL, "a timer ends", "▸ a timer ends\n"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TextLayout layout;
        LiveTextOptions options = {.level = STEP_LEVEL_DIALOGUE};
        text_layout_init_plain(&layout, 80);
        g_autoptr(LiveText) live = live_text_new(&layout, &options);
        g_autoptr(Step) step = step_new(STEP_WORLD, 1, 0);
        step->from = g_strdup(cases[i].host);
        step->text = g_strdup(cases[i].text);
        live_text_step(live, step);
        assert_string_equal(g_strchug(layout.text->str), cases[i].shown);
        text_layout_clear(&layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_the_host_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
