#include "sim/store/mail-store.h"

#include <string.h>

#include "sim/store/mail-store-class.h"

const char *mail_store_result_text(MailStoreResult result)
{
    switch (result) {
    case MAIL_STORE_DONE:
        return "done";
    case MAIL_STORE_NO_ACCOUNT:
        return "no such account";
    case MAIL_STORE_NO_FOLDER:
        return "no such folder";
    case MAIL_STORE_NO_MESSAGE:
        return "no such message";
    case MAIL_STORE_EXISTS:
        return "it exists already";
    case MAIL_STORE_BAD_NAME:
        return "not a name for a folder or an account";
    case MAIL_STORE_NOT_ALLOWED:
        return "not allowed";
    case MAIL_STORE_OVER_QUOTA:
        return "over the quota";
    case MAIL_STORE_LOCKED:
        return "locked by another session";
    case MAIL_STORE_LIMIT:
        return "over a limit of this store";
    case MAIL_STORE_MODIFIED:
        return "modified by another session";
    case MAIL_STORE_FAILED:
        return "the disk failed";
    }
    g_assert_not_reached();
}

void mail_store_free(MailStore *store)
{
    if (store != NULL) {
        g_assert(store->watches == NULL || store->watches->len == 0);
        g_clear_pointer(&store->watches, g_array_unref);
        store->class->free(store);
    }
}

void mail_store_add_watch(MailStore *store, MailStoreWatch watch, void *data)
{
    MailWatch added = {.watch = watch, .data = data};
    if (store->watches == NULL) {
        store->watches = g_array_new(FALSE, FALSE, sizeof(MailWatch));
    }
    g_array_append_val(store->watches, added);
}

void mail_store_remove_watch(MailStore *store, const void *data)
{
    for (guint i = 0; store->watches != NULL && i < store->watches->len; i++) {
        if (g_array_index(store->watches, MailWatch, i).data == data) {
            g_array_remove_index(store->watches, i);
            return;
        }
    }
}

MailStoreResult mail_store_add_account(MailStore *store, const char *account, GError **error)
{
    if (!mail_account_is_valid(account)) {
        return MAIL_STORE_BAD_NAME;
    }
    if (store->class->has_account(store, account)) {
        return MAIL_STORE_EXISTS;
    }
    return store->class->add_account(store, account, error);
}

bool mail_store_has_account(MailStore *store, const char *account)
{
    return mail_account_is_valid(account) && store->class->has_account(store, account);
}

void mail_store_visit_accounts(MailStore *store, MailAccountVisit visit, void *data)
{
    store->class->visit_accounts(store, visit, data);
}

MailStoreResult
mail_store_set_quota(MailStore *store, const char *account, MailQuota quota, GError **error)
{
    if (!mail_store_has_account(store, account)) {
        return MAIL_STORE_NO_ACCOUNT;
    }
    return store->class->set_quota(store, account, quota, error);
}

MailStoreResult mail_store_get_quota(
    MailStore *store, const char *account, MailQuota *out_limit, MailQuota *out_used, GError **error
)
{
    if (!mail_store_has_account(store, account)) {
        return MAIL_STORE_NO_ACCOUNT;
    }
    return store->class->get_quota(store, account, out_limit, out_used, error);
}

