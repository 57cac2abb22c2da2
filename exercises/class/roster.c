#include "exercises/class/roster.h"

#include <string.h>

#include "exercises/class/csv-reader.h"
#include "exercises/class/text-decode.h"

typedef struct {
    gssize id;
    gssize name;
    gssize last_name;
    bool has_header;
} Columns;

static bool is_one_of(const char *cell, const char *words)
{
    g_autofree char *small = g_ascii_strdown(cell, -1);
    g_autofree char *wanted = g_strdup_printf("|%s|", g_strstrip(small));
    return strstr(words, wanted) != NULL;
}

static Columns find_columns(char *const *row)
{
    Columns columns = {.id = -1, .name = -1, .last_name = -1};
    for (gssize i = 0; row[i] != NULL; i++) {
        if (columns.id < 0 &&
            is_one_of(
                row[i],
                "|id|student|student id|studentid|sid|username|user|login|matriculation|id "
                "number|email|email address|e-mail|"
            )) {
            columns.id = i;
        } else if (columns.name < 0 && is_one_of(row[i], "|name|first name|firstname|full name|given name|")) {
            columns.name = i;
        } else if (is_one_of(row[i], "|last name|surname|lastname|family name|")) {
            columns.last_name = i;
        }
    }
    columns.has_header = columns.id >= 0;
    if (!columns.has_header) {
        columns =
            (Columns){.id = 0, .name = row[0] != NULL && row[1] != NULL ? 1 : -1, .last_name = -1};
    }
    return columns;
}

static const char *cell_of(char *const *row, gssize column)
{
    return column >= 0 && (gsize)column < g_strv_length((char **)row) ? row[column] : "";
}

static void add_row(
    ClassSheet *sheet, const Columns *columns, char *const *row, guint number, GPtrArray *remarks
)
{
    const char *id = cell_of(row, columns->id);
    g_autofree char *clean = class_clean_id(id);
    g_autofree char *name = g_strstrip(
        g_strjoin(" ", cell_of(row, columns->name), cell_of(row, columns->last_name), NULL)
    );
    if (clean == NULL) {
        g_ptr_array_add(remarks, g_strdup_printf("row %u has no id", number));
    } else if (sheet->students->len >= CLASS_STUDENTS_MAXIMUM) {
        g_ptr_array_add(
            remarks, g_strdup_printf("row %u is beyond %d students", number, CLASS_STUDENTS_MAXIMUM)
        );
    } else if (class_sheet_add_student(sheet, clean, name[0] == '\0' ? NULL : name) == NULL) {
        g_ptr_array_add(
            remarks, g_strdup_printf("row %u: there is a student '%s' already", number, clean)
        );
    } else if (strcmp(clean, id) != 0) {
        g_ptr_array_add(remarks, g_strdup_printf("row %u: the id is written %s", number, clean));
    }
}

bool roster_read(const char *path, ClassSheet *sheet, GPtrArray *out_remarks, GError **error)
{
    gsize length;
    g_autofree char *content = NULL;
    if (!g_file_get_contents(path, &content, &length, error)) {
        return false;
    }
    const char *reason = NULL;
    g_autofree char *text = text_decode(byte_span(content, length), &reason);
    g_autoptr(GPtrArray) rows = text == NULL ? NULL : csv_read(text);
    guint before = sheet->students->len;
    if (rows != NULL && rows->len > 0) {
        Columns columns = find_columns(rows->pdata[0]);
        for (guint i = columns.has_header ? 1 : 0; i < rows->len; i++) {
            add_row(sheet, &columns, rows->pdata[i], i + 1, out_remarks);
        }
    }
    if (sheet->students->len == before && out_remarks->len == 0) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_INVAL,
            "%s: %s",
            path,
            reason == NULL ? "there is no student in it" : reason
        );
        return false;
    }
    return true;
}
