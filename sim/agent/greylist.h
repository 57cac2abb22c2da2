#pragma once

/* Greylisting (RFC 6647): who comes for the first time is asked to come again later. A server that
 * keeps a queue does; many a sender of unsolicited mail does not. What is remembered is the triplet
 * of the client's network, MAIL FROM and RCPT TO. */

#include "sim/network/address.h"
#include "sim/network/time.h"

#define GREYLIST_MAXIMUM 100000 /* triplets; beyond it the whole memory is given up */

typedef struct Greylist Greylist;

typedef enum {
    GREYLIST_NEW,   /* never seen: refuse for now */
    GREYLIST_EARLY, /* seen, but the delay is not over */
    GREYLIST_PASS,
} GreylistVerdict;

Greylist *greylist_new(SimTime delay, SimTime lifetime);
void greylist_free(Greylist *greylist);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Greylist, greylist_free)

/* A triplet that has not come for 'lifetime' is forgotten. 'out_wait' gets how long is left. */
GreylistVerdict greylist_check(
    Greylist *greylist,
    const SimAddress *client,
    const char *reverse_path,
    const char *forward_path,
    SimTime now,
    SimTime *out_wait
);