/* What is used is counted only where there is a limit: on disk that reads every folder. */
MailStoreResult mail_store_check_quota(
    MailStore *store, const char *account, guint64 octets, guint64 messages, GError **error
)
{
    MailQuota limit;
    MailQuota used;
    MailStoreResult result = mail_store_get_quota(store, account, &limit, NULL, error);
    if (result != MAIL_STORE_DONE || (limit.octets == 0 && limit.messages == 0)) {
        return result;
    }
    result = mail_store_get_quota(store, account, &limit, &used, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    bool is_over = (limit.octets > 0 && used.octets + octets > limit.octets) ||
                   (limit.messages > 0 && used.messages + messages > limit.messages);
    return is_over ? MAIL_STORE_OVER_QUOTA : MAIL_STORE_DONE;
}

MailStoreResult mail_store_lock(MailStore *store, const char *account, GError **error)
{
    if (!mail_store_has_account(store, account)) {
        return MAIL_STORE_NO_ACCOUNT;
    }
    return store->class->lock(store, account, error);
}

void mail_store_unlock(MailStore *store, const char *account)
{
    if (mail_store_has_account(store, account)) {
        store->class->unlock(store, account);
    }
}

/* What every call on a folder's name begins with. */
static MailStoreResult
check_name(MailStore *store, const char *account, const char *name, MailNameBlock out_name)
{
    if (!mail_store_has_account(store, account)) {
        return MAIL_STORE_NO_ACCOUNT;
    }
    return mail_name_canonical(name, out_name) ? MAIL_STORE_DONE : MAIL_STORE_BAD_NAME;
}

typedef struct {
    const char *name;
    bool exists;
    bool has_below;
    guint count;
    GPtrArray *below; /* char *; NULL: not wanted */
} Search;

static void search_name(const char *name, guint32 uses, void *data)
{
    Search *search = data;
    (void)uses;
    search->count++;
    search->exists = search->exists || strcmp(name, search->name) == 0;
    if (mail_name_is_below(name, search->name)) {
        search->has_below = true;
        if (search->below != NULL) {
            g_ptr_array_add(search->below, g_strdup(name));
        }
    }
}

static MailStoreResult
find_name(MailStore *store, const char *account, Search *search, GError **error)
{
    return store->class->visit_folders(store, account, search_name, search, error);
}

MailStoreResult mail_store_create(
    MailStore *store, const char *account, const char *name, guint32 uses, GError **error
)
{
    MailNameBlock canonical;
    MailStoreResult result = check_name(store, account, name, canonical);
    Search search = {.name = canonical};
    if (result == MAIL_STORE_DONE) {
        result = find_name(store, account, &search, error);
    }
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    if (search.exists) {
        return MAIL_STORE_EXISTS;
    }
    if (search.count >= MAIL_FOLDERS_MAXIMUM) {
        return MAIL_STORE_LIMIT;
    }
    return store->class->create(store, account, canonical, uses, error);
}

MailStoreResult
mail_store_delete(MailStore *store, const char *account, const char *name, GError **error)
{
    MailNameBlock canonical;
    MailStoreResult result = check_name(store, account, name, canonical);
    Search search = {.name = canonical};
    if (result == MAIL_STORE_DONE) {
        result = find_name(store, account, &search, error);
    }
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    if (!search.exists) {
        /* RFC 9051 §6.3.5: a level that only holds others cannot be deleted. */
        return search.has_below ? MAIL_STORE_NOT_ALLOWED : MAIL_STORE_NO_FOLDER;
    }
    if (mail_name_is_inbox(canonical)) {
        return MAIL_STORE_NOT_ALLOWED;
    }
    return store->class->remove(store, account, canonical, error);
}

/* RFC 9051 §6.3.6: renaming INBOX moves its messages to a new folder; INBOX stays, empty. */
static MailStoreResult
rename_inbox(MailStore *store, const char *account, const char *to, GError **error)
{
    g_autoptr(MailFolder) inbox = NULL;
    g_autoptr(MailFolder) target = NULL;
    MailStoreResult result = store->class->create(store, account, to, 0, error);
    if (result == MAIL_STORE_DONE) {
        result = mail_folder_open(store, account, "INBOX", &inbox, error);
    }
    if (result == MAIL_STORE_DONE) {
        result = mail_folder_open(store, account, to, &target, error);
    }
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    guint count = mail_folder_count(inbox);
    g_autofree guint32 *uids = g_new(guint32, count);
    for (guint i = 0; i < count; i++) {
        uids[i] = mail_folder_message(inbox, i)->uid;
    }
    return mail_folder_move(inbox, uids, count, target, NULL, error);
}

/* The folder itself, where it is one, and everything below it. */
static MailStoreResult rename_all(
    MailStore *store, const char *account, const Search *from, const char *to, GError **error
)
{
    MailStoreResult result = MAIL_STORE_DONE;
    if (from->exists) {
        result = store->class->rename(store, account, from->name, to, error);
    }
    for (guint i = 0; i < from->below->len && result == MAIL_STORE_DONE; i++) {
        const char *old = g_ptr_array_index(from->below, i);
        g_autofree char *new = g_strconcat(to, old + strlen(from->name), NULL);
        result = store->class->rename(store, account, old, new, error);
    }
    return result;
}

static bool fits_below(const Search *from, const char *to)
{
    MailNameBlock canonical;
    for (guint i = 0; i < from->below->len; i++) {
        const char *old = g_ptr_array_index(from->below, i);
        g_autofree char *new = g_strconcat(to, old + strlen(from->name), NULL);
        if (!mail_name_canonical(new, canonical)) {
            return false;
        }
    }
    return true;
}

MailStoreResult mail_store_rename(
    MailStore *store, const char *account, const char *from, const char *to, GError **error
)
{
    MailNameBlock old;
    MailNameBlock new;
    g_autoptr(GPtrArray) below = g_ptr_array_new_with_free_func(g_free);
    MailStoreResult result = check_name(store, account, from, old);
    Search source = {.name = old, .below = below};
    Search target = {.name = new};
    if (result == MAIL_STORE_DONE) {
        result = check_name(store, account, to, new);
    }
    if (result == MAIL_STORE_DONE) {
        result = find_name(store, account, &source, error);
    }
    if (result == MAIL_STORE_DONE) {
        result = find_name(store, account, &target, error);
    }
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    if (!source.exists && !source.has_below) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (target.exists || target.has_below) {
        return MAIL_STORE_EXISTS;
    }
    if (mail_name_is_inbox(old)) {
        return rename_inbox(store, account, new, error);
    }
    if (mail_name_is_below(new, old)) {
        return MAIL_STORE_NOT_ALLOWED;
    }
    return fits_below(&source, new) ? rename_all(store, account, &source, new, error)
                                    : MAIL_STORE_BAD_NAME;
}

MailStoreResult mail_store_subscribe(
    MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error
)
{
    MailNameBlock canonical;
    MailStoreResult result = check_name(store, account, name, canonical);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    return store->class->subscribe(store, account, canonical, is_subscribed, error);
}

/* To deliver nobody needs to know what lies in the folder. */
static MailStoreResult open_unread(
    MailStore *store, const char *account, const char *name, MailFolder **out_folder, GError **error
)
{
    MailNameBlock canonical;
    MailStoreResult result = check_name(store, account, name, canonical);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    return store->class->open(store, account, canonical, out_folder, error);
}

MailStoreResult mail_folder_open(
    MailStore *store, const char *account, const char *name, MailFolder **out_folder, GError **error
)
{
    g_autoptr(MailFolder) folder = NULL;
    MailStoreResult result = open_unread(store, account, name, &folder, error);
    if (result == MAIL_STORE_DONE) {
        result = store->class->refresh(folder, error);
    }
    if (result == MAIL_STORE_DONE) {
        *out_folder = g_steal_pointer(&folder);
    }
    return result;
}

MailStoreResult mail_store_deliver(
    MailStore *store,
    const char *account,
    const char *folder,
    GBytes *octets,
    gint64 seconds,
    guint32 *out_uid,
    GError **error
)
{
    g_autoptr(MailFolder) target = NULL;
    MailStoreResult result = open_unread(store, account, folder, &target, error);
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    return mail_folder_append(target, octets, 0, seconds, out_uid, error);
}
