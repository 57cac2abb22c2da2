/* Questions whose answers are named: yes or no, and one of several. */

#include "exercises/exercise-maker.h"

static const char *const yes_words[] = {"yes", "y", "true", "valid", "right", "it is", "ja", "oui"};
static const char *const no_words[] = {
    "no", "n", "false", "invalid", "wrong", "not valid", "nein", "non"};

ExercisePart *exercise_ask_yes_no(Exercise *exercise, bool is_yes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *prompt = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    ExercisePart *part = exercise_ask(exercise, ANSWER_WORD, is_yes ? "yes" : "no", "%s", prompt);
    for (gsize i = 1; i < G_N_ELEMENTS(yes_words); i++) {
        exercise_part_accept(part, "%s", is_yes ? yes_words[i] : no_words[i]);
    }
    part->choices = g_strdupv((char *[]){(char *)yes_words[0], (char *)no_words[0], NULL});
    return part;
}

#define CHOICES_MAXIMUM 8

ExercisePart *exercise_ask_choice(
    Exercise *exercise, const char *const *choices, gsize n_choices, gsize right, const char *prompt
)
{
    guint order[CHOICES_MAXIMUM];
    g_assert(n_choices <= CHOICES_MAXIMUM);
    for (guint i = 0; i < n_choices; i++) {
        order[i] = i;
    }
    exercise_shuffle(exercise, order, n_choices);
    GString *text = g_string_new(prompt);
    char key[2] = "A";
    for (gsize i = 0; i < n_choices; i++) {
        g_string_append_printf(text, "\n%c  %s", (char)('A' + i), choices[order[i]]);
        key[0] = order[i] == right ? (char)('A' + i) : key[0];
    }
    ExercisePart *part = exercise_ask(exercise, ANSWER_WORD, key, "%s", text->str);
    exercise_part_accept(part, "%s", choices[right]);
    exercise_part_accept(part, "%s  %s", key, choices[right]);
    part->choices = g_new0(char *, n_choices + 1);
    for (gsize i = 0; i < n_choices; i++) {
        part->choices[i] = g_strdup(choices[order[i]]);
        g_autofree char *letter = g_strdup_printf("%c", (char)('A' + i));
        g_autofree char *sentence = g_strdup_printf("%s is: %s", letter, choices[order[i]]);
        exercise_part_mistake(part, "another choice", letter, sentence, NULL);
    }
    g_string_free(text, TRUE);
    return part;
}
