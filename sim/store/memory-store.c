#include "sim/store/memory-store.h"

#include <string.h>

#include "sim/store/mail-store-class.h"

typedef struct {
    char *name;
    GPtrArray *folders;       /* MailFolder, sorted by name */
    GPtrArray *subscriptions; /* char *; NULL: none */
    MailQuota limit;
    MailQuota used;
    bool is_locked;
} Account;

typedef struct {
    MailStore base;
    GHashTable *accounts; /* name -> Account */
    guint32 next_uid_validity;
} MemoryStore;

/* A folder finds its account's counters without a look-up. */
typedef struct {
    MailFolder base;
    Account *owner;
} MemoryFolder;

static MemoryStore *memory(MailStore *store)
{
    return (MemoryStore *)store;
}

static Account *find_account(MailStore *store, const char *account)
{
    return g_hash_table_lookup(memory(store)->accounts, account);
}

static Account *owner_of(MailFolder *folder)
{
    return ((MemoryFolder *)folder)->owner;
}

static void free_octets(void *where)
{
    g_bytes_unref(where);
}

static void close_folder(MailFolder *folder)
{
    mail_folder_clear(folder);
    g_free(folder);
}

static void free_account(gpointer data)
{
    Account *account = data;
    g_ptr_array_unref(account->folders);
    g_clear_pointer(&account->subscriptions, g_ptr_array_unref);
    g_free(account->name);
    g_free(account);
}

static void free_store(MailStore *store)
{
    g_hash_table_unref(memory(store)->accounts);
    g_free(store);
}

