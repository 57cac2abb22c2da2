#include <dirent.h>
#include <errno.h>
#include <gio/gio.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/maildir-internal.h"
#include "sim/store/safe-file.h"

/* A place that changed so shortly before its scan may have changed again in the same tick of the
 * file system's clock. A tick of Linux is 10 ms at most; where fractions of a second are always 0,
 * the disk keeps whole seconds, or two of them. */
#define RACE_US (G_USEC_PER_SEC / 10)
#define COARSE_RACE_US (2 * G_USEC_PER_SEC)

/* Looks at a folder in which others do not stop renaming, before it is left for now. */
#define SCANS_MAXIMUM 20

static MailStoreResult fail(MaildirFolder *folder, const char *path, GError **error)
{
    int problem = errno;
    if (problem == ENOENT) {
        folder->base.is_gone = true;
        return MAIL_STORE_NO_FOLDER;
    }
    g_set_error(
        error,
        G_IO_ERROR,
        (gint)g_io_error_from_errno(problem),
        "cannot read %s: %s",
        path,
        g_strerror(problem)
    );
    return MAIL_STORE_FAILED;
}

static gint64 changed_ns(const struct stat *found)
{
    return (gint64)found->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + found->st_mtim.tv_nsec;
}

/* Links and folders are nobody's mail. */
static bool is_message_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN);
}

/* A known message is looked up by its name without a copy being made; most files are known. */
static MaildirFile *find_known(const MaildirFolder *folder, const char *name)
{
    char unique[NAME_MAX + 1];
    g_strlcpy(unique, name, sizeof unique);
    char *info = strrchr(unique, ':');
    if (info != NULL) {
        *info = '\0';
    }
    return g_hash_table_lookup(folder->files, unique);
}

/* Somebody who is moving a file from new to cur may show it in both: cur comes last and wins. */
static void see_file(MaildirFolder *folder, const char *name, bool in_new, GHashTable *fresh)
{
    MaildirFile *file = find_known(folder, name);
    if (file == NULL) {
        g_autofree char *unique = maildir_unique_of(name);
        file = maildir_file_new(unique);
        g_hash_table_replace(fresh, file->unique, file);
    }
    if (file->name == NULL || strcmp(file->name, name) != 0) {
        g_free(file->name);
        file->name = g_strdup(name);
    }
    file->in_new = in_new;
    file->seen_in = folder->n_scans;
}

static MailStoreResult scan_place(
    MaildirFolder *folder, bool is_new, MaildirPlace *place, GHashTable *fresh, GError **error
)
{
    struct stat found;
    g_autofree char *path = g_build_filename(folder->path, is_new ? "new" : "cur", NULL);
    gint64 now_us = g_get_real_time();
    DIR *directory = opendir(path);
    if (directory == NULL || fstat(dirfd(directory), &found) != 0) {
        MailStoreResult result = fail(folder, path, error);
        if (directory != NULL) {
            closedir(directory);
        }
        return result;
    }
    *place = (MaildirPlace){.changed_ns = changed_ns(&found), .scanned_us = now_us};
    const struct dirent *entry = NULL;
    while ((entry = readdir(directory)) != NULL) {
        if (is_message_file(entry)) {
            see_file(folder, entry->d_name, is_new, fresh);
        }
    }
    closedir(directory);
    return MAIL_STORE_DONE;
}

static bool place_is_same(const MaildirFolder *folder, bool is_new)
{
    struct stat found;
    const MaildirPlace *place = is_new ? &folder->new_place : &folder->cur_place;
    bool is_coarse = place->changed_ns % G_GINT64_CONSTANT(1000000000) == 0;
    gint64 race_us = is_coarse ? COARSE_RACE_US : RACE_US;
    g_autofree char *path = g_build_filename(folder->path, is_new ? "new" : "cur", NULL);
    return stat(path, &found) == 0 && changed_ns(&found) == place->changed_ns &&
           place->changed_ns / 1000 + race_us < place->scanned_us;
}

/* The known messages that lie in a place which nobody has touched are still there. */
static void see_place(MaildirFolder *folder, bool is_new)
{
    for (guint i = 0; i < mail_folder_count(&folder->base); i++) {
        MaildirFile *file = mail_folder_entry(&folder->base, i)->where;
        if (file->name != NULL && file->in_new == is_new) {
            file->seen_in = folder->n_scans;
        }
    }
}

static MailStoreResult scan(MaildirFolder *folder, bool whole, GHashTable *fresh, GError **error)
{
    g_hash_table_remove_all(fresh);
    folder->n_scans++;
    for (guint i = 0; i < 2; i++) {
        bool is_new = i == 0;
        MaildirPlace *place = is_new ? &folder->new_place : &folder->cur_place;
        if (!whole && place_is_same(folder, is_new)) {
            see_place(folder, is_new);
            continue;
        }
        MailStoreResult result = scan_place(folder, is_new, place, fresh, error);
        if (result != MAIL_STORE_DONE) {
            return result;
        }
    }
    return MAIL_STORE_DONE;
}

