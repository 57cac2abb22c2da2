/* A frame as a step, for the packets level. Its sequence numbers are told as offsets from the first
 * one of its direction. */

#include "ui/timeline/step-builder-private.h"

#include <string.h>

/* Octets of an ARP packet for IPv4 over Ethernet: RFC 826. */
enum {
    ARP_IP_LENGTH = 5,
    ARP_OPERATION = 6,
    ARP_SENDER_HARDWARE = 8,
    ARP_SENDER = 14,
    ARP_TARGET = 24,
    ARP_LENGTH = 28,
};

static guint32
relative(StepBuilder *builder, Talk *talk, guint side, const Packet *packet, bool acks)
{
    FrameBase *base = &talk->bases[acks ? !side : side];
    guint32 number = acks ? packet->tcp_acknowledgement : packet->tcp_sequence;
    (void)builder;
    if (!base->is_known) {
        base->is_known = true;
        base->sequence = number;
        if (acks || (packet->tcp_flags & TCP_FLAG_SYN) == 0) {
            base->sequence = number - 1;
        }
    }
    return number - base->sequence;
}

static char *describe_tcp(StepBuilder *builder, Talk *talk, guint side, const Packet *packet)
{
    char flags[PACKET_FLAGS_TEXT_SIZE];
    packet_flags_format(packet->tcp_flags, flags);
    GString *text = g_string_new(flags[0] == '\0' ? "no flags" : flags);
    gsize length = packet->payload.length + packet->missing_tail;
    if (talk == NULL) {
        return g_string_free(text, FALSE);
    }
    guint32 sequence = relative(builder, talk, side, packet, false);
    g_string_append_printf(text, "  seq %u", sequence);
    if (length > 0) {
        g_string_append_printf(text, "-%u", sequence + (guint32)length);
    }
    if ((packet->tcp_flags & TCP_FLAG_ACK) != 0) {
        g_string_append_printf(text, "  ack %u", relative(builder, talk, side, packet, true));
    }
    g_string_append_printf(text, "  win %u", packet->tcp_window);
    if (length > 0) {
        g_string_append_printf(text, "  len %" G_GSIZE_FORMAT, length);
    }
    return g_string_free(text, FALSE);
}

static void add_notes(Step *step, guint32 notes)
{
    for (guint i = 0; i < FRAME_NOTE_COUNT; i++) {
        if ((notes & 1u << i) != 0) {
            step_detail(step, 0, "note", "%s", frame_note_text((FrameNote)(1u << i)));
        }
    }
}

/* "ARP  who has 192.0.2.13? tell 192.0.2.11": the addresses of a packet for IPv4 over Ethernet. */
static char *describe_arp(const CaptureFrame *frame, guint32 offset)
{
    const guint8 *octets = frame->data + offset;
    char sender[PACKET_ADDRESS_TEXT_SIZE], target[PACKET_ADDRESS_TEXT_SIZE];
    PacketAddress address = {.version = 4};
    if (frame->captured_length < offset + ARP_LENGTH || octets[ARP_IP_LENGTH] != 4) {
        return g_strdup("ARP");
    }
    memcpy(address.octets, octets + ARP_SENDER, 4);
    packet_address_format(&address, sender);
    memcpy(address.octets, octets + ARP_TARGET, 4);
    packet_address_format(&address, target);
    if (octets[ARP_OPERATION + 1] == 1) {
        return g_strdup_printf("ARP  who has %s? tell %s", target, sender);
    }
    const guint8 *mac = octets + ARP_SENDER_HARDWARE;
    return g_strdup_printf(
        "ARP  %s is at %02x:%02x:%02x:%02x:%02x:%02x",
        sender,
        mac[0],
        mac[1],
        mac[2],
        mac[3],
        mac[4],
        mac[5]
    );
}

static char *describe_other(const Packet *packet)
{
    if (packet->kind == PACKET_UDP) {
        return g_strdup_printf("UDP  len %" G_GSIZE_FORMAT, packet->payload.length);
    }
    if (packet->problem != PACKET_FINE) {
        return g_strdup(packet_problem_text(packet->problem));
    }
    guint32 last = packet->layer_count;
    if (last > 0 && packet->layers[last - 1].kind == PACKET_LAYER_ARP) {
        return describe_arp(packet->frame, packet->layers[last - 1].offset);
    }
    return g_strdup(
        last == 0 ? "nothing that can be read"
                  : packet_layer_name((PacketLayerKind)packet->layers[last - 1].kind)
    );
}

void step_take_frame(
    StepBuilder *builder, Talk *talk, const Packet *packet, StreamDirection direction, guint32 notes
)
{
    Step *step = step_new(STEP_FRAME, 0, packet->frame->time_ns);
    step->level = STEP_LEVEL_PACKETS;
    step_add_frame(step, packet->frame->number);
    step->octets = packet->frame->original_length;
    step->from = step_side_name(builder, &packet->source);
    step->to = step_side_name(builder, &packet->destination);
    step->from_port = packet->source_port;
    step->to_port = packet->destination_port;
    step->is_from_server = direction == STREAM_FROM_SERVER;
    step->has_stream = talk != NULL;
    step->stream = talk == NULL ? 0 : talk->number;
    step->protocol = packet->kind == PACKET_TCP ? "TCP" : packet->kind == PACKET_UDP ? "UDP" : "";
    step->title = g_strdup_printf("%" G_GUINT64_FORMAT, packet->frame->number);
    step->text = packet->kind == PACKET_TCP ? describe_tcp(builder, talk, direction, packet)
                                            : describe_other(packet);
    add_notes(step, notes);
    step_give(builder, step);
}
