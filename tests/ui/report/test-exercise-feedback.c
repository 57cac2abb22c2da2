/* What a student wrote comes back in the feedback page and in the table of JUnit: as text, whatever
 * tags stand in it. In JSON and CSV, which no browser reads, it stands as it was written. */

#include "tests/support/test.h"

#include "exercises/class/mark.h"
#include "ui/report/exercise-feedback.h"
#include "ui/report/exercise-marks.h"

#define TAG "<script>alert(1)</script>"

static ClassSheet *make_class(void)
{
    ClassSheet *class = class_sheet_new("Week 3", NULL);
    assert_non_null(class);
    memset(class->secret, 42, sizeof class->secret);
    class_sheet_add_question(class, exercise_kind_find("base64-encode"), 1);
    assert_non_null(class_sheet_add_student(class, "s1", "Alice"));
    return class;
}

static Mark *mark_of_tag(const ClassSheet *class)
{
    g_autoptr(HandIn) hand_in = hand_in_new("s1.txt", class->questions->len);
    hand_in_read_text(hand_in, "Student: s1\nAnswer 1: " TAG "\n");
    return mark_hand_in(class, hand_in, false);
}

static void test_a_tag_in_an_answer_stays_text(void **state)
{
    (void)state;
    g_autoptr(ClassSheet) class = make_class();
    g_autoptr(Mark) mark = mark_of_tag(class);
    g_autoptr(GString) page = g_string_new(NULL);
    feedback_mark_html(page, mark, "Week 3");
    assert_non_null(strstr(page->str, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_null(strstr(page->str, "<script"));
}

static void test_formats_quote_in_their_own_way(void **state)
{
    (void)state;

    static const struct {
        const char *format;
        const char *quoted;
    } cases[] = {
        {.format = "autolab", .quoted = "\"scores\""},
        {.format = "check50", .quoted = "\\\"<\\\" is not in the alphabet"},
        {.format = "csv", .quoted = "s1.txt"},
        {.format = "gradescope", .quoted = TAG},
        {.format = "junit", .quoted = "&lt;script&gt;"},
        {.format = "prairielearn", .quoted = TAG},
    };
    g_autoptr(ClassSheet) class = make_class();
    g_autoptr(Mark) mark = mark_of_tag(class);
    assert_int_equal(G_N_ELEMENTS(cases), n_marks_formats);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const MarksFormat *format = marks_format_find(cases[i].format);
        assert_non_null(format);
        g_autoptr(GString) out = g_string_new(NULL);
        format->one(class, mark, out);
        if (strstr(out->str, cases[i].quoted) == NULL) {
            fail_msg("%s lacks %s: %s", cases[i].format, cases[i].quoted, out->str);
        }
    }
    assert_null(marks_format_find("paper"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tag_in_an_answer_stays_text),
        cmocka_unit_test(test_formats_quote_in_their_own_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
