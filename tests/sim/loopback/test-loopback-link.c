#include "tests/support/test.h"

#include "protocol/text/byte-buffer.h"
#include "sim/loopback/loopback-server.h"

#include <sys/socket.h>

/* An owner that says everything back, each octet 'times' times, and closes after a full stop. */
typedef struct {
    LoopbackLink *link;
    ByteBuffer output;
    guint times;
    bool is_closing;
    SimTimer patience;
    guint *ended; /* counts by error */
} Echo;

typedef struct {
    SimWorld *world;
    LoopbackServer *server;
    GMainContext *context;
    guint16 port;
    guint times;
    SimTime patience; /* with silent clients; 0: endless */
    guint ended[16];
    Echo *last;
} Scene;

static void receive(gpointer owner, ByteSpan octets)
{
    Echo *echo = owner;
    for (gsize i = 0; i < octets.length; i++) {
        for (guint j = 0; j < echo->times; j++) {
            assert_true(byte_buffer_append(&echo->output, byte_span_slice(octets, i, 1)));
        }
        echo->is_closing |= octets.data[i] == '.';
    }
}

static ByteSpan output(gpointer owner)
{
    return byte_buffer_span(&((Echo *)owner)->output);
}

static void consume(gpointer owner, gsize length)
{
    byte_buffer_consume(&((Echo *)owner)->output, length);
}

static bool wants_close(gpointer owner)
{
    return ((Echo *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    Echo *echo = owner;
    echo->ended[error]++;
    sim_timer_cancel(&echo->patience);
    byte_buffer_clear(&echo->output);
    g_free(echo);
}

static void on_silence(SimTimer *timer, gpointer data)
{
    Echo *echo = data;
    (void)timer;
    assert_true(byte_buffer_append_string(&echo->output, "421 too slow"));
    echo->is_closing = true;
    loopback_link_carrier.wake(echo->link);
}

static const AgentLinkOwner functions = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

static gpointer
accept_echo(gpointer data, const LoopbackPlace *client, guint64 number, LoopbackLink *link)
{
    Scene *scene = data;
    Echo *echo = g_new0(Echo, 1);
    assert_true(sim_address_is_loopback(&client->address));
    assert_true(number > 0);
    echo->link = link;
    echo->times = scene->times;
    echo->ended = scene->ended;
    sim_timer_init(&echo->patience, scene->world, on_silence, echo);
    if (scene->patience > 0) {
        sim_timer_set(&echo->patience, scene->patience);
    }
    byte_buffer_init(&echo->output, 1u << 26);
    scene->last = echo;
    return echo;
}

static void set_scene(Scene *scene, guint maximum)
{
    g_autoptr(GError) error = NULL;
    *scene = (Scene){.times = 1, .world = sim_world_new(1), .context = g_main_context_new()};
    g_main_context_push_thread_default(scene->context);
    LoopbackServerOptions options = {.world = scene->world, .maximum = maximum};
    LoopbackService service = {.accept = accept_echo, .functions = &functions, .data = scene};
    scene->server = loopback_server_new(&options);
    if (!loopback_server_listen(scene->server, "127.0.0.1", 0, &service, &scene->port, &error)) {
        fail_msg("%s", error->message);
    }
}

static void strike_scene(Scene *scene)
{
    loopback_server_free(scene->server);
    sim_world_free(scene->world);
    g_main_context_pop_thread_default(scene->context);
    g_main_context_unref(scene->context);
}

static GSocket *connect_to(const Scene *scene)
{
    g_autoptr(GSocketAddress) place =
        g_inet_socket_address_new_from_string("127.0.0.1", scene->port);
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    assert_non_null(socket);
    assert_true(g_socket_connect(socket, place, NULL, NULL));
    g_socket_set_blocking(socket, FALSE);
    return socket;
}

static void send_text(GSocket *socket, const char *text)
{
    gssize length = (gssize)strlen(text);
    assert_int_equal(g_socket_send(socket, text, (gsize)length, NULL, NULL), length);
}

static gboolean on_tick(gpointer data)
{
    (void)data;
    return G_SOURCE_CONTINUE;
}

/* Runs the server until the client has read this many octets or the end; gives what it read. */
static char *read_text(Scene *scene, GSocket *socket, gsize wanted)
{
    GString *text = g_string_new(NULL);
    GSource *tick = g_timeout_source_new(5);
    g_source_set_callback(tick, on_tick, NULL, NULL);
    g_source_attach(tick, scene->context);
    gint64 limit = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    while (text->len < wanted && g_get_monotonic_time() < limit) {
        char piece[65536];
        gssize length = g_socket_receive(socket, piece, sizeof piece, NULL, NULL);
        if (length == 0) {
            break;
        }
        if (length > 0) {
            g_string_append_len(text, piece, length);
        } else {
            g_main_context_iteration(scene->context, TRUE);
        }
    }
    g_source_destroy(tick);
    g_source_unref(tick);
    return g_string_free(text, FALSE);
}

static void wait_for_ended(Scene *scene, SimTcpError error, guint count)
{
    gint64 limit = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    GSource *tick = g_timeout_source_new(5);
    g_source_set_callback(tick, on_tick, NULL, NULL);
    g_source_attach(tick, scene->context);
    while (scene->ended[error] < count && g_get_monotonic_time() < limit) {
        g_main_context_iteration(scene->context, TRUE);
    }
    g_source_destroy(tick);
    g_source_unref(tick);
    assert_int_equal(scene->ended[error], count);
}

static void test_says_back(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 10);
    GSocket *socket = connect_to(&scene);
    send_text(socket, "hello");
    g_autofree char *first = read_text(&scene, socket, 5);
    assert_string_equal(first, "hello");
    send_text(socket, "bye.");
    g_autofree char *second = read_text(&scene, socket, 100);
    assert_string_equal(second, "bye.");
    g_socket_close(socket, NULL);
    g_object_unref(socket);
    wait_for_ended(&scene, SIM_TCP_ERROR_NONE, 1);
    assert_int_equal(loopback_server_connections(scene.server), 0);
    strike_scene(&scene);
}

/* A client that has sent all it has to say and closes its side still gets every answer. */
static void test_half_closed(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 10);
    scene.times = 100000;
    GSocket *socket = connect_to(&scene);
    send_text(socket, "ab");
    assert_true(g_socket_shutdown(socket, FALSE, TRUE, NULL));
    g_autofree char *text = read_text(&scene, socket, G_MAXSIZE);
    assert_int_equal(strlen(text), 200000);
    g_object_unref(socket);
    wait_for_ended(&scene, SIM_TCP_ERROR_NONE, 1);
    strike_scene(&scene);
}

