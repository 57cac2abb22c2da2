#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/maildir-internal.h"
#include "sim/store/safe-file.h"

static MaildirFolder *maildir(MailFolder *folder)
{
    return (MaildirFolder *)folder;
}

static MailStoreResult fail(const char *what, const char *path, GError **error)
{
    int problem = errno;
    g_set_error(
        error,
        G_IO_ERROR,
        (gint)g_io_error_from_errno(problem),
        "cannot %s %s: %s",
        what,
        path,
        g_strerror(problem)
    );
    return MAIL_STORE_FAILED;
}

/* Among those with a UID of at least 'first'. */
static const MailEntry *find_unique(const MaildirFolder *folder, const char *unique, guint32 first)
{
    for (guint i = mail_folder_count(&folder->base); i > 0; i--) {
        const MailEntry *entry = mail_folder_entry(&folder->base, i - 1);
        const MaildirFile *file = entry->where;
        if (entry->message.uid < first) {
            return NULL;
        }
        if (strcmp(file->unique, unique) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* Gives the file that now lies in 'folder' its UID; the lock is held. A program beside us may have
 * found it first. */
static MailStoreResult register_file(
    MaildirFolder *folder,
    MailMessage message,
    const char *unique,
    const char *name,
    bool in_new,
    guint32 *out_uid,
    GError **error
)
{
    MailFolder *base = &folder->base;
    g_autoptr(GString) lines = g_string_new(NULL);
    guint32 first = base->uid_next;
    if (!maildir_index_load(folder, error)) {
        return MAIL_STORE_FAILED;
    }
    const MailEntry *known = find_unique(folder, unique, first);
    if (known != NULL) {
        *out_uid = known->message.uid;
        return MAIL_STORE_DONE;
    }
    MaildirFile *file = maildir_file_new(unique);
    MailEntry entry = {.message = message, .where = file};
    file->name = g_strdup(name);
    file->in_new = in_new;
    entry.message.uid = base->uid_next;
    entry.message.modseq = base->modseq + 1;
    maildir_index_note_message(lines, &entry);
    maildir_folder_insert(folder, entry);
    *out_uid = entry.message.uid;
    return maildir_index_add(folder, lines, true, error) ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

static MailStoreResult register_locked(
    MaildirFolder *folder,
    MailMessage message,
    const char *unique,
    const char *name,
    bool in_new,
    guint32 *out_uid,
    GError **error
)
{
    MailStoreResult result = MAIL_STORE_DONE;
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock >= 0) {
        result = register_file(folder, message, unique, name, in_new, out_uid, error);
        close(lock);
    }
    return result;
}

MailStoreResult maildir_append(
    MailFolder *base, GBytes *octets, guint32 flags, gint64 seconds, guint32 *uid, GError **error
)
{
    MaildirFolder *folder = maildir(base);
    g_autoptr(GBytes) disk = maildir_to_disk(octets);
    gsize wire_size = g_bytes_get_size(octets);
    g_autofree char *unique = maildir_new_unique(folder->store, g_bytes_get_size(disk), wire_size);
    /* Names in new have no flags. */
    bool in_new = flags == 0;
    g_autofree char *name =
        in_new ? g_strdup(unique) : maildir_name_with_flags(unique, NULL, flags);
    if (!maildir_file_deliver(folder, in_new ? "new" : "cur", name, disk, seconds, error)) {
        return MAIL_STORE_FAILED;
    }
    MailMessage message = {
        .flags = flags | MAIL_FLAG_RECENT,
        .internal_seconds = seconds,
        .size = wire_size,
    };
    if (uid == NULL) {
        (in_new ? &folder->new_place : &folder->cur_place)->scanned_us = 0;
        return MAIL_STORE_DONE;
    }
    return register_locked(folder, message, unique, name, in_new, uid, error);
}

/* The file may have been renamed since it was seen: then another look finds it. */
MailStoreResult maildir_fetch(MailFolder *base, guint index, GBytes **octets, GError **error)
{
    MaildirFolder *folder = maildir(base);
    guint32 uid = mail_folder_entry(base, index)->message.uid;
    for (guint attempt = 0; attempt < 3; attempt++) {
        const MaildirFile *file = mail_folder_entry(base, index)->where;
        g_autofree char *text = NULL;
        gsize length = 0;
        if (file->name != NULL) {
            g_autofree char *path = maildir_file_path(folder, file);
            if (g_file_get_contents(path, &text, &length, NULL)) {
                g_autoptr(GBytes) disk = g_bytes_new_take(g_steal_pointer(&text), length);
                *octets = maildir_from_disk(disk, file->name);
                return MAIL_STORE_DONE;
            }
        }
        folder->needs_scan = true;
        MailStoreResult result = maildir_refresh(base, error);
        if (result != MAIL_STORE_DONE) {
            return result;
        }
        if (!mail_folder_find(base, uid, &index)) {
            return MAIL_STORE_NO_MESSAGE;
        }
    }
    g_set_error(
        error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot read message %u in %s", uid, folder->path
    );
    return MAIL_STORE_FAILED;
}

/* Moves the file to cur under a name with these flags; false with errno. */
static bool rename_file(MaildirFolder *folder, MaildirFile *file, guint32 flags)
{
    g_autofree char *name = maildir_name_with_flags(file->unique, file->name, flags);
    g_autofree char *from = maildir_file_path(folder, file);
    g_autofree char *to = g_build_filename(folder->path, "cur", name, NULL);
    if (strcmp(from, to) != 0 && rename(from, to) != 0) {
        return false;
    }
    g_free(file->name);
    file->name = g_steal_pointer(&name);
    file->in_new = false;
    return true;
}

static MailStoreResult set_flags(MaildirFolder *folder, guint32 uid, guint32 flags, GError **error)
{
    MailFolder *base = &folder->base;
    g_autoptr(GString) lines = g_string_new(NULL);
    MailStoreResult result = maildir_sync(folder, MAILDIR_SCAN_IF_UNKNOWN, error);
    for (guint attempt = 0; result == MAIL_STORE_DONE; attempt++) {
        guint index = 0;
        if (!mail_folder_find(base, uid, &index)) {
            return MAIL_STORE_NO_MESSAGE;
        }
        MailEntry *entry = mail_folder_entry(base, index);
        if (rename_file(folder, entry->where, flags)) {
            entry->message.flags = flags;
            entry->message.modseq = ++base->modseq;
            maildir_index_note_flags(lines, &entry->message);
            return maildir_index_add(folder, lines, false, error) ? MAIL_STORE_DONE
                                                                  : MAIL_STORE_FAILED;
        }
        if (errno != ENOENT || attempt == 3) {
            return fail("rename a message in", folder->path, error);
        }
        result = maildir_sync(folder, MAILDIR_SCAN_ALWAYS, error);
    }
    return result;
}

MailStoreResult maildir_set_flags(MailFolder *base, guint index, guint32 flags, GError **error)
{
    MaildirFolder *folder = maildir(base);
    MailStoreResult result = MAIL_STORE_DONE;
    guint32 uid = mail_folder_entry(base, index)->message.uid;
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock >= 0) {
        result = set_flags(folder, uid, flags, error);
        close(lock);
    }
    return result;
}

/* Whoever has seen the messages in new moves them to cur. One that has gone meanwhile is left to
 * the next refresh. */
static MailStoreResult take_recent(MaildirFolder *folder, GError **error)
{
    MailFolder *base = &folder->base;
    g_autoptr(GString) lines = g_string_new(NULL);
    if (!maildir_index_load(folder, error)) {
        return MAIL_STORE_FAILED;
    }
    for (guint i = 0; i < mail_folder_count(base); i++) {
        MailEntry *entry = mail_folder_entry(base, i);
        MaildirFile *file = entry->where;
        if ((entry->message.flags & MAIL_FLAG_RECENT) == 0 || file->name == NULL) {
            continue;
        }
        entry->message.flags &= ~MAIL_FLAG_RECENT;
        maildir_index_note_flags(lines, &entry->message);
        if (file->in_new && !rename_file(folder, file, entry->message.flags)) {
            folder->needs_scan = true;
        }
    }
    return maildir_index_add(folder, lines, false, error) ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

MailStoreResult maildir_take_recent(MailFolder *base, GError **error)
{
    MaildirFolder *folder = maildir(base);
    MailStoreResult result = MAIL_STORE_DONE;
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock >= 0) {
        result = take_recent(folder, error);
        close(lock);
    }
    return result;
}

/* False with errno. */
static bool unlink_message(MaildirFolder *folder, guint index)
{
    g_autofree char *path =
        maildir_file_path(folder, mail_folder_entry(&folder->base, index)->where);
    return g_unlink(path) == 0;
}

/* Unlinks one; where another program has renamed it, looks again. What stays on the disk stays a
 * message. */
static MailStoreResult remove_message(MaildirFolder *folder, guint32 uid, GError **error)
{
    MailStoreResult result = MAIL_STORE_DONE;
    for (guint attempt = 0; result == MAIL_STORE_DONE; attempt++) {
        guint index = 0;
        if (!mail_folder_find(&folder->base, uid, &index) || unlink_message(folder, index)) {
            return MAIL_STORE_DONE;
        }
        if (errno != ENOENT || attempt == 3) {
            return fail("remove a message from", folder->path, error);
        }
        result = maildir_sync(folder, MAILDIR_SCAN_ALWAYS, error);
    }
    return result;
}

static void note_removed(MaildirFolder *folder, const GArray *removed, GString *lines)
{
    MailFolder *base = &folder->base;
    guint64 modseq = base->modseq + 1;
    for (guint i = 0; i < removed->len; i++) {
        guint index = 0;
        guint32 uid = g_array_index(removed, guint32, i);
        if (mail_folder_find(base, uid, &index)) {
            mail_folder_note_expunged(base, uid, modseq);
            maildir_index_note_gone(lines, uid, modseq);
        }
    }
    mail_folder_drop(base, (const guint32 *)(const void *)removed->data, removed->len, NULL);
}

/* Unlinks first: if the program ends there, the next scan finds them gone. One that cannot be
 * removed does not keep the others; the first failure is the one that is told. */
static MailStoreResult
expunge(MaildirFolder *folder, const guint32 *uids, gsize n_uids, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autoptr(GArray) removed = g_array_new(FALSE, FALSE, sizeof(guint32));
    MailStoreResult result = maildir_sync(folder, MAILDIR_SCAN_IF_UNKNOWN, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    for (gsize i = 0; i < n_uids; i++) {
        bool is_first = result == MAIL_STORE_DONE;
        MailStoreResult one = remove_message(folder, uids[i], is_first ? error : NULL);
        if (one == MAIL_STORE_DONE) {
            g_array_append_val(removed, uids[i]);
        } else if (is_first) {
            result = one;
        }
    }
    note_removed(folder, removed, lines);
    bool is_whole = result == MAIL_STORE_DONE;
    bool is_noted = maildir_index_add(folder, lines, false, is_whole ? error : NULL);
    return is_whole && !is_noted ? MAIL_STORE_FAILED : result;
}

MailStoreResult maildir_expunge(MailFolder *base, const guint32 *uids, gsize n_uids, GError **error)
{
    MaildirFolder *folder = maildir(base);
    MailStoreResult result = MAIL_STORE_DONE;
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock >= 0) {
        result = expunge(folder, uids, n_uids, error);
        close(lock);
    }
    return result;
}

/* Gives the file a second name, or another one, in the other folder: both happen at once or not at
 * all, so a kill neither loses nor doubles the message. */
static MailStoreResult place_file(
    MailFolder *from,
    guint index,
    MaildirFolder *to,
    const char *name,
    int (*place)(const char *, const char *),
    GError **error
)
{
    guint32 uid = mail_folder_entry(from, index)->message.uid;
    g_autofree char *target = g_build_filename(to->path, "cur", name, NULL);
    for (guint attempt = 0; attempt < 3; attempt++) {
        const MaildirFile *file = mail_folder_entry(from, index)->where;
        g_autofree char *source =
            file->name == NULL ? NULL : maildir_file_path(maildir(from), file);
        if (source != NULL && place(source, target) == 0) {
            return MAIL_STORE_DONE;
        }
        if (source != NULL && errno != ENOENT) {
            return fail("place a message in", to->path, error);
        }
        maildir(from)->needs_scan = true;
        MailStoreResult result = maildir_refresh(from, error);
        if (result != MAIL_STORE_DONE) {
            return result;
        }
        if (!mail_folder_find(from, uid, &index)) {
            return MAIL_STORE_NO_MESSAGE;
        }
    }
    errno = ENOENT;
    return fail("place a message in", to->path, error);
}

static MailStoreResult transfer(
    MailFolder *from,
    guint index,
    MailFolder *to,
    guint32 flags,
    guint32 *uid,
    int (*place)(const char *, const char *),
    GError **error
)
{
    MaildirFolder *target = maildir(to);
    MailMessage message = mail_folder_entry(from, index)->message;
    const MaildirFile *file = mail_folder_entry(from, index)->where;
    guint64 disk_size = message.size;
    maildir_disk_size_in_name(file->unique, &disk_size);
    g_autofree char *unique = maildir_new_unique(target->store, disk_size, message.size);
    g_autofree char *name = maildir_name_with_flags(unique, NULL, flags);
    MailStoreResult result = place_file(from, index, target, name, place, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    g_autofree char *place_path = g_build_filename(target->path, "cur", NULL);
    if (!safe_folder_flush(place_path, target->store->skips_flush, error)) {
        return MAIL_STORE_FAILED;
    }
    message.flags = flags | MAIL_FLAG_RECENT;
    return register_locked(target, message, unique, name, false, uid, error);
}

/* Some file systems know no second names. */
static bool cannot_link(int problem)
{
    return problem == EPERM || problem == EXDEV || problem == EMLINK || problem == EOPNOTSUPP;
}

static int link_or_copy(const char *from, const char *to)
{
    if (link(from, to) == 0) {
        return 0;
    }
    if (!cannot_link(errno)) {
        return -1;
    }
    struct stat status;
    g_autofree char *text = NULL;
    g_autofree char *name = g_path_get_basename(to);
    g_autofree char *place = g_path_get_dirname(to);
    g_autofree char *temporary = g_build_filename(place, "..", "tmp", name, NULL);
    gsize length = 0;
    bool is_copied =
        stat(from, &status) == 0 && g_file_get_contents(from, &text, &length, NULL) &&
        safe_file_create(temporary, byte_span(text, length), status.st_mtim.tv_sec, false, NULL) &&
        rename(temporary, to) == 0;
    return is_copied ? 0 : -1;
}

MailStoreResult maildir_copy(
    MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error
)
{
    return transfer(from, index, to, flags, uid, link_or_copy, error);
}

MailStoreResult maildir_move(
    MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error
)
{
    MaildirFolder *source = maildir(from);
    guint32 old_uid = mail_folder_entry(from, index)->message.uid;
    MailStoreResult result = transfer(from, index, to, flags, uid, rename, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    int lock = maildir_folder_lock(source, &result, error);
    if (lock < 0) {
        return result;
    }
    g_autoptr(GString) lines = g_string_new(NULL);
    guint at = 0;
    bool is_read = maildir_index_load(source, error);
    if (is_read && mail_folder_find(from, old_uid, &at)) {
        guint64 modseq = from->modseq + 1;
        mail_folder_note_expunged(from, old_uid, modseq);
        maildir_index_note_gone(lines, old_uid, modseq);
        mail_folder_drop(from, &old_uid, 1, NULL);
    }
    bool is_noted = is_read && maildir_index_add(source, lines, false, error);
    close(lock);
    return is_noted ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

MailStoreResult maildir_add_keyword(MailFolder *base, const char *keyword, GError **error)
{
    MaildirFolder *folder = maildir(base);
    MailStoreResult result = MAIL_STORE_DONE;
    g_autoptr(GString) lines = g_string_new(NULL);
    guint index = 0;
    int lock = maildir_folder_lock(folder, &result, error);
    if (lock < 0) {
        return result;
    }
    bool is_good = maildir_index_load(folder, error);
    bool has_room = base->keywords == NULL || base->keywords->len < MAIL_KEYWORDS_MAXIMUM;
    if (is_good && has_room && !mail_folder_find_keyword(base, keyword, &index)) {
        if (base->keywords == NULL) {
            base->keywords = g_ptr_array_new_with_free_func(g_free);
        }
        g_ptr_array_add(base->keywords, g_strdup(keyword));
        maildir_index_note_keyword(lines, keyword);
        is_good = maildir_index_add(folder, lines, true, error);
    }
    close(lock);
    return is_good ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}
