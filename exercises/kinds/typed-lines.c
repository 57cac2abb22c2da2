#include "exercises/kinds/typed-lines.h"

#include <stdbool.h>
#include <string.h>

static bool is_server_line(const char *line)
{
    if (g_ascii_strncasecmp(line, "S:", 2) == 0 || g_str_has_prefix(line, "+OK") ||
        g_str_has_prefix(line, "-ERR")) {
        return true;
    }
    bool has_code =
        line[0] >= '2' && line[0] <= '5' && g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]);
    return has_code && (line[3] == ' ' || line[3] == '-');
}

/* From a 354 or DATA on, lines are the message's own until its dot. */
char **typed_lines(const char *text)
{
    GPtrArray *typed = g_ptr_array_new();
    bool in_message = false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    gsize count = g_strv_length(lines);
    while (count > 0 && g_strchomp(lines[count - 1])[0] == '\0') {
        count--;
    }
    for (gsize i = 0; i < count; i++) {
        char *line = g_strchomp(lines[i]);
        bool is_marked = g_ascii_strncasecmp(line, "C:", 2) == 0;
        if (!is_marked && (g_str_has_prefix(line, "S:") || (!in_message && is_server_line(line)))) {
            continue;
        }
        line += is_marked ? 2 + (line[2] == ' ' ? 1 : 0) : 0;
        g_ptr_array_add(typed, g_strdup(line));
        in_message = in_message ? strcmp(line, ".") != 0 : g_ascii_strcasecmp(line, "DATA") == 0;
    }
    g_ptr_array_add(typed, NULL);
    return (char **)g_ptr_array_free(typed, FALSE);
}
