#include "sim/loopback/loopback-dns-relay.h"

#include "sim/network/udp.h"

#define DATAGRAM_MAXIMUM 4096

/* One that waits for its answer. */
typedef struct {
    LoopbackDnsRelay *relay;
    SimUdp *udp;
    GSocketAddress *asker;
    SimTimer patience;
} Question;

struct LoopbackDnsRelay {
    const LoopbackRelayPath *path;
    LoopbackClock *clock;
    GSocket *socket;
    GSource *source;
    GHashTable *questions; /* set of Question */
};

static void free_question(gpointer data)
{
    Question *question = data;
    sim_timer_cancel(&question->patience);
    sim_udp_close(question->udp);
    g_object_unref(question->asker);
    g_free(question);
}

static void forget(Question *question)
{
    g_hash_table_remove(question->relay->questions, question);
}

static void on_silence(SimTimer *timer, gpointer data)
{
    (void)timer;
    forget(data);
}

static void
on_answer(SimUdp *udp, const SimAddress *from, guint16 from_port, ByteSpan octets, gpointer data)
{
    Question *question = data;
    const LoopbackRelayPath *path = question->relay->path;
    (void)udp;
    if (from_port != path->port || !sim_address_equal(from, &path->to)) {
        return;
    }
    g_socket_send_to(
        question->relay->socket,
        question->asker,
        (const char *)octets.data,
        octets.length,
        NULL,
        NULL
    );
    /* From inside of the socket's own handler it cannot be closed; a moment later it can. */
    sim_timer_set(&question->patience, 0);
    if (path->spoken != NULL) {
        path->spoken(path->data);
    }
}

static const SimUdpHandlers handlers = {.received = on_answer};

static void ask(LoopbackDnsRelay *relay, GSocketAddress *asker, ByteSpan octets)
{
    const LoopbackRelayPath *path = relay->path;
    Question *question = g_new0(Question, 1);
    question->udp = sim_udp_open(path->from, NULL, 0, &handlers, question);
    if (question->udp == NULL) {
        g_free(question);
        return;
    }
    question->relay = relay;
    question->asker = g_object_ref(asker);
    sim_timer_init(&question->patience, sim_host_world(path->from), on_silence, question);
    sim_timer_set_background(&question->patience);
    sim_timer_set(&question->patience, LOOPBACK_DNS_PATIENCE);
    g_hash_table_add(relay->questions, question);
    sim_udp_send(question->udp, &path->to, path->port, octets);
}

static gboolean on_datagram(GSocket *socket, GIOCondition condition, gpointer data)
{
    LoopbackDnsRelay *relay = data;
    guint8 octets[DATAGRAM_MAXIMUM];
    g_autoptr(GSocketAddress) from = NULL;
    (void)condition;
    loopback_clock_sync(relay->clock);
    gssize length = g_socket_receive_from(socket, &from, (char *)octets, sizeof octets, NULL, NULL);
    bool has_room = g_hash_table_size(relay->questions) < LOOPBACK_DNS_QUESTIONS_MAXIMUM;
    if (length > 0 && from != NULL && has_room) {
        ask(relay, from, byte_span(octets, (gsize)length));
    }
    return G_SOURCE_CONTINUE;
}

LoopbackDnsRelay *loopback_dns_relay_new(
    const char *address,
    guint16 port,
    const LoopbackRelayPath *path,
    LoopbackClock *clock,
    GError **error
)
{
    g_autoptr(GSocketAddress) place = g_inet_socket_address_new_from_string(address, port);
    g_assert(place != NULL);
    g_autoptr(GSocket) socket = g_socket_new(
        g_socket_address_get_family(place), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT, error
    );
    if (socket == NULL || !g_socket_bind(socket, place, FALSE, error)) {
        return NULL;
    }
    LoopbackDnsRelay *relay = g_new0(LoopbackDnsRelay, 1);
    relay->path = path;
    relay->clock = clock;
    relay->questions = g_hash_table_new_full(NULL, NULL, free_question, NULL);
    g_socket_set_blocking(socket, FALSE);
    relay->socket = g_steal_pointer(&socket);
    relay->source = g_socket_create_source(relay->socket, G_IO_IN, NULL);
    g_source_set_callback(relay->source, G_SOURCE_FUNC(on_datagram), relay, NULL);
    g_source_attach(relay->source, g_main_context_get_thread_default());
    return relay;
}

void loopback_dns_relay_free(LoopbackDnsRelay *relay)
{
    if (relay == NULL) {
        return;
    }
    g_source_destroy(relay->source);
    g_source_unref(relay->source);
    g_hash_table_unref(relay->questions);
    g_socket_close(relay->socket, NULL);
    g_object_unref(relay->socket);
    g_free(relay);
}
