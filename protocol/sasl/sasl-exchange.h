#pragma once

/* An authentication as an onlooker can read it: takes the challenges and responses of a SASL
 * exchange as they stand on the wire (base64) and tells who the client says it is, and the
 * password or proof where the mechanism shows one. It checks nothing and decides nothing. */

#include "protocol/dialogue/dialogue.h"
#include "protocol/text/byte-buffer.h"

#define SASL_MECHANISM_MAXIMUM 20  /* RFC 4422 §3.1 */
#define SASL_MESSAGE_MAXIMUM 12288 /* RFC 4954 §4: the longest line of an exchange */

typedef struct {
    char mechanism[SASL_MECHANISM_MAXIMUM + 1]; /* in capitals */
    guint challenges;
    guint responses;
    bool is_malformed; /* base64 or the mechanism's own form was broken */
    bool was_cancelled;
    bool lacks_responses; /* which response a further one is cannot be told */
    ByteBuffer challenge; /* the last one that was not empty, decoded */
    ByteBuffer identity;
    ByteBuffer authorization;
    ByteBuffer secret;
    ByteBuffer proof;
} SaslExchange;

void sasl_exchange_begin(SaslExchange *exchange, ByteSpan mechanism);
void sasl_exchange_clear(SaslExchange *exchange);

void sasl_exchange_challenge(SaslExchange *exchange, ByteSpan base64);

/* Also takes an initial response; "=" is the empty one, "*" cancels. */
void sasl_exchange_response(SaslExchange *exchange, ByteSpan base64);

/* Octets of the client are missing: what follows is read no more, lest a password that comes second
 * be taken for the name that came first. */
void sasl_exchange_lose_response(SaslExchange *exchange);

/* How many responses the mechanism needs; for an onlooker who sees only the client. */
guint sasl_exchange_expected_responses(const SaslExchange *exchange);

/* The spans point into the exchange. */
void sasl_exchange_credential(const SaslExchange *exchange, DialogueCredential *out_credential);
