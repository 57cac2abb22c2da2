#include "sim/network/tcp-private.h"

/* One past the last octet that the agent has given; a FIN would stand there. */
static guint32 data_end(const SimTcp *tcp)
{
    guint32 first = tcp->unacknowledged + (tcp->unacknowledged == tcp->initial_send);
    return first + tcp->send_queue.length;
}

static bool is_fin_acknowledged(const SimTcp *tcp)
{
    return tcp->is_fin_sent && tcp->unacknowledged == tcp->send_highest;
}

bool tcp_has_more_to_send(const SimTcp *tcp)
{
    if (is_fin_acknowledged(tcp)) {
        return false;
    }
    return sequence_before(tcp->send_next, data_end(tcp) + tcp->wants_fin);
}

static guint32 payload_most(const SimTcp *tcp)
{
    return tcp->maximum_segment - tcp_option_length(tcp, 0);
}

/* --- one segment --- */

static void start_timing(SimTcp *tcp, guint32 sequence, guint32 end)
{
    bool is_new = sequence_up_to(tcp->send_highest, sequence);
    if (tcp->timing_began == 0 && is_new) {
        tcp->timing_began = tcp->entry.key.host->world->now;
        tcp->timing_sequence = end;
    } else if (!is_new && sequence_before(sequence, tcp->timing_sequence)) {
        tcp->timing_began = 0; /* Karn: nobody could tell which copy is answered */
    }
}

static void after_fin_sent(SimTcp *tcp)
{
    tcp->is_fin_sent = true;
    if (tcp->state == SIM_TCP_ESTABLISHED) {
        tcp_set_state(tcp, SIM_TCP_FIN_WAIT_1);
    } else if (tcp->state == SIM_TCP_CLOSE_WAIT) {
        tcp_set_state(tcp, SIM_TCP_LAST_ACK);
    }
}

/* Sends, and tells observers if it is not the first time. */
static bool send_segment(SimTcp *tcp, guint8 flags, guint32 sequence, guint32 length)
{
    SimWorld *world = tcp->entry.key.host->world;
    /* A window probe is no retransmission, however often it is repeated, and neither is the segment
     * whose first octet it tried out. */
    bool is_resent = sequence_before(sequence, tcp->send_highest) && !tcp->has_probed;
    tcp->has_probed = tcp->has_probed && tcp->send_window == 0;
    const Neighbour *neighbour = tcp->path.neighbour;
    bool goes_now = neighbour == NULL || neighbour_is_usable(neighbour, world->now);
    bool is_sent = tcp_send_segment(tcp, flags, sequence, length);
    if (is_resent && is_sent) {
        static const char *const reasons[] = {
            [TCP_RECOVERY_NONE] = "not acknowledged",
            [TCP_RECOVERY_FAST] = "duplicate acknowledgments point at a gap",
            [TCP_RECOVERY_LOSS] = "no acknowledgment in time",
        };
        guint64 frame = goes_now ? world->frame_count : 0;
        tcp_emit(tcp, WORLD_EVENT_TCP_RESENT, frame, "reason", reasons[tcp->recovery]);
    }
    return is_sent;
}

/* Octets from the queue, with PSH at its end, and the FIN if it is due there. */
static guint32 send_octets(SimTcp *tcp, guint32 sequence, guint32 length)
{
    guint8 flags = TCP_ACK;
    bool is_last = sequence + length == data_end(tcp);
    bool has_fin = is_last && tcp->wants_fin;
    if (is_last && length > 0) {
        flags |= TCP_PSH;
    }
    if (has_fin) {
        flags |= TCP_FIN;
    }
    guint32 end = sequence + length + has_fin;
    start_timing(tcp, sequence, end);
    send_segment(tcp, flags, sequence, length);
    tcp->send_highest = sequence_max(tcp->send_highest, end);
    if (has_fin) {
        after_fin_sent(tcp);
    }
    return end;
}

void tcp_send_ack(SimTcp *tcp)
{
    /* RFC 9293 §3.10.7.4: <SEQ=SND.NXT>. While segments are being sent again that is behind what
     * the peer has; while a closed window is probed, the highest is ahead of what it will take. */
    tcp_send_segment(tcp, TCP_ACK, tcp_flight(tcp) > 0 ? tcp->send_highest : tcp->send_next, 0);
}

static void send_syn(SimTcp *tcp)
{
    guint8 flags = TCP_SYN | (tcp->state == SIM_TCP_SYN_RECEIVED ? TCP_ACK : 0);
    start_timing(tcp, tcp->initial_send, tcp->initial_send + 1);
    if (!send_segment(tcp, flags, tcp->initial_send, 0)) {
        tcp_finish(tcp, SIM_TCP_ERROR_UNREACHABLE);
        return;
    }
    tcp->send_next = tcp->initial_send + 1;
    tcp->send_highest = sequence_max(tcp->send_highest, tcp->send_next);
}

void tcp_retransmit_first(SimTcp *tcp)
{
    if (tcp->unacknowledged == tcp->initial_send) {
        send_syn(tcp);
        return;
    }
    /* No more than was sent before, and no more than the peer will take now. */
    guint32 sent = tcp->send_highest - tcp->unacknowledged;
    guint32 length = MIN(MIN(sent, tcp->send_queue.length), payload_most(tcp));
    length = MIN(length, MAX(tcp->send_window, 1));
    if (tcp->sacked != NULL) {
        length = MIN(length, tcp->sacked->ranges[0].from - tcp->unacknowledged);
    }
    guint32 end = send_octets(tcp, tcp->unacknowledged, length);
    tcp->retransmitted_up_to = sequence_max(tcp->retransmitted_up_to, end);
}

