#pragma once

/* Forms as browsers send them: application/x-www-form-urlencoded and multipart/form-data
 * (RFC 7578), read from a whole body with a named maximum of fields, and written. Names and values
 * are decoded copies; they may hold any octet. */

#include "protocol/text/byte-buffer.h"

#define HTTP_FORM_FIELDS_MAXIMUM 1000

typedef struct {
    GBytes *name;
    GBytes *value;
    GBytes *file_name;    /* of an uploaded file; NULL: none */
    GBytes *content_type; /* of a part; NULL: none */
} HttpFormField;

typedef struct {
    GPtrArray *fields; /* of HttpFormField */
    bool is_cut;       /* more fields than the maximum, or the closing boundary is missing */
    bool is_malformed; /* a broken %XX, a part without a name */
} HttpForm;

/* By the content type; an empty form where it is no form type. */
HttpForm *http_form_parse(ByteSpan content_type, ByteSpan body);
HttpForm *http_form_parse_urlencoded(ByteSpan text); /* also the query of a target */
HttpForm *http_form_parse_multipart(ByteSpan boundary, ByteSpan body);
void http_form_free(HttpForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpForm, http_form_free)

/* The first field of that name; false: none. */
bool http_form_value(const HttpForm *form, const char *name, ByteSpan *out_value);
const HttpFormField *http_form_field(const HttpForm *form, const char *name);

/* %XX and, in forms, + undone; false: a broken %XX, which is kept as it stands. */
bool http_percent_decode(ByteSpan text, bool plus_is_space, GByteArray *out);

/* Letters, digits and -._~ stay, all else becomes %XX; a space becomes + in forms. */
void http_percent_encode(ByteSpan octets, bool space_is_plus, GString *out);

/* Adds "name=value", with & between fields. */
void http_form_write(GString *out, const char *name, ByteSpan value);

/* The same, with every value of a secret name replaced by a mark. */
void http_form_mask(ByteSpan text, GString *out);
