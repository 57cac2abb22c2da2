#pragma once

/* Which parts of HTTP hold passwords: form fields, query parts and JSON members whose names sound
 * like one. The scanner goes over a body as it streams by and keeps only the name it is reading;
 * a name comes before its value, so from the answer "true" on the octets are not fit to show. */

#include "protocol/text/byte-span.h"

#define HTTP_SECRET_NAME_MAXIMUM 64 /* of a field name that is looked at; longer ones are cut */

/* "password", "login[passwd]", "_pass", "pwd", "PIN" */
bool http_name_is_secret(ByteSpan name);

/* "user", "email", "login_username": a field that says who somebody is. */
bool http_name_is_identity(ByteSpan name);

/* Whether the query of a target has a secret part: "/login?user=a&password=b". */
bool http_target_has_secret(ByteSpan target);

typedef enum {
    HTTP_SCAN_NONE,
    HTTP_SCAN_FORM,   /* a=b&c=d */
    HTTP_SCAN_QUOTED, /* names in double quotes: multipart/form-data, JSON */
} HttpScanKind;

HttpScanKind http_scan_kind(ByteSpan content_type);

typedef struct {
    HttpScanKind kind;
    guint8 length;
    bool in_name;
    bool has_secret;
    char name[HTTP_SECRET_NAME_MAXIMUM];
} HttpSecretScanner;

void http_secret_scanner_init(HttpSecretScanner *scanner, HttpScanKind kind);

/* True: in this piece, or before it, the name of a secret stood. */
bool http_secret_scanner_feed(HttpSecretScanner *scanner, ByteSpan piece);
