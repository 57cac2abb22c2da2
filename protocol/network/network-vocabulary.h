#pragma once

/* What carries mail: flags, states, options, limits and rules of TCP, and the fields of IP, UDP,
 * ARP and Ethernet that a frame shows, as rows. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef struct {
    VocabularyItem item;
    guint8 number; /* the bit of a flag, the kind of an option */
} TcpNumberRow;

/* By one bit of the flags octet: 0x01 is FIN, 0x02 SYN, 0x80 CWR. NULL: not one of the eight. */
const VocabularyItem *tcp_flag_find(guint8 bit);

/* By the state's name as the RFC writes it: "SYN-SENT", "TIME-WAIT"; any case. */
const VocabularyItem *tcp_state_find(ByteSpan name);

/* By the option's kind octet: 2 is the maximum segment size. */
const VocabularyItem *tcp_option_find(guint8 kind);

/* A rule of what lies below TCP, by its token: "ARP packet", "UDP fields". NULL: there is none. */
const VocabularyItem *ip_rule_find(ByteSpan name);

const VocabularyTable *network_vocabulary(gsize *out_count);
