#pragma once

/* Members of JSON (RFC 8259) whose names sound like a password's: {"user": "bob", "password":
 * "hungry"}. Found without reading the whole as a tree, so that text cut short or wrong is looked
 * through as well; nothing is owned. */

#include "protocol/text/byte-span.h"

/* "application/json", parameters aside. */
bool http_type_is_json(ByteSpan content_type);

/* The octets of a value: of a string without its quotes, or a number or a word. */
typedef struct {
    gsize from;
    gsize to;
} HttpJsonSecret;

/* The next one from 'at' on; false: there is none. The value may be empty. */
bool http_json_next_secret(ByteSpan text, gsize at, HttpJsonSecret *out_secret);

/* RFC 8259 §7: the escapes of a string taken off; a wrong one stays as it stands. */
void http_json_unescape(ByteSpan value, GByteArray *out);
