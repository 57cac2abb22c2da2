#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/maildir-internal.h"
#include "sim/store/safe-file.h"

#define FIRST_WORD "mailwalk-index-1"

/* The log is written anew when it has this many lines and half of them say nothing any more. */
#define LINES_BEFORE_COMPACTION 1000

static char *index_path(const MaildirFolder *folder)
{
    return g_build_filename(folder->path, MAILDIR_INDEX, NULL);
}

void maildir_index_note_message(GString *lines, const MailEntry *entry)
{
    const MaildirFile *file = entry->where;
    const MailMessage *message = &entry->message;
    g_autofree char *unique = g_strescape(file->unique, NULL);
    g_string_append_printf(
        lines,
        "message %u %" G_GUINT64_FORMAT " %x %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
        message->uid,
        message->modseq,
        message->flags,
        message->size,
        message->internal_seconds,
        unique
    );
}

void maildir_index_note_flags(GString *lines, const MailMessage *message)
{
    g_string_append_printf(
        lines, "flags %u %" G_GUINT64_FORMAT " %x\n", message->uid, message->modseq, message->flags
    );
}

void maildir_index_note_gone(GString *lines, guint32 uid, guint64 modseq)
{
    g_string_append_printf(lines, "gone %u %" G_GUINT64_FORMAT "\n", uid, modseq);
}

void maildir_index_note_keyword(GString *lines, const char *keyword)
{
    g_string_append_printf(lines, "keyword %s\n", keyword);
}

static void note_state(GString *lines, const MailFolder *folder)
{
    g_string_append_printf(
        lines,
        "next %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
        folder->uid_next,
        folder->modseq,
        folder->expunged_floor
    );
}

/* What a line says, word by word. */
typedef struct {
    char **words;
    guint count;
    bool is_good;
} IndexLine;

static guint64 number_at(IndexLine *line, guint place, guint base)
{
    char *end = NULL;
    const char *word = place < line->count ? line->words[place] : "";
    guint64 number = g_ascii_strtoull(word, &end, base);
    if (word[0] == '\0' || *end != '\0') {
        line->is_good = false;
    }
    return number;
}

static void take_message(MaildirFolder *folder, IndexLine *line)
{
    guint index = 0;
    MaildirFile *file = g_new0(MaildirFile, 1);
    MailEntry entry = {.where = file};
    entry.message.uid = (guint32)number_at(line, 1, 10);
    entry.message.modseq = number_at(line, 2, 10);
    entry.message.flags = (guint32)number_at(line, 3, 16);
    entry.message.size = number_at(line, 4, 10);
    entry.message.internal_seconds =
        line->count > 5 ? g_ascii_strtoll(line->words[5], NULL, 10) : 0;
    file->unique = g_strcompress(line->count > 6 ? line->words[6] : "");
    if (!line->is_good || file->unique[0] == '\0' || entry.message.uid == 0 ||
        mail_folder_find(&folder->base, entry.message.uid, &index)) {
        line->is_good = false;
        maildir_file_free(file);
        return;
    }
    maildir_folder_insert(folder, entry);
    folder->needs_scan = true;
}

static void take_flags(MaildirFolder *folder, IndexLine *line)
{
    guint index = 0;
    guint32 uid = (guint32)number_at(line, 1, 10);
    guint64 modseq = number_at(line, 2, 10);
    guint32 flags = (guint32)number_at(line, 3, 16);
    if (line->is_good && mail_folder_find(&folder->base, uid, &index)) {
        MailMessage *message = &mail_folder_entry(&folder->base, index)->message;
        message->flags = flags;
        message->modseq = modseq;
    }
    folder->base.modseq = MAX(folder->base.modseq, modseq);
    folder->needs_scan = true; /* the file has another name now */
}

static void take_gone(MaildirFolder *folder, IndexLine *line, GArray *gone)
{
    guint32 uid = (guint32)number_at(line, 1, 10);
    guint64 modseq = number_at(line, 2, 10);
    mail_folder_note_expunged(&folder->base, uid, modseq);
    folder->base.uid_next = MAX(folder->base.uid_next, uid + 1);
    g_array_append_val(gone, uid);
}

static void take_state(MaildirFolder *folder, IndexLine *line)
{
    guint32 uid_next = (guint32)number_at(line, 1, 10);
    guint64 modseq = number_at(line, 2, 10);
    folder->base.uid_next = MAX(folder->base.uid_next, uid_next);
    folder->base.modseq = MAX(folder->base.modseq, modseq);
    folder->base.expunged_floor = number_at(line, 3, 10);
}

