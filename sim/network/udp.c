#include "sim/network/udp.h"

#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/octets.h"
#include "sim/network/udp-private.h"

#define UDP_HEADER 8

struct SimUdp {
    SimUdp *next; /* in the same bucket */
    SimHost *host;
    SimAddress address; /* SIM_FAMILY_NONE: all of the host's */
    guint16 port;
    const SimUdpHandlers *handlers;
    gpointer data;
    const SimAddress *received_at;
};

/* All sockets of a world by host and port. */
struct UdpTable {
    SimUdp **buckets;
    guint bucket_count; /* a power of two */
    guint count;
};

UdpTable *udp_table_new(void)
{
    UdpTable *table = g_new0(UdpTable, 1);
    table->bucket_count = 16;
    table->buckets = g_new0(SimUdp *, table->bucket_count);
    return table;
}

void udp_table_free(UdpTable *table)
{
    for (guint i = 0; i < table->bucket_count; i++) {
        while (table->buckets[i] != NULL) {
            SimUdp *udp = table->buckets[i];
            table->buckets[i] = udp->next;
            g_free(udp);
        }
    }
    g_free(table->buckets);
    g_free(table);
}

static SimUdp **bucket_of(const UdpTable *table, const SimHost *host, guint16 port)
{
    guint32 hash = (host->number * 65599u + port) * 2654435761u;
    return &table->buckets[(hash >> 8) & (table->bucket_count - 1)];
}

static void table_add(UdpTable *table, SimUdp *udp)
{
    if (table->count >= table->bucket_count) {
        UdpTable grown = {
            .buckets = g_new0(SimUdp *, 2 * table->bucket_count),
            .bucket_count = 2 * table->bucket_count,
        };
        for (guint i = 0; i < table->bucket_count; i++) {
            while (table->buckets[i] != NULL) {
                SimUdp *moved = table->buckets[i];
                table->buckets[i] = moved->next;
                table_add(&grown, moved);
            }
        }
        g_free(table->buckets);
        *table = grown;
    }
    SimUdp **bucket = bucket_of(table, udp->host, udp->port);
    udp->next = *bucket;
    *bucket = udp;
    table->count++;
}

static SimUdp *find_socket(const SimHost *host, const SimAddress *address, guint16 port)
{
    SimUdp *udp = *bucket_of(host->world->udp, host, port);
    for (; udp != NULL; udp = udp->next) {
        if (udp->host == host && udp->port == port &&
            (udp->address.family == SIM_FAMILY_NONE || address == NULL ||
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
    table_add(host->world->udp, udp);
    return udp;
}

void sim_udp_close(SimUdp *udp)
{
    if (udp == NULL) {
        return;
    }
    UdpTable *table = udp->host->world->udp;
    SimUdp **place = bucket_of(table, udp->host, udp->port);
    while (*place != udp) {
        place = &(*place)->next;
    }
    *place = udp->next;
    table->count--;
    g_free(udp);
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
