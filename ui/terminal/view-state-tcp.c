#include "ui/terminal/view-state-tcp.h"

#include <stdlib.h>
#include <string.h>

#define CLOSED "CLOSED"
#define TIME_WAIT "TIME-WAIT"
#define LISTEN "LISTEN"

/* Borrowed from the log. */
typedef struct {
    const WorldLogEvent *client; /* NULL: that end has no state (any more) */
    const WorldLogEvent *server;
} Pair;

static const char *port_of(const char *end)
{
    const char *space = strrchr(end, ' ');
    return space == NULL ? "" : space + 1;
}

/* Of two ports the lower one is the server's. */
static bool is_client(const WorldLogEvent *event)
{
    return atoi(port_of(event->local)) > atoi(port_of(event->remote));
}

static void add_end(gpointer data, const WorldLogEvent *event)
{
    GArray *pairs = data;
    bool is_over = g_strcmp0(event->state, CLOSED) == 0 || g_strcmp0(event->state, LISTEN) == 0;
    if (is_over || event->local == NULL || event->remote == NULL) {
        return;
    }
    for (guint i = pairs->len; i > 0; i--) {
        Pair *pair = &g_array_index(pairs, Pair, i - 1);
        const WorldLogEvent *other = pair->client != NULL ? pair->client : pair->server;
        bool is_one =
            g_str_equal(other->local, event->remote) && g_str_equal(other->remote, event->local);
        if (is_one && (pair->client == NULL || pair->server == NULL)) {
            *(pair->client == NULL ? &pair->client : &pair->server) = event;
            return;
        }
    }
    Pair pair = {.client = is_client(event) ? event : NULL};
    pair.server = pair.client == NULL ? event : NULL;
    g_array_append_val(pairs, pair);
}

static bool is_waiting(const Pair *pair)
{
    return (pair->client == NULL || g_str_equal(pair->client->state, TIME_WAIT)) &&
           (pair->server == NULL || g_str_equal(pair->server->state, TIME_WAIT));
}

/* Why the two ends of a connection do not agree: what one has sent has not reached the other. */
static const char *why_they_differ(const char *client, const char *server)
{
    static const struct {
        const char *client;
        const char *server;
        const char *why;
    } rows[] = {
        {"SYN-SENT", "SYN-RECEIVED", " (its SYN is on the way)"},
        {"ESTABLISHED", "SYN-RECEIVED", " (the last ACK is on the way)"},
        {"ESTABLISHED", "FIN-WAIT-1", " (its FIN is on the way)"},
        {"FIN-WAIT-1", "ESTABLISHED", " (the FIN of the client is on the way)"},
        {"LAST-ACK", "TIME-WAIT", " (the last ACK is on the way)"},
        {"TIME-WAIT", "LAST-ACK", " (the last ACK is on the way)"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_str_equal(client, rows[i].client) && g_str_equal(server, rows[i].server)) {
            return rows[i].why;
        }
    }
    return "";
}

static char *text_of(const Pair *pair)
{
    const WorldLogEvent *client = pair->client;
    const WorldLogEvent *server = pair->server;
    if (server == NULL) {
        return g_strdup_printf("%s to %s: %s", client->host, client->remote, client->state);
    }
    const char *port = port_of(server->local);
    if (client == NULL) {
        return g_strdup_printf(
            "%s to %s port %s: at the server %s", server->remote, server->host, port, server->state
        );
    }
    bool is_same = g_str_equal(client->state, server->state);
    return g_strdup_printf(
        "%s to %s port %s: %s%s%s%s",
        client->host,
        server->host,
        port,
        client->state,
        is_same ? "" : "; at the server ",
        is_same ? "" : server->state,
        why_they_differ(client->state, server->state)
    );
}

GPtrArray *view_state_tcp(const WorldLog *log, guint moment)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    guint waiting = 0;
    world_log_state(log, WORLD_EVENT_TCP_STATE, moment, add_end, pairs);
    for (guint i = pairs->len; i > 0; i--) {
        const Pair *pair = &g_array_index(pairs, Pair, i - 1);
        if (is_waiting(pair)) {
            waiting++;
        } else {
            g_ptr_array_add(texts, text_of(pair));
        }
    }
    if (waiting > 0) {
        g_ptr_array_add(texts, g_strdup_printf("over, but still in " TIME_WAIT ": %u", waiting));
    }
    return texts;
}