static void take_keyword(MaildirFolder *folder, IndexLine *line)
{
    guint index = 0;
    MailFolder *base = &folder->base;
    if (base->keywords == NULL) {
        base->keywords = g_ptr_array_new_with_free_func(g_free);
    }
    if (line->count != 2 || base->keywords->len >= MAIL_KEYWORDS_MAXIMUM) {
        line->is_good = false;
    } else if (!mail_folder_find_keyword(base, line->words[1], &index)) {
        g_ptr_array_add(base->keywords, g_strdup(line->words[1]));
    }
}

static bool take_line(MaildirFolder *folder, const char *text, GArray *gone)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 7);
    IndexLine line = {.words = words, .count = g_strv_length(words), .is_good = true};
    if (line.count == 0) {
        return false;
    }
    if (strcmp(words[0], "message") == 0) {
        take_message(folder, &line);
    } else if (strcmp(words[0], "flags") == 0) {
        take_flags(folder, &line);
    } else if (strcmp(words[0], "gone") == 0) {
        take_gone(folder, &line, gone);
    } else if (strcmp(words[0], "next") == 0) {
        take_state(folder, &line);
    } else if (strcmp(words[0], "keyword") == 0) {
        take_keyword(folder, &line);
    } else if (strcmp(words[0], FIRST_WORD) == 0) {
        folder->base.uid_validity = (guint32)number_at(&line, 1, 10);
    } else {
        line.is_good = false;
    }
    return line.is_good;
}

static int compare_uids(const void *left, const void *right)
{
    guint32 a = *(const guint32 *)left;
    guint32 b = *(const guint32 *)right;
    return a < b ? -1 : a > b;
}

/* Reads whole lines only: a half one at the end belongs to a program that was killed. False: the
 * log makes no sense. */
static bool take_lines(MaildirFolder *folder, char *text, gsize length)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    bool is_good = true;
    char *at = text;
    char *end = NULL;
    while (is_good && (end = memchr(at, '\n', length - (gsize)(at - text))) != NULL) {
        *end = '\0';
        is_good = take_line(folder, at, gone);
        folder->index_length += (gsize)(end + 1 - at);
        folder->index_lines++;
        at = end + 1;
    }
    if (gone->len > 0) {
        qsort(gone->data, gone->len, sizeof(guint32), compare_uids);
        mail_folder_drop(&folder->base, (const guint32 *)(void *)gone->data, gone->len, NULL);
    }
    return is_good;
}

static void forget_all(MaildirFolder *folder)
{
    MailFolder *base = &folder->base;
    for (guint i = 0; i < mail_folder_count(base); i++) {
        maildir_file_free(mail_folder_entry(base, i)->where);
    }
    g_clear_pointer(&base->entries, g_array_unref);
    g_clear_pointer(&base->expunged, g_array_unref);
    g_clear_pointer(&base->keywords, g_ptr_array_unref);
    base->uid_validity = 0;
    base->uid_next = 1;
    base->expunged_floor = 0;
    folder->index_inode = 0;
    folder->index_length = 0;
    folder->index_lines = 0;
    folder->needs_scan = true;
}

static bool is_known(const MaildirFolder *folder, const struct stat *found)
{
    return folder->index_inode == (guint64)found->st_ino &&
           folder->index_device == (guint64)found->st_dev;
}

bool maildir_index_is_same(const MaildirFolder *folder)
{
    struct stat found;
    g_autofree char *path = index_path(folder);
    return stat(path, &found) == 0 && is_known(folder, &found) &&
           (gsize)found.st_size == folder->index_length;
}

static char *read_from(int file, gsize start, gsize length)
{
    char *text = g_malloc(length + 1);
    gsize done = 0;
    while (done < length) {
        gssize got = pread(file, text + done, length - done, (off_t)(start + done));
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            break;
        }
        done += got > 0 ? (gsize)got : 0;
    }
    text[done] = '\0';
    memset(text + done, 0, length + 1 - done);
    return text;
}

/* The whole index as one text, without what has been overtaken. */
static GString *write_whole(const MaildirFolder *folder)
{
    const MailFolder *base = &folder->base;
    GString *lines = g_string_new(NULL);
    g_string_append_printf(lines, FIRST_WORD " %u\n", base->uid_validity);
    note_state(lines, base);
    for (guint i = 0; mail_folder_keyword(base, i) != NULL; i++) {
        maildir_index_note_keyword(lines, mail_folder_keyword(base, i));
    }
    for (guint i = 0; base->expunged != NULL && i < base->expunged->len; i++) {
        const MailExpunged *expunged = &g_array_index(base->expunged, MailExpunged, i);
        maildir_index_note_gone(lines, expunged->uid, expunged->modseq);
    }
    for (guint i = 0; i < mail_folder_count(base); i++) {
        maildir_index_note_message(lines, mail_folder_entry(base, i));
    }
    return lines;
}

