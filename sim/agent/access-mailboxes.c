#include "sim/agent/access-mailboxes.h"

#include "sim/store/mail-view.h"

/* The bits of flags and uses are the same on both sides. */
G_STATIC_ASSERT((int)IMAP_FLAG_SEEN == (int)MAIL_FLAG_SEEN);
G_STATIC_ASSERT((int)IMAP_FLAG_ANSWERED == (int)MAIL_FLAG_ANSWERED);
G_STATIC_ASSERT((int)IMAP_FLAG_FLAGGED == (int)MAIL_FLAG_FLAGGED);
G_STATIC_ASSERT((int)IMAP_FLAG_DELETED == (int)MAIL_FLAG_DELETED);
G_STATIC_ASSERT((int)IMAP_FLAG_DRAFT == (int)MAIL_FLAG_DRAFT);
G_STATIC_ASSERT((int)IMAP_FLAG_RECENT == (int)MAIL_FLAG_RECENT);
G_STATIC_ASSERT(IMAP_KEYWORDS_MAXIMUM == MAIL_KEYWORDS_MAXIMUM);
G_STATIC_ASSERT((int)IMAP_USE_ALL == (int)MAIL_USE_ALL);
G_STATIC_ASSERT((int)IMAP_USE_ARCHIVE == (int)MAIL_USE_ARCHIVE);
G_STATIC_ASSERT((int)IMAP_USE_DRAFTS == (int)MAIL_USE_DRAFTS);
G_STATIC_ASSERT((int)IMAP_USE_FLAGGED == (int)MAIL_USE_FLAGGED);
G_STATIC_ASSERT((int)IMAP_USE_JUNK == (int)MAIL_USE_JUNK);
G_STATIC_ASSERT((int)IMAP_USE_SENT == (int)MAIL_USE_SENT);
G_STATIC_ASSERT((int)IMAP_USE_TRASH == (int)MAIL_USE_TRASH);

struct AccessMailboxes {
    AccessAccounts *accounts;
    MailStore *store;
    char *address;
    MailView *view; /* of the selected folder; NULL: none */
};

AccessMailboxes *access_mailboxes_new(AccessAccounts *accounts, const char *address)
{
    AccessMailboxes *mailboxes = g_new0(AccessMailboxes, 1);
    mailboxes->accounts = accounts;
    mailboxes->store = access_accounts_store(accounts);
    mailboxes->address = g_strdup(address);
    return mailboxes;
}

void access_mailboxes_free(AccessMailboxes *mailboxes)
{
    if (mailboxes != NULL) {
        mail_view_free(mailboxes->view);
        g_free(mailboxes->address);
        g_free(mailboxes);
    }
}

const char *access_mailboxes_address(const AccessMailboxes *mailboxes)
{
    return mailboxes->address;
}

static ImapStorageResult translate(MailStoreResult result)
{
    switch (result) {
    case MAIL_STORE_DONE:
        return IMAP_STORAGE_DONE;
    case MAIL_STORE_NO_ACCOUNT:
    case MAIL_STORE_NO_FOLDER:
        return IMAP_STORAGE_NO_MAILBOX;
    case MAIL_STORE_NO_MESSAGE:
        return IMAP_STORAGE_NO_MESSAGE;
    case MAIL_STORE_EXISTS:
        return IMAP_STORAGE_EXISTS;
    case MAIL_STORE_BAD_NAME:
        return IMAP_STORAGE_BAD_NAME;
    case MAIL_STORE_NOT_ALLOWED:
        return IMAP_STORAGE_NOT_ALLOWED;
    case MAIL_STORE_OVER_QUOTA:
        return IMAP_STORAGE_OVER_QUOTA;
    case MAIL_STORE_LIMIT:
        return IMAP_STORAGE_LIMIT;
    case MAIL_STORE_LOCKED:
    case MAIL_STORE_MODIFIED:
    case MAIL_STORE_FAILED:
        return IMAP_STORAGE_FAILED;
    }
    g_assert_not_reached();
}

