#include "ui/cli/data-files.h"

#include <string.h>

#ifndef MAILWALK_DATA_FOLDER
#error "the build says where the shipped files lie"
#endif

/* Where the source tree keeps a kind of file. */
static const char *source_folder(const char *kind)
{
    return strcmp(kind, "scenarios") == 0 ? "sim/scenarios" : kind;
}

static GPtrArray *folders(const char *kind)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    const char *named = g_getenv("MAILWALK_DATA");
    if (named != NULL) {
        g_ptr_array_add(list, g_build_filename(named, kind, NULL));
    }
    g_ptr_array_add(list, g_build_filename(MAILWALK_DATA_FOLDER, kind, NULL));
    g_ptr_array_add(list, g_build_filename(MAILWALK_SOURCE_FOLDER, source_folder(kind), NULL));
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
