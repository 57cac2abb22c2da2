#include "sim/store/safe-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(GError **error, const char *what, const char *path)
{
    int problem = errno;
    g_set_error(
        error,
        G_IO_ERROR,
        (gint)g_io_error_from_errno(problem),
        "%s: %s: %s",
        what,
        path,
        g_strerror(problem)
    );
    return false;
}

static bool write_all(int file, ByteSpan octets)
{
    while (octets.length > 0) {
        gssize written = write(file, octets.data, octets.length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        octets = byte_span_from(octets, written < 0 ? 0 : (gsize)written);
    }
    return true;
}

static bool flush(int file, bool skips_flush)
{
    return skips_flush || fsync(file) == 0;
}

static bool set_date(int file, gint64 seconds)
{
    struct timespec times[2] = {{.tv_sec = (time_t)seconds}, {.tv_sec = (time_t)seconds}};
    return seconds == SAFE_FILE_NOW || futimens(file, times) == 0;
}

static bool write_file(
    const char *path, int flags, ByteSpan octets, gint64 seconds, bool skips_flush, GError **error
)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (file < 0) {
        return fail(error, "cannot create", path);
    }
    bool is_written =
        write_all(file, octets) && set_date(file, seconds) && flush(file, skips_flush);
    int problem = errno;
    is_written = close(file) == 0 && is_written;
    if (!is_written) {
        errno = problem;
        fail(error, "cannot write", path);
        g_unlink(path);
    }
    return is_written;
}

bool safe_file_create(
    const char *path, ByteSpan octets, gint64 seconds, bool skips_flush, GError **error
)
{
    return write_file(path, O_EXCL, octets, seconds, skips_flush, error);
}

bool safe_file_rename(const char *from, const char *to, GError **error)
{
    if (g_rename(from, to) != 0) {
        g_autofree char *names = g_strdup_printf("%s to %s", from, to);
        return fail(error, "cannot rename", names);
    }
    return true;
}

bool safe_file_replace(
    const char *temporary, const char *path, ByteSpan octets, bool skips_flush, GError **error
)
{
    if (!write_file(temporary, O_TRUNC, octets, SAFE_FILE_NOW, skips_flush, error)) {
        return false;
    }
    if (!safe_file_rename(temporary, path, error)) {
        g_unlink(temporary);
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    return safe_folder_flush(folder, skips_flush, error);
}

bool safe_folder_flush(const char *folder, bool skips_flush, GError **error)
{
    if (skips_flush) {
        return true;
    }
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_flushed = directory >= 0 && fsync(directory) == 0;
    if (!is_flushed) {
        fail(error, "cannot flush", folder);
    }
    if (directory >= 0) {
        close(directory);
    }
    return is_flushed;
}

bool safe_folder_make(const char *folder, GError **error)
{
    return g_mkdir_with_parents(folder, 0700) == 0 || fail(error, "cannot make", folder);
}

int safe_file_lock(const char *path, bool waits, GError **error)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        fail(error, "cannot open", path);
        return -1;
    }
    int result = 0;
    do {
        result = flock(file, LOCK_EX | (waits ? 0 : LOCK_NB));
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        if (errno != EWOULDBLOCK) {
            fail(error, "cannot lock", path);
        }
        close(file);
        return -1;
    }
    return file;
}
