#pragma once

/* TCP from the inside. Which file does what:
 *
 *     tcp.c             what agents call; telling them what happened
 *     tcp-event.c       names of states and errors; the world's events
 *     tcp-listen.c      listeners, ports, host going down
 *     tcp-table.c       finding a connection by addresses and ports; TIME-WAIT
 *     tcp-segment.c     reading and writing segments and their options
 *     tcp-input.c       RFC 9293 §3.10.7: what an arriving segment does to the state
 *     tcp-receive.c     its octets: order, gaps, window, when to acknowledge
 *     tcp-congestion.c  its acknowledgment: window, round-trip time, recovery
 *     tcp-output.c      what may be sent now
 *     tcp-timer.c       retransmission, zero-window probes, keep-alive
 *
 * A segment is worked off in one go; agents are told and new segments are sent afterwards, from
 * the world's ready list (tcp_schedule()). */

#include "sim/network/host-private.h"
#include "sim/network/ip.h"
#include "sim/network/octet-queue.h"
#include "sim/network/sequence.h"
#include "sim/network/tcp-table.h"
#include "sim/network/tcp.h"

#define TCP_HEADER 20
#define TCP_OPTIONS_MAX 40
#define TCP_TIMESTAMPS_LENGTH 12 /* with the two octets that align it */
#define TCP_MSS_DEFAULT_IPV4 536 /* RFC 9293 §3.7.1 */
#define TCP_MSS_DEFAULT_IPV6 1220
#define TCP_MSS_MINIMUM 28 /* what a link of 68 octets leaves; no peer can ask for less */
#define TCP_DUPLICATES_MAX 3

enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
};

typedef struct {
    guint32 from;
    guint32 to;
} SackBlock;

#define SACK_BLOCKS_MAX 4

/* A segment that has arrived. */
typedef struct {
    guint16 source_port;
    guint16 destination_port;
    guint32 sequence;
    guint32 acknowledgment;
    guint8 flags;
    guint16 raw_window;
    guint32 window; /* scaled */
    ByteSpan data;
    guint16 maximum_segment; /* 0: not given */
    gint8 window_scale;      /* -1: not given */
    bool is_sack_permitted;
    bool has_timestamps;
    guint32 timestamp;
    guint32 timestamp_echo;
    guint sack_count;
    SackBlock sacks[SACK_BLOCKS_MAX];
} TcpSegment;

/* What the one timer of a connection is waiting for. */
typedef enum {
    TCP_TIMER_RETRANSMIT,
    TCP_TIMER_PERSIST,
    TCP_TIMER_KEEP_ALIVE,
    TCP_TIMER_ORPHAN, /* in FIN-WAIT-2, and the agent has gone */
} TcpTimerPurpose;

typedef enum {
    TCP_RECOVERY_NONE,
    TCP_RECOVERY_FAST, /* after duplicate acknowledgments: RFC 5681 §3.2, RFC 6582 */
    TCP_RECOVERY_LOSS, /* after a timeout, until all that was sent before it is acknowledged */
} TcpRecovery;

enum {
    TCP_NOTE_ACCEPTED = 1 << 0,
    TCP_NOTE_CONNECTED = 1 << 1,
    TCP_NOTE_RECEIVED = 1 << 2,
    TCP_NOTE_WRITABLE = 1 << 3,
    TCP_NOTE_PEER_CLOSED = 1 << 4,
    TCP_NOTE_CLOSED = 1 << 5,
};

struct SimTcp {
    TcpEntry entry; /* first: the table holds these */
    SimReady ready;
    SimTcp *next; /* of the same host */
    SimTcp *previous;
    const SimTcpHandlers *handlers;
    gpointer data;
    SimTcpListener *listener; /* while it is not yet accepted */
    guint64 number;
    SimTcpOptions options;
    IpPath path;

    guint8 state; /* SimTcpState */
    guint8 error; /* SimTcpError, once it is closed */
    guint8 soft_error;
    guint8 notes; /* what the agent has not been told yet */
    bool is_released;
    bool is_running; /* its agent is being told something */
    bool is_finished;
    bool is_passive;
    bool has_sack;
    bool has_timestamps;
    bool has_window_scale;
    guint8 send_scale;
    guint8 receive_scale;

    /* sending: RFC 9293 §3.3.1 */
    guint32 initial_send;     /* ISS */
    guint32 unacknowledged;   /* SND.UNA */
    guint32 send_next;        /* SND.NXT; goes back after a timeout */
    guint32 send_highest;     /* the highest it has been */
    guint32 send_window;      /* SND.WND */
    guint32 send_window_most; /* the largest the peer has offered */
    guint32 window_sequence;  /* SND.WL1 */
    guint32 window_ack;       /* SND.WL2 */
    guint32 maximum_segment;  /* what one segment may carry, options included */
    guint32 peer_maximum_segment;
    OctetQueue send_queue; /* from SND.UNA on */
    bool wants_fin;
    bool is_fin_sent;
    bool wants_writable; /* a send fell short */
    bool has_probed;     /* a closed window, with the octet at SND.NXT */

    /* congestion: RFC 5681 */
    guint32 congestion_window;
    guint32 slow_start_threshold;
    guint32 recovery_point;      /* recovery ends when all up to here is acknowledged */
    guint32 retransmitted_up_to; /* in fast recovery with SACK */
    guint16 duplicates;
    guint8 recovery; /* TcpRecovery */
    bool has_partial_ack;
    SequenceRanges *sacked; /* NULL: nothing */

