#pragma once

/* DNS over TCP: each message stands behind two octets that say its length (RFC 1035 §4.2.2,
 * RFC 7766 §8). Cuts octets that arrive in any pieces into messages. A message that lies whole in
 * the input is lent out without a copy. */

#include "protocol/dns/dns-message.h"
#include "protocol/text/byte-buffer.h"

typedef struct {
    ByteBuffer partial; /* length octets and message so far */
    guint64 position;   /* octets of the stream taken so far, missing ones included */
    guint64 skip;       /* octets of a harmed message still to come */
    bool gives_partial;
    bool is_lost; /* octets are missing and with them the place of the next length */
} DnsStream;

typedef struct {
    ByteSpan octets; /* without the length octets; borrowed until the next call */
    guint64 from;    /* of the first length octet in the stream */
    guint64 to;
} DnsStreamMessage;

void dns_stream_init(DnsStream *stream);
void dns_stream_clear(DnsStream *stream);

/* Takes octets off the front of 'input'. False: all has been taken and no message is whole. */
bool dns_stream_next(DnsStream *stream, ByteSpan *input, DnsStreamMessage *out_message);

/* 'length' octets are missing here. The message they belong to is given up; when they reach past
 * its end, no further message can be found and the stream is lost. */
void dns_stream_missing(DnsStream *stream, guint64 length);

/* Octets of a message that has begun but is not whole. */
gsize dns_stream_pending(const DnsStream *stream);

/* The length octets and the message, added to 'out'; false: no room. */
G_GNUC_WARN_UNUSED_RESULT bool dns_stream_write(ByteBuffer *out, ByteSpan message);
