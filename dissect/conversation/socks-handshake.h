#pragma once

/* The greeting of SOCKS 4 and 5 (RFC 1928), read from both sides until the proxy grants the
 * connection; what follows is the inner protocol. */

#include "protocol/text/byte-buffer.h"

#define SOCKS_HELD_MAXIMUM 2048

typedef enum {
    SOCKS_GOING_ON,
    SOCKS_GRANTED, /* the rest of each side's octets stands in the buffers */
    SOCKS_FAILED,
} SocksVerdict;

typedef struct {
    ByteBuffer held[2];  /* client, server */
    guint64 taken[2];    /* octets that belonged to the greeting */
    ByteBuffer password; /* as the client said it (RFC 1929); else empty */
    guint8 version;
    guint8 phase;
} SocksHandshake;

void socks_handshake_init(SocksHandshake *handshake);
void socks_handshake_clear(SocksHandshake *handshake);
SocksVerdict socks_handshake_feed(SocksHandshake *handshake, guint side, ByteSpan octets);
