#include "ui/timeline/world-log.h"

#include "sim/network/host.h"

#define KINDS (WORLD_EVENT_SCENARIO + 1)

/* One thing that has a state: its events, in order of time. */
typedef struct {
    WorldEventKind kind;
    GArray *events; /* WorldLogEvent */
} Thing;

struct WorldLog {
    GHashTable *by_name; /* "kind host subject" -> Thing */
    GPtrArray *things;   /* Thing, in order of appearance */
    GStringChunk *hosts;
    guint count;
};

static void clear_event(gpointer data)
{
    WorldLogEvent *event = data;
    g_free(event->text);
    g_free(event->of);
    g_free(event->state);
    g_free(event->local);
    g_free(event->remote);
}

static void free_thing(gpointer data)
{
    Thing *thing = data;
    g_array_unref(thing->events);
    g_free(thing);
}

WorldLog *world_log_new(void)
{
    WorldLog *log = g_new0(WorldLog, 1);
    log->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    log->things = g_ptr_array_new_with_free_func(free_thing);
    log->hosts = g_string_chunk_new(1024);
    return log;
}

void world_log_free(WorldLog *log)
{
    if (log != NULL) {
        g_hash_table_unref(log->by_name);
        g_ptr_array_unref(log->things);
        g_string_chunk_free(log->hosts);
        g_free(log);
    }
}

/* What tells one thing of a kind from another on the same host; NULL: the event tells no state. */
static char *subject_of(const WorldEvent *event)
{
    switch (event->kind) {
    case WORLD_EVENT_TCP_STATE:
        return g_strdup_printf("%" G_GUINT64_FORMAT, event->connection);
    case WORLD_EVENT_QUEUE:
    case WORLD_EVENT_MAILBOX:
        return g_strdup(world_event_field(event, "of"));
    case WORLD_EVENT_NAME:
        return g_strconcat(
            world_event_field(event, "name"), " ", world_event_field(event, "type"), NULL
        );
    case WORLD_EVENT_LINK:
        return g_strdup(world_event_field(event, "link"));
    case WORLD_EVENT_USER: /* what stands on a screen goes on with a row for each line of it */
        return g_str_has_prefix(event->text, "   ") ? NULL : g_strdup("");
    case WORLD_EVENT_HOST:
    case WORLD_EVENT_TIMER:
    case WORLD_EVENT_AGENT:
    case WORLD_EVENT_SCENARIO:
        return g_strdup("");
    case WORLD_EVENT_TCP_TIMER:
    case WORLD_EVENT_TCP_RECOVERY:
    case WORLD_EVENT_TCP_RESENT:
    case WORLD_EVENT_FRAME_LOST:
    case WORLD_EVENT_FRAME_CHANGED:
    case WORLD_EVENT_FRAME_DROPPED:
    case WORLD_EVENT_NEIGHBOUR:
        return NULL;
    }
    return NULL;
}

static Thing *thing_of(WorldLog *log, const WorldEvent *event, const char *host)
{
    g_autofree char *subject = subject_of(event);
    if (subject == NULL) {
        return NULL;
    }
    g_autofree char *name = g_strdup_printf("%d %s %s", (int)event->kind, host, subject);
    Thing *thing = g_hash_table_lookup(log->by_name, name);
    if (thing == NULL) {
        thing = g_new0(Thing, 1);
        thing->kind = event->kind;
        thing->events = g_array_new(FALSE, TRUE, sizeof(WorldLogEvent));
        g_array_set_clear_func(thing->events, clear_event);
        g_ptr_array_add(log->things, thing);
        g_hash_table_insert(log->by_name, g_steal_pointer(&name), thing);
    }
    return thing;
}

void world_log_add(WorldLog *log, const WorldEvent *event)
{
    const char *host = event->host == NULL ? "" : sim_host_name(event->host);
    Thing *thing = log->count < WORLD_LOG_EVENTS_MAXIMUM ? thing_of(log, event, host) : NULL;
    if (thing == NULL) {
        return;
    }
    bool is_tcp = event->kind == WORLD_EVENT_TCP_STATE;
    WorldLogEvent kept = {
        .place = log->count,
        .kind = event->kind,
        .host = g_string_chunk_insert_const(log->hosts, host),
        .text = g_strdup(event->text),
        .of = g_strdup(world_event_field(event, "of")),
        .state = g_strdup(world_event_field(event, is_tcp ? "after" : "state")),
        .local = g_strdup(world_event_field(event, "local")),
        .remote = g_strdup(world_event_field(event, "remote")),
    };
    g_array_append_val(thing->events, kept);
    log->count++;
}

bool world_log_level(const WorldEvent *event, StepLevel *out_level)
{
    switch (event->kind) {
    case WORLD_EVENT_QUEUE: /* how long it is follows from what came and went */
        *out_level =
            world_event_field(event, "of") != NULL ? STEP_LEVEL_DIALOGUE : STEP_LEVEL_STORY;
        return true;
    case WORLD_EVENT_MAILBOX:
    case WORLD_EVENT_AGENT:
    case WORLD_EVENT_USER:
    case WORLD_EVENT_HOST:
    case WORLD_EVENT_TIMER:
    case WORLD_EVENT_SCENARIO:
    case WORLD_EVENT_LINK:
        *out_level = STEP_LEVEL_STORY;
        return true;
    case WORLD_EVENT_FRAME_LOST:
    case WORLD_EVENT_FRAME_CHANGED:
    case WORLD_EVENT_TCP_RESENT:
        *out_level = STEP_LEVEL_PACKETS;
        return true;
    case WORLD_EVENT_TCP_STATE:
    case WORLD_EVENT_TCP_TIMER:
    case WORLD_EVENT_TCP_RECOVERY:
    case WORLD_EVENT_FRAME_DROPPED:
    case WORLD_EVENT_NEIGHBOUR:
    case WORLD_EVENT_NAME:
        return false;
    }
    return false;
}

guint world_log_count(const WorldLog *log)
{
    return log->count;
}

/* The latest of the first 'moment' events; NULL: all are later. */
static const WorldLogEvent *latest(const Thing *thing, guint moment)
{
    guint low = 0;
    guint high = thing->events->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(thing->events, WorldLogEvent, middle).place < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? NULL : &g_array_index(thing->events, WorldLogEvent, low - 1);
}

void world_log_state(
    const WorldLog *log, WorldEventKind kind, guint moment, WorldLogEach each, gpointer data
)
{
    for (guint i = 0; i < log->things->len; i++) {
        const Thing *thing = log->things->pdata[i];
        const WorldLogEvent *event = thing->kind == kind ? latest(thing, moment) : NULL;
        if (event != NULL) {
            each(data, event);
        }
    }
}
