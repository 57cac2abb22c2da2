#include "exercises/class/csv-reader.h"

#include <stdbool.h>
#include <string.h>

static char separator_of(const char *text)
{
    static const char candidates[] = ",;\t";
    gsize counts[3] = {0, 0, 0};
    for (const char *at = text; *at != '\0' && *at != '\n'; at++) {
        const char *found = strchr(candidates, *at);
        if (found != NULL) {
            counts[found - candidates]++;
        }
    }
    gsize best = counts[1] > counts[0] ? 1 : 0;
    return candidates[counts[2] > counts[best] ? 2 : best];
}

static void end_cell(GPtrArray *row, GString *cell)
{
    if (row->len < CSV_CELLS_MAXIMUM) {
        g_ptr_array_add(row, g_strstrip(g_strdup(cell->str)));
    }
    g_string_truncate(cell, 0);
}

static GPtrArray *end_row(GPtrArray *rows, GPtrArray *row)
{
    bool is_empty = row->len == 1 && ((const char *)row->pdata[0])[0] == '\0';
    g_ptr_array_add(row, NULL);
    if (is_empty) {
        g_strfreev((char **)g_ptr_array_free(row, FALSE));
    } else {
        g_ptr_array_add(rows, g_ptr_array_free(row, FALSE));
    }
    return g_ptr_array_new();
}

static void free_row(gpointer data)
{
    g_strfreev(data);
}

GPtrArray *csv_read(const char *text)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(free_row);
    GPtrArray *row = g_ptr_array_new();
    g_autoptr(GString) cell = g_string_new(NULL);
    char separator = separator_of(text);
    bool is_quoted = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' && is_quoted && at[1] == '"') {
            g_string_append_c(cell, '"');
            at++;
        } else if (*at == '"' && (is_quoted || cell->len == 0)) {
            is_quoted = !is_quoted;
        } else if (*at == separator && !is_quoted) {
            end_cell(row, cell);
        } else if (*at == '\n' && !is_quoted) {
            end_cell(row, cell);
            row = end_row(rows, row);
        } else if (*at != '\r' || is_quoted) {
            g_string_append_c(cell, *at);
        }
    }
    if (cell->len > 0 || row->len > 0) {
        end_cell(row, cell);
        row = end_row(rows, row);
    }
    g_ptr_array_unref(row);
    return rows;
}

void csv_append(GString *out, const char *cell)
{
    bool is_formula = cell[0] != '\0' && strchr("=+-@\t\r", cell[0]) != NULL;
    bool is_plain = cell[strcspn(cell, ",;\"\r\n\t")] == '\0' && !is_formula;
    if (is_plain) {
        g_string_append(out, cell);
        return;
    }
    g_string_append(out, is_formula ? "\"'" : "\"");
    for (const char *at = cell; *at != '\0'; at++) {
        g_string_append(out, *at == '"' ? "\"" : "");
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}
