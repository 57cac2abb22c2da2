#pragma once

/* What programs that students wrote are put through (kind 25): one row for each trial. A client is
 * run against a scripted server, a server is talked to by a scripted client. The program's own
 * contract (its arguments) stands in exercises/kinds/write-program.c. */

#include "protocol/rfc/vocabulary.h"

typedef enum {
    PROGRAM_SMTP_CLIENT,
    PROGRAM_POP3_CLIENT,
    PROGRAM_SMTP_SERVER,
    N_PROGRAM_ROLES,
} ProgramRole;

typedef enum {
    WAY_WHOLE,    /* a reply in one piece */
    WAY_OCTETS,   /* octet by octet */
    WAY_TOGETHER, /* several lines in one piece */
} ProgramWay;

/* Where a scripted server does something of its own. */
typedef enum {
    PLACE_GREETING,
    PLACE_EHLO,
    PLACE_HELO,
    PLACE_MAIL,
    PLACE_RCPT,
    PLACE_DATA,
    PLACE_DOT,
    PLACE_QUIT,
    PLACE_PASS,
    PLACE_RETR,
    N_PROGRAM_PLACES,
    PLACE_NONE = N_PROGRAM_PLACES,
} ProgramPlace;

typedef struct {
    const char *name;     /* "a reply of several lines" */
    const char *skill;    /* for the class table */
    const char *sentence; /* what is tried, and what the program must do */
    RfcReference reference;
    guint level; /* from which on it is tried */
    ProgramWay way;
    ProgramPlace place;
    const char *reply;       /* said at that place; NULL: the connection is cut there */
    bool must_fail;          /* the program must say so by its exit status */
    bool has_dots;           /* the message has lines that start with dots */
    bool is_large;           /* the message is large */
    bool is_empty;           /* the mailbox is */
    const char *const *talk; /* of a scripted client: lines and expected first digits, see there */
} ProgramCase;

/* The trials of a level, in order; the first 'out_count' of the rows. */
const ProgramCase *program_cases(ProgramRole role, guint level, gsize *out_count);
