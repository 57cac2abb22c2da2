#include "exercises/class/hand-in-source.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "exercises/class/csv-reader.h"
#include "exercises/class/text-decode.h"

/* The id that the hand-in gives, or the longest id of the class that stands in its name, as in
 * "Doe_Jane_12345_assignsubmission_file_". */
static const ClassStudent *find_in_name(const char *name, const ClassSheet *sheet)
{
    g_autofree char *stem = g_strdup(name);
    const ClassStudent *student = class_sheet_find(sheet, stem);
    char *dot;
    while (student == NULL && (dot = strrchr(stem, '.')) != NULL) {
        *dot = '\0';
        student = class_sheet_find(sheet, stem);
    }
    g_auto(GStrv) words = g_strsplit_set(name, " _()[],+/", -1);
    for (gsize i = 0; words[i] != NULL && student == NULL; i++) {
        student = words[i][0] == '\0' ? NULL : class_sheet_find(sheet, words[i]);
    }
    return student;
}

const ClassStudent *hand_in_student(const HandIn *hand_in, const ClassSheet *sheet)
{
    const ClassStudent *student =
        hand_in->student == NULL ? NULL : class_sheet_find(sheet, hand_in->student);
    return student != NULL ? student : find_in_name(hand_in->source, sheet);
}

/* A regular file of a size that can be; NULL: the reason. */
static char *read_file(const char *path, gsize maximum, gsize *out_length, char **out_reason)
{
    GStatBuf status;
    if (g_lstat(path, &status) != 0) {
        *out_reason = g_strdup(g_strerror(errno));
        return NULL;
    }
    bool is_regular = (status.st_mode & S_IFMT) == S_IFREG;
    if (!is_regular || (gsize)status.st_size > maximum) {
        *out_reason = is_regular ? g_strdup_printf("it is larger than %zu octets", maximum)
                                 : g_strdup("it is no ordinary file (links are not followed)");
        return NULL;
    }
    char *content = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &content, out_length, &error)) {
        *out_reason = g_strdup(error->message);
    }
    return content;
}

static char *read_text(const char *path, gsize maximum, char **out_reason)
{
    gsize length;
    g_autofree char *content = read_file(path, maximum, &length, out_reason);
    const char *why = NULL;
    char *text = content == NULL ? NULL : text_decode(byte_span(content, length), &why);
    if (content != NULL && text == NULL) {
        *out_reason = g_strdup(why);
    }
    return text;
}

static bool is_table(const char *path)
{
    return g_str_has_suffix(path, ".csv") || g_str_has_suffix(path, ".tsv");
}

/* --- a table --- */