/* The place of a folder among the account's, or where it would be. */
static bool find_folder(const Account *account, const char *name, guint *out_index)
{
    guint low = 0;
    guint high = account->folders->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const MailFolder *folder = g_ptr_array_index(account->folders, middle);
        if (strcmp(folder->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out_index = low;
    return low < account->folders->len &&
           strcmp(((MailFolder *)g_ptr_array_index(account->folders, low))->name, name) == 0;
}

static void release_folder(gpointer folder)
{
    mail_folder_unref(folder);
}

static MailStoreResult
create_folder(MailStore *store, const char *account, const char *name, guint32 uses, GError **error)
{
    guint index = 0;
    Account *owner = find_account(store, account);
    MemoryFolder *folder = g_new0(MemoryFolder, 1);
    (void)error;
    mail_folder_init(&folder->base, store, owner->name, name);
    folder->owner = owner;
    folder->base.uses = uses;
    folder->base.free_where = free_octets;
    /* RFC 9051 §2.3.1.1: a name used again must not bring old UIDs back. */
    folder->base.uid_validity = memory(store)->next_uid_validity++;
    find_folder(owner, name, &index);
    g_ptr_array_insert(owner->folders, (gint)index, folder);
    return MAIL_STORE_DONE;
}

static MailStoreResult add_account(MailStore *store, const char *account, GError **error)
{
    Account *added = g_new0(Account, 1);
    added->name = g_strdup(account);
    added->folders = g_ptr_array_new_full(1, release_folder);
    g_hash_table_insert(memory(store)->accounts, added->name, added);
    return create_folder(store, account, "INBOX", 0, error);
}

static bool has_account(MailStore *store, const char *account)
{
    return find_account(store, account) != NULL;
}

static void visit_accounts(MailStore *store, MailAccountVisit visit, void *data)
{
    g_autoptr(GList) names = g_hash_table_get_keys(memory(store)->accounts);
    names = g_list_sort(names, (GCompareFunc)strcmp);
    for (GList *at = names; at != NULL; at = at->next) {
        visit(at->data, data);
    }
}

static MailStoreResult
set_quota(MailStore *store, const char *account, MailQuota quota, GError **error)
{
    (void)error;
    find_account(store, account)->limit = quota;
    return MAIL_STORE_DONE;
}

static MailStoreResult
get_quota(MailStore *store, const char *account, MailQuota *limit, MailQuota *used, GError **error)
{
    const Account *owner = find_account(store, account);
    (void)error;
    *limit = owner->limit;
    if (used != NULL) {
        *used = owner->used;
    }
    return MAIL_STORE_DONE;
}

static MailStoreResult lock_account(MailStore *store, const char *account, GError **error)
{
    Account *owner = find_account(store, account);
    (void)error;
    if (owner->is_locked) {
        return MAIL_STORE_LOCKED;
    }
    owner->is_locked = true;
    return MAIL_STORE_DONE;
}

static void unlock_account(MailStore *store, const char *account)
{
    find_account(store, account)->is_locked = false;
}

static MailStoreResult visit_folders(
    MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error
)
{
    const Account *owner = find_account(store, account);
    (void)error;
    for (guint i = 0; i < owner->folders->len; i++) {
        const MailFolder *folder = g_ptr_array_index(owner->folders, i);
        visit(folder->name, folder->uses, data);
    }
    return MAIL_STORE_DONE;
}

static MailStoreResult visit_subscriptions(
    MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error
)
{
    const GPtrArray *names = find_account(store, account)->subscriptions;
    (void)error;
    for (guint i = 0; names != NULL && i < names->len; i++) {
        visit(g_ptr_array_index(names, i), 0, data);
    }
    return MAIL_STORE_DONE;
}

static void uncount(MailFolder *folder, const MailEntry *entry)
{
    Account *owner = owner_of(folder);
    owner->used.octets -= entry->message.size;
    owner->used.messages--;
}

static void uncount_expunged(MailFolder *folder, const MailEntry *entry)
{
    uncount(folder, entry);
    mail_folder_note_expunged(folder, entry->message.uid, folder->modseq);
}

static void forget(MailFolder *folder, const guint32 *uids, gsize n_uids)
{
    folder->modseq++;
    mail_folder_drop(folder, uids, n_uids, uncount_expunged);
}

static MailStoreResult
remove_folder(MailStore *store, const char *account, const char *name, GError **error)
{
    guint index = 0;
    Account *owner = find_account(store, account);
    (void)error;
    if (!find_folder(owner, name, &index)) {
        return MAIL_STORE_NO_FOLDER;
    }
    MailFolder *folder = g_ptr_array_index(owner->folders, index);
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        uncount(folder, mail_folder_entry(folder, i));
    }
    folder->is_gone = true;
    g_ptr_array_remove_index(owner->folders, index);
    return MAIL_STORE_DONE;
}

static MailStoreResult rename_folder(
    MailStore *store, const char *account, const char *from, const char *to, GError **error
)
{
    guint index = 0;
    Account *owner = find_account(store, account);
    (void)error;
    if (!find_folder(owner, from, &index)) {
        return MAIL_STORE_NO_FOLDER;
    }
    MailFolder *folder = g_ptr_array_steal_index(owner->folders, index);
    g_free(folder->name);
    folder->name = g_strdup(to);
    find_folder(owner, to, &index);
    g_ptr_array_insert(owner->folders, (gint)index, folder);
    return MAIL_STORE_DONE;
}

static MailStoreResult subscribe(
    MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error
)
{
    guint index = 0;
    Account *owner = find_account(store, account);
    (void)error;
    if (owner->subscriptions == NULL) {
        owner->subscriptions = g_ptr_array_new_with_free_func(g_free);
    }
    bool was = g_ptr_array_find_with_equal_func(owner->subscriptions, name, g_str_equal, &index);
    if (was && !is_subscribed) {
        g_ptr_array_remove_index(owner->subscriptions, index);
    } else if (!was && is_subscribed) {
        if (owner->subscriptions->len >= MAIL_FOLDERS_MAXIMUM) {
            return MAIL_STORE_LIMIT;
        }
        g_ptr_array_add(owner->subscriptions, g_strdup(name));
    }
    return MAIL_STORE_DONE;
}

static MailStoreResult open_folder(
    MailStore *store, const char *account, const char *name, MailFolder **folder, GError **error
)
{
    guint index = 0;
    const Account *owner = find_account(store, account);
    (void)error;
    if (!find_folder(owner, name, &index)) {
        return MAIL_STORE_NO_FOLDER;
    }
    *folder = mail_folder_ref(g_ptr_array_index(owner->folders, index));
    return MAIL_STORE_DONE;
}

static MailStoreResult refresh(MailFolder *folder, GError **error)
{
    (void)folder;
    (void)error;
    return MAIL_STORE_DONE;
}

/* Takes over the reference of the octets. */
static void put(MailFolder *folder, MailMessage message, GBytes *octets)
{
    Account *owner = owner_of(folder);
    message.uid = folder->uid_next;
    message.modseq = folder->modseq + 1;
    message.flags |= MAIL_FLAG_RECENT;
    message.size = g_bytes_get_size(octets);
    mail_folder_insert(folder, (MailEntry){.message = message, .where = octets});
    owner->used.octets += message.size;
    owner->used.messages++;
}

static MailStoreResult append(
    MailFolder *folder, GBytes *octets, guint32 flags, gint64 seconds, guint32 *uid, GError **error
)
{
    MailMessage message = {.flags = flags, .internal_seconds = seconds};
    (void)error;
    if (uid != NULL) {
        *uid = folder->uid_next;
    }
    put(folder, message, g_bytes_ref(octets));
    return MAIL_STORE_DONE;
}

static MailStoreResult fetch(MailFolder *folder, guint index, GBytes **octets, GError **error)
{
    (void)error;
    *octets = g_bytes_ref(mail_folder_entry(folder, index)->where);
    return MAIL_STORE_DONE;
}

static MailStoreResult set_flags(MailFolder *folder, guint index, guint32 flags, GError **error)
{
    MailMessage *message = &mail_folder_entry(folder, index)->message;
    (void)error;
    message->flags = flags;
    message->modseq = ++folder->modseq;
    return MAIL_STORE_DONE;
}

static MailStoreResult take_recent(MailFolder *folder, GError **error)
{
    (void)error;
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        mail_folder_entry(folder, i)->message.flags &= ~MAIL_FLAG_RECENT;
    }
    return MAIL_STORE_DONE;
}

