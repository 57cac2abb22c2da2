#include "exercises/class/class-sheet.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define ID_MAXIMUM 64
#define ATTEMPTS_MAXIMUM 1000
#define GROUP_SHEET "sheet"

static void free_student(gpointer data)
{
    ClassStudent *student = data;
    g_free(student->id);
    g_free(student->name);
    g_free(student->attempts);
    g_free(student);
}

static ClassSheet *sheet_new(const char *title)
{
    ClassSheet *sheet = g_new0(ClassSheet, 1);
    sheet->title = g_strdup(title);
    sheet->questions = g_array_new(FALSE, TRUE, sizeof(ClassQuestion));
    sheet->students = g_ptr_array_new_with_free_func(free_student);
    sheet->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sheet->prints = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return sheet;
}

ClassSheet *class_sheet_new(const char *title, GError **error)
{
    g_autoptr(ClassSheet) sheet = sheet_new(title);
    FILE *source = fopen("/dev/urandom", "rb");
    gsize length = source == NULL ? 0 : fread(sheet->secret, 1, CLASS_SECRET, source);
    if (source != NULL) {
        fclose(source);
    }
    if (length != CLASS_SECRET) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_IO,
            "/dev/urandom gives no random octets for the secret"
        );
        return NULL;
    }
    return g_steal_pointer(&sheet);
}

void class_sheet_free(ClassSheet *sheet)
{
    if (sheet != NULL) {
        g_free(sheet->title);
        g_array_unref(sheet->questions);
        g_hash_table_unref(sheet->by_id);
        g_hash_table_unref(sheet->prints);
        g_ptr_array_unref(sheet->students);
        memset(sheet->secret, 0, CLASS_SECRET);
        g_free(sheet);
    }
}

char *class_clean_id(const char *text)
{
    GString *id = g_string_new(NULL);
    g_autofree char *trimmed = g_strstrip(g_strdup(text));
    for (const char *at = trimmed; *at != '\0' && id->len < ID_MAXIMUM; at++) {
        bool is_safe = g_ascii_isalnum(*at) || strchr("_-@.", *at) != NULL;
        g_string_append_c(id, is_safe && (*at != '.' || id->len > 0) ? *at : '_');
    }
    bool has_letter =
        strpbrk(id->str, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != NULL;
    return g_string_free(id, !has_letter);
}

guint64 class_seed(
    const guint8 secret[CLASS_SECRET],
    const char *id,
    const char *kind,
    guint question,
    guint attempt
)
{
    guint8 digest[32];
    gsize length = sizeof digest;
    g_autofree char *small = g_ascii_strdown(id, -1);
    g_autofree char *tail = g_strdup_printf("%u/%u", question, attempt);
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, secret, CLASS_SECRET);
    g_hmac_update(hmac, (const guchar *)small, (gssize)strlen(small) + 1);
    g_hmac_update(hmac, (const guchar *)kind, (gssize)strlen(kind) + 1);
    g_hmac_update(hmac, (const guchar *)tail, -1);
    g_hmac_get_digest(hmac, digest, &length);
    g_hmac_unref(hmac);
    guint64 seed = 0;
    for (gsize i = 0; i < 8; i++) {
        seed = seed << 8 | digest[i];
    }
    return seed;
}

static const ClassQuestion *question_at(const ClassSheet *sheet, guint index)
{
    return &g_array_index(sheet->questions, ClassQuestion, index);
}

void class_sheet_add_question(ClassSheet *sheet, const ExerciseKind *kind, guint level)
{
    ClassQuestion question = {.kind = kind, .level = level};
    g_array_append_val(sheet->questions, question);
}

Exercise *class_sheet_exercise(const ClassSheet *sheet, const ClassStudent *student, guint index)
{
    const ClassQuestion *question = question_at(sheet, index);
    guint64 seed = class_seed(
        sheet->secret, student->id, question->kind->name, index, student->attempts[index]
    );
    return exercise_new(question->kind, seed, question->level, NULL);
}

/* Draws until the question is one that nobody has; programs are the same for all. */
static void draw_question(ClassSheet *sheet, ClassStudent *student, guint index)
{
    for (guint attempt = 0; attempt < ATTEMPTS_MAXIMUM; attempt++) {
        student->attempts[index] = attempt;
        g_autoptr(Exercise) exercise = class_sheet_exercise(sheet, student, index);
        guint64 print = exercise_fingerprint(exercise) ^ (guint64)index << 56;
        if (exercise->kind->is_program || !g_hash_table_contains(sheet->prints, &print)) {
            guint64 *kept = g_new(guint64, 1);
            *kept = print;
            g_hash_table_add(sheet->prints, kept);
            return;
        }
    }
}

static ClassStudent *insert_student(ClassSheet *sheet, const char *id, const char *name)
{
    g_autofree char *small = g_ascii_strdown(id, -1);
    if (g_hash_table_contains(sheet->by_id, small)) {
        return NULL;
    }
    ClassStudent *student = g_new0(ClassStudent, 1);
    student->id = g_strdup(id);
    student->name = g_strdup(name);
    student->attempts = g_new0(guint, MAX(sheet->questions->len, 1));
    g_ptr_array_add(sheet->students, student);
    g_hash_table_insert(sheet->by_id, g_steal_pointer(&small), student);
    return student;
}

const ClassStudent *class_sheet_add_student(ClassSheet *sheet, const char *id, const char *name)
{
    ClassStudent *student = insert_student(sheet, id, name);
    for (guint i = 0; student != NULL && i < sheet->questions->len; i++) {
        draw_question(sheet, student, i);
    }
    return student;
}

