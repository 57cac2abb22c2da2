#include "dissect/packet/packet-decoder.h"

#include "dissect/packet/packet-cursor.h"

PacketDecoderOptions packet_decoder_default_options(void)
{
    return (PacketDecoderOptions){
        .verifies_checksums = true,
        .fragment_datagrams = 1024,
        .fragment_octets = 16 * 1024 * 1024,
        .fragment_timeout_ns = 30 * G_GINT64_CONSTANT(1000000000),
    };
}

PacketDecoder *packet_decoder_new(const PacketDecoderOptions *options)
{
    PacketDecoder *decoder = g_new0(PacketDecoder, 1);
    decoder->options = options != NULL ? *options : packet_decoder_default_options();
    decoder->of_unusual = decoder->options.is_second ? &decoder->uncounted : &decoder->statistics;
    decoder->fragments = fragment_table_new(&decoder->options, decoder->of_unusual);
    return decoder;
}

void packet_decoder_free(PacketDecoder *decoder)
{
    if (decoder != NULL) {
        fragment_table_free(decoder->fragments);
        g_free(decoder);
    }
}

const PacketStatistics *packet_decoder_statistics(const PacketDecoder *decoder)
{
    return &decoder->statistics;
}

static guint64 earlier(guint64 frame, guint64 other)
{
    return frame == 0 || (other != 0 && other < frame) ? other : frame;
}

void packet_statistics_add(PacketStatistics *sum, const PacketStatistics *other)
{
    sum->frames += other->frames;
    for (gsize i = 0; i < G_N_ELEMENTS(sum->kinds); i++) {
        sum->kinds[i] += other->kinds[i];
    }
    for (gsize i = 0; i < G_N_ELEMENTS(sum->problems); i++) {
        sum->problems[i] += other->problems[i];
    }
    sum->ip_checksums_bad += other->ip_checksums_bad;
    sum->checksums_good += other->checksums_good;
    sum->checksums_bad += other->checksums_bad;
    sum->checksums_offloaded += other->checksums_offloaded;
    sum->first_bad_checksum = earlier(sum->first_bad_checksum, other->first_bad_checksum);
    sum->first_offloaded_checksum =
        earlier(sum->first_offloaded_checksum, other->first_offloaded_checksum);
    sum->cut_frames += other->cut_frames;
    sum->missing_octets += other->missing_octets;
    sum->fragments += other->fragments;
    sum->datagrams_reassembled += other->datagrams_reassembled;
    sum->datagrams_incomplete += other->datagrams_incomplete;
}

void packet_decoder_finish(PacketDecoder *decoder)
{
    fragment_table_finish(decoder->fragments);
}

bool packet_cursor_layer(PacketCursor *cursor, PacketLayerKind kind, guint32 length, guint32 detail)
{
    Packet *packet = cursor->packet;
    if (G_UNLIKELY(packet->layer_count == PACKET_LAYERS_MAX)) {
        packet_cursor_fail(cursor, PACKET_PROBLEM_TOO_DEEP);
        return false;
    }
    packet->layers[packet->layer_count++] = (PacketLayer){
        .kind = (guint8)kind,
        .is_reassembled = cursor->is_reassembled,
        .detail = (guint16)detail,
        .offset = cursor->offset,
        .length = length,
    };
    cursor->offset += length;
    return true;
}

/* Everything before the layers, which are valid up to layer_count only. */
static void begin(PacketDecoder *decoder, Packet *packet, const CaptureFrame *frame)
{
    if (G_UNLIKELY(decoder->has_given)) {
        fragment_table_release(decoder->fragments);
        decoder->has_given = false;
    }
    memset(packet, 0, G_STRUCT_OFFSET(Packet, layers));
    packet->frame = frame;
    packet->kind = PACKET_NOT_IP;
}

static inline void count(PacketStatistics *statistics, const Packet *packet)
{
    const CaptureFrame *frame = packet->frame;
    statistics->frames++;
    statistics->kinds[packet->kind]++;
    statistics->problems[packet->problem]++;
    statistics->cut_frames += frame->captured_length < frame->original_length;
    statistics->missing_octets += packet->missing_tail;
    statistics->ip_checksums_bad += packet->ip_checksum == CHECKSUM_BAD;
    switch (packet->checksum) {
    case CHECKSUM_GOOD:
        statistics->checksums_good++;
        break;
    case CHECKSUM_BAD:
        statistics->checksums_bad++;
        if (statistics->first_bad_checksum == 0) {
            statistics->first_bad_checksum = frame->number;
        }
        break;
    case CHECKSUM_OFFLOADED:
        statistics->checksums_offloaded++;
        if (statistics->first_offloaded_checksum == 0) {
            statistics->first_offloaded_checksum = frame->number;
        }
        break;
    case CHECKSUM_NOT_CHECKED:
    case CHECKSUM_ABSENT:
        break;
    }
}

static void decode_link(PacketDecoder *decoder, const CaptureFrame *frame, Packet *packet)
{
    PacketCursor cursor = {
        .decoder = decoder,
        .packet = packet,
        .data = frame->data,
        .captured_end = frame->captured_length,
        .wire_end = MAX(frame->captured_length, frame->original_length),
    };
    packet_decode_link(&cursor, frame->link_type);
}

void packet_decoder_decode(PacketDecoder *decoder, const CaptureFrame *frame, Packet *out_packet)
{
    begin(decoder, out_packet, frame);
    if (packet_decode_usual(decoder, frame, out_packet)) {
        count(&decoder->statistics, out_packet);
    } else {
        decode_link(decoder, frame, out_packet);
        count(decoder->of_unusual, out_packet);
    }
}

void packet_decoder_decode_closely(
    PacketDecoder *decoder, const CaptureFrame *frame, Packet *out_packet
)
{
    begin(decoder, out_packet, frame);
    decode_link(decoder, frame, out_packet);
    count(decoder->of_unusual, out_packet);
}
