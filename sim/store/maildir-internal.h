#pragma once

/* What the files of the Maildir store share; nobody outside includes it.
 *
 * A folder has, besides tmp, new and cur, three files of ours:
 *   mailwalk-lock   locked while names or the index change
 *   mailwalk-index  UIDs, mod-sequences and keywords: a log of lines, added to at its end and now
 *                   and then replaced as a whole; a half line at its end was never written
 *   mailwalk-uses   what the folder is for, where that was said
 * The truth about which messages there are and what flags they have is in the names of the files;
 * the index only adds what names cannot hold, and can be made anew without it. */

#include "protocol/text/byte-span.h"
#include "sim/store/mail-store-class.h"
#include "sim/store/maildir-store.h"

#define MAILDIR_LOCK "mailwalk-lock"
#define MAILDIR_INDEX "mailwalk-index"
#define MAILDIR_USES "mailwalk-uses"
#define MAILDIR_QUOTA "mailwalk-quota"
#define MAILDIR_SUBSCRIPTIONS "subscriptions"
#define MAILDIR_VALIDITY "mailwalk-uidvalidity"
#define MAILDIR_MAILDROP_LOCK "mailwalk-maildrop-lock"

typedef struct {
    char *name;
    char *path;
    GHashTable *open;  /* folder name -> MaildirFolder that somebody holds; not owned */
    int maildrop_lock; /* -1: not locked by this store */
} MaildirAccount;

typedef struct {
    MailStore base;
    char *root;
    bool skips_flush;
    GHashTable *accounts; /* name -> MaildirAccount, those that were asked for */
    char *host;           /* as it stands in file names */
    guint64 n_delivered;
} MaildirStore;

/* Where a message lies. The name is unknown until a scan has seen the file. */
typedef struct {
    char *unique; /* the name up to the colon: it stays when flags change */
    char *name;   /* NULL: not seen yet */
    bool in_new;
    guint seen_in;     /* the number of the scan that saw it last */
    GHashTable *among; /* the folder's 'files' where it is one of them; not owned */
} MaildirFile;

/* What a scan left of new or cur: when the place had last changed, and when the scan began. */
typedef struct {
    gint64 changed_ns;
    gint64 scanned_us;
} MaildirPlace;

typedef struct {
    MailFolder base;
    MaildirStore *store;
    MaildirAccount *owner;
    char *path;

    guint64 index_device;
    guint64 index_inode; /* 0: no index has been read */
    gsize index_length;  /* whole lines read so far */
    guint index_lines;

    GHashTable *files; /* unique name -> MaildirFile of a known message; not owned */
    MaildirPlace new_place;
    MaildirPlace cur_place;
    guint n_scans;
    bool needs_scan;
} MaildirFolder;

/* Names (maildir-names.c). What would be longer than a file name may be is refused by its caller.
 */
#define MAILDIR_DIRECTORY_MAXIMUM 250
char *maildir_account_to_directory(const char *account);
char *maildir_account_from_directory(const char *directory); /* NULL: not one of ours */
char *maildir_folder_to_directory(const char *name);         /* ".Projects.2022"; INBOX: "" */
char *maildir_folder_from_directory(const char *directory);  /* NULL: not one of ours */

/* Letters behind ":2,": those of Maildir, and a to z for keywords. 'foreign' are letters in an old
 * name that mean nothing here; they are kept. */
guint32 maildir_flags_from_name(const char *name);
char *maildir_name_with_flags(const char *unique, const char *old_name, guint32 flags);
char *maildir_unique_of(const char *name);
bool maildir_disk_size_in_name(const char *name, guint64 *out_size); /* false: not said */
bool maildir_wire_size_in_name(const char *name, guint64 *out_size);

/* Files (maildir-file.c). Freeing one also takes it out of the folder's 'files'. */
MaildirFile *maildir_file_new(const char *unique);
void maildir_file_free(void *file);
void maildir_folder_insert(MaildirFolder *folder, MailEntry entry);
char *maildir_new_unique(MaildirStore *store, guint64 disk_size, guint64 wire_size);

/* Lines end with LF on disk wherever that can be undone exactly; where it cannot, the octets lie
 * there as they came, and the name says so: both sizes in it are equal. */
GBytes *maildir_to_disk(GBytes *octets);
GBytes *maildir_from_disk(GBytes *octets, const char *name);

/* Writes tmp/NAME, flushed, dated, and renames it to 'place'/NAME. */
bool maildir_file_deliver(
    MaildirFolder *folder,
    const char *place,
    const char *name,
    GBytes *disk,
    gint64 seconds,
    GError **error
);
char *maildir_file_path(const MaildirFolder *folder, const MaildirFile *file);

/* The index (maildir-index.c); the lock is held. */
bool maildir_index_load(MaildirFolder *folder, GError **error);
bool maildir_index_add(MaildirFolder *folder, GString *lines, bool flushes, GError **error);
bool maildir_index_is_same(const MaildirFolder *folder); /* without the lock */
void maildir_index_note_message(GString *lines, const MailEntry *entry);
void maildir_index_note_flags(GString *lines, const MailMessage *message);
void maildir_index_note_gone(GString *lines, guint32 uid, guint64 modseq);
void maildir_index_note_keyword(GString *lines, const char *keyword);

/* The next UIDVALIDITY of the account, never given before. */
bool maildir_next_validity(MaildirFolder *folder, guint32 *out_validity, GError **error);

/* Scanning (maildir-scan.c): takes the lock where it must, and brings the folder up to date. */
MailStoreResult maildir_refresh(MailFolder *folder, GError **error);

typedef enum {
    MAILDIR_SCAN_IF_UNKNOWN, /* only where the index names files that were never seen */
    MAILDIR_SCAN_IF_CHANGED,
    MAILDIR_SCAN_ALWAYS,
} MaildirScan;

/* The lock is held. */
MailStoreResult maildir_sync(MaildirFolder *folder, MaildirScan scan, GError **error);
int maildir_folder_lock(MaildirFolder *folder, MailStoreResult *out_result, GError **error);

/* What can be done with messages (maildir-folder.c) */
MailStoreResult maildir_append(
    MailFolder *folder, GBytes *octets, guint32 flags, gint64 seconds, guint32 *uid, GError **error
);
MailStoreResult maildir_fetch(MailFolder *folder, guint index, GBytes **octets, GError **error);
MailStoreResult maildir_set_flags(MailFolder *folder, guint index, guint32 flags, GError **error);
MailStoreResult maildir_take_recent(MailFolder *folder, GError **error);
MailStoreResult
maildir_expunge(MailFolder *folder, const guint32 *uids, gsize n_uids, GError **error);
MailStoreResult maildir_copy(
    MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error
);
MailStoreResult maildir_move(
    MailFolder *from, guint index, MailFolder *to, guint32 flags, guint32 *uid, GError **error
);
MailStoreResult maildir_add_keyword(MailFolder *folder, const char *keyword, GError **error);
