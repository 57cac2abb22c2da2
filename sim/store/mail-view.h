#pragma once

/* A session's view of a folder: which message has which sequence number for this client. Others
 * may add, change and expunge meanwhile; the client learns of it only when the view is brought up
 * to date, as events in an order that IMAP may send (RFC 9051 §7.5: an expunge renumbers at once).
 *
 *     session A ─ view 1 2 3 ─┐
 *     session B ─ view 1 2 ───┴─ MailFolder (UIDs, flags, mod-sequences) */

#include "sim/store/mail-store.h"

typedef enum {
    MAIL_VIEW_EXPUNGED, /* 'sequence' is gone; those above it moved down by one */
    MAIL_VIEW_FLAGS,    /* flags of 'sequence' changed */
    MAIL_VIEW_EXISTS,   /* 'sequence' is the new number of messages */
    MAIL_VIEW_RECENT,   /* 'sequence' is the new number of recent messages in this view */
    MAIL_VIEW_GONE,     /* the folder was deleted, or its UIDVALIDITY changed: close the session */
} MailViewEventKind;

typedef struct {
    MailViewEventKind kind;
    guint32 sequence;
    guint32 uid;
    guint32 flags;
    guint64 modseq;
} MailViewEvent;

typedef struct MailView MailView;

/* Keeps a reference of the folder. A view that may write takes the recent messages for itself. */
MailView *mail_view_new(MailFolder *folder, bool is_read_only);
void mail_view_free(MailView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailView, mail_view_free)

MailFolder *mail_view_folder(const MailView *view); /* borrowed */
bool mail_view_is_read_only(const MailView *view);
guint32 mail_view_count(const MailView *view);
guint32 mail_view_recent(const MailView *view);
guint32 mail_view_uid(const MailView *view, guint32 sequence);      /* 0: out of range */
guint32 mail_view_sequence(const MailView *view, guint32 uid);      /* 0: not in the view */
guint32 mail_view_sequence_from(const MailView *view, guint32 uid); /* first with at least it */
bool mail_view_is_recent(const MailView *view, guint32 uid);

/* Brings the view up to date. Expunges are held back where the command forbids them (FETCH, STORE,
 * SEARCH by sequence number: RFC 9051 §7.5.1). Events are MailViewEvent, appended to 'events'. */
MailStoreResult mail_view_update(MailView *view, bool may_expunge, GArray *events, GError **error);

/* This session made the change itself and tells its client on its own (STORE .SILENT): no event. */
void mail_view_forget_flags(MailView *view, guint32 uid);
