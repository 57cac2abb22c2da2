#include "protocol/text/edit-distance.h"

#include <string.h>

#define LONGEST_WORD 63

guint edit_distance(const char *left, const char *right)
{
    guint rows[3][LONGEST_WORD + 1] = {0};
    guint *before = rows[0];
    guint *previous = rows[1];
    guint *current = rows[2];
    gsize left_length = strlen(left);
    gsize right_length = strlen(right);
    if (left_length > LONGEST_WORD || right_length > LONGEST_WORD) {
        return G_MAXUINT;
    }
    for (gsize j = 0; j <= right_length; j++) {
        previous[j] = (guint)j;
    }
    for (gsize i = 1; i <= left_length; i++) {
        char a = g_ascii_tolower(left[i - 1]);
        current[0] = (guint)i;
        for (gsize j = 1; j <= right_length; j++) {
            char b = g_ascii_tolower(right[j - 1]);
            current[j] = MIN(MIN(previous[j], current[j - 1]) + 1, previous[j - 1] + (a != b));
            if (i > 1 && j > 1 && a == g_ascii_tolower(right[j - 2]) &&
                b == g_ascii_tolower(left[i - 2])) {
                current[j] = MIN(current[j], before[j - 2] + 1);
            }
        }
        guint *oldest = before;
        before = previous;
        previous = current;
        current = oldest;
    }
    return previous[right_length];
}

guint edit_distance_limit(const char *word)
{
    return (guint)MAX(strlen(word) / 3, 1);
}
