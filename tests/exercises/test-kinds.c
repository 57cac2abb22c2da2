/* Every kind at every level over many seeds: the key is accepted, changed answers are refused at
 * the step that was changed, typical mistakes are known by name. MAILWALK_SEEDS says how many seeds
 * (10 without it; by hand 10000). */

#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "exercises/answer-form.h"
#include "exercises/exercise-kind.h"
#include "protocol/rfc/rfc-index.h"
#include "tests/exercises/exercise-failure.h"

#define SEEDS 10

static guint n_seeds(void)
{
    const char *text = g_getenv("MAILWALK_SEEDS");
    return text == NULL ? SEEDS : (guint)strtoul(text, NULL, 10);
}

static bool is_wanted(const ExerciseKind *kind)
{
    const char *text = g_getenv("MAILWALK_KIND");
    return !kind->is_program && (text == NULL || strcmp(text, kind->name) == 0);
}

/* All keys, with 'changed' in place of that of part 'index'. */
static ExerciseVerdict *check_with(const Exercise *exercise, guint index, const char *changed)
{
    const char *answers[26];
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        answers[i] = i == index ? changed : part->key;
    }
    return exercise_check(exercise, answers, exercise->parts->len);
}

/* No part asks what another one asks already. */
static void check_prompts(const Exercise *exercise)
{
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        for (guint j = 0; j < i; j++) {
            if (strcmp(part->prompt, ((const ExercisePart *)exercise->parts->pdata[j])->prompt) ==
                0) {
                exercise_fail_at(exercise, i, "this is asked twice", part->prompt);
            }
        }
    }
}

/* Every text that a pattern made has its words in it. */
static bool is_filled_in(const char *text)
{
    return text == NULL || strstr(text, "(null)") == NULL;
}

static void check_key(const Exercise *exercise)
{
    g_autoptr(ExerciseVerdict) verdict = check_with(exercise, 99, NULL);
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        if (!exercise_verdict_part(verdict, i)->is_right) {
            exercise_fail_at(exercise, i, exercise_verdict_part(verdict, i)->why, "(the key)");
        }
        for (guint j = 0; j < part->others->len; j++) {
            g_autoptr(ExerciseVerdict) other = check_with(exercise, i, part->others->pdata[j]);
            if (!other->is_right) {
                exercise_fail_at(
                    exercise, i, "another right answer was refused", part->others->pdata[j]
                );
            }
        }
    }
    assert_true(verdict->is_right);
    assert_int_equal(verdict->n_right, verdict->n_steps);
}

static void check_step(const Exercise *exercise, guint index, const ExerciseStep *step)
{
    if (step->skill == NULL || step->place[0] == '\0' || step->working[0] == '\0' ||
        step->to <= step->from || rfc_document(step->reference.number) == NULL) {
        exercise_fail_at(exercise, index, "a step is not complete", step->working);
    }
    bool is_whole = strcmp(step->reference.section, "-") == 0;
    if (!is_whole && rfc_section_title(step->reference) == NULL) {
        exercise_fail_at(exercise, index, "there is no such section", step->reference.section);
    }
    if (!is_filled_in(step->working) || !is_filled_in(step->place)) {
        exercise_fail_at(exercise, index, "a text was not filled in", step->working);
    }
}

/* A refused answer says where and why; 'step' is the one that must be named, -1: any. */
static void check_refused(
    const Exercise *exercise, guint index, const char *answer, gssize step, const char *what
)
{
    g_autoptr(ExerciseVerdict) verdict = check_with(exercise, index, answer);
    const ExercisePartVerdict *part = exercise_verdict_part(verdict, index);
    if (part->is_right) {
        exercise_fail_at(exercise, index, what, answer);
    }
    if (part->where == NULL || part->why == NULL || part->first_wrong < 0 || part->skill == NULL ||
        part->reference.number == 0 || part->n_right >= part->n_steps) {
        exercise_fail_at(exercise, index, "the verdict is not complete", answer);
    }
    if (step >= 0 && part->first_wrong != step) {
        g_autofree char *text =
            g_strdup_printf("%s: step %zd named, not %zd", what, part->first_wrong, step);
        exercise_fail_at(exercise, index, text, answer);
    }
}

static bool is_accepted(const Exercise *exercise, guint index, const char *answer)
{
    g_autoptr(ExerciseVerdict) verdict = check_with(exercise, index, answer);
    return exercise_verdict_part(verdict, index)->is_right;
}

