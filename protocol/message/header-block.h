#pragma once

/* The header of a message as it stands on the wire: every field with the exact octets that carry
 * it, nothing copied. A HeaderBlock borrows the octets it was parsed from and is used again for
 * the next message without giving its memory back. A HeaderReader gathers a header that arrives in
 * pieces, and tells where the body begins.
 *
 *     Subject: Greetings\r\n
 *       from Alice\r\n            one field of two lines: raw is all of it, body is
 *     ^ raw   ^ body              " Greetings\r\n  from Alice", unfolded " Greetings  from Alice"
 */

#include "protocol/message/message-defect.h"
#include "protocol/text/byte-buffer.h"

/* RFC 5322 §2.1.1 sets the lengths of a line; the other two limits are mailwalk's own. */
#define HEADER_LINE_MAXIMUM 998
#define HEADER_LINE_ADVISED 78
#define HEADER_FIELDS_MAXIMUM 10000
#define HEADER_LENGTH_MAXIMUM (1024 * 1024)

typedef struct {
    ByteSpan name; /* without the colon and white space before it; empty where there is no colon */
    ByteSpan raw;  /* the whole field, line ends included */
    ByteSpan body; /* after the colon up to the last line end, folds as they came */
    gsize offset;  /* of 'raw' in the message */
    guint n_lines;
    guint64 defects; /* MESSAGE_DEFECT_BIT()s */
} HeaderField;

typedef struct {
    ByteSpan octets; /* the header alone: all fields and the empty line */
    HeaderField *fields;
    guint n_fields;
    guint capacity;
    gsize body_offset; /* where the body begins; the whole length where no empty line was found */
    bool has_separator;
    guint64 defects; /* of the whole, and the union of those of the fields */
} HeaderBlock;

void header_block_init(HeaderBlock *block);
void header_block_clear(HeaderBlock *block);

/* Reads the fields from 'message' up to the first empty line; what follows is not looked at.
 * 'message' must live as long as the block is read. 'origin' is added to every offset: 0 for a
 * message, the place of the part for the header of a part. */
void header_block_parse(HeaderBlock *block, ByteSpan message, gsize origin);

/* Rules for the header of a message (not for the header of a MIME part): which fields must be
 * there and how often (RFC 5322 §3.6), and where trace fields stand. Adds to the defects. */
void header_block_judge(HeaderBlock *block);

/* The first field of that name, any case; NULL: none. 'after' is a field of the same block, the
 * search goes on behind it; NULL: from the top. */
const HeaderField *header_block_find(const HeaderBlock *block, const char *name);
const HeaderField *
header_block_find_next(const HeaderBlock *block, const char *name, const HeaderField *after);
guint header_block_count(const HeaderBlock *block, const char *name);

/* The field that holds this octet of the message; NULL: none. */
const HeaderField *header_block_at(const HeaderBlock *block, gsize offset);

bool header_field_is(const HeaderField *field, const char *name);

/* The body without line ends, white space at both ends taken off. Where the field has one line
 * this is a part of its body; else it is written to 'scratch', whose old content is given up. */
ByteSpan header_field_unfold(const HeaderField *field, ByteBuffer *scratch);

/* The same as owned text; and with encoded words decoded, as valid UTF-8 (not yet made fit for a
 * terminal: see byte_span_to_display()). */
char *header_field_text(const HeaderField *field);
char *header_field_decoded(const HeaderField *field);
char *header_block_text(const HeaderBlock *block, const char *name);    /* NULL: no such field */
char *header_block_decoded(const HeaderBlock *block, const char *name); /* NULL: no such field */

typedef enum {
    HEADER_READER_NEED_MORE,
    HEADER_READER_DONE,
    HEADER_READER_TOO_LONG, /* over HEADER_LENGTH_MAXIMUM; what came so far may be read */
} HeaderReaderResult;

/* Copies octets until the empty line has come. After DONE or TOO_LONG, 'block' is filled, spans
 * point into the reader, and what was not taken is left in 'input'. */
typedef struct {
    ByteBuffer gathered;
    HeaderBlock block;
    guint8 line_state; /* what has been seen of the line end that may close the header */
    bool is_done;
} HeaderReader;

void header_reader_init(HeaderReader *reader);
void header_reader_clear(HeaderReader *reader);
void header_reader_reset(HeaderReader *reader); /* for the next message */
HeaderReaderResult header_reader_feed(HeaderReader *reader, ByteSpan *input);

/* The message has ended: fills 'block' from what there is. */
void header_reader_finish(HeaderReader *reader);
