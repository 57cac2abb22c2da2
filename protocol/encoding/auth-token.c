#include "protocol/encoding/auth-token.h"

#define INNER_PAD 0x36 /* RFC 2104 §2 */
#define OUTER_PAD 0x5c

bool apop_timestamp(ByteSpan banner, ByteSpan *out_timestamp)
{
    gssize open = byte_span_find(banner, '<', 0);
    gssize close = open < 0 ? -1 : byte_span_find(banner, '>', (gsize)open);
    if (close < 0) {
        return false;
    }
    *out_timestamp = byte_span_slice(banner, (gsize)open, (gsize)(close - open) + 1);
    return true;
}

bool md5_pad(ByteSpan octets, ByteBuffer *out)
{
    static const guint8 padding[MD5_BLOCK] = {0x80};
    gsize used = (octets.length + 8) % MD5_BLOCK;
    guint64 n_bits = (guint64)octets.length * 8;
    guint8 length[8];
    for (guint i = 0; i < sizeof length; i++) {
        length[i] = (guint8)(n_bits >> (8 * i));
    }
    gsize length_before = byte_buffer_length(out);
    if (byte_buffer_append(out, octets) &&
        byte_buffer_append(out, byte_span(padding, MD5_BLOCK - used)) &&
        byte_buffer_append(out, byte_span(length, sizeof length))) {
        return true;
    }
    byte_buffer_truncate(out, length_before);
    return false;
}

static void update(GChecksum *checksum, ByteSpan octets)
{
    if (octets.length > 0) {
        g_checksum_update(checksum, octets.data, (gssize)octets.length);
    }
}

void md5_digest(ByteSpan first, ByteSpan second, guint8 out_digest[MD5_DIGEST])
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_MD5);
    gsize length = MD5_DIGEST;
    update(checksum, first);
    update(checksum, second);
    g_checksum_get_digest(checksum, out_digest, &length);
    g_assert(length == MD5_DIGEST);
}

void md5_to_hex(const guint8 digest[MD5_DIGEST], char out_hex[2 * MD5_DIGEST + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (guint i = 0; i < MD5_DIGEST; i++) {
        out_hex[2 * i] = digits[digest[i] >> 4];
        out_hex[2 * i + 1] = digits[digest[i] & 15];
    }
    out_hex[2 * MD5_DIGEST] = '\0';
}

void hmac_md5_trace(ByteSpan secret, ByteSpan text, HmacMd5Trace *out_trace)
{
    HmacMd5Trace trace = {.is_key_digested = secret.length > MD5_BLOCK};
    if (trace.is_key_digested) {
        md5_digest(secret, BYTE_SPAN_EMPTY, trace.key);
    } else if (secret.length > 0) {
        memcpy(trace.key, secret.data, secret.length);
    }
    for (guint i = 0; i < MD5_BLOCK; i++) {
        trace.inner_key[i] = trace.key[i] ^ INNER_PAD;
        trace.outer_key[i] = trace.key[i] ^ OUTER_PAD;
    }
    md5_digest(byte_span(trace.inner_key, MD5_BLOCK), text, trace.inner);
    md5_digest(
        byte_span(trace.outer_key, MD5_BLOCK), byte_span(trace.inner, MD5_DIGEST), trace.outer
    );
    *out_trace = trace;
}

bool plain_message_write(const PlainMessage *message, ByteBuffer *out)
{
    const ByteSpan parts[] = {message->authorization, message->identity, message->password};
    gsize length_before = byte_buffer_length(out);
    if (message->identity.length == 0 || message->password.length == 0) {
        return false;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        bool fits = byte_span_find(parts[i], 0, 0) < 0 &&
                    (i == 0 || byte_buffer_append(out, byte_span("\0", 1))) &&
                    byte_buffer_append(out, parts[i]);
        if (!fits) {
            byte_buffer_truncate(out, length_before);
            return false;
        }
    }
    return true;
}

static bool refuse(gsize position, gsize *out_bad_position)
{
    if (out_bad_position != NULL) {
        *out_bad_position = position;
    }
    return false;
}

bool plain_message_read(ByteSpan octets, PlainMessage *out_message, gsize *out_bad_position)
{
    gssize first = byte_span_find(octets, 0, 0);
    gssize second = first < 0 ? -1 : byte_span_find(octets, 0, (gsize)first + 1);
    if (second < 0) {
        return refuse(octets.length, out_bad_position);
    }
    gssize third = byte_span_find(octets, 0, (gsize)second + 1);
    if (third >= 0) {
        return refuse((gsize)third, out_bad_position);
    }
    if (second == first + 1) {
        return refuse((gsize)second, out_bad_position);
    }
    if ((gsize)second + 1 == octets.length) {
        return refuse(octets.length, out_bad_position);
    }
    *out_message = (PlainMessage){
        .authorization = byte_span_slice(octets, 0, (gsize)first),
        .identity = byte_span_slice(octets, (gsize)first + 1, (gsize)(second - first) - 1),
        .password = byte_span_from(octets, (gsize)second + 1),
    };
    return true;
}