const ClassStudent *class_sheet_find(const ClassSheet *sheet, const char *id)
{
    g_autofree char *clean = class_clean_id(id);
    if (clean == NULL) {
        return NULL;
    }
    g_autofree char *small = g_ascii_strdown(clean, -1);
    return g_hash_table_lookup(sheet->by_id, small);
}

/* --- the key file --- */

static bool fail(GError **error, const char *path, const char *what)
{
    g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s: %s", path, what);
    return false;
}

static bool read_secret(ClassSheet *sheet, const char *hex)
{
    if (hex == NULL || strlen(hex) != 2 * CLASS_SECRET) {
        return false;
    }
    for (gsize i = 0; i < CLASS_SECRET; i++) {
        int high = g_ascii_xdigit_value(hex[2 * i]);
        int low = g_ascii_xdigit_value(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        sheet->secret[i] = (guint8)(high * 16 + low);
    }
    return true;
}

static bool read_questions(ClassSheet *sheet, GKeyFile *file, const char *path, GError **error)
{
    gsize count = 0;
    g_auto(GStrv) questions =
        g_key_file_get_string_list(file, GROUP_SHEET, "questions", &count, NULL);
    for (gsize i = 0; i < count; i++) {
        g_auto(GStrv) parts = g_strsplit(questions[i], ":", 2);
        const ExerciseKind *kind = exercise_kind_find(parts[0] == NULL ? "" : parts[0]);
        guint64 level =
            parts[0] == NULL || parts[1] == NULL ? 0 : g_ascii_strtoull(parts[1], NULL, 10);
        if (kind == NULL || level < 1 || level > EXERCISE_LEVELS || i >= CLASS_QUESTIONS_MAXIMUM) {
            g_autofree char *what =
                g_strdup_printf("question %zu, '%s', is none", i + 1, questions[i]);
            return fail(error, path, what);
        }
        class_sheet_add_question(sheet, kind, (guint)level);
    }
    return count > 0 || fail(error, path, "it has no questions");
}

static bool read_students(ClassSheet *sheet, GKeyFile *file, const char *path, GError **error)
{
    gsize count = 0;
    g_auto(GStrv) groups = g_key_file_get_groups(file, &count);
    for (gsize i = 0; i < count; i++) {
        if (!g_str_has_prefix(groups[i], "student ")) {
            continue;
        }
        g_autofree char *id = g_key_file_get_string(file, groups[i], "id", NULL);
        g_autofree char *name = g_key_file_get_string(file, groups[i], "name", NULL);
        g_autofree char *clean = id == NULL ? NULL : class_clean_id(id);
        ClassStudent *student =
            clean == NULL || strcmp(clean, id) != 0 ? NULL : insert_student(sheet, id, name);
        if (student == NULL) {
            g_autofree char *what = g_strdup_printf("[%s] has no id of its own", groups[i]);
            return fail(error, path, what);
        }
        gsize n_attempts = 0;
        g_autofree int *attempts =
            g_key_file_get_integer_list(file, groups[i], "attempts", &n_attempts, NULL);
        for (gsize j = 0; j < MIN(n_attempts, sheet->questions->len); j++) {
            student->attempts[j] = (guint)MAX(attempts[j], 0);
        }
    }
    return true;
}

ClassSheet *class_sheet_load(const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    g_autofree char *title = g_key_file_get_string(file, GROUP_SHEET, "title", NULL);
    g_autofree char *secret = g_key_file_get_string(file, GROUP_SHEET, "secret", NULL);
    g_autoptr(ClassSheet) sheet = sheet_new(title);
    if (!read_secret(sheet, secret)) {
        fail(error, path, "it has no secret of 64 hexadecimal digits: is it a key file?");
        return NULL;
    }
    if (!read_questions(sheet, file, path, error) || !read_students(sheet, file, path, error)) {
        return NULL;
    }
    return g_steal_pointer(&sheet);
}

static void write_student(GKeyFile *file, const ClassSheet *sheet, guint index)
{
    const ClassStudent *student = sheet->students->pdata[index];
    g_autofree char *group = g_strdup_printf("student %u", index + 1);
    g_key_file_set_string(file, group, "id", student->id);
    if (student->name != NULL) {
        g_autofree char *name = g_utf8_make_valid(student->name, -1);
        g_key_file_set_string(file, group, "name", name);
    }
    g_key_file_set_integer_list(
        file, group, "attempts", (gint *)student->attempts, sheet->questions->len
    );
}

bool class_sheet_save(const ClassSheet *sheet, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    GString *secret = g_string_new(NULL);
    for (gsize i = 0; i < CLASS_SECRET; i++) {
        g_string_append_printf(secret, "%02x", sheet->secret[i]);
    }
    g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < sheet->questions->len; i++) {
        const ClassQuestion *question = question_at(sheet, i);
        g_ptr_array_add(questions, g_strdup_printf("%s:%u", question->kind->name, question->level));
    }
    g_key_file_set_string(file, GROUP_SHEET, "title", sheet->title);
    g_key_file_set_string(file, GROUP_SHEET, "secret", secret->str);
    g_key_file_set_string_list(
        file, GROUP_SHEET, "questions", (const char *const *)questions->pdata, questions->len
    );
    g_key_file_set_comment(
        file,
        GROUP_SHEET,
        NULL,
        " Key of a sheet of mailwalk. Keep it secret: whoever has it can compute every answer.",
        NULL
    );
    g_string_free(secret, TRUE);
    for (guint i = 0; i < sheet->students->len; i++) {
        write_student(file, sheet, i);
    }
    gsize length;
    g_autofree char *text = g_key_file_to_data(file, &length, NULL);
    return g_file_set_contents_full(
        path, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error
    );
}
