#pragma once

/* The criteria of a SEARCH command as a tree (RFC 9051 §6.4.4). Texts are folded to one form of
 * UTF-8 in which letters of either case are alike; sets of messages are resolved when they are
 * read. */

#include "protocol/imap/imap-scanner.h"

#define IMAP_SEARCH_DEPTH_MAXIMUM 100
#define IMAP_SEARCH_KEYS_MAXIMUM 2000

typedef enum {
    IMAP_SEARCH_ALL,
    IMAP_SEARCH_FLAGS,   /* of 'mask' exactly 'flags' are set */
    IMAP_SEARCH_KEYWORD, /* 'name' is set, or with 'is_not' is not */
    IMAP_SEARCH_SET,     /* 'messages' */
    IMAP_SEARCH_LARGER,  /* than 'number' */
    IMAP_SEARCH_SMALLER,
    IMAP_SEARCH_DAY,      /* of arrival: 'first_day' to 'last_day' */
    IMAP_SEARCH_SENT_DAY, /* of the Date field */
    IMAP_SEARCH_HEADER,   /* field 'name' holds 'text' */
    IMAP_SEARCH_BODY,
    IMAP_SEARCH_TEXT,
    IMAP_SEARCH_NOT, /* the one child */
    IMAP_SEARCH_OR,
    IMAP_SEARCH_AND,
} ImapSearchKind;

typedef struct {
    ImapSearchKind kind;
    guint32 mask;
    guint32 flags;
    bool is_not;
    char *name;
    char *text;
    GArray *messages; /* guint32 sequence numbers, ascending */
    guint64 number;
    gint64 first_day; /* days since 1970 */
    gint64 last_day;
    GPtrArray *children; /* ImapSearchNode */
} ImapSearchNode;

typedef enum {
    IMAP_SEARCH_GOOD,
    IMAP_SEARCH_SYNTAX,
    IMAP_SEARCH_CHARSET,  /* not known */
    IMAP_SEARCH_ANSWERED, /* the resolver has said what is wrong */
} ImapSearchJudgement;

/* Makes sequence numbers of a set; NULL: it is none, and that was said. */
typedef GArray *(*ImapSearchResolve)(ByteSpan set, bool are_uids, gpointer data);

/* 'scanner' stands behind RETURN (...) and takes CHARSET too. */
ImapSearchJudgement imap_search_parse(
    ImapScanner *scanner, ImapSearchResolve resolve, gpointer data, ImapSearchNode **out_node
);
void imap_search_node_free(ImapSearchNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapSearchNode, imap_search_node_free)

/* Text as UTF-8 in the form that is compared. */
char *imap_search_fold(const char *utf8);
