/* The key of every kind at every level, damaged as a pen or a program damages an answer: a bit, a
 * character, two neighbours, a line, an end. What is no longer the same answer is refused, and the
 * step that is named is the one of the first element that differs. MAILWALK_SEEDS says how many
 * seeds (10 without it; by hand 10000), MAILWALK_KIND which kind alone; with MAILWALK_SHOW damaged
 * answers that were accepted as another right form are printed for a reader. */

#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "exercises/answer-form.h"
#include "exercises/exercise-kind.h"
#include "tests/exercises/exercise-failure.h"

#define SEEDS 10

typedef struct {
    const char *name;
    bool (*damage)(GString *answer, GRand *luck); /* false: there is nothing to damage so */
} MutantRow;

static gsize draw(GRand *luck, gsize end)
{
    return (gsize)g_rand_int_range(luck, 0, (gint32)end);
}

static bool flip_bit(GString *answer, GRand *luck)
{
    gsize at = draw(luck, answer->len);
    answer->str[at] = (char)(answer->str[at] ^ (1 << draw(luck, 8)));
    return answer->str[at] != '\0';
}

static bool change_character(GString *answer, GRand *luck)
{
    answer->str[draw(luck, answer->len)] = (char)('!' + draw(luck, 94));
    return true;
}

static bool drop_character(GString *answer, GRand *luck)
{
    g_string_erase(answer, (gssize)draw(luck, answer->len), 1);
    return true;
}

static bool insert_character(GString *answer, GRand *luck)
{
    g_string_insert_c(answer, (gssize)draw(luck, answer->len + 1), (char)('!' + draw(luck, 94)));
    return true;
}

static bool swap_neighbours(GString *answer, GRand *luck)
{
    if (answer->len < 2) {
        return false;
    }
    gsize at = draw(luck, answer->len - 1);
    char kept = answer->str[at];
    answer->str[at] = answer->str[at + 1];
    answer->str[at + 1] = kept;
    return true;
}

static bool cut_end(GString *answer, GRand *luck)
{
    g_string_truncate(answer, draw(luck, answer->len));
    return true;
}

static bool double_all(GString *answer, GRand *luck)
{
    (void)luck;
    g_autofree char *all = g_strdup(answer->str);
    g_string_append(answer, all);
    return true;
}

/* A line is dropped, or comes twice. */
static bool damage_line(GString *answer, GRand *luck)
{
    g_auto(GStrv) lines = g_strsplit(answer->str, "\n", -1);
    gsize count = g_strv_length(lines);
    gsize wrong = draw(luck, count);
    bool is_dropped = draw(luck, 2) == 0;
    g_string_truncate(answer, 0);
    for (gsize i = 0; i < count; i++) {
        for (int times = i != wrong ? 1 : is_dropped ? 0 : 2; times > 0; times--) {
            g_string_append_printf(answer, "%s%s", answer->len > 0 ? "\n" : "", lines[i]);
        }
    }
    return count > 1;
}

static const MutantRow mutants[] = {
    {"a bit flipped", flip_bit},
    {"a character changed", change_character},
    {"a character dropped", drop_character},
    {"a character too many", insert_character},
    {"two characters swapped", swap_neighbours},
    {"the end cut off", cut_end},
    {"everything twice", double_all},
    {"a line dropped or doubled", damage_line},
};

typedef struct {
    guint refused;
    guint same;     /* damage that does not matter, like white space */
    guint accepted; /* another right form, says the kind itself */
} MutantCount;

static bool is_same(const ExercisePart *part, const char *answer)
{
    bool is_same = answer_equal(part->form, part->key, answer);
    for (guint i = 0; i < part->others->len && !is_same; i++) {
        is_same = answer_equal(part->form, part->others->pdata[i], answer);
    }
    return is_same;
}

/* By position: the step of the first element that differs, the last where there is one too many. */
static gssize step_of_sequence(const ExercisePart *part, char *const *key, char *const *answer)
{
    gsize at = 0;
    while (key[at] != NULL && answer[at] != NULL && strcmp(key[at], answer[at]) == 0) {
        at++;
    }
    for (guint i = 0; i < part->steps->len && key[at] != NULL; i++) {
        const ExerciseStep *step = part->steps->pdata[i];
        if (at >= step->from && at < step->to) {
            return i;
        }
    }
    return (gssize)part->steps->len - 1;
}

/* By membership: the first step whose item is missing, the last where there is one too many. */
static gssize step_of_set(const ExercisePart *part, char *const *key, char *const *answer)
{
    for (guint i = 0; i < part->steps->len; i++) {
        gsize from = ((const ExerciseStep *)part->steps->pdata[i])->from;
        if (from < g_strv_length((char **)key) &&
            !g_strv_contains((const char *const *)answer, key[from])) {
            return i;
        }
    }
    return (gssize)part->steps->len - 1;
}

/* -1: the kind judges by itself, or several keys are right, so that any step may be named. */
static gssize expected_step(const Exercise *exercise, const ExercisePart *part, const char *answer)
{
    bool is_judged = exercise->kind->judge != NULL && exercise->kind->id != EXERCISE_BASE64_ENCODE;
    if (is_judged || part->others->len > 0) {
        return -1;
    }
    g_autofree char *normal_key = answer_normalise(part->form, part->key);
    g_autofree char *normal = answer_normalise(part->form, answer);
    g_auto(GStrv) key = answer_elements(part->form, normal_key);
    g_auto(GStrv) elements = answer_elements(part->form, normal);
    return part->form == ANSWER_SET ? step_of_set(part, key, elements)
                                    : step_of_sequence(part, key, elements);
}

