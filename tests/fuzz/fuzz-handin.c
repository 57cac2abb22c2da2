/* A hand-in of any octets against a class of every kind: read as text, JSON and table, marked, and
 * written in every format. Nothing in it may crash or become right. */

#include <glib.h>
#include <stdint.h>

#include "exercises/class/csv-reader.h"
#include "exercises/class/hand-in.h"
#include "exercises/class/mark.h"
#include "exercises/class/text-decode.h"
#include "ui/report/exercise-feedback.h"
#include "ui/report/exercise-marks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One class for all inputs; its secret does not matter here. */
static ClassSheet *the_class(void)
{
    static ClassSheet *class;
    if (class == NULL) {
        class = class_sheet_new("Exercises", NULL);
        g_assert(class != NULL);
        memset(class->secret, 7, sizeof class->secret);
        for (guint i = 0; i < N_EXERCISE_KINDS; i++) {
            class_sheet_add_question(class, &exercise_kinds[i], 1 + i % EXERCISE_LEVELS);
        }
        g_assert(class_sheet_add_student(class, "s1", "Alice") != NULL);
    }
    return class;
}

static void write_all(const ClassSheet *class, const Mark *mark)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (gsize i = 0; i < n_marks_formats; i++) {
        marks_formats[i].one(class, mark, out);
    }
    g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
    g_autoptr(GString) page = g_string_new(NULL);
    feedback_mark_html(page, mark, "Exercises");
    g_assert(g_utf8_validate(page->str, (gssize)page->len, NULL));
    g_assert(strstr(page->str, "<script") == NULL); /* in a table or JSON the words may stand */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *reason = NULL;
    g_autofree char *text = size > 65536 ? NULL : text_decode(byte_span(data, size), &reason);
    if (text == NULL) {
        return 0;
    }
    const ClassSheet *class = the_class();
    g_ptr_array_unref(csv_read(text));
    g_autoptr(HandIn) hand_in = hand_in_new("s1.txt", class->questions->len);
    hand_in_read_text(hand_in, text);
    g_autoptr(Mark) mark = mark_hand_in(class, hand_in, false);
    write_all(class, mark);
    return 0;
}
