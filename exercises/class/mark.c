#include "exercises/class/mark.h"

#include <string.h>

#include "exercises/class/hand-in-source.h"

guint mark_tenths(const ExerciseVerdict *verdict)
{
    return verdict->n_steps == 0 ? 0 : verdict->n_right * CLASS_POINTS * 10 / verdict->n_steps;
}

static void free_exercise(gpointer data)
{
    exercise_free(data);
}

static void free_verdict(gpointer data)
{
    exercise_verdict_free(data);
}

/* The file whose name fits the kind, or the only one that is no text. */
static const char *find_program(const HandIn *hand_in, const ExerciseKind *kind)
{
    const char *only = NULL;
    guint count = 0;
    for (gsize i = 0; hand_in->programs != NULL && hand_in->programs[i] != NULL; i++) {
        g_autofree char *name = g_path_get_basename(hand_in->programs[i]);
        const char *wanted = strrchr(kind->name, '-') + 1; /* client, server */
        if (g_str_has_prefix(name, kind->name) ||
            g_str_has_prefix(name, kind->name + strlen("write-"))) {
            return hand_in->programs[i];
        }
        bool is_text = g_str_has_suffix(name, ".txt") || g_str_has_suffix(name, ".md") ||
                       g_str_has_suffix(name, ".json");
        if (!is_text && (only == NULL || strstr(name, wanted) != NULL)) {
            only = hand_in->programs[i];
        }
        count += is_text ? 0 : 1;
    }
    return count > 0 ? only : NULL;
}

static void mark_question(
    Mark *mark, const ClassSheet *sheet, const HandIn *hand_in, guint question, bool runs_programs
)
{
    Exercise *exercise = class_sheet_exercise(sheet, mark->student, question);
    ExerciseVerdict *verdict;
    exercise->may_run = runs_programs;
    if (exercise->kind->is_program) {
        const char *program = find_program(hand_in, exercise->kind);
        verdict = exercise_check(exercise, &program, 1);
    } else {
        verdict = exercise_check_text(exercise, hand_in->answers[question]);
    }
    mark->tenths += mark_tenths(verdict);
    mark->maximum_tenths += CLASS_POINTS * 10;
    g_ptr_array_add(mark->exercises, exercise);
    g_ptr_array_add(mark->verdicts, verdict);
}

static bool has_program(const ClassSheet *sheet)
{
    for (guint i = 0; i < sheet->questions->len; i++) {
        if (g_array_index(sheet->questions, ClassQuestion, i).kind->is_program) {
            return true;
        }
    }
    return false;
}

Mark *mark_hand_in(const ClassSheet *sheet, const HandIn *hand_in, bool runs_programs)
{
    Mark *mark = g_new0(Mark, 1);
    mark->source = g_strdup(hand_in->source);
    mark->student = hand_in_student(hand_in, sheet);
    mark->exercises = g_ptr_array_new_with_free_func(free_exercise);
    mark->verdicts = g_ptr_array_new_with_free_func(free_verdict);
    bool may_lack_text = hand_in->programs != NULL && has_program(sheet);
    if (hand_in->reason != NULL && !may_lack_text) {
        mark->reason = g_strdup(hand_in->reason);
    } else if (mark->student == NULL) {
        mark->reason = g_strdup("it is from nobody in the key file: no id in it or in its name");
    }
    for (guint i = 0; mark->reason == NULL && i < sheet->questions->len; i++) {
        mark_question(mark, sheet, hand_in, i, runs_programs);
    }
    return mark;
}

void mark_free(Mark *mark)
{
    if (mark != NULL) {
        g_ptr_array_unref(mark->verdicts);
        g_ptr_array_unref(mark->exercises);
        g_free(mark->source);
        g_free(mark->reason);
        g_free(mark);
    }
}

/* --- the class --- */

