#pragma once

/* SCRAM's messages and keys (RFC 5802 §3, §5), for both sides and both digests. */

#include "protocol/sasl/sasl-mechanism-private.h"

#define SCRAM_ITERATIONS 4096            /* RFC 5802 §5.1, RFC 7677 §4: at least so many */
#define SCRAM_ITERATIONS_MAXIMUM 1000000 /* a server that asks more only wastes our time */
#define SCRAM_KEY_MAXIMUM GSASL_HASH_MAX_SIZE

typedef struct {
    guint8 client[SCRAM_KEY_MAXIMUM];
    guint8 stored[SCRAM_KEY_MAXIMUM];
    guint8 server[SCRAM_KEY_MAXIMUM];
    gsize length;
} ScramKeys;

/* False: the password holds what RFC 4013 forbids. */
bool scram_keys_derive(
    Gsasl_hash hash, const char *password, ByteSpan salt, guint iterations, ScramKeys *out_keys
);
void scram_keys_sign(
    const ScramKeys *keys, const guint8 *key, const char *text, guint8 out[SCRAM_KEY_MAXIMUM]
);
void scram_keys_digest(const ScramKeys *keys, const guint8 *key, guint8 out[SCRAM_KEY_MAXIMUM]);

/* Takes "x=value" off the front of a list with commas; the value is not empty. */
bool scram_take(ByteSpan *rest, char letter, ByteSpan *out_value);

/* A name with "=2C" for a comma and "=3D" for an equals sign; NULL: not such a one. */
char *scram_name_read(ByteSpan text);
char *scram_name_write(const char *name);

bool scram_is_nonce(ByteSpan text); /* printable ASCII without commas */
