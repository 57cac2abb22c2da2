#pragma once

/* The mailboxes of one user as an IMAP server sees them: a table of functions that the server's
 * owner gives it once the user has logged in. At most one mailbox is selected; it is seen through a
 * view of its own, whose sequence numbers change only in update(). Names are UTF-8 with "/" between
 * the levels, INBOX in any case; functions that take UIDs pass over those that are gone. */

#include "protocol/imap/imap-flag-bits.h"

typedef enum {
    IMAP_STORAGE_DONE,
    IMAP_STORAGE_NO_MAILBOX,
    IMAP_STORAGE_NO_MESSAGE,
    IMAP_STORAGE_EXISTS,
    IMAP_STORAGE_BAD_NAME,
    IMAP_STORAGE_NOT_ALLOWED, /* INBOX cannot be deleted, a mere level not selected */
    IMAP_STORAGE_OVER_QUOTA,
    IMAP_STORAGE_LIMIT,
    IMAP_STORAGE_FAILED,
} ImapStorageResult;

/* What a mailbox is for (RFC 6154 §2). */
typedef enum {
    IMAP_USE_ALL = 1u << 0,
    IMAP_USE_ARCHIVE = 1u << 1,
    IMAP_USE_DRAFTS = 1u << 2,
    IMAP_USE_FLAGGED = 1u << 3,
    IMAP_USE_JUNK = 1u << 4,
    IMAP_USE_SENT = 1u << 5,
    IMAP_USE_TRASH = 1u << 6,
} ImapUse;

typedef struct {
    const char *name;   /* borrowed during the visit */
    guint32 uses;       /* ImapUse bits */
    bool is_selectable; /* false: a level above others, or only a subscribed name */
    bool exists;        /* false: only a subscribed name */
    bool is_subscribed;
    bool has_children;
} ImapMailboxInfo;

typedef struct {
    guint32 uid_validity;
    guint32 uid_next;
    guint32 messages;
    guint32 recent;
    guint32 unseen;
    guint32 deleted;
    guint32 first_unseen; /* sequence number; 0: none */
    guint64 size;
} ImapMailboxStatus;

typedef struct {
    guint32 uid;
    guint32 flags; /* ImapFlag bits, keywords above them */
    gint64 internal_seconds;
    guint64 size;
} ImapMessageInfo;

typedef enum {
    IMAP_FLAGS_REPLACE,
    IMAP_FLAGS_ADD,
    IMAP_FLAGS_REMOVE,
} ImapFlagsChange;

typedef enum {
    IMAP_UPDATE_EXPUNGED, /* 'number' is gone, those above it moved down by one */
    IMAP_UPDATE_FLAGS,    /* of message 'number' */
    IMAP_UPDATE_EXISTS,   /* 'number' messages now */
    IMAP_UPDATE_RECENT,
    IMAP_UPDATE_GONE, /* the mailbox itself */
} ImapUpdateKind;

typedef struct {
    ImapUpdateKind kind;
    guint32 number;
    guint32 uid;
} ImapUpdate;

typedef void (*ImapMailboxVisit)(const ImapMailboxInfo *info, gpointer data);
typedef void (*ImapUpdateVisit)(const ImapUpdate *update, gpointer data);

typedef struct {
    ImapStorageResult (*create)(gpointer storage, const char *name, guint32 uses);
    ImapStorageResult (*remove)(gpointer storage, const char *name);
    ImapStorageResult (*rename)(gpointer storage, const char *from, const char *to);
    ImapStorageResult (*subscribe)(gpointer storage, const char *name, bool is_subscribed);
    /* All of them, levels and subscribed names too, sorted, INBOX first. */
    ImapStorageResult (*list)(gpointer storage, ImapMailboxVisit visit, gpointer data);
    ImapStorageResult (*status)(gpointer storage, const char *name, ImapMailboxStatus *out_status);
    /* 'seconds' below 0: now. 'keywords' ends with NULL. Both numbers 0: not known. */
    ImapStorageResult (*append
    )(gpointer storage,
      const char *name,
      GBytes *octets,
      guint32 flags,
      const char *const *keywords,
      gint64 seconds,
      guint32 *out_uid_validity,
      guint32 *out_uid);

    ImapStorageResult (*select
    )(gpointer storage, const char *name, bool is_read_only, ImapMailboxStatus *out_status);
    void (*unselect)(gpointer storage);

    /* From here on: the selected mailbox. */
    ImapStorageResult (*update
    )(gpointer storage, bool may_expunge, ImapUpdateVisit visit, gpointer data);
    guint32 (*count)(gpointer storage);
    guint32 (*uid)(gpointer storage, guint32 sequence);
    guint32 (*sequence_from)(gpointer storage, guint32 uid); /* first with at least it; 0: none */
    /* False: somebody else has expunged it, and the view does not show it yet. */
    bool (*message)(gpointer storage, guint32 sequence, ImapMessageInfo *out_info);
    ImapStorageResult (*fetch)(gpointer storage, guint32 uid, GBytes **out_octets);
    /* The change is told to the client by the server; it does not come in update() again. */
    ImapStorageResult (*change_flags
    )(gpointer storage, guint32 uid, ImapFlagsChange change, guint32 flags);
    const char *(*keyword)(gpointer storage, guint index); /* NULL: beyond the last */
    ImapStorageResult (*add_keyword)(gpointer storage, const char *keyword, guint *out_index);
    ImapStorageResult (*expunge)(gpointer storage, const guint32 *uids, gsize n_uids);
    /* All or nothing; 'out_uids' has room for n_uids. */
    ImapStorageResult (*copy
    )(gpointer storage,
      const guint32 *uids,
      gsize n_uids,
      const char *target,
      bool is_move,
      guint32 *out_uid_validity,
      guint32 *out_uids);
} ImapStorage;
