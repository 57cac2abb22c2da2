#pragma once

/* Lets any test of the network leave its capture and its log of world events behind, for a referee
 * from outside: set MAILWALK_CAPTURES to a folder. See tests/referee/tshark-expert.py. */

#include "sim/network/frame-log.h"
#include "sim/network/world.h"

typedef struct {
    FrameLog *log;
    GString *events;
} Capture;

static void capture_event(const WorldEvent *event, gpointer data)
{
    Capture *capture = data;
    g_string_append_printf(
        capture->events,
        "%" G_GINT64_FORMAT "\t%s\t%s\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%s\n",
        event->time,
        world_event_kind_name(event->kind),
        event->host == NULL ? "" : sim_host_name(event->host),
        event->connection,
        event->frame,
        event->text
    );
}

static inline void capture_init(Capture *capture, SimWorld *world)
{
    capture->log = frame_log_new(0);
    capture->events = g_string_new(NULL);
    sim_tap_world(world, frame_log_tap, capture->log);
    sim_world_add_observer(world, capture_event, capture);
}

/* After the world is free. */
static inline void capture_clear(Capture *capture, const char *name)
{
    const char *folder = g_getenv("MAILWALK_CAPTURES");
    if (folder != NULL) {
        g_autoptr(GBytes) pcap = frame_log_to_pcap(capture->log);
        gsize length;
        const char *octets = g_bytes_get_data(pcap, &length);
        g_autofree char *pcap_path = g_strdup_printf("%s/%s.pcap", folder, name);
        g_autofree char *events_path = g_strdup_printf("%s/%s.events", folder, name);
        g_file_set_contents(pcap_path, octets, (gssize)length, NULL);
        g_file_set_contents(events_path, capture->events->str, -1, NULL);
    }
    frame_log_free(capture->log);
    g_string_free(capture->events, TRUE);
}
