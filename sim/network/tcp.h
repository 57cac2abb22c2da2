#pragma once

/* TCP for agents, after RFC 9293. A connection (SimTcp) belongs to the network. Its handlers are
 * called from the event queue, never from inside a call of the agent, in this order:
 *
 *     connected ──> received, writable (any number) ──> peer_closed ──> closed
 *
 * An accepted connection is connected already, so 'connected' is not called for it. 'closed' comes
 * exactly once, whatever went wrong, unless the agent gave the connection up by
 * sim_tcp_release(); after it the pointer is dead. Octets not yet consumed can still be read in
 * peer_closed and closed. The agent has to call sim_tcp_close() itself: after peer_closed it may go
 * on sending. What is sent in one callback leaves together when the callback is over. */

#include "protocol/text/byte-span.h"
#include "sim/network/host.h"

typedef struct SimTcp SimTcp;
typedef struct SimTcpListener SimTcpListener;

/* Why a connection ended. */
typedef enum {
    SIM_TCP_ERROR_NONE,        /* both sides closed, every octet was acknowledged */
    SIM_TCP_ERROR_REFUSED,     /* reset in answer to our SYN */
    SIM_TCP_ERROR_UNREACHABLE, /* no route, no such neighbour, or ICMP said so */
    SIM_TCP_ERROR_TIMED_OUT,   /* no answer, however often we asked */
    SIM_TCP_ERROR_RESET,       /* reset in the middle */
    SIM_TCP_ERROR_ABORTED,     /* by our own sim_tcp_abort(), or the host went down */
} SimTcpError;

/* RFC 9293 §3.3.2 */
typedef enum {
    SIM_TCP_CLOSED,
    SIM_TCP_LISTEN,
    SIM_TCP_SYN_SENT,
    SIM_TCP_SYN_RECEIVED,
    SIM_TCP_ESTABLISHED,
    SIM_TCP_FIN_WAIT_1,
    SIM_TCP_FIN_WAIT_2,
    SIM_TCP_CLOSE_WAIT,
    SIM_TCP_CLOSING,
    SIM_TCP_LAST_ACK,
    SIM_TCP_TIME_WAIT,
} SimTcpState;

/* Each may be NULL. */
typedef struct {
    void (*connected)(SimTcp *tcp, gpointer data);
    void (*received)(SimTcp *tcp, gpointer data);    /* sim_tcp_peek() has more than before */
    void (*writable)(SimTcp *tcp, gpointer data);    /* room again, after a send fell short */
    void (*peer_closed)(SimTcp *tcp, gpointer data); /* nothing more will come */
    void (*closed)(SimTcp *tcp, SimTcpError error, gpointer data);
} SimTcpHandlers;

/* How a host's connections behave; each connection copies them when it begins. */
typedef struct {
    bool has_nagle;       /* default: on */
    bool has_delayed_ack; /* default: on */
    bool has_window_scale;
    bool has_sack;
    bool has_timestamps;
    bool has_keep_alive;      /* default: off (RFC 9293 §3.8.4) */
    guint16 maximum_segment;  /* 0: from the interface's MTU */
    guint32 receive_buffer;   /* octets, at most SIM_TCP_BUFFER_MAX; 64 KiB */
    guint32 send_buffer;      /* octets, at most SIM_TCP_BUFFER_MAX; 64 KiB */
    SimTime delayed_ack;      /* 40 ms */
    SimTime minimum_timeout;  /* least retransmission timeout: 1 s (RFC 6298 §2) */
    SimTime maximum_timeout;  /* 60 s */
    guint syn_retries;        /* 6: with a first timeout of 1 s gives up after 127 s */
    guint data_retries;       /* 15 */
    SimTime segment_lifetime; /* MSL: 30 s; TIME-WAIT lasts twice as long */
    SimTime keep_alive_idle;  /* 2 h */
    SimTime keep_alive_interval;
    guint keep_alive_probes;
} SimTcpOptions;

#define SIM_TCP_BUFFER_MAX (16u << 20)

/* The host's own options, to be changed in place. */
SimTcpOptions *sim_host_tcp_options(SimHost *host);

/* Called with each new connection once it is established. It gives the connection its handlers by
 * sim_tcp_set_handlers() before it returns; one without handlers is reset. */
