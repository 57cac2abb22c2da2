#include "sim/network/icmp.h"

#include "sim/network/host-private.h"
#include "sim/network/link-private.h"
#include "sim/network/octets.h"
#include "sim/network/tcp-private.h"
#include "sim/network/udp-private.h"

#define ICMP_HEADER 8
#define QUOTE_PAYLOAD_IPV4 8 /* behind the header: RFC 792, Destination Unreachable Message */
#define QUOTE_MAX_IPV6 1232  /* as much as keeps the message within 1280 octets: RFC 8200 §5 */
#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_ECHO_REQUEST 8
#define ICMP_TIME_EXCEEDED 11
#define ICMPV6_UNREACHABLE 1
#define ICMPV6_TOO_BIG 2
#define ICMPV6_TIME_EXCEEDED 3
#define ICMPV6_PARAMETER 4
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY 129
#define ICMPV6_INFORMATIONAL 128 /* types from here on are no errors */

typedef struct {
    IcmpError id;
    guint8 ipv4_type;
    guint8 ipv4_code;
    guint8 ipv6_type;
    guint8 ipv6_code;
    SimUnreachable meaning;
} ErrorRow;

static const ErrorRow errors[] = {
    {
        .id = ICMP_NO_ROUTE,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 0,
        .ipv6_type = ICMPV6_UNREACHABLE,
        .ipv6_code = 0,
        .meaning = SIM_UNREACHABLE_NETWORK,
    },
    {
        .id = ICMP_HOST_UNREACHABLE,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 1,
        .ipv6_type = ICMPV6_UNREACHABLE,
        .ipv6_code = 3,
        .meaning = SIM_UNREACHABLE_HOST,
    },
    {
        .id = ICMP_PORT_UNREACHABLE,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 3,
        .ipv6_type = ICMPV6_UNREACHABLE,
        .ipv6_code = 4,
        .meaning = SIM_UNREACHABLE_PORT,
    },
    {
        .id = ICMP_PROTOCOL_UNREACHABLE,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 2,
        .ipv6_type = ICMPV6_PARAMETER,
        .ipv6_code = 1,
        .meaning = SIM_UNREACHABLE_PORT,
    },
    {
        .id = ICMP_PROHIBITED,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 13,
        .ipv6_type = ICMPV6_UNREACHABLE,
        .ipv6_code = 1,
        .meaning = SIM_UNREACHABLE_PROHIBITED,
    },
    {
        .id = ICMP_TOO_BIG,
        .ipv4_type = ICMP_UNREACHABLE,
        .ipv4_code = 4,
        .ipv6_type = ICMPV6_TOO_BIG,
        .ipv6_code = 0,
        .meaning = SIM_UNREACHABLE_TOO_BIG,
    },
    {
        .id = ICMP_TTL_EXCEEDED,
        .ipv4_type = ICMP_TIME_EXCEEDED,
        .ipv4_code = 0,
        .ipv6_type = ICMPV6_TIME_EXCEEDED,
        .ipv6_code = 0,
        .meaning = SIM_UNREACHABLE_TIME_EXCEEDED,
    },
    {
        .id = ICMP_REASSEMBLY_EXCEEDED,
        .ipv4_type = ICMP_TIME_EXCEEDED,
        .ipv4_code = 1,
        .ipv6_type = ICMPV6_TIME_EXCEEDED,
        .ipv6_code = 1,
        .meaning = SIM_UNREACHABLE_TIME_EXCEEDED,
    },
};

/* --- making errors --- */

static bool is_icmp_error(const IpPacket *packet)
{
    if (packet->payload_length == 0) {
        return false;
    }
    guint8 type = packet->payload[0];
    if (packet->header.protocol == PROTOCOL_ICMP) {
        return type != ICMP_ECHO_REQUEST && type != ICMP_ECHO_REPLY;
    }
    return packet->header.protocol == PROTOCOL_ICMPV6 && type < ICMPV6_INFORMATIONAL;
}

static bool is_later_fragment(const IpPacket *packet)
{
    return packet->header.source.family == SIM_FAMILY_IPV4 &&
           (get_16(packet->octets + 6) & 0x1fff) != 0;
}

static void
write_error(guint8 *message, const ErrorRow *row, const IpPacket *packet, gsize quoted, guint mtu)
{
    bool is_ipv6 = packet->header.source.family == SIM_FAMILY_IPV6;
    memset(message, 0, ICMP_HEADER);
    message[0] = is_ipv6 ? row->ipv6_type : row->ipv4_type;
    message[1] = is_ipv6 ? row->ipv6_code : row->ipv4_code;
    if (row->id == ICMP_TOO_BIG) {
        put_32(message + 4, mtu);
    } else if (is_ipv6 && row->id == ICMP_PROTOCOL_UNREACHABLE) {
        put_32(message + 4, 6); /* where in the quoted packet the unknown number stands */
    }
    memcpy(message + ICMP_HEADER, packet->octets, quoted);
}

