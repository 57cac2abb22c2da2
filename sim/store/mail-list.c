#include "sim/store/mail-store-class.h"

#include <string.h>

/* Folders, the levels above them and subscribed names make one sorted list. */

typedef struct {
    guint32 uses;
    bool is_folder;
    bool is_subscribed;
    bool has_children;
} Listed;

static Listed *listed(GTree *names, const char *name)
{
    Listed *entry = g_tree_lookup(names, name);
    if (entry == NULL) {
        entry = g_new0(Listed, 1);
        g_tree_insert(names, g_strdup(name), entry);
    }
    return entry;
}

static void add_levels_above(GTree *names, const char *name)
{
    MailNameBlock level;
    g_strlcpy(level, name, sizeof level);
    for (char *slash = strrchr(level, '/'); slash != NULL; slash = strrchr(level, '/')) {
        *slash = '\0';
        listed(names, level)->has_children = true;
    }
}

static void add_folder(const char *name, guint32 uses, void *data)
{
    Listed *entry = listed(data, name);
    entry->is_folder = true;
    entry->uses = uses;
    add_levels_above(data, name);
}

static void add_subscription(const char *name, guint32 uses, void *data)
{
    (void)uses;
    listed(data, name)->is_subscribed = true;
}

/* INBOX first, what is below it next, then by octets. */
static gint compare_names(gconstpointer left, gconstpointer right, gpointer unused)
{
    bool left_is_inbox = mail_name_is_inbox(left) || mail_name_is_below(left, "INBOX");
    bool right_is_inbox = mail_name_is_inbox(right) || mail_name_is_below(right, "INBOX");
    (void)unused;
    if (left_is_inbox != right_is_inbox) {
        return left_is_inbox ? -1 : 1;
    }
    return strcmp(left, right);
}

typedef struct {
    MailFolderVisit visit;
    void *data;
} Visitor;

static gboolean give(gpointer key, gpointer value, gpointer data)
{
    const Listed *entry = value;
    const Visitor *visitor = data;
    MailFolderInfo info = {
        .name = key,
        .uses = entry->uses,
        .is_selectable = entry->is_folder,
        .exists = entry->is_folder || entry->has_children,
        .is_subscribed = entry->is_subscribed,
        .has_children = entry->has_children,
    };
    visitor->visit(&info, visitor->data);
    return FALSE;
}

MailStoreResult mail_store_list(
    MailStore *store, const char *account, MailFolderVisit visit, void *data, GError **error
)
{
    if (!mail_store_has_account(store, account)) {
        return MAIL_STORE_NO_ACCOUNT;
    }
    g_autoptr(GTree) names = g_tree_new_full(compare_names, NULL, g_free, g_free);
    Visitor visitor = {.visit = visit, .data = data};
    MailStoreResult result = store->class->visit_folders(store, account, add_folder, names, error);
    if (result == MAIL_STORE_DONE) {
        result = store->class->visit_subscriptions(store, account, add_subscription, names, error);
    }
    if (result == MAIL_STORE_DONE) {
        g_tree_foreach(names, give, &visitor);
    }
    return result;
}
