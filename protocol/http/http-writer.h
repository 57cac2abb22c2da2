#pragma once

/* Writes requests and answers. Only what RFC 9112 allows comes out: a field value with a line
 * break in it would start a line of its own, so it is refused. */

#include "protocol/text/byte-buffer.h"

typedef struct {
    const char *name;
    const char *value; /* NULL: the field is left out */
} HttpFieldText;

/* 'body' NULL: none. Content-Length is added where there is a body, or where the method or code
 * wants one to be told. False: no room, or a text that does not belong; nothing is written. */
G_GNUC_WARN_UNUSED_RESULT bool http_write_request(
    ByteBuffer *out,
    const char *method,
    const char *target,
    const char *host,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body
);
G_GNUC_WARN_UNUSED_RESULT bool http_write_answer(
    ByteBuffer *out,
    guint code,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body,
    bool is_for_head
);

/* A header with Transfer-Encoding: chunked, then chunks, the empty one last. */
G_GNUC_WARN_UNUSED_RESULT bool
http_write_answer_chunked(ByteBuffer *out, guint code, const HttpFieldText *fields, gsize n_fields);
G_GNUC_WARN_UNUSED_RESULT bool http_write_chunk(ByteBuffer *out, ByteSpan octets);

/* "Mon, 07 Sep 2026 09:00:00 GMT" (RFC 9110 §5.6.7) */
#define HTTP_DATE_LENGTH 29
void http_date_text(gint64 unix_seconds, char out_text[HTTP_DATE_LENGTH + 1]);
