#include <string.h>

#include "sim/store/mail-store-class.h"

/* Copying and moving between folders of one store. */

/* The flags a message has in 'to': keywords by name, as far as there is room for them. */
static MailStoreResult translate_flags(
    const MailFolder *from, guint32 flags, MailFolder *to, guint32 *out_flags, GError **error
)
{
    guint32 translated = flags & MAIL_FLAGS_SYSTEM & ~MAIL_FLAG_RECENT;
    for (guint i = 0; mail_folder_keyword(from, i) != NULL; i++) {
        guint index = 0;
        if ((flags & MAIL_FLAG_KEYWORD(i)) == 0) {
            continue;
        }
        MailStoreResult result =
            mail_folder_add_keyword(to, mail_folder_keyword(from, i), &index, error);
        if (result == MAIL_STORE_DONE) {
            translated |= MAIL_FLAG_KEYWORD(index);
        } else if (result != MAIL_STORE_LIMIT) {
            return result;
        }
    }
    *out_flags = translated;
    return MAIL_STORE_DONE;
}

typedef MailStoreResult (*Transfer
)(MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error);

static MailStoreResult transfer_one(
    MailFolder *from,
    guint32 uid,
    MailFolder *to,
    Transfer transfer,
    guint32 *out_uid,
    GError **error
)
{
    guint index = 0;
    guint32 flags = 0;
    if (!mail_folder_find(from, uid, &index)) {
        return MAIL_STORE_NO_MESSAGE;
    }
    guint32 old_flags = mail_folder_message(from, index)->flags;
    MailStoreResult result = translate_flags(from, old_flags, to, &flags, error);
    /* On disk a new keyword may have brought a refresh with it. */
    if (result == MAIL_STORE_DONE && !mail_folder_find(from, uid, &index)) {
        result = MAIL_STORE_NO_MESSAGE;
    }
    if (result == MAIL_STORE_DONE) {
        result = transfer(from, index, to, flags, out_uid, error);
    }
    return result;
}

static MailStoreResult check_transfer(
    MailFolder *from,
    const guint32 *uids,
    gsize n_uids,
    MailFolder *to,
    bool is_copy,
    GError **error
)
{
    guint64 octets = 0;
    if (from->is_gone || to->is_gone) {
        return MAIL_STORE_NO_FOLDER;
    }
    g_assert(from->store == to->store);
    for (gsize i = 0; i < n_uids; i++) {
        guint index = 0;
        if (!mail_folder_find(from, uids[i], &index)) {
            return MAIL_STORE_NO_MESSAGE;
        }
        octets += mail_folder_message(from, index)->size;
    }
    if (n_uids >= G_MAXUINT32 - to->uid_next) {
        return MAIL_STORE_LIMIT;
    }
    bool needs_room = is_copy || strcmp(from->account, to->account) != 0;
    return needs_room ? mail_store_check_quota(to->store, to->account, octets, n_uids, error)
                      : MAIL_STORE_DONE;
}

MailStoreResult mail_folder_copy(
    MailFolder *from,
    const guint32 *uids,
    gsize n_uids,
    MailFolder *to,
    guint32 *out_uids,
    GError **error
)
{
    MailStoreResult result = check_transfer(from, uids, n_uids, to, true, error);
    g_autofree guint32 *copies = g_new0(guint32, n_uids);
    gsize done = 0;
    while (result == MAIL_STORE_DONE && done < n_uids) {
        Transfer copy = from->store->class->copy;
        result = transfer_one(from, uids[done], to, copy, &copies[done], error);
        done += result == MAIL_STORE_DONE ? 1 : 0;
    }
    if (result != MAIL_STORE_DONE) {
        /* RFC 9051 §6.4.7: the target must be as it was before the attempt. */
        mail_folder_expunge(to, copies, done, NULL);
        return result;
    }
    if (out_uids != NULL && n_uids > 0) {
        memcpy(out_uids, copies, n_uids * sizeof(guint32));
    }
    return mail_folder_tell(to, MAIL_STORE_DONE);
}

MailStoreResult mail_folder_move(
    MailFolder *from,
    const guint32 *uids,
    gsize n_uids,
    MailFolder *to,
    guint32 *out_uids,
    GError **error
)
{
    MailStoreResult result = check_transfer(from, uids, n_uids, to, false, error);
    for (gsize i = 0; i < n_uids && result == MAIL_STORE_DONE; i++) {
        guint32 uid = 0;
        result = transfer_one(from, uids[i], to, from->store->class->move, &uid, error);
        if (result == MAIL_STORE_DONE && out_uids != NULL) {
            out_uids[i] = uid;
        }
    }
    mail_folder_tell(from, result);
    return mail_folder_tell(to, result);
}
