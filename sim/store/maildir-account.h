#pragma once

/* Accounts of the Maildir store, and what belongs to them as a whole: subscriptions, quota, the
 * lock of a maildrop. Only the Maildir store includes it. */

#include "sim/store/maildir-internal.h"

MailStoreResult maildir_add_account(MailStore *store, const char *account, GError **error);
bool maildir_has_account(MailStore *store, const char *account);
void maildir_visit_accounts(MailStore *store, MailAccountVisit visit, void *data);

/* An account that is there; made known to the store on the first call. */
MaildirAccount *maildir_account(MailStore *store, const char *account);
void maildir_account_free(void *account);

MailStoreResult
maildir_set_quota(MailStore *store, const char *account, MailQuota quota, GError **error);
MailStoreResult maildir_get_quota(
    MailStore *store, const char *account, MailQuota *limit, MailQuota *used, GError **error
);
MailStoreResult maildir_lock(MailStore *store, const char *account, GError **error);
void maildir_unlock(MailStore *store, const char *account);
MailStoreResult maildir_visit_subscriptions(
    MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error
);
MailStoreResult maildir_subscribe(
    MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error
);

/* Makes tmp, new and cur in a folder that may be there already. */
bool maildir_make(const char *path, GError **error);
char *maildir_folder_path(const MaildirAccount *account, const char *name);

/* How the names of folders in tmp begin that are being made or removed. */
#define MAILDIR_MAKING "folder-"
#define MAILDIR_REMOVING "deleted-"

/* Removes what lies in a folder, two levels deep as Maildirs are, and the folder. Links are removed
 * and never followed. */
void maildir_remove_tree(const char *path, guint levels);

/* Removes from tmp of all folders of the account at 'path' what killed programs left there more
 * than 36 hours before 'now_seconds'. */
void maildir_sweep(const char *path, gint64 now_seconds);
