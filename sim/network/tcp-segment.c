#include "sim/network/octets.h"
#include "sim/network/tcp-private.h"

enum {
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_MAXIMUM_SEGMENT = 2,
    OPTION_WINDOW_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIMESTAMPS = 8,
};

/* RFC 7323: a larger shift is taken for this one. */
#define WINDOW_SCALE_MAX 14

#define SEGMENT_DATA_MINIMUM 8

/* --- reading --- */

static void read_sacks(const guint8 *value, gsize length, TcpSegment *segment)
{
    for (gsize i = 0; i + 8 <= length && segment->sack_count < SACK_BLOCKS_MAX; i += 8) {
        segment->sacks[segment->sack_count++] = (SackBlock){
            .from = get_32(value + i),
            .to = get_32(value + i + 4),
        };
    }
}

static void read_option(guint8 kind, const guint8 *value, gsize length, TcpSegment *segment)
{
    if (kind == OPTION_MAXIMUM_SEGMENT && length == 2) {
        segment->maximum_segment = get_16(value);
    } else if (kind == OPTION_WINDOW_SCALE && length == 1) {
        segment->window_scale = (gint8)MIN(value[0], WINDOW_SCALE_MAX);
    } else if (kind == OPTION_SACK_PERMITTED && length == 0) {
        segment->is_sack_permitted = true;
    } else if (kind == OPTION_SACK) {
        read_sacks(value, length, segment);
    } else if (kind == OPTION_TIMESTAMPS && length == 8) {
        segment->has_timestamps = true;
        segment->timestamp = get_32(value);
        segment->timestamp_echo = get_32(value + 4);
    }
}

static void read_options(const guint8 *options, gsize length, TcpSegment *segment)
{
    gsize place = 0;
    while (place < length && options[place] != OPTION_END) {
        if (options[place] == OPTION_NOTHING) {
            place++;
            continue;
        }
        if (place + 2 > length || options[place + 1] < 2 || place + options[place + 1] > length) {
            return;
        }
        gsize whole = options[place + 1];
        read_option(options[place], options + place + 2, whole - 2, segment);
        place += whole;
    }
}

bool tcp_read_segment(const IpPacket *packet, TcpSegment *out_segment)
{
    const guint8 *header = packet->payload;
    if (packet->payload_length < TCP_HEADER) {
        return false;
    }
    gsize header_length = (gsize)(header[12] >> 4) * 4;
    if (header_length < TCP_HEADER || header_length > packet->payload_length) {
        return false;
    }
    *out_segment = (TcpSegment){
        .source_port = get_16(header),
        .destination_port = get_16(header + 2),
        .sequence = get_32(header + 4),
        .acknowledgment = get_32(header + 8),
        .flags = header[13],
        .raw_window = get_16(header + 14),
        .window = get_16(header + 14),
        .window_scale = -1,
        .data = byte_span(header + header_length, packet->payload_length - header_length),
    };
    read_options(header + TCP_HEADER, header_length - TCP_HEADER, out_segment);
    return true;
}

/* --- writing --- */

guint32 tcp_timestamp_now(const SimWorld *world, guint32 offset)
{
    return (guint32)(world->now / SIM_MILLISECOND) + offset;
}

static gsize write_timestamps(guint8 *options, guint32 value, guint32 echo)
{
    options[0] = OPTION_NOTHING;
    options[1] = OPTION_NOTHING;
    options[2] = OPTION_TIMESTAMPS;
    options[3] = 10;
    put_32(options + 4, value);
    put_32(options + 8, echo);
    return TCP_TIMESTAMPS_LENGTH;
}

/* In the order of most systems, so that a capture looks familiar. */
static gsize write_syn_options(const SimTcp *tcp, guint8 *options)
{
    gsize length = 0;
    options[length++] = OPTION_MAXIMUM_SEGMENT;
    options[length++] = 4;
    put_16(options + length, tcp_own_maximum_segment(tcp));
    length += 2;
    if (tcp->has_sack && !tcp->has_timestamps) {
        options[length++] = OPTION_NOTHING;
        options[length++] = OPTION_NOTHING;
    }
    if (tcp->has_sack) {
        options[length++] = OPTION_SACK_PERMITTED;
        options[length++] = 2;
    }
    if (tcp->has_timestamps) {
        if (!tcp->has_sack) {
            options[length++] = OPTION_NOTHING;
            options[length++] = OPTION_NOTHING;
        }
        options[length++] = OPTION_TIMESTAMPS;
        options[length++] = 10;
        put_32(
            options + length, tcp_timestamp_now(tcp->entry.key.host->world, tcp->timestamp_offset)
        );
        put_32(options + length + 4, tcp->timestamp_recent);
        length += 8;
    }
    if (tcp->has_window_scale) {
        options[length++] = OPTION_NOTHING;
        options[length++] = OPTION_WINDOW_SCALE;
        options[length++] = 3;
        options[length++] = tcp->receive_scale;
    }
    return length;
}

