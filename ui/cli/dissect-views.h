#pragma once

/* The views of `mailwalk dissect`: which of them are open, what each of them needs, and how they
 * are finished. Every view sees every event; those that show steps share one step builder.
 *
 *     events ─┬─> JSON lines, summary, files of messages
 *             └─> step builder ─> steps ─┬─> transcript, as they come
 *                                        └─> timeline ─> ladder, questions, page ... at the end */

#include "dissect/conversation/dissector.h"
#include "ui/cli/command.h"
#include "ui/timeline/step.h"

typedef struct {
    gboolean json;
    gboolean summary;
    gboolean dig;
    gboolean ladder;
    gboolean ascii;
    gboolean questions;
    gboolean sheet;
    gboolean journeys;
    gboolean show_secrets;
    gboolean force;
    gboolean no_digest;
    gboolean no_mime;
    gboolean no_remarks;
    gboolean frames;
    gboolean messages;
    gboolean all_streams;
    StepLevel level;
    char *password;
    char *eml;
    char *mbox;
    char *annotate;
    char *anonymize;
    char *html;
    char *diff; /* the other capture */
    char *attachments;
    char *where;
    gint64 frame; /* 0: all */
} DissectViewOptions;

typedef struct DissectViews DissectViews;

/* NULL: the error says why. 'captures' ends with NULL. */
DissectViews *
dissect_views_new(const DissectViewOptions *options, char *const *captures, GError **error);
void dissect_views_free(DissectViews *views);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DissectViews, dissect_views_free)

/* What the dissector calls; its owner is the DissectViews. */
DissectSink dissect_views_sink(const DissectViewOptions *options);
bool dissect_views_want_overlaps(const DissectViewOptions *options);

/* The summary is the only view. */
bool dissect_views_only_count(const DissectViewOptions *options);

void dissect_views_damage(DissectViews *views, const char *path, const CaptureDamage *damage);

/* After the last capture. 'how' is how the other capture of a comparison is read. */
ExitStatus
dissect_views_finish(DissectViews *views, Dissector *dissector, const DissectOptions *how);
