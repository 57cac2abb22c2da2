#include "sim/store/mail-view.h"

#include <string.h>

struct MailView {
    MailFolder *folder;
    bool is_read_only;
    guint32 uid_validity;
    GArray *uids;            /* guint32: what the client counts from 1 */
    GHashTable *recent;      /* UIDs this view was the first to be told of; NULL: none */
    GHashTable *own_changes; /* UID -> mod-sequence the client knows already; NULL: none */
    guint64 seen_modseq;
    guint32 told_recent;
    bool owes_expunges;
};

MailFolder *mail_view_folder(const MailView *view)
{
    return view->folder;
}

bool mail_view_is_read_only(const MailView *view)
{
    return view->is_read_only;
}

guint32 mail_view_count(const MailView *view)
{
    return view->uids->len;
}

guint32 mail_view_recent(const MailView *view)
{
    return view->recent == NULL ? 0 : g_hash_table_size(view->recent);
}

guint32 mail_view_uid(const MailView *view, guint32 sequence)
{
    return sequence == 0 || sequence > view->uids->len
               ? 0
               : g_array_index(view->uids, guint32, sequence - 1);
}

guint32 mail_view_sequence_from(const MailView *view, guint32 uid)
{
    guint low = 0;
    guint high = view->uids->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(view->uids, guint32, middle) < uid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < view->uids->len ? low + 1 : 0;
}

guint32 mail_view_sequence(const MailView *view, guint32 uid)
{
    guint32 sequence = mail_view_sequence_from(view, uid);
    return mail_view_uid(view, sequence) == uid ? sequence : 0;
}

bool mail_view_is_recent(const MailView *view, guint32 uid)
{
    return view->recent != NULL && g_hash_table_contains(view->recent, GUINT_TO_POINTER(uid));
}

static void take_message(MailView *view, const MailMessage *message)
{
    g_array_append_val(view->uids, message->uid);
    if ((message->flags & MAIL_FLAG_RECENT) != 0) {
        if (view->recent == NULL) {
            view->recent = g_hash_table_new(NULL, NULL);
        }
        g_hash_table_add(view->recent, GUINT_TO_POINTER(message->uid));
    }
}

/* Messages above the last one in the view; true: there were some. */
static bool take_new(MailView *view)
{
    guint index = 0;
    guint old_count = view->uids->len;
    guint32 last = mail_view_uid(view, old_count);
    mail_folder_find(view->folder, last + 1, &index);
    for (; index < mail_folder_count(view->folder); index++) {
        take_message(view, mail_folder_message(view->folder, index));
    }
    return view->uids->len > old_count;
}

MailView *mail_view_new(MailFolder *folder, bool is_read_only)
{
    MailView *view = g_new0(MailView, 1);
    mail_folder_refresh(folder, NULL);
    view->folder = mail_folder_ref(folder);
    view->is_read_only = is_read_only;
    view->uid_validity = mail_folder_uid_validity(folder);
    view->uids = g_array_sized_new(FALSE, FALSE, sizeof(guint32), mail_folder_count(folder));
    take_new(view);
    if (!is_read_only && mail_view_recent(view) > 0) {
        mail_folder_take_recent(folder, NULL);
    }
    view->seen_modseq = mail_folder_highest_modseq(folder);
    view->told_recent = mail_view_recent(view);
    return view;
}

void mail_view_free(MailView *view)
{
    if (view != NULL) {
        g_array_unref(view->uids);
        g_clear_pointer(&view->recent, g_hash_table_unref);
        g_clear_pointer(&view->own_changes, g_hash_table_unref);
        mail_folder_unref(view->folder);
        g_free(view);
    }
}

static void add_event(GArray *events, MailViewEventKind kind, guint32 sequence)
{
    MailViewEvent event = {.kind = kind, .sequence = sequence};
    g_array_append_val(events, event);
}

/* Both lists ascend, so one walk finds what is missing. Gives the events in the order in which the
 * numbers are right: each expunge moves down what follows. */
