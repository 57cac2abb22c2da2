#pragma once

/* What SMTP, POP3, IMAP and HTTP conversations have in common: two sides, octets that arrive in
 * any pieces, and events in order. A dialogue does not know which side it serves: a server, a
 * client and the dissector each own one and feed it both directions.
 *
 *     feed(client octets) ─┐                        ┌─> command, reply, message, credential ...
 *                          ├─> dialogue ─ next() ───┤
 *     feed(server octets) ─┘                        └─> state changes on the REPLY, never before
 *
 * Octets of a side whose meaning hangs on an answer not yet seen (what follows DATA, an AUTH
 * continuation, an IMAP literal) are held, up to a named maximum, until the answer is fed or the
 * owner says that no answer will come (one direction only was captured).
 *
 * next() must be called until it gives false after each feed; only then may the fed octets go
 * away. Text in an event is borrowed until the following call to next() or feed(). */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef enum {
    DIALOGUE_CLIENT,
    DIALOGUE_SERVER,
} DialogueSide;

typedef enum {
    DIALOGUE_EVENT_COMMAND,       /* a command line, or an IMAP command with its small literals */
    DIALOGUE_EVENT_REPLY,         /* one line of a reply; see is_first and is_last */
    DIALOGUE_EVENT_CONTINUATION,  /* a client line that is data: an AUTH response, DONE, "*" */
    DIALOGUE_EVENT_MESSAGE_BEGIN, /* a mail message starts; 'message' says which kind */
    DIALOGUE_EVENT_MESSAGE_DATA,  /* some of its octets, dots already unstuffed */
    DIALOGUE_EVENT_MESSAGE_END,
    DIALOGUE_EVENT_CREDENTIAL, /* an authentication exchange has ended */
    DIALOGUE_EVENT_OPAQUE,     /* from here on nothing can be read: TLS, or no such protocol */
    DIALOGUE_EVENT_MISSING,    /* octets that the owner said were missing */
} DialogueEventKind;

/* What is wrong with a line, as bits; each has a row with severity and reference in the tables. */
typedef enum {
    DIALOGUE_DEFECT_BARE_LF = 1u << 0,
    DIALOGUE_DEFECT_BARE_CR = 1u << 1,
    DIALOGUE_DEFECT_TOO_LONG = 1u << 2,
    DIALOGUE_DEFECT_NUL = 1u << 3,
    DIALOGUE_DEFECT_EIGHT_BIT = 1u << 4,
    DIALOGUE_DEFECT_UNKNOWN = 1u << 5,           /* no such command, or no such reply */
    DIALOGUE_DEFECT_SYNTAX = 1u << 6,            /* the form of the arguments is wrong */
    DIALOGUE_DEFECT_SPACE_AFTER_COLON = 1u << 7, /* MAIL FROM: <a@b> */
    DIALOGUE_DEFECT_NO_BRACKETS = 1u << 8,       /* MAIL FROM:a@b */
    DIALOGUE_DEFECT_ORDER = 1u << 9,             /* not allowed in this state */
    DIALOGUE_DEFECT_PLAINTEXT_AFTER_TLS = 1u << 10,
    DIALOGUE_DEFECT_INJECTED = 1u << 11,    /* pipelined behind STARTTLS or STLS */
    DIALOGUE_DEFECT_BARE_LF_DOT = 1u << 12, /* LF . CRLF and its kin: smuggling */
    DIALOGUE_DEFECT_UNASKED = 1u << 13,     /* a reply that no command asked for */
    DIALOGUE_DEFECT_TRAILING = 1u << 14,    /* more after the end of the arguments */
    DIALOGUE_DEFECT_CUT = 1u << 15,         /* the stream ended, or octets are missing, inside */
} DialogueDefect;

typedef enum {
    DIALOGUE_MESSAGE_DATA, /* SMTP DATA */
    DIALOGUE_MESSAGE_BDAT,
    DIALOGUE_MESSAGE_RETR,
    DIALOGUE_MESSAGE_TOP,   /* headers and some lines only */
    DIALOGUE_MESSAGE_FETCH, /* whole, or the section named in 'section' */
    DIALOGUE_MESSAGE_APPEND,
    DIALOGUE_MESSAGE_HTTP, /* posted or shown by a webmail */
} DialogueMessageKind;

