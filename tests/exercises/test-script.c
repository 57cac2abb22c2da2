/* The dialogues of the exercises as the dialogue engines read them: no defect in a right script,
 * and every code known as an answer to its command. */

#include "tests/support/test.h"

#include "exercises/exercise-kind.h"
#include "exercises/kinds/script.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/smtp/smtp-dialogue.h"

static void expect_no_defects(const DialogueClass *class, const Script *script)
{
    gpointer dialogue = g_malloc0(class->size);
    class->init(dialogue);
    for (guint i = 0; i < script->lines->len; i++) {
        const ScriptLine *line = script_line(script, i);
        g_autofree char *octets = g_strconcat(line->text, "\r\n", NULL);
        class->feed(
            dialogue,
            line->is_client ? DIALOGUE_CLIENT : DIALOGUE_SERVER,
            byte_span_from_string(octets)
        );
        DialogueEvent event;
        while (class->next(dialogue, &event)) {
            if (event.defects != 0 ||
                (event.kind == DIALOGUE_EVENT_REPLY && event.is_first && event.item == NULL)) {
                fail_msg("line %u, \"%s\": defects %x", i + 1, line->text, event.defects);
            }
        }
    }
    class->clear(dialogue);
    g_free(dialogue);
}

static void test_scripts_keep_the_protocol(void **state)
{
    (void)state;
    for (guint seed = 0; seed < 40; seed++) {
        g_autoptr(Exercise) exercise =
            exercise_new(&exercise_kinds[EXERCISE_ORDER_LINES], seed, 1, NULL);
        ScriptOptions options = {
            .is_extended = seed % 2 == 0,
            .n_recipients = 1 + seed % 2,
            .refuses_one = seed % 4 == 1,
            .has_body = true,
        };
        g_autoptr(Script) smtp = script_new_smtp(exercise, &options);
        g_autoptr(Script) pop3 = script_new_pop3(exercise, true);
        expect_no_defects(&smtp_dialogue_class, smtp);
        expect_no_defects(&pop3_dialogue_class, pop3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_scripts_keep_the_protocol)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
