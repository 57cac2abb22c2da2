#pragma once

/* The octets of every TCP stream with other names in them. While the capture is read, frames put
 * their octets at their places and events say what these are; then all is changed at once, so that
 * a repeated segment, or one cut elsewhere, gets the same new octets.
 *
 *     take_frame() ─> octets of each direction ─┐
 *     take_event() ─> what lies where ──────────┴─> change() ─> copy() for each frame */

#include "dissect/conversation/dissector.h"
#include "ui/anonymize/anonymize-names.h"

#define ANONYMIZE_STREAM_MAXIMUM (256 * 1024 * 1024) /* octets of one direction */

typedef struct AnonymizeStreams AnonymizeStreams;

/* Where the payload of a frame lies in its stream. */
typedef struct {
    guint64 stream;
    StreamDirection direction;
    gint64 offset; /* below 0: before the first octet of the stream that is known */
} AnonymizePlace;

AnonymizeStreams *anonymize_streams_new(void);
void anonymize_streams_free(AnonymizeStreams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnonymizeStreams, anonymize_streams_free)

/* A TCP packet of that conversation. */
AnonymizePlace anonymize_streams_take_frame(
    AnonymizeStreams *streams,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction
);
void anonymize_streams_take_event(AnonymizeStreams *streams, const DissectEvent *event);

/* After the last event. */
void anonymize_streams_change(AnonymizeStreams *streams, AnonymizeNames *names);

/* The new octets for those of a frame; octets that the stream does not hold, or holds otherwise (a
 * second reading), are changed for themselves. 'out' may be 'octets' itself. */
void anonymize_streams_copy(
    const AnonymizeStreams *streams,
    AnonymizeNames *names,
    const AnonymizePlace *place,
    ByteSpan octets,
    guint8 *out
);
