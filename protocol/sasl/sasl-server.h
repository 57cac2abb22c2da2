#pragma once

/* The server's side of an authentication, without I/O. It speaks base64 as SMTP, POP3 and IMAP
 * carry it, and asks its owner for the password of an identity:
 *
 *     new ─> begin(initial response) ─> CHALLENGE ─> respond() ─> PASSWORD ─> answer_password()
 *                                           ^────────────┘           ... ─> SUCCESS or FAILURE
 *
 * PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5, SCRAM-SHA-1, SCRAM-SHA-256. GNU SASL prepares the strings and
 * derives the keys; the exchanges are written here, because it draws its nonces itself and lets
 * nobody set them, and here the same seed must give the same octets. */

#include "protocol/text/byte-span.h"

typedef enum {
    SASL_SERVER_CHALLENGE, /* send sasl_server_challenge(), give the answer to respond() */
    SASL_SERVER_PASSWORD,  /* whose: sasl_server_identity(); then answer_password() */
    SASL_SERVER_SUCCESS,
    SASL_SERVER_FAILURE, /* why: sasl_server_failure() */
} SaslServerStep;

typedef enum {
    SASL_FAILURE_NONE,
    SASL_FAILURE_CANCELLED,     /* the client said "*" */
    SASL_FAILURE_BASE64,        /* the response is not base64, or too long */
    SASL_FAILURE_UNEXPECTED,    /* an initial response where the server speaks first */
    SASL_FAILURE_SYNTAX,        /* not the form that the mechanism wants */
    SASL_FAILURE_CREDENTIALS,   /* no such user, or the proof does not fit the password */
    SASL_FAILURE_AUTHORIZATION, /* the user may not act for the other identity */
} SaslFailure;

typedef struct {
    const char *service;   /* "smtp", "pop" or "imap": the names of RFC 2831 §2.1.2 */
    const char *host_name; /* the server's own; also the realm of DIGEST-MD5 */
    guint64 seed;          /* of the nonces: another one for each attempt */
} SaslServerOptions;

typedef struct SaslServer SaslServer;

bool sasl_server_knows(ByteSpan mechanism);          /* any case */
bool sasl_server_shows_password(ByteSpan mechanism); /* who listens can read it: PLAIN, LOGIN */

/* Which of 'mechanisms' (names with spaces between, NULL: all that are known) may be offered: those
 * that show the password only where that is allowed, or inside TLS. To be freed. */
char *sasl_server_usable(const char *mechanisms, bool allows_shown_password);
bool sasl_server_is_among(const char *mechanisms, ByteSpan mechanism);

/* Of the options, for attempt 0, 1, 2 ... of one connection. */
guint64 sasl_server_seed(guint64 seed, guint64 attempt);

/* NULL: the mechanism is not known. */
SaslServer *sasl_server_new(ByteSpan mechanism, const SaslServerOptions *options);
void sasl_server_free(SaslServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SaslServer, sasl_server_free)

/* 'initial' stands behind the mechanism's name: base64, "=" for an empty one; empty: none came. */
SaslServerStep sasl_server_begin(SaslServer *server, ByteSpan initial);

/* The client's line after a challenge, without its line end. */
SaslServerStep sasl_server_respond(SaslServer *server, ByteSpan line);

/* NULL: there is no such user. SCRAM goes on as if there were one, and fails at its end. */
SaslServerStep sasl_server_answer_password(SaslServer *server, const char *password);

/* Base64, to be sent after "334 " or "+ "; until the following step. */
ByteSpan sasl_server_challenge(const SaslServer *server);

const char *sasl_server_mechanism(const SaslServer *server);     /* in capitals */
const char *sasl_server_identity(const SaslServer *server);      /* NULL: not said yet */
const char *sasl_server_authorization(const SaslServer *server); /* NULL: the same identity */
SaslFailure sasl_server_failure(const SaslServer *server);
