#pragma once

/* One row of what mailwalk knows: a command, a reply code, a keyword, a header field ... with its
 * meaning and the place where it is written. Rows stand in 'const' tables of the folder whose
 * protocol they belong to; servers, clients, the dissector, `mailwalk rfc` and the exercises read
 * the same rows. What two RFCs define differently has a row for each, told apart by 'context'.
 * Section titles, dates and what obsoletes what are looked up by the reference (rfc-index.h), so
 * a row cannot contradict them. */

#include <glib.h>
#include <stdbool.h>

typedef enum {
    VOCABULARY_SMTP,
    VOCABULARY_POP3,
    VOCABULARY_IMAP,
    VOCABULARY_SASL,
    VOCABULARY_MESSAGE, /* header fields, trace fields, addresses */
    VOCABULARY_MIME,
    VOCABULARY_REPORT, /* delivery and disposition reports */
    VOCABULARY_DNS,
    VOCABULARY_HTTP,
    VOCABULARY_SPF,
    VOCABULARY_DKIM,
    VOCABULARY_DMARC,
    VOCABULARY_TLS,
    VOCABULARY_TCP,
    VOCABULARY_IP,
    VOCABULARY_SIEVE,
    VOCABULARY_ARCHITECTURE, /* agents, roles, ports */
    N_VOCABULARY_PROTOCOLS,
} VocabularyProtocol;

typedef enum {
    VOCABULARY_COMMAND,
    VOCABULARY_REPLY,         /* SMTP 250, POP3 +OK, IMAP OK */
    VOCABULARY_ENHANCED_CODE, /* 5.1.1 */
    VOCABULARY_RESPONSE_CODE, /* POP3 [IN-USE], IMAP [UIDVALIDITY] */
    VOCABULARY_RESPONSE,      /* IMAP untagged data: EXISTS, FETCH, LIST */
    VOCABULARY_EXTENSION,     /* EHLO keyword, POP3 or IMAP capability */
    VOCABULARY_PARAMETER,     /* of MAIL and RCPT, of MIME fields, of LIST and SEARCH */
    VOCABULARY_STATE,
    VOCABULARY_LIMIT, /* a length, size or time that a section sets */
    VOCABULARY_FETCH_ITEM,
    VOCABULARY_SEARCH_KEY,
    VOCABULARY_STATUS_ITEM,
    VOCABULARY_FLAG,      /* IMAP flag or keyword, TCP flag, DNS header flag */
    VOCABULARY_ATTRIBUTE, /* IMAP mailbox attribute */
    VOCABULARY_HEADER_FIELD,
    VOCABULARY_MEDIA_TYPE,
    VOCABULARY_ENCODING,
    VOCABULARY_MECHANISM, /* SASL, SPF */
    VOCABULARY_TAG,       /* DKIM, DMARC tag */
    VOCABULARY_RESULT,    /* SPF, DKIM result word */
    VOCABULARY_RECORD_TYPE,
    VOCABULARY_STATUS, /* HTTP status, DNS response code */
    VOCABULARY_METHOD,
    VOCABULARY_CLAUSE, /* of a Received field */
    VOCABULARY_PORT,
    VOCABULARY_RULE, /* a procedure or requirement with a section of its own */
    VOCABULARY_ROLE, /* MUA, MTA, relay ... */
    N_VOCABULARY_KINDS,
} VocabularyKind;

/* How an answer to a command is framed. Only the command tells: POP3 LIST has one line with an
 * argument and many without. */
typedef enum {
    REPLY_SHAPE_NONE,           /* not a command, or no answer */
    REPLY_SHAPE_LINE,           /* one line */
    REPLY_SHAPE_HYPHENATED,     /* SMTP: 250-first, 250 last */
    REPLY_SHAPE_DOTTED,         /* lines up to one with a single dot */
    REPLY_SHAPE_LINE_OR_DOTTED, /* a line with an argument, dotted without */
    REPLY_SHAPE_INTERMEDIATE,   /* 354 or +, the client goes on, then the final answer */
    REPLY_SHAPE_CHALLENGES,     /* any number of challenges, then the final answer */
    REPLY_SHAPE_TAGGED,         /* IMAP: untagged data, then the tagged answer */
} ReplyShape;

typedef struct {
    guint16 number;      /* RFC 5321 is 5321; 0 where there is none */
    const char *section; /* "4.1.1.3", "A"; "-" for the document as a whole */
} RfcReference;

typedef struct {
    VocabularyProtocol protocol;
    VocabularyKind kind;
    const char *token;      /* as written on the wire: "RCPT", "454", "5.1.1", "Received" */
    const char *context;    /* where this sense holds: "STARTTLS", "IMAP4rev1"; NULL: everywhere */
    const char *meaning;    /* one plain sentence, closed by a full stop */
    RfcReference reference; /* the place that defines it */
    guint16 since;          /* RFC that had it first, where another than the reference; else 0 */
    const char
        *replaced_by;    /* what to use instead, where the item itself is out of use; else NULL */
    const char *syntax;  /* "RCPT TO:<forward-path> [parameters]"; NULL where there is none */
    guint32 states;      /* where it may appear: bits of the protocol's own state enum */
    const char *replies; /* what may answer: "250 251 | 450 451 452 | 550 551 552 553"; NULL */
    ReplyShape shape;
    bool is_secret; /* the arguments hold a password or a proof of one */
} VocabularyItem;

/* A run of rows, each 'stride' octets after the one before, so that an item may be the first member
 * of a larger row. The rows live as long as the program. */
typedef struct {
    const VocabularyItem *items;
    gsize count;
    gsize stride;
} VocabularyTable;

/* For an array of plain items, and for an array of rows that hold one as their 'item'. */
#define VOCABULARY_ITEMS(array)                                                                    \
    {                                                                                              \
        .items = (array), .count = G_N_ELEMENTS(array), .stride = sizeof((array)[0])               \
    }
#define VOCABULARY_ROWS(array)                                                                     \
    {                                                                                              \
        .items = &(array)[0].item, .count = G_N_ELEMENTS(array), .stride = sizeof((array)[0])      \
    }

const VocabularyItem *vocabulary_table_item(const VocabularyTable *table, gsize index);

const char *vocabulary_protocol_name(VocabularyProtocol protocol); /* "SMTP" */
const char *vocabulary_kind_name(VocabularyKind kind);             /* "command" */
const char *reply_shape_meaning(ReplyShape shape);                 /* a sentence for the student */
