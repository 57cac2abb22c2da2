#pragma once

/* An IMAP client without I/O, as a mail program needs it. Each function that says a command gives
 * its number and puts it into a queue; commands go out one after another, in order, once the
 * greeting has come (and several at once where the options say that it pipelines).
 *
 *     new ─> receive(greeting) ─> GREETED ─> log_in() ─> DONE ─> select() ─> DONE ─> fetch() ─┐
 *     output() <── commands                     MESSAGE, MESSAGE ... DONE <───────────────────┘
 *
 * What the server tells comes as events, one at a time, each command's ending as DONE with its
 * number. Names of mailboxes are UTF-8 here, whatever they are on the wire. Texts in an event are
 * borrowed until the following call of next_event(); octets given to receive() must stay until
 * next_event() has given false. */

#include "protocol/imap/imap-dialogue.h"
#include "protocol/imap/imap-flag-bits.h"
#include "protocol/imap/imap-parser.h"
#include "protocol/text/byte-buffer.h"

#define IMAP_CLIENT_RESPONSE_MAXIMUM (256u * 1024 * 1024) /* of one FETCH response */
#define IMAP_CLIENT_COMMANDS_MAXIMUM 100000               /* waiting to be said */

typedef struct {
    bool pipelines;          /* does not wait for an answer before the next command */
    bool never_literal_plus; /* waits for "+" even where the server has LITERAL+ or LITERAL- */
    guint64 seed;            /* of SASL nonces */
    const char *host_name;   /* of the server, for DIGEST-MD5; NULL: none */
} ImapClientOptions;

typedef enum {
    IMAP_CLIENT_GREETED, /* 'status' OK or PREAUTH; what was queued goes out now */
    IMAP_CLIENT_MAILBOX, /* a line of LIST or LSUB: 'name', 'attributes', 'delimiter' */
    IMAP_CLIENT_STATUS,  /* of STATUS: 'name', and 'text' is "MESSAGES 4 UNSEEN 1" */
    IMAP_CLIENT_EXISTS,  /* the mailbox now has 'number' messages */
    IMAP_CLIENT_RECENT,
    IMAP_CLIENT_EXPUNGED, /* 'number' is gone, those above it moved down by one */
    IMAP_CLIENT_MESSAGE,  /* a FETCH response, asked for or not: 'message' */
    IMAP_CLIENT_FOUND,    /* of SEARCH: 'numbers', UIDs where UIDs were asked for */
    IMAP_CLIENT_IDLING,   /* IDLE goes on until imap_client_stop_idling() */
    IMAP_CLIENT_NOTICE,   /* any other untagged status, for the user: 'text' */
    IMAP_CLIENT_DONE,     /* command 'command' has ended: 'status', 'code', 'text' */
    IMAP_CLIENT_STARTTLS, /* OK came: begin TLS, then imap_client_begin_tls() */
    IMAP_CLIENT_CLOSED,   /* BYE or the end: close the connection; nothing more follows */
} ImapClientEventKind;

/* A part of a message that came: what stood between BODY[ and ], or TEXT and HEADER for RFC822.TEXT
 * and RFC822.HEADER. */
typedef struct {
    ByteSpan section;
    guint64 origin; /* of a partial fetch */
    ByteSpan octets;
} ImapClientPart;

#define IMAP_CLIENT_PARTS_MAXIMUM 32 /* of one response; more are left out */

typedef struct {
    guint32 sequence;
    guint32 uid; /* 0: not told */
    bool has_flags;
    guint32 flags;     /* ImapFlag bits */
    ByteSpan keywords; /* the flags that are no system flags, a space between two */
    bool has_size;
    guint64 size;
    bool has_date;
    gint64 internal_seconds;
    ByteSpan envelope; /* with its brackets; empty: not told */
    ByteSpan structure;
    ImapClientPart parts[IMAP_CLIENT_PARTS_MAXIMUM];
    guint n_parts;
} ImapClientMessage;

