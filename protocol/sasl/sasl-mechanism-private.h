#pragma once

/* The inside of SaslServer and SaslClient. A mechanism is a row of functions that take and give
 * decoded messages; base64, cancelling and limits are dealt with above them. */

#include "protocol/sasl/sasl-client.h"
#include "protocol/sasl/sasl-server.h"
#include "protocol/text/byte-buffer.h"

#include <gsasl.h>

#define SASL_LINE_MAXIMUM 12288 /* RFC 4954 §4 */
#define SASL_NAME_MAXIMUM 1024

typedef struct SaslMechanism SaslMechanism;

struct SaslServer {
    const SaslMechanism *mechanism;
    char *service;
    char *host_name;
    guint64 seed;
    SaslServerStep step;
    SaslFailure failure;
    guint responses; /* taken so far */
    char *identity;
    char *authorization;
    char *secret;         /* the password that the client said, or its proof */
    char *nonce;          /* the server's, or both together */
    ByteBuffer challenge; /* in base64 */
    gpointer state;       /* of the mechanism */
};

struct SaslClient {
    const SaslMechanism *mechanism;
    char *service;
    char *host_name;
    char *identity;
    char *password;
    char *authorization;
    guint64 seed;
    guint responses; /* given so far */
    bool is_proven;
    bool has_failed;
    ByteBuffer response; /* in base64 */
    gpointer state;
};

struct SaslMechanism {
    const char *name;
    bool client_speaks_first;  /* RFC 4422 §3.3 */
    bool takes_early_response; /* and so does LOGIN, though its server speaks first */
    bool shows_password;
    guint8 merit; /* the client takes the highest one offered */
    Gsasl_hash hash;
    SaslServerStep (*challenge)(SaslServer *server); /* the first one; NULL: empty */
    SaslServerStep (*respond)(SaslServer *server, ByteSpan response);
    SaslServerStep (*verify)(SaslServer *server, const char *password);
    SaslClientStep (*answer)(SaslClient *client, ByteSpan challenge);
    GDestroyNotify free_server_state;
    GDestroyNotify free_client_state;
};

const SaslMechanism *sasl_mechanism_row(ByteSpan name);
const SaslMechanism *sasl_mechanism_at(gsize index); /* NULL behind the last */

SaslServerStep sasl_server_fail(SaslServer *server, SaslFailure failure);
SaslServerStep sasl_server_say(SaslServer *server, ByteSpan challenge);
SaslServerStep sasl_server_ask_password(SaslServer *server);
SaslClientStep sasl_client_say(SaslClient *client, ByteSpan response);

/* Letters that follow from the seed, the purpose and the host; nobody guesses them who does not
 * know the seed. */
char *sasl_nonce(guint64 seed, const char *purpose, const char *host_name);

/* RFC 4013; NULL: the text holds what no name or password may hold, or nothing is left of it. */
char *sasl_prepare(const char *text);

/* The span as text: valid UTF-8 without NUL, at most SASL_NAME_MAXIMUM octets; else NULL. */
char *sasl_text(ByteSpan span);

/* Takes as long for a wrong text as for the right one. */
bool sasl_is_same(const char *left, const char *right);
bool sasl_is_same_password(const char *said, const char *known);

/* sasl-plain.c, sasl-login.c, sasl-cram-md5.c */
SaslServerStep sasl_plain_respond(SaslServer *server, ByteSpan response);
SaslServerStep sasl_plain_verify(SaslServer *server, const char *password);
SaslClientStep sasl_plain_answer(SaslClient *client, ByteSpan challenge);
SaslServerStep sasl_login_challenge(SaslServer *server);
SaslServerStep sasl_login_respond(SaslServer *server, ByteSpan response);
SaslClientStep sasl_login_answer(SaslClient *client, ByteSpan challenge);
SaslServerStep sasl_cram_md5_challenge(SaslServer *server);
SaslServerStep sasl_cram_md5_respond(SaslServer *server, ByteSpan response);
SaslServerStep sasl_cram_md5_verify(SaslServer *server, const char *password);
SaslClientStep sasl_cram_md5_answer(SaslClient *client, ByteSpan challenge);

/* sasl-digest-md5.c */
SaslServerStep sasl_digest_md5_challenge(SaslServer *server);
SaslServerStep sasl_digest_md5_respond(SaslServer *server, ByteSpan response);
SaslServerStep sasl_digest_md5_verify(SaslServer *server, const char *password);
SaslClientStep sasl_digest_md5_answer(SaslClient *client, ByteSpan challenge);
void sasl_digest_md5_free(gpointer state);

/* sasl-scram-server.c, sasl-scram-client.c */
SaslServerStep sasl_scram_respond(SaslServer *server, ByteSpan response);
SaslServerStep sasl_scram_verify(SaslServer *server, const char *password);
void sasl_scram_server_free(gpointer state);
SaslClientStep sasl_scram_answer(SaslClient *client, ByteSpan challenge);
void sasl_scram_client_free(gpointer state);
