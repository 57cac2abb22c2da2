#pragma once

/* Runs scripts of IMAP sessions against a mail store in memory. A line of a script begins with the
 * name of the session, "A" or "B", then says who speaks:
 *
 *     A> a1 NOOP          the client says this line
 *     A< a1 OK *          the server must say this line; "*" and "?" stand for any text
 *     A~ a1 OK *          the server must say this line; others may come before it
 *
 * All that the server says must be in the script, in its order. Each script is run with lines
 * whole, octet by octet, and with output taken in small pieces. */

#include <glib.h>

typedef struct {
    const char *name;
    guint32 offers;    /* of ImapOffer; 0: the usual ones */
    const char *lines; /* closed by LF */
} ImapScript;

/* The account of bob@hamburger.edu, with the log-in bob and the password "secret", holds the
 * messages of 'fill' in its INBOX. */
typedef struct {
    const char *octets; /* LF for CRLF */
    guint32 flags;
    gint64 seconds;
} ImapScriptMessage;

void imap_script_run(const ImapScript *script, const ImapScriptMessage *fill, gsize n_fill);
