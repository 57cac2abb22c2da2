#include "sim/network/neighbour.h"

#include "sim/network/host-private.h"
#include "sim/network/icmp.h"
#include "sim/network/ip.h"
#include "sim/network/link-private.h"
#include "sim/network/octets.h"

#define QUESTIONS_MAX 3
#define QUESTION_INTERVAL SIM_SECOND

#define ARP_LENGTH 28
#define ARP_REQUEST 1
#define ARP_REPLY 2

#define NEIGHBOUR_MESSAGE_LENGTH 32 /* 24 octets and one link-layer address option */
#define NEIGHBOUR_SOLICITATION 135
#define NEIGHBOUR_ADVERTISEMENT 136
#define OPTION_SOURCE_MAC 1
#define OPTION_TARGET_MAC 2

/* --- the table --- */

static void neighbour_free(SimWorld *world, Neighbour *neighbour)
{
    sim_timer_cancel(&neighbour->timer);
    frame_free_list(world, neighbour->first_waiting);
    g_free(neighbour);
}

void neighbour_table_clear(SimWorld *world, NeighbourTable *table)
{
    for (guint i = 0; i < table->bucket_count; i++) {
        Neighbour *next;
        for (Neighbour *neighbour = table->buckets[i]; neighbour != NULL; neighbour = next) {
            next = neighbour->next;
            neighbour_free(world, neighbour);
        }
    }
    g_free(table->buckets);
    *table = (NeighbourTable){0};
}

gsize neighbour_table_memory(const NeighbourTable *table)
{
    return table->bucket_count * sizeof(Neighbour *) + table->count * sizeof(Neighbour);
}

static Neighbour *table_find(const NeighbourTable *table, const SimAddress *address)
{
    if (table->bucket_count == 0) {
        return NULL;
    }
    Neighbour *found = table->buckets[address_hash(address) & (table->bucket_count - 1)];
    while (found != NULL && !sim_address_equal(&found->address, address)) {
        found = found->next;
    }
    return found;
}

static void table_grow(NeighbourTable *table)
{
    NeighbourTable old = *table;
    table->bucket_count = MAX(1, 2 * old.bucket_count);
    table->buckets = g_new0(Neighbour *, table->bucket_count);
    for (guint i = 0; i < old.bucket_count; i++) {
        Neighbour *next;
        for (Neighbour *neighbour = old.buckets[i]; neighbour != NULL; neighbour = next) {
            next = neighbour->next;
            guint bucket = address_hash(&neighbour->address) & (table->bucket_count - 1);
            neighbour->next = table->buckets[bucket];
            table->buckets[bucket] = neighbour;
        }
    }
    g_free(old.buckets);
}

static void ask_again(SimTimer *timer, gpointer data);

static Neighbour *
table_add(NeighbourTable *table, SimInterface *interface, const SimAddress *address)
{
    if (table->count >= 2 * table->bucket_count) {
        table_grow(table);
    }
    Neighbour *neighbour = g_new0(Neighbour, 1);
    neighbour->address = *address;
    neighbour->interface = interface;
    sim_timer_init(&neighbour->timer, interface->host->world, ask_again, neighbour);
    guint bucket = address_hash(address) & (table->bucket_count - 1);
    neighbour->next = table->buckets[bucket];
    table->buckets[bucket] = neighbour;
    table->count++;
    return neighbour;
}

Neighbour *neighbour_get(SimInterface *interface, const SimAddress *address)
{
    SimLink *link = interface->link;
    NeighbourTable *table = link->is_preconfigured ? &link->neighbours : &interface->neighbours;
    Neighbour *neighbour = table_find(table, address);
    if (neighbour == NULL) {
        neighbour = table_add(table, interface, address);
    }
    if (link->is_preconfigured && !neighbour->is_reachable) {
        neighbour->target = link_find_address(link, address);
        neighbour->is_reachable = neighbour->target != NULL;
        neighbour->confirmed = SIM_TIME_NEVER - NEIGHBOUR_LIFETIME;
        if (neighbour->is_reachable) {
            neighbour->mac = neighbour->target->mac;
        }
    }
    return neighbour;
}

