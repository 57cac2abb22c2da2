#include "tests/support/talk-script.h"

#include "tests/support/frame-builder.h"

#define FIRST_SEQUENCE 1000
#define ETHERTYPE_IPV4 0x0800

typedef struct {
    GPtrArray *frames;
    guint16 ports[2];
    guint32 sequence[2];
} Script;

static void free_frame(gpointer frame)
{
    g_byte_array_unref(frame);
}

static void send(Script *script, StreamDirection side, guint8 flags, ByteSpan payload)
{
    static const char *const addresses[2] = {"10.0.0.1", "10.0.0.2"};
    bool begins = (flags & TCP_FLAG_SYN) != 0;
    FrameSegment segment = {
        .source = addresses[side],
        .destination = addresses[!side],
        .source_port = script->ports[side],
        .destination_port = script->ports[!side],
        .sequence = script->sequence[side],
        .acknowledgement = (flags & TCP_FLAG_ACK) != 0 ? script->sequence[!side] : 0,
        .flags = flags,
        .window = 65535,
        .payload = payload,
    };
    GByteArray *frame = frame_new_tcp(&segment);
    frame_wrap_ethernet(frame, ETHERTYPE_IPV4);
    g_ptr_array_add(script->frames, frame);
    script->sequence[side] += (guint32)payload.length + begins + ((flags & TCP_FLAG_FIN) != 0);
}

GPtrArray *
talk_script_frames(const TalkLine *lines, gsize count, guint16 client_port, guint16 server_port)
{
    Script script = {
        .frames = g_ptr_array_new_with_free_func(free_frame),
        .ports = {client_port, server_port},
        .sequence = {FIRST_SEQUENCE, FIRST_SEQUENCE},
    };
    send(&script, STREAM_FROM_CLIENT, TCP_FLAG_SYN, BYTE_SPAN_EMPTY);
    send(&script, STREAM_FROM_SERVER, TCP_FLAG_SYN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    send(&script, STREAM_FROM_CLIENT, TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    for (gsize i = 0; i < count; i++) {
        gsize length = lines[i].length != 0 ? lines[i].length : strlen(lines[i].text);
        send(&script, lines[i].side, TCP_FLAG_PSH | TCP_FLAG_ACK, byte_span(lines[i].text, length));
    }
    send(&script, STREAM_FROM_CLIENT, TCP_FLAG_FIN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    send(&script, STREAM_FROM_SERVER, TCP_FLAG_FIN | TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    send(&script, STREAM_FROM_CLIENT, TCP_FLAG_ACK, BYTE_SPAN_EMPTY);
    return script.frames;
}

void talk_script_feed(Dissector *dissector, const GPtrArray *frames, guint64 first)
{
    for (guint i = 0; i < frames->len; i++) {
        const GByteArray *octets = frames->pdata[i];
        CaptureFrame frame = {
            .number = first + i,
            .time_ns = TALK_BEGIN_NS + (gint64)(first + i - 1) * TALK_FRAME_NS,
            .link_type = 1,
            .captured_length = octets->len,
            .original_length = octets->len,
            .data = octets->data,
        };
        dissector_frame(dissector, &frame);
    }
}
