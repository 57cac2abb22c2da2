#include "sim/network/tcp-private.h"

/* RFC 5681 §3.1 */
static guint32 initial_window(guint32 segment)
{
    if (segment > 2190) {
        return 2 * segment;
    }
    return segment > 1095 ? 3 * segment : 4 * segment;
}

void tcp_congestion_init(SimTcp *tcp)
{
    guint32 segment = MAX(tcp->maximum_segment, 1);
    tcp->congestion_window = tcp->was_syn_repeated ? segment : initial_window(segment);
    tcp->slow_start_threshold = G_MAXINT32;
    tcp->recovery_point = tcp->initial_send;
}

void tcp_set_maximum_segment(SimTcp *tcp)
{
    const TcpKey *key = &tcp->entry.key;
    guint32 headers = (guint32)ip_header_length(key->remote.family) + TCP_HEADER;
    guint32 mtu = ip_mtu(key->host, tcp->path.interface, &key->remote);
    guint32 most = MAX(mtu, headers + TCP_MSS_MINIMUM) - headers;
    if (tcp->options.maximum_segment != 0) {
        most = MIN(most, tcp->options.maximum_segment);
    }
    tcp->maximum_segment = MAX(MIN(most, tcp->peer_maximum_segment), TCP_MSS_MINIMUM);
}

guint32 tcp_flight(const SimTcp *tcp)
{
    return tcp->send_next - tcp->unacknowledged;
}

static void grow_window(SimTcp *tcp, guint32 acknowledged)
{
    guint32 segment = tcp->maximum_segment;
    if (tcp->congestion_window < tcp->slow_start_threshold) {
        tcp->congestion_window += MIN(acknowledged, segment);
    } else {
        guint64 gain = (guint64)segment * segment / tcp->congestion_window;
        tcp->congestion_window += (guint32)MAX(gain, 1);
    }
    tcp->congestion_window = MIN(tcp->congestion_window, (guint32)1 << 30);
}

/* --- what the receiver already has --- */

static void note_sacks(SimTcp *tcp, const TcpSegment *segment)
{
    for (guint i = 0; i < segment->sack_count && tcp->has_sack; i++) {
        SackBlock block = segment->sacks[i];
        bool is_sound = sequence_before(block.from, block.to) &&
                        sequence_before(tcp->unacknowledged, block.from) &&
                        sequence_up_to(block.to, tcp->send_highest);
        if (!is_sound) {
            continue;
        }
        if (tcp->sacked == NULL) {
            tcp->sacked = g_new0(SequenceRanges, 1);
        }
        /* A full list loses a block: at worst its octets are sent again. */
        (void)!sequence_ranges_add(tcp->sacked, block.from, block.to);
    }
}

static void forget_sacks(SimTcp *tcp, guint32 before)
{
    if (tcp->sacked != NULL) {
        sequence_ranges_forget_before(tcp->sacked, before);
        if (tcp->sacked->count == 0) {
            g_clear_pointer(&tcp->sacked, g_free);
        }
    }
}

/* RFC 6675: lost, if so much behind it has arrived that it cannot just be late. */
static bool is_lost(const SimTcp *tcp, guint32 sequence)
{
    return sequence_ranges_octets_after(tcp->sacked, sequence) >
           (TCP_DUPLICATES_MAX - 1) * tcp->maximum_segment;
}

/* RFC 6675: octets that are thought to be on the way. */
guint32 tcp_pipe(const SimTcp *tcp)
{
    if (tcp->sacked == NULL) {
        return tcp_flight(tcp);
    }
    guint32 pipe = 0;
    guint32 place = tcp->unacknowledged;
    for (guint32 i = 0; i <= tcp->sacked->count; i++) {
        bool is_last = i == tcp->sacked->count;
        guint32 hole_end = is_last ? tcp->send_highest : tcp->sacked->ranges[i].from;
        guint32 sent_again =
            sequence_min(sequence_max(tcp->retransmitted_up_to, place), hole_end) - place;
        pipe += is_last || !is_lost(tcp, place) ? hole_end - place : sent_again;
        place = is_last ? place : tcp->sacked->ranges[i].to;
    }
    return pipe;
}