static void check_mistakes(const Exercise *exercise, guint index)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    for (guint i = 0; i < part->mistakes->len; i++) {
        const ExerciseMistake *mistake = part->mistakes->pdata[i];
        if (is_accepted(exercise, index, mistake->answer)) {
            continue; /* another form of the right answer in this question */
        }
        g_autoptr(ExerciseVerdict) verdict = check_with(exercise, index, mistake->answer);
        const ExercisePartVerdict *found = exercise_verdict_part(verdict, index);
        if (g_strcmp0(found->mistake, mistake->name) != 0) {
            exercise_fail_at(exercise, index, mistake->name, mistake->answer);
        }
        if (!is_filled_in(found->where) || !is_filled_in(found->why) ||
            !is_filled_in(found->next)) {
            exercise_fail_at(exercise, index, "a text was not filled in", mistake->answer);
        }
    }
}

static gssize step_of(const ExercisePart *part, gsize element)
{
    for (guint i = 0; i < part->steps->len; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        if (element >= step->from && element < step->to) {
            return i;
        }
    }
    return -1;
}

/* One element of the key replaced, dropped, or changed places with the next. */
static void check_changed_elements(const Exercise *exercise, guint index, GRand *luck)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    bool is_judged = exercise->kind->judge != NULL && exercise->kind->id != EXERCISE_BASE64_ENCODE;
    bool has_steps = part->form == ANSWER_TOKEN || part->form == ANSWER_HEX ||
                     part->form == ANSWER_TEXT || part->form == ANSWER_LINES ||
                     part->form == ANSWER_LIST;
    if (!has_steps || is_judged) {
        return;
    }
    g_autofree char *normal = answer_normalise(part->form, part->key);
    g_auto(GStrv) elements = answer_elements(part->form, normal);
    gsize count = g_strv_length(elements);
    const char *separator = part->form == ANSWER_LINES  ? "\n"
                            : part->form == ANSWER_LIST ? " "
                                                        : "";
    gsize at = (gsize)g_rand_int_range(luck, 0, (gint32)count);
    char *kept = elements[at];
    elements[at] = (char *)(strcmp(kept, "Z") == 0 ? "Y" : "Z");
    g_autofree char *changed = g_strjoinv(separator, elements);
    elements[at] = kept;
    if (!is_accepted(exercise, index, changed)) {
        check_refused(
            exercise, index, changed, part->others->len > 0 ? -1 : step_of(part, at), "one changed"
        );
    } else if (exercise->kind->accepts == NULL) {
        exercise_fail_at(exercise, index, "one changed, and accepted", changed);
    }
    g_clear_pointer(&elements[count - 1], g_free);
    g_autofree char *cut = g_strjoinv(separator, elements);
    g_autofree char *normal_cut = answer_normalise(part->form, cut); /* a space may go with it */
    g_auto(GStrv) left = answer_elements(part->form, normal_cut);
    if (count > 1 && !answer_is_empty(cut) && !is_accepted(exercise, index, cut)) {
        check_refused(
            exercise,
            index,
            cut,
            part->others->len > 0 ? -1 : step_of(part, g_strv_length(left)),
            "the last one dropped"
        );
    }
}

/* Two different neighbours of a list or of lines change places. */
static void check_swapped(const Exercise *exercise, guint index)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    if (part->form != ANSWER_LIST && part->form != ANSWER_LINES && part->form != ANSWER_TOKEN) {
        return;
    }
    g_autofree char *normal = answer_normalise(part->form, part->key);
    g_auto(GStrv) elements = answer_elements(part->form, normal);
    const char *separator = part->form == ANSWER_LINES  ? "\n"
                            : part->form == ANSWER_LIST ? " "
                                                        : "";
    for (gsize i = 0; elements[0] != NULL && elements[i + 1] != NULL; i++) {
        if (strcmp(elements[i], elements[i + 1]) == 0) {
            continue;
        }
        char *kept = elements[i];
        elements[i] = elements[i + 1];
        elements[i + 1] = kept;
        g_autofree char *swapped = g_strjoinv(separator, elements);
        if (!is_accepted(exercise, index, swapped)) {
            check_refused(
                exercise,
                index,
                swapped,
                part->others->len > 0 ? -1 : step_of(part, i),
                "two swapped"
            );
        } else if (exercise->kind->accepts == NULL && part->others->len == 0) {
            exercise_fail_at(exercise, index, "two swapped, and accepted", swapped);
        }
        return;
    }
}

