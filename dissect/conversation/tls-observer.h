#pragma once

/* What TLS shows before it hides: the client's greeting with the server's name, the server's choice
 * of version and cipher, and up to TLS 1.2 the server's certificate. Octets in any pieces; once
 * the readable part is over nothing is looked at any more. */

#include "protocol/text/byte-buffer.h"

#define TLS_HANDSHAKE_MAXIMUM 65536 /* octets of handshake gathered per side */

typedef struct {
    ByteBuffer records[2];    /* octets not yet cut into records */
    ByteBuffer handshakes[2]; /* handshake octets not yet cut into messages */
    bool is_over[2];
    bool has_hello[2];
    char *server_name;
    char *subject;
    char *cipher;
    const char *version;
} TlsObserver;

void tls_observer_init(TlsObserver *observer);
void tls_observer_clear(TlsObserver *observer);

/* Side 0 is the client. True: something new is known. */
bool tls_observer_feed(TlsObserver *observer, guint side, ByteSpan octets);
