#pragma once

/* One frame after the other gets its new octets: hardware and IP addresses, the payload, and the
 * checksums, which are moved by just what has changed, so that one that was wrong stays wrong. A
 * datagram in fragments is changed where its pieces lie, in frames that came earlier too; so the
 * new octets of all frames must stay where they are until finish(). */

#include "ui/anonymize/anonymize-streams.h"

typedef struct AnonymizeFrames AnonymizeFrames;

AnonymizeFrames *anonymize_frames_new(const AnonymizeStreams *streams, AnonymizeNames *names);
void anonymize_frames_free(AnonymizeFrames *frames);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnonymizeFrames, anonymize_frames_free)

/* 'frame' as captured, numbered from 1 without a hole; 'out' holds a copy of its octets. 'place' is
 * NULL where no stream has its payload. */
void anonymize_frames_change(
    AnonymizeFrames *frames, const CaptureFrame *frame, const AnonymizePlace *place, guint8 *out
);

/* Changes what fragments held that never became a datagram. */
void anonymize_frames_finish(AnonymizeFrames *frames);