/* The UIDs of the known messages that the last scan did not see. */
static GArray *find_missing(const MaildirFolder *folder)
{
    GArray *missing = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < mail_folder_count(&folder->base); i++) {
        const MailEntry *entry = mail_folder_entry(&folder->base, i);
        const MaildirFile *file = entry->where;
        if (file->seen_in != folder->n_scans) {
            g_array_append_val(missing, entry->message.uid);
        }
    }
    return missing;
}

/* When a place had last changed, now; 0: it is not there. */
static gint64 date_of(const MaildirFolder *folder, bool is_new)
{
    struct stat found;
    g_autofree char *path = g_build_filename(folder->path, is_new ? "new" : "cur", NULL);
    return stat(path, &found) == 0 ? changed_ns(&found) : 0;
}

/* Whether nobody renamed anything from the beginning of the last scan to its end. */
static bool was_quiet(const MaildirFolder *folder)
{
    return date_of(folder, true) == folder->new_place.changed_ns &&
           date_of(folder, false) == folder->cur_place.changed_ns;
}

static bool is_equal(const GArray *left, const GArray *right)
{
    return left->len == right->len &&
           (left->len == 0 || memcmp(left->data, right->data, left->len * sizeof(guint32)) == 0);
}

/* A file that is renamed while its folder is being read can be missed, so one look is not enough to
 * say that it is gone. It is gone where two looks, one after the other, miss the same files and
 * nothing moved during the second. Where others do not stop renaming, 'out_is_sure' becomes false:
 * the missing ones are left to the next refresh. */
static MailStoreResult scan_until_sure(
    MaildirFolder *folder, bool whole, GHashTable *fresh, bool *out_is_sure, GError **error
)
{
    MailStoreResult result = scan(folder, whole, fresh, error);
    g_autoptr(GArray) missing = find_missing(folder);
    *out_is_sure = missing->len == 0;
    for (guint i = 1; i < SCANS_MAXIMUM && result == MAIL_STORE_DONE && !*out_is_sure; i++) {
        result = scan(folder, true, fresh, error);
        GArray *again = find_missing(folder);
        *out_is_sure = again->len == 0 || (is_equal(missing, again) && was_quiet(folder));
        g_array_unref(missing);
        missing = again;
    }
    return result;
}

/* Flags that somebody else gave the file by renaming it. */
static void take_foreign_flags(MailFolder *base, MailEntry *entry, GString *lines)
{
    const MaildirFile *file = entry->where;
    MailMessage *message = &entry->message;
    guint32 flags = maildir_flags_from_name(file->name) | (message->flags & MAIL_FLAG_RECENT);
    if (flags != message->flags) {
        message->flags = flags;
        message->modseq = ++base->modseq;
        maildir_index_note_flags(lines, message);
    }
}

/* Takes the flags of the known messages, and notes which are gone, where that 'is_sure'. */
static void take_known(MaildirFolder *folder, bool is_sure, GString *lines)
{
    MailFolder *base = &folder->base;
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < mail_folder_count(base); i++) {
        MailEntry *entry = mail_folder_entry(base, i);
        const MaildirFile *file = entry->where;
        if (file->seen_in == folder->n_scans) {
            take_foreign_flags(base, entry, lines);
        } else if (is_sure) {
            g_array_append_val(gone, entry->message.uid);
        }
    }
    if (gone->len > 0) {
        guint64 modseq = base->modseq + 1;
        for (guint i = 0; i < gone->len; i++) {
            guint32 uid = g_array_index(gone, guint32, i);
            mail_folder_note_expunged(base, uid, modseq);
            maildir_index_note_gone(lines, uid, modseq);
        }
        mail_folder_drop(base, (const guint32 *)(void *)gone->data, gone->len, NULL);
    }
}

/* Names begin with the time of delivery. */
static gint compare_found(gconstpointer left, gconstpointer right)
{
    const MaildirFile *a = left;
    const MaildirFile *b = right;
    guint64 a_time = g_ascii_strtoull(a->unique, NULL, 10);
    guint64 b_time = g_ascii_strtoull(b->unique, NULL, 10);
    return a_time != b_time ? (a_time < b_time ? -1 : 1) : strcmp(a->unique, b->unique);
}

