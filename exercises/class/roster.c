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

/* Headings as learning platforms and offices write them, the better one for an id first. */
static const char *const id_headings[] = {
    "|id|student id|studentid|student_id|id number|matriculation|matriculation "
    "number|matriculation "
    "no|matrikelnummer|matrikel-nr.|matr.-nr.|matrnr|registration number|roll number|sid|",
    "|student|username|user|user name|login|login id|netid|kennung|",
    "|email|email address|e-mail|mail|e-mail-adresse|",
};
static const char *const name_headings =
    "|name|first name|firstname|first_name|full name|given name|vorname|forename|";
static const char *const last_name_headings =
    "|last name|surname|lastname|last_name|family name|nachname|familienname|";

static bool is_one_of(const char *cell, const char *words)
{
    g_autofree char *small = g_ascii_strdown(cell, -1);
    g_autofree char *wanted = g_strdup_printf("|%s|", g_strstrip(small));
    return strstr(words, wanted) != NULL;
}

static gssize find_heading(char *const *row, const char *headings)
{
    for (gssize i = 0; row[i] != NULL; i++) {
        if (is_one_of(row[i], headings)) {
            return i;
        }
    }
    return -1;
}

/* Without headings the id stands first. A row of names alone is a heading, too, but tells no id. */
static bool find_columns(char *const *row, Columns *columns)
{
    *columns = (Columns){
        .id = -1,
        .name = find_heading(row, name_headings),
        .last_name = find_heading(row, last_name_headings),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(id_headings) && columns->id < 0; i++) {
        columns->id = find_heading(row, id_headings[i]);
    }
    columns->has_header = columns->id >= 0;
    if (columns->has_header || columns->name >= 0 || columns->last_name >= 0) {
        return columns->has_header;
    }
    columns->id = 0;
    columns->name = row[0] != NULL && row[1] != NULL ? 1 : -1;
    return true;
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
        Columns columns;
        if (!find_columns(rows->pdata[0], &columns)) {
            g_set_error(
                error,
                G_FILE_ERROR,
                G_FILE_ERROR_INVAL,
                "%s: row 1 has headings, but none is an id; call that column 'id'",
                path
            );
            return false;
        }
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