static ImapStorageResult create(gpointer storage, const char *name, guint32 uses)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(GError) error = NULL;
    return translate(mail_store_create(mailboxes->store, mailboxes->address, name, uses, &error));
}

static ImapStorageResult remove_mailbox(gpointer storage, const char *name)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(GError) error = NULL;
    return translate(mail_store_delete(mailboxes->store, mailboxes->address, name, &error));
}

static ImapStorageResult rename_mailbox(gpointer storage, const char *from, const char *to)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(GError) error = NULL;
    return translate(mail_store_rename(mailboxes->store, mailboxes->address, from, to, &error));
}

static ImapStorageResult subscribe(gpointer storage, const char *name, bool is_subscribed)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(GError) error = NULL;
    return translate(
        mail_store_subscribe(mailboxes->store, mailboxes->address, name, is_subscribed, &error)
    );
}

typedef struct {
    ImapMailboxVisit visit;
    gpointer data;
} ListVisit;

static void pass_folder(const MailFolderInfo *info, void *data)
{
    const ListVisit *list = data;
    ImapMailboxInfo passed = {
        .name = info->name,
        .uses = info->uses,
        .is_selectable = info->is_selectable,
        .exists = info->exists,
        .is_subscribed = info->is_subscribed,
        .has_children = info->has_children,
    };
    list->visit(&passed, list->data);
}

static ImapStorageResult list(gpointer storage, ImapMailboxVisit visit, gpointer data)
{
    AccessMailboxes *mailboxes = storage;
    ListVisit passed = {.visit = visit, .data = data};
    g_autoptr(GError) error = NULL;
    return translate(
        mail_store_list(mailboxes->store, mailboxes->address, pass_folder, &passed, &error)
    );
}

static void describe(const MailFolder *folder, ImapMailboxStatus *out_status)
{
    MailFolderStatus status;
    mail_folder_status(folder, &status);
    *out_status = (ImapMailboxStatus){
        .uid_validity = status.uid_validity,
        .uid_next = status.uid_next,
        .messages = status.messages,
        .recent = status.recent,
        .unseen = status.unseen,
        .deleted = status.deleted,
        .first_unseen = status.first_unseen,
        .size = status.size,
    };
}

static ImapStorageResult
open_folder(AccessMailboxes *mailboxes, const char *name, MailFolder **out_folder)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MailFolder) folder = NULL;
    MailStoreResult result =
        mail_folder_open(mailboxes->store, mailboxes->address, name, &folder, &error);
    if (result == MAIL_STORE_DONE) {
        result = mail_folder_refresh(folder, &error);
    }
    if (result == MAIL_STORE_DONE) {
        *out_folder = g_steal_pointer(&folder);
    }
    return translate(result);
}

static ImapStorageResult
get_status(gpointer storage, const char *name, ImapMailboxStatus *out_status)
{
    g_autoptr(MailFolder) folder = NULL;
    ImapStorageResult result = open_folder(storage, name, &folder);
    if (result == IMAP_STORAGE_DONE) {
        describe(folder, out_status);
    }
    return result;
}

static MailStoreResult
add_keywords(MailFolder *folder, const char *const *keywords, guint32 *flags, GError **error)
{
    for (gsize i = 0; keywords[i] != NULL; i++) {
        guint index;
        MailStoreResult result = mail_folder_add_keyword(folder, keywords[i], &index, error);
        if (result != MAIL_STORE_DONE) {
            return result;
        }
        *flags |= MAIL_FLAG_KEYWORD(index);
    }
    return MAIL_STORE_DONE;
}