/* The name is believed where it is right about the disk. False: the file cannot be read. */
static bool find_wire_size(const char *path, const char *name, guint64 disk_size, guint64 *out_size)
{
    guint64 said = 0;
    g_autofree char *text = NULL;
    gsize length = 0;
    bool is_right = maildir_disk_size_in_name(name, &said) && said == disk_size;
    if (is_right && maildir_wire_size_in_name(name, out_size)) {
        return true;
    }
    if (!g_file_get_contents(path, &text, &length, NULL)) {
        return false;
    }
    g_autoptr(GBytes) disk = g_bytes_new_take(g_steal_pointer(&text), length);
    g_autoptr(GBytes) wire = maildir_from_disk(disk, name);
    *out_size = g_bytes_get_size(wire);
    return true;
}

/* What can be learnt of a file that nobody has given a UID yet. False: it is no message, or not to
 * be read now; where another program has just renamed it, the next scan takes it. */
static bool look_at_new(MaildirFolder *folder, const MaildirFile *file, MailMessage *out_message)
{
    struct stat status;
    g_autofree char *path = maildir_file_path(folder, file);
    bool is_there = lstat(path, &status) == 0;
    if (is_there && !S_ISREG(status.st_mode)) {
        return false;
    }
    if (!is_there ||
        !find_wire_size(path, file->name, (guint64)status.st_size, &out_message->size)) {
        folder->needs_scan = true;
        return false;
    }
    out_message->flags = maildir_flags_from_name(file->name);
    out_message->flags |= file->in_new ? MAIL_FLAG_RECENT : 0;
    out_message->internal_seconds = status.st_mtim.tv_sec;
    return true;
}

static void take_new(MaildirFolder *folder, MaildirFile *found, GString *lines)
{
    MailFolder *base = &folder->base;
    MaildirFile *file = maildir_file_new(found->unique);
    MailEntry entry = {.where = file};
    file->name = g_steal_pointer(&found->name);
    file->in_new = found->in_new;
    if (base->uid_next == G_MAXUINT32 || !look_at_new(folder, file, &entry.message)) {
        maildir_file_free(file);
        return;
    }
    entry.message.uid = base->uid_next;
    entry.message.modseq = base->modseq + 1;
    maildir_index_note_message(lines, &entry);
    maildir_folder_insert(folder, entry);
}

static void take_all_new(MaildirFolder *folder, GHashTable *files, GString *lines)
{
    GList *fresh = g_list_sort(g_hash_table_get_values(files), compare_found);
    for (GList *at = fresh; at != NULL; at = at->next) {
        take_new(folder, at->data, lines);
    }
    g_list_free(fresh);
}

static bool needs_scan(const MaildirFolder *folder)
{
    return folder->needs_scan || !place_is_same(folder, true) || !place_is_same(folder, false);
}

MailStoreResult maildir_sync(MaildirFolder *folder, MaildirScan when, GError **error)
{
    if (!maildir_index_load(folder, error)) {
        return MAIL_STORE_FAILED;
    }
    if (when == MAILDIR_SCAN_IF_UNKNOWN && !folder->needs_scan) {
        return MAIL_STORE_DONE;
    }
    if (when == MAILDIR_SCAN_IF_CHANGED && !needs_scan(folder)) {
        return MAIL_STORE_DONE;
    }
    g_autoptr(GHashTable) fresh =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, maildir_file_free);
    bool whole = when == MAILDIR_SCAN_ALWAYS || folder->needs_scan;
    bool is_sure = false;
    MailStoreResult result = scan_until_sure(folder, whole, fresh, &is_sure, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    g_autoptr(GString) lines = g_string_new(NULL);
    folder->needs_scan = !is_sure;
    take_known(folder, is_sure, lines);
    take_all_new(folder, fresh, lines);
    return maildir_index_add(folder, lines, true, error) ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

int maildir_folder_lock(MaildirFolder *folder, MailStoreResult *out_result, GError **error)
{
    g_autofree char *path = g_build_filename(folder->path, MAILDIR_LOCK, NULL);
    g_autoptr(GError) problem = NULL;
    int lock = safe_file_lock(path, true, &problem);
    *out_result = lock < 0 ? MAIL_STORE_FAILED : MAIL_STORE_DONE;
    if (lock < 0 && g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
        folder->base.is_gone = true;
        *out_result = MAIL_STORE_NO_FOLDER;
    } else if (lock < 0) {
        g_propagate_error(error, g_steal_pointer(&problem));
    }
    return lock;
}

MailStoreResult maildir_refresh(MailFolder *base, GError **error)
{
    MaildirFolder *folder = (MaildirFolder *)base;
    MailStoreResult result = MAIL_STORE_DONE;
    if (maildir_index_is_same(folder) && !needs_scan(folder)) {
        return MAIL_STORE_DONE;
    }
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock < 0) {
        return result;
    }
    result = maildir_sync(folder, MAILDIR_SCAN_IF_CHANGED, error);
    close(lock);
    return result;
}
