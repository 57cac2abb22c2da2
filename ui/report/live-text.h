#pragma once

/* Steps for people to read while they happen. Lines of several conversations come mixed, so each
 * time another one speaks a heading says whose lines follow:
 *
 *     ── SMTP, conversation 3 · 127.0.0.1:51322 to 127.0.0.1:2525 ─────────────────
 *         14     0.000  C EHLO alice-laptop                        RFC 5321 §4.1.1.1
 *
 * What happens inside the server has the mark ▸ and no heading. */

#include "ui/report/text-layout.h"
#include "ui/timeline/step.h"

typedef struct LiveText LiveText;

typedef struct {
    StepLevel level; /* the finest that is shown */
    /* What is served on a port, for the first heading of a connection; gives NULL: not known. */
    const char *(*port_name)(gpointer data, guint16 port);
    gpointer data;
} LiveTextOptions;

/* The layout is borrowed; what is laid out is the caller's to write. */
LiveText *live_text_new(TextLayout *layout, const LiveTextOptions *options);
void live_text_free(LiveText *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveText, live_text_free)

void live_text_step(LiveText *live, const Step *step);
