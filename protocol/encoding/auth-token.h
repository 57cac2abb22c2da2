#pragma once

/* What a client computes or writes to show who it is, step by step: the digest of APOP (RFC 1939
 * §7), the messages of PLAIN (RFC 4616 §2) and the keyed digest of CRAM-MD5 (RFC 2195, RFC 2104).
 * Checking real logins is done elsewhere, by GNU SASL; this is for explanations and exercises. */

#include "protocol/text/byte-buffer.h"

#define MD5_BLOCK 64
#define MD5_DIGEST 16

/* The time stamp of a POP3 greeting: from "<" to ">", with both. False: the banner has none, so the
 * server does not offer APOP. */
bool apop_timestamp(ByteSpan banner, ByteSpan *out_timestamp);

/* What MD5 works on (RFC 1321 §3.1, §3.2): the octets, 80, zeros, and the number of bits in eight
 * octets, least significant first. False: no room. */
bool md5_pad(ByteSpan octets, ByteBuffer *out);

void md5_digest(ByteSpan first, ByteSpan second, guint8 out_digest[MD5_DIGEST]);
void md5_to_hex(const guint8 digest[MD5_DIGEST], char out_hex[2 * MD5_DIGEST + 1]);

/* HMAC (RFC 2104 §2): H(key XOR opad, H(key XOR ipad, text)). */
typedef struct {
    bool is_key_digested;        /* the secret was over 64 octets, so its digest is the key */
    guint8 key[MD5_BLOCK];       /* filled up with zeros */
    guint8 inner_key[MD5_BLOCK]; /* XOR 36 */
    guint8 outer_key[MD5_BLOCK]; /* XOR 5c */
    guint8 inner[MD5_DIGEST];
    guint8 outer[MD5_DIGEST]; /* the result */
} HmacMd5Trace;

void hmac_md5_trace(ByteSpan secret, ByteSpan text, HmacMd5Trace *out_trace);

/* [authzid] NUL authcid NUL passwd. The parts are parts of the message. */
typedef struct {
    ByteSpan authorization; /* on whose behalf; mostly empty */
    ByteSpan identity;
    ByteSpan password;
} PlainMessage;

/* False: a part holds a NUL, identity or password is empty, or no room. */
bool plain_message_write(const PlainMessage *message, ByteBuffer *out);

/* False: there are not two NULs, or identity or password is empty; 'out_bad_position' is where
 * that shows. */
bool plain_message_read(ByteSpan octets, PlainMessage *out_message, gsize *out_bad_position);