static ImapStorageResult append(
    gpointer storage,
    const char *name,
    GBytes *octets,
    guint32 flags,
    const char *const *keywords,
    gint64 seconds,
    guint32 *out_uid_validity,
    guint32 *out_uid
)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(MailFolder) folder = NULL;
    g_autoptr(GError) error = NULL;
    ImapStorageResult opened = open_folder(mailboxes, name, &folder);
    if (opened != IMAP_STORAGE_DONE) {
        return opened;
    }
    if (seconds < 0) {
        seconds = sim_world_now(access_accounts_world(mailboxes->accounts)) / SIM_SECOND;
    }
    MailStoreResult result = add_keywords(folder, keywords, &flags, &error);
    if (result == MAIL_STORE_DONE) {
        result = mail_folder_append(folder, octets, flags, seconds, out_uid, &error);
    }
    *out_uid_validity = mail_folder_uid_validity(folder);
    return translate(result);
}

static void unselect(gpointer storage)
{
    AccessMailboxes *mailboxes = storage;
    g_clear_pointer(&mailboxes->view, mail_view_free);
}

static ImapStorageResult
select_mailbox(gpointer storage, const char *name, bool is_read_only, ImapMailboxStatus *out_status)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(MailFolder) folder = NULL;
    ImapStorageResult result = open_folder(mailboxes, name, &folder);
    if (result != IMAP_STORAGE_DONE) {
        return result;
    }
    unselect(mailboxes);
    mailboxes->view = mail_view_new(folder, is_read_only);
    describe(folder, out_status);
    out_status->messages = mail_view_count(mailboxes->view);
    out_status->recent = mail_view_recent(mailboxes->view);
    return IMAP_STORAGE_DONE;
}

static ImapStorageResult
update(gpointer storage, bool may_expunge, ImapUpdateVisit visit, gpointer data)
{
    static const ImapUpdateKind kinds[] = {
        [MAIL_VIEW_EXPUNGED] = IMAP_UPDATE_EXPUNGED,
        [MAIL_VIEW_FLAGS] = IMAP_UPDATE_FLAGS,
        [MAIL_VIEW_EXISTS] = IMAP_UPDATE_EXISTS,
        [MAIL_VIEW_RECENT] = IMAP_UPDATE_RECENT,
        [MAIL_VIEW_GONE] = IMAP_UPDATE_GONE,
    };

    AccessMailboxes *mailboxes = storage;
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(MailViewEvent));
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_view_update(mailboxes->view, may_expunge, events, &error);
    for (guint i = 0; i < events->len; i++) {
        const MailViewEvent *event = &g_array_index(events, MailViewEvent, i);
        ImapUpdate told = {
            .kind = kinds[event->kind],
            .number = event->sequence,
            .uid = event->uid,
        };
        visit(&told, data);
    }
    return translate(result);
}

static MailFolder *selected(gpointer storage)
{
    return mail_view_folder(((AccessMailboxes *)storage)->view);
}

static guint32 count(gpointer storage)
{
    return mail_view_count(((AccessMailboxes *)storage)->view);
}

static guint32 uid_of(gpointer storage, guint32 sequence)
{
    return mail_view_uid(((AccessMailboxes *)storage)->view, sequence);
}

static guint32 sequence_from(gpointer storage, guint32 uid)
{
    return mail_view_sequence_from(((AccessMailboxes *)storage)->view, uid);
}

static bool get_message(gpointer storage, guint32 sequence, ImapMessageInfo *out_info)
{
    const MailView *view = ((AccessMailboxes *)storage)->view;
    const MailFolder *folder = mail_view_folder(view);
    guint32 uid = mail_view_uid(view, sequence);
    guint index;
    if (uid == 0 || !mail_folder_find(folder, uid, &index)) {
        return false;
    }
    const MailMessage *message = mail_folder_message(folder, index);
    *out_info = (ImapMessageInfo){
        .uid = uid,
        .flags = message->flags & ~MAIL_FLAG_RECENT,
        .internal_seconds = message->internal_seconds,
        .size = message->size,
    };
    if (mail_view_is_recent(view, uid)) {
        out_info->flags |= IMAP_FLAG_RECENT;
    }
    return true;
}