ClassTable *class_table_new(void)
{
    ClassTable *table = g_new0(ClassTable, 1);
    table->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    table->students = g_hash_table_new(g_direct_hash, g_direct_equal);
    return table;
}

void class_table_free(ClassTable *table)
{
    if (table != NULL) {
        g_hash_table_unref(table->steps);
        g_hash_table_unref(table->students);
        g_free(table);
    }
}

static MissedStep *step_of(ClassTable *table, guint question, const char *kind, const char *skill)
{
    g_autofree char *name = g_strdup_printf("%u/%s", question, skill);
    MissedStep *step = g_hash_table_lookup(table->steps, name);
    if (step == NULL) {
        step = g_new0(MissedStep, 1);
        *step = (MissedStep){.question = question, .kind = kind, .skill = skill};
        g_hash_table_insert(table->steps, g_steal_pointer(&name), step);
    }
    return step;
}

/* Each skill counts once for a question, as right only where all its steps are. */
static void
count_part(ClassTable *table, guint question, const char *kind, const ExercisePartVerdict *verdict)
{
    for (guint i = 0; i < verdict->n_steps; i++) {
        const ExerciseStep *step = verdict->part->steps->pdata[i];
        bool is_first = true;
        bool is_right = true;
        for (guint j = 0; j < verdict->n_steps; j++) {
            const ExerciseStep *other = verdict->part->steps->pdata[j];
            if (strcmp(other->skill, step->skill) == 0) {
                is_first = is_first && j >= i;
                is_right = is_right && verdict->steps_right[j];
            }
        }
        if (is_first) {
            MissedStep *missed = step_of(table, question, kind, step->skill);
            missed->asked++;
            missed->missed += is_right ? 0 : 1;
        }
    }
}

bool class_table_add(ClassTable *table, const Mark *mark)
{
    if (mark->reason != NULL) {
        table->n_unreadable++;
        return true;
    }
    if (!g_hash_table_add(table->students, (gpointer)mark->student)) {
        table->n_duplicates++;
        return false;
    }
    table->n_marked++;
    table->tenths += mark->tenths;
    table->maximum_tenths += mark->maximum_tenths;
    table->histogram[mark->maximum_tenths == 0 ? 0 : mark->tenths * 10 / mark->maximum_tenths]++;
    for (guint i = 0; i < mark->verdicts->len; i++) {
        const ExerciseVerdict *verdict = mark->verdicts->pdata[i];
        for (guint j = 0; j < verdict->parts->len; j++) {
            count_part(table, i, verdict->exercise->kind->name, exercise_verdict_part(verdict, j));
        }
    }
    return true;
}

static gint by_missed(gconstpointer left, gconstpointer right)
{
    const MissedStep *a = *(const MissedStep *const *)left;
    const MissedStep *b = *(const MissedStep *const *)right;
    guint64 share_a = (guint64)a->missed * b->asked;
    guint64 share_b = (guint64)b->missed * a->asked;
    if (share_a != share_b) {
        return share_a > share_b ? -1 : 1;
    }
    return a->question != b->question ? (a->question < b->question ? -1 : 1)
                                      : strcmp(a->skill, b->skill);
}

GPtrArray *class_table_most_missed(const ClassTable *table)
{
    GPtrArray *steps = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer step;
    g_hash_table_iter_init(&iterator, table->steps);
    while (g_hash_table_iter_next(&iterator, NULL, &step)) {
        if (((MissedStep *)step)->missed > 0) {
            g_ptr_array_add(steps, step);
        }
    }
    g_ptr_array_sort(steps, by_missed);
    return steps;
}

GPtrArray *class_table_absent(const ClassTable *table, const ClassSheet *sheet)
{
    GPtrArray *absent = g_ptr_array_new();
    for (guint i = 0; i < sheet->students->len; i++) {
        if (!g_hash_table_contains(table->students, sheet->students->pdata[i])) {
            g_ptr_array_add(absent, sheet->students->pdata[i]);
        }
    }
    return absent;
}
