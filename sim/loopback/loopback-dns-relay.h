#pragma once

/* Carries a real program's DNS questions by UDP into a simulated world and the answers back: each
 * is asked anew from a port of a simulated machine. What has no answer in time is forgotten; the
 * program asks again by itself. Questions over TCP go through a LoopbackRelay as anything else. */

#include "sim/loopback/loopback-clock.h"
#include "sim/loopback/loopback-relay.h"

#define LOOPBACK_DNS_QUESTIONS_MAXIMUM 256 /* under way at once; further ones are not heard */
#define LOOPBACK_DNS_PATIENCE (30 * SIM_SECOND)

typedef struct LoopbackDnsRelay LoopbackDnsRelay;

/* The path and the clock are borrowed. Errors are those of the socket. */
LoopbackDnsRelay *loopback_dns_relay_new(
    const char *address,
    guint16 port,
    const LoopbackRelayPath *path,
    LoopbackClock *clock,
    GError **error
);
void loopback_dns_relay_free(LoopbackDnsRelay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LoopbackDnsRelay, loopback_dns_relay_free)