    /* timing: RFC 6298 */
    SimTime smoothed_rtt; /* 0: not measured yet */
    SimTime rtt_variation;
    SimTime timeout;
    SimTime timing_began; /* 0: no segment is being timed */
    guint32 timing_sequence;
    guint8 retries;       /* since the peer was last heard of */
    guint8 probes;        /* since its window closed */
    guint8 timer_purpose; /* TcpTimerPurpose */
    bool was_syn_repeated;
    SimTimer timer;

    /* receiving */
    guint32 initial_receive; /* IRS */
    guint32 receive_next;    /* RCV.NXT */
    guint32 receive_edge;    /* the right edge of the window offered */
    OctetQueue receive_queue;
    SequenceRanges *out_of_order; /* NULL: nothing */
    guint32 fin_sequence;
    bool has_fin_sequence;
    bool is_fin_received;
    bool needs_ack; /* now */
    guint8 unanswered_segments;
    SimTimer delayed_ack;
    guint32 timestamp_offset;
    guint32 timestamp_recent;
    guint32 last_ack_sent;
};

static inline SimTcp *tcp_of_ready(SimReady *ready)
{
    return (SimTcp *)(gpointer)((guint8 *)ready - G_STRUCT_OFFSET(SimTcp, ready));
}

struct SimTcpListener {
    SimTcpListener *next;
    SimHost *host;
    SimAddress address; /* SIM_FAMILY_NONE: all */
    guint16 port;
    guint backlog;
    guint half_open;
    SimTcpAccept accept;
    gpointer data;
};

/* --- tcp.c --- */
void tcp_options_init(SimTcpOptions *options);
SimTcp *tcp_new(SimHost *host, const TcpKey *key);
void tcp_free(SimTcp *tcp);
void tcp_schedule(SimTcp *tcp);
void tcp_note(SimTcp *tcp, guint note);

/* The one place where the state changes. */
void tcp_set_state(SimTcp *tcp, SimTcpState state);

/* It is over: out of the table, the agent is told. */
void tcp_finish(SimTcp *tcp, SimTcpError error);

/* --- tcp-event.c --- */
void tcp_emit_state(
    SimHost *host, const TcpEntry *entry, guint64 number, SimTcpState before, SimTcpState after
);
void tcp_emit(
    SimTcp *tcp, WorldEventKind kind, guint64 frame, const char *field, const char *value
);

/* --- tcp-listen.c --- */
SimTcpListener *tcp_find_listener(const SimHost *host, const SimAddress *address, guint16 port);
void tcp_listeners_free(SimHost *host);
void tcp_forget_connections(SimHost *host);
void tcp_leave_listener(SimTcp *tcp);

/* --- tcp-segment.c --- */
bool tcp_read_segment(const IpPacket *packet, TcpSegment *out_segment);
/* 'length' octets of the send queue from 'sequence' on. False: nowhere to send it. */
bool tcp_send_segment(SimTcp *tcp, guint8 flags, guint32 sequence, guint32 length);
void tcp_send_plain(
    SimHost *host,
    const TcpKey *key,
    guint8 flags,
    guint32 sequence,
    guint32 acknowledgment,
    guint16 window,
    const guint32 *timestamps
);
void tcp_send_reset_for(SimHost *host, const IpPacket *packet, const TcpSegment *segment);
guint tcp_option_length(const SimTcp *tcp, guint8 flags);
guint32 tcp_timestamp_now(const SimWorld *world, guint32 offset);
guint16 tcp_own_maximum_segment(const SimTcp *tcp);
guint32 tcp_initial_sequence(const SimWorld *world, const TcpKey *key);
guint32 tcp_timestamp_offset(const SimWorld *world, const TcpKey *key);

/* --- tcp-input.c --- */
void tcp_receive(SimHost *host, const IpPacket *packet);
void tcp_receive_error(SimHost *host, const IpPacket *quoted, SimUnreachable reason);

/* --- tcp-receive.c --- */
guint32 tcp_window_to_offer(SimTcp *tcp);
bool tcp_is_acceptable(const SimTcp *tcp, const TcpSegment *segment);
void tcp_receive_octets(SimTcp *tcp, const TcpSegment *segment);
void tcp_after_consume(SimTcp *tcp);

/* --- tcp-congestion.c --- */
void tcp_congestion_init(SimTcp *tcp);
void tcp_process_ack(SimTcp *tcp, const TcpSegment *segment);
void tcp_congestion_timeout(SimTcp *tcp);
guint32 tcp_flight(const SimTcp *tcp);
/* In fast recovery with SACK: the next hole to fill; false: none now. */
bool tcp_next_hole(const SimTcp *tcp, guint32 *out_from, guint32 *out_length);
guint32 tcp_pipe(const SimTcp *tcp);
void tcp_set_maximum_segment(SimTcp *tcp);

/* --- tcp-output.c --- */
void tcp_output(SimTcp *tcp);
/* Sends the first unacknowledged segment again. */
void tcp_retransmit_first(SimTcp *tcp);
void tcp_send_ack(SimTcp *tcp);
/* Into a window that is closed, or too small to be worth using otherwise. */
void tcp_send_probe(SimTcp *tcp);
bool tcp_has_more_to_send(const SimTcp *tcp);

/* --- tcp-timer.c --- */
void tcp_timers_init(SimTcp *tcp);
void tcp_start_timer(SimTcp *tcp, TcpTimerPurpose purpose);
void tcp_stop_timer(SimTcp *tcp);
void tcp_update_timer(SimTcp *tcp);
void tcp_measure_rtt(SimTcp *tcp, SimTime rtt);
