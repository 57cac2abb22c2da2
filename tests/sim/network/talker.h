#pragma once

/* One end of a random talk over TCP: what it has to say, in which manner it hears, and what it
 * notes of it. Who made the talk owns both talkers. */

#include "sim/network/tcp.h"
#include "tests/support/test.h"

typedef enum {
    MANNER_CLOSES_FIRST,  /* says its piece and closes */
    MANNER_CLOSES_SECOND, /* says its piece, closes when the other has */
    MANNER_ABORTS,        /* resets in the middle */
    MANNER_VANISHES,      /* lets go in the middle: a program that ends */
} Manner;

typedef struct Talker {
    struct Talk *talk;
    SimTcp *tcp;
    SimRandom random;
    Manner manner;
    GByteArray *says;
    gsize said; /* handed to TCP */
    GByteArray *heard;
    gsize reads_at_most; /* octets at a time */
    SimTime reads_every; /* 0: at once */
    SimTimer reading;
    bool has_closed;
    bool is_over;
    bool peer_closed;
    SimTcpError error;
} Talker;

typedef struct Talk {
    SimWorld *world;
    Talker client;
    Talker server;
    bool is_link_cut;
} Talk;

static void say(Talker *talker)
{
    while (talker->tcp != NULL && talker->said < talker->says->len) {
        gsize piece = 1 + (gsize)sim_random_below(&talker->random, 5000);
        piece = MIN(piece, talker->says->len - talker->said);
        gsize taken =
            sim_tcp_send(talker->tcp, byte_span(talker->says->data + talker->said, piece));
        talker->said += taken;
        if (taken < piece) {
            return;
        }
    }
    bool may_close = talker->manner != MANNER_CLOSES_SECOND || talker->peer_closed;
    if (talker->tcp != NULL && may_close && !talker->has_closed) {
        talker->has_closed = true;
        sim_tcp_close(talker->tcp);
    }
}

static void hear(Talker *talker, gsize most)
{
    ByteSpan span = sim_tcp_peek(talker->tcp);
    gsize length = MIN(span.length, most);
    g_byte_array_append(talker->heard, span.data, (guint)length);
    sim_tcp_consume(talker->tcp, length);
}

static void leave_early(Talker *talker)
{
    if (talker->tcp == NULL || talker->heard->len < talker->says->len / 4) {
        return;
    }
    SimTcp *tcp = talker->tcp;
    if (talker->manner == MANNER_ABORTS) {
        sim_tcp_abort(tcp);
    } else if (talker->manner == MANNER_VANISHES) {
        talker->tcp = NULL;
        talker->is_over = true;
        talker->error = SIM_TCP_ERROR_ABORTED;
        sim_tcp_release(tcp);
    }
}

static void read_some(SimTimer *timer, gpointer data)
{
    Talker *talker = data;
    if (talker->tcp == NULL) {
        return;
    }
    hear(talker, talker->reads_at_most);
    if (sim_tcp_peek(talker->tcp).length > 0) {
        sim_timer_set(timer, talker->reads_every);
    }
    leave_early(talker);
}

static void received(SimTcp *tcp, gpointer data)
{
    Talker *talker = data;
    assert_true(sim_tcp_peek(tcp).length > 0);
    if (talker->reads_every == 0) {
        hear(talker, G_MAXSIZE);
        leave_early(talker);
    } else if (!sim_timer_is_set(&talker->reading)) {
        sim_timer_set(&talker->reading, talker->reads_every);
    }
}

static void writable(SimTcp *tcp, gpointer data)
{
    (void)tcp;
    say(data);
}

static void peer_closed(SimTcp *tcp, gpointer data)
{
    Talker *talker = data;
    assert_true(sim_tcp_has_peer_closed(tcp));
    talker->peer_closed = true;
    say(talker);
}

static void closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Talker *talker = data;
    assert_false(talker->is_over);
    assert_ptr_equal(talker->tcp, tcp);
    hear(talker, G_MAXSIZE);
    talker->is_over = true;
    talker->error = error;
    talker->tcp = NULL;
    sim_timer_cancel(&talker->reading);
}

static const SimTcpHandlers handlers = {
    .connected = writable,
    .received = received,
    .writable = writable,
    .peer_closed = peer_closed,
    .closed = closed,
};

static void accept_talk(SimTcp *tcp, gpointer data)
{
    Talk *talk = data;
    if (talk->server.tcp != NULL || talk->server.is_over) {
        sim_tcp_abort(tcp); /* a doubled SYN that outlived the first connection */
        return;
    }
    talk->server.tcp = tcp;
    sim_tcp_set_handlers(tcp, &handlers, &talk->server);
    say(&talk->server);
}

static void talker_init(Talker *talker, Talk *talk, SimRandom *random)
{
    *talker = (Talker){.talk = talk, .says = g_byte_array_new(), .heard = g_byte_array_new()};
    sim_random_init(&talker->random, sim_random_next(random));
    static const guint lengths[] = {0, 1, 700, 5000, 60000, 200000};
    guint length = lengths[sim_random_below(random, G_N_ELEMENTS(lengths))];
    length = length == 0 ? 0 : 1 + (guint)sim_random_below(random, length);
    g_byte_array_set_size(talker->says, length);
    for (guint i = 0; i < length; i++) {
        talker->says->data[i] = (guint8)sim_random_next(&talker->random);
    }
    talker->reads_at_most = 1 + (gsize)sim_random_below(random, 20000);
    if (sim_random_chance(random, 300000)) {
        talker->reads_every = (SimTime)(1 + sim_random_below(random, 300)) * SIM_MILLISECOND;
        talker->reads_at_most += talker->says->len / 50;
    }
    sim_timer_init(&talker->reading, talk->world, read_some, talker);
    if (sim_random_chance(random, 100000)) {
        talker->manner = sim_random_chance(random, 500000) ? MANNER_ABORTS : MANNER_VANISHES;
    }
}

static void talker_clear(Talker *talker)
{
    g_byte_array_unref(talker->says);
    g_byte_array_unref(talker->heard);
}
