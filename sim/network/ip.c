#include "sim/network/ip.h"

#include "sim/network/host-private.h"
#include "sim/network/link-private.h"
#include "sim/network/octets.h"

#define DONT_FRAGMENT 0x4000

Frame *ip_frame_new(SimWorld *world, SimFamily family, gsize payload_length)
{
    return frame_new(world, ETHERNET_HEADER + ip_header_length(family) + payload_length);
}

static void write_ipv4(guint8 *octets, gsize length, const IpHeader *header, guint16 identification)
{
    octets[0] = 0x45;
    octets[1] = 0;
    put_16(octets + 2, (guint16)length);
    put_16(octets + 4, identification);
    put_16(octets + 6, header->dont_fragment ? DONT_FRAGMENT : 0);
    octets[8] = header->ttl;
    octets[9] = header->protocol;
    put_16(octets + 10, 0);
    memcpy(octets + 12, header->source.octets, 4);
    memcpy(octets + 16, header->destination.octets, 4);
}

void ip_write_header(Frame *frame, const IpHeader *header, guint16 identification)
{
    guint8 *octets = frame->octets + ETHERNET_HEADER;
    gsize length = frame->length - ETHERNET_HEADER;
    if (header->destination.family == SIM_FAMILY_IPV4) {
        write_ipv4(octets, length, header, identification);
        put_16(frame->octets + 12, ETHERNET_TYPE_IPV4);
        return;
    }
    put_32(octets, 0x60000000);
    put_16(octets + 4, (guint16)(length - IPV6_HEADER));
    octets[6] = header->protocol;
    octets[7] = header->ttl;
    memcpy(octets + 8, header->source.octets, 16);
    memcpy(octets + 24, header->destination.octets, 16);
    put_16(frame->octets + 12, ETHERNET_TYPE_IPV6);
}

bool ip_find_path(SimHost *host, const SimAddress *destination, IpPath *path)
{
    if (path->generation == host->generation) {
        return true;
    }
    if (sim_host_has_address(host, destination)) {
        *path = (IpPath){.interface = host_loopback(host), .generation = host->generation};
        return true;
    }
    SimInterface *interface;
    SimAddress next_hop;
    if (!host_find_route(host, destination, &interface, &next_hop)) {
        return false;
    }
    *path = (IpPath){
        .interface = interface,
        .neighbour = neighbour_get(interface, &next_hop),
        .generation = host->generation,
    };
    return true;
}

void ip_transmit(SimInterface *interface, Neighbour *neighbour, Frame *frame)
{
    if (neighbour != NULL) {
        neighbour_send(interface, neighbour, frame);
        return;
    }
    bool is_ipv6 = frame->octets[ETHERNET_HEADER] >> 4 == 6;
    memset(frame->octets, 0, 12);
    put_16(frame->octets + 12, is_ipv6 ? ETHERNET_TYPE_IPV6 : ETHERNET_TYPE_IPV4);
    frame->to = interface;
    link_send(interface, frame);
}

/* Identification numbers matter only to packets that may be cut (RFC 791 §3.2); counting them all
 * the same is what most systems show. */
static guint16 take_identification(SimHost *host)
{
    if (host->next_identification == 0) {
        g_autofree char *name = g_strconcat("identification ", host->name, NULL);
        SimRandom random;
        sim_world_random(host->world, name, &random);
        host->next_identification = (guint16)(1 + sim_random_below(&random, 0x7fff));
    }
    guint16 taken = host->next_identification++;
    if (host->next_identification == 0) {
        host->next_identification = 1;
    }
    return taken;
}

IpResult ip_send(SimHost *host, Frame *frame, const IpHeader *header, IpPath *path)
{
    IpPath looked_up = {0};
    path = path == NULL ? &looked_up : path;
    if (!ip_find_path(host, &header->destination, path)) {
        frame_free(host->world, frame);
        return IP_NO_ROUTE;
    }
    IpHeader completed = *header;
    completed.ttl = header->ttl == 0 ? host->ttl : header->ttl;
    ip_write_header(frame, &completed, take_identification(host));
    frame->lacks_checksums = true;
    guint mtu = ip_mtu(host, path->interface, &header->destination);
    if (frame->length - ETHERNET_HEADER > mtu) {
        if (header->dont_fragment) {
            frame_free(host->world, frame);
            return IP_TOO_BIG;
        }
        ip_send_fragments(path->interface, path->neighbour, frame, mtu);
    } else {
        ip_transmit(path->interface, path->neighbour, frame);
    }
    return IP_SENT;
}

