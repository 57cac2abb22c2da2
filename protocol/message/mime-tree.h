#pragma once

/* The MIME structure of a message: a tree of parts, each with its place in the raw octets, so that
 * any part can be shown where it lies in a capture, and with the numbers IMAP gives parts. Fields,
 * parameters, charsets and content codings are read through GMime; the cutting at boundaries is
 * done here on the raw octets, because the tree must know every offset and stop at its limits
 * before memory is spent.
 *
 *     message/root                 multipart/mixed        (IMAP: "" and TEXT)
 *       ├ text/plain               "1"
 *       ├ message/rfc822           "2"
 *       │   └ multipart/alternative     its octets are 2.TEXT
 *       │       ├ text/plain       "2.1"
 *       │       └ text/html        "2.2"
 *       └ image/jpeg               "3"
 *
 * A tree borrows nothing: it keeps a reference of the octets. Nothing in a message makes it fail;
 * what is wrong stands in 'defects' of the part. */

#include "protocol/message/header-block.h"

#define MIME_DEPTH_MAXIMUM 100
#define MIME_PARTS_MAXIMUM 10000

typedef struct {
    guint depth;
    guint parts;
} MimeLimits;

typedef enum {
    MIME_ENCODING_7BIT,
    MIME_ENCODING_8BIT,
    MIME_ENCODING_BINARY,
    MIME_ENCODING_QUOTED_PRINTABLE,
    MIME_ENCODING_BASE64,
    MIME_ENCODING_UUENCODE, /* x-uuencode, uuencode, x-uue: never standard, still about */
    MIME_ENCODING_UNKNOWN,
} MimeEncoding;

typedef struct {
    char *name;  /* lower case, without the marks of RFC 2231 */
    char *value; /* decoded to UTF-8 */
} MimeParameter;

typedef struct MimePart MimePart;

struct MimePart {
    MimePart *parent;
    MimePart **children; /* of a multipart; a message/rfc822 part has one, the message in it */
    guint n_children;
    guint index;     /* among the parent's children, from 0 */
    guint depth;     /* 0: the message itself */
    gsize sequence;  /* in reading order, 0: the message itself */
    bool is_message; /* the message itself, or the message inside a message/rfc822 part */

    gsize header_offset;
    gsize header_length; /* the empty line included */
    gsize body_offset;
    gsize body_length; /* without the line end that belongs to the boundary */
    guint64 n_lines;   /* of the body */
    HeaderBlock header;

    char *type;    /* lower case; "text" where the field is missing or broken */
    char *subtype; /* lower case */
    bool has_content_type;
    MimeParameter *parameters;
    guint n_parameters;
    char *charset; /* lower case; NULL: none given */
    MimeEncoding encoding;
    char *encoding_text; /* as written, lower case; NULL: none given */
    char *disposition;   /* lower case; NULL: none given */
    MimeParameter *disposition_parameters;
    guint n_disposition_parameters;
    char *file_name;   /* as the sender gave it: never a path to be used as it is */
    char *content_id;  /* with its brackets */
    char *description; /* as written, unfolded */
    char *language;
    char *location;
    char *md5;
    bool is_closed;  /* multipart: the closing boundary was found */
    guint64 defects; /* MESSAGE_DEFECT_BIT()s; content ones only after mime_part_check() */
};

typedef struct MimeTree MimeTree;

/* 'limits' may be NULL. */
MimeTree *mime_tree_new(GBytes *message, const MimeLimits *limits);
void mime_tree_free(MimeTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeTree, mime_tree_free)

const MimePart *mime_tree_root(const MimeTree *tree);
guint mime_tree_n_parts(const MimeTree *tree);
const MimePart *mime_tree_part(const MimeTree *tree, guint sequence); /* in reading order */
guint64 mime_tree_defects(const MimeTree *tree);                      /* of all parts together */
ByteSpan mime_tree_octets(const MimeTree *tree);

/* Decodes every leaf once to find what only its content shows: mistakes in base64 and
 * quoted-printable, octets that are not of the charset, content that is of another type. */
void mime_tree_check(MimeTree *tree);

/* The innermost part that holds this octet. */
const MimePart *mime_tree_at(const MimeTree *tree, gsize offset);

const char *mime_part_parameter(const MimePart *part, const char *name); /* NULL: none */
const char *mime_part_disposition_parameter(const MimePart *part, const char *name);
bool mime_part_is(const MimePart *part, const char *type, const char *subtype); /* NULL: any */
bool mime_part_is_attachment(const MimePart *part);
const char *mime_encoding_name(MimeEncoding encoding);

ByteSpan mime_part_raw(const MimeTree *tree, const MimePart *part); /* the body as it was sent */

/* The body with its transfer encoding taken off; never more than 'maximum' octets.
 * 'out_is_whole' may be NULL. */
GBytes *
mime_part_content(const MimeTree *tree, const MimePart *part, gsize maximum, bool *out_is_whole);
gsize mime_part_content_length(const MimeTree *tree, const MimePart *part);

/* A text part's content as valid UTF-8, line ends as LF; what the charset does not know shows as
 * U+FFFD. */
char *mime_part_text(const MimeTree *tree, const MimePart *part, gsize maximum);

/* The part a person reads first: plain text before HTML; NULL: none. */
const MimePart *mime_tree_text_part(const MimeTree *tree, const char *subtype);

/* IMAP: what stands between BODY[ and ], field lists excepted: "", "HEADER", "TEXT", "2",
 * "2.MIME", "2.1.HEADER" (RFC 9051 §6.4.5.1). False: no such section. */
bool mime_tree_section(const MimeTree *tree, ByteSpan section, ByteSpan *out_octets);

/* The part with the IMAP number "2.1"; NULL: none. And the section whose octets are the body of the
 * part: "2.1", for a multipart that is a whole message "TEXT" or "2.TEXT". */
const MimePart *mime_tree_find(const MimeTree *tree, ByteSpan number);
char *mime_part_number(const MimePart *part);

/* What the first octets are, whatever the fields say: "image/png"; NULL: nothing known. */
const char *mime_sniff(ByteSpan content);

/* A name that is fit for a file: no folder, no control, no leading dot, at most 120 octets; never
 * empty. */
char *mime_safe_file_name(const char *name, const char *fallback);