bool tcp_next_hole(const SimTcp *tcp, guint32 *out_from, guint32 *out_length)
{
    if (tcp->recovery != TCP_RECOVERY_FAST || tcp->sacked == NULL) {
        return false;
    }
    guint32 place = sequence_max(tcp->retransmitted_up_to, tcp->unacknowledged);
    for (guint32 i = 0; i < tcp->sacked->count; i++) {
        const SequenceRange *range = &tcp->sacked->ranges[i];
        if (sequence_before(place, range->from)) {
            *out_from = place;
            *out_length = range->from - place;
            return is_lost(tcp, place);
        }
        place = sequence_max(place, range->to);
    }
    return false;
}

/* --- recovery --- */

static void halve(SimTcp *tcp)
{
    tcp->slow_start_threshold = MAX(tcp_flight(tcp) / 2, 2 * tcp->maximum_segment);
}

static void enter_fast_recovery(SimTcp *tcp)
{
    tcp_emit(tcp, WORLD_EVENT_TCP_RECOVERY, 0, "recovery", "fast retransmit");
    halve(tcp);
    tcp->recovery = TCP_RECOVERY_FAST;
    tcp->has_partial_ack = false;
    tcp->recovery_point = tcp->send_highest;
    tcp->congestion_window = tcp->slow_start_threshold;
    if (!tcp->has_sack) {
        tcp->congestion_window += TCP_DUPLICATES_MAX * tcp->maximum_segment;
    }
    tcp->timing_began = 0;
    tcp->retransmitted_up_to = tcp->unacknowledged;
    tcp_retransmit_first(tcp);
}

static void receive_duplicate(SimTcp *tcp)
{
    tcp->duplicates = (guint16)MIN(tcp->duplicates + 1, G_MAXUINT16 - 1);
    if (tcp->recovery == TCP_RECOVERY_FAST) {
        if (!tcp->has_sack) {
            tcp->congestion_window += tcp->maximum_segment;
        }
        return;
    }
    bool is_gap_certain = tcp->duplicates >= TCP_DUPLICATES_MAX ||
                          (tcp->sacked != NULL && is_lost(tcp, tcp->unacknowledged));
    /* RFC 6582: not again for what was sent before the last recovery. */
    bool is_new_loss = tcp->has_sack ? sequence_up_to(tcp->recovery_point, tcp->unacknowledged)
                                     : sequence_before(tcp->recovery_point, tcp->unacknowledged);
    if (is_gap_certain && is_new_loss) {
        enter_fast_recovery(tcp);
    }
}

static void leave_recovery(SimTcp *tcp)
{
    tcp_emit(tcp, WORLD_EVENT_TCP_RECOVERY, 0, "recovery", "all losses are made good");
    if (tcp->recovery == TCP_RECOVERY_FAST) {
        guint32 flight = MAX(tcp_flight(tcp), tcp->maximum_segment) + tcp->maximum_segment;
        tcp->congestion_window =
            tcp->has_sack ? tcp->slow_start_threshold : MIN(tcp->slow_start_threshold, flight);
    }
    tcp->recovery = TCP_RECOVERY_NONE;
}

/* RFC 6582: an acknowledgment of something, but not of all, points at the next gap. */
static void receive_partial(SimTcp *tcp, guint32 acknowledged)
{
    if (tcp->has_sack && tcp->sacked != NULL) {
        return; /* the list of holes says what to send */
    }
    tcp_retransmit_first(tcp);
    tcp->congestion_window -= MIN(acknowledged, tcp->congestion_window);
    if (acknowledged >= tcp->maximum_segment) {
        tcp->congestion_window += tcp->maximum_segment;
    }
    tcp->congestion_window = MAX(tcp->congestion_window, tcp->maximum_segment);
}

void tcp_congestion_timeout(SimTcp *tcp)
{
    if (tcp->recovery != TCP_RECOVERY_LOSS) {
        /* RFC 5681 §3.1: what was in flight counts, not the window that allowed it. */
        halve(tcp);
    }
    tcp->recovery = TCP_RECOVERY_LOSS;
    tcp->recovery_point = tcp->send_highest;
    tcp->congestion_window = tcp->maximum_segment;
    tcp->duplicates = 0;
    tcp->timing_began = 0;
    tcp->send_next = tcp->unacknowledged;
    /* RFC 2018: the receiver may have thrown away what it had only promised to keep. */
    g_clear_pointer(&tcp->sacked, g_free);
}

/* --- acknowledgments --- */

