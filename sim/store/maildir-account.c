#include "sim/store/maildir-account.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/safe-file.h"

/* Files in tmp that are older belong to programs that were killed. */
#define LEFTOVER_SECONDS (36 * 3600)

static MaildirStore *maildir(MailStore *store)
{
    return (MaildirStore *)store;
}

static char *account_path(MailStore *store, const char *account)
{
    g_autofree char *directory = maildir_account_to_directory(account);
    return strlen(directory) > MAILDIR_DIRECTORY_MAXIMUM
               ? NULL
               : g_build_filename(maildir(store)->root, directory, NULL);
}

bool maildir_make(const char *path, GError **error)
{
    static const char *const places[] = {"tmp", "new", "cur"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *place = g_build_filename(path, places[i], NULL);
        if (!safe_folder_make(place, error)) {
            return false;
        }
    }
    return true;
}

char *maildir_folder_path(const MaildirAccount *account, const char *name)
{
    g_autofree char *directory = maildir_folder_to_directory(name);
    return directory[0] == '\0' ? g_strdup(account->path)
                                : g_build_filename(account->path, directory, NULL);
}

static bool is_maildir(const char *path)
{
    g_autofree char *cur = g_build_filename(path, "cur", NULL);
    return g_file_test(cur, G_FILE_TEST_IS_DIR);
}

void maildir_remove_tree(const char *path, guint levels)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        struct stat found;
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (lstat(inner, &found) == 0 && S_ISDIR(found.st_mode)) {
            if (levels > 0) {
                maildir_remove_tree(inner, levels - 1);
            }
        } else {
            g_unlink(inner);
        }
    }
    g_rmdir(path);
}

/* A folder that was being made or removed when its program was killed. */
static bool is_half_folder(const char *name, mode_t mode)
{
    return S_ISDIR(mode) &&
           (g_str_has_prefix(name, MAILDIR_MAKING) || g_str_has_prefix(name, MAILDIR_REMOVING));
}

/* The file's own dates may be those of the message; when it was written only the third date says.
 */
static void sweep_tmp(const char *folder, gint64 now_seconds)
{
    g_autofree char *tmp = g_build_filename(folder, "tmp", NULL);
    g_autoptr(GDir) directory = g_dir_open(tmp, 0, NULL);
    const char *name = NULL;
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        struct stat found;
        g_autofree char *path = g_build_filename(tmp, name, NULL);
        if (lstat(path, &found) != 0 || found.st_ctim.tv_sec + LEFTOVER_SECONDS >= now_seconds) {
            continue;
        }
        if (S_ISREG(found.st_mode)) {
            g_unlink(path);
        } else if (is_half_folder(name, found.st_mode)) {
            maildir_remove_tree(path, 2);
        }
    }
}

void maildir_sweep(const char *path, gint64 now_seconds)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    sweep_tmp(path, now_seconds);
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *folder = name[0] == '.' ? g_build_filename(path, name, NULL) : NULL;
        if (folder != NULL && !g_file_test(folder, G_FILE_TEST_IS_SYMLINK) && is_maildir(folder)) {
            sweep_tmp(folder, now_seconds);
        }
    }
}

MaildirAccount *maildir_account(MailStore *store, const char *account)
{
    MaildirAccount *known = g_hash_table_lookup(maildir(store)->accounts, account);
    if (known == NULL) {
        known = g_new0(MaildirAccount, 1);
        known->name = g_strdup(account);
        known->path = account_path(store, account);
        known->open = g_hash_table_new(g_str_hash, g_str_equal);
        known->maildrop_lock = -1;
        if (known->path != NULL) {
            maildir_sweep(known->path, g_get_real_time() / G_USEC_PER_SEC);
        }
        g_hash_table_insert(maildir(store)->accounts, known->name, known);
    }
    return known;
}

void maildir_account_free(void *data)
{
    MaildirAccount *account = data;
    if (account->maildrop_lock >= 0) {
        close(account->maildrop_lock);
    }
    g_hash_table_unref(account->open);
    g_free(account->name);
    g_free(account->path);
    g_free(account);
}

