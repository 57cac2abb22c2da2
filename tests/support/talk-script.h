#pragma once

/* A TCP conversation from a list of lines: handshake, one segment a line, FIN from the client. The
 * frames are 10 ms apart and begin at 2022-11-21 09:00:00 UTC. */

#include "dissect/conversation/dissector.h"

typedef struct {
    StreamDirection side;
    const char *text;
    gsize length; /* 0: up to the NUL */
} TalkLine;

#define TALK_CLIENT(text)                                                                          \
    {                                                                                              \
        STREAM_FROM_CLIENT, text, sizeof(text) - 1                                                 \
    }
#define TALK_SERVER(text)                                                                          \
    {                                                                                              \
        STREAM_FROM_SERVER, text, sizeof(text) - 1                                                 \
    }

#define TALK_BEGIN_NS G_GINT64_CONSTANT(1669021200000000000)
#define TALK_FRAME_NS G_GINT64_CONSTANT(10000000)

/* Frames as GByteArray with Ethernet headers; free with g_ptr_array_unref(). */
GPtrArray *
talk_script_frames(const TalkLine *lines, gsize count, guint16 client_port, guint16 server_port);

/* Gives them to the dissector, 'first' being the number of the first one. */
void talk_script_feed(Dissector *dissector, const GPtrArray *frames, guint64 first);
