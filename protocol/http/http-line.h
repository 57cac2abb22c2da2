#pragma once

/* The lines of HTTP/1.1 (RFC 9112): request line, status line, field line. Each is taken apart
 * where it lies; what is wrong is given as bits of DialogueDefect, and as much as can be read is
 * read all the same. */

#include "protocol/dialogue/dialogue.h"

#define HTTP_LINE_LIMIT 8000    /* RFC 9112 §3: a request line this long must be bearable */
#define HTTP_LINE_MAXIMUM 16384 /* of a line that is kept; the rest is counted and thrown away */

typedef enum {
    HTTP_METHOD_OTHER,
    HTTP_METHOD_GET,
    HTTP_METHOD_HEAD,
    HTTP_METHOD_POST,
    HTTP_METHOD_PUT,
    HTTP_METHOD_DELETE,
    HTTP_METHOD_CONNECT,
    HTTP_METHOD_OPTIONS,
    HTTP_METHOD_TRACE,
    HTTP_METHOD_PATCH,
    N_HTTP_METHODS,
} HttpMethod;

HttpMethod http_method_of(ByteSpan name);
const char *http_method_name(HttpMethod method); /* NULL: OTHER */

typedef struct {
    ByteSpan method;
    ByteSpan target;
    ByteSpan version; /* "HTTP/1.1"; empty where the line has none */
    HttpMethod method_id;
    guint32 defects;
} HttpRequestLine;

void http_request_line_parse(ByteSpan text, HttpRequestLine *out_line);

/* Whether a line found in the middle of a stream begins a request. */
bool http_is_request_line(ByteSpan text);

typedef struct {
    ByteSpan version;
    ByteSpan code;   /* three digits as they stand */
    ByteSpan reason; /* may be empty */
    guint number;    /* 0: the code cannot be read */
    guint32 defects;
} HttpStatusLine;

void http_status_line_parse(ByteSpan text, HttpStatusLine *out_line);
bool http_is_status_line(ByteSpan text);

typedef struct {
    ByteSpan name;
    ByteSpan value; /* without blanks at both ends */
    bool is_folded; /* RFC 9112 §5.2: goes on with the field before; no name */
    guint32 defects;
} HttpField;

void http_field_parse(ByteSpan text, HttpField *out_field);

/* Whether a comma-separated value holds 'word', any case, parameters left aside. */
bool http_value_has(ByteSpan value, const char *word);

/* The value of "name=value" or name="value" among the parameters behind a semicolon; false: none.
 * A quoted value is given without its quotes and with its backslashes. */
bool http_value_parameter(ByteSpan value, const char *name, ByteSpan *out_value);

/* The part of a value before the first semicolon: "text/html". */
ByteSpan http_value_first(ByteSpan value);
