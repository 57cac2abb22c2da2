#pragma once

/* A POP3 client without I/O that does what a mail program does: log in, list, fetch, delete or
 * keep, sign off. It remembers unique ids through its owner, so that kept messages are fetched
 * once.
 *
 *     new ─> receive ─> LOGGED_IN, LISTED ─> MESSAGE (for each) ─> CLOSED
 */

#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/text/byte-buffer.h"

typedef enum {
    POP3_LOGIN_USER_PASS,
    POP3_LOGIN_APOP, /* refused where the greeting has no timestamp, unless shows_password */
    POP3_LOGIN_SASL, /* the mechanism, or the best that CAPA names; likewise */
} Pop3Login;

typedef struct {
    const char *user;
    const char *password;
    Pop3Login login;
    bool deletes;            /* DELE after each message that was fetched */
    bool asks_unique_ids;    /* UIDL, needed for keeping */
    bool asks_capabilities;  /* CAPA first */
    bool wants_tls;          /* STLS where CAPA offers it */
    bool wants_utf8;         /* UTF8 where CAPA offers it (RFC 6856) */
    bool may_pipeline;       /* where CAPA offers it (RFC 2449 §6.6) */
    const char *mechanism;   /* of POP3_LOGIN_SASL; NULL: the best */
    bool shows_password;     /* PLAIN and LOGIN without TLS too */
    const char *server_name; /* for DIGEST-MD5 */
    guint64 seed;            /* of nonces */
    guint64 maximum_octets;  /* messages longer than this are left; 0: no limit */

    /* Whether a message with this id was fetched before; NULL: fetch all. */
    bool (*is_known)(gpointer owner, const char *unique_id);
    gpointer owner;
} Pop3ClientOptions;

typedef enum {
    POP3_CLIENT_LOGGED_IN,
    POP3_CLIENT_REFUSED, /* the log-in was refused; the session is being closed */
    POP3_CLIENT_STLS,    /* send the output, begin TLS, then pop3_client_begin_tls() */
    POP3_CLIENT_LISTED,  /* 'count' messages are there */
    POP3_CLIENT_MESSAGE, /* one was fetched: 'octets', borrowed for the event */
    POP3_CLIENT_DELETED, /* it is marked; gone when the session ends well */
    POP3_CLIENT_CLOSED,  /* close the connection; 'is_complete': QUIT was answered by +OK */
} Pop3ClientEventKind;

typedef struct {
    Pop3ClientEventKind kind;
    guint64 number; /* of the message, from 1 */
    guint64 count;
    const char *unique_id; /* NULL where none was asked */
    ByteSpan octets;
    ByteSpan text; /* the server's line */
    bool is_complete;
    bool is_refused; /* LISTED: the server gave no list; CLOSED: it sent its client away at once */
} Pop3ClientEvent;

#define POP3_CLIENT_MESSAGES_MAXIMUM 1000000
#define POP3_CLIENT_MESSAGE_MAXIMUM (256u * 1024 * 1024)

typedef struct Pop3Client Pop3Client;

Pop3Client *pop3_client_new(const Pop3ClientOptions *options);
void pop3_client_free(Pop3Client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3Client, pop3_client_free)

/* TLS is on: CAPA is asked anew (RFC 2595 §4). */
void pop3_client_begin_tls(Pop3Client *client);

/* The server went away without a word; CLOSED follows. */
void pop3_client_hang_up(Pop3Client *client);

/* For teaching: the client says this line instead of its own command number 'number' (counted from
 * 1), and takes the answer as one to the command it meant. The text is copied; CRLF is added. */
void pop3_client_set_line_override(
    Pop3Client *client, guint64 number, const char *text, bool *said
);

/* The octets must stay until next_event() has given false. */
void pop3_client_receive(Pop3Client *client, ByteSpan octets);
bool pop3_client_next_event(Pop3Client *client, Pop3ClientEvent *out_event);
ByteSpan pop3_client_output(const Pop3Client *client);
void pop3_client_consume_output(Pop3Client *client, gsize length);