static void measure(SimTcp *tcp, const TcpSegment *segment)
{
    SimTime now = tcp->entry.key.host->world->now;
    if (tcp->timing_began != 0 && sequence_up_to(tcp->timing_sequence, segment->acknowledgment)) {
        tcp_measure_rtt(tcp, now - tcp->timing_began);
        tcp->timing_began = 0;
    } else if (tcp->timing_began == 0 && tcp->has_timestamps && segment->has_timestamps) {
        /* After a retransmission only a timestamp says which copy is being answered. */
        guint32 clock = tcp_timestamp_now(tcp->entry.key.host->world, tcp->timestamp_offset);
        guint32 elapsed = clock - segment->timestamp_echo;
        if (segment->timestamp_echo != 0 && elapsed < 1000000) {
            tcp_measure_rtt(tcp, (SimTime)elapsed * SIM_MILLISECOND);
        }
    }
}

/* Takes acknowledged octets off the queue; SYN and FIN count in sequence, but lie in no queue. */
static void take_off(SimTcp *tcp, guint32 acknowledged)
{
    guint32 octets = acknowledged;
    octets -= tcp->unacknowledged == tcp->initial_send;
    octets = MIN(octets, tcp->send_queue.length);
    octet_queue_consume(&tcp->send_queue, &tcp->entry.key.host->world->pool, octets);
    if (octets > 0 && tcp->wants_writable) {
        tcp->wants_writable = false;
        tcp_note(tcp, TCP_NOTE_WRITABLE);
    }
}

static void advance(SimTcp *tcp, const TcpSegment *segment)
{
    guint32 acknowledged = segment->acknowledgment - tcp->unacknowledged;
    bool is_syn_ack = tcp->unacknowledged == tcp->initial_send;
    measure(tcp, segment);
    take_off(tcp, acknowledged);
    tcp->unacknowledged = segment->acknowledgment;
    tcp->send_next = sequence_max(tcp->send_next, tcp->unacknowledged);
    tcp->retries = 0;
    tcp->soft_error = SIM_TCP_ERROR_NONE;
    tcp->duplicates = 0;
    forget_sacks(tcp, tcp->unacknowledged);
    bool is_recovered = sequence_up_to(tcp->recovery_point, tcp->unacknowledged);
    if (tcp->recovery != TCP_RECOVERY_NONE && is_recovered) {
        leave_recovery(tcp);
    } else if (tcp->recovery == TCP_RECOVERY_FAST) {
        receive_partial(tcp, acknowledged);
    } else if (!is_syn_ack) {
        grow_window(tcp, acknowledged);
    }
    /* RFC 6582: in a long recovery only the first partial acknowledgment restarts the timer. */
    bool keeps_timer = tcp->recovery == TCP_RECOVERY_FAST && tcp->has_partial_ack;
    tcp->has_partial_ack = tcp->recovery == TCP_RECOVERY_FAST;
    if (!keeps_timer || tcp->unacknowledged == tcp->send_highest) {
        tcp_stop_timer(tcp);
    }
}

/* RFC 5681 §2: the fourth condition is that octets are outstanding. */
static bool is_duplicate(const SimTcp *tcp, const TcpSegment *segment)
{
    return segment->acknowledgment == tcp->unacknowledged && segment->data.length == 0 &&
           (segment->flags & (TCP_SYN | TCP_FIN)) == 0 && tcp_flight(tcp) > 0 &&
           segment->window == tcp->send_window;
}

static void update_window(SimTcp *tcp, const TcpSegment *segment)
{
    bool is_news = sequence_before(tcp->window_sequence, segment->sequence) ||
                   (tcp->window_sequence == segment->sequence &&
                    sequence_up_to(tcp->window_ack, segment->acknowledgment));
    if (!is_news) {
        return;
    }
    if (tcp->send_window == 0 && segment->window > 0) {
        tcp->retries = 0;
        tcp->probes = 0;
        tcp_stop_timer(tcp);
    }
    tcp->send_window = segment->window;
    tcp->send_window_most = MAX(tcp->send_window_most, segment->window);
    tcp->window_sequence = segment->sequence;
    tcp->window_ack = segment->acknowledgment;
}

void tcp_process_ack(SimTcp *tcp, const TcpSegment *segment)
{
    note_sacks(tcp, segment);
    if (sequence_before(tcp->unacknowledged, segment->acknowledgment)) {
        advance(tcp, segment);
    } else if (is_duplicate(tcp, segment)) {
        receive_duplicate(tcp);
    } else if (segment->acknowledgment == tcp->unacknowledged && tcp->send_window == 0) {
        tcp->retries = 0; /* an answer to a probe: the peer is alive */
    }
    if (sequence_up_to(tcp->unacknowledged, segment->acknowledgment)) {
        update_window(tcp, segment);
    }
}
