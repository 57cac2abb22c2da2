#pragma once

/* One JSON object on one line, written straight into a buffer that is used again for the next.
 * Every output of mailwalk with --json is a run of such lines: the first has the type "start" and
 * the schema number, the last the type "end" and totals.
 *
 *     json_line_begin(&line, "reply");
 *     json_line_string(&line, "code", "250");
 *     json_line_array_begin(&line, "rfc"); ... json_line_array_end(&line);
 *     json_line_end(&line, stdout);
 *
 * Octets that are not UTF-8 become U+FFFD; controls and bidirectional overrides are escaped, so a
 * line is fit for a terminal too. In an array the key is NULL; a key is a word of ours
 * and stands as it is. */

#include "protocol/text/byte-span.h"

#include <stdio.h>

#define JSON_SCHEMA 1
#define JSON_DIGITS_MAXIMUM 20

typedef struct {
    GString *text;
    bool needs_comma;
    bool second_is_negative; /* of the last time written, whose whole seconds are kept as text */
    guint8 second_length;
    guint64 second;
    char second_text[24];
} JsonLine;

void json_line_init(JsonLine *line);
void json_line_clear(JsonLine *line);

void json_line_begin(JsonLine *line, const char *type);

/* The same with "step" and "time", which most lines go on with. */
void json_line_begin_step(JsonLine *line, const char *type, guint64 step, gint64 time_ns);

/* Members alone, without an object around them: to be kept, and to go into many lines. */
void json_line_begin_members(JsonLine *line);

/* "start" with the schema number and the subcommand's name; more members may follow. */
void json_line_begin_start(JsonLine *line, const char *command);

void json_line_string(JsonLine *line, const char *key, const char *value); /* NULL: null */
void json_line_span(JsonLine *line, const char *key, ByteSpan value);
void json_line_number(JsonLine *line, const char *key, guint64 value);
void json_line_signed(JsonLine *line, const char *key, gint64 value);

/* Nanoseconds since 1970 as seconds with nine decimals: no precision is lost on the way. */
void json_line_time(JsonLine *line, const char *key, gint64 time_ns);

/* The digits of a number, without NUL; gives how many there are, JSON_DIGITS_MAXIMUM at most. */
gsize json_digits(char *text, guint64 value);

/* Members written before by other calls, as they stand in a line: "a":1,"b":2. */
void json_line_members(JsonLine *line, ByteSpan members);
void json_line_boolean(JsonLine *line, const char *key, bool value);
void json_line_array_begin(JsonLine *line, const char *key);
void json_line_array_end(JsonLine *line);
void json_line_object_begin(JsonLine *line, const char *key);
void json_line_object_end(JsonLine *line);

/* Closes the object and writes the line; false: the stream failed. */
bool json_line_end(JsonLine *line, FILE *stream);
