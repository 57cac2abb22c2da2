/* Frames of any link: the first octet names the link, then come frames, each behind two octets of
 * captured length and one that says how much longer it was. Both ways of decoding agree, layers lie
 * within the frame, and pieces of reassembled datagrams follow one another. */

#include "dissect/packet/octet-order.h"
#include "dissect/packet/packet-decoder.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const guint32 links[] = {1,   0,   9,   12,  14,  50,  51,  101, 104, 105, 108,
                                113, 119, 127, 163, 166, 192, 228, 229, 239, 276, 147};

static void check(const Packet *packet)
{
    for (guint32 i = 0; i < packet->layer_count; i++) {
        const PacketLayer *layer = &packet->layers[i];
        g_assert(packet_layer_name(layer->kind) != NULL);
        g_assert(
            layer->is_reassembled || layer->offset + layer->length <= packet->frame->captured_length
        );
    }
    guint32 at = 0;
    for (guint32 i = 0; i < packet->piece_count; i++) {
        g_assert(packet->pieces[i].offset == at && packet->pieces[i].length > 0);
        at += packet->pieces[i].length;
    }
    guint sum = 0;
    for (gsize i = 0; i < packet->payload.length; i++) {
        sum += packet->payload.data[i];
    }
    g_assert(packet->payload.length > 0 || sum == 0);
    g_assert(packet_problem_text(packet->problem) != NULL);
    char text[PACKET_ADDRESS_TEXT_SIZE];
    g_assert(packet_address_format(&packet->source, text) == text);
    TcpOptions options;
    packet_read_tcp_options(packet->tcp_options, &options);
}

static guint64 decode_all(ByteSpan frames, guint32 link, bool closely)
{
    PacketDecoderOptions decoder_options = packet_decoder_default_options();
    decoder_options.fragment_datagrams = 8;
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(&decoder_options);
    guint64 digest = 0;
    CaptureFrame frame = {.link_type = link};
    while (frames.length > 3) {
        gsize length = MIN((gsize)read_be16(frames.data), frames.length - 3);
        g_autofree guint8 *copy = g_memdup2(frames.data + 3, length);
        frame.number++;
        frame.time_ns += 1000000;
        frame.captured_length = (guint32)length;
        frame.original_length = frame.captured_length + frames.data[2];
        frame.data = copy;
        frames = byte_span_from(frames, 3 + length);
        Packet packet;
        if (closely) {
            packet_decoder_decode_closely(decoder, &frame, &packet);
        } else {
            packet_decoder_decode(decoder, &frame, &packet);
        }
        check(&packet);
        digest = digest * 31 + packet.kind * 7 + packet.problem;
        digest = digest * 31 + packet.payload.length + packet.missing_tail;
        digest = digest * 31 + packet.checksum * 5 + packet.layer_count;
        digest = digest * 31 + packet.tcp_sequence;
    }
    packet_decoder_finish(decoder);
    return digest;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 0) {
        guint32 link = links[data[0] % G_N_ELEMENTS(links)];
        ByteSpan frames = byte_span(data + 1, size - 1);
        g_assert(decode_all(frames, link, false) == decode_all(frames, link, true));
    }
    return 0;
}
