#pragma once

/* DNS on a real socket: UDP and TCP on one port of 127.0.0.1 (or another address of this machine),
 * driven by the thread's main context. It moves messages and knows nothing of names; what is
 * answered is decided by the handler. */

#include "protocol/text/byte-buffer.h"
#include "sim/loopback/loopback-link.h"

#define LOOPBACK_DNS_CONNECTIONS_MAXIMUM 64
#define LOOPBACK_DNS_IDLE_SECONDS 30 /* a silent connection is closed after so long */

typedef struct LoopbackDns LoopbackDns;

/* Appends the answer to 'out'; false: nothing is sent. */
typedef bool (*LoopbackDnsHandler
)(ByteSpan question, bool over_tcp, ByteBuffer *out, gpointer data);

/* 'port' 0: a free one is chosen. */
LoopbackDns *loopback_dns_new(
    const char *address, guint16 port, LoopbackDnsHandler handler, gpointer data, GError **error
);
void loopback_dns_free(LoopbackDns *dns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackDns, loopback_dns_free)

/* All that passes from now on is made into frames. Both are borrowed. */
void loopback_dns_show(LoopbackDns *dns, LoopbackFrames *frames, LoopbackClock *clock);

guint16 loopback_dns_port(const LoopbackDns *dns);
