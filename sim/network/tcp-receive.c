#include "sim/network/tcp-private.h"

static Pool *pool_of(const SimTcp *tcp)
{
    return &tcp->entry.key.host->world->pool;
}

/* The window as far as free memory goes; never less than was offered before, for the peer may
 * already be using it. */
static guint32 possible_edge(const SimTcp *tcp)
{
    guint32 used = MIN(tcp->receive_queue.length, tcp->options.receive_buffer);
    guint32 most = (guint32)G_MAXUINT16 << tcp->receive_scale;
    guint32 room = MIN(tcp->options.receive_buffer - used, most);
    return sequence_max(tcp->receive_next + room, tcp->receive_edge);
}

/* RFC 9293 §3.8.6.2.2: no offers of a few octets more. */
static bool is_worth_offering(const SimTcp *tcp, guint32 edge)
{
    guint32 gain = edge - tcp->receive_edge;
    return gain >= MIN(tcp->options.receive_buffer / 2, tcp->maximum_segment);
}

guint32 tcp_window_to_offer(SimTcp *tcp)
{
    guint32 edge = possible_edge(tcp);
    if (is_worth_offering(tcp, edge)) {
        tcp->receive_edge = edge;
    }
    return tcp->receive_edge - tcp->receive_next;
}

void tcp_after_consume(SimTcp *tcp)
{
    guint32 gain = possible_edge(tcp) - tcp->receive_edge;
    guint32 least = MIN(tcp->options.receive_buffer / 2, 2 * tcp->maximum_segment);
    if (gain >= MAX(least, 1) && !tcp->is_fin_received) {
        tcp->needs_ack = true;
        tcp_schedule(tcp);
    }
}

/* RFC 9293 §3.10.7.4, the table of four cases, with SYN and FIN counted as octets. While the window
 * is closed a segment at the right place is let in for the sake of its acknowledgment, and its
 * octets are then cut off. */
bool tcp_is_acceptable(const SimTcp *tcp, const TcpSegment *segment)
{
    bool is_fin = (segment->flags & TCP_FIN) != 0;
    guint32 length = (guint32)segment->data.length + is_fin + ((segment->flags & TCP_SYN) != 0);
    guint32 window = tcp->receive_edge - tcp->receive_next;
    guint32 first = segment->sequence - tcp->receive_next;
    if (window == 0) {
        return first == 0;
    }
    return first < window ||
           (length > 0 && segment->sequence + length - 1 - tcp->receive_next < window);
}

/* When everything up to the edge of a gap is there, what lay beyond it is in order too. */
static void close_gaps(SimTcp *tcp)
{
    SequenceRanges *ranges = tcp->out_of_order;
    if (ranges == NULL) {
        return;
    }
    guint32 before = tcp->receive_next;
    while (ranges->count > 0 && sequence_up_to(ranges->ranges[0].from, tcp->receive_next)) {
        tcp->receive_next = sequence_max(tcp->receive_next, ranges->ranges[0].to);
        sequence_ranges_forget_before(ranges, tcp->receive_next);
    }
    octet_queue_commit(
        &tcp->receive_queue, tcp->receive_queue.length + (tcp->receive_next - before)
    );
    tcp->needs_ack = true; /* RFC 5681 §4.2: at once when a gap is filled, even in part */
    if (ranges->count == 0) {
        g_clear_pointer(&tcp->out_of_order, g_free);
    }
}

static void receive_in_order(SimTcp *tcp, ByteSpan data)
{
    /* What lies beyond a gap stays where it is: only the first octets are new. */
    octet_queue_put(&tcp->receive_queue, pool_of(tcp), tcp->receive_queue.length, data);
    octet_queue_commit(&tcp->receive_queue, tcp->receive_queue.length + (guint32)data.length);
    tcp->receive_next += (guint32)data.length;
    close_gaps(tcp);
    tcp->unanswered_segments++;
    /* RFC 9293 §3.8.6.3: at least every second segment, and not later than half a second. */
    if (!tcp->options.has_delayed_ack || tcp->unanswered_segments >= 2) {
        tcp->needs_ack = true;
    } else if (!tcp->needs_ack) {
        sim_timer_set(&tcp->delayed_ack, tcp->options.delayed_ack);
    }
    tcp_note(tcp, TCP_NOTE_RECEIVED);
}

static void receive_beyond_gap(SimTcp *tcp, guint32 sequence, ByteSpan data)
{
    tcp->needs_ack = true; /* the duplicate that tells the sender of the gap */
    if (tcp->out_of_order == NULL) {
        tcp->out_of_order = g_new0(SequenceRanges, 1);
    }
    guint32 end = sequence + (guint32)data.length;
    if (sequence_ranges_add(tcp->out_of_order, sequence, end)) {
        guint32 offset = tcp->receive_queue.length + (sequence - tcp->receive_next);
        octet_queue_put(&tcp->receive_queue, pool_of(tcp), offset, data);
    }
}

/* The part of the segment that lies in the window and is not known yet. */
static ByteSpan trim(const SimTcp *tcp, guint32 *sequence, ByteSpan data)
{
    if (sequence_before(*sequence, tcp->receive_next)) {
        guint32 known = MIN(tcp->receive_next - *sequence, (guint32)data.length);
        data = byte_span_from(data, known);
        *sequence += known;
    }
    if (sequence_before(tcp->receive_edge, *sequence + (guint32)data.length)) {
        guint32 room =
            sequence_before(*sequence, tcp->receive_edge) ? tcp->receive_edge - *sequence : 0;
        data = byte_span_slice(data, 0, room);
    }
    return data;
}

static bool may_receive(const SimTcp *tcp)
{
    return tcp->state == SIM_TCP_ESTABLISHED || tcp->state == SIM_TCP_FIN_WAIT_1 ||
           tcp->state == SIM_TCP_FIN_WAIT_2;
}

static void receive_fin(SimTcp *tcp, const TcpSegment *segment)
{
    if ((segment->flags & TCP_FIN) != 0 && !tcp->has_fin_sequence) {
        tcp->has_fin_sequence = true;
        tcp->fin_sequence = segment->sequence + (guint32)segment->data.length;
    }
    if (tcp->has_fin_sequence && !tcp->is_fin_received && tcp->fin_sequence == tcp->receive_next) {
        tcp->is_fin_received = true;
        tcp->receive_next++;
        tcp->receive_edge = sequence_max(tcp->receive_edge, tcp->receive_next);
        tcp->needs_ack = true;
    }
}

void tcp_receive_octets(SimTcp *tcp, const TcpSegment *segment)
{
    if (!may_receive(tcp)) {
        return;
    }
    guint32 sequence = segment->sequence;
    ByteSpan data = trim(tcp, &sequence, segment->data);
    if (data.length > 0 && tcp->is_released) {
        /* RFC 9293 §3.6.1: the agent has gone; the peer must learn that nobody reads this. */
        tcp_send_segment(tcp, TCP_RST | TCP_ACK, tcp->send_highest, 0);
        tcp_finish(tcp, SIM_TCP_ERROR_RESET);
        return;
    }
    if (data.length < segment->data.length) {
        tcp->needs_ack = true; /* something was cut off: say where we are */
    }
    if (data.length > 0 && sequence == tcp->receive_next) {
        receive_in_order(tcp, data);
    } else if (data.length > 0) {
        receive_beyond_gap(tcp, sequence, data);
    }
    receive_fin(tcp, segment);
    if ((segment->flags & TCP_FIN) != 0) {
        tcp->needs_ack = true;
    }
}
