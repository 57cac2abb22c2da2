#include "sim/network/link.h"

#include "sim/network/host-private.h"
#include "sim/network/link-private.h"

#define QUEUE_LIMIT_DEFAULT (1u << 20)
#define QUEUE_LIMIT_MAX (1u << 30)
#define LOOPBACK_MTU 65535
#define LOOPBACK_DELAY (10 * SIM_MICROSECOND)

SimLinkSettings sim_link_settings_default(void)
{
    return (SimLinkSettings){
        .rate = 1000000000,
        .delay = 50 * SIM_MICROSECOND,
        .mtu = SIM_LINK_MTU_DEFAULT,
        .queue_limit = QUEUE_LIMIT_DEFAULT,
    };
}

guint address_hash(gconstpointer address)
{
    const SimAddress *value = address;
    guint64 words[2];
    memcpy(words, value->octets, sizeof words);
    guint64 hash = (words[0] ^ value->family) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 32) ^ words[1]) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    return (guint)(hash >> 32);
}

gboolean address_equal(gconstpointer left, gconstpointer right)
{
    return sim_address_equal(left, right);
}

static guint mac_hash(gconstpointer mac)
{
    const SimMac *value = mac;
    guint hash = 0;
    for (gsize i = 0; i < sizeof value->octets; i++) {
        hash = hash * 31 + value->octets[i];
    }
    return hash;
}

static gboolean mac_equal(gconstpointer left, gconstpointer right)
{
    return memcmp(left, right, sizeof(SimMac)) == 0;
}

static SimLink *link_allocate(SimWorld *world, const char *name)
{
    SimLink *link = g_new0(SimLink, 1);
    link->world = world;
    link->name = g_strdup(name);
    link->is_up = true;
    link->members = g_ptr_array_new();
    link->members_by_address = g_hash_table_new(address_hash, address_equal);
    link->members_by_mac = g_hash_table_new(mac_hash, mac_equal);
    g_autofree char *random_name = g_strconcat("link ", name, NULL);
    sim_world_random(world, random_name, &link->random);
    g_ptr_array_add(world->links, link);
    return link;
}

SimLink *sim_link_new(SimWorld *world, const char *name, const SimLinkSettings *settings)
{
    g_assert(sim_link_find(world, name) == NULL);
    SimLink *link = link_allocate(world, name);
    sim_link_set_settings(link, settings);
    g_hash_table_insert(world->links_by_name, link->name, link);
    return link;
}

SimLink *link_new_loopback(SimWorld *world)
{
    SimLink *link = link_allocate(world, "loopback");
    link->is_loopback = true;
    link->settings = (SimLinkSettings){
        .delay = LOOPBACK_DELAY,
        .mtu = LOOPBACK_MTU,
        .queue_limit = QUEUE_LIMIT_MAX,
    };
    return link;
}

void link_free(SimLink *link)
{
    neighbour_table_clear(link->world, &link->neighbours);
    tap_list_free(link->taps);
    g_hash_table_unref(link->members_by_address);
    g_hash_table_unref(link->members_by_mac);
    g_ptr_array_unref(link->members);
    g_free(link->name);
    g_free(link);
}

SimLink *sim_link_find(const SimWorld *world, const char *name)
{
    return g_hash_table_lookup(world->links_by_name, name);
}

const char *sim_link_name(const SimLink *link)
{
    return link->name;
}

const SimLinkSettings *sim_link_settings(const SimLink *link)
{
    return &link->settings;
}

void sim_link_set_settings(SimLink *link, const SimLinkSettings *settings)
{
    link->settings = *settings;
    if (settings->mtu == 0) {
        link->settings.mtu = SIM_LINK_MTU_DEFAULT;
    }
    g_assert(link->settings.mtu >= SIM_LINK_MTU_MINIMUM);
    if (settings->queue_limit == 0) {
        link->settings.queue_limit = QUEUE_LIMIT_DEFAULT;
    }
    link->settings.queue_limit = MIN(link->settings.queue_limit, QUEUE_LIMIT_MAX);
    if (settings->rate > 0) {
        guint64 bits = (guint64)link->settings.queue_limit * 8;
        link->longest_wait = (SimTime)(bits * (guint64)SIM_SECOND / settings->rate);
    }
    if (settings->reordering_delay == 0) {
        link->settings.reordering_delay = 3 * settings->delay + SIM_MILLISECOND;
    }
}

void sim_link_set_up(SimLink *link, bool is_up)
{
    if (link->is_up == is_up) {
        return;
    }
    link->is_up = is_up;
    sim_world_emit(
        link->world, NULL, WORLD_EVENT_LINK, "link %s is %s", link->name, is_up ? "up" : "down"
    );
}

bool sim_link_is_up(const SimLink *link)
{
    return link->is_up;
}

void sim_link_set_preconfigured(SimLink *link, bool is_preconfigured)
{
    link->is_preconfigured = is_preconfigured;
}