static void check_hostile(const Exercise *exercise, guint index)
{
    static const char *const answers[] = {
        "\x1b[31m\xff\xfe",
        "%s%s%n",
        "<script>alert(1)</script>",
        "a: b: c: =?utf-8?B?////?= ",
        "99999999999999999999999999999999",
        "....................................................................................",
        "C: QUIT\nC: QUIT\nDATA\n.\n.\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (!answer_is_empty(answers[i])) {
            check_refused(exercise, index, answers[i], -1, "a hostile answer");
        }
    }
    g_autofree char *large = g_strnfill(ANSWER_MAXIMUM * 2, 'A');
    if (exercise->seed % 50 == 0) {
        check_refused(exercise, index, large, -1, "a huge answer");
    }
}

static void check_empty(const Exercise *exercise)
{
    g_autoptr(ExerciseVerdict) verdict = exercise_check(exercise, NULL, 0);
    assert_false(verdict->is_right);
    assert_false(verdict->is_given);
    assert_int_equal(verdict->n_right, 0);
}

static void check_exercise(const Exercise *exercise, GRand *luck)
{
    check_prompts(exercise);
    check_key(exercise);
    check_empty(exercise);
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        for (guint j = 0; j < part->steps->len; j++) {
            check_step(exercise, i, part->steps->pdata[j]);
        }
        check_mistakes(exercise, i);
        check_changed_elements(exercise, i, luck);
        check_swapped(exercise, i);
        check_hostile(exercise, i);
        if (part->form == ANSWER_NUMBER) {
            g_autofree char *more = g_strconcat(part->key, "1", NULL);
            check_refused(exercise, i, more, -1, "another number");
        }
    }
}

static void test_every_kind_and_level(void **state)
{
    (void)state;
    GRand *luck = g_rand_new_with_seed(1);
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        const ExerciseKind *kind = &exercise_kinds[i];
        for (guint level = 1; is_wanted(kind) && level <= EXERCISE_LEVELS; level++) {
            g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
            GArray *prints = g_array_sized_new(FALSE, FALSE, sizeof(guint64), n_seeds());
            for (guint seed = 0; seed < n_seeds(); seed++) {
                g_autoptr(Exercise) exercise = exercise_new(kind, seed, level, NULL);
                guint64 print = exercise_fingerprint(exercise);
                g_array_append_val(prints, print);
                g_hash_table_add(seen, &g_array_index(prints, guint64, seed));
                check_exercise(exercise, luck);
            }
            printf(
                "# %s %u: %u seeds, %u different\n",
                kind->name,
                level,
                n_seeds(),
                g_hash_table_size(seen)
            );
            if (n_seeds() <= 300 && g_hash_table_size(seen) < n_seeds()) {
                print_message("# %s %u repeats itself\n", kind->name, level);
            }
            g_array_unref(prints);
        }
    }
    g_rand_free(luck);
}

static void test_same_seed_same_question(void **state)
{
    (void)state;
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        g_autoptr(Exercise) first = exercise_new(&exercise_kinds[i], 7, 2, NULL);
        g_autoptr(Exercise) again = exercise_new(&exercise_kinds[i], 7, 2, NULL);
        g_autoptr(Exercise) other = exercise_new(&exercise_kinds[i], 8, 2, NULL);
        assert_true(exercise_fingerprint(first) == exercise_fingerprint(again));
        assert_true(exercise_fingerprint(first) != exercise_fingerprint(other));
    }
}

static void test_rows(void **state)
{
    (void)state;
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        const ExerciseKind *kind = &exercise_kinds[i];
        assert_int_equal(kind->id, i);
        assert_non_null(kind->title);
        assert_non_null(kind->lectures);
        assert_non_null(kind->how_to_answer);
        assert_non_null(kind->make);
        assert_ptr_equal(exercise_kind_find(kind->name), kind);
        for (guint level = 0; level < EXERCISE_LEVELS; level++) {
            assert_non_null(kind->level_notes[level]);
        }
        for (guint j = 0; j < EXERCISE_REFERENCES && kind->references[j].number != 0; j++) {
            RfcReference reference = kind->references[j];
            assert_true(
                strcmp(reference.section, "-") == 0 || rfc_section_title(reference) != NULL
            );
        }
        assert_true(kind->references[0].number != 0);
    }
    assert_null(exercise_kind_find("no-such-kind"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_same_seed_same_question),
        cmocka_unit_test(test_every_kind_and_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