/* One that asks and does not listen is not read any more: the server's memory stays small. */
static void test_back_pressure(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 10);
    scene.times = 4;
    GSocket *socket = connect_to(&scene);
    char piece[1000];
    gsize sent = 0;
    memset(piece, 'x', sizeof piece);
    for (guint idle = 0; idle < 20;) {
        gssize length = g_socket_send(socket, piece, sizeof piece, NULL, NULL);
        idle = length > 0 ? 0 : idle + 1;
        sent += length > 0 ? (gsize)length : 0;
        g_main_context_iteration(scene.context, FALSE);
        g_usleep(length > 0 ? 0 : 1000);
    }
    assert_true(sent < 64u << 20);
    assert_true(
        byte_buffer_length(&scene.last->output) <=
        LOOPBACK_OUTPUT_WAITING_MAXIMUM + 4 * LOOPBACK_READ_PIECE
    );
    g_autofree char *text = read_text(&scene, socket, 4 * sent);
    assert_int_equal(strlen(text), 4 * sent);
    g_object_unref(socket);
    wait_for_ended(&scene, SIM_TCP_ERROR_NONE, 1);
    strike_scene(&scene);
}

static void test_silent_client(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 10);
    scene.patience = 50 * SIM_MILLISECOND;
    GSocket *socket = connect_to(&scene);
    g_autofree char *text = read_text(&scene, socket, G_MAXSIZE);
    assert_string_equal(text, "421 too slow");
    g_object_unref(socket);
    wait_for_ended(&scene, SIM_TCP_ERROR_NONE, 1);
    strike_scene(&scene);
}

static void test_broken_off(void **state)
{
    Scene scene;
    struct linger linger = {.l_onoff = 1, .l_linger = 0}; /* so that close() resets */
    (void)state;
    set_scene(&scene, 10);
    GSocket *socket = connect_to(&scene);
    send_text(socket, "hello");
    g_autofree char *text = read_text(&scene, socket, 5);
    assert_int_equal(
        setsockopt(g_socket_get_fd(socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger), 0
    );
    g_socket_close(socket, NULL);
    g_object_unref(socket);
    wait_for_ended(&scene, SIM_TCP_ERROR_RESET, 1);
    strike_scene(&scene);
}

/* An answer that comes later, and an owner that goes away first. */
static void test_wake_and_release(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 10);
    GSocket *socket = connect_to(&scene);
    send_text(socket, "a");
    g_autofree char *first = read_text(&scene, socket, 1);
    assert_true(byte_buffer_append_string(&scene.last->output, "later"));
    loopback_link_carrier.wake(scene.last->link);
    g_autofree char *second = read_text(&scene, socket, 5);
    assert_string_equal(second, "later");
    Echo *echo = scene.last;
    loopback_link_carrier.release(echo->link);
    ended(echo, SIM_TCP_ERROR_ABORTED);
    g_autofree char *third = read_text(&scene, socket, 1);
    assert_string_equal(third, "");
    assert_int_equal(scene.ended[SIM_TCP_ERROR_NONE], 0);
    g_object_unref(socket);
    strike_scene(&scene);
}

/* More clients than may be served wait for their turn; none is lost. */
static void test_more_than_allowed(void **state)
{
    GSocket *sockets[12];
    Scene scene;
    (void)state;
    set_scene(&scene, 4);
    for (guint i = 0; i < G_N_ELEMENTS(sockets); i++) {
        sockets[i] = connect_to(&scene);
        send_text(sockets[i], "x.");
    }
    for (guint i = 0; i < G_N_ELEMENTS(sockets); i++) {
        g_autofree char *text = read_text(&scene, sockets[i], G_MAXSIZE);
        assert_string_equal(text, "x.");
        assert_true(loopback_server_connections(scene.server) <= 4);
        g_object_unref(sockets[i]);
    }
    wait_for_ended(&scene, SIM_TCP_ERROR_NONE, G_N_ELEMENTS(sockets));
    strike_scene(&scene);
}

static void test_port_taken(void **state)
{
    Scene scene;
    g_autoptr(GError) error = NULL;
    guint16 port = 0;
    LoopbackService service = {.accept = accept_echo, .functions = &functions};
    (void)state;
    set_scene(&scene, 4);
    assert_false(
        loopback_server_listen(scene.server, "127.0.0.1", scene.port, &service, &port, &error)
    );
    assert_true(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
    g_clear_error(&error);
    assert_false(loopback_server_listen(scene.server, "mail", 0, &service, &port, &error));
    assert_non_null(error);
    strike_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_says_back),
        cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_silent_client),
        cmocka_unit_test(test_broken_off),
        cmocka_unit_test(test_wake_and_release),
        cmocka_unit_test(test_more_than_allowed),
        cmocka_unit_test(test_port_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
