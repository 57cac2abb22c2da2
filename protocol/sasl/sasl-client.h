#pragma once

/* The client's side of an authentication, without I/O, in base64 as it stands on the wire:
 *
 *     new ─> begin() ─> [initial response] ─> challenge(line) ─> response ... ─> is_proven()
 *
 * It speaks the mechanisms of sasl-server.h, which says why they are written by hand. */

#include "protocol/text/byte-span.h"

typedef enum {
    SASL_CLIENT_RESPONSE, /* send sasl_client_response() */
    SASL_CLIENT_CANCEL,   /* the challenge makes no sense, or the server is not who it should be:
                             send "*" */
} SaslClientStep;

typedef struct {
    const char *service;   /* "smtp", "pop" or "imap" */
    const char *host_name; /* of the server, for DIGEST-MD5 */
    const char *identity;
    const char *password;
    const char *authorization; /* act for this one; NULL: for oneself */
    guint64 seed;              /* of the nonces: another one for each attempt */
} SaslClientOptions;

typedef struct SaslClient SaslClient;

/* The best of the names in 'offered' (with spaces between) that this client speaks; NULL: none.
 * Those that show the password are taken only where 'shows_password' allows it. */
const char *sasl_client_choose(ByteSpan offered, bool shows_password);

/* NULL: the mechanism is not known. The options are copied. */
SaslClient *sasl_client_new(ByteSpan mechanism, const SaslClientOptions *options);
void sasl_client_free(SaslClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SaslClient, sasl_client_free)

const char *sasl_client_mechanism(const SaslClient *client); /* in capitals */
bool sasl_client_speaks_first(const SaslClient *client);

/* The initial response, where the protocol lets it stand on the line of the mechanism's name; not
 * called where it does not: then the server's first, empty challenge asks for it. */
ByteSpan sasl_client_begin(SaslClient *client);

/* What stood after "334 " or "+ ". */
SaslClientStep sasl_client_challenge(SaslClient *client, ByteSpan line);
ByteSpan sasl_client_response(const SaslClient *client); /* until the following step */

/* The exchange came to its end as the mechanism wants it, and where the mechanism lets the server
 * prove that it knows the password too (DIGEST-MD5, SCRAM), it did. A success that is told earlier
 * is not to be believed. */
bool sasl_client_is_proven(const SaslClient *client);
