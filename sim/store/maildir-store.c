#include "sim/store/maildir-store.h"

#include <dirent.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/store/maildir-account.h"
#include "sim/store/maildir-internal.h"
#include "sim/store/safe-file.h"

static MaildirStore *maildir(MailStore *store)
{
    return (MaildirStore *)store;
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

static void free_store(MailStore *store)
{
    g_hash_table_unref(maildir(store)->accounts);
    g_free(maildir(store)->root);
    g_free(maildir(store)->host);
    g_free(store);
}

static bool is_folder_at(const char *path)
{
    g_autofree char *cur = g_build_filename(path, "cur", NULL);
    return g_file_test(cur, G_FILE_TEST_IS_DIR);
}

static guint32 read_uses(const char *path)
{
    g_autofree char *file = g_build_filename(path, MAILDIR_USES, NULL);
    g_autofree char *text = NULL;
    return g_file_get_contents(file, &text, NULL, NULL) ? (guint32)strtoul(text, NULL, 10) : 0;
}

static MailStoreResult visit_folders(
    MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error
)
{
    const MaildirAccount *owner = maildir_account(store, account);
    g_autoptr(GDir) directory = g_dir_open(owner->path, 0, error);
    const char *entry = NULL;
    if (directory == NULL) {
        return MAIL_STORE_FAILED;
    }
    visit("INBOX", 0, data);
    while ((entry = g_dir_read_name(directory)) != NULL) {
        g_autofree char *name = maildir_folder_from_directory(entry);
        g_autofree char *path = g_build_filename(owner->path, entry, NULL);
        if (name != NULL && is_folder_at(path)) {
            visit(name, read_uses(path), data);
        }
    }
    return MAIL_STORE_DONE;
}

/* The folder is put together in tmp and appears with a single rename. */
static bool build_folder(
    MaildirStore *store, const char *temporary, const char *path, guint32 uses, GError **error
)
{
    g_autofree char *mark = g_build_filename(temporary, "maildirfolder", NULL);
    g_autofree char *uses_file = g_build_filename(temporary, MAILDIR_USES, NULL);
    g_autofree char *text = g_strdup_printf("%u\n", uses);
    bool skips_flush = store->skips_flush;
    return maildir_make(temporary, error) &&
           safe_file_create(mark, BYTE_SPAN_EMPTY, SAFE_FILE_NOW, skips_flush, error) &&
           (uses == 0 ||
            safe_file_create(
                uses_file, byte_span_from_string(text), SAFE_FILE_NOW, skips_flush, error
            )) &&
           safe_file_rename(temporary, path, error);
}

static char *temporary_path(MaildirStore *store, const MaildirAccount *owner, const char *what)
{
    g_autofree char *unique = maildir_new_unique(store, 0, 0);
    g_autofree char *name = g_strconcat(what, unique, NULL);
    return g_build_filename(owner->path, "tmp", name, NULL);
}

static bool is_too_long(const char *name)
{
    g_autofree char *directory = maildir_folder_to_directory(name);
    return strlen(directory) > MAILDIR_DIRECTORY_MAXIMUM;
}

static MailStoreResult
create_folder(MailStore *store, const char *account, const char *name, guint32 uses, GError **error)
{
    const MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *path = maildir_folder_path(owner, name);
    g_autofree char *temporary = temporary_path(maildir(store), owner, MAILDIR_MAKING);
    if (is_too_long(name)) {
        return MAIL_STORE_BAD_NAME;
    }
    return build_folder(maildir(store), temporary, path, uses, error) ? MAIL_STORE_DONE
                                                                      : MAIL_STORE_FAILED;
}

static void forget_open(MaildirAccount *owner, const char *name)
{
    MaildirFolder *folder = g_hash_table_lookup(owner->open, name);
    if (folder != NULL) {
        folder->base.is_gone = true;
        g_hash_table_remove(owner->open, name);
    }
}

/* First out of sight with one rename, then piece by piece. */
static MailStoreResult
remove_folder(MailStore *store, const char *account, const char *name, GError **error)
{
    MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *path = maildir_folder_path(owner, name);
    g_autofree char *temporary = temporary_path(maildir(store), owner, MAILDIR_REMOVING);
    if (!safe_file_rename(path, temporary, error)) {
        return MAIL_STORE_FAILED;
    }
    forget_open(owner, name);
    maildir_remove_tree(temporary, 2);
    return MAIL_STORE_DONE;
}

static MailStoreResult rename_folder(
    MailStore *store, const char *account, const char *from, const char *to, GError **error
)
{
    MaildirAccount *owner = maildir_account(store, account);
    g_autofree char *old_path = maildir_folder_path(owner, from);
    g_autofree char *new_path = maildir_folder_path(owner, to);
    if (is_too_long(to)) {
        return MAIL_STORE_BAD_NAME;
    }
    if (!safe_file_rename(old_path, new_path, error)) {
        return MAIL_STORE_FAILED;
    }
    MaildirFolder *folder = g_hash_table_lookup(owner->open, from);
    if (folder != NULL) {
        g_hash_table_steal(owner->open, from);
        g_free(folder->base.name);
        g_free(folder->path);
        folder->base.name = g_strdup(to);
        folder->path = g_steal_pointer(&new_path);
        g_hash_table_insert(owner->open, folder->base.name, folder);
    }
    return MAIL_STORE_DONE;
}

static void close_folder(MailFolder *base)
{
    MaildirFolder *folder = (MaildirFolder *)base;
    if (!base->is_gone || g_hash_table_lookup(folder->owner->open, base->name) == folder) {
        g_hash_table_remove(folder->owner->open, base->name);
    }
    mail_folder_clear(base);
    g_hash_table_unref(folder->files);
    g_free(folder->path);
    g_free(folder);
}

static MaildirFolder *new_folder(MailStore *store, MaildirAccount *owner, const char *name)
{
    MaildirFolder *folder = g_new0(MaildirFolder, 1);
    mail_folder_init(&folder->base, store, owner->name, name);
    folder->base.free_where = maildir_file_free;
    folder->store = maildir(store);
    folder->owner = owner;
    folder->path = maildir_folder_path(owner, name);
    folder->base.uses = read_uses(folder->path);
    folder->files = g_hash_table_new(g_str_hash, g_str_equal);
    folder->needs_scan = true;
    g_hash_table_insert(owner->open, folder->base.name, folder);
    return folder;
}

/* All sessions of this program share one handle, and so one state. */
static MailStoreResult open_folder(
    MailStore *store, const char *account, const char *name, MailFolder **folder, GError **error
)
{
    (void)error;
    MaildirAccount *owner = maildir_account(store, account);
    MaildirFolder *known = g_hash_table_lookup(owner->open, name);
    if (known != NULL && !known->base.is_gone) {
        *folder = mail_folder_ref(&known->base);
        return MAIL_STORE_DONE;
    }
    g_autofree char *path = maildir_folder_path(owner, name);
    if (!is_folder_at(path)) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (known != NULL) {
        g_hash_table_remove(owner->open, name);
    }
    *folder = &new_folder(store, owner, name)->base;
    return MAIL_STORE_DONE;
}

static const MailStoreClass maildir_class = {
    .name = "Maildir",
    .free = free_store,
    .add_account = maildir_add_account,
    .has_account = maildir_has_account,
    .visit_accounts = maildir_visit_accounts,
    .set_quota = maildir_set_quota,
    .get_quota = maildir_get_quota,
    .lock = maildir_lock,
    .unlock = maildir_unlock,
    .visit_folders = visit_folders,
    .visit_subscriptions = maildir_visit_subscriptions,
    .create = create_folder,
    .remove = remove_folder,
    .rename = rename_folder,
    .subscribe = maildir_subscribe,
    .open = open_folder,
    .close = close_folder,
    .refresh = maildir_refresh,
    .append = maildir_append,
    .fetch = maildir_fetch,
    .set_flags = maildir_set_flags,
    .take_recent = maildir_take_recent,
    .expunge = maildir_expunge,
    .copy = maildir_copy,
    .move = maildir_move,
    .add_keyword = maildir_add_keyword,
};

/* Maildir asks that "/" and ":" in a host's name be written otherwise in file names. */
static char *host_for_names(void)
{
    const char *host = g_get_host_name();
    char *safe = g_ascii_strdown(host, -1);
    for (char *at = safe; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '.') {
            *at = '_';
        }
    }
    return safe;
}

MailStore *maildir_store_new(const char *root, const MaildirOptions *options, GError **error)
{
    if (!safe_folder_make(root, error)) {
        return NULL;
    }
    if (access(root, R_OK | W_OK | X_OK) != 0) {
        fail("use", root, error);
        return NULL;
    }
    MaildirStore *store = g_new0(MaildirStore, 1);
    store->base.class = &maildir_class;
    store->root = g_strdup(root);
    store->skips_flush = options != NULL && options->skips_flush;
    store->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, maildir_account_free);
    store->host = host_for_names();
    return &store->base;
}
