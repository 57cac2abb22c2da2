/* A class: seeds that nobody can compute without the key, no question twice, the key file read
 * back, marks with partial credit, and the table of missed steps. */

#include "tests/support/test.h"

#include <glib/gstdio.h>

#include "exercises/class/class-sheet.h"
#include "exercises/class/mark.h"

#define STUDENTS 300

static ClassSheet *make_class(guint n_students, guint level)
{
    ClassSheet *class = class_sheet_new("Week 3", NULL);
    assert_non_null(class);
    memset(class->secret, 42, sizeof class->secret);
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        class_sheet_add_question(class, &exercise_kinds[i], level);
    }
    for (guint i = 1; i <= n_students; i++) {
        g_autofree char *id = g_strdup_printf("s%u", i);
        assert_non_null(class_sheet_add_student(class, id, NULL));
    }
    return class;
}

/* Nobody's question is a neighbour's: for each kind and level. */
static void check_no_question_comes_twice(guint level)
{
    g_autoptr(ClassSheet) class = make_class(STUDENTS, level);
    for (guint question = 0; question < N_EXERCISE_KINDS; question++) {
        if (exercise_kinds[question].is_program) {
            continue;
        }
        g_autoptr(GHashTable) prints =
            g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        for (guint i = 0; i < STUDENTS; i++) {
            g_autoptr(Exercise) exercise =
                class_sheet_exercise(class, class->students->pdata[i], question);
            guint64 *print = g_new(guint64, 1);
            *print = exercise_fingerprint(exercise);
            if (!g_hash_table_add(prints, print)) {
                fail_msg("%s level %u comes twice", exercise->kind->name, level);
            }
        }
    }
}

static void test_no_question_comes_twice(void **state)
{
    (void)state;
    for (guint level = 1; level <= EXERCISE_LEVELS; level++) {
        check_no_question_comes_twice(level);
    }
}

static void test_seeds(void **state)
{
    (void)state;
    guint8 secret[CLASS_SECRET] = {1};
    guint8 other[CLASS_SECRET] = {2};
    guint64 seed = class_seed(secret, "s1", "quiz", 0, 0);
    assert_true(seed == class_seed(secret, "S1", "quiz", 0, 0));
    assert_true(seed != class_seed(other, "s1", "quiz", 0, 0));
    assert_true(seed != class_seed(secret, "s2", "quiz", 0, 0));
    assert_true(seed != class_seed(secret, "s1", "quiz", 1, 0));
    assert_true(seed != class_seed(secret, "s1", "quiz", 0, 1));
    assert_true(seed != class_seed(secret, "s1", "capture", 0, 0));
}

static void test_key_file(void **state)
{
    (void)state;
    g_autoptr(ClassSheet) class = make_class(3, 1);
    g_autofree char *folder = g_dir_make_tmp("mailwalk-class-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "key", NULL);
    assert_true(class_sheet_save(class, path, NULL));
    GStatBuf status;
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    g_autoptr(ClassSheet) again = class_sheet_load(path, NULL);
    assert_non_null(again);
    for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
        g_autoptr(Exercise) first = class_sheet_exercise(class, class->students->pdata[1], i);
        g_autoptr(Exercise) second = class_sheet_exercise(again, class_sheet_find(again, "S2"), i);
        assert_true(exercise_fingerprint(first) == exercise_fingerprint(second));
    }
    assert_null(class_sheet_find(again, "s4"));
    assert_true(g_file_set_contents(path, "[sheet]\nsecret=12\n", -1, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(class_sheet_load(path, &error));
    assert_non_null(strstr(error->message, "secret"));
    g_unlink(path);
    g_rmdir(folder);
}

static void test_ids(void **state)
{
    (void)state;
    static const char *const ids[][2] = {
        {"s1", "s1"},
        {" a@b.c ", "a@b.c"},
        {"../../etc", "_.__.._etc"},
        {".hidden", "_hidden"},
        {"a/b", "a_b"},
        {"", NULL},
        {"///", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *id = class_clean_id(ids[i][0]);
        if (ids[i][1] == NULL) {
            assert_null(id);
        } else {
            assert_null(strchr(id, '/'));
            assert_true(id[0] != '.');
        }
    }
}

/* Everything right but the padding of question 1. */
static void test_marks(void **state)
{
    (void)state;
    g_autoptr(ClassSheet) class = class_sheet_new("Week 3", NULL);
    class_sheet_add_question(class, &exercise_kinds[EXERCISE_BASE64_ENCODE], 1);
    class_sheet_add_question(class, &exercise_kinds[EXERCISE_REPLY_CODES], 1);
    const ClassStudent *student = class_sheet_add_student(class, "s1", "Alice");
    g_autoptr(HandIn) hand_in = hand_in_new("s1.txt", 2);
    g_autoptr(Exercise) codes = class_sheet_exercise(class, student, 1);
    g_autoptr(Exercise) base64 = class_sheet_exercise(class, student, 0);
    const ExercisePart *first = base64->parts->pdata[0];
    g_autofree char *changed = g_strdup(first->key);
    changed[0] = changed[0] == 'A' ? 'B' : 'A';
    hand_in_add(hand_in, 0, '\0', changed);
    for (guint i = 0; i < codes->parts->len; i++) {
        const ExercisePart *part = codes->parts->pdata[i];
        hand_in_add(hand_in, 1, part->label, part->key);
    }
    g_autoptr(Mark) mark = mark_hand_in(class, hand_in, false);
    assert_null(mark->reason);
    assert_int_equal(mark->maximum_tenths, 200);
    assert_in_range(mark->tenths, 150, 199);
    g_autoptr(ClassTable) table = class_table_new();
    assert_true(class_table_add(table, mark));
    assert_false(class_table_add(table, mark));
    g_autoptr(GPtrArray) missed = class_table_most_missed(table);
    assert_int_equal(missed->len, 1);
    assert_int_equal(((MissedStep *)missed->pdata[0])->question, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_question_comes_twice),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_key_file),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