/* The envelope and place of a message; owned by the dialogue, valid while its events are. */
typedef struct {
    DialogueMessageKind kind;
    guint64 number;         /* counts the messages of this dialogue from 1 */
    ByteSpan reverse_path;  /* SMTP: without the brackets; has_envelope tells null from unknown */
    ByteSpan forward_paths; /* SMTP: accepted recipients, one after another, each closed by LF */
    bool has_envelope;
    guint64 retrieved_number; /* POP3 message number, IMAP sequence number; 0: unknown */
    ByteSpan section;         /* IMAP: what stands between BODY[ and ] */
    guint64 origin;           /* IMAP partial fetch: first octet; else 0 */
    bool is_partial;
    guint64 announced; /* octets announced by a literal, "+OK n octets" or SIZE; 0: none */
    guint64 octets;    /* given in MESSAGE_DATA so far */
    guint64 missing;   /* octets known to be missing so far */
    bool is_complete;  /* at the end: nothing missing and the end was seen */
    bool was_accepted; /* at the end of APPEND and SMTP the answer comes later: see REPLY */
} DialogueMessage;

/* An authentication as it was said: borrowed, decoded, not masked. The views mask it. */
typedef struct {
    const VocabularyItem *mechanism; /* the SASL row; NULL for USER/PASS, APOP and LOGIN commands */
    const char *method;              /* "PLAIN", "USER/PASS", "APOP", "LOGIN" ... */
    ByteSpan identity;               /* who the client says it is */
    ByteSpan authorization;          /* on whose behalf, where it differs */
    ByteSpan secret;                 /* the password where it can be read */
    ByteSpan challenge;              /* what the server asked, decoded: CRAM-MD5, APOP banner */
    ByteSpan proof;                  /* digest or client proof */
    bool succeeded;
    bool is_answered;
} DialogueCredential;

typedef struct {
    DialogueEventKind kind;
    DialogueSide side;
    guint64 from;    /* first octet, counted in that side's stream from 0 */
    guint64 to;      /* one past the last octet, line end included */
    ByteSpan text;   /* the line without its end; message octets; empty for MISSING */
    guint32 defects; /* DialogueDefect bits; of MESSAGE_END the DotDefect bits of dot-stuffing.h */
    const VocabularyItem *item; /* command row, or the sense of the reply; NULL: unknown */
    guint64
        exchange; /* commands count from 1; a reply carries its command's; 0: greeting, unasked */
    guint32 state_before; /* the protocol's own state enum, one bit */
    guint32 state_after;

    /* COMMAND: the verb and what follows it; IMAP also the tag. REPLY: IMAP tag, "*" or "+". */
    ByteSpan tag;
    ByteSpan verb;
    ByteSpan arguments;
    bool is_secret; /* the arguments, or this continuation, hold a password or a proof */

    /* REPLY: the answer to command number 'exchange', whose row is 'command'. */
    const VocabularyItem *command;
    ByteSpan code;        /* "250", "+OK", "OK" */
    ByteSpan enhanced;    /* "2.1.5" or a response code "[IN-USE]" without brackets; may be empty */
    bool is_first;        /* first line of the reply */
    bool is_last;         /* last line: the exchange ends with it, unless it is intermediate */
    bool is_intermediate; /* 354, 334, +: the command goes on */
    bool is_positive;

    const DialogueMessage *message;       /* MESSAGE_* only */
    const DialogueCredential *credential; /* CREDENTIAL only */
    guint64 missing;                      /* MISSING only: how many octets */
} DialogueEvent;

/* The verbs every dialogue has; each protocol gives one 'const DialogueClass'. */
typedef struct {
    const char *name; /* "SMTP" */
    gsize size;       /* of the dialogue object; allocate so much, zeroed, then init */
    void (*init)(void *dialogue);
    void (*clear)(void *dialogue);
    /* 'octets' follow directly on those of the same side before. */
    void (*feed)(void *dialogue, DialogueSide side, ByteSpan octets);
    /* 'length' octets of that side are missing here; what comes next is found again. */
    void (*feed_missing)(void *dialogue, DialogueSide side, guint64 length);
    /* That side has ended; a line cut short comes out with DIALOGUE_DEFECT_CUT. */
    void (*finish)(void *dialogue, DialogueSide side);
    /* The other side was never seen: answers are assumed to have been positive. */
    void (*set_one_sided)(void *dialogue, DialogueSide seen);
    /* The beginning was not seen: the state is unknown and order is not judged until it shows. */
    void (*set_joined_late)(void *dialogue);
    bool (*next)(void *dialogue, DialogueEvent *out_event);
    const char *(*state_name)(guint32 state);
} DialogueClass;
