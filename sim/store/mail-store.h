#pragma once

/* Where delivered mail lies: accounts, their folders, the messages in them. One interface for the
 * store in memory and the Maildir on disk; servers do not know which they have.
 *
 *     account "bob@hamburger.edu" ─┬ INBOX ─┬ UID 1: octets, flags, date, mod-sequence
 *                                  │        └ UID 2
 *                                  └ Projects/2022        "/" parts the levels of a name
 *
 * Names are UTF-8, compared octet by octet, INBOX in any case. A MailFolder is a handle with a
 * count of references; it survives the deletion of the folder (every call on it then says
 * NO_FOLDER). What others changed is found by mod-sequence; mail-view.h makes IMAP's untagged
 * answers of it. Messages in a folder stand in the order of their UIDs. A store belongs to one
 * thread; several processes may use one Maildir. */

#include <glib.h>
#include <stdbool.h>

#define MAIL_FOLDER_NAME_MAXIMUM                                                                   \
    200 /* octets; some file systems stop at 255 for the coded form                                \
         */
#define MAIL_FOLDER_LEVELS_MAXIMUM 20
#define MAIL_FOLDERS_MAXIMUM 10000 /* of an account */
#define MAIL_KEYWORDS_MAXIMUM 26   /* of a folder: as many as Maildir has letters */
#define MAIL_EXPUNGED_REMEMBERED 1000

typedef enum {
    MAIL_STORE_DONE,
    MAIL_STORE_NO_ACCOUNT,
    MAIL_STORE_NO_FOLDER,
    MAIL_STORE_NO_MESSAGE,
    MAIL_STORE_EXISTS,
    MAIL_STORE_BAD_NAME,
    MAIL_STORE_NOT_ALLOWED, /* INBOX cannot be deleted, a level without a mailbox not selected */
    MAIL_STORE_OVER_QUOTA,
    MAIL_STORE_LOCKED,
    MAIL_STORE_LIMIT,    /* one of the maxima above */
    MAIL_STORE_MODIFIED, /* some message had changed since (STORE UNCHANGEDSINCE) */
    MAIL_STORE_FAILED,   /* the disk: the GError says what */
} MailStoreResult;

/* Flags of a message: system flags, then the folder's own keywords in the order of its table. */
#define MAIL_FLAG_SEEN (1u << 0)
#define MAIL_FLAG_ANSWERED (1u << 1)
#define MAIL_FLAG_FLAGGED (1u << 2)
#define MAIL_FLAG_DELETED (1u << 3)
#define MAIL_FLAG_DRAFT (1u << 4)
#define MAIL_FLAG_RECENT (1u << 5) /* no session has been told of it yet; set by the store only */
#define MAIL_FLAGS_SYSTEM 0x3fu
#define MAIL_FLAG_KEYWORD(index) (1u << (6 + (index)))

typedef enum {
    MAIL_FLAGS_REPLACE,
    MAIL_FLAGS_ADD,
    MAIL_FLAGS_REMOVE,
} MailFlagsChange;

/* What a folder is for (RFC 6154 §2). */
typedef enum {
    MAIL_USE_ALL = 1u << 0,
    MAIL_USE_ARCHIVE = 1u << 1,
    MAIL_USE_DRAFTS = 1u << 2,
    MAIL_USE_FLAGGED = 1u << 3,
    MAIL_USE_JUNK = 1u << 4,
    MAIL_USE_SENT = 1u << 5,
    MAIL_USE_TRASH = 1u << 6,
} MailUse;

typedef struct {
    guint32 uid;
    guint32 flags;
    guint64 modseq;
    gint64 internal_seconds; /* since 1970, UTC */
    guint64 size;            /* octets with CRLF line ends, as RFC822.SIZE counts */
} MailMessage;

typedef struct {
    guint32 uid_validity;
    guint32 uid_next;
    guint64 highest_modseq;
    guint32 messages;
    guint32 recent;
    guint32 unseen;
    guint32 deleted;
    guint32 first_unseen; /* sequence number from 1; 0: none */
    guint64 size;
} MailFolderStatus;

typedef struct {
    const char *name;   /* borrowed until the account changes */
    guint32 uses;       /* MailUse bits */
    bool is_selectable; /* false: only a level above others, or only a subscribed name */
    bool exists;        /* false: subscribed, but no such folder */
    bool is_subscribed;
    bool has_children;
} MailFolderInfo;

typedef struct {
    guint64 octets; /* 0: no limit */
    guint64 messages;
} MailQuota;

typedef struct MailStore MailStore;
typedef struct MailFolder MailFolder;

typedef void (*MailAccountVisit)(const char *account, void *data);
typedef void (*MailFolderVisit)(const MailFolderInfo *info, void *data);

void mail_store_free(MailStore *store); /* all folders must have been closed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailStore, mail_store_free)
const char *mail_store_result_text(MailStoreResult result); /* for logs: "no such folder" */

/* Called after each change that this process makes to messages of a folder. It may take note, but
 * must not call the store from inside. Each is known by its data, and removed before the store is
 * freed. */
typedef void (*MailStoreWatch)(const char *account, void *data);
void mail_store_add_watch(MailStore *store, MailStoreWatch watch, void *data);
void mail_store_remove_watch(MailStore *store, const void *data);

/* Accounts. A new one has an INBOX and nothing else. Names are the caller's: an address, a login.
 */