static bool is_id_column(const char *cell)
{
    static const char *const names[] = {
        "student",
        "id",
        "student id",
        "studentid",
        "username",
        "user",
        "matriculation",
        "sid",
        "id number"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_ascii_strcasecmp(cell, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A header row, or else: id first, then the answers to question 1, 2 ... */
static bool has_header(char *const *row)
{
    bool has_id = false;
    for (gsize i = 0; row[i] != NULL; i++) {
        has_id = has_id || is_id_column(row[i]);
    }
    return has_id;
}

static void read_row(HandIn *hand_in, char *const *header, char *const *row)
{
    for (gsize i = 0; row[i] != NULL; i++) {
        guint question = (guint)i - 1;
        char part = '\0';
        if (header != NULL && i >= g_strv_length((char **)header)) {
            break;
        }
        if (header == NULL ? i == 0 : is_id_column(header[i])) {
            g_free(hand_in->student);
            hand_in->student = g_strdup(row[i]);
        } else if (header != NULL ? hand_in_read_label(header[i], hand_in->n_questions, &question, &part)
                                  : i <= hand_in->n_questions) {
            hand_in_add(hand_in, question, part, row[i]);
        }
    }
}

static void each_row(
    const char *path, const char *text, const ClassSheet *sheet, HandInTaker taker, gpointer data
)
{
    g_autoptr(GPtrArray) rows = csv_read(text);
    char **header = rows->len > 0 && has_header(rows->pdata[0]) ? rows->pdata[0] : NULL;
    g_autofree char *name = g_path_get_basename(path);
    guint first = header == NULL ? 0 : 1;
    for (guint i = first; i < rows->len; i++) {
        g_autofree char *source = g_strdup_printf("%s, row %u", name, i + 1);
        g_autoptr(HandIn) hand_in = hand_in_new(source, sheet->questions->len);
        read_row(hand_in, header, rows->pdata[i]);
        taker(hand_in, i - first + 1, rows->len - first, data);
    }
}

/* --- files and folders --- */

static void take_text(HandIn *hand_in, const char *path)
{
    g_autofree char *text = read_text(path, HAND_IN_SIZE_MAXIMUM, &hand_in->reason);
    if (text != NULL) {
        hand_in_read_text(hand_in, text);
    }
}

static GPtrArray *names_in(const char *path, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, error);
    if (folder == NULL) {
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (name[0] != '.') {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    return names;
}

static gint by_name(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_answer_name(const char *name)
{
    static const char *const endings[] = {".txt", ".md", ".json", ".text", ".answers"};
    for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *small = g_ascii_strdown(name, -1);
        if (g_str_has_suffix(small, endings[i])) {
            return true;
        }
    }
    return strchr(name, '.') == NULL;
}

/* A student's own folder: text files are read together, other files may be programs. */
static void read_folder(HandIn *hand_in, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = names_in(path, &error);
    if (names == NULL) {
        hand_in->reason = g_strdup(error->message);
        return;
    }
    g_ptr_array_sort(names, by_name);
    g_autoptr(GPtrArray) programs = g_ptr_array_new();
    for (guint i = 0; i < MIN(names->len, HAND_IN_FILES_MAXIMUM); i++) {
        g_autofree char *file = g_build_filename(path, names->pdata[i], NULL);
        if (is_answer_name(names->pdata[i])) {
            g_clear_pointer(&hand_in->reason, g_free);
            take_text(hand_in, file);
        }
        g_ptr_array_add(programs, g_steal_pointer(&file));
    }
    if (names->len == 0) {
        hand_in->reason = g_strdup("the folder is empty");
    }
    g_ptr_array_add(programs, NULL);
    hand_in->programs = (char **)g_ptr_array_free(g_steal_pointer(&programs), FALSE);
}

static void each_entry(
    const char *path, GPtrArray *names, const ClassSheet *sheet, HandInTaker taker, gpointer data
)
{
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *entry = g_build_filename(path, name, NULL);
        g_autoptr(HandIn) hand_in = hand_in_new(name, sheet->questions->len);
        bool is_link = g_file_test(entry, G_FILE_TEST_IS_SYMLINK);
        if (!is_link && g_file_test(entry, G_FILE_TEST_IS_DIR)) {
            read_folder(hand_in, entry);
        } else {
            take_text(hand_in, entry);
        }
        taker(hand_in, i + 1, names->len, data);
    }
}

static bool each_of_file(
    const char *path, const ClassSheet *sheet, HandInTaker taker, gpointer data, GError **error
)
{
    char *reason = NULL;
    gsize maximum = is_table(path) ? HAND_IN_TABLE_MAXIMUM : HAND_IN_SIZE_MAXIMUM;
    g_autofree char *text = read_text(path, maximum, &reason);
    if (text == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path, reason);
        g_free(reason);
        return false;
    }
    if (is_table(path)) {
        each_row(path, text, sheet, taker, data);
        return true;
    }
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(HandIn) hand_in = hand_in_new(name, sheet->questions->len);
    hand_in_read_text(hand_in, text);
    taker(hand_in, 1, 1, data);
    return true;
}

bool hand_in_each(
    const char *path, const ClassSheet *sheet, HandInTaker taker, gpointer data, GError **error
)
{
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return each_of_file(path, sheet, taker, data, error);
    }
    g_autoptr(GPtrArray) names = names_in(path, error);
    if (names == NULL) {
        return false;
    }
    g_ptr_array_sort(names, by_name);
    each_entry(path, names, sheet, taker, data);
    return true;
}
