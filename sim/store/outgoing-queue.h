#pragma once

/* The messages a transfer agent has accepted and not yet disposed of: each with its envelope, the
 * state of every recipient, and when it is to be tried again. In memory, or on disk so that a kill
 * loses nothing: the message is flushed to disk before its envelope appears, and an envelope is
 * replaced as a whole.
 *
 *     add ──> waiting ── due ──> taken by a delivery ── update ──> waiting again, or remove */

#include <glib.h>
#include <stdbool.h>

typedef enum {
    QUEUE_RECIPIENT_WAITING,
    QUEUE_RECIPIENT_DELIVERED, /* into a mailbox here */
    QUEUE_RECIPIENT_RELAYED,   /* to a server that will report itself, or need not */
    QUEUE_RECIPIENT_EXPANDED,  /* to a list: the addresses behind it are other messages */
    QUEUE_RECIPIENT_FAILED,
    QUEUE_RECIPIENT_EXPIRED, /* tried for too long */
} QueueRecipientState;

/* RFC 3461 §4.1: what the sender asked to be told. None of the bits: the parameter was not given.
 */
#define QUEUE_NOTIFY_NEVER (1u << 0)
#define QUEUE_NOTIFY_SUCCESS (1u << 1)
#define QUEUE_NOTIFY_FAILURE (1u << 2)
#define QUEUE_NOTIFY_DELAY (1u << 3)

typedef struct {
    char *path;               /* forward-path without <> */
    char *original_recipient; /* ORCPT as it was given; NULL */
    guint notify;
    QueueRecipientState state;
    guint attempts;
    gint64 last_attempt_us;
    guint last_code;  /* 450; 0: no reply, the connection failed */
    char *last_reply; /* the reply's text or the reason; NULL */
    char *last_host;  /* who said so; NULL */
    bool is_reported; /* a report about this state has been written */
} QueueRecipient;

typedef enum {
    QUEUE_RETURN_UNSAID,
    QUEUE_RETURN_FULL,
    QUEUE_RETURN_HEADERS,
} QueueReturn;

/* Times are microseconds of the owner's clock: virtual in a scenario, since 1970 on loopback. */
typedef struct {
    char *id;           /* given by the queue: letters and digits */
    char *reverse_path; /* "" for the null path */
    char *envelope_id;  /* ENVID; NULL */
    QueueReturn returns;
    bool is_8bit; /* BODY=8BITMIME or BINARYMIME */
    bool is_utf8; /* SMTPUTF8 */
    GBytes *octets;
    gint64 arrived_us;
    gint64 next_attempt_us; /* G_MAXINT64: held until somebody asks (ETRN) */
    gint64 expires_us;
    bool was_warned; /* the delay report has been sent */
    QueueRecipient *recipients;
    guint n_recipients;

    /* For the owner, and not kept on disk. */
    guint64 declared_size; /* what MAIL said; 0: nothing */
    guint under_way;       /* deliveries begun and not yet over */
    GBytes *final_octets;  /* as a mailbox gets it; NULL: not made yet */
} QueueEntry;

typedef struct OutgoingQueue OutgoingQueue;

OutgoingQueue *outgoing_queue_new_memory(void);

/* Ids that look random and differ from one server to the next; in memory only, before the first
 * entry. Without a salt, and on disk, they count. */
void outgoing_queue_set_salt(OutgoingQueue *queue, guint32 salt);

/* Reads what lies in 'folder' (made where missing); a half-written entry of a killed program was
 * never accepted and is removed. */
OutgoingQueue *outgoing_queue_new_disk(const char *folder, bool skips_flush, GError **error);
void outgoing_queue_free(OutgoingQueue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutgoingQueue, outgoing_queue_free)

/* An entry to be filled and given to add(). */
QueueEntry *queue_entry_new(const char *reverse_path, GBytes *octets);
QueueRecipient *queue_entry_add_recipient(QueueEntry *entry, const char *path);
void queue_entry_free(QueueEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueueEntry, queue_entry_free)
void queue_recipient_set_reply(
    QueueRecipient *recipient, guint code, const char *reply, const char *host
);
guint queue_entry_waiting(const QueueEntry *entry); /* recipients not yet disposed of */

/* The id that the next entry will get, for the trace field that goes into its octets. Free it. */
char *outgoing_queue_next_id(const OutgoingQueue *queue);

/* The same, used up: for a message that may be disposed of before it needs the queue. Given to the
 * entry, it stays its id when the entry is added after all. */
char *outgoing_queue_take_id(OutgoingQueue *queue);

/* True: the entry is safe and the queue has taken it; say 250 now. False: nothing was kept, and the
 * entry is still the caller's. */
bool outgoing_queue_add(OutgoingQueue *queue, QueueEntry *entry, GError **error);

/* A delivery has begun: the entry is not the first due any more, until update() is called. Nothing
 * is written, so after a kill it is tried again. */
void outgoing_queue_take(OutgoingQueue *queue, QueueEntry *entry);

/* The host has gone down with all its deliveries: what was taken waits again, due now. */
void outgoing_queue_release_all(OutgoingQueue *queue, gint64 now_us);

/* After any change of an entry in the queue: keeps it, and puts it in order of its next attempt. */
bool outgoing_queue_update(OutgoingQueue *queue, QueueEntry *entry, GError **error);

/* Takes it out and frees it. */
bool outgoing_queue_remove(OutgoingQueue *queue, QueueEntry *entry, GError **error);

guint outgoing_queue_length(const OutgoingQueue *queue);
QueueEntry *outgoing_queue_find(OutgoingQueue *queue, const char *id); /* NULL: none */

/* The entry that is due first, whether its time has come or not; NULL: none waits. Those
 * due at the same moment come in the order in which they were added. */
QueueEntry *outgoing_queue_first(OutgoingQueue *queue);

/* In the order of arrival. The queue must not change meanwhile. */
typedef void (*OutgoingQueueVisit)(QueueEntry *entry, void *data);
void outgoing_queue_visit(OutgoingQueue *queue, OutgoingQueueVisit visit, void *data);
