/* What is said to the working of "Lev!": which octet, which bits, which group, which letter. */

#include "tests/support/test.h"

#include "exercises/exercise-kind.h"

typedef struct {
    const char *answer;
    bool is_right;
    const char *where;   /* its beginning */
    const char *mistake; /* NULL: none is named */
} WorkingCase;

static const WorkingCase cases[] = {
    {"TGV2IQ==", true, NULL, NULL},
    {"TGV2\nIQ==", true, NULL, NULL},
    {"octets 76 101 118 33\nbits 01001100 01100101 01110110 00100001\nresult TGV2IQ==",
     true,
     NULL,
     NULL},
    {"octets: 0x4c 65 76 21\nbase64: TGV2IQ==", true, NULL, NULL},
    {"by six 010011 000110 010101 110110 | 001000 01(0000)\nresult TGV2IQ==", true, NULL, NULL},
    {"octets 76 101 119 33\nresult TGV3IQ==", false, "octet 3", "wrong code"},
    {"bits 1001100 01100101 01110110 00100001",
     false,
     "the bits of octet 1",
     "dropped leading zeros"},
    {"sextets 01001100 01100101", false, "group 1", "used 8-bit groups"},
    {"sextets 010011 000110 010101 110110 001000 011111\nresult x",
     false,
     "group 6",
     "filled with ones"},
    {"index 19 6 21 54 8 17\nresult TGV2IR==", false, "index 6", NULL},
    {"TGV2IR==", false, "letter 6", "filled with ones"},
    {"TGV2If==", false, "letter 6", "filled with ones"},
    {"TGV2IQ", false, "letter 7", "forgot the padding"},
    {"TGV2IQ=", false, "letter 8", "wrong number of '='"},
    {"tgv2iq==", false, "letter 1", "swapped upper and lower case"},
    {"NGM2NTc2MjE=", false, "letter 1", "encoded the hex digits"},
    {"TGV2IQo=", false, "letter 7", "encoded a line end"},
    {"TGV2Iq==", false, "letter 6", "swapped upper and lower case"},
    {"TGV2I*==", false, "letter 6", NULL},
    {"", false, "Nothing", NULL},
};

static void test_lev(void **state)
{
    (void)state;
    g_autoptr(Exercise) exercise =
        exercise_new(&exercise_kinds[EXERCISE_BASE64_ENCODE], 1, 1, "Lev!");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ExerciseVerdict) verdict = exercise_check_text(exercise, cases[i].answer);
        const ExercisePartVerdict *part = exercise_verdict_part(verdict, 0);
        assert_int_equal(verdict->is_right, cases[i].is_right);
        if (cases[i].where != NULL) {
            assert_non_null(part->where);
            assert_memory_equal(part->where, cases[i].where, strlen(cases[i].where));
            assert_non_null(part->why);
        }
        if (g_strcmp0(part->mistake, cases[i].mistake) != 0) {
            fail_msg("%s: %s, not %s", cases[i].answer, part->mistake, cases[i].mistake);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lev)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
