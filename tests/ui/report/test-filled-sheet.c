/* A sheet of two questions is filled in as students do it, the key behind each "Answer 2b:" and the
 * sheet's own words left standing. Read back it is right, for every kind, level and form. */

#include "tests/support/test.h"

#include "exercises/class/hand-in.h"
#include "exercises/exercise-verdict.h"
#include "ui/report/exercise-sheet.h"

#define SEEDS 3

static char *write_sheet(SheetFormat format, Exercise *const exercises[2])
{
    const Sheet sheet = {
        .title = "Week 3",
        .student = "s1",
        .exercises = (const Exercise *const *)exercises,
        .n_exercises = 2,
        .width = 80,
    };
    GString *text = g_string_new(NULL);
    sheet_formats[format].write(&sheet, text);
    return g_string_free(text, FALSE);
}

static char *fill_in(const char *sheet, Exercise *const exercises[2])
{
    GString *filled = g_string_new(NULL);
    const char *from = sheet;
    for (guint i = 0; i < 2; i++) {
        for (guint j = 0; j < exercises[i]->parts->len; j++) {
            const ExercisePart *part = exercises[i]->parts->pdata[j];
            g_autofree char *label = sheet_answer_label(i + 1, part);
            g_autofree char *blank = g_strdup_printf("Answer %s:", label);
            const char *at = strstr(from, blank);
            assert_non_null(at);
            g_string_append_len(filled, from, at - from);
            g_string_append_printf(filled, "%s %s", blank, part->key);
            from = at + strlen(blank);
        }
    }
    g_string_append(filled, from);
    return g_string_free(filled, FALSE);
}

static void check_sheet(SheetFormat format, Exercise *const exercises[2])
{
    g_autofree char *sheet = write_sheet(format, exercises);
    g_autofree char *filled = fill_in(sheet, exercises);
    g_autoptr(HandIn) hand_in = hand_in_new("s1.txt", 2);
    hand_in_read_text(hand_in, filled);
    for (guint i = 0; i < 2; i++) {
        g_autoptr(ExerciseVerdict) verdict = exercise_check_text(exercises[i], hand_in->answers[i]);
        const ExercisePartVerdict *wrong = exercise_verdict_first_wrong(verdict);
        if (wrong != NULL) {
            fail_msg(
                "%s level %u as %s, part %c: %s\nit was read as: %s\n%s",
                exercises[i]->kind->name,
                exercises[i]->level,
                sheet_formats[format].name,
                wrong->part->label == '\0' ? '-' : wrong->part->label,
                wrong->where,
                wrong->wrote,
                filled
            );
        }
    }
}

static void test_every_kind(void **state)
{
    (void)state;
    for (gsize i = 0; i < N_EXERCISE_KINDS; i++) {
        for (guint j = 0; j < SEEDS * EXERCISE_LEVELS; j++) {
            const ExerciseKind *next = &exercise_kinds[(i + j) % N_EXERCISE_KINDS];
            if (exercise_kinds[i].is_program || next->is_program) {
                continue;
            }
            guint level = j % EXERCISE_LEVELS + 1;
            g_autoptr(Exercise) first = exercise_new(&exercise_kinds[i], j, level, NULL);
            g_autoptr(Exercise) second = exercise_new(next, j, level, NULL);
            Exercise *const exercises[2] = {first, second};
            check_sheet(SHEET_TEXT, exercises);
            check_sheet(SHEET_MARKDOWN, exercises);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