void sim_link_set_filter(SimLink *link, SimLinkFilter filter, gpointer data)
{
    link->filter = filter;
    link->filter_data = data;
}

void sim_world_set_filter(SimWorld *world, SimLinkFilter filter, gpointer data)
{
    world->filter = filter;
    world->filter_data = data;
}

void sim_world_set_hold(SimWorld *world, SimTime delay)
{
    world->hold = delay;
}

/* --- members --- */

void link_add_member(SimLink *link, SimInterface *interface)
{
    if (!g_ptr_array_find(link->members, interface, NULL)) {
        g_ptr_array_add(link->members, interface);
    }
    g_hash_table_insert(link->members_by_mac, &interface->mac, interface);
}

void link_add_address(SimLink *link, const SimAddress *address, SimInterface *interface)
{
    gsize index = interface->address_count - 1u;
    g_assert(sim_address_equal(&interface->addresses[index], address));
    g_hash_table_insert(link->members_by_address, &interface->addresses[index], interface);
}

SimInterface *link_find_address(const SimLink *link, const SimAddress *address)
{
    return g_hash_table_lookup(link->members_by_address, address);
}

SimInterface *link_find_mac(const SimLink *link, const SimMac *mac)
{
    return g_hash_table_lookup(link->members_by_mac, mac);
}

/* --- sending --- */

static void emit_frame_event(
    SimInterface *interface,
    const Frame *frame,
    WorldEventKind kind,
    const char *field_name,
    const char *what
)
{
    SimWorld *world = interface->host->world;
    if (!sim_world_is_observed(world)) {
        return;
    }
    g_autofree char *text = g_strdup_printf(
        "link %s: frame %" G_GUINT64_FORMAT " from %s: %s",
        interface->link->name,
        frame->number,
        interface->host->name,
        what
    );
    WorldEventField fields[] = {
        {.name = field_name, .value = what},
        {.name = "link", .value = interface->link->name},
    };
    sim_world_emit_event(
        world,
        (WorldEvent){
            .kind = kind,
            .host = interface->host,
            .frame = frame->number,
            .text = text,
            .fields = fields,
            .field_count = G_N_ELEMENTS(fields),
        }
    );
}

static void lose(SimInterface *interface, Frame *frame, const char *reason)
{
    emit_frame_event(interface, frame, WORLD_EVENT_FRAME_LOST, "reason", reason);
    frame_free(interface->host->world, frame);
}

/* Shows the frame to whoever watches it leave, and asks the filters. */
static SimVerdict show_and_judge(SimInterface *interface, Frame *frame, bool is_first)
{
    SimLink *link = interface->link;
    SimHost *host = interface->host;
    SimWorld *world = host->world;
    bool has_world_filter = is_first && world->filter != NULL;
    bool is_seen = (is_first && world->taps != NULL) || link->taps != NULL || host->taps != NULL;
    if (!is_seen && !has_world_filter && link->filter == NULL) {
        return SIM_VERDICT_PASS;
    }
    frame_complete(frame);
    SimTapFrame shown = {
        .number = frame->number,
        .time = world->now,
        .octets = byte_span(frame->octets, frame->length),
        .host = host,
        .link = link->is_loopback ? NULL : link,
    };
    if (is_first) {
        tap_list_show(world->taps, &shown);
    }
    tap_list_show(link->taps, &shown);
    tap_list_show(host->taps, &shown);
    SimVerdict verdict =
        has_world_filter ? world->filter(&shown, world->filter_data) : SIM_VERDICT_PASS;
    if (verdict == SIM_VERDICT_PASS && link->filter != NULL) {
        verdict = link->filter(&shown, link->filter_data);
    }
    return verdict;
}

/* When the last bit has left; 0: the queue is full. */
static SimTime time_sent(SimInterface *interface, const Frame *frame)
{
    const SimLinkSettings *settings = &interface->link->settings;
    SimTime now = interface->host->world->now;
    if (settings->rate == 0) {
        return now;
    }
    SimTime begin = MAX(now, interface->busy_until);
    if (begin - now > interface->link->longest_wait) {
        return 0;
    }
    interface->busy_until =
        begin + (SimTime)((guint64)frame->length * 8 * (guint64)SIM_SECOND / settings->rate);
    return interface->busy_until;
}

/* Puts a frame into its place among those under way. */
static void enqueue(SimInterface *interface, Frame *frame, SimTime due)
{
    SimWorld *world = interface->host->world;
    frame->due = due;
    frame->order = event_queue_take_order(&world->queue);
    frame->next = NULL;
    if (interface->last_frame == NULL || interface->last_frame->due <= due) {
        if (interface->last_frame == NULL) {
            interface->first_frame = frame;
        } else {
            interface->last_frame->next = frame;
        }
        interface->last_frame = frame;
    } else {
        Frame **place = &interface->first_frame;
        while ((*place)->due <= due) {
            place = &(*place)->next;
        }
        frame->next = *place;
        *place = frame;
    }
    if (interface->first_frame == frame) {
        event_queue_set(&world->queue, &interface->arrival, due, frame->order);
    }
}