MailStoreResult mail_store_add_account(MailStore *store, const char *account, GError **error);
bool mail_store_has_account(MailStore *store, const char *account);
void mail_store_visit_accounts(MailStore *store, MailAccountVisit visit, void *data);
MailStoreResult
mail_store_set_quota(MailStore *store, const char *account, MailQuota quota, GError **error);
MailStoreResult mail_store_get_quota(
    MailStore *store, const char *account, MailQuota *out_limit, MailQuota *out_used, GError **error
); /* 'out_used' may be NULL: to count it reads every folder */

/* Whether so much more fits: DONE or OVER_QUOTA. */
MailStoreResult mail_store_check_quota(
    MailStore *store, const char *account, guint64 octets, guint64 messages, GError **error
);

/* The exclusive lock of RFC 1939 §3 on an account's maildrop; it does not stop deliveries. */
MailStoreResult mail_store_lock(MailStore *store, const char *account, GError **error);
void mail_store_unlock(MailStore *store, const char *account);

/* Folders. Creating "a/b" makes the level "a" appear; a folder with others below it that is deleted
 * becomes such a level. Renaming takes what lies below along; renaming INBOX moves its messages. */
MailStoreResult mail_store_create(
    MailStore *store, const char *account, const char *name, guint32 uses, GError **error
);
MailStoreResult
mail_store_delete(MailStore *store, const char *account, const char *name, GError **error);
MailStoreResult mail_store_rename(
    MailStore *store, const char *account, const char *from, const char *to, GError **error
);
MailStoreResult mail_store_subscribe(
    MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error
);

/* All folders, levels and subscribed names, sorted, INBOX first. */
MailStoreResult mail_store_list(
    MailStore *store, const char *account, MailFolderVisit visit, void *data, GError **error
);

/* Delivery in one call: append to the account's folder with the flags' names left out. */
MailStoreResult mail_store_deliver(
    MailStore *store,
    const char *account,
    const char *folder,
    GBytes *octets,
    gint64 seconds,
    guint32 *out_uid,
    GError **error
);

MailStoreResult mail_folder_open(
    MailStore *store, const char *account, const char *name, MailFolder **out_folder, GError **error
);
MailFolder *mail_folder_ref(MailFolder *folder);
void mail_folder_unref(MailFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailFolder, mail_folder_unref)

const char *mail_folder_name(const MailFolder *folder);
const char *mail_folder_account(const MailFolder *folder);

/* Takes in what other processes did; nothing to do in memory. */
MailStoreResult mail_folder_refresh(MailFolder *folder, GError **error);
void mail_folder_status(const MailFolder *folder, MailFolderStatus *out_status);
guint mail_folder_count(const MailFolder *folder);
guint64 mail_folder_highest_modseq(const MailFolder *folder);
guint32 mail_folder_uid_validity(const MailFolder *folder);

/* By place, from 0; borrowed until the folder changes. */
const MailMessage *mail_folder_message(const MailFolder *folder, guint index);

/* False: no message has the UID; 'out_index' then is where it would stand. */
bool mail_folder_find(const MailFolder *folder, guint32 uid, guint *out_index);

/* 'out_uid' may be NULL: the store need not find out, and the message may show only after the next
 * refresh. DONE means that the message is safe. */
MailStoreResult mail_folder_append(
    MailFolder *folder,
    GBytes *octets,
    guint32 flags,
    gint64 seconds,
    guint32 *out_uid,
    GError **error
);

/* The octets with CRLF line ends. */
MailStoreResult
mail_folder_fetch(MailFolder *folder, guint32 uid, GBytes **out_octets, GError **error);

/* 'unchanged_since': G_MAXUINT64, or the mod-sequence of RFC 7162 §3.1.3; a message above it is
 * left alone and the result is MODIFIED. */
MailStoreResult mail_folder_change_flags(
    MailFolder *folder,
    guint32 uid,
    MailFlagsChange change,
    guint32 flags,
    guint64 unchanged_since,
    GError **error
);

/* The messages that no session was told of stop being recent, in the store; call after having
 * looked at them. */
MailStoreResult mail_folder_take_recent(MailFolder *folder, GError **error);

/* UIDs that are not there any more are passed over. */
MailStoreResult
mail_folder_expunge(MailFolder *folder, const guint32 *uids, gsize n_uids, GError **error);

/* Into another folder of any account of the same store; octets are shared where that can be.
 * Keywords go along as far as the target has room for them. Copying several is all or nothing;
 * 'out_uids' has room for n_uids and may be NULL. */
MailStoreResult mail_folder_copy(
    MailFolder *from,
    const guint32 *uids,
    gsize n_uids,
    MailFolder *to,
    guint32 *out_uids,
    GError **error
);
MailStoreResult mail_folder_move(
    MailFolder *from,
    const guint32 *uids,
    gsize n_uids,
    MailFolder *to,
    guint32 *out_uids,
    GError **error
);

/* Keywords: NULL beyond the last; adding one that is there gives its index. */
const char *mail_folder_keyword(const MailFolder *folder, guint index);
bool mail_folder_find_keyword(const MailFolder *folder, const char *keyword, guint *out_index);
MailStoreResult
mail_folder_add_keyword(MailFolder *folder, const char *keyword, guint *out_index, GError **error);

/* The UIDs expunged after that mod-sequence, ascending, as guint32 in the array. False: that is
 * too long ago, the log begins later. */
bool mail_folder_expunged_since(const MailFolder *folder, guint64 modseq, GArray *out_uids);

/* POP3's UIDL: the same for as long as the message lies there, never used again. */
char *mail_folder_unique_id(const MailFolder *folder, guint32 uid);
