#pragma once

/* What `mailwalk listen` and `run --serve-loopback` show and writes while real clients talk to its
 * servers: frames, made from the octets of the sockets or sent in the simulated world, go to the
 * capture and to the dissector; the dissector's steps and the world's events go to the screen as
 * they happen.
 *
 *     frames ─┬─> capture file
 *             └─> dissector ─> steps ─> screen <─ world events */

#include "sim/loopback/loopback-frames.h"
#include "sim/scenario/scenario-run.h"
#include "ui/report/text-layout.h"
#include "ui/timeline/step-builder.h"

#include <stdio.h>

typedef struct {
    StepLevel level;
    bool is_quiet;    /* nothing on the screen */
    bool is_json;     /* JSON lines, as `mailwalk dissect --json` writes them */
    bool tells_story; /* with chapters and diagrams, as `mailwalk run` does; else line by line */
    bool show_secrets;
    const char *pcap;                                      /* NULL: no capture */
    const char *const *rules;                              /* "2525=smtp", closed by NULL */
    const char *(*port_name)(gpointer data, guint16 port); /* see live-text.h */
    const char *(*host_name)(gpointer data, const PacketAddress *address); /* step-builder.h */
    gpointer data;
} ListenViewOptions;

typedef struct ListenView ListenView;

ListenView *listen_view_new(FILE *stream, const ListenViewOptions *options, GError **error);
void listen_view_free(ListenView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ListenView, listen_view_free)

/* With JSON lines: writes the first one; 'name' stands where a capture's name would. */
void listen_view_start_json(ListenView *view, const char *name);

/* NULL: nobody would look at them. */
LoopbackFrames *listen_view_frames(ListenView *view);
ScenarioObserver listen_view_observer(ListenView *view);

/* Where what is shown is laid out, for what the caller has to add. */
TextLayout *listen_view_layout(ListenView *view);

/* Writes out what has been gathered; false: the screen or the capture failed. */
bool listen_view_flush(ListenView *view, GError **error);
bool listen_view_finish(ListenView *view, GError **error);
guint64 listen_view_frame_count(const ListenView *view);
