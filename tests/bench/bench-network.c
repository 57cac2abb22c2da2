/* How fast and how small the simulated network is. Every figure is for one core.
 *
 *     bench-network [deliveries]
 *
 * A delivery is one TCP connection with the dialogue of an SMTP session and a message of about one
 * kilobyte, between hosts of different organisations: ARP, two routers and a backbone on the
 * way. */

#include "sim/network/frame-log.h"
#include "sim/network/internet.h"
#include "sim/network/tcp.h"
#include "tests/bench/large-heap.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#define DELIVERIES_DEFAULT 100000
#define MESSAGE_LENGTH 1000

/* What the client says; the server answers each with a line of its own. */
static const char *const questions[] = {
    "EHLO crepes.fr\r\n",
    "MAIL FROM:<alice@crepes.fr>\r\n",
    "RCPT TO:<bob@hamburger.edu>\r\n",
    "DATA\r\n",
    NULL, /* the message */
    "QUIT\r\n",
};

static const char *const answers[] = {
    "220 hamburger.edu Simple Mail Transfer Service Ready\r\n",
    "250 hamburger.edu greets crepes.fr\r\n",
    "250 2.1.0 Sender ok\r\n",
    "250 2.1.5 Recipient ok\r\n",
    "354 Start mail input; end with <CRLF>.<CRLF>\r\n",
    "250 2.0.0 Message accepted for delivery\r\n",
    "221 2.0.0 Closing connection\r\n",
};

typedef struct {
    guint step;
} Session;

typedef struct {
    SimWorld *world;
    GPtrArray *clients;
    GPtrArray *servers;
    guint64 wanted;
    guint64 begun;
    guint64 done;
    guint64 failed;
    guint64 at_once;
    char message[MESSAGE_LENGTH + 1];
} Bench;

static Bench *bench_of(SimTcp *tcp)
{
    return sim_host_data(sim_tcp_host(tcp));
}

static void say(SimTcp *tcp, const char *text)
{
    sim_tcp_send(tcp, byte_span(text, strlen(text)));
}

/* Takes a whole line, or the whole message; both end in CRLF here. */
static bool take_turn(SimTcp *tcp, gsize least)
{
    ByteSpan span = sim_tcp_peek(tcp);
    if (span.length < least || span.data[span.length - 1] != '\n') {
        return false;
    }
    sim_tcp_consume(tcp, span.length);
    return true;
}

static void begin_next(Bench *bench);

static void client_received(SimTcp *tcp, gpointer data)
{
    Session *session = data;
    if (!take_turn(tcp, 1)) {
        return;
    }
    if (session->step < G_N_ELEMENTS(questions)) {
        const char *question = questions[session->step++];
        say(tcp, question == NULL ? bench_of(tcp)->message : question);
    }
}

static void peer_closed(SimTcp *tcp, gpointer data)
{
    (void)data;
    sim_tcp_close(tcp);
}

static void client_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    Bench *bench = bench_of(tcp);
    bench->done++;
    bench->failed += error != SIM_TCP_ERROR_NONE;
    g_free(data);
    begin_next(bench);
}

static void server_received(SimTcp *tcp, gpointer data)
{
    Session *session = data;
    if (!take_turn(tcp, session->step == 5 ? MESSAGE_LENGTH : 1)) {
        return;
    }
    say(tcp, answers[session->step++]);
    if (session->step == G_N_ELEMENTS(answers)) {
        sim_tcp_close(tcp);
    }
}

static void server_closed(SimTcp *tcp, SimTcpError error, gpointer data)
{
    (void)tcp;
    (void)error;
    g_free(data);
}

static const SimTcpHandlers client_handlers = {
    .received = client_received,
    .peer_closed = peer_closed,
    .closed = client_closed,
};

static const SimTcpHandlers server_handlers = {
    .received = server_received,
    .peer_closed = peer_closed,
    .closed = server_closed,
};

static void accept_session(SimTcp *tcp, gpointer data)
{
    (void)data;
    Session *session = g_new0(Session, 1);
    session->step = 1;
    sim_tcp_set_handlers(tcp, &server_handlers, session);
    say(tcp, answers[0]);
}

static void begin_next(Bench *bench)
{
    if (bench->begun == bench->wanted) {
        return;
    }
    guint64 number = bench->begun++;
    SimHost *client = bench->clients->pdata[number % bench->clients->len];
    /* Another stride, so that every client comes to meet every server. */
    guint64 far = number / bench->clients->len + number;
    SimHost *server = bench->servers->pdata[far % bench->servers->len];
    sim_tcp_connect(
        client, sim_host_address(server, SIM_FAMILY_IPV4), 25, &client_handlers, g_new0(Session, 1)
    );
}