MailStoreResult maildir_add_account(MailStore *store, const char *account, GError **error)
{
    g_autofree char *path = account_path(store, account);
    if (path == NULL) {
        return MAIL_STORE_BAD_NAME;
    }
    return maildir_make(path, error) ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

bool maildir_has_account(MailStore *store, const char *account)
{
    if (g_hash_table_contains(maildir(store)->accounts, account)) {
        return true;
    }
    g_autofree char *path = account_path(store, account);
    return path != NULL && is_maildir(path);
}

static gint compare_names(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void maildir_visit_accounts(MailStore *store, MailAccountVisit visit, void *data)
{
    g_autoptr(GDir) directory = g_dir_open(maildir(store)->root, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name = NULL;
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *path = g_build_filename(maildir(store)->root, name, NULL);
        g_autofree char *account = maildir_account_from_directory(name);
        if (account != NULL && is_maildir(path)) {
            g_ptr_array_add(names, g_steal_pointer(&account));
        }
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        visit(g_ptr_array_index(names, i), data);
    }
}

/* Small files of an account are replaced as a whole. */
static bool replace_file(
    MailStore *store,
    const MaildirAccount *account,
    const char *name,
    const char *text,
    GError **error
)
{
    g_autofree char *path = g_build_filename(account->path, name, NULL);
    g_autofree char *temporary_name = g_strdup_printf("%s.%d", name, (int)getpid());
    g_autofree char *temporary = g_build_filename(account->path, "tmp", temporary_name, NULL);
    return safe_file_replace(
        temporary, path, byte_span_from_string(text), maildir(store)->skips_flush, error
    );
}

static char *read_file(const MaildirAccount *account, const char *name)
{
    g_autofree char *path = g_build_filename(account->path, name, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

MailStoreResult
maildir_set_quota(MailStore *store, const char *account, MailQuota quota, GError **error)
{
    g_autofree char *text = g_strdup_printf(
        "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", quota.octets, quota.messages
    );
    bool is_written =
        replace_file(store, maildir_account(store, account), MAILDIR_QUOTA, text, error);
    return is_written ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
}

/* Adds what lies in one place; sizes stand in the names, or else on the disk. */
static void add_usage(const char *folder, const char *place, MailQuota *used)
{
    g_autofree char *path = g_build_filename(folder, place, NULL);
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        struct stat found;
        guint64 size = 0;
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (name[0] == '.') {
            continue;
        }
        if (!maildir_wire_size_in_name(name, &size)) {
            size = lstat(file, &found) == 0 ? (guint64)found.st_size : 0;
        }
        used->octets += size;
        used->messages++;
    }
}

static void add_folder_usage(const char *name, guint32 uses, void *data)
{
    gpointer *both = data;
    g_autofree char *path = maildir_folder_path(both[0], name);
    (void)uses;
    add_usage(path, "new", both[1]);
    add_usage(path, "cur", both[1]);
}

MailStoreResult maildir_get_quota(
    MailStore *store, const char *account, MailQuota *limit, MailQuota *used, GError **error
)
{
    MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *text = read_file(owner, MAILDIR_QUOTA);
    char *end = text;
    limit->octets = g_ascii_strtoull(text, &end, 10);
    limit->messages = g_ascii_strtoull(end, NULL, 10);
    if (used == NULL) {
        return MAIL_STORE_DONE;
    }
    *used = (MailQuota){0};
    gpointer both[] = {owner, used};
    return store->class->visit_folders(store, account, add_folder_usage, both, error);
}

MailStoreResult maildir_lock(MailStore *store, const char *account, GError **error)
{
    MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *path = g_build_filename(owner->path, MAILDIR_MAILDROP_LOCK, NULL);
    g_autoptr(GError) problem = NULL;
    if (owner->maildrop_lock >= 0) {
        return MAIL_STORE_LOCKED;
    }
    owner->maildrop_lock = safe_file_lock(path, false, &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return MAIL_STORE_FAILED;
    }
    return owner->maildrop_lock >= 0 ? MAIL_STORE_DONE : MAIL_STORE_LOCKED;
}

void maildir_unlock(MailStore *store, const char *account)
{
    MaildirAccount *owner = maildir_account(store, account);
    if (owner->maildrop_lock >= 0) {
        close(owner->maildrop_lock);
        owner->maildrop_lock = -1;
    }
}

MailStoreResult maildir_visit_subscriptions(
    MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error
)
{
    g_autofree char *text = read_file(maildir_account(store, account), MAILDIR_SUBSCRIPTIONS);
    g_auto(GStrv) names = g_strsplit(text, "\n", -1);
    (void)error;
    for (guint i = 0; names[i] != NULL; i++) {
        MailNameBlock canonical;
        if (mail_name_canonical(names[i], canonical)) {
            visit(canonical, 0, data);
        }
    }
    return MAIL_STORE_DONE;
}

/* Read, changed and replaced under a lock, because several programs may do so. */
MailStoreResult maildir_subscribe(
    MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error
)
{
    MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *lock_path = g_build_filename(owner->path, MAILDIR_SUBSCRIPTIONS "-lock", NULL);
    int lock = safe_file_lock(lock_path, true, error);
    if (lock < 0) {
        return MAIL_STORE_FAILED;
    }
    g_autofree char *text = read_file(owner, MAILDIR_SUBSCRIPTIONS);
    g_auto(GStrv) names = g_strsplit(text, "\n", -1);
    g_autoptr(GString) written = g_string_new(NULL);
    guint count = 0;
    for (guint i = 0; names[i] != NULL; i++) {
        if (names[i][0] != '\0' && strcmp(names[i], name) != 0) {
            g_string_append_printf(written, "%s\n", names[i]);
            count++;
        }
    }
    MailStoreResult result = MAIL_STORE_DONE;
    if (is_subscribed && count >= MAIL_FOLDERS_MAXIMUM) {
        result = MAIL_STORE_LIMIT;
    } else {
        g_string_append(written, is_subscribed ? name : "");
        g_string_append(written, is_subscribed ? "\n" : "");
        bool is_written = replace_file(store, owner, MAILDIR_SUBSCRIPTIONS, written->str, error);
        result = is_written ? MAIL_STORE_DONE : MAIL_STORE_FAILED;
    }
    close(lock);
    return result;
}