/* --- what may go --- */

/* After a timeout everything is sent again but what the peer has said it holds. */
static void skip_what_arrived(SimTcp *tcp)
{
    if (tcp->sacked != NULL && sequence_before(tcp->send_next, tcp->send_highest)) {
        const SequenceRange *range = sequence_ranges_find(tcp->sacked, tcp->send_next);
        if (range != NULL) {
            tcp->send_next = range->to;
        }
    }
}

static guint32 congestion_room(const SimTcp *tcp)
{
    bool has_scoreboard = tcp->recovery == TCP_RECOVERY_FAST && tcp->sacked != NULL;
    guint32 in_flight = has_scoreboard ? tcp_pipe(tcp) : tcp_flight(tcp);
    guint32 window = tcp->congestion_window;
    if (tcp->recovery == TCP_RECOVERY_NONE && tcp->duplicates < TCP_DUPLICATES_MAX) {
        /* RFC 5681 §3.2: the first two duplicates let a new segment out each. */
        window += tcp->duplicates * tcp->maximum_segment;
    }
    return window > in_flight ? window - in_flight : 0;
}

static guint32 peer_room(const SimTcp *tcp)
{
    guint32 edge = tcp->unacknowledged + tcp->send_window;
    return sequence_before(tcp->send_next, edge) ? edge - tcp->send_next : 0;
}

/* RFC 9293 §3.8.6.2.1 and §3.7.4: full segments, or all there is and nothing on the way. */
static bool is_worth_sending(const SimTcp *tcp, guint32 length, guint32 available)
{
    if (length == 0) {
        return false;
    }
    if (length >= payload_most(tcp) || sequence_before(tcp->send_next, tcp->send_highest)) {
        return true;
    }
    if (length == available) {
        return !tcp->options.has_nagle || tcp_flight(tcp) == 0 || tcp->wants_fin;
    }
    return length >= MAX(tcp->send_window_most / 2, 1);
}

static bool send_hole(SimTcp *tcp)
{
    guint32 from;
    guint32 length;
    if (!tcp_next_hole(tcp, &from, &length) || congestion_room(tcp) < tcp->maximum_segment) {
        return false;
    }
    length = MIN(length, payload_most(tcp));
    length = MIN(length, data_end(tcp) - from);
    tcp->retransmitted_up_to = send_octets(tcp, from, length);
    return true;
}

static bool send_next(SimTcp *tcp)
{
    skip_what_arrived(tcp);
    guint32 end = data_end(tcp);
    if (!sequence_before(tcp->send_next, end)) {
        return false;
    }
    guint32 available = end - tcp->send_next;
    guint32 length = MIN(available, payload_most(tcp));
    if (sequence_before(tcp->send_next, tcp->send_highest) && !tcp->has_probed) {
        /* Old octets and new ones do not share a segment: it could not be told what it is. */
        length = MIN(length, tcp->send_highest - tcp->send_next);
    }
    length = MIN(length, MIN(peer_room(tcp), congestion_room(tcp)));
    if (!is_worth_sending(tcp, length, available)) {
        return false;
    }
    tcp->send_next = send_octets(tcp, tcp->send_next, length);
    return true;
}

static void send_fin(SimTcp *tcp)
{
    bool is_due = tcp->wants_fin && !is_fin_acknowledged(tcp) && tcp->send_next == data_end(tcp);
    if (is_due && (peer_room(tcp) > 0 || tcp_flight(tcp) > 0)) {
        tcp->send_next = send_octets(tcp, tcp->send_next, 0);
    }
}

static bool is_synchronized(const SimTcp *tcp)
{
    return tcp->state >= SIM_TCP_ESTABLISHED && tcp->state != SIM_TCP_TIME_WAIT;
}

void tcp_output(SimTcp *tcp)
{
    bool is_opening = tcp->state == SIM_TCP_SYN_SENT || tcp->state == SIM_TCP_SYN_RECEIVED;
    if (is_opening && tcp->send_next == tcp->initial_send) {
        send_syn(tcp);
    } else if (is_synchronized(tcp)) {
        while (send_hole(tcp) || send_next(tcp)) {
        }
        send_fin(tcp);
    }
    if (tcp->is_finished) {
        return;
    }
    if (tcp->needs_ack && tcp->state != SIM_TCP_SYN_SENT) {
        tcp_send_ack(tcp);
    }
    tcp_update_timer(tcp);
}

/* RFC 9293 §3.8.6.1. SND.NXT stays: the octet counts as sent only if it is taken. */
void tcp_send_probe(SimTcp *tcp)
{
    guint32 end = data_end(tcp);
    guint32 available = end - tcp->send_next;
    guint32 room = peer_room(tcp);
    if (room > 0) {
        guint32 length = MIN(MIN(available, room), payload_most(tcp));
        tcp->send_next = send_octets(tcp, tcp->send_next, length);
    } else {
        tcp->has_probed = true;
        send_octets(tcp, tcp->send_next, MIN(available, 1));
    }
}