/* 'organisations' networks with one client and one server each. */
static Bench *bench_new(guint organisations)
{
    Bench *bench = g_new0(Bench, 1);
    bench->world = sim_world_new(1);
    bench->clients = g_ptr_array_new();
    bench->servers = g_ptr_array_new();
    memset(bench->message, 'x', MESSAGE_LENGTH);
    for (gsize i = 70; i + 72 < MESSAGE_LENGTH; i += 72) {
        memcpy(bench->message + i, "\r\n", 2);
    }
    memcpy(bench->message + MESSAGE_LENGTH - 5, "\r\n.\r\n", 5);
    SimInternet *internet = sim_internet_new(bench->world);
    for (guint i = 0; i < organisations; i++) {
        g_autofree char *name = g_strdup_printf("org-%u.example", i);
        g_autofree char *client_name = g_strdup_printf("client.%s", name);
        g_autofree char *server_name = g_strdup_printf("mail.%s", name);
        SimNetwork *network = sim_internet_network(internet, name);
        SimHost *client = sim_network_host(network, client_name);
        SimHost *server = sim_network_host(network, server_name);
        sim_host_set_data(client, bench);
        sim_host_set_data(server, bench);
        sim_tcp_listen(server, NULL, 25, accept_session, bench);
        g_ptr_array_add(bench->clients, client);
        g_ptr_array_add(bench->servers, server);
    }
    return bench;
}

static void bench_free(Bench *bench)
{
    sim_world_free(bench->world);
    g_ptr_array_unref(bench->clients);
    g_ptr_array_unref(bench->servers);
    g_free(bench);
}

static gsize memory_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* What this process has used, in microseconds: others on the machine do not count. */
static gint64 processor_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (gint64)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static guint64 octets_seen;

static void count_octets(const SimTapFrame *frame, gpointer data)
{
    (void)data;
    octets_seen += frame->octets.length;
}

static void deliver(Bench *bench, guint64 deliveries, guint64 at_once)
{
    bench->wanted = deliveries;
    for (guint64 i = 0; i < MIN(at_once, deliveries); i++) {
        begin_next(bench);
    }
    sim_world_run(bench->world, SIM_TIME_NEVER);
    if (bench->done != deliveries || bench->failed != 0) {
        g_error(
            "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " sessions, %" G_GUINT64_FORMAT " failed",
            bench->done,
            deliveries,
            bench->failed
        );
    }
}

static void report(const char *what, Bench *bench, guint64 octets, gint64 elapsed_us)
{
    double seconds = (double)elapsed_us / 1e6;
    double frames = (double)sim_world_frame_count(bench->world);
    g_print(
        "%-34s %9.0f deliveries/s %6.2f million frames/s %6.0f MB/s %5.1f frames each\n",
        what,
        (double)bench->done / seconds,
        frames / seconds / 1e6,
        (double)octets / seconds / 1e6,
        frames / (double)bench->done
    );
}

static void bench_taps(guint64 deliveries)
{
    for (guint kind = 0; kind < 3; kind++) {
        static const char *const names[] = {"no tap", "tap that counts", "tap into a frame log"};
        Bench *bench = bench_new(100);
        g_autoptr(FrameLog) log = frame_log_new(0);
        octets_seen = 0;
        if (kind == 1) {
            sim_tap_world(bench->world, count_octets, NULL);
        } else if (kind == 2) {
            sim_tap_world(bench->world, frame_log_tap, log);
        }
        gint64 began = processor_time();
        deliver(bench, deliveries, 1000);
        gint64 elapsed = processor_time() - began;
        report(names[kind], bench, kind == 2 ? frame_log_octets(log) : octets_seen, elapsed);
        bench_free(bench);
    }
}

static void bench_sizes(guint64 deliveries)
{
    static const guint sizes[] = {5, 50, 500, 5000};
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        gsize before = memory_in_use();
        gint64 began = processor_time();
        Bench *bench = bench_new(sizes[i]);
        gint64 built = processor_time();
        gsize after = memory_in_use();
        deliver(bench, deliveries, 1000);
        gint64 elapsed = processor_time() - built;
        g_print(
            "%6u hosts and %5u routers: built in %7.2f ms, %5zu octets a host or router; "
            "%5.2f us a delivery\n",
            2 * sizes[i],
            sizes[i],
            (double)(built - began) / 1e3,
            (after - before) / (3 * sizes[i]),
            (double)elapsed / (double)deliveries
        );
        bench_free(bench);
    }
}