static void check_refusal(
    const Exercise *exercise,
    guint index,
    const ExercisePartVerdict *verdict,
    const char *what,
    const char *answer
)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    bool is_complete = verdict->where != NULL && verdict->why != NULL && verdict->skill != NULL &&
                       verdict->reference.number != 0 && verdict->n_right < verdict->n_steps;
    if (!is_complete) {
        exercise_fail_at(exercise, index, "the verdict is not complete", answer);
    }
    gssize step = expected_step(exercise, part, answer);
    if (step >= 0 && verdict->first_wrong != step) {
        g_autofree char *text =
            g_strdup_printf("%s: step %zd named, not %zd", what, verdict->first_wrong, step);
        exercise_fail_at(exercise, index, text, answer);
    }
}

static void try_mutant(
    const Exercise *exercise, guint index, const MutantRow *mutant, GRand *luck, MutantCount *count
)
{
    const ExercisePart *part = exercise->parts->pdata[index];
    g_autoptr(GString) answer = g_string_new(part->key);
    if (!mutant->damage(answer, luck) || answer_is_empty(answer->str)) {
        return;
    }
    if (is_same(part, answer->str)) {
        count->same++;
        return;
    }
    const char *answers[26] = {NULL};
    answers[index] = answer->str;
    g_autoptr(ExerciseVerdict) verdict = exercise_check(exercise, answers, index + 1);
    const ExercisePartVerdict *found = exercise_verdict_part(verdict, index);
    if (!found->is_right) {
        count->refused++;
        check_refusal(exercise, index, found, mutant->name, answer->str);
        return;
    }
    if (exercise->kind->accepts == NULL && exercise->kind->judge == NULL) {
        exercise_fail_at(exercise, index, mutant->name, answer->str);
    }
    count->accepted++;
    if (g_getenv("MAILWALK_SHOW") != NULL) {
        print_message(
            "# %s, %s accepted:\n# %s\n# %s\n",
            exercise->kind->name,
            mutant->name,
            part->key,
            answer->str
        );
    }
}

static void try_exercise(const Exercise *exercise, GRand *luck, MutantCount *count)
{
    for (guint i = 0; i < exercise->parts->len; i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(mutants); j++) {
            try_mutant(exercise, i, &mutants[j], luck, count);
        }
    }
}

static void test_damaged_keys(void **state)
{
    (void)state;
    const char *seeds = g_getenv("MAILWALK_SEEDS");
    const char *only = g_getenv("MAILWALK_KIND");
    guint64 n_seeds = seeds == NULL ? SEEDS : strtoul(seeds, NULL, 10);
    GRand *luck = g_rand_new_with_seed(1);
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        const ExerciseKind *kind = &exercise_kinds[i];
        bool is_wanted = !kind->is_program && (only == NULL || strcmp(only, kind->name) == 0);
        for (guint level = 1; is_wanted && level <= EXERCISE_LEVELS; level++) {
            MutantCount count = {0};
            for (guint64 seed = 0; seed < n_seeds; seed++) {
                g_autoptr(Exercise) exercise = exercise_new(kind, seed, level, NULL);
                try_exercise(exercise, luck, &count);
            }
            assert_true(count.refused > count.accepted);
            printf(
                "# %s %u: %u damaged keys refused, %u the same, %u right in another form\n",
                kind->name,
                level,
                count.refused,
                count.same,
                count.accepted
            );
        }
    }
    g_rand_free(luck);
}

/* Damaged answers that were once taken for right. */
typedef struct {
    ExerciseKindId kind;
    guint level;
    const char *from; /* the first occurrence in the key becomes 'to' */
    const char *to;
} RefusedRow;

static const RefusedRow refused[] = {
    {.kind = EXERCISE_SMTP_DELIVER, .level = 1, .from = "To: ", .to = "T:o "},
    {.kind = EXERCISE_SMTP_DELIVER, .level = 2, .from = "To: ", .to = "X-To: "},
    {.kind = EXERCISE_ENCODED_WORD, .level = 1, .from = "?B?", .to = "?B?{"},
    {.kind = EXERCISE_IMAP_EXPUNGE, .level = 2, .from = "1", .to = "1S"},
};

/* One of the first seeds has what is to be damaged; its damage is refused. */
static void test_once_accepted(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        const RefusedRow *row = &refused[i];
        bool is_tried = false;
        for (guint seed = 0; seed < 50 && !is_tried; seed++) {
            g_autoptr(Exercise) exercise =
                exercise_new(&exercise_kinds[row->kind], seed, row->level, NULL);
            const ExercisePart *part = exercise->parts->pdata[0];
            const char *found = strstr(part->key, row->from);
            if (found == NULL) {
                continue;
            }
            g_autoptr(GString) answer = g_string_new(part->key);
            g_string_erase(answer, found - part->key, (gssize)strlen(row->from));
            g_string_insert(answer, found - part->key, row->to);
            const char *answers[] = {answer->str};
            g_autoptr(ExerciseVerdict) verdict = exercise_check(exercise, answers, 1);
            if (exercise_verdict_part(verdict, 0)->is_right) {
                exercise_fail_at(exercise, 0, "damaged, and accepted", answer->str);
            }
            is_tried = true;
        }
        assert_true(is_tried);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_keys),
        cmocka_unit_test(test_once_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