static MailStoreResult
expunge(MailFolder *folder, const guint32 *uids, gsize n_uids, GError **error)
{
    (void)error;
    forget(folder, uids, n_uids);
    return MAIL_STORE_DONE;
}

static MailStoreResult
copy(MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error)
{
    const MailEntry *entry = mail_folder_entry(from, index);
    (void)error;
    *uid = to->uid_next;
    MailMessage message = {
        .flags = flags,
        .internal_seconds = entry->message.internal_seconds,
    };
    put(to, message, g_bytes_ref(entry->where));
    return MAIL_STORE_DONE;
}

static MailStoreResult
move(MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error)
{
    guint32 old_uid = mail_folder_message(from, index)->uid;
    MailStoreResult result = copy(from, index, to, flags, uid, error);
    forget(from, &old_uid, 1);
    return result;
}

static MailStoreResult add_keyword(MailFolder *folder, const char *keyword, GError **error)
{
    (void)error;
    if (folder->keywords == NULL) {
        folder->keywords = g_ptr_array_new_with_free_func(g_free);
    }
    g_ptr_array_add(folder->keywords, g_strdup(keyword));
    return MAIL_STORE_DONE;
}

static const MailStoreClass memory_class = {
    .name = "memory",
    .free = free_store,
    .add_account = add_account,
    .has_account = has_account,
    .visit_accounts = visit_accounts,
    .set_quota = set_quota,
    .get_quota = get_quota,
    .lock = lock_account,
    .unlock = unlock_account,
    .visit_folders = visit_folders,
    .visit_subscriptions = visit_subscriptions,
    .create = create_folder,
    .remove = remove_folder,
    .rename = rename_folder,
    .subscribe = subscribe,
    .open = open_folder,
    .close = close_folder,
    .refresh = refresh,
    .append = append,
    .fetch = fetch,
    .set_flags = set_flags,
    .take_recent = take_recent,
    .expunge = expunge,
    .copy = copy,
    .move = move,
    .add_keyword = add_keyword,
};

MailStore *memory_store_new(void)
{
    MemoryStore *store = g_new0(MemoryStore, 1);
    store->base.class = &memory_class;
    store->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_account);
    store->next_uid_validity = 1;
    return &store->base;
}
