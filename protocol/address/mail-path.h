#pragma once

/* The paths of MAIL and RCPT (RFC 5321 §4.1.2): <alice@crepes.fr>, the null path <>, <Postmaster>
 * without a domain, and the old source route <@a,@b:bob@hamburger.edu>. What is written wrongly is
 * still taken apart as well as can be, with its defects noted: a server refuses, a dissector
 * remarks. Nothing is allocated; spans are parts of the text. */

#include "protocol/address/address-judge.h"

#define MAIL_PATH_MAXIMUM 256 /* RFC 5321 §4.5.3.1.3: octets, brackets included */

typedef enum {
    MAIL_PATH_DEFECT_SPACE_BEFORE = 1u << 0, /* FROM: <alice@crepes.fr> */
    MAIL_PATH_DEFECT_NO_BRACKETS = 1u << 1,  /* FROM:alice@crepes.fr */
    MAIL_PATH_DEFECT_NOT_CLOSED = 1u << 2,   /* < without > */
    MAIL_PATH_DEFECT_EMPTY = 1u << 3,        /* nothing at all; <> is no defect */
    MAIL_PATH_DEFECT_NO_DOMAIN = 1u << 4,    /* <bob>; <postmaster> is no defect */
    MAIL_PATH_DEFECT_ROUTE = 1u << 5,        /* the source route is not written right */
    MAIL_PATH_DEFECT_MAILBOX = 1u << 6,      /* the mailbox is not valid: see 'verdict' */
    MAIL_PATH_DEFECT_TOO_LONG = 1u << 7,     /* the path, its local part or its domain */
} MailPathDefect;

typedef struct {
    ByteSpan text;          /* between the brackets, whatever it is */
    ByteSpan source_route;  /* "@a,@b" without the colon; RFC 5321 appendix C says to ignore it */
    ByteSpan mailbox;       /* local part, "@" and domain */
    ByteSpan local_part;    /* as written, quotation marks included */
    ByteSpan domain;        /* as written; empty for a lone postmaster */
    bool is_null;           /* <> */
    bool is_postmaster;     /* the local part is "postmaster" in any case, with or without domain */
    bool needs_smtputf8;    /* an octet above 127 */
    guint32 defects;        /* MailPathDefect bits */
    AddressVerdict verdict; /* of the mailbox; positions count from the start of 'mailbox' */
} MailPath;

/* Takes a path off the front of 'text' and gives what is left: parameters, with the space before
 * them. */
ByteSpan mail_path_parse(ByteSpan text, MailPath *out_path);

/* RFC 5321 §4.1.2: quoted forms are equivalent, so "bob"@hamburger.edu is bob@hamburger.edu. Gives
 * the local part without quotation marks and backslashes; -1: it does not fit. */
gssize local_part_unquote(ByteSpan local_part, guint8 *out, gsize capacity);
