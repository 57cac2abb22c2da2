#include "sim/network/udp.h"

#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/octets.h"
#include "sim/network/udp-private.h"

#define UDP_HEADER 8

struct SimUdp {
    SimUdp *next; /* of the same host */
    SimHost *host;
    SimAddress address; /* SIM_FAMILY_NONE: all of the host's */
    guint16 port;
    const SimUdpHandlers *handlers;
    gpointer data;
    const SimAddress *received_at;
};

static SimUdp *find_socket(const SimHost *host, const SimAddress *address, guint16 port)
{
    for (SimUdp *udp = host->udp_sockets; udp != NULL; udp = udp->next) {
        if (udp->port == port && (udp->address.family == SIM_FAMILY_NONE || address == NULL ||
                                  sim_address_equal(&udp->address, address))) {
            return udp;
        }
    }
    return NULL;
}

/* RFC 5452 asks for ports that cannot be guessed; here they only have to be free, and the same in
 * every run. */
static guint16 choose_port(SimHost *host)
{
    for (guint tries = 0; tries <= EPHEMERAL_PORT_LAST - EPHEMERAL_PORT_FIRST; tries++) {
        guint16 port = host_next_port(host);
        if (find_socket(host, NULL, port) == NULL) {
            return port;
        }
    }
    return 0;
}

SimUdp *sim_udp_open(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const SimUdpHandlers *handlers,
    gpointer data
)
{
    if (port == 0) {
        port = choose_port(host);
    }
    if (port == 0 || find_socket(host, address, port) != NULL) {
        return NULL;
    }
    SimUdp *udp = g_new0(SimUdp, 1);
    udp->host = host;
    udp->address = address == NULL ? SIM_ADDRESS_NONE : *address;
    udp->port = port;
    udp->handlers = handlers;
    udp->data = data;
    udp->next = host->udp_sockets;
    host->udp_sockets = udp;
    return udp;
}

void sim_udp_close(SimUdp *udp)
{
    if (udp == NULL) {
        return;
    }
    SimUdp **place = &udp->host->udp_sockets;
    while (*place != udp) {
        place = &(*place)->next;
    }
    *place = udp->next;
    g_free(udp);
}

void udp_close_all(SimHost *host)
{
    while (host->udp_sockets != NULL) {
        sim_udp_close(host->udp_sockets);
    }
}

guint16 sim_udp_port(const SimUdp *udp)
{
    return udp->port;
}

SimHost *sim_udp_host(const SimUdp *udp)
{
    return udp->host;
}

const SimAddress *sim_udp_received_at(const SimUdp *udp)
{
    return udp->received_at;
}

bool sim_udp_send(SimUdp *udp, const SimAddress *to, guint16 to_port, ByteSpan octets)
{
    const SimAddress *from = udp->address.family == SIM_FAMILY_NONE ? NULL : &udp->address;
    return sim_udp_send_from(udp, from, to, to_port, octets);
}

bool sim_udp_send_from(
    SimUdp *udp, const SimAddress *from, const SimAddress *to, guint16 to_port, ByteSpan octets
)
{
    SimHost *host = udp->host;
    IpPath path = {0};
    if (octets.length > SIM_UDP_LENGTH_MAX || !ip_find_path(host, to, &path)) {
        return false;
    }
    if (from == NULL) {
        from = sim_host_has_address(host, to) ? to : host_source_address(host, path.interface, to);
    }
    if (from == NULL || from->family != to->family) {
        return false;
    }
    gsize length = UDP_HEADER + octets.length;
    SimFamily family = to->family;
    Frame *frame = ip_frame_new(host->world, family, length);
    guint8 *header = ip_payload(frame, family);
    put_16(header, udp->port);
    put_16(header + 2, to_port);
    put_16(header + 4, (guint16)length);
    put_16(header + 6, 0);
    if (octets.length > 0) {
        memcpy(header + UDP_HEADER, octets.data, octets.length);
    }
    IpHeader ip = {.source = *from, .destination = *to, .protocol = PROTOCOL_UDP};
    return ip_send(host, frame, &ip, &path) == IP_SENT;
}

void udp_receive(SimHost *host, const IpPacket *packet)
{
    const guint8 *header = packet->payload;
    if (packet->payload_length < UDP_HEADER) {
        return;
    }
    gsize length = get_16(header + 4);
    if (length < UDP_HEADER || length > packet->payload_length) {
        return;
    }
    guint16 port = get_16(header + 2);
    switch (host_port_policy(host, port)) {
    case SIM_PORT_SILENT:
        return;
    case SIM_PORT_REJECT:
        icmp_send_error(host, packet, ICMP_PROHIBITED, 0);
        return;
    case SIM_PORT_OPEN:
        break;
    }
    SimUdp *udp = find_socket(host, &packet->header.destination, port);
    if (udp == NULL) {
        icmp_send_error(host, packet, ICMP_PORT_UNREACHABLE, 0);
        return;
    }
    if (udp->handlers->received != NULL) {
        udp->received_at = &packet->header.destination;
        udp->handlers->received(
            udp,
            &packet->header.source,
            get_16(header),
            byte_span(header + UDP_HEADER, length - UDP_HEADER),
            udp->data
        );
    }
}

void udp_receive_error(SimHost *host, const IpPacket *quoted, SimUnreachable reason)
{
    const guint8 *header = quoted->payload;
    SimUdp *udp = find_socket(host, &quoted->header.source, get_16(header));
    if (udp != NULL && udp->handlers->unreachable != NULL) {
        udp->handlers->unreachable(
            udp, &quoted->header.destination, get_16(header + 2), reason, udp->data
        );
    }
}
