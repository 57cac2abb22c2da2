#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/store/maildir-internal.h"
#include "sim/store/safe-file.h"

MaildirFile *maildir_file_new(const char *unique)
{
    MaildirFile *file = g_new0(MaildirFile, 1);
    file->unique = g_strdup(unique);
    return file;
}

void maildir_folder_insert(MaildirFolder *folder, MailEntry entry)
{
    MaildirFile *file = entry.where;
    file->among = folder->files;
    g_hash_table_replace(folder->files, file->unique, file);
    mail_folder_insert(&folder->base, entry);
}

void maildir_file_free(void *data)
{
    MaildirFile *file = data;
    if (file->among != NULL && g_hash_table_lookup(file->among, file->unique) == file) {
        g_hash_table_remove(file->among, file->unique);
    }
    g_free(file->unique);
    g_free(file->name);
    g_free(file);
}

char *maildir_file_path(const MaildirFolder *folder, const MaildirFile *file)
{
    return g_build_filename(folder->path, file->in_new ? "new" : "cur", file->name, NULL);
}

/* Unique by time, process, count and chance, as Maildir asks; S is the size on disk, W that on the
 * wire, as other programs write them too. */
char *maildir_new_unique(MaildirStore *store, guint64 disk_size, guint64 wire_size)
{
    gint64 now_us = g_get_real_time();
    return g_strdup_printf(
        "%" G_GINT64_FORMAT ".M%06dP%dQ%" G_GUINT64_FORMAT "R%08x.%s,S=%" G_GUINT64_FORMAT
        ",W=%" G_GUINT64_FORMAT,
        now_us / G_USEC_PER_SEC,
        (int)(now_us % G_USEC_PER_SEC),
        (int)getpid(),
        ++store->n_delivered,
        g_random_int(),
        store->host,
        disk_size,
        wire_size
    );
}

static ByteSpan span_of(GBytes *octets)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* Whether every LF has its CR and no further CR stands before that: only then does taking the CRs
 * away lose nothing. */
static bool can_shorten(ByteSpan octets)
{
    gssize at = byte_span_find(octets, '\n', 0);
    while (at >= 0) {
        bool is_pair = at >= 1 && octets.data[at - 1] == '\r';
        if (!is_pair || (at >= 2 && octets.data[at - 2] == '\r')) {
            return false;
        }
        at = byte_span_find(octets, '\n', (gsize)at + 1);
    }
    return true;
}

GBytes *maildir_to_disk(GBytes *octets)
{
    ByteSpan wire = span_of(octets);
    if (!can_shorten(wire)) {
        return g_bytes_ref(octets);
    }
    guint8 *disk = g_malloc(wire.length + 1);
    gsize length = 0;
    for (gsize i = 0; i < wire.length; i++) {
        bool is_pair = wire.data[i] == '\r' && i + 1 < wire.length && wire.data[i + 1] == '\n';
        if (!is_pair) {
            disk[length++] = wire.data[i];
        }
    }
    return g_bytes_new_take(disk, length);
}

static gsize count_line_feeds(ByteSpan octets)
{
    gsize count = 0;
    gssize at = byte_span_find(octets, '\n', 0);
    while (at >= 0) {
        /* A CRLF means that the file was kept as it was. */
        if (at > 0 && octets.data[at - 1] == '\r') {
            return 0;
        }
        count++;
        at = byte_span_find(octets, '\n', (gsize)at + 1);
    }
    return count;
}

GBytes *maildir_from_disk(GBytes *octets, const char *name)
{
    ByteSpan disk = span_of(octets);
    gsize n_ends = count_line_feeds(disk);
    guint64 wire_size = 0;
    bool is_as_it_came = maildir_wire_size_in_name(name, &wire_size) && wire_size == disk.length;
    if (n_ends == 0 || is_as_it_came) {
        return g_bytes_ref(octets);
    }
    guint8 *wire = g_malloc(disk.length + n_ends);
    gsize length = 0;
    for (gsize i = 0; i < disk.length; i++) {
        if (disk.data[i] == '\n') {
            wire[length++] = '\r';
        }
        wire[length++] = disk.data[i];
    }
    return g_bytes_new_take(wire, length);
}

bool maildir_file_deliver(
    MaildirFolder *folder,
    const char *place,
    const char *name,
    GBytes *disk,
    gint64 seconds,
    GError **error
)
{
    bool skips_flush = folder->store->skips_flush;
    g_autofree char *temporary = g_build_filename(folder->path, "tmp", name, NULL);
    g_autofree char *target_folder = g_build_filename(folder->path, place, NULL);
    g_autofree char *target = g_build_filename(target_folder, name, NULL);
    if (!safe_file_create(temporary, span_of(disk), seconds, skips_flush, error)) {
        return false;
    }
    if (!safe_file_rename(temporary, target, error)) {
        g_unlink(temporary);
        return false;
    }
    return safe_folder_flush(target_folder, skips_flush, error);
}