void icmp_send_error(SimHost *host, const IpPacket *packet, IcmpError error, guint mtu)
{
    g_assert(errors[error].id == error);
    const SimAddress *to = &packet->header.source;
    if (is_icmp_error(packet) || is_later_fragment(packet) ||
        sim_address_is_multicast(&packet->header.destination) || sim_address_is_multicast(to)) {
        return;
    }
    IpPath path = {0};
    if (!ip_find_path(host, to, &path)) {
        return;
    }
    SimInterface *speaking = packet->interface == NULL ? path.interface : packet->interface;
    const SimAddress *source = host_source_address(host, speaking, to);
    if (source == NULL) {
        return;
    }
    frame_complete(packet->frame);
    bool is_ipv6 = to->family == SIM_FAMILY_IPV6;
    gsize header_length = packet->length - packet->payload_length;
    gsize most = is_ipv6 ? QUOTE_MAX_IPV6 : header_length + QUOTE_PAYLOAD_IPV4;
    gsize quoted = MIN(packet->length, most);
    Frame *frame = ip_frame_new(host->world, to->family, ICMP_HEADER + quoted);
    write_error(ip_payload(frame, to->family), &errors[error], packet, quoted, mtu);
    IpHeader header = {
        .source = *source,
        .destination = *to,
        .protocol = is_ipv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP,
    };
    ip_send(host, frame, &header, &path);
}

/* --- understanding errors --- */

/* Brings the news to the socket that sent the quoted packet. */
static void tell_sender(SimHost *host, const IpPacket *quoted, SimUnreachable meaning, guint mtu)
{
    if (meaning == SIM_UNREACHABLE_TOO_BIG) {
        ip_learn_mtu(host, &quoted->header.destination, mtu);
    }
    if (quoted->payload_length < 8 || is_later_fragment(quoted)) {
        return;
    }
    if (quoted->header.protocol == PROTOCOL_TCP) {
        tcp_receive_error(host, quoted, meaning);
    } else if (quoted->header.protocol == PROTOCOL_UDP) {
        udp_receive_error(host, quoted, meaning);
    }
}

static void receive_error(SimHost *host, const IpPacket *packet)
{
    const guint8 *message = packet->payload;
    bool is_ipv6 = packet->header.source.family == SIM_FAMILY_IPV6;
    IpPacket quoted = {0};
    if (packet->payload_length < ICMP_HEADER ||
        !ip_parse(message + ICMP_HEADER, packet->payload_length - ICMP_HEADER, true, &quoted) ||
        !sim_host_has_address(host, &quoted.header.source)) {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
        const ErrorRow *row = &errors[i];
        guint8 type = is_ipv6 ? row->ipv6_type : row->ipv4_type;
        guint8 code = is_ipv6 ? row->ipv6_code : row->ipv4_code;
        if (type == message[0] && code == message[1]) {
            tell_sender(host, &quoted, row->meaning, get_32(message + 4));
            return;
        }
    }
}

void icmp_neighbour_failed(SimHost *host, Frame *frame)
{
    IpPacket packet = {.frame = frame};
    const guint8 *octets = frame->octets + ETHERNET_HEADER;
    if (ip_parse(octets, frame->length - ETHERNET_HEADER, false, &packet)) {
        if (sim_host_has_address(host, &packet.header.source)) {
            tell_sender(host, &packet, SIM_UNREACHABLE_HOST, 0);
        } else {
            icmp_send_error(host, &packet, ICMP_HOST_UNREACHABLE, 0);
        }
    }
    host_drop(host, frame, "neighbour does not answer");
}

/* --- echo --- */

static void answer_echo(SimHost *host, const IpPacket *packet, guint8 answer)
{
    SimFamily family = packet->header.source.family;
    Frame *frame = ip_frame_new(host->world, family, packet->payload_length);
    guint8 *message = ip_payload(frame, family);
    memcpy(message, packet->payload, packet->payload_length);
    message[0] = answer;
    IpHeader header = {
        .source = packet->header.destination,
        .destination = packet->header.source,
        .protocol = packet->header.protocol,
    };
    ip_send(host, frame, &header, NULL);
}

void icmp_receive(SimHost *host, const IpPacket *packet)
{
    if (packet->payload_length < ICMP_HEADER) {
        return;
    }
    guint8 type = packet->payload[0];
    bool is_ipv6 = packet->header.protocol == PROTOCOL_ICMPV6;
    if (is_icmp_error(packet)) {
        receive_error(host, packet);
    } else if (type == (is_ipv6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO_REQUEST)) {
        if (!sim_address_is_multicast(&packet->header.destination)) {
            answer_echo(host, packet, is_ipv6 ? ICMPV6_ECHO_REPLY : ICMP_ECHO_REPLY);
        }
    } else if (is_ipv6 && packet->header.ttl == 255) {
        neighbour_receive_icmpv6(
            packet->interface, &packet->header.source, packet->payload, packet->payload_length
        );
    }
}
