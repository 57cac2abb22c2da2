#pragma once

/* All that can be looked at of one capture or of one run of a scenario: its steps, its frames, and
 * for a run what happened in the world. The screen, the branches and the reports of `mailwalk run`
 * all begin with one.
 *
 *     scenario + options (what-ifs among them) ─┐
 *                                               ├─> dissector ─> Timeline, FrameLog, WorldLog
 *     capture files ────────────────────────────┘
 */

#include "dissect/conversation/dissector.h"
#include "sim/network/frame-log.h"
#include "sim/scenario/scenario-run.h"
#include "ui/timeline/timeline.h"
#include "ui/timeline/world-log.h"

#define RECORDING_FRAMES_MAXIMUM ((gsize)1 << 30) /* octets of frames that are kept */

typedef struct Recording Recording;

/* What else wants to see the events as they come; each may be NULL. */
typedef struct {
    void (*event)(gpointer owner, const DissectEvent *event);
    void (*world)(gpointer owner, const WorldEvent *event);
    void (*chapter)(gpointer owner, SimTime time, const char *title, const char *note);
    void (*step)(gpointer owner, const Step *step);
    gpointer owner;
} RecordingTap;

typedef struct {
    bool show_secrets;
    bool wants_frames; /* steps for frames too */
    bool shows_messages;
    const char *password;
    const RecordingTap *tap; /* NULL: nobody */
} RecordingOptions;

/* Plays the whole story. What-ifs may speak of steps: each is looked up in the world that the ones
 * before it made. NULL: the error says what does not fit. */
Recording *recording_of_scenario(
    const Scenario *scenario,
    const ScenarioRunOptions *run,
    const RecordingOptions *options,
    GError **error
);

/* Reads whole captures. A damaged one is read up to the damage, which is told. */
Recording *recording_of_captures(
    char *const *paths, const DissectOptions *how, const RecordingOptions *options, GError **error
);
void recording_free(Recording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recording, recording_free)

const Timeline *recording_timeline(const Recording *recording);
const WorldLog *recording_world(const Recording *recording);
const FrameLog *recording_frames(const Recording *recording);
const Dissector *recording_dissector(const Recording *recording);
const char *recording_damage(const Recording *recording); /* NULL: none */
SimTime recording_start(const Recording *recording);      /* of the first step; 0: none */

/* The frame as it was captured; false: it is not kept. Borrowed. */
bool recording_frame(const Recording *recording, guint64 number, CaptureFrame *out_frame);

/* What-ifs with the moments that were found for their steps; NULL for a capture. */
const WhatIfList *recording_what_ifs(const Recording *recording);

/* Text of a what-if whose moment never came; NULL: all came. */
const char *recording_unmet(const Recording *recording);

/* Expectations of the scenario that did not hold, a line each; NULL: all held. */
const char *recording_failures(const Recording *recording);