guint ip_mtu(const SimHost *host, const SimInterface *interface, const SimAddress *destination)
{
    guint mtu = interface->link->settings.mtu;
    if (host->path_mtus != NULL) {
        gpointer learned = g_hash_table_lookup(host->path_mtus, destination);
        if (learned != NULL) {
            mtu = MIN(mtu, GPOINTER_TO_UINT(learned));
        }
    }
    return mtu;
}

/* Against a lying router: no packet is ever cut smaller than this (RFC 791 §3.2, RFC 8200 §5). */
#define MTU_MINIMUM_IPV4 68
#define MTU_MINIMUM_IPV6 1280
#define PATH_MTUS_MAX 4096

void ip_learn_mtu(SimHost *host, const SimAddress *destination, guint mtu)
{
    bool is_ipv6 = destination->family == SIM_FAMILY_IPV6;
    mtu = MAX(mtu, is_ipv6 ? MTU_MINIMUM_IPV6 : MTU_MINIMUM_IPV4);
    if (host->path_mtus == NULL) {
        host->path_mtus = g_hash_table_new_full(address_hash, address_equal, g_free, NULL);
    }
    gpointer known = g_hash_table_lookup(host->path_mtus, destination);
    bool is_news = known == NULL || GPOINTER_TO_UINT(known) > mtu;
    if (is_news && g_hash_table_size(host->path_mtus) < PATH_MTUS_MAX) {
        g_hash_table_insert(
            host->path_mtus, g_memdup2(destination, sizeof *destination), GUINT_TO_POINTER(mtu)
        );
    }
}

/* --- reading --- */

static bool parse_ipv4(const guint8 *octets, gsize length, bool is_quoted, IpPacket *out_packet)
{
    if (length < IPV4_HEADER) {
        return false;
    }
    gsize header_length = (gsize)(octets[0] & 0x0f) * 4;
    gsize total = get_16(octets + 2);
    if (header_length < IPV4_HEADER || header_length > length || total < header_length ||
        (!is_quoted && total > length)) {
        return false;
    }
    out_packet->header = (IpHeader){
        .source = sim_address_from_octets(SIM_FAMILY_IPV4, octets + 12),
        .destination = sim_address_from_octets(SIM_FAMILY_IPV4, octets + 16),
        .protocol = octets[9],
        .ttl = octets[8],
        .dont_fragment = (get_16(octets + 6) & DONT_FRAGMENT) != 0,
    };
    out_packet->length = MIN(total, length);
    out_packet->payload = octets + header_length;
    out_packet->payload_length = out_packet->length - header_length;
    return true;
}

static bool parse_ipv6(const guint8 *octets, gsize length, bool is_quoted, IpPacket *out_packet)
{
    if (length < IPV6_HEADER) {
        return false;
    }
    gsize total = IPV6_HEADER + (gsize)get_16(octets + 4);
    if (!is_quoted && total > length) {
        return false;
    }
    out_packet->header = (IpHeader){
        .source = sim_address_from_octets(SIM_FAMILY_IPV6, octets + 8),
        .destination = sim_address_from_octets(SIM_FAMILY_IPV6, octets + 24),
        .protocol = octets[6],
        .ttl = octets[7],
        .dont_fragment = true,
    };
    out_packet->length = MIN(total, length);
    out_packet->payload = octets + IPV6_HEADER;
    out_packet->payload_length = out_packet->length - IPV6_HEADER;
    return true;
}

bool ip_parse(const guint8 *octets, gsize length, bool is_quoted, IpPacket *out_packet)
{
    if (length == 0) {
        return false;
    }
    out_packet->octets = octets;
    switch (octets[0] >> 4) {
    case 4:
        return parse_ipv4(octets, length, is_quoted, out_packet);
    case 6:
        return parse_ipv6(octets, length, is_quoted, out_packet);
    default:
        return false;
    }
}
