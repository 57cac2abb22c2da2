#include "exercises/kinds/number-set.h"

char *number_set_text(guint32 bits)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < 32; i++) {
        if ((bits & 1u << i) != 0) {
            g_string_append_printf(text, "%s%u", text->len == 0 ? "" : ", ", i + 1);
        }
    }
    return g_string_free(text->len == 0 ? g_string_append(text, "none") : text, FALSE);
}

void number_set_steps(
    ExercisePart *part,
    guint32 bits,
    const char *skill,
    RfcReference reference,
    const char *sentence
)
{
    gsize item = 0;
    for (guint i = 0; i < 32; i++) {
        if ((bits & 1u << i) != 0) {
            exercise_part_step(
                part,
                skill,
                item,
                item + 1,
                reference,
                g_strdup_printf("message %u", i + 1),
                g_strdup_printf("Message %u belongs to it: %s", i + 1, sentence)
            );
            item++;
        }
    }
    if (item == 0) {
        exercise_part_step(
            part, skill, 0, G_MAXSIZE, reference, g_strdup("the answer"), g_strdup(sentence)
        );
    }
}