typedef struct {
    ImapClientEventKind kind;
    guint64 command;           /* number of the command concerned; 0: none */
    const ImapCommandRow *row; /* its row */
    ImapStatus status;         /* GREETED, DONE */
    ByteSpan code;             /* "TRYCREATE", "APPENDUID 38505 3955": inside the brackets */
    ByteSpan text;
    const char *name;    /* of a mailbox */
    ByteSpan attributes; /* "\HasNoChildren \Sent" */
    char delimiter;      /* 0: NIL */
    guint32 number;
    const guint32 *numbers;
    guint n_numbers;
    const ImapClientMessage *message;
} ImapClientEvent;

/* What is known of the mailbox that is selected. */
typedef struct {
    guint32 exists;
    guint32 recent;
    guint32 uid_validity;
    guint32 uid_next;
    guint32 unseen; /* sequence number of the first message not seen; 0: not told */
    bool is_read_only;
} ImapClientMailbox;

typedef struct ImapClient ImapClient;

ImapClient *imap_client_new(const ImapClientOptions *options);
void imap_client_free(ImapClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapClient, imap_client_free)

void imap_client_receive(ImapClient *client, ByteSpan octets);
bool imap_client_next_event(ImapClient *client, ImapClientEvent *out_event);
/* For teaching: the client says this, behind its tag, instead of its own command number 'number'
 * (of those said, from 1), and takes the answer as one to the command it meant. The text is copied.
 */
void imap_client_set_line_override(
    ImapClient *client, guint64 number, const char *text, bool *said
);

ByteSpan imap_client_output(const ImapClient *client);
void imap_client_consume_output(ImapClient *client, gsize length);
void imap_client_begin_tls(ImapClient *client);
bool imap_client_is_idle(const ImapClient *client); /* nothing queued, nothing unanswered */

bool imap_client_has(const ImapClient *client, const char *capability); /* as far as was told */
const ImapClientMailbox *imap_client_mailbox(const ImapClient *client);
ImapState imap_client_state(const ImapClient *client);

/* LOGIN, or with a mechanism AUTHENTICATE. */
guint64 imap_client_log_in(
    ImapClient *client, const char *user, const char *password, const char *mechanism
);

/* A whole command line without tag and line end, as it stands: "CAPABILITY", "NOOP". Not for
 * commands with literals, SASL or IDLE. */
guint64 imap_client_say(ImapClient *client, const char *line);

guint64 imap_client_list(ImapClient *client, const char *reference, const char *pattern);
guint64 imap_client_select(ImapClient *client, const char *name, bool is_read_only);

/* Commands whose only arguments are names: CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE; 'second'
 * NULL but for RENAME. */
guint64 imap_client_name_command(
    ImapClient *client, ImapCommandId id, const char *name, const char *second
);
guint64 imap_client_status(ImapClient *client, const char *name, const char *items);

/* 'set' is "1:*", "7,9:12"; 'items' "(FLAGS)", "BODY.PEEK[1]<0.1024>". With 'is_uid' the set holds
 * UIDs, and the responses tell them. */
guint64 imap_client_fetch(ImapClient *client, const char *set, bool is_uid, const char *items);

/* 'change' is "FLAGS", "+FLAGS.SILENT" ..., 'flags' "\Seen \Deleted". */
guint64 imap_client_store(
    ImapClient *client, const char *set, bool is_uid, const char *change, const char *flags
);

/* MOVE where the server has it, else COPY, STORE and EXPUNGE, each only if the one before it
 * succeeded: the number is that of the last, and a refusal bears it, too. */
guint64 imap_client_copy(ImapClient *client, const char *set, bool is_uid, const char *name);
guint64 imap_client_move(ImapClient *client, const char *set, bool is_uid, const char *name);

/* The whole mailbox's, or with 'uids' (UIDPLUS) only those. */
guint64 imap_client_expunge(ImapClient *client, const char *uids);

/* 'criteria' is "UNSEEN", "FROM \"alice\"" in UTF-8; other than ASCII the charset is named. */
guint64 imap_client_search(ImapClient *client, bool is_uid, const char *criteria);

/* 'flags' "\Seen" or NULL; 'seconds' of the internal date, below 0: the server's now. */
guint64 imap_client_append(
    ImapClient *client, const char *name, const char *flags, gint64 seconds, GBytes *message
);
guint64 imap_client_idle(ImapClient *client);
void imap_client_stop_idling(ImapClient *client);
guint64 imap_client_log_out(ImapClient *client);
