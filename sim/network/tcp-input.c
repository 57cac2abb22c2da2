#include "sim/network/icmp.h"
#include "sim/network/octets.h"
#include "sim/network/tcp-private.h"

/* --- LISTEN --- */

static void take_peer_options(SimTcp *tcp, const TcpSegment *segment)
{
    if (segment->maximum_segment != 0) {
        tcp->peer_maximum_segment = MAX(segment->maximum_segment, TCP_MSS_MINIMUM);
    }
    tcp->has_sack = tcp->has_sack && segment->is_sack_permitted;
    tcp->has_timestamps = tcp->has_timestamps && segment->has_timestamps;
    tcp->has_window_scale = tcp->has_window_scale && segment->window_scale >= 0;
    tcp->send_scale = tcp->has_window_scale ? (guint8)segment->window_scale : 0;
    tcp->receive_scale = tcp->has_window_scale ? tcp->receive_scale : 0;
    tcp->timestamp_recent = segment->timestamp;
    tcp->initial_receive = segment->sequence;
    tcp->receive_next = segment->sequence + 1;
    tcp->receive_edge = tcp->receive_next;
    tcp->last_ack_sent = tcp->receive_next;
    tcp->send_window = segment->window;
    tcp->send_window_most = segment->window;
    tcp->window_sequence = segment->sequence;
    tcp->window_ack = segment->acknowledgment;
    tcp_set_maximum_segment(tcp);
    tcp_congestion_init(tcp);
}

static void
receive_syn(SimHost *host, const TcpKey *key, SimTcpListener *listener, const TcpSegment *segment)
{
    IpPath path = {0};
    if (listener->half_open >= listener->backlog || !ip_find_path(host, &key->remote, &path)) {
        return;
    }
    SimTcp *tcp = tcp_new(host, key);
    tcp->is_passive = true;
    tcp->path = path;
    tcp->listener = listener;
    listener->half_open++;
    take_peer_options(tcp, segment);
    tcp->state = SIM_TCP_LISTEN;
    tcp_set_state(tcp, SIM_TCP_SYN_RECEIVED);
    tcp_schedule(tcp);
}

/* RFC 9293 §3.10.7.1 and §3.10.7.2: no connection, perhaps a listener. */
static void
receive_new(SimHost *host, const IpPacket *packet, const TcpKey *key, const TcpSegment *segment)
{
    SimTcpListener *listener = tcp_find_listener(host, &key->local, key->local_port);
    if (listener == NULL || (segment->flags & TCP_ACK) != 0) {
        tcp_send_reset_for(host, packet, segment);
    } else if ((segment->flags & (TCP_SYN | TCP_RST)) == TCP_SYN) {
        receive_syn(host, key, listener, segment);
    }
}

/* --- TIME-WAIT --- */

static void acknowledge_in_time_wait(TimeWait *record)
{
    guint32 timestamps[2] = {
        tcp_timestamp_now(record->entry.key.host->world, record->timestamp_offset),
        record->timestamp_recent,
    };
    tcp_send_plain(
        record->entry.key.host,
        &record->entry.key,
        TCP_ACK,
        record->send_next,
        record->receive_next,
        record->window,
        record->has_timestamps ? timestamps : NULL
    );
}

