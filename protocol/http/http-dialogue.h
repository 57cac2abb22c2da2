#pragma once

/* An HTTP/1.1 conversation (RFC 9112), seen by anyone: octets of both sides in, events out
 * (dialogue.h). It pairs answers with pipelined requests and streams bodies.
 *
 *     client: COMMAND (verb = method, arguments = target, tag = version), CONTINUATION for every
 *             header and trailer line and the empty line (verb = name, arguments = value, item =
 *             the field's row), then MESSAGE_BEGIN, DATA, END for a body
 *     server: REPLY for the status line (is_first) and every line to the empty one (is_last),
 *             then its body in the same way; 1xx is intermediate
 *
 * A body is given as content, chunk lines taken out; 'section' of the message is its Content-Type.
 * Once CONNECT is granted (2xx) or the protocol changed (101), OPAQUE comes for both sides, with
 * 'from' where the tunnel starts, and every further run of octets as OPAQUE with its 'text'. */

#include "protocol/dialogue/dialogue.h"
#include "protocol/http/http-line.h"

#define HTTP_HELD_MAXIMUM 65536 /* octets kept while the answer to CONNECT is awaited */
#define HTTP_FORM_MAXIMUM 16384 /* of a form that is looked through for a log-in */
#define HTTP_CONTENT_TYPE_MAXIMUM 128

typedef enum {
    HTTP_STATE_READY = 1u << 0,   /* no request is under way */
    HTTP_STATE_REQUEST = 1u << 1, /* its header or body is being sent */
    HTTP_STATE_ANSWER = 1u << 2,  /* requests wait for their answers */
    HTTP_STATE_TUNNEL = 1u << 3,
    HTTP_STATE_CLOSED = 1u << 4, /* no further request may come */
} HttpState;

typedef struct HttpDialogue HttpDialogue;

extern const DialogueClass http_dialogue_class;

HttpDialogue *http_dialogue_new(void);
void http_dialogue_free(HttpDialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpDialogue, http_dialogue_free)

const char *http_state_name(guint32 state);
HttpState http_dialogue_state(const HttpDialogue *dialogue);
guint http_dialogue_waiting(const HttpDialogue *dialogue); /* requests without an answer */

/* What has come of the client's body, where it may be a log-in; else empty. */
ByteSpan http_dialogue_form(const HttpDialogue *dialogue);

/* The code of the answer that is being read, or was read last; 0: none. */
guint http_dialogue_code(const HttpDialogue *dialogue);
