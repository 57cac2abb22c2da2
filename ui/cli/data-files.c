#include "ui/cli/data-files.h"

#include <string.h>

#ifndef MAILWALK_DATA_FOLDER
#error "the build says where the shipped files lie"
#endif

/* Where the source tree keeps a kind of file. */
static const char *source_folder(const char *kind)
{
    if (strcmp(kind, "scenarios") == 0) {
        return "sim/scenarios";
    }
    return strcmp(kind, "sheets") == 0 ? "exercises/sheets" : kind;
}

/* The shipped files of an installed program, wherever its tree was moved to; NULL: the program was
 * built and not installed. */
static char *folder_beside_program(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    if (program == NULL) {
        return NULL;
    }
    g_autofree char *bin = g_path_get_dirname(program);
    g_autofree char *folder = g_build_filename(bin, MAILWALK_DATA_BESIDE_PROGRAM, NULL);
    return g_file_test(folder, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&folder) : NULL;
}

/* Where a kind of file may lie, the folder that wins first. A program that was only built reads the
 * source tree before an older version that is installed. */
static GPtrArray *folders(const char *kind)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    const char *named = g_getenv("MAILWALK_DATA");
    g_autofree char *beside = folder_beside_program();
    if (named != NULL) {
        g_ptr_array_add(list, g_build_filename(named, kind, NULL));
    }
    if (beside != NULL) {
        g_ptr_array_add(list, g_build_filename(beside, kind, NULL));
        return list;
    }
    g_ptr_array_add(list, g_build_filename(MAILWALK_SOURCE_FOLDER, source_folder(kind), NULL));
    g_ptr_array_add(list, g_build_filename(MAILWALK_DATA_FOLDER, kind, NULL));
    return list;
}

char *data_file_find(const char *kind, const char *name)
{
    g_autoptr(GPtrArray) list = folders(kind);
    if (strchr(name, '/') != NULL || name[0] == '.') {
        return NULL;
    }
    for (guint i = 0; i < list->len; i++) {
        g_autofree char *path = g_build_filename(list->pdata[i], name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            return g_steal_pointer(&path);
        }
    }
    return NULL;
}

static gint by_name(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_names(GPtrArray *names, const char *folder, const char *ending)
{
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *file;
    while (directory != NULL && (file = g_dir_read_name(directory)) != NULL) {
        if (!g_str_has_suffix(file, ending)) {
            continue;
        }
        char *name = g_strndup(file, strlen(file) - strlen(ending));
        if (g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL)) {
            g_free(name);
        } else {
            g_ptr_array_add(names, name);
        }
    }
}

GPtrArray *data_file_list(const char *kind, const char *ending)
{
    g_autoptr(GPtrArray) list = folders(kind);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < list->len; i++) {
        add_names(names, list->pdata[i], ending);
    }
    g_ptr_array_sort(names, by_name);
    return names;
}
