#pragma once

/* What each kind of mail store must be able to do: a struct of functions. Only the stores and the
 * functions of mail-store.h include this. Names, limits and arguments have been checked before a
 * function here is called; names are canonical (INBOX in capitals). The first members of a store
 * and of a folder are these structs. */

#include "sim/store/mail-store.h"

typedef void (*MailNameVisit)(const char *name, guint32 uses, void *data);

typedef struct {
    const char *name;
    void (*free)(MailStore *store);

    MailStoreResult (*add_account)(MailStore *store, const char *account, GError **error);
    bool (*has_account)(MailStore *store, const char *account);
    void (*visit_accounts)(MailStore *store, MailAccountVisit visit, void *data);
    MailStoreResult (*set_quota
    )(MailStore *store, const char *account, MailQuota quota, GError **error);
    MailStoreResult (*get_quota
    )(MailStore *store, const char *account, MailQuota *limit, MailQuota *used, GError **error);
    MailStoreResult (*lock)(MailStore *store, const char *account, GError **error);
    void (*unlock)(MailStore *store, const char *account);

    /* Folders that are there, and names subscribed to; in any order, INBOX among the former. */
    MailStoreResult (*visit_folders
    )(MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error);
    MailStoreResult (*visit_subscriptions
    )(MailStore *store, const char *account, MailNameVisit visit, void *data, GError **error);
    MailStoreResult (*create
    )(MailStore *store, const char *account, const char *name, guint32 uses, GError **error);
    MailStoreResult (*remove
    )(MailStore *store, const char *account, const char *name, GError **error);
    /* One folder, never INBOX; those below it come in calls of their own. */
    MailStoreResult (*rename
    )(MailStore *store, const char *account, const char *from, const char *to, GError **error);
    MailStoreResult (*subscribe
    )(MailStore *store, const char *account, const char *name, bool is_subscribed, GError **error);

    /* What is in it may stay unread until the folder is refreshed, or appended to for a UID. */
    MailStoreResult (*open
    )(MailStore *store, const char *account, const char *name, MailFolder **folder, GError **error);
    void (*close)(MailFolder *folder); /* the last reference is gone */
    MailStoreResult (*refresh)(MailFolder *folder, GError **error);
    MailStoreResult (*append
    )(MailFolder *folder,
      GBytes *octets,
      guint32 flags,
      gint64 seconds,
      guint32 *uid,
      GError **error);
    MailStoreResult (*fetch)(MailFolder *folder, guint index, GBytes **octets, GError **error);
    /* 'flags' is what they shall be, RECENT as it was. */
    MailStoreResult (*set_flags)(MailFolder *folder, guint index, guint32 flags, GError **error);
    MailStoreResult (*take_recent)(MailFolder *folder, GError **error);
    /* 'uids' ascending. Removes all that can be removed; what cannot stays as it was. */
    MailStoreResult (*expunge
    )(MailFolder *folder, const guint32 *uids, gsize n_uids, GError **error);
    MailStoreResult (*copy
    )(MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error);
    /* Leaves 'from' to be expunged by the store itself, so that a kill doubles nothing. */
    MailStoreResult (*move
    )(MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error);
    MailStoreResult (*add_keyword)(MailFolder *folder, const char *keyword, GError **error);
} MailStoreClass;

struct MailStore {
    const MailStoreClass *class;
    GArray *watches; /* MailWatch; NULL: none yet */
};

typedef struct {
    MailStoreWatch watch;
    void *data;
} MailWatch;

/* A message and where its octets are: a GBytes in memory, a file's name on disk. */
typedef struct {
    MailMessage message;
    void *where;
} MailEntry;

typedef struct {
    guint64 modseq;
    guint32 uid;
} MailExpunged;

struct MailFolder {
    MailStore *store;
    const char *account; /* lives as long as the store */
    char *name;
    guint references;
    bool is_gone;
    guint32 uses;
    guint32 uid_validity;
    guint32 uid_next;
    guint64 modseq;
    GArray *entries;        /* MailEntry, by UID; NULL: none yet */
    GPtrArray *keywords;    /* char *; NULL: none yet */
    GArray *expunged;       /* MailExpunged, by mod-sequence; NULL: none yet */
    guint64 expunged_floor; /* what was expunged up to here has been forgotten */
    void (*free_where)(void *where);
};

void mail_folder_init(MailFolder *folder, MailStore *store, const char *account, const char *name);
void mail_folder_clear(MailFolder *folder);

/* Tells the store's watch where 'result' is DONE; gives it back. */
MailStoreResult mail_folder_tell(const MailFolder *folder, MailStoreResult result);

MailEntry *mail_folder_entry(const MailFolder *folder, guint index);

/* Keeps the order by UID; a new message has a new mod-sequence already. */
void mail_folder_insert(MailFolder *folder, MailEntry entry);

/* Takes the entries with these UIDs (ascending) out in one pass. 'leaving' may be NULL; it sees
 * each entry before what it points to is freed. */
typedef void (*MailEntryVisit)(MailFolder *folder, const MailEntry *entry);
void mail_folder_drop(
    MailFolder *folder, const guint32 *uids, gsize n_uids, MailEntryVisit leaving
);

/* Notes for expunged_since() that the UID went at that mod-sequence. */
void mail_folder_note_expunged(MailFolder *folder, guint32 uid, guint64 modseq);

/* Names. The canonical form is given to a block of the caller. */
typedef char MailNameBlock[MAIL_FOLDER_NAME_MAXIMUM + 1];
bool mail_account_is_valid(const char *account);
bool mail_name_canonical(const char *name, MailNameBlock out_name);
bool mail_name_is_inbox(const char *name);
bool mail_name_is_below(const char *name, const char *above);
