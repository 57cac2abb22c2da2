#pragma once

/* Which protocol a stream speaks, told from its first octets and its port. A known port decides
 * unless the octets say otherwise; any other port needs octets that only that protocol says. */

#include "dissect/conversation/dissector.h"

typedef enum {
    GUESS_WAIT,  /* more octets are needed */
    GUESS_KNOWN, /* 'out_protocol' */
    GUESS_SOCKS, /* a SOCKS greeting: look inside */
    GUESS_NONE,  /* nothing that mailwalk reads */
} GuessVerdict;

/* Octets looked at before a stream is given up. */
#define GUESS_OCTETS_MAXIMUM 1024

/* 'port_protocol' is what the port stands for, UNKNOWN for any other port. */
GuessVerdict protocol_guess(
    MailProtocol port_protocol,
    bool is_by_option,
    ByteSpan client,
    ByteSpan server,
    MailProtocol *out_protocol
);

MailProtocol protocol_of_port(guint16 port);
