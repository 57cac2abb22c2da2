#include "sim/store/mail-store-class.h"

#include <string.h>

void mail_folder_init(MailFolder *folder, MailStore *store, const char *account, const char *name)
{
    *folder = (MailFolder){
        .store = store,
        .account = account,
        .name = g_strdup(name),
        .references = 1,
        .uid_validity = 1,
        .uid_next = 1,
        .modseq = 1,
    };
}

void mail_folder_clear(MailFolder *folder)
{
    for (guint i = 0; i < mail_folder_count(folder); i++) {
        folder->free_where(mail_folder_entry(folder, i)->where);
    }
    g_clear_pointer(&folder->entries, g_array_unref);
    g_clear_pointer(&folder->expunged, g_array_unref);
    g_clear_pointer(&folder->keywords, g_ptr_array_unref);
    g_clear_pointer(&folder->name, g_free);
}

MailEntry *mail_folder_entry(const MailFolder *folder, guint index)
{
    g_assert(folder->entries != NULL && index < folder->entries->len);
    return &g_array_index(folder->entries, MailEntry, index);
}

MailStoreResult mail_folder_tell(const MailFolder *folder, MailStoreResult result)
{
    const MailStore *store = folder->store;
    guint n_watches = result == MAIL_STORE_DONE && store->watches != NULL ? store->watches->len : 0;
    for (guint i = 0; i < n_watches; i++) {
        const MailWatch *watch = &g_array_index(store->watches, MailWatch, i);
        watch->watch(folder->account, watch->data);
    }
    return result;
}

void mail_folder_insert(MailFolder *folder, MailEntry entry)
{
    guint index = 0;
    if (folder->entries == NULL) {
        folder->entries = g_array_new(FALSE, FALSE, sizeof(MailEntry));
    }
    bool is_there = mail_folder_find(folder, entry.message.uid, &index);
    g_assert(!is_there);
    g_array_insert_val(folder->entries, index, entry);
    folder->uid_next = MAX(folder->uid_next, entry.message.uid + 1);
    folder->modseq = MAX(folder->modseq, entry.message.modseq);
}

void mail_folder_note_expunged(MailFolder *folder, guint32 uid, guint64 modseq)
{
    MailExpunged expunged = {.uid = uid, .modseq = modseq};
    if (folder->expunged == NULL) {
        folder->expunged = g_array_new(FALSE, FALSE, sizeof(MailExpunged));
    }
    if (folder->expunged->len >= 2 * MAIL_EXPUNGED_REMEMBERED) {
        guint dropped = MAIL_EXPUNGED_REMEMBERED;
        folder->expunged_floor = g_array_index(folder->expunged, MailExpunged, dropped - 1).modseq;
        g_array_remove_range(folder->expunged, 0, dropped);
    }
    g_array_append_val(folder->expunged, expunged);
    folder->modseq = MAX(folder->modseq, modseq);
}

void mail_folder_drop(MailFolder *folder, const guint32 *uids, gsize n_uids, MailEntryVisit leaving)
{
    gsize next = 0;
    guint kept = 0;
    guint count = mail_folder_count(folder);
    for (guint i = 0; i < count; i++) {
        MailEntry *entry = mail_folder_entry(folder, i);
        while (next < n_uids && uids[next] < entry->message.uid) {
            next++;
        }
        if (next == n_uids || uids[next] != entry->message.uid) {
            *mail_folder_entry(folder, kept++) = *entry;
            continue;
        }
        if (leaving != NULL) {
            leaving(folder, entry);
        }
        folder->free_where(entry->where);
    }
    if (kept < count) {
        g_array_set_size(folder->entries, kept);
    }
}

MailFolder *mail_folder_ref(MailFolder *folder)
{
    folder->references++;
    return folder;
}

void mail_folder_unref(MailFolder *folder)
{
    if (folder != NULL && --folder->references == 0) {
        folder->store->class->close(folder);
    }
}

const char *mail_folder_name(const MailFolder *folder)
{
    return folder->name;
}

const char *mail_folder_account(const MailFolder *folder)
{
    return folder->account;
}

guint mail_folder_count(const MailFolder *folder)
{
    return folder->entries == NULL ? 0 : folder->entries->len;
}

