#include "dissect/conversation/socks-handshake.h"

enum {
    PHASE_METHODS,        /* client: version, methods */
    PHASE_METHOD_CHOSEN,  /* server: version, method */
    PHASE_PASSWORD,       /* client: RFC 1929 */
    PHASE_PASSWORD_TAKEN, /* server */
    PHASE_REQUEST,        /* client */
    PHASE_ANSWER,         /* server */
};

void socks_handshake_init(SocksHandshake *handshake)
{
    *handshake = (SocksHandshake){0};
    byte_buffer_init(&handshake->held[0], SOCKS_HELD_MAXIMUM);
    byte_buffer_init(&handshake->held[1], SOCKS_HELD_MAXIMUM);
    byte_buffer_init(&handshake->password, G_MAXUINT8);
}

void socks_handshake_clear(SocksHandshake *handshake)
{
    byte_buffer_clear(&handshake->held[0]);
    byte_buffer_clear(&handshake->held[1]);
    byte_buffer_clear(&handshake->password);
}

static bool take(SocksHandshake *handshake, guint side, gsize length)
{
    if (byte_buffer_length(&handshake->held[side]) < length) {
        return false;
    }
    byte_buffer_consume(&handshake->held[side], length);
    handshake->taken[side] += length;
    return true;
}

/* Octets of a SOCKS 5 request or answer: four, the address by its type, two of port. 0: wait. */
static gsize length_with_address(ByteSpan held)
{
    if (held.length < 5) {
        return 0;
    }
    switch (held.data[3]) {
    case 1:
        return 10;
    case 3:
        return (gsize)held.data[4] + 7;
    case 4:
        return 22;
    default:
        return G_MAXSIZE;
    }
}

static gsize length_of_version_4(ByteSpan held)
{
    gssize end = byte_span_find(held, 0, 8);
    if (end < 0) {
        return 0;
    }
    bool has_name = held.length >= 8 && held.data[4] == 0 && held.data[5] == 0 &&
                    held.data[6] == 0 && held.data[7] != 0;
    if (has_name) {
        end = byte_span_find(held, 0, (gsize)end + 1);
    }
    return end < 0 ? 0 : (gsize)end + 1;
}

/* How many octets the present phase needs at the front of its side; 0: not known yet. */
static gsize length_of_phase(const SocksHandshake *handshake, ByteSpan held)
{
    switch (handshake->phase) {
    case PHASE_METHODS:
        return held.length < 2 ? 0 : (gsize)held.data[1] + 2;
    case PHASE_METHOD_CHOSEN:
    case PHASE_PASSWORD_TAKEN:
        return 2;
    case PHASE_PASSWORD: {
        gsize user = held.length < 2 ? 0 : held.data[1];
        return held.length < user + 3 ? 0 : user + 3 + held.data[user + 2];
    }
    case PHASE_REQUEST:
        return handshake->version == 4 ? length_of_version_4(held) : length_with_address(held);
    default:
        return handshake->version == 4 ? 8 : length_with_address(held);
    }
}

static bool is_refused(const SocksHandshake *handshake, ByteSpan held)
{
    if (handshake->phase == PHASE_METHOD_CHOSEN) {
        return held.data[1] != 0 && held.data[1] != 2;
    }
    if (handshake->phase == PHASE_PASSWORD_TAKEN) {
        return held.data[1] != 0;
    }
    if (handshake->phase == PHASE_ANSWER) {
        return handshake->version == 4 ? held.data[1] != 90 : held.data[1] != 0;
    }
    return false;
}

static guint8 next_phase(const SocksHandshake *handshake, ByteSpan held)
{
    if (handshake->phase == PHASE_METHOD_CHOSEN && held.data[1] == 0) {
        return PHASE_REQUEST;
    }
    return (guint8)(handshake->phase + 1);
}

static guint side_of_phase(guint8 phase)
{
    return phase == PHASE_METHOD_CHOSEN || phase == PHASE_PASSWORD_TAKEN || phase == PHASE_ANSWER;
}

/* RFC 1929 §2: version, length and user, length and password. */
static void keep_password(SocksHandshake *handshake, ByteSpan said)
{
    gsize user = said.data[1];
    byte_buffer_reset(&handshake->password);
    bool fits = byte_buffer_append(&handshake->password, byte_span_from(said, user + 3));
    g_assert(fits);
}

SocksVerdict socks_handshake_feed(SocksHandshake *handshake, guint side, ByteSpan octets)
{
    if (!byte_buffer_append(&handshake->held[side], octets)) {
        return SOCKS_FAILED;
    }
    for (;;) {
        guint speaker = side_of_phase(handshake->phase);
        ByteSpan held = byte_buffer_span(&handshake->held[speaker]);
        if (handshake->version == 0 && held.length > 0) {
            handshake->version = held.data[0];
            handshake->phase = handshake->version == 4 ? PHASE_REQUEST : PHASE_METHODS;
        }
        gsize length = held.length == 0 ? 0 : length_of_phase(handshake, held);
        if (length == 0 || (length != G_MAXSIZE && held.length < length)) {
            return SOCKS_GOING_ON;
        }
        if (length == G_MAXSIZE || is_refused(handshake, held)) {
            return SOCKS_FAILED;
        }
        guint8 next = next_phase(handshake, held);
        if (handshake->phase == PHASE_PASSWORD) {
            keep_password(handshake, byte_span_slice(held, 0, length));
        }
        take(handshake, speaker, length);
        if (handshake->phase == PHASE_ANSWER) {
            return SOCKS_GRANTED;
        }
        handshake->phase = next;
    }
}
