#include "sim/loopback/loopback-server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define ACCEPTED_AT_ONCE 64
#define PAUSE_MS 100 /* when no descriptor is left */

typedef struct {
    LoopbackServer *server;
    LoopbackService service;
    LoopbackPlace place;
    GSocket *socket;
    GSource *source; /* NULL: not listening just now */
} Listener;

struct LoopbackServer {
    LoopbackLinks links;
    GPtrArray *listeners;
    GHashTable *open; /* set of LoopbackLink */
    GSource *pause;
    guint maximum;
    guint64 accepted;
};

static void watch(Listener *listener);

static void drop_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static void free_listener(gpointer data)
{
    Listener *listener = data;
    drop_source(&listener->source);
    g_socket_close(listener->socket, NULL);
    g_object_unref(listener->socket);
    g_free(listener);
}

static void watch_all(LoopbackServer *server)
{
    for (guint i = 0; i < server->listeners->len; i++) {
        watch(server->listeners->pdata[i]);
    }
}

static gboolean on_pause_over(gpointer data)
{
    LoopbackServer *server = data;
    drop_source(&server->pause);
    watch_all(server);
    return G_SOURCE_REMOVE;
}

/* A client that cannot be accepted keeps the socket readable, so looking away is all that helps. */
static void pause_listening(LoopbackServer *server)
{
    for (guint i = 0; i < server->listeners->len; i++) {
        drop_source(&((Listener *)server->listeners->pdata[i])->source);
    }
    if (server->pause == NULL) {
        server->pause = g_timeout_source_new(PAUSE_MS);
        g_source_set_callback(server->pause, on_pause_over, server, NULL);
        g_source_attach(server->pause, g_main_context_get_thread_default());
    }
}

static void on_gone(gpointer data, LoopbackLink *link)
{
    LoopbackServer *server = data;
    g_hash_table_remove(server->open, link);
}

static void serve(Listener *listener, GSocket *socket)
{
    LoopbackServer *server = listener->server;
    LoopbackPlace client;
    g_autoptr(GSocketAddress) from = g_socket_get_remote_address(socket, NULL);
    if (from == NULL || !loopback_place_read(from, &client)) {
        g_object_unref(socket); /* it has gone again */
        return;
    }
    LoopbackLink *link = loopback_link_new(&server->links, socket, &client, &listener->place);
    g_hash_table_add(server->open, link);
    const LoopbackService *service = &listener->service;
    gpointer owner = service->accept(service->data, &client, ++server->accepted, link);
    if (owner == NULL) {
        loopback_link_stop(link);
    } else {
        loopback_link_start(link, service->functions, owner);
    }
}

static gboolean on_connection(GSocket *socket, GIOCondition condition, gpointer data)
{
    Listener *listener = data;
    LoopbackServer *server = listener->server;
    (void)condition;
    loopback_clock_sync(server->links.clock);
    for (guint i = 0; i < ACCEPTED_AT_ONCE; i++) {
        g_autoptr(GError) error = NULL;
        if (g_hash_table_size(server->open) >= server->maximum) {
            pause_listening(server);
            return G_SOURCE_REMOVE;
        }
        GSocket *accepted = g_socket_accept(socket, NULL, &error);
        if (accepted != NULL) {
            serve(listener, accepted);
        } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
            return G_SOURCE_CONTINUE;
        } else {
            pause_listening(server);
            return G_SOURCE_REMOVE;
        }
    }
    return G_SOURCE_CONTINUE;
}

static void watch(Listener *listener)
{
    if (listener->source == NULL) {
        listener->source = g_socket_create_source(listener->socket, G_IO_IN, NULL);
        g_source_set_callback(listener->source, G_SOURCE_FUNC(on_connection), listener, NULL);
        g_source_attach(listener->source, g_main_context_get_thread_default());
    }
}

LoopbackServer *loopback_server_new(const LoopbackServerOptions *options)
{
    LoopbackServer *server = g_new0(LoopbackServer, 1);
    server->links.clock = loopback_clock_new(options->world, options->pace);
    server->links.frames = options->frames;
    server->links.gone = on_gone;
    server->links.data = server;
    server->maximum = options->maximum;
    server->listeners = g_ptr_array_new_with_free_func(free_listener);
    server->open = g_hash_table_new(NULL, NULL);
    return server;
}

void loopback_server_free(LoopbackServer *server)
{
    if (server == NULL) {
        return;
    }
    g_ptr_array_set_size(server->listeners, 0);
    drop_source(&server->pause);
    g_autoptr(GList) links = g_hash_table_get_keys(server->open);
    for (GList *item = links; item != NULL; item = item->next) {
        if (g_hash_table_contains(server->open, item->data)) {
            loopback_link_stop(item->data);
        }
    }
    g_hash_table_unref(server->open);
    g_ptr_array_unref(server->listeners);
    loopback_clock_free(server->links.clock);
    g_free(server);
}

static GSocket *open_socket(GSocketAddress *place, GError **error)
{
    g_autoptr(GSocket) socket = g_socket_new(
        g_socket_address_get_family(place), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error
    );
    if (socket == NULL) {
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    g_socket_set_listen_backlog(socket, LOOPBACK_BACKLOG);
    /* Accepted sockets inherit it; where they do not, replies are a little later. */
    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    if (!g_socket_bind(socket, place, TRUE, error) || !g_socket_listen(socket, error)) {
        return NULL;
    }
    return g_steal_pointer(&socket);
}

bool loopback_server_listen(
    LoopbackServer *server,
    const char *address,
    guint16 port,
    const LoopbackService *service,
    guint16 *out_port,
    GError **error
)
{
    g_autoptr(GSocketAddress) place = g_inet_socket_address_new_from_string(address, port);
    if (place == NULL) {
        g_set_error(
            error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is not an IP address", address
        );
        return false;
    }
    GSocket *socket = open_socket(place, error);
    if (socket == NULL) {
        return false;
    }
    g_autoptr(GSocketAddress) bound = g_socket_get_local_address(socket, NULL);
    Listener *listener = g_new0(Listener, 1);
    listener->server = server;
    listener->service = *service;
    listener->socket = socket;
    g_ptr_array_add(server->listeners, listener);
    bool is_known = bound != NULL && loopback_place_read(bound, &listener->place);
    g_assert(is_known); /* it was given an address of that kind */
    *out_port = listener->place.port;
    watch(listener);
    return true;
}

LoopbackClock *loopback_server_clock(const LoopbackServer *server)
{
    return server->links.clock;
}

guint loopback_server_connections(const LoopbackServer *server)
{
    return g_hash_table_size(server->open);
}
