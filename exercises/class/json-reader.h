#pragma once

/* Reads the JSON of hand-ins: each string, number and word is given with the path that leads to it,
 * "answers.2.a". Depth and size have limits; nothing is built. */

#include <glib.h>
#include <stdbool.h>

#define JSON_DEPTH_MAXIMUM 8

/* 'value' is text whatever its type; "" for null. */
typedef void (*JsonValue)(const char *path, const char *value, gpointer data);

/* False: it is not JSON; '*out_position' is where, in octets from 0. */
bool json_read(const char *text, JsonValue value, gpointer data, gsize *out_position);
