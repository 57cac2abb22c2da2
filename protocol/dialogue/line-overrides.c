#include "protocol/dialogue/line-overrides.h"

void line_overrides_set(LineOverrides *overrides, guint64 number, const char *text)
{
    if (overrides->texts == NULL) {
        overrides->texts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    }
    g_hash_table_replace(overrides->texts, g_memdup2(&number, sizeof number), g_strdup(text));
}

const char *line_overrides_find(const LineOverrides *overrides, guint64 number)
{
    return overrides->texts == NULL ? NULL : g_hash_table_lookup(overrides->texts, &number);
}

void line_overrides_clear(LineOverrides *overrides)
{
    g_clear_pointer(&overrides->texts, g_hash_table_unref);
}
