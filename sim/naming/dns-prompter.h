#pragma once

/* Somebody who answers in the place of a world's name servers, for what-ifs: each question by UDP
 * is shown before it is answered. */

#include "protocol/text/byte-span.h"
#include "sim/network/address.h"

typedef struct {
    /* The code of the answer, DNS_RCODE_NXDOMAIN for instance, whatever the server knows; -1: what
     * it knows. */
    int (*answer)(gpointer owner, const SimAddress *from, guint16 from_port, ByteSpan question);
    gpointer owner;
} DnsPrompter;

/* The world's data begins with one, or is NULL: see agent-prompter.h, which sets it. */
