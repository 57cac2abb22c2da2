#include "exercises/exercise.h"

#include "exercises/answer-form.h"
#include "exercises/exercise-kind.h"
#include "exercises/exercise-maker.h"

static void free_block(gpointer data)
{
    ExerciseBlock *block = data;
    g_free(block->text);
    g_free(block);
}

static void free_step(gpointer data)
{
    ExerciseStep *step = data;
    g_free(step->place);
    g_free(step->working);
    g_free(step);
}

static void free_mistake(gpointer data)
{
    ExerciseMistake *mistake = data;
    g_free(mistake->answer);
    g_free(mistake->sentence);
    g_free(mistake->advice);
    g_free(mistake);
}

static void free_part(gpointer data)
{
    ExercisePart *part = data;
    g_free(part->prompt);
    g_free(part->key);
    g_strfreev(part->choices);
    g_ptr_array_unref(part->others);
    g_ptr_array_unref(part->steps);
    g_ptr_array_unref(part->mistakes);
    g_free(part);
}

/* A generator of its own for each kind and level, so that equal seeds do not make like questions.
 */
static void seed_random(Exercise *exercise)
{
    g_autofree char *name = g_strdup_printf("%s/%u", exercise->kind->name, exercise->level);
    sim_random_derive(&exercise->random, exercise->seed, name);
}

Exercise *exercise_new(const ExerciseKind *kind, guint64 seed, guint level, const char *given)
{
    Exercise *exercise = g_new0(Exercise, 1);
    exercise->kind = kind;
    exercise->seed = seed;
    exercise->level = CLAMP(level, 1, EXERCISE_LEVELS);
    exercise->given = kind->takes_text ? given : NULL;
    exercise->blocks = g_ptr_array_new_with_free_func(free_block);
    exercise->parts = g_ptr_array_new_with_free_func(free_part);
    seed_random(exercise);
    kind->make(exercise);
    exercise->given = NULL;
    g_assert(exercise->parts->len > 0);
    return exercise;
}

void exercise_free(Exercise *exercise)
{
    if (exercise == NULL) {
        return;
    }
    if (exercise->free_facts != NULL) {
        exercise->free_facts(exercise->facts);
    }
    g_ptr_array_unref(exercise->blocks);
    g_ptr_array_unref(exercise->parts);
    g_free(exercise->hint);
    g_free(exercise->try_out);
    g_free(exercise->file_name);
    g_free(exercise);
}

/* FNV-1a with 64 bits. */
static guint64 hash_text(guint64 hash, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        hash = (hash ^ (guint8)*at) * 1099511628211u;
    }
    return (hash ^ 0xff) * 1099511628211u;
}

guint64 exercise_fingerprint(const Exercise *exercise)
{
    guint64 hash = 14695981039346656037u;
    for (guint i = 0; i < exercise->blocks->len; i++) {
        const ExerciseBlock *block = exercise->blocks->pdata[i];
        hash = hash_text(hash, block->text);
    }
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        hash = hash_text(hash, part->prompt);
        hash = exercise->file_name == NULL ? hash : hash_text(hash, part->key);
    }
    return hash;
}

guint exercise_step_count(const Exercise *exercise)
{
    guint count = 0;
    for (guint i = 0; i < exercise->parts->len; i++) {
        const ExercisePart *part = exercise->parts->pdata[i];
        count += part->steps->len;
    }
    return count;
}

/* --- making --- */

static void add_block(Exercise *exercise, ExerciseBlockKind kind, char *text)
{
    ExerciseBlock *block = g_new0(ExerciseBlock, 1);
    block->kind = kind;
    block->text = text;
    g_ptr_array_add(exercise->blocks, block);
}

void exercise_say(Exercise *exercise, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_block(exercise, EXERCISE_PARAGRAPH, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Tabs stand for themselves nowhere: on paper and in a page they are spaces to the next eighth. */
void exercise_show(Exercise *exercise, const char *text)
{
    GString *lines = g_string_new(NULL);
    gsize column = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\t') {
            g_string_append_printf(lines, "%*s", (int)(8 - column % 8), "");
            column += 8 - column % 8;
        } else {
            g_string_append_c(lines, *at);
            column = *at == '\n' ? 0 : column + 1;
        }
    }
    add_block(exercise, EXERCISE_VERBATIM, g_strchomp(g_string_free(lines, FALSE)));
}

/* The first part gets its letter when the second one comes. */
static void label_parts(Exercise *exercise)
{
    for (guint i = 0; exercise->parts->len > 1 && i < exercise->parts->len; i++) {
        ExercisePart *part = exercise->parts->pdata[i];
        part->label = (char)('a' + i);
    }
}

ExercisePart *
exercise_ask(Exercise *exercise, AnswerForm form, const char *key, const char *prompt_format, ...)
{
    ExercisePart *part = g_new0(ExercisePart, 1);
    part->form = form;
    part->key = g_strdup(key);
    part->others = g_ptr_array_new_with_free_func(g_free);
    part->steps = g_ptr_array_new_with_free_func(free_step);
    part->mistakes = g_ptr_array_new_with_free_func(free_mistake);
    va_list arguments;
    va_start(arguments, prompt_format);
    part->prompt = g_strdup_vprintf(prompt_format, arguments);
    va_end(arguments);
    g_ptr_array_add(exercise->parts, part);
    g_assert(exercise->parts->len <= 26);
    label_parts(exercise);
    return part;
}

void exercise_part_accept(ExercisePart *part, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(part->others, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static bool is_known_mistake(const ExercisePart *part, const char *answer)
{
    for (guint i = 0; i < part->mistakes->len; i++) {
        const ExerciseMistake *mistake = part->mistakes->pdata[i];
        if (answer_equal(part->form, mistake->answer, answer)) {
            return true;
        }
    }
    return false;
}

void exercise_part_mistake(
    ExercisePart *part,
    const char *name,
    const char *answer,
    const char *sentence,
    const char *advice
)
{
    if (answer_is_empty(answer) || answer_equal(part->form, part->key, answer) ||
        is_known_mistake(part, answer)) {
        return;
    }
    ExerciseMistake *mistake = g_new0(ExerciseMistake, 1);
    mistake->name = name;
    mistake->answer = g_strdup(answer);
    mistake->sentence = g_strdup(sentence);
    mistake->advice = g_strdup(advice);
    g_ptr_array_add(part->mistakes, mistake);
}

void exercise_part_step(
    ExercisePart *part,
    const char *skill,
    gsize from,
    gsize to,
    RfcReference reference,
    char *place,
    char *working
)
{
    ExerciseStep *step = g_new0(ExerciseStep, 1);
    step->skill = skill;
    step->from = from;
    step->to = to;
    step->reference = reference;
    step->place = place;
    step->working = working;
    g_ptr_array_add(part->steps, step);
}

void exercise_part_whole(
    ExercisePart *part, const char *skill, RfcReference reference, const char *format, ...
)
{
    va_list arguments;
    va_start(arguments, format);
    char *working = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    exercise_part_step(part, skill, 0, G_MAXSIZE, reference, g_strdup("the answer"), working);
}

void exercise_set_hint(Exercise *exercise, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(exercise->hint);
    exercise->hint = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void exercise_set_try(Exercise *exercise, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(exercise->try_out);
    exercise->try_out = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void exercise_set_facts(Exercise *exercise, gpointer facts, GDestroyNotify free_facts)
{
    exercise->facts = facts;
    exercise->free_facts = free_facts;
}
