#include "protocol/dialogue/line-overrides.h"

typedef struct {
    char *text;
    bool *said; /* NULL: nobody asks */
} Line;

static void free_line(gpointer data)
{
    Line *line = data;
    g_free(line->text);
    g_free(line);
}

void line_overrides_set(LineOverrides *overrides, guint64 number, const char *text, bool *said)
{
    if (overrides->lines == NULL) {
        overrides->lines = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_line);
    }
    Line *line = g_new0(Line, 1);
    line->text = g_strdup(text);
    line->said = said;
    g_hash_table_replace(overrides->lines, g_memdup2(&number, sizeof number), line);
}

const char *line_overrides_take(const LineOverrides *overrides, guint64 number)
{
    const Line *line =
        overrides->lines == NULL ? NULL : g_hash_table_lookup(overrides->lines, &number);
    if (line == NULL) {
        return NULL;
    }
    if (line->said != NULL) {
        *line->said = true;
    }
    return line->text;
}

void line_overrides_clear(LineOverrides *overrides)
{
    g_clear_pointer(&overrides->lines, g_hash_table_unref);
}
