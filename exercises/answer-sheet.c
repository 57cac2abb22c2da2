#include "exercises/answer-sheet.h"

#include <string.h>

#include "exercises/exercise-kind.h"

/* White space and marks differ from one form of a sheet to the next; letters and digits do not. */
static bool is_word_octet(char octet)
{
    return g_ascii_isalnum(octet) || ((guint8)octet & 0x80) != 0;
}

static const char *skip_marks(const char *at)
{
    while (*at != '\0' && !is_word_octet(*at)) {
        at++;
    }
    return at;
}

/* Behind the words of 'wanted', which 'at' begins with; NULL: it begins otherwise. */
static const char *skip_words(const char *at, const char *wanted)
{
    for (;;) {
        wanted = skip_marks(wanted);
        if (*wanted == '\0') {
            return at;
        }
        at = skip_marks(at);
        if (g_ascii_tolower(*at) != g_ascii_tolower(*wanted)) {
            return NULL;
        }
        at++;
        wanted++;
    }
}

/* "b)  Which is ...?", "**2b** Which is ...?" */
static bool is_prompt(const char *line, const ExercisePart *part)
{
    const char label[2] = {part->label, '\0'};
    line = skip_marks(line);
    line += strspn(line, "0123456789");
    const char *behind_label = skip_words(line, label);
    return part->label != '\0' && behind_label != NULL &&
           skip_words(behind_label, part->prompt) != NULL;
}

/* A line of mere marks, such as the dot that ends a message, belongs to the answer. */
static bool is_of_sheet(const Exercise *exercise, const char *line)
{
    const char *end = line + strcspn(line, "\n");
    const char *first = line;
    while (first < end && !is_word_octet(*first)) {
        first++;
    }
    if (first == end) {
        return false;
    }
    for (guint i = 0; i < exercise->parts->len; i++) {
        if (is_prompt(line, exercise->parts->pdata[i])) {
            return true;
        }
    }
    return skip_words(line, exercise->kind->how_to_answer) != NULL;
}

/* "b: ...", the answer to the next part. */
static bool is_answer_of_part(const Exercise *exercise, const char *line)
{
    return g_ascii_islower(line[0]) && (guint)(line[0] - 'a') < exercise->parts->len &&
           line[1] == ':' && line[2] == ' ';
}

char *answer_without_sheet(const Exercise *exercise, const char *text)
{
    GString *kept = g_string_new(NULL);
    bool is_dropped = false;
    while (*text != '\0') {
        gsize length = strcspn(text, "\n");
        length += text[length] == '\n' ? 1 : 0;
        if (is_answer_of_part(exercise, text)) {
            is_dropped = false;
        } else if (is_of_sheet(exercise, text)) {
            is_dropped = true;
        }
        if (!is_dropped) {
            g_string_append_len(kept, text, (gssize)length);
        }
        text += length;
    }
    return g_string_free(g_string_truncate(kept, strlen(g_strchomp(kept->str))), FALSE);
}
