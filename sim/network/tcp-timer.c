#include "sim/network/tcp-private.h"

#define TIMEOUT_INITIAL SIM_SECOND /* RFC 6298 §2: (2.1) */
#define CLOCK_GRANULARITY SIM_MILLISECOND
#define PROBE_INTERVAL_MAX (60 * SIM_SECOND)
#define ORPHAN_TIMEOUT (60 * SIM_SECOND)

/* RFC 6298 §2, in whole nanoseconds. */
void tcp_measure_rtt(SimTcp *tcp, SimTime rtt)
{
    rtt = MAX(rtt, 1);
    if (tcp->smoothed_rtt == 0) {
        tcp->smoothed_rtt = rtt;
        tcp->rtt_variation = rtt / 2;
    } else {
        SimTime difference = ABS(tcp->smoothed_rtt - rtt);
        tcp->rtt_variation = (3 * tcp->rtt_variation + difference) / 4;
        tcp->smoothed_rtt = MAX((7 * tcp->smoothed_rtt + rtt) / 8, 1);
    }
    SimTime timeout = tcp->smoothed_rtt + MAX(CLOCK_GRANULARITY, 4 * tcp->rtt_variation);
    tcp->timeout = CLAMP(timeout, tcp->options.minimum_timeout, tcp->options.maximum_timeout);
}

static SimTime duration_of(const SimTcp *tcp, TcpTimerPurpose purpose)
{
    switch (purpose) {
    case TCP_TIMER_RETRANSMIT:
        return tcp->timeout;
    case TCP_TIMER_PERSIST:
        return MIN(tcp->timeout << MIN(tcp->probes, 6), PROBE_INTERVAL_MAX);
    case TCP_TIMER_KEEP_ALIVE:
        return tcp->retries == 0 ? tcp->options.keep_alive_idle : tcp->options.keep_alive_interval;
    case TCP_TIMER_ORPHAN:
        return ORPHAN_TIMEOUT;
    }
    g_assert_not_reached();
}

void tcp_start_timer(SimTcp *tcp, TcpTimerPurpose purpose)
{
    timer_park(&tcp->timer);
    tcp->timer_purpose = (guint8)purpose;
    /* A connection that only waits for somebody else does not keep the world busy. */
    tcp->timer.is_background = purpose == TCP_TIMER_KEEP_ALIVE || purpose == TCP_TIMER_ORPHAN;
    sim_timer_set(&tcp->timer, duration_of(tcp, purpose));
}

void tcp_stop_timer(SimTcp *tcp)
{
    timer_park(&tcp->timer);
}

void tcp_update_timer(SimTcp *tcp)
{
    TcpTimerPurpose purpose;
    if (tcp_flight(tcp) > 0) {
        purpose = TCP_TIMER_RETRANSMIT;
    } else if (tcp->state >= SIM_TCP_ESTABLISHED && tcp_has_more_to_send(tcp)) {
        purpose = TCP_TIMER_PERSIST;
    } else if (tcp->is_released && tcp->state == SIM_TCP_FIN_WAIT_2) {
        purpose = TCP_TIMER_ORPHAN;
    } else if (tcp->options.has_keep_alive && tcp->state >= SIM_TCP_ESTABLISHED) {
        purpose = TCP_TIMER_KEEP_ALIVE;
    } else {
        tcp_stop_timer(tcp);
        return;
    }
    if (!sim_timer_is_set(&tcp->timer) || tcp->timer_purpose != purpose) {
        tcp_start_timer(tcp, purpose);
    }
}

static void give_up(SimTcp *tcp)
{
    SimTcpError error = tcp->soft_error == SIM_TCP_ERROR_NONE ? SIM_TCP_ERROR_TIMED_OUT
                                                              : (SimTcpError)tcp->soft_error;
    tcp_finish(tcp, error);
}

static void retransmit(SimTcp *tcp)
{
    bool is_opening = tcp->state == SIM_TCP_SYN_SENT || tcp->state == SIM_TCP_SYN_RECEIVED;
    if (++tcp->retries > (is_opening ? tcp->options.syn_retries : tcp->options.data_retries)) {
        give_up(tcp);
        return;
    }
    tcp_emit(tcp, WORLD_EVENT_TCP_TIMER, 0, "timer", "retransmission timeout");
    tcp->timeout = MIN(2 * tcp->timeout, tcp->options.maximum_timeout); /* RFC 6298 §5: (5.5) */
    if (is_opening) {
        tcp->was_syn_repeated = true;
        tcp->timing_began = 0;
        tcp->send_next = tcp->initial_send;
    } else {
        tcp_congestion_timeout(tcp);
    }
    tcp_schedule(tcp);
}

static void probe(SimTcp *tcp)
{
    if (++tcp->retries > tcp->options.data_retries) {
        give_up(tcp);
        return;
    }
    tcp_emit(tcp, WORLD_EVENT_TCP_TIMER, 0, "timer", "window probe");
    tcp->probes = (guint8)MIN(tcp->probes + 1, G_MAXUINT8 - 1);
    tcp_send_probe(tcp);
    tcp_schedule(tcp);
}

static void keep_alive(SimTcp *tcp)
{
    if (++tcp->retries > tcp->options.keep_alive_probes) {
        give_up(tcp);
        return;
    }
    tcp_emit(tcp, WORLD_EVENT_TCP_TIMER, 0, "timer", "keep-alive");
    /* RFC 9293 §3.8.4: an octet that the peer already has makes it answer. */
    tcp_send_segment(tcp, TCP_ACK, tcp->send_next - 1, 0);
    tcp_schedule(tcp);
}

static void timer_is_due(SimTimer *timer, gpointer data)
{
    (void)timer;
    SimTcp *tcp = data;
    switch ((TcpTimerPurpose)tcp->timer_purpose) {
    case TCP_TIMER_RETRANSMIT:
        retransmit(tcp);
        break;
    case TCP_TIMER_PERSIST:
        probe(tcp);
        break;
    case TCP_TIMER_KEEP_ALIVE:
        keep_alive(tcp);
        break;
    case TCP_TIMER_ORPHAN:
        tcp_finish(tcp, SIM_TCP_ERROR_TIMED_OUT);
        break;
    }
}

static void delayed_ack_is_due(SimTimer *timer, gpointer data)
{
    (void)timer;
    SimTcp *tcp = data;
    if (tcp->unanswered_segments > 0) {
        tcp->needs_ack = true;
        tcp_schedule(tcp);
    }
}

void tcp_timers_init(SimTcp *tcp)
{
    SimWorld *world = tcp->entry.key.host->world;
    tcp->timeout = MAX(TIMEOUT_INITIAL, tcp->options.minimum_timeout);
    sim_timer_init(&tcp->timer, world, timer_is_due, tcp);
    sim_timer_init(&tcp->delayed_ack, world, delayed_ack_is_due, tcp);
}
