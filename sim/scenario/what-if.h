#pragma once

/* A what-if: one line of text that makes a scenario go another way from some moment on. It is part
 * of the input of a run, so a branch is the same story played again with one more line, and the
 * same line means the same on the command line, in the full screen and in a file.
 *
 *     at step 17 refuse with 550 "No such user here"      the server's answer; also: with -ERR
 * (POP3), NO or BAD (IMAP), NXDOMAIN (DNS), or just 'refuse' at step 17 answer "250 2.1.5 Sure" at
 * step 17 say "RCPT TO:<carol@hamburger.edu>"      the client's line drop frame 40 | corrupt frame
 * 40 | duplicate frame 40 | delay frame 40 by 3 s at step 17 mail.hamburger.edu goes down for 10
 * minutes from 10:00 to 11:00 mail.hamburger.edu is down at step 17 bob fetches by pop3 and keeps
 * a deed more; with 'instead' at the end it takes the place of his next of its kind
 *
 * Steps are numbered by the view, which the simulation does not know: whoever shows steps turns
 * 'step 17' into a moment that it does know. These can be written as well:
 *
 *     at connection 2 command 4 ...     the 4th command of the 2nd TCP connection
 *     at connection 2 greeting ...      what its server says first
 *     at connection 2 message 5 ...     the message behind it, where it is DATA or BDAT
 *     at frame 40 ...                   as soon as frame 40 has been sent
 *     at 10:15:30.5 ...                 by the clock, on the first day
 *     at day 2 10:15 ...                on the second
 *
 * Several what-ifs make a list. Each is numbered in the world that the ones before it made. */

#include "sim/network/time.h"

#include <stdbool.h>

#define WHAT_IF_TEXT_MAXIMUM 2000 /* octets of one line */
#define WHAT_IF_LIST_MAXIMUM 1000

typedef enum {
    WHAT_IF_AT_STEP,    /* number; not yet known to the simulation */
    WHAT_IF_AT_COMMAND, /* connection, number */
    WHAT_IF_AT_FRAME,   /* number */
    WHAT_IF_AT_TIME,    /* time */
} WhatIfAnchor;

typedef struct {
    WhatIfAnchor anchor;
    guint64 connection; /* from 1 */
    guint64 number;     /* of the step, frame or command, from 1; COMMAND 0: the greeting */
    bool is_end;        /* COMMAND: not the answer to DATA but that to the message behind it */
    SimTime time;       /* since midnight before the beginning */
} WhatIfMoment;

typedef enum {
    WHAT_IF_REFUSE,    /* code or word, and text or NULL for the usual one */
    WHAT_IF_ANSWER,    /* text: the whole reply */
    WHAT_IF_SAY,       /* text: the client's line */
    WHAT_IF_DROP,      /* the frame of the moment, as with the next three */
    WHAT_IF_CORRUPT,   /* one octet of it */
    WHAT_IF_DUPLICATE, /* it arrives twice */
    WHAT_IF_DELAY,     /* duration */
    WHAT_IF_DOWN,      /* text: the host; duration, 0 for good */
    WHAT_IF_UP,        /* text: the host */
    WHAT_IF_DEED,      /* text: a deed as in a scenario; is_instead */
} WhatIfKind;

typedef struct {
    WhatIfKind kind;
    WhatIfMoment moment;
    WhatIfMoment written; /* as the line has it; 'moment' may have been found since */
    guint code;           /* REFUSE: as numbers go; 0: none */
    const char *word;     /* REFUSE: "-ERR", "NO", "NXDOMAIN"; NULL: none. Static */
    SimTime duration;
    bool is_instead;
    bool is_span; /* DOWN was written "from ... to ..." */
    char *text;   /* NULL: none */
} WhatIf;

typedef struct WhatIfList WhatIfList;

WhatIfList *what_if_list_new(void);
WhatIfList *what_if_list_copy(const WhatIfList *list);
void what_if_list_free(WhatIfList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WhatIfList, what_if_list_free)

/* Reads one line and adds it; false: the error says where the line is wrong: "what-if 'LINE',
 * column 9: ...". */
bool what_if_list_add(WhatIfList *list, const char *line, GError **error);

/* Adds every line of a file; '#' begins a comment. */
bool what_if_list_load(WhatIfList *list, const char *path, GError **error);

void what_if_list_remove_last(WhatIfList *list);

guint what_if_list_length(const WhatIfList *list);
const WhatIf *what_if_list_at(const WhatIfList *list, guint index);

/* Puts a moment that the simulation knows in the place of a step. */
void what_if_list_set_moment(WhatIfList *list, guint index, const WhatIfMoment *moment);

/* The line as it was written, in its shortest form; reading it gives the same what-if. */
char *what_if_to_text(const WhatIf *what_if);

/* An error of a text that was read by itself, "deed:1:5: ...", becomes one of the line in which it
 * stands behind 'before' letters. */
void what_if_name_line(GError *error, const char *line, guint before);