static bool replace_index(MaildirFolder *folder, GError **error)
{
    struct stat found;
    g_autofree char *path = index_path(folder);
    g_autofree char *name = g_strdup_printf(MAILDIR_INDEX ".%d", (int)getpid());
    g_autofree char *temporary = g_build_filename(folder->path, "tmp", name, NULL);
    GString *lines = write_whole(folder);
    ByteSpan octets = byte_span(lines->str, lines->len);
    bool is_written = safe_file_replace(temporary, path, octets, folder->store->skips_flush, error);
    if (is_written && stat(path, &found) == 0) {
        folder->index_device = found.st_dev;
        folder->index_inode = found.st_ino;
        folder->index_length = lines->len;
        folder->index_lines = 0;
        for (gsize i = 0; i < lines->len; i++) {
            folder->index_lines += lines->str[i] == '\n' ? 1 : 0;
        }
    }
    g_string_free(lines, TRUE);
    return is_written;
}

/* RFC 9051 §2.3.1.1: where the UIDs are lost, a greater UIDVALIDITY says so. */
static bool begin_index(MaildirFolder *folder, GError **error)
{
    forget_all(folder);
    return maildir_next_validity(folder, &folder->base.uid_validity, error) &&
           replace_index(folder, error);
}

bool maildir_index_load(MaildirFolder *folder, GError **error)
{
    struct stat found;
    g_autofree char *path = index_path(folder);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 || fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
        if (file >= 0) {
            close(file);
        }
        return begin_index(folder, error);
    }
    gsize size = (gsize)found.st_size;
    if (!is_known(folder, &found) || size < folder->index_length) {
        forget_all(folder);
        folder->index_device = found.st_dev;
        folder->index_inode = found.st_ino;
    }
    bool is_good = true;
    if (size > folder->index_length) {
        gsize length = size - folder->index_length;
        g_autofree char *text = read_from(file, folder->index_length, length);
        is_good = take_lines(folder, text, length);
    }
    close(file);
    return is_good && folder->base.uid_validity != 0 ? true : begin_index(folder, error);
}

static bool is_worn(const MaildirFolder *folder)
{
    const GArray *expunged = folder->base.expunged;
    guint useful = mail_folder_count(&folder->base) + (expunged == NULL ? 0 : expunged->len);
    return folder->index_lines > LINES_BEFORE_COMPACTION && folder->index_lines > 2 * useful + 50;
}

static bool append_lines(MaildirFolder *folder, const GString *lines, bool flushes)
{
    g_autofree char *path = index_path(folder);
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return false;
    }
    /* Cuts off the half line of a program that was killed. */
    bool is_written =
        ftruncate(file, (off_t)folder->index_length) == 0 &&
        pwrite(file, lines->str, lines->len, (off_t)folder->index_length) == (gssize)lines->len;
    if (is_written && flushes && !folder->store->skips_flush) {
        is_written = fdatasync(file) == 0;
    }
    return close(file) == 0 && is_written;
}

bool maildir_index_add(MaildirFolder *folder, GString *lines, bool flushes, GError **error)
{
    if (lines->len == 0) {
        return true;
    }
    if (is_worn(folder)) {
        return replace_index(folder, error);
    }
    if (!append_lines(folder, lines, flushes)) {
        int problem = errno;
        g_set_error(
            error,
            G_IO_ERROR,
            (gint)g_io_error_from_errno(problem),
            "cannot write the index in %s: %s",
            folder->path,
            g_strerror(problem)
        );
        return false;
    }
    folder->index_length += lines->len;
    for (gsize i = 0; i < lines->len; i++) {
        folder->index_lines += lines->str[i] == '\n' ? 1 : 0;
    }
    return true;
}

bool maildir_next_validity(MaildirFolder *folder, guint32 *out_validity, GError **error)
{
    g_autofree char *path = g_build_filename(folder->owner->path, MAILDIR_VALIDITY, NULL);
    g_autofree char *name = g_strdup_printf(MAILDIR_VALIDITY ".%d", (int)getpid());
    g_autofree char *temporary = g_build_filename(folder->owner->path, "tmp", name, NULL);
    g_autofree char *lock_path = g_strconcat(path, "-lock", NULL);
    g_autofree char *text = NULL;
    int lock = safe_file_lock(lock_path, true, error);
    if (lock < 0) {
        return false;
    }
    guint32 now = (guint32)(g_get_real_time() / G_USEC_PER_SEC);
    guint32 last = 0;
    if (g_file_get_contents(path, &text, NULL, NULL)) {
        last = (guint32)g_ascii_strtoull(text, NULL, 10);
    }
    guint32 validity = MAX(now, last + 1);
    g_autofree char *written = g_strdup_printf("%u\n", validity);
    bool is_written = safe_file_replace(
        temporary, path, byte_span_from_string(written), folder->store->skips_flush, error
    );
    close(lock);
    if (is_written) {
        *out_validity = validity;
    }
    return is_written;
}