typedef void (*SimTcpAccept)(SimTcp *tcp, gpointer data);

/* 'address' NULL: all of the host's. NULL when the port is taken. */
SimTcpListener *sim_tcp_listen(
    SimHost *host, const SimAddress *address, guint16 port, SimTcpAccept accept, gpointer data
);
void sim_tcp_listener_free(SimTcpListener *listener); /* open connections stay */
bool sim_tcp_is_listening(const SimHost *host, guint16 port);
/* More than this many half-open connections are not answered; 128. */
void sim_tcp_listener_set_backlog(SimTcpListener *listener, guint backlog);

/* Never NULL: what goes wrong is told by 'closed'. */
SimTcp *sim_tcp_connect(
    SimHost *host,
    const SimAddress *address,
    guint16 port,
    const SimTcpHandlers *handlers,
    gpointer data
);
/* From a chosen port and address; 'from' NULL and 'from_port' 0: chosen by the host. A pair of
 * ports already in use ends with SIM_TCP_ERROR_UNREACHABLE. */
SimTcp *sim_tcp_connect_from(
    SimHost *host,
    const SimAddress *from,
    guint16 from_port,
    const SimAddress *address,
    guint16 port,
    const SimTcpHandlers *handlers,
    gpointer data
);
void sim_tcp_set_handlers(SimTcp *tcp, const SimTcpHandlers *handlers, gpointer data);

/* Takes as many octets as the send buffer has room for and says how many. 0 after sim_tcp_close().
 * Once it took less than all, 'writable' follows. */
gsize sim_tcp_send(SimTcp *tcp, ByteSpan octets);
gsize sim_tcp_send_room(const SimTcp *tcp);
gsize sim_tcp_unacknowledged(const SimTcp *tcp); /* octets taken and not yet acknowledged */

/* What has arrived in order and was not yet consumed; borrowed until the next call that consumes
 * or the end of the callback. Unread octets close the window, as they should. */
ByteSpan sim_tcp_peek(const SimTcp *tcp);

/* For those who want to know what programs got: told of all octets of the world that are taken out
 * of connections, in order. NULL: nobody watches any more. */
typedef void (*SimSocketWatch)(const SimTcp *tcp, ByteSpan octets, gpointer data);
void sim_world_watch_sockets(SimWorld *world, SimSocketWatch watch, gpointer data);
void sim_tcp_consume(SimTcp *tcp, gsize length);

/* No more will be sent; what was taken still goes out, then FIN. Receiving goes on. */
void sim_tcp_close(SimTcp *tcp);
/* Reset; 'closed' follows with SIM_TCP_ERROR_ABORTED. */
void sim_tcp_abort(SimTcp *tcp);
/* The agent forgets it: no handler is called again, the pointer is dead. An open connection is
 * closed in the orderly way; octets that still arrive are reset, as RFC 9293 §3.6.1 allows. */
void sim_tcp_release(SimTcp *tcp);

void sim_tcp_set_nagle(SimTcp *tcp, bool is_on);
void sim_tcp_set_delayed_ack(SimTcp *tcp, bool is_on);
void sim_tcp_set_keep_alive(SimTcp *tcp, bool is_on);

SimTcpState sim_tcp_state(const SimTcp *tcp);
const char *sim_tcp_state_name(SimTcpState state); /* "SYN-SENT", as the RFC writes it */
const char *sim_tcp_error_name(SimTcpError error); /* "connection refused" */
guint64 sim_tcp_number(const SimTcp *tcp);         /* of this end, counted from 1 in a world */
SimHost *sim_tcp_host(const SimTcp *tcp);
bool sim_tcp_has_peer_closed(const SimTcp *tcp);
const SimAddress *sim_tcp_local_address(const SimTcp *tcp);
guint16 sim_tcp_local_port(const SimTcp *tcp);
const SimAddress *sim_tcp_remote_address(const SimTcp *tcp);
guint16 sim_tcp_remote_port(const SimTcp *tcp);
gpointer sim_tcp_data(const SimTcp *tcp);

/* Connections held for the whole world, TIME-WAIT included; for measuring. */
gsize sim_world_connection_count(const SimWorld *world);
