#include "ui/report/whole-file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool whole_file_is_special(const char *path)
{
    return g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
           !g_file_test(path, G_FILE_TEST_IS_DIR);
}

static bool write_to_special(const char *path, const char *data, gsize length, GError **error)
{
    FILE *file = fopen(path, "wb");
    bool is_written = file != NULL && fwrite(data, 1, length, file) == length;
    int problem = errno;
    if (file != NULL && fclose(file) != 0 && is_written) {
        problem = errno;
        is_written = false;
    }
    if (!is_written) {
        g_set_error(
            error,
            G_FILE_ERROR,
            (gint)g_file_error_from_errno(problem),
            "cannot write %s: %s",
            path,
            g_strerror(problem)
        );
    }
    return is_written;
}

bool whole_file_write(const char *path, const char *data, gsize length, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (whole_file_is_special(path)) {
        return write_to_special(path, data, length, error);
    }
    if (g_file_set_contents(path, data, (gssize)length, &problem)) {
        return true;
    }
    /* GLib names the file that it wanted to rename: not one that anybody asked for. */
    const char *reason = strrchr(problem->message, ':');
    g_set_error(
        error,
        problem->domain,
        problem->code,
        "cannot write %s%s",
        path,
        reason == NULL ? "" : reason
    );
    return false;
}