bool neighbour_is_usable(const Neighbour *neighbour, SimTime now)
{
    return neighbour->is_reachable && now < neighbour->confirmed + NEIGHBOUR_LIFETIME;
}

/* --- questions --- */

static void write_ethernet(Frame *frame, const SimMac *to, const SimMac *from, guint16 type)
{
    memcpy(frame->octets, to->octets, 6);
    memcpy(frame->octets + 6, from->octets, 6);
    put_16(frame->octets + 12, type);
}

static const SimMac broadcast_mac = {.octets = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/* RFC 826: hardware 1 (Ethernet), protocol IPv4, lengths 6 and 4, then who asks and who is asked.
 * 'to' NULL: everybody, the target's MAC address being the question. */
static void send_arp(
    SimInterface *interface,
    guint16 operation,
    const guint8 *sender_ip,
    const Neighbour *to,
    const guint8 *target_ip
)
{
    Frame *frame = frame_new(interface->host->world, ETHERNET_HEADER + ARP_LENGTH);
    const SimMac *target_mac = to == NULL ? &broadcast_mac : &to->mac;
    write_ethernet(frame, target_mac, &interface->mac, ETHERNET_TYPE_ARP);
    guint8 *packet = frame->octets + ETHERNET_HEADER;
    put_16(packet, 1);
    put_16(packet + 2, ETHERNET_TYPE_IPV4);
    packet[4] = 6;
    packet[5] = 4;
    put_16(packet + 6, operation);
    memcpy(packet + 8, interface->mac.octets, 6);
    memcpy(packet + 14, sender_ip, 4);
    if (to == NULL) {
        memset(packet + 18, 0, 6);
    } else {
        memcpy(packet + 18, to->mac.octets, 6);
    }
    memcpy(packet + 24, target_ip, 4);
    frame->to = to == NULL ? NULL : to->target;
    link_send(interface, frame);
}

/* RFC 4861: a solicitation goes to the multicast group made of the target's last three octets, an
 * advertisement straight to who asked. Hop limit 255 proves that no router passed it on. */
static void send_neighbour_message(
    SimInterface *interface,
    guint8 type,
    const SimAddress *source,
    const Neighbour *to,
    const SimAddress *target
)
{
    gsize length = ETHERNET_HEADER + IPV6_HEADER + NEIGHBOUR_MESSAGE_LENGTH;
    Frame *frame = frame_new(interface->host->world, length);
    SimAddress group = {
        .family = SIM_FAMILY_IPV6,
        .octets = {0xff, 0x02, [11] = 0x01, [12] = 0xff},
    };
    memcpy(group.octets + 13, target->octets + 13, 3);
    SimMac group_mac = {.octets = {0x33, 0x33}};
    memcpy(group_mac.octets + 2, group.octets + 12, 4);
    const SimAddress *destination = to == NULL ? &group : &to->address;
    write_ethernet(frame, to == NULL ? &group_mac : &to->mac, &interface->mac, ETHERNET_TYPE_IPV6);
    IpHeader header = {
        .source = *source,
        .destination = *destination,
        .protocol = PROTOCOL_ICMPV6,
        .ttl = 255,
    };
    ip_write_header(frame, &header, 0);
    guint8 *message = frame->octets + ETHERNET_HEADER + IPV6_HEADER;
    memset(message, 0, NEIGHBOUR_MESSAGE_LENGTH);
    message[0] = type;
    bool is_answer = type == NEIGHBOUR_ADVERTISEMENT;
    if (is_answer) {
        /* Router, solicited, override. */
        message[4] = interface->host->is_forwarding ? 0xe0 : 0x60;
    }
    memcpy(message + 8, target->octets, 16);
    message[24] = is_answer ? OPTION_TARGET_MAC : OPTION_SOURCE_MAC;
    message[25] = 1;
    memcpy(message + 26, interface->mac.octets, 6);
    frame->to = to == NULL ? NULL : to->target;
    frame->lacks_checksums = true;
    link_send(interface, frame);
}

static void ask(Neighbour *neighbour)
{
    SimInterface *interface = neighbour->interface;
    const SimAddress *target = &neighbour->address;
    const SimAddress *source = host_source_address(interface->host, interface, target);
    neighbour->questions++;
    sim_timer_set(&neighbour->timer, QUESTION_INTERVAL);
    if (source == NULL) {
        return;
    }
    if (target->family == SIM_FAMILY_IPV4) {
        send_arp(interface, ARP_REQUEST, source->octets, NULL, target->octets);
    } else {
        send_neighbour_message(interface, NEIGHBOUR_SOLICITATION, source, NULL, target);
    }
}

static void give_up(Neighbour *neighbour)
{
    SimHost *host = neighbour->interface->host;
    char text[SIM_ADDRESS_TEXT_SIZE];
    sim_world_emit(
        host->world,
        host,
        WORLD_EVENT_NEIGHBOUR,
        "%s gets no answer from %s on its own link",
        host->name,
        sim_address_format(&neighbour->address, text)
    );
    Frame *waiting = neighbour->first_waiting;
    neighbour->first_waiting = NULL;
    neighbour->last_waiting = NULL;
    neighbour->waiting_count = 0;
    neighbour->questions = 0;
    while (waiting != NULL) {
        Frame *next = waiting->next;
        icmp_neighbour_failed(host, waiting);
        waiting = next;
    }
}

static void ask_again(SimTimer *timer, gpointer data)
{
    (void)timer;
    Neighbour *neighbour = data;
    if (neighbour->questions < QUESTIONS_MAX && !neighbour->interface->link->is_preconfigured) {
        ask(neighbour);
    } else {
        give_up(neighbour);
    }
}

static void transmit(SimInterface *interface, Neighbour *neighbour, Frame *frame)
{
    bool is_ipv6 = neighbour->address.family == SIM_FAMILY_IPV6;
    write_ethernet(
        frame, &neighbour->mac, &interface->mac, is_ipv6 ? ETHERNET_TYPE_IPV6 : ETHERNET_TYPE_IPV4
    );
    frame->to = neighbour->target;
    link_send(interface, frame);
}

void neighbour_send(SimInterface *interface, Neighbour *neighbour, Frame *frame)
{
    SimHost *host = interface->host;
    if (neighbour_is_usable(neighbour, host->world->now)) {
        transmit(interface, neighbour, frame);
        return;
    }
    if (neighbour->waiting_count == NEIGHBOUR_WAITING_MAX) {
        host_drop(host, frame, "too many packets wait for a neighbour");
        return;
    }
    neighbour->is_reachable = false;
    frame->next = NULL;
    if (neighbour->last_waiting == NULL) {
        neighbour->first_waiting = frame;
    } else {
        neighbour->last_waiting->next = frame;
    }
    neighbour->last_waiting = frame;
    neighbour->waiting_count++;
    if (sim_timer_is_set(&neighbour->timer)) {
        return;
    }
    if (interface->link->is_preconfigured) {
        /* Nobody has that address and nobody is asked: the wait is only for order's sake. */
        neighbour->interface = interface;
        sim_timer_set(&neighbour->timer, 0);
    } else {
        ask(neighbour);
    }
}

/* --- answers --- */

static void learn(Neighbour *neighbour, SimMac mac)
{
    SimInterface *interface = neighbour->interface;
    SimHost *host = interface->host;
    bool is_new = !neighbour->is_reachable || memcmp(&mac, &neighbour->mac, sizeof mac) != 0;
    neighbour->mac = mac;
    neighbour->target = link_find_mac(interface->link, &mac);
    neighbour->is_reachable = neighbour->target != NULL;
    neighbour->confirmed = host->world->now;
    neighbour->questions = 0;
    timer_park(&neighbour->timer);
    if (is_new && sim_world_is_observed(host->world)) {
        char address_text[SIM_ADDRESS_TEXT_SIZE];
        char mac_text[SIM_MAC_TEXT_SIZE];
        sim_world_emit(
            host->world,
            host,
            WORLD_EVENT_NEIGHBOUR,
            "%s learns that %s is at %s",
            host->name,
            sim_address_format(&neighbour->address, address_text),
            sim_mac_format(&mac, mac_text)
        );
    }
    Frame *waiting = neighbour->first_waiting;
    neighbour->first_waiting = NULL;
    neighbour->last_waiting = NULL;
    neighbour->waiting_count = 0;
    while (waiting != NULL) {
        Frame *next = waiting->next;
        transmit(interface, neighbour, waiting);
        waiting = next;
    }
}

static bool has_address(const SimInterface *interface, const SimAddress *address)
{
    for (guint i = 0; i < interface->address_count; i++) {
        if (sim_address_equal(&interface->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

void neighbour_receive_arp(SimInterface *interface, const Frame *frame)
{
    const guint8 *packet = frame->octets + ETHERNET_HEADER;
    if (frame->length < ETHERNET_HEADER + ARP_LENGTH || get_16(packet) != 1 ||
        get_16(packet + 2) != ETHERNET_TYPE_IPV4 || packet[4] != 6 || packet[5] != 4) {
        return;
    }
    SimAddress sender = sim_address_from_octets(SIM_FAMILY_IPV4, packet + 14);
    SimAddress target = sim_address_from_octets(SIM_FAMILY_IPV4, packet + 24);
    SimMac sender_mac;
    memcpy(sender_mac.octets, packet + 8, 6);
    /* RFC 826: whoever asks me is somebody I shall soon have to answer. */
    if (!has_address(interface, &target)) {
        return;
    }
    Neighbour *neighbour = neighbour_get(interface, &sender);
    learn(neighbour, sender_mac);
    if (get_16(packet + 6) == ARP_REQUEST && neighbour->is_reachable) {
        send_arp(interface, ARP_REPLY, target.octets, neighbour, sender.octets);
    }
}

void neighbour_receive_icmpv6(
    SimInterface *interface, const SimAddress *source, const guint8 *message, gsize length
)
{
    if (length < NEIGHBOUR_MESSAGE_LENGTH || message[25] != 1) {
        return;
    }
    SimAddress target = sim_address_from_octets(SIM_FAMILY_IPV6, message + 8);
    SimMac mac;
    memcpy(mac.octets, message + 26, 6);
    if (message[0] == NEIGHBOUR_SOLICITATION && message[24] == OPTION_SOURCE_MAC &&
        has_address(interface, &target)) {
        Neighbour *neighbour = neighbour_get(interface, source);
        learn(neighbour, mac);
        if (neighbour->is_reachable) {
            send_neighbour_message(interface, NEIGHBOUR_ADVERTISEMENT, &target, neighbour, &target);
        }
    } else if (message[0] == NEIGHBOUR_ADVERTISEMENT && message[24] == OPTION_TARGET_MAC) {
        Neighbour *neighbour = table_find(&interface->neighbours, &target);
        if (neighbour != NULL) {
            learn(neighbour, mac);
        }
    }
}

bool neighbour_find_asked(const Frame *frame, SimAddress *out_address)
{
    const guint8 *packet = frame->octets + ETHERNET_HEADER;
    guint16 type = get_16(frame->octets + 12);
    if (type == ETHERNET_TYPE_ARP && frame->length >= ETHERNET_HEADER + ARP_LENGTH) {
        *out_address = sim_address_from_octets(SIM_FAMILY_IPV4, packet + 24);
        return true;
    }
    gsize least = ETHERNET_HEADER + IPV6_HEADER + NEIGHBOUR_MESSAGE_LENGTH;
    if (type == ETHERNET_TYPE_IPV6 && frame->length >= least && packet[6] == PROTOCOL_ICMPV6 &&
        packet[IPV6_HEADER] == NEIGHBOUR_SOLICITATION) {
        *out_address = sim_address_from_octets(SIM_FAMILY_IPV6, packet + IPV6_HEADER + 8);
        return true;
    }
    return false;
}