static void receive_in_time_wait(
    SimHost *host, TimeWait *record, const IpPacket *packet, const TcpSegment *segment
)
{
    TcpTable *table = host->world->tcp;
    bool is_newer = record->has_timestamps && segment->has_timestamps
                        ? sequence_before(record->timestamp_recent, segment->timestamp)
                        : sequence_before(record->receive_next, segment->sequence);
    if ((segment->flags & TCP_RST) != 0) {
        /* RFC 1337: a late reset must not cut TIME-WAIT short. */
        return;
    }
    if ((segment->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && is_newer) {
        /* RFC 9293 §3.10.7.4: the same pair of ports begins anew. */
        TcpKey key = record->entry.key;
        tcp_table_end_wait(table, record);
        receive_new(host, packet, &key, segment);
        return;
    }
    /* Only what asks for an answer gets one: both ends may be in TIME-WAIT, and would never stop.
     */
    if ((segment->flags & (TCP_SYN | TCP_FIN)) != 0 || segment->data.length > 0) {
        acknowledge_in_time_wait(record);
    }
    if ((segment->flags & TCP_FIN) != 0) {
        tcp_table_wait_again(table, record, 2 * host->tcp_options.segment_lifetime);
    }
}

static void enter_time_wait(SimTcp *tcp)
{
    SimHost *host = tcp->entry.key.host;
    /* The last acknowledgment goes out before the connection shrinks to a record. */
    if (tcp->needs_ack) {
        tcp_send_ack(tcp);
    }
    tcp_set_state(tcp, SIM_TCP_TIME_WAIT);
    TimeWait record = {
        .entry = {.key = tcp->entry.key},
        .number = tcp->number,
        .send_next = tcp->send_highest,
        .receive_next = tcp->receive_next,
        .timestamp_recent = tcp->timestamp_recent,
        .timestamp_offset = tcp->timestamp_offset,
        .window = (guint16)(tcp_window_to_offer(tcp) >> tcp->receive_scale),
        .has_timestamps = tcp->has_timestamps,
    };
    SimTime duration = 2 * tcp->options.segment_lifetime;
    tcp_finish(tcp, SIM_TCP_ERROR_NONE);
    tcp_table_wait(host->world->tcp, &record, duration);
}

/* --- SYN-SENT --- */

static void become_established(SimTcp *tcp)
{
    tcp_set_state(tcp, SIM_TCP_ESTABLISHED);
    if (tcp->was_syn_repeated) {
        /* RFC 6298 §5: (5.7) */
        tcp->timeout = MAX(tcp->timeout, 3 * SIM_SECOND);
        tcp_congestion_init(tcp);
    }
    tcp->retries = 0;
    tcp_note(tcp, tcp->is_passive ? TCP_NOTE_ACCEPTED : TCP_NOTE_CONNECTED);
}

/* RFC 9293 §3.10.7.3 */
static void receive_in_syn_sent(SimTcp *tcp, const IpPacket *packet, const TcpSegment *segment)
{
    bool has_ack = (segment->flags & TCP_ACK) != 0;
    bool is_ack_good = has_ack && segment->acknowledgment == tcp->initial_send + 1 &&
                       tcp->send_highest != tcp->initial_send;
    if (has_ack && !is_ack_good) {
        tcp_send_reset_for(tcp->entry.key.host, packet, segment);
        return;
    }
    if ((segment->flags & TCP_RST) != 0) {
        if (is_ack_good) {
            tcp_finish(tcp, SIM_TCP_ERROR_REFUSED);
        }
        return;
    }
    if ((segment->flags & TCP_SYN) == 0) {
        return;
    }
    take_peer_options(tcp, segment);
    tcp->needs_ack = true;
    if (!is_ack_good) {
        /* Both sides called at the same time. */
        tcp_set_state(tcp, SIM_TCP_SYN_RECEIVED);
        tcp->send_next = tcp->initial_send;
        tcp_schedule(tcp);
        return;
    }
    tcp_process_ack(tcp, segment);
    become_established(tcp);
    /* At once, and not with the agent's first octets: the handshake has three segments. */
    tcp_send_ack(tcp);
}

/* --- every other state: RFC 9293 §3.10.7.4 --- */

/* RFC 7323: a segment older than what we have seen comes from the connection's past. */
static bool is_from_the_past(const SimTcp *tcp, const TcpSegment *segment)
{
    return tcp->has_timestamps && segment->has_timestamps && (segment->flags & TCP_RST) == 0 &&
           sequence_before(segment->timestamp, tcp->timestamp_recent);
}

static void receive_reset(SimTcp *tcp, const TcpSegment *segment)
{
    if (segment->sequence != tcp->receive_next) {
        /* In the window, but not exact: perhaps a forger's. The true peer will answer the
         * challenge with an exact one. */
        tcp->needs_ack = true;
        return;
    }
    switch ((SimTcpState)tcp->state) {
    case SIM_TCP_SYN_RECEIVED:
        if (tcp->is_passive) {
            tcp->is_released = true;
        }
        tcp_finish(tcp, SIM_TCP_ERROR_REFUSED);
        break;
    case SIM_TCP_CLOSING:
    case SIM_TCP_LAST_ACK:
        /* Nothing but the answer to our FIN was missing: the peer has forgotten us already. */
        tcp_finish(tcp, tcp->send_queue.length == 0 ? SIM_TCP_ERROR_NONE : SIM_TCP_ERROR_RESET);
        break;
    case SIM_TCP_ESTABLISHED:
    case SIM_TCP_FIN_WAIT_1:
    case SIM_TCP_FIN_WAIT_2:
    case SIM_TCP_CLOSE_WAIT:
        tcp_finish(tcp, SIM_TCP_ERROR_RESET);
        break;
    case SIM_TCP_CLOSED:
    case SIM_TCP_LISTEN:
    case SIM_TCP_SYN_SENT:
    case SIM_TCP_TIME_WAIT:
        g_assert_not_reached();
    }
}

/* Reset, SYN and missing ACK; false: the segment is worked off. */
static bool pass_control_checks(SimTcp *tcp, const TcpSegment *segment)
{
    bool is_acceptable = tcp_is_acceptable(tcp, segment);
    bool is_reset = (segment->flags & TCP_RST) != 0;
    if (!is_acceptable || is_from_the_past(tcp, segment)) {
        bool is_repeated_syn = tcp->state == SIM_TCP_SYN_RECEIVED &&
                               (segment->flags & TCP_SYN) != 0 &&
                               segment->sequence == tcp->initial_receive;
        if (is_repeated_syn && (segment->flags & TCP_ACK) == 0) {
            tcp_retransmit_first(tcp);
        } else if (!is_reset) {
            tcp->needs_ack = true;
        }
        return false;
    }
    if (is_reset) {
        receive_reset(tcp, segment);
        return false;
    }
    if ((segment->flags & TCP_SYN) != 0) {
        tcp->needs_ack = true; /* a challenge: RFC 9293 §3.10.7.4, RFC 5961 */
        return false;
    }
    return (segment->flags & TCP_ACK) != 0;
}

static void remember_timestamp(SimTcp *tcp, const TcpSegment *segment)
{
    if (tcp->has_timestamps && segment->has_timestamps &&
        sequence_up_to(segment->sequence, tcp->last_ack_sent)) {
        tcp->timestamp_recent = segment->timestamp;
    }
}

/* Our FIN has been acknowledged. */
static void after_fin_acknowledged(SimTcp *tcp)
{
    if (tcp->state == SIM_TCP_FIN_WAIT_1) {
        tcp_set_state(tcp, SIM_TCP_FIN_WAIT_2);
    } else if (tcp->state == SIM_TCP_CLOSING) {
        enter_time_wait(tcp);
    } else if (tcp->state == SIM_TCP_LAST_ACK) {
        tcp_finish(tcp, SIM_TCP_ERROR_NONE);
    }
}

static void after_fin_received(SimTcp *tcp)
{
    switch ((SimTcpState)tcp->state) {
    case SIM_TCP_SYN_RECEIVED:
    case SIM_TCP_ESTABLISHED:
        tcp_set_state(tcp, SIM_TCP_CLOSE_WAIT);
        break;
    case SIM_TCP_FIN_WAIT_1:
        tcp_set_state(tcp, SIM_TCP_CLOSING);
        break;
    case SIM_TCP_FIN_WAIT_2:
        enter_time_wait(tcp);
        break;
    case SIM_TCP_CLOSED:
    case SIM_TCP_LISTEN:
    case SIM_TCP_SYN_SENT:
    case SIM_TCP_CLOSE_WAIT:
    case SIM_TCP_CLOSING:
    case SIM_TCP_LAST_ACK:
    case SIM_TCP_TIME_WAIT:
        break;
    }
}

static bool
establish_if_acknowledged(SimTcp *tcp, const IpPacket *packet, const TcpSegment *segment)
{
    if (tcp->state != SIM_TCP_SYN_RECEIVED) {
        return true;
    }
    if (segment->acknowledgment != tcp->initial_send + 1) {
        tcp_send_reset_for(tcp->entry.key.host, packet, segment);
        return false;
    }
    become_established(tcp);
    return true;
}

static void receive_in_connection(SimTcp *tcp, const IpPacket *packet, const TcpSegment *segment)
{
    if (!pass_control_checks(tcp, segment)) {
        return;
    }
    remember_timestamp(tcp, segment);
    if (!establish_if_acknowledged(tcp, packet, segment)) {
        return;
    }
    if (sequence_before(tcp->send_highest, segment->acknowledgment)) {
        tcp->needs_ack = true; /* of octets we never sent */
        return;
    }
    tcp_process_ack(tcp, segment);
    if (tcp->is_fin_sent && tcp->unacknowledged == tcp->send_highest) {
        after_fin_acknowledged(tcp);
    }
    if (tcp->is_finished) {
        return;
    }
    bool had_fin = tcp->is_fin_received;
    tcp_receive_octets(tcp, segment);
    if (!tcp->is_finished && tcp->is_fin_received && !had_fin) {
        tcp_note(tcp, TCP_NOTE_PEER_CLOSED);
        after_fin_received(tcp);
    }
}

void tcp_receive(SimHost *host, const IpPacket *packet)
{
    TcpSegment segment;
    if (!tcp_read_segment(packet, &segment)) {
        return;
    }
    TcpKey key = {
        .host = host,
        .local = packet->header.destination,
        .remote = packet->header.source,
        .local_port = segment.destination_port,
        .remote_port = segment.source_port,
    };
    TcpEntry *entry = tcp_table_find(host->world->tcp, &key);
    if (host->port_policies != NULL) {
        SimPortPolicy policy = host_port_policy(host, key.local_port);
        if (policy == SIM_PORT_REJECT) {
            icmp_send_error(host, packet, ICMP_PROHIBITED, 0);
        }
        if (policy != SIM_PORT_OPEN) {
            return;
        }
    }
    if (entry == NULL) {
        receive_new(host, packet, &key, &segment);
        return;
    }
    if (entry->is_time_wait) {
        receive_in_time_wait(host, (TimeWait *)entry, packet, &segment);
        return;
    }
    SimTcp *tcp = (SimTcp *)entry;
    if (tcp->timer_purpose == TCP_TIMER_KEEP_ALIVE) {
        tcp->retries = 0;
        tcp_stop_timer(tcp);
    }
    if (tcp->state == SIM_TCP_SYN_SENT) {
        receive_in_syn_sent(tcp, packet, &segment);
    } else {
        segment.window = (guint32)segment.raw_window << tcp->send_scale;
        receive_in_connection(tcp, packet, &segment);
    }
    tcp_schedule(tcp);
}

/* --- ICMP --- */

/* RFC 9293 §3.9.2.2: an established connection takes such news as a hint. One that is only being
 * opened gives up at once, as nearly all systems do, so that the agent can try elsewhere. */
void tcp_receive_error(SimHost *host, const IpPacket *quoted, SimUnreachable reason)
{
    TcpKey key = {
        .host = host,
        .local = quoted->header.source,
        .remote = quoted->header.destination,
        .local_port = get_16(quoted->payload),
        .remote_port = get_16(quoted->payload + 2),
    };
    TcpEntry *entry = tcp_table_find(host->world->tcp, &key);
    if (entry == NULL || entry->is_time_wait) {
        return;
    }
    SimTcp *tcp = (SimTcp *)entry;
    guint32 sequence = get_32(quoted->payload + 4);
    if (sequence_before(sequence, tcp->unacknowledged) ||
        sequence_before(tcp->send_highest, sequence)) {
        return;
    }
    if (reason == SIM_UNREACHABLE_TOO_BIG) {
        tcp_set_maximum_segment(tcp);
        tcp->send_next = tcp->unacknowledged;
        tcp_schedule(tcp);
    } else if (tcp->state == SIM_TCP_SYN_SENT) {
        bool is_refusal = reason == SIM_UNREACHABLE_PORT;
        tcp_finish(tcp, is_refusal ? SIM_TCP_ERROR_REFUSED : SIM_TCP_ERROR_UNREACHABLE);
    } else {
        tcp->soft_error = SIM_TCP_ERROR_UNREACHABLE;
    }
}