static guint sack_blocks_to_send(const SimTcp *tcp)
{
    if (!tcp->has_sack || tcp->out_of_order == NULL) {
        return 0;
    }
    /* On links with tiny packets some room must be left for data. */
    guint32 room = MIN(TCP_OPTIONS_MAX, tcp->maximum_segment - SEGMENT_DATA_MINIMUM);
    room -= tcp->has_timestamps ? TCP_TIMESTAMPS_LENGTH : 0;
    return room < 4 ? 0 : MIN(tcp->out_of_order->count, (room - 4) / 8);
}

/* RFC 2018: the block that holds the segment just received comes first, then those that changed
 * most lately. */
static gsize write_sacks(const SimTcp *tcp, guint8 *options)
{
    guint count = sack_blocks_to_send(tcp);
    if (count == 0) {
        return 0;
    }
    options[0] = OPTION_NOTHING;
    options[1] = OPTION_NOTHING;
    options[2] = OPTION_SACK;
    options[3] = (guint8)(2 + 8 * count);
    guint32 below = G_MAXUINT32;
    for (guint i = 0; i < count; i++) {
        const SequenceRange *latest = NULL;
        for (guint32 j = 0; j < tcp->out_of_order->count; j++) {
            const SequenceRange *range = &tcp->out_of_order->ranges[j];
            if (range->stamp < below && (latest == NULL || range->stamp > latest->stamp)) {
                latest = range;
            }
        }
        put_32(options + 4 + 8 * i, latest->from);
        put_32(options + 8 + 8 * i, latest->to);
        below = latest->stamp;
    }
    return 4 + 8 * (gsize)count;
}

guint tcp_option_length(const SimTcp *tcp, guint8 flags)
{
    if ((flags & TCP_SYN) != 0) {
        guint8 options[TCP_OPTIONS_MAX];
        return (guint)write_syn_options(tcp, options);
    }
    guint sacks = sack_blocks_to_send(tcp);
    return (tcp->has_timestamps ? TCP_TIMESTAMPS_LENGTH : 0) + (sacks > 0 ? 4 + 8 * sacks : 0);
}

static gsize write_options(const SimTcp *tcp, guint8 flags, guint8 *options)
{
    if ((flags & TCP_SYN) != 0) {
        return write_syn_options(tcp, options);
    }
    gsize length = 0;
    if (tcp->has_timestamps) {
        guint32 now = tcp_timestamp_now(tcp->entry.key.host->world, tcp->timestamp_offset);
        length = write_timestamps(options, now, tcp->timestamp_recent);
    }
    return length + write_sacks(tcp, options + length);
}

static void write_header(
    guint8 *header,
    const TcpKey *key,
    guint8 flags,
    guint32 sequence,
    guint32 acknowledgment,
    guint16 window,
    gsize header_length
)
{
    put_16(header, key->local_port);
    put_16(header + 2, key->remote_port);
    put_32(header + 4, sequence);
    put_32(header + 8, (flags & TCP_ACK) != 0 ? acknowledgment : 0);
    header[12] = (guint8)(header_length / 4 << 4);
    header[13] = flags;
    put_16(header + 14, window);
    put_32(header + 16, 0);
}

static IpHeader ip_header_for(const TcpKey *key)
{
    return (IpHeader){
        .source = key->local,
        .destination = key->remote,
        .protocol = PROTOCOL_TCP,
        .dont_fragment = true,
    };
}

