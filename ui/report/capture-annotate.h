#pragma once

/* The same packets once more, in pcapng, with what mailwalk says about each as its comment, so that
 * Wireshark shows it (--annotate OUT.pcapng). Comments are gathered while the steps pass; then the
 * captures are read a second time. Blocks of a pcapng capture are copied as they are, interfaces,
 * names, resolution and older comments included; of a classic capture, link type and resolution are
 * kept. A file that exists is kept unless 'force'; the new one appears whole or not at all. */

#include "sim/network/frame-log.h"
#include "ui/timeline/step.h"

#define ANNOTATE_COMMENT_MAXIMUM 8192                  /* octets for one frame */
#define ANNOTATE_HELD_MAXIMUM (256 * 1024 * 1024)      /* for all; further ones are left out */
#define ANNOTATE_BLOCK_MAXIMUM (16 * 1024 * 1024 + 64) /* of a pcapng block that is copied */

typedef struct CaptureAnnotate CaptureAnnotate;

CaptureAnnotate *capture_annotate_new(const char *path, bool force, GError **error);
void capture_annotate_free(CaptureAnnotate *annotate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaptureAnnotate, capture_annotate_free)

void capture_annotate_step(CaptureAnnotate *annotate, const Step *step);

/* Reads the captures again, in the same order, and writes the file. */
bool capture_annotate_write(CaptureAnnotate *annotate, const char *const *captures, GError **error);

/* The same for the frames of a simulation, which lie in memory; frame numbers are the log's. */
bool capture_annotate_write_log(CaptureAnnotate *annotate, const FrameLog *log, GError **error);

guint64 capture_annotate_dropped(const CaptureAnnotate *annotate); /* comments without room */