/* Changes one octet of the packet: never the frame's own header, for a real card would have thrown
 * such a frame away. */
static void damage(SimLink *link, Frame *frame)
{
    frame_complete(frame);
    guint64 place =
        ETHERNET_HEADER + sim_random_below(&link->random, frame->length - ETHERNET_HEADER);
    frame->octets[place] ^= (guint8)(1 + sim_random_below(&link->random, 255));
    frame->is_damaged = true;
}

static void
send_with_faults(SimInterface *interface, Frame *frame, SimTime sent, SimVerdict verdict)
{
    SimLink *link = interface->link;
    const SimLinkSettings *settings = &link->settings;
    SimRandom *random = &link->random;
    SimWorld *world = interface->host->world;
    SimTime due = sent + settings->delay;
    if (settings->jitter > 0) {
        due += (SimTime)sim_random_below(random, (guint64)settings->jitter + 1);
    }
    if (verdict == SIM_VERDICT_LOSE || sim_random_chance(random, settings->loss)) {
        lose(interface, frame, "lost");
        return;
    }
    if (verdict == SIM_VERDICT_CORRUPT || sim_random_chance(random, settings->corruption)) {
        emit_frame_event(interface, frame, WORLD_EVENT_FRAME_CHANGED, "change", "damaged");
        damage(link, frame);
    }
    bool is_doubled =
        verdict == SIM_VERDICT_DUPLICATE || sim_random_chance(random, settings->duplication);
    if (verdict == SIM_VERDICT_HOLD || sim_random_chance(random, settings->reordering)) {
        emit_frame_event(interface, frame, WORLD_EVENT_FRAME_CHANGED, "change", "held back");
        due += world->hold > 0 ? world->hold : settings->reordering_delay;
        world->hold = 0;
    } else {
        due = MAX(due, interface->last_arrival);
        interface->last_arrival = due;
    }
    if (is_doubled) {
        emit_frame_event(interface, frame, WORLD_EVENT_FRAME_CHANGED, "change", "doubled");
        enqueue(interface, frame_copy(link->world, frame), due);
    }
    enqueue(interface, frame, due);
}

void link_send(SimInterface *interface, Frame *frame)
{
    SimLink *link = interface->link;
    SimWorld *world = link->world;
    if (!interface->host->is_up) {
        frame_free(world, frame);
        return;
    }
    bool is_first = frame->number == 0;
    if (is_first) {
        frame->number = ++world->frame_count;
    }
    SimVerdict verdict = show_and_judge(interface, frame, is_first);
    if (!link->is_up) {
        lose(interface, frame, "link is down");
        return;
    }
    SimTime sent = time_sent(interface, frame);
    if (sent == 0) {
        lose(interface, frame, "queue is full");
        return;
    }
    send_with_faults(interface, frame, sent, verdict);
}

/* --- arriving --- */

static void deliver(SimInterface *to, Frame *frame)
{
    SimHost *host = to->host;
    if (!host->is_up) {
        frame_free(host->world, frame);
        return;
    }
    if (host->taps != NULL) {
        frame_complete(frame);
        SimTapFrame shown = {
            .number = frame->number,
            .time = host->world->now,
            .octets = byte_span(frame->octets, frame->length),
            .host = host,
            .link = to->link->is_loopback ? NULL : to->link,
            .is_incoming = true,
        };
        tap_list_show(host->taps, &shown);
    }
    host_receive(to, frame);
}

/* A question to all is put only to the member whom it asks: the others would say nothing. A tap on
 * a host must see it all the same. */
static void deliver_to_all(SimInterface *from, Frame *frame)
{
    SimLink *link = from->link;
    SimAddress asked;
    if (link->world->host_tap_count == 0 && neighbour_find_asked(frame, &asked)) {
        SimInterface *member = link_find_address(link, &asked);
        if (member != NULL && member != from) {
            deliver(member, frame);
        } else {
            frame_free(link->world, frame);
        }
        return;
    }
    for (guint i = 0; i < link->members->len; i++) {
        SimInterface *member = link->members->pdata[i];
        if (member != from) {
            deliver(member, frame_copy(link->world, frame));
        }
    }
    frame_free(link->world, frame);
}

void link_arrival(SimTimer *timer, gpointer data)
{
    SimInterface *interface = data;
    Frame *frame = interface->first_frame;
    interface->first_frame = frame->next;
    if (frame->next == NULL) {
        interface->last_frame = NULL;
    } else {
        event_queue_set(&timer->world->queue, timer, frame->next->due, frame->next->order);
    }
    if (!interface->link->is_up) {
        lose(interface, frame, "link went down");
    } else if (frame->to == NULL) {
        deliver_to_all(interface, frame);
    } else {
        deliver(frame->to, frame);
    }
}
