#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/outgoing-queue-internal.h"
#include "sim/store/safe-file.h"

#define MESSAGE ".message"
#define ENVELOPE ".envelope"
#define TEMPORARY ".temporary"

struct QueueFolder {
    char *path;
    bool skips_flush;
    int lock; /* one program at a time owns a queue */
};

static char *file_of(const QueueFolder *folder, const char *id, const char *ending)
{
    g_autofree char *name = g_strconcat(id, ending, NULL);
    return g_build_filename(folder->path, name, NULL);
}

QueueFolder *queue_folder_open(const char *path, bool skips_flush, GError **error)
{
    g_autofree char *lock_path = g_build_filename(path, "lock", NULL);
    g_autoptr(GError) problem = NULL;
    if (!safe_folder_make(path, error)) {
        return NULL;
    }
    int lock = safe_file_lock(lock_path, false, &problem);
    if (lock < 0) {
        if (problem == NULL) {
            problem = g_error_new(
                G_IO_ERROR, G_IO_ERROR_BUSY, "another program uses the queue in %s", path
            );
        }
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    QueueFolder *folder = g_new0(QueueFolder, 1);
    folder->path = g_strdup(path);
    folder->skips_flush = skips_flush;
    folder->lock = lock;
    return folder;
}

void queue_folder_close(QueueFolder *folder)
{
    if (folder != NULL) {
        close(folder->lock);
        g_free(folder->path);
        g_free(folder);
    }
}

static QueueEntry *load_entry(QueueFolder *folder, const char *id, GError **error)
{
    g_autofree char *envelope_path = file_of(folder, id, ENVELOPE);
    g_autofree char *message_path = file_of(folder, id, MESSAGE);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(envelope_path, &text, NULL, error)) {
        return NULL;
    }
    g_autoptr(QueueEntry) entry = queue_envelope_read(text);
    if (entry == NULL || strcmp(entry->id, id) != 0) {
        g_set_error(
            error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "damaged envelope: %s", envelope_path
        );
        return NULL;
    }
    g_autoptr(GMappedFile) message = g_mapped_file_new(message_path, FALSE, error);
    if (message == NULL) {
        return NULL;
    }
    entry->octets = g_mapped_file_get_bytes(message);
    return g_steal_pointer(&entry);
}

static void free_entry(gpointer entry)
{
    queue_entry_free(entry);
}

static char *id_of(const char *name, const char *ending)
{
    return g_str_has_suffix(name, ending) ? g_strndup(name, strlen(name) - strlen(ending)) : NULL;
}

/* A message without an envelope was never accepted: the program ended before it said 250. */
static void remove_leftover(QueueFolder *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);
    g_autofree char *id = id_of(name, MESSAGE);
    g_autofree char *envelope = id == NULL ? NULL : file_of(folder, id, ENVELOPE);
    bool is_orphan = envelope != NULL && !g_file_test(envelope, G_FILE_TEST_EXISTS);
    if (is_orphan || g_str_has_suffix(name, TEMPORARY)) {
        g_unlink(path);
    }
}

GPtrArray *queue_folder_load(QueueFolder *folder, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(free_entry);
    g_autoptr(GDir) directory = g_dir_open(folder->path, 0, error);
    const char *name = NULL;
    if (directory == NULL) {
        return NULL;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *id = id_of(name, ENVELOPE);
        if (id == NULL) {
            remove_leftover(folder, name);
            continue;
        }
        QueueEntry *entry = load_entry(folder, id, error);
        if (entry == NULL) {
            return NULL;
        }
        g_ptr_array_add(entries, entry);
    }
    g_ptr_array_set_free_func(entries, NULL);
    return g_steal_pointer(&entries);
}

bool queue_folder_update(QueueFolder *folder, const QueueEntry *entry, GError **error)
{
    g_autofree char *temporary = file_of(folder, entry->id, ENVELOPE TEMPORARY);
    g_autofree char *path = file_of(folder, entry->id, ENVELOPE);
    g_autofree char *text = queue_envelope_write(entry);
    return safe_file_replace(
        temporary, path, byte_span_from_string(text), folder->skips_flush, error
    );
}

bool queue_folder_add(QueueFolder *folder, const QueueEntry *entry, GError **error)
{
    g_autofree char *path = file_of(folder, entry->id, MESSAGE);
    gsize length = 0;
    const void *data = g_bytes_get_data(entry->octets, &length);
    g_unlink(path);
    if (!safe_file_create(
            path, byte_span(data, length), SAFE_FILE_NOW, folder->skips_flush, error
        )) {
        return false;
    }
    if (!queue_folder_update(folder, entry, error)) {
        g_autofree char *envelope = file_of(folder, entry->id, ENVELOPE);
        g_unlink(envelope);
        g_unlink(path);
        return false;
    }
    return true;
}

/* The envelope goes first: without it the rest is a leftover. */
bool queue_folder_remove(QueueFolder *folder, const QueueEntry *entry, GError **error)
{
    g_autofree char *envelope = file_of(folder, entry->id, ENVELOPE);
    g_autofree char *message = file_of(folder, entry->id, MESSAGE);
    if (g_unlink(envelope) != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot remove %s", envelope);
        return false;
    }
    bool is_flushed = safe_folder_flush(folder->path, folder->skips_flush, error);
    g_unlink(message);
    return is_flushed;
}