static void take_expunges(MailView *view, bool may_expunge, GArray *events)
{
    guint kept = 0;
    guint index = 0;
    view->owes_expunges = false;
    for (guint i = 0; i < view->uids->len; i++) {
        guint32 uid = g_array_index(view->uids, guint32, i);
        while (index < mail_folder_count(view->folder) &&
               mail_folder_message(view->folder, index)->uid < uid) {
            index++;
        }
        bool is_there = index < mail_folder_count(view->folder) &&
                        mail_folder_message(view->folder, index)->uid == uid;
        if (!is_there && may_expunge) {
            MailViewEvent event = {.kind = MAIL_VIEW_EXPUNGED, .sequence = kept + 1, .uid = uid};
            g_array_append_val(events, event);
            if (view->recent != NULL) {
                g_hash_table_remove(view->recent, GUINT_TO_POINTER(uid));
            }
            continue;
        }
        view->owes_expunges = view->owes_expunges || !is_there;
        g_array_index(view->uids, guint32, kept++) = uid;
    }
    g_array_set_size(view->uids, kept);
}

static bool is_own_change(const MailView *view, const MailMessage *message)
{
    gpointer known = view->own_changes == NULL
                         ? NULL
                         : g_hash_table_lookup(view->own_changes, GUINT_TO_POINTER(message->uid));
    return known != NULL && *(guint64 *)known == message->modseq;
}

static void tell_flags(MailView *view, GArray *events)
{
    guint32 last = mail_view_uid(view, view->uids->len);
    for (guint i = 0; i < mail_folder_count(view->folder); i++) {
        const MailMessage *message = mail_folder_message(view->folder, i);
        if (message->uid > last) {
            return;
        }
        if (message->modseq > view->seen_modseq && !is_own_change(view, message)) {
            MailViewEvent event = {
                .kind = MAIL_VIEW_FLAGS,
                .sequence = mail_view_sequence(view, message->uid),
                .uid = message->uid,
                .flags = message->flags,
                .modseq = message->modseq,
            };
            if (event.sequence > 0) {
                g_array_append_val(events, event);
            }
        }
    }
}

MailStoreResult mail_view_update(MailView *view, bool may_expunge, GArray *events, GError **error)
{
    MailStoreResult result = mail_folder_refresh(view->folder, error);
    bool is_other =
        result == MAIL_STORE_DONE && mail_folder_uid_validity(view->folder) != view->uid_validity;
    if (result == MAIL_STORE_NO_FOLDER || is_other) {
        add_event(events, MAIL_VIEW_GONE, 0);
        return MAIL_STORE_DONE;
    }
    if (result != MAIL_STORE_DONE) {
        return result;
    }
    guint64 modseq = mail_folder_highest_modseq(view->folder);
    if (modseq == view->seen_modseq && !(view->owes_expunges && may_expunge)) {
        return MAIL_STORE_DONE;
    }
    take_expunges(view, may_expunge, events);
    tell_flags(view, events);
    guint32 old_recent = mail_view_recent(view);
    if (take_new(view)) {
        add_event(events, MAIL_VIEW_EXISTS, view->uids->len);
    }
    bool has_recent = mail_view_recent(view) > old_recent;
    if (!view->is_read_only && has_recent) {
        result = mail_folder_take_recent(view->folder, error);
    }
    if (mail_view_recent(view) != view->told_recent) {
        view->told_recent = mail_view_recent(view);
        add_event(events, MAIL_VIEW_RECENT, view->told_recent);
    }
    g_clear_pointer(&view->own_changes, g_hash_table_unref);
    view->seen_modseq = modseq;
    return result;
}

void mail_view_forget_flags(MailView *view, guint32 uid)
{
    guint index = 0;
    if (!mail_folder_find(view->folder, uid, &index)) {
        return;
    }
    if (view->own_changes == NULL) {
        view->own_changes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    }
    guint64 modseq = mail_folder_message(view->folder, index)->modseq;
    g_hash_table_insert(
        view->own_changes, GUINT_TO_POINTER(uid), g_memdup2(&modseq, sizeof modseq)
    );
}
