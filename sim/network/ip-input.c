#include "sim/network/checksum.h"
#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/ip.h"
#include "sim/network/link-private.h"
#include "sim/network/octets.h"
#include "sim/network/tcp-private.h"
#include "sim/network/udp-private.h"

static void forward(SimHost *host, IpPacket *packet)
{
    Frame *frame = packet->frame;
    if (packet->header.ttl <= 1) {
        icmp_send_error(host, packet, ICMP_TTL_EXCEEDED, 0);
        host_drop(host, frame, "time to live is used up");
        return;
    }
    const RouteCacheEntry *way = host_find_way(host, &packet->header.destination);
    if (way == NULL) {
        icmp_send_error(host, packet, ICMP_NO_ROUTE, 0);
        host_drop(host, frame, "no route");
        return;
    }
    SimInterface *interface = way->interface;
    guint mtu = interface->link->settings.mtu;
    bool is_too_big = packet->length > mtu;
    if (is_too_big && packet->header.dont_fragment) {
        icmp_send_error(host, packet, ICMP_TOO_BIG, mtu);
        host_drop(host, frame, "too big for the next link");
        return;
    }
    guint8 *octets = frame->octets + ETHERNET_HEADER;
    if (packet->header.destination.family == SIM_FAMILY_IPV4) {
        /* The header changes, so its checksum does: RFC 791 §3.2. */
        octets[8]--;
        if (!frame->lacks_checksums) {
            gsize header_length = (gsize)(octets[0] & 0x0f) * 4;
            memset(octets + 10, 0, 2);
            guint16 checksum = checksum_finish(internet_checksum_add(0, octets, header_length));
            memcpy(octets + 10, &checksum, sizeof checksum);
        }
    } else {
        octets[7]--;
    }
    if (is_too_big) {
        ip_send_fragments(interface, way->neighbour, frame, mtu);
    } else {
        neighbour_send(interface, way->neighbour, frame);
    }
}

static bool is_payload_intact(const IpPacket *packet)
{
    const IpHeader *header = &packet->header;
    guint64 sum = internet_checksum_add(0, packet->payload, packet->payload_length);
    if (header->protocol == PROTOCOL_UDP || header->protocol == PROTOCOL_TCP ||
        header->protocol == PROTOCOL_ICMPV6) {
        bool is_ipv6 = header->source.family == SIM_FAMILY_IPV6;
        sum = checksum_add_pseudo_header(
            sum,
            packet->octets + (is_ipv6 ? 8 : 12),
            is_ipv6 ? 16 : 4,
            header->protocol,
            packet->payload_length
        );
    } else if (header->protocol != PROTOCOL_ICMP) {
        return true;
    }
    return checksum_finish(sum) == 0;
}

void ip_deliver(SimHost *host, IpPacket *packet)
{
    if (packet->frame->is_damaged && !is_payload_intact(packet)) {
        host_drop(host, packet->frame, "bad checksum");
        return;
    }
    bool is_ipv6 = packet->header.source.family == SIM_FAMILY_IPV6;
    switch (packet->header.protocol) {
    case PROTOCOL_TCP:
        tcp_receive(host, packet);
        break;
    case PROTOCOL_UDP:
        udp_receive(host, packet);
        break;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        if (is_ipv6 == (packet->header.protocol == PROTOCOL_ICMPV6)) {
            icmp_receive(host, packet);
        }
        break;
    default:
        icmp_send_error(host, packet, ICMP_PROTOCOL_UNREACHABLE, 0);
        break;
    }
    frame_free(host->world, packet->frame);
}

static bool is_for_us(const SimInterface *interface, const SimAddress *destination)
{
    for (guint i = 0; i < interface->address_count; i++) {
        if (sim_address_equal(&interface->addresses[i], destination)) {
            return true;
        }
    }
    return sim_address_is_multicast(destination) ||
           sim_host_has_address(interface->host, destination);
}

static void receive_ip(SimInterface *interface, Frame *frame, guint8 version)
{
    SimHost *host = interface->host;
    IpPacket packet = {.interface = interface, .frame = frame};
    const guint8 *octets = frame->octets + ETHERNET_HEADER;
    gsize length = frame->length - ETHERNET_HEADER;
    if (length == 0 || octets[0] >> 4 != version || !ip_parse(octets, length, false, &packet)) {
        host_drop(host, frame, "malformed header");
        return;
    }
    if (frame->is_damaged && version == 4 &&
        checksum_finish(internet_checksum_add(0, octets, (gsize)(octets[0] & 0x0f) * 4)) != 0) {
        host_drop(host, frame, "bad header checksum");
        return;
    }
    if (!is_for_us(interface, &packet.header.destination)) {
        if (host->is_forwarding) {
            forward(host, &packet);
        } else {
            host_drop(host, frame, "not for this host");
        }
    } else if (ip_is_fragment(&packet)) {
        ip_receive_fragment(host, &packet);
    } else {
        ip_deliver(host, &packet);
    }
}

void host_receive(SimInterface *interface, Frame *frame)
{
    SimHost *host = interface->host;
    switch (get_16(frame->octets + 12)) {
    case ETHERNET_TYPE_IPV4:
        receive_ip(interface, frame, 4);
        break;
    case ETHERNET_TYPE_IPV6:
        receive_ip(interface, frame, 6);
        break;
    case ETHERNET_TYPE_ARP:
        /* ARP has no checksum of its own; Ethernet's check sequence would have caught it. */
        if (frame->is_damaged) {
            host_drop(host, frame, "bad frame check sequence");
        } else {
            neighbour_receive_arp(interface, frame);
            frame_free(host->world, frame);
        }
        break;
    default:
        host_drop(host, frame, "unknown type");
        break;
    }
}