static ImapStorageResult fetch(gpointer storage, guint32 uid, GBytes **out_octets)
{
    g_autoptr(GError) error = NULL;
    return translate(mail_folder_fetch(selected(storage), uid, out_octets, &error));
}

static ImapStorageResult
change_flags(gpointer storage, guint32 uid, ImapFlagsChange change, guint32 flags)
{
    static const MailFlagsChange changes[] = {
        [IMAP_FLAGS_REPLACE] = MAIL_FLAGS_REPLACE,
        [IMAP_FLAGS_ADD] = MAIL_FLAGS_ADD,
        [IMAP_FLAGS_REMOVE] = MAIL_FLAGS_REMOVE,
    };

    AccessMailboxes *mailboxes = storage;
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_folder_change_flags(
        selected(storage), uid, changes[change], flags, G_MAXUINT64, &error
    );
    if (result == MAIL_STORE_DONE) {
        mail_view_forget_flags(mailboxes->view, uid);
    }
    return translate(result);
}

static const char *keyword(gpointer storage, guint index)
{
    return mail_folder_keyword(selected(storage), index);
}

static ImapStorageResult add_keyword(gpointer storage, const char *name, guint *out_index)
{
    g_autoptr(GError) error = NULL;
    return translate(mail_folder_add_keyword(selected(storage), name, out_index, &error));
}

static void tell_count(const AccessMailboxes *mailboxes, const MailFolder *folder)
{
    g_autofree char *which =
        g_strdup_printf("%s of %s", mail_folder_name(folder), mailboxes->address);
    g_autofree char *text = g_strdup_printf("%s now holds", which);
    bool is_inbox =
        strcmp(mail_folder_name(folder), "INBOX") == 0; /* what POP3 calls the mailbox */
    access_accounts_tell_count(
        mailboxes->accounts, is_inbox ? mailboxes->address : which, mail_folder_count(folder), text
    );
}

static ImapStorageResult expunge(gpointer storage, const guint32 *uids, gsize n_uids)
{
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_folder_expunge(selected(storage), uids, n_uids, &error);
    if (n_uids > 0 && result != MAIL_STORE_NO_FOLDER) { /* of several, some may be gone */
        tell_count(storage, selected(storage));
    }
    return translate(result);
}

static ImapStorageResult copy(
    gpointer storage,
    const guint32 *uids,
    gsize n_uids,
    const char *target,
    bool is_move,
    guint32 *out_uid_validity,
    guint32 *out_uids
)
{
    AccessMailboxes *mailboxes = storage;
    g_autoptr(MailFolder) to = NULL;
    g_autoptr(GError) error = NULL;
    ImapStorageResult opened = open_folder(mailboxes, target, &to);
    if (opened != IMAP_STORAGE_DONE) {
        return opened;
    }
    MailFolder *from = selected(storage);
    MailStoreResult result = is_move ? mail_folder_move(from, uids, n_uids, to, out_uids, &error)
                                     : mail_folder_copy(from, uids, n_uids, to, out_uids, &error);
    *out_uid_validity = mail_folder_uid_validity(to);
    if (result == MAIL_STORE_DONE && n_uids > 0) {
        tell_count(mailboxes, to);
    }
    return translate(result);
}

const ImapStorage access_mailboxes_functions = {
    .create = create,
    .remove = remove_mailbox,
    .rename = rename_mailbox,
    .subscribe = subscribe,
    .list = list,
    .status = get_status,
    .append = append,
    .select = select_mailbox,
    .unselect = unselect,
    .update = update,
    .count = count,
    .uid = uid_of,
    .sequence_from = sequence_from,
    .message = get_message,
    .fetch = fetch,
    .change_flags = change_flags,
    .keyword = keyword,
    .add_keyword = add_keyword,
    .expunge = expunge,
    .copy = copy,
};
