#include "sim/network/world-event.h"

#include <string.h>

static const struct {
    WorldEventKind id;
    const char *name;
} kinds[] = {
    {.id = WORLD_EVENT_TCP_STATE, .name = "tcp-state"},
    {.id = WORLD_EVENT_TCP_TIMER, .name = "tcp-timer"},
    {.id = WORLD_EVENT_TCP_RECOVERY, .name = "tcp-recovery"},
    {.id = WORLD_EVENT_TCP_RESENT, .name = "tcp-resent"},
    {.id = WORLD_EVENT_FRAME_LOST, .name = "frame-lost"},
    {.id = WORLD_EVENT_FRAME_CHANGED, .name = "frame-changed"},
    {.id = WORLD_EVENT_FRAME_DROPPED, .name = "frame-dropped"},
    {.id = WORLD_EVENT_NEIGHBOUR, .name = "neighbour"},
    {.id = WORLD_EVENT_LINK, .name = "link"},
    {.id = WORLD_EVENT_HOST, .name = "host"},
    {.id = WORLD_EVENT_NAME, .name = "name"},
    {.id = WORLD_EVENT_TIMER, .name = "timer"},
    {.id = WORLD_EVENT_QUEUE, .name = "queue"},
    {.id = WORLD_EVENT_MAILBOX, .name = "mailbox"},
    {.id = WORLD_EVENT_AGENT, .name = "agent"},
    {.id = WORLD_EVENT_USER, .name = "user"},
    {.id = WORLD_EVENT_SCENARIO, .name = "scenario"},
};

const char *world_event_kind_name(WorldEventKind kind)
{
    g_assert((gsize)kind < G_N_ELEMENTS(kinds) && kinds[kind].id == kind);
    return kinds[kind].name;
}

const char *world_event_field(const WorldEvent *event, const char *name)
{
    for (gsize i = 0; i < event->field_count; i++) {
        if (strcmp(event->fields[i].name, name) == 0) {
            return event->fields[i].value;
        }
    }
    return NULL;
}
