#include "exercises/exercise-verdict.h"

#include <string.h>

#include "exercises/answer-form.h"
#include "exercises/answer-sheet.h"
#include "exercises/answer-split.h"
#include "exercises/exercise-kind.h"

static const ExerciseStep *step_at(const ExercisePart *part, gsize index)
{
    return part->steps->pdata[index];
}

static void clear_part(gpointer data)
{
    ExercisePartVerdict *verdict = data;
    g_free(verdict->steps_right);
    g_free(verdict->wrote);
    g_free(verdict->shown);
    g_free(verdict->where);
    g_free(verdict->why);
    g_free(verdict->next);
}

void exercise_verdict_set(char **text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(*text);
    *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

static void count_steps(ExercisePartVerdict *verdict)
{
    verdict->n_right = 0;
    verdict->first_wrong = -1;
    for (guint i = 0; i < verdict->n_steps; i++) {
        verdict->n_right += verdict->steps_right[i] ? 1 : 0;
        if (!verdict->steps_right[i] && verdict->first_wrong < 0) {
            verdict->first_wrong = i;
        }
    }
    verdict->is_right = verdict->first_wrong < 0;
    verdict->skill =
        verdict->is_right ? NULL : step_at(verdict->part, (gsize)verdict->first_wrong)->skill;
}

void exercise_part_verdict_right(ExercisePartVerdict *verdict)
{
    for (guint i = 0; i < verdict->n_steps; i++) {
        verdict->steps_right[i] = true;
    }
    count_steps(verdict);
}

void exercise_part_verdict_wrong(ExercisePartVerdict *verdict, gsize first)
{
    g_assert(first < verdict->n_steps);
    for (guint i = 0; i < verdict->n_steps; i++) {
        verdict->steps_right[i] = i < first;
    }
    count_steps(verdict);
}

/* --- comparing element by element --- */

/* Letters of a list may be written without anything between them: "BADC". */
static char **list_elements(const ExercisePart *part, const char *normal, char *const *key)
{
    char **elements = answer_elements(part->form, normal);
    bool has_single_letters = part->form == ANSWER_LIST && key[0] != NULL && key[1] != NULL;
    for (gsize i = 0; has_single_letters && key[i] != NULL; i++) {
        has_single_letters = strlen(key[i]) == 1;
    }
    if (!has_single_letters || g_strv_length(elements) != 1) {
        return elements;
    }
    g_strfreev(elements);
    return answer_elements(ANSWER_TOKEN, normal);
}

static bool has_element(char *const *elements, const char *wanted)
{
    return g_strv_contains((const char *const *)elements, wanted);
}

static void compare_set(ExercisePartVerdict *verdict, char *const *key, char *const *answer)
{
    gsize n_key = g_strv_length((char **)key);
    const char *extra = NULL;
    for (gsize i = 0; answer[i] != NULL && extra == NULL; i++) {
        extra = has_element(key, answer[i]) ? NULL : answer[i];
    }
    for (guint i = 0; i < verdict->n_steps; i++) {
        gsize from = step_at(verdict->part, i)->from;
        verdict->steps_right[i] = from >= n_key || has_element(answer, key[from]);
    }
    count_steps(verdict);
    if (verdict->is_right && extra != NULL) {
        verdict->steps_right[verdict->n_steps - 1] = false;
        count_steps(verdict);
        exercise_verdict_set(&verdict->where, "%s does not belong there.", extra);
        if (verdict->part->extra != NULL) {
            exercise_verdict_set(&verdict->why, "%s", verdict->part->extra);
        }
    } else if (!verdict->is_right) {
        const ExerciseStep *step = step_at(verdict->part, (gsize)verdict->first_wrong);
        exercise_verdict_set(&verdict->where, "%s is missing.", step->place);
    }
}

static bool is_range_right(const ExerciseStep *step, char *const *key, char *const *answer)
{
    gsize n_key = g_strv_length((char **)key);
    gsize n_answer = g_strv_length((char **)answer);
    for (gsize i = step->from; i < step->to && i < n_key; i++) {
        if (i >= n_answer || strcmp(key[i], answer[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* "letter 6. Your first five are right." */
static void say_where(ExercisePartVerdict *verdict, char *const *key, char *const *answer)
{
    const ExerciseStep *step = step_at(verdict->part, (gsize)verdict->first_wrong);
    const char *name = answer_element_name(verdict->part->form);
    gsize at = 0;
    while (key[at] != NULL && answer[at] != NULL && strcmp(key[at], answer[at]) == 0) {
        at++;
    }
    if (key[0] == NULL || key[1] == NULL || step->to == G_MAXSIZE) {
        exercise_verdict_set(&verdict->where, "%s", step->place);
    } else if (key[at] == NULL) {
        exercise_verdict_set(
            &verdict->where, "%s %zu: the answer should have ended before it.", name, at + 1
        );
    } else if (answer[at] == NULL) {
        exercise_verdict_set(
            &verdict->where, "%s %zu: your answer ends there; what it has is right.", name, at + 1
        );
    } else if (at == 0) {
        exercise_verdict_set(
            &verdict->where,
            "%s 1%s%s.",
            name,
            g_str_has_prefix(step->place, name) ? "" : ", in ",
            g_str_has_prefix(step->place, name) ? "" : step->place
        );
    } else {
        exercise_verdict_set(
            &verdict->where,
            "%s %zu%s%s. What stands before it is right.",
            name,
            at + 1,
            g_str_has_prefix(step->place, name) ? "" : ", in ",
            g_str_has_prefix(step->place, name) ? "" : step->place
        );
    }
}

static void compare_sequence(ExercisePartVerdict *verdict, char *const *key, char *const *answer)
{
    for (guint i = 0; i < verdict->n_steps; i++) {
        verdict->steps_right[i] = is_range_right(step_at(verdict->part, i), key, answer);
    }
    count_steps(verdict);
    if (verdict->is_right && g_strv_length((char **)answer) > g_strv_length((char **)key)) {
        verdict->steps_right[verdict->n_steps - 1] = false;
        count_steps(verdict);
    }
    if (!verdict->is_right) {
        say_where(verdict, key, answer);
    }
}

static void compare(ExercisePartVerdict *verdict, const char *key_text)
{
    const ExercisePart *part = verdict->part;
    g_autofree char *key_normal = answer_normalise(part->form, key_text);
    g_auto(GStrv) key = answer_elements(part->form, key_normal);
    g_auto(GStrv) answer = list_elements(part, verdict->wrote, key);
    if (part->form == ANSWER_SET) {
        compare_set(verdict, key, answer);
    } else {
        compare_sequence(verdict, key, answer);
    }
}

/* Where several keys are right, the one that most steps of the answer agree with. */
static void compare_with_keys(ExercisePartVerdict *verdict)
{
    const ExercisePart *part = verdict->part;
    const char *best = part->key;
    compare(verdict, best);
    guint most = verdict->n_right;
    for (guint i = 0; i < part->others->len && !verdict->is_right; i++) {
        compare(verdict, part->others->pdata[i]);
        if (verdict->is_right || verdict->n_right > most) {
            best = part->others->pdata[i];
            most = verdict->n_right;
        }
    }
    compare(verdict, best);
    verdict->is_other_form = verdict->is_right && best != part->key;
    if (verdict->is_right) {
        g_clear_pointer(&verdict->where, g_free);
    }
}

/* --- what was done --- */

static bool find_mistake(ExercisePartVerdict *verdict)
{
    const ExercisePart *part = verdict->part;
    for (guint i = 0; i < part->mistakes->len; i++) {
        const ExerciseMistake *mistake = part->mistakes->pdata[i];
        if (answer_equal(part->form, mistake->answer, verdict->wrote)) {
            verdict->mistake = mistake->name;
            exercise_verdict_set(&verdict->why, "%s", mistake->sentence);
            if (mistake->advice != NULL) {
                exercise_verdict_set(&verdict->next, "%s", mistake->advice);
            }
            return true;
        }
    }
    return false;
}

static void
explain_wrong(const Exercise *exercise, ExercisePartVerdict *verdict, const char *answer)
{
    const ExercisePart *part = verdict->part;
    const ExerciseStep *step = step_at(part, (gsize)verdict->first_wrong);
    if (!find_mistake(verdict) && verdict->why == NULL && exercise->kind->diagnose != NULL) {
        exercise->kind->diagnose(exercise, part, answer, verdict);
    }
    if (verdict->why == NULL) {
        exercise_verdict_set(&verdict->why, "%s", step->working);
    }
    if (verdict->where == NULL) {
        exercise_verdict_set(&verdict->where, "%s", step->place);
    }
    if (verdict->next == NULL && exercise->try_out != NULL) {
        exercise_verdict_set(&verdict->next, "%s", exercise->try_out);
    }
    if (verdict->reference.number == 0) {
        verdict->reference = step->reference;
    }
}

/* A word is compared without regard to case; whoever wrote it wants to see it as it was. */
static char *shown_answer(AnswerForm form, const char *answer)
{
    return form == ANSWER_WORD ? g_strstrip(g_strdelimit(g_strdup(answer), "\r\n\t", ' ')) : NULL;
}

static void check_part(const Exercise *exercise, ExercisePartVerdict *verdict, const char *answer)
{
    const ExercisePart *part = verdict->part;
    const ExerciseKind *kind = exercise->kind;
    verdict->wrote = answer_normalise(part->form, answer == NULL ? "" : answer);
    verdict->is_given = !answer_is_empty(answer);
    if (!verdict->is_given) {
        exercise_part_verdict_wrong(verdict, 0);
        exercise_verdict_set(&verdict->where, "Nothing was answered.");
        exercise_verdict_set(
            &verdict->why, "%s", exercise->hint == NULL ? kind->how_to_answer : exercise->hint
        );
        verdict->reference = step_at(part, 0)->reference;
        return;
    }
    g_autofree char *cut = g_strndup(answer, ANSWER_MAXIMUM);
    verdict->shown = shown_answer(part->form, cut);
    if (kind->judge == NULL || !kind->judge(exercise, part, cut, verdict)) {
        compare_with_keys(verdict);
        if (!verdict->is_right && kind->accepts != NULL && kind->accepts(exercise, part, cut)) {
            exercise_part_verdict_right(verdict);
            verdict->is_other_form = true;
            g_clear_pointer(&verdict->where, g_free);
        }
    }
    if (!verdict->is_right) {
        explain_wrong(exercise, verdict, cut);
    }
}

ExerciseVerdict *
exercise_check(const Exercise *exercise, const char *const *answers, gsize n_answers)
{
    ExerciseVerdict *verdict = g_new0(ExerciseVerdict, 1);
    verdict->exercise = exercise;
    verdict->is_right = true;
    verdict->parts = g_array_new(FALSE, TRUE, sizeof(ExercisePartVerdict));
    g_array_set_clear_func(verdict->parts, clear_part);
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        ExercisePartVerdict one = {
            .part = part,
            .n_steps = part->steps->len,
            .steps_right = g_new0(bool, part->steps->len),
        };
        g_assert(part->steps->len > 0);
        check_part(exercise, &one, i < n_answers ? answers[i] : NULL);
        verdict->n_right += one.n_right;
        verdict->n_steps += one.n_steps;
        verdict->is_right = verdict->is_right && one.is_right;
        verdict->is_given = verdict->is_given || one.is_given;
        g_array_append_val(verdict->parts, one);
    }
    return verdict;
}

ExerciseVerdict *exercise_check_text(const Exercise *exercise, const char *text)
{
    g_autofree char *answer = answer_without_sheet(exercise, text);
    g_auto(GStrv) answers = answer_split(answer, exercise->parts->len);
    return exercise_check(exercise, (const char *const *)answers, exercise->parts->len);
}

void exercise_verdict_free(ExerciseVerdict *verdict)
{
    if (verdict != NULL) {
        g_array_unref(verdict->parts);
        g_free(verdict);
    }
}

const ExercisePartVerdict *exercise_verdict_part(const ExerciseVerdict *verdict, gsize index)
{
    return &g_array_index(verdict->parts, ExercisePartVerdict, index);
}

bool exercise_part_verdict_has_place(const ExercisePartVerdict *part)
{
    return part->where != NULL &&
           (part->n_steps > 1 || strcmp(part->where, step_at(part->part, 0)->place) != 0);
}

const ExercisePartVerdict *exercise_verdict_first_wrong(const ExerciseVerdict *verdict)
{
    for (guint i = 0; i < verdict->parts->len; i++) {
        const ExercisePartVerdict *part = exercise_verdict_part(verdict, i);
        if (!part->is_right) {
            return part;
        }
    }
    return NULL;
}
