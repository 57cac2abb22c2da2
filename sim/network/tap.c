#include "sim/network/tap.h"

#include "sim/network/host-private.h"
#include "sim/network/link-private.h"

struct SimTap {
    SimTap *next;
    SimTap **list; /* where it hangs */
    SimWorld *world;
    SimHost *host; /* a host tap's */
    SimTapCallback callback;
    gpointer data;
    bool shows_loopback;
};

static SimTap *tap_new(SimWorld *world, SimTap **list, SimTapCallback callback, gpointer data)
{
    SimTap *tap = g_new(SimTap, 1);
    *tap = (SimTap){.list = list, .world = world, .callback = callback, .data = data};
    /* At the end: taps are told in the order in which they were set. */
    SimTap **place = list;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = tap;
    return tap;
}

SimTap *sim_tap_world(SimWorld *world, SimTapCallback callback, gpointer data)
{
    return tap_new(world, &world->taps, callback, data);
}

SimTap *sim_tap_link(SimLink *link, SimTapCallback callback, gpointer data)
{
    return tap_new(link->world, &link->taps, callback, data);
}

SimTap *sim_tap_host(SimHost *host, SimTapCallback callback, gpointer data)
{
    SimTap *tap = tap_new(host->world, &host->taps, callback, data);
    tap->host = host;
    host->world->host_tap_count++;
    return tap;
}

void sim_tap_show_loopback(SimTap *tap, bool is_shown)
{
    tap->shows_loopback = is_shown;
}

void sim_tap_remove(SimTap *tap)
{
    if (tap == NULL) {
        return;
    }
    SimTap **place = tap->list;
    while (*place != tap) {
        place = &(*place)->next;
    }
    *place = tap->next;
    if (tap->host != NULL) {
        tap->world->host_tap_count--;
    }
    g_free(tap);
}

void tap_list_show(SimTap *taps, const SimTapFrame *frame)
{
    SimTap *next;
    for (SimTap *tap = taps; tap != NULL; tap = next) {
        next = tap->next;
        if (frame->link != NULL || tap->shows_loopback) {
            tap->callback(frame, tap->data);
        }
    }
}

void tap_list_free(SimTap *taps)
{
    while (taps != NULL) {
        SimTap *next = taps->next;
        g_free(taps);
        taps = next;
    }
}