guint64 mail_folder_highest_modseq(const MailFolder *folder)
{
    return folder->modseq;
}

guint32 mail_folder_uid_validity(const MailFolder *folder)
{
    return folder->uid_validity;
}

const MailMessage *mail_folder_message(const MailFolder *folder, guint index)
{
    return &mail_folder_entry(folder, index)->message;
}

bool mail_folder_find(const MailFolder *folder, guint32 uid, guint *out_index)
{
    guint low = 0;
    guint high = mail_folder_count(folder);
    /* New messages come at the end, and they are what is asked for most. */
    if (high > 0 && mail_folder_entry(folder, high - 1)->message.uid < uid) {
        low = high;
    }
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (mail_folder_entry(folder, middle)->message.uid < uid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out_index = low;
    return low < mail_folder_count(folder) && mail_folder_entry(folder, low)->message.uid == uid;
}

void mail_folder_status(const MailFolder *folder, MailFolderStatus *out_status)
{
    MailFolderStatus status = {
        .uid_validity = folder->uid_validity,
        .uid_next = folder->uid_next,
        .highest_modseq = folder->modseq,
        .messages = mail_folder_count(folder),
    };
    for (guint i = 0; i < status.messages; i++) {
        const MailMessage *message = mail_folder_message(folder, i);
        bool is_unseen = (message->flags & MAIL_FLAG_SEEN) == 0;
        status.recent += (message->flags & MAIL_FLAG_RECENT) != 0 ? 1 : 0;
        status.deleted += (message->flags & MAIL_FLAG_DELETED) != 0 ? 1 : 0;
        status.unseen += is_unseen ? 1 : 0;
        status.size += message->size;
        if (is_unseen && status.first_unseen == 0) {
            status.first_unseen = i + 1;
        }
    }
    *out_status = status;
}

MailStoreResult mail_folder_refresh(MailFolder *folder, GError **error)
{
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    return folder->store->class->refresh(folder, error);
}

/* Bits that no keyword of this folder stands for are dropped. */
static guint32 known_flags(const MailFolder *folder, guint32 flags)
{
    guint n_keywords = folder->keywords == NULL ? 0 : folder->keywords->len;
    guint32 keywords = (guint32)((G_GUINT64_CONSTANT(1) << (6 + n_keywords)) - 1);
    return flags & keywords & ~MAIL_FLAG_RECENT;
}

MailStoreResult mail_folder_append(
    MailFolder *folder,
    GBytes *octets,
    guint32 flags,
    gint64 seconds,
    guint32 *out_uid,
    GError **error
)
{
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (folder->uid_next == G_MAXUINT32) {
        return MAIL_STORE_LIMIT;
    }
    MailStoreResult result =
        mail_store_check_quota(folder->store, folder->account, g_bytes_get_size(octets), 1, error);
    if (result == MAIL_STORE_DONE) {
        guint32 known = known_flags(folder, flags);
        result = folder->store->class->append(folder, octets, known, seconds, out_uid, error);
        mail_folder_tell(folder, result);
    }
    return result;
}

MailStoreResult
mail_folder_fetch(MailFolder *folder, guint32 uid, GBytes **out_octets, GError **error)
{
    guint index = 0;
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (!mail_folder_find(folder, uid, &index)) {
        return MAIL_STORE_NO_MESSAGE;
    }
    return folder->store->class->fetch(folder, index, out_octets, error);
}

MailStoreResult mail_folder_change_flags(
    MailFolder *folder,
    guint32 uid,
    MailFlagsChange change,
    guint32 flags,
    guint64 unchanged_since,
    GError **error
)
{
    guint index = 0;
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (!mail_folder_find(folder, uid, &index)) {
        return MAIL_STORE_NO_MESSAGE;
    }
    const MailMessage *message = mail_folder_message(folder, index);
    if (message->modseq > unchanged_since) {
        return MAIL_STORE_MODIFIED;
    }
    guint32 wanted = known_flags(folder, flags) | (message->flags & MAIL_FLAG_RECENT);
    if (change == MAIL_FLAGS_ADD) {
        wanted |= message->flags;
    } else if (change == MAIL_FLAGS_REMOVE) {
        wanted = (message->flags & ~known_flags(folder, flags));
    }
    if (wanted == message->flags) {
        return MAIL_STORE_DONE;
    }
    return mail_folder_tell(folder, folder->store->class->set_flags(folder, index, wanted, error));
}

MailStoreResult mail_folder_take_recent(MailFolder *folder, GError **error)
{
    return folder->is_gone ? MAIL_STORE_NO_FOLDER
                           : folder->store->class->take_recent(folder, error);
}

static int compare_uids(const void *left, const void *right)
{
    guint32 a = *(const guint32 *)left;
    guint32 b = *(const guint32 *)right;
    return a < b ? -1 : a > b;
}

MailStoreResult
mail_folder_expunge(MailFolder *folder, const guint32 *uids, gsize n_uids, GError **error)
{
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (n_uids == 0) {
        return MAIL_STORE_DONE;
    }
    g_autofree guint32 *sorted = g_memdup2(uids, n_uids * sizeof(guint32));
    qsort(sorted, n_uids, sizeof(guint32), compare_uids);
    guint old_count = mail_folder_count(folder);
    MailStoreResult result = folder->store->class->expunge(folder, sorted, n_uids, error);
    if (result != MAIL_STORE_DONE && mail_folder_count(folder) != old_count) {
        mail_folder_tell(folder, MAIL_STORE_DONE); /* some are gone although not all are */
    }
    return mail_folder_tell(folder, result);
}

const char *mail_folder_keyword(const MailFolder *folder, guint index)
{
    return folder->keywords == NULL || index >= folder->keywords->len
               ? NULL
               : g_ptr_array_index(folder->keywords, index);
}

bool mail_folder_find_keyword(const MailFolder *folder, const char *keyword, guint *out_index)
{
    for (guint i = 0; mail_folder_keyword(folder, i) != NULL; i++) {
        if (g_ascii_strcasecmp(mail_folder_keyword(folder, i), keyword) == 0) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

/* RFC 9051 §9: a keyword is an atom. Long ones only fill the table. */
static bool is_keyword(const char *keyword)
{
    gsize length = strlen(keyword);
    for (gsize i = 0; i < length; i++) {
        if (keyword[i] <= ' ' || keyword[i] == 0x7f || strchr("(){%*\"\\]", keyword[i]) != NULL) {
            return false;
        }
    }
    return length > 0 && length <= 100;
}

MailStoreResult
mail_folder_add_keyword(MailFolder *folder, const char *keyword, guint *out_index, GError **error)
{
    if (folder->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    if (mail_folder_find_keyword(folder, keyword, out_index)) {
        return MAIL_STORE_DONE;
    }
    if (!is_keyword(keyword)) {
        return MAIL_STORE_BAD_NAME;
    }
    if (folder->keywords != NULL && folder->keywords->len >= MAIL_KEYWORDS_MAXIMUM) {
        return MAIL_STORE_LIMIT;
    }
    MailStoreResult result = folder->store->class->add_keyword(folder, keyword, error);
    if (result == MAIL_STORE_DONE && !mail_folder_find_keyword(folder, keyword, out_index)) {
        return MAIL_STORE_LIMIT; /* another process took the last place */
    }
    return result;
}

bool mail_folder_expunged_since(const MailFolder *folder, guint64 modseq, GArray *out_uids)
{
    guint first = out_uids->len;
    if (modseq < folder->expunged_floor) {
        return false;
    }
    for (guint i = 0; folder->expunged != NULL && i < folder->expunged->len; i++) {
        const MailExpunged *expunged = &g_array_index(folder->expunged, MailExpunged, i);
        if (expunged->modseq > modseq) {
            g_array_append_val(out_uids, expunged->uid);
        }
    }
    if (out_uids->len > first) {
        guint32 *uids = &g_array_index(out_uids, guint32, first);
        qsort(uids, out_uids->len - first, sizeof(guint32), compare_uids);
    }
    return true;
}

char *mail_folder_unique_id(const MailFolder *folder, guint32 uid)
{
    return g_strdup_printf("%08x%08x", folder->uid_validity, uid);
}