/* Connections that say nothing more after the greeting. */
static void bench_connections(void)
{
    static const guint count = 10000;
    Bench *bench = bench_new(100);
    deliver(bench, 200, 200);
    gsize before = memory_in_use();
    static const SimTcpHandlers silent = {0};
    for (guint i = 0; i < count; i++) {
        SimHost *client = bench->clients->pdata[i % 100];
        SimHost *server = bench->servers->pdata[(i + 1) % 100];
        sim_tcp_connect(client, sim_host_address(server, SIM_FAMILY_IPV4), 25, &silent, NULL);
    }
    sim_world_run(bench->world, SIM_TIME_NEVER);
    gsize after = memory_in_use();
    g_print(
        "%u open connections with unread octets on one side: %zu octets for both ends of each\n",
        count,
        (after - before) / count
    );
    SimTime week = sim_world_now(bench->world) + 7 * SIM_DAY;
    gint64 began = processor_time();
    guint64 steps = sim_world_steps(bench->world);
    sim_world_run_until(bench->world, week);
    g_print(
        "a week of idle world with them: %.3f ms, %" G_GUINT64_FORMAT " steps\n",
        (double)(processor_time() - began) / 1e3,
        sim_world_steps(bench->world) - steps
    );
    bench_free(bench);
}

/* --- one long stream --- */

typedef struct {
    guint64 left;
    guint64 got;
    guint8 block[65536];
} Stream;

static void stream_more(SimTcp *tcp, gpointer data)
{
    Stream *stream = data;
    while (stream->left > 0) {
        gsize piece = (gsize)MIN(stream->left, sizeof stream->block);
        gsize taken = sim_tcp_send(tcp, byte_span(stream->block, piece));
        stream->left -= taken;
        if (taken < piece) {
            return;
        }
    }
    sim_tcp_close(tcp);
}

static void stream_received(SimTcp *tcp, gpointer data)
{
    Stream *stream = data;
    ByteSpan span = sim_tcp_peek(tcp);
    stream->got += span.length;
    sim_tcp_consume(tcp, span.length);
}

static const SimTcpHandlers sender_handlers = {.connected = stream_more, .writable = stream_more};
static const SimTcpHandlers receiver_handlers = {
    .received = stream_received,
    .peer_closed = peer_closed,
};

static void accept_stream(SimTcp *tcp, gpointer data)
{
    sim_tcp_set_handlers(tcp, &receiver_handlers, data);
}

static void bench_stream(bool has_tap)
{
    static const guint64 length = 500000000;
    SimWorld *world = sim_world_new(1);
    SimInternet *internet = sim_internet_new(world);
    SimHost *from = sim_network_host(sim_internet_network(internet, "crepes.fr"), "from");
    SimHost *to = sim_network_host(sim_internet_network(internet, "hamburger.edu"), "to");
    sim_host_tcp_options(to)->receive_buffer = 1 << 20;
    sim_host_tcp_options(from)->send_buffer = 1 << 20;
    Stream *stream = g_new0(Stream, 1);
    stream->left = length;
    sim_tcp_listen(to, NULL, 25, accept_stream, stream);
    sim_tcp_connect(from, sim_host_address(to, SIM_FAMILY_IPV4), 25, &sender_handlers, stream);
    octets_seen = 0;
    if (has_tap) {
        sim_tap_world(world, count_octets, NULL);
    }
    gint64 began = processor_time();
    sim_world_run(world, SIM_TIME_NEVER);
    double seconds = (double)(processor_time() - began) / 1e6;
    g_assert(stream->got == length);
    g_print(
        "one stream, %-21s %6.0f MB/s of payload %6.2f million frames/s\n",
        has_tap ? "every frame seen:" : "no tap:",
        (double)length / seconds / 1e6,
        (double)sim_world_frame_count(world) / seconds / 1e6
    );
    sim_world_free(world);
    g_free(stream);
}

int main(int count, char **arguments)
{
    large_heap_prepare();
    guint64 deliveries = count > 1 ? g_ascii_strtoull(arguments[1], NULL, 10) : DELIVERIES_DEFAULT;
    bench_taps(deliveries);
    bench_stream(false);
    bench_stream(true);
    bench_connections();
    bench_sizes(deliveries);
    return EXIT_SUCCESS;
}
