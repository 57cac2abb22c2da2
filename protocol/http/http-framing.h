#pragma once

/* How long the body behind a header is (RFC 9112 §6.3): gathers the fields that decide it, then
 * says what follows. The same rules for servers, clients and onlookers, so that none of them is
 * led astray where another is not. */

#include "protocol/http/http-line.h"

typedef enum {
    HTTP_BODY_NONE,
    HTTP_BODY_LENGTH,  /* so many octets */
    HTTP_BODY_CHUNKED, /* chunks up to an empty one, then trailers */
    HTTP_BODY_TO_END,  /* up to the end of the connection; answers only */
    HTTP_BODY_UNKNOWN, /* its end cannot be known: the fields contradict each other */
    HTTP_BODY_TUNNEL,  /* CONNECT was granted, or the protocol was changed */
} HttpBodyKind;

typedef struct {
    guint64 length;
    bool has_length;
    bool has_bad_length; /* not a number, or two different ones */
    bool has_coding;     /* Transfer-Encoding */
    bool ends_in_chunked;
    bool expects_continue;
    bool asks_close;
    bool asks_keep_alive;
    bool is_version_1_0;
} HttpFraming;

/* Looks at one field; gives the defects that it has together with those before. */
guint32 http_framing_field(HttpFraming *framing, const HttpField *field);

HttpBodyKind http_framing_request(const HttpFraming *framing);
HttpBodyKind http_framing_answer(const HttpFraming *framing, HttpMethod method, guint code);

/* RFC 9112 §9.3: whether the connection lives on after this message. */
bool http_framing_persists(const HttpFraming *framing);

/* The size at the front of a chunk line, extensions left aside (RFC 9112 §7.1). */
bool http_chunk_size(ByteSpan line, guint64 *out_size);