bool tcp_send_segment(SimTcp *tcp, guint8 flags, guint32 sequence, guint32 length)
{
    const TcpKey *key = &tcp->entry.key;
    SimHost *host = key->host;
    SimFamily family = key->remote.family;
    gsize header_length = TCP_HEADER + tcp_option_length(tcp, flags);
    Frame *frame = ip_frame_new(host->world, family, header_length + length);
    guint8 *header = ip_payload(frame, family);
    write_options(tcp, flags, header + TCP_HEADER);
    guint32 window = tcp_window_to_offer(tcp);
    /* RFC 7323: the window of a SYN is never scaled. */
    window = (flags & TCP_SYN) != 0 ? MIN(window, G_MAXUINT16) : window >> tcp->receive_scale;
    write_header(header, key, flags, sequence, tcp->receive_next, (guint16)window, header_length);
    if (length > 0) {
        ByteSpan queued = octet_queue_span(&tcp->send_queue);
        guint32 offset = sequence - tcp->unacknowledged;
        memcpy(header + header_length, queued.data + offset, length);
    }
    if ((flags & TCP_ACK) != 0) {
        tcp->needs_ack = false;
        tcp->unanswered_segments = 0;
        tcp->last_ack_sent = tcp->receive_next;
    }
    IpHeader ip = ip_header_for(key);
    IpResult result = ip_send(host, frame, &ip, &tcp->path);
    if (result == IP_TOO_BIG) {
        tcp_set_maximum_segment(tcp);
    }
    return result != IP_NO_ROUTE;
}

void tcp_send_plain(
    SimHost *host,
    const TcpKey *key,
    guint8 flags,
    guint32 sequence,
    guint32 acknowledgment,
    guint16 window,
    const guint32 *timestamps
)
{
    SimFamily family = key->remote.family;
    gsize header_length = TCP_HEADER + (timestamps == NULL ? 0 : TCP_TIMESTAMPS_LENGTH);
    Frame *frame = ip_frame_new(host->world, family, header_length);
    guint8 *header = ip_payload(frame, family);
    write_header(header, key, flags, sequence, acknowledgment, window, header_length);
    if (timestamps != NULL) {
        write_timestamps(header + TCP_HEADER, timestamps[0], timestamps[1]);
    }
    IpHeader ip = ip_header_for(key);
    ip_send(host, frame, &ip, NULL);
}

/* RFC 9293 §3.10.7.1: so that the answer is acceptable to whoever sent the segment. */
void tcp_send_reset_for(SimHost *host, const IpPacket *packet, const TcpSegment *segment)
{
    if ((segment->flags & TCP_RST) != 0 || sim_address_is_multicast(&packet->header.destination)) {
        return;
    }
    TcpKey key = {
        .host = host,
        .local = packet->header.destination,
        .remote = packet->header.source,
        .local_port = segment->destination_port,
        .remote_port = segment->source_port,
    };
    if ((segment->flags & TCP_ACK) != 0) {
        tcp_send_plain(host, &key, TCP_RST, segment->acknowledgment, 0, 0, NULL);
        return;
    }
    guint32 length = (guint32)segment->data.length + ((segment->flags & TCP_SYN) != 0) +
                     ((segment->flags & TCP_FIN) != 0);
    tcp_send_plain(host, &key, TCP_RST | TCP_ACK, 0, segment->sequence + length, 0, NULL);
}

/* --- numbers to begin with --- */

guint16 tcp_own_maximum_segment(const SimTcp *tcp)
{
    const TcpKey *key = &tcp->entry.key;
    guint headers = (guint)ip_header_length(key->remote.family) + TCP_HEADER;
    guint mtu = ip_mtu(key->host, tcp->path.interface, &key->remote);
    guint most = MAX(mtu, headers + TCP_MSS_MINIMUM) - headers;
    if (tcp->options.maximum_segment != 0) {
        most = MIN(most, tcp->options.maximum_segment);
    }
    return (guint16)most;
}

static guint64 hash_of(const SimWorld *world, const TcpKey *key)
{
    guint64 hash = world->seed ^ ((guint64)key->local_port << 16 | key->remote_port);
    const SimAddress *ends[] = {&key->local, &key->remote};
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        for (guint j = 0; j < sizeof ends[i]->octets; j += 4) {
            hash = (hash ^ get_32(ends[i]->octets + j)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
            hash ^= hash >> 31;
        }
    }
    return hash;
}

/* RFC 9293 §3.4.1: a clock of 4 microseconds plus a secret of the world over both ends. */
guint32 tcp_initial_sequence(const SimWorld *world, const TcpKey *key)
{
    return (guint32)(hash_of(world, key) >> 32) + (guint32)(world->now / (4 * SIM_MICROSECOND));
}

/* The same for every connection between these ends: later ones must have later timestamps. */
guint32 tcp_timestamp_offset(const SimWorld *world, const TcpKey *key)
{
    return (guint32)hash_of(world, key);
}
