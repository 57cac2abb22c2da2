#pragma once

/* Whole messages out of the dissector's events, each with a trace of which octets came in which
 * frame. For what needs a message and not its pieces: attachments, look-up of frames, journeys. */

#include "dissect/conversation/dissector.h"

#define GATHER_MESSAGE_MAXIMUM (64 * 1024 * 1024) /* octets of one message; what follows is cut */
#define GATHER_HELD_MAXIMUM (256 * 1024 * 1024)   /* of all open ones */

/* From this octet of the message on (up to the next row) the frame carried it. */
typedef struct {
    guint64 offset;
    guint64 frame;
    gint64 time_ns;
} TraceRow;

typedef struct {
    GBytes *octets;
    GArray *trace; /* TraceRow, by offset */
    guint64 step;
    guint64 stream;
    StreamDirection direction;
    bool is_cut;             /* longer than is held */
    const DissectEvent *end; /* the MESSAGE_END; valid in the call */
    const DialogueMessage *message;
} GatheredMessage;

typedef struct {
    void (*message)(gpointer owner, const GatheredMessage *message);
    gpointer owner;
} MessageGatherOptions;

typedef struct MessageGather MessageGather;

MessageGather *message_gather_new(const MessageGatherOptions *options);
void message_gather_free(MessageGather *gather);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageGather, message_gather_free)

void message_gather_event(MessageGather *gather, const DissectEvent *event);

/* The frames that carried octets from 'from' up to 'to', as "14, 15 to 17". */
char *gathered_frames_text(const GatheredMessage *message, guint64 from, guint64 to);
