#pragma once

/* What can be wrong with a message, one row each: how bad it is, which rule it breaks and what the
 * sender should have done. Parsers in this folder never fail on a message; they set bits, the
 * server turns them into replies and the dissector into remarks. A set of defects is a guint64 of
 * MESSAGE_DEFECT_BIT()s. Rows live as long as the program. */

#include "protocol/rfc/vocabulary.h"

typedef enum {
    /* of a header field */
    MESSAGE_DEFECT_NO_COLON,
    MESSAGE_DEFECT_FIELD_NAME,
    MESSAGE_DEFECT_SPACE_BEFORE_COLON,
    MESSAGE_DEFECT_LEADING_FOLD,
    MESSAGE_DEFECT_BLANK_FOLD,
    MESSAGE_DEFECT_LINE_OVER_998,
    MESSAGE_DEFECT_LINE_OVER_78,
    MESSAGE_DEFECT_HEADER_UTF8,
    MESSAGE_DEFECT_HEADER_EIGHT_BIT,
    MESSAGE_DEFECT_HEADER_CONTROL,
    MESSAGE_DEFECT_BARE_CR,
    MESSAGE_DEFECT_BARE_LF,
    MESSAGE_DEFECT_DUPLICATE_FIELD,
    MESSAGE_DEFECT_EMPTY_FIELD,
    MESSAGE_DEFECT_ENCODED_WORD,
    MESSAGE_DEFECT_ADDRESS_SYNTAX,
    MESSAGE_DEFECT_MESSAGE_ID_SYNTAX,
    /* of the header as a whole */
    MESSAGE_DEFECT_MAILBOX_LINE,
    MESSAGE_DEFECT_HEADER_CUT,
    MESSAGE_DEFECT_NO_SEPARATOR,
    MESSAGE_DEFECT_TOO_MANY_FIELDS,
    MESSAGE_DEFECT_NO_DATE,
    MESSAGE_DEFECT_NO_FROM,
    MESSAGE_DEFECT_NO_MESSAGE_ID,
    MESSAGE_DEFECT_NO_SENDER,
    /* of a date */
    MESSAGE_DEFECT_DATE_SYNTAX,
    MESSAGE_DEFECT_DATE_OBSOLETE,
    MESSAGE_DEFECT_DATE_WEEKDAY,
    MESSAGE_DEFECT_DATE_RANGE,
    /* of trace fields */
    MESSAGE_DEFECT_RECEIVED_SYNTAX,
    MESSAGE_DEFECT_RECEIVED_NO_DATE,
    MESSAGE_DEFECT_RECEIVED_TIME_BACKWARDS,
    MESSAGE_DEFECT_RECEIVED_CHAIN_BROKEN,
    MESSAGE_DEFECT_RECEIVED_LOOP,
    MESSAGE_DEFECT_RECEIVED_NAME_DIFFERS,
    MESSAGE_DEFECT_TRACE_NOT_ON_TOP,
    /* of the MIME structure */
    MESSAGE_DEFECT_NO_MIME_VERSION,
    MESSAGE_DEFECT_MIME_VERSION,
    MESSAGE_DEFECT_CONTENT_TYPE_SYNTAX,
    MESSAGE_DEFECT_NO_BOUNDARY,
    MESSAGE_DEFECT_BOUNDARY_SYNTAX,
    MESSAGE_DEFECT_BOUNDARY_NOT_CLOSED,
    MESSAGE_DEFECT_BOUNDARY_NOT_FOUND,
    MESSAGE_DEFECT_ENCODING_UNKNOWN,
    MESSAGE_DEFECT_ENCODING_OF_COMPOSITE,
    MESSAGE_DEFECT_BASE64,
    MESSAGE_DEFECT_QUOTED_PRINTABLE,
    MESSAGE_DEFECT_EIGHT_BIT_BODY,
    MESSAGE_DEFECT_BINARY_BODY,
    MESSAGE_DEFECT_CHARSET_UNKNOWN,
    MESSAGE_DEFECT_CHARSET_WRONG,
    MESSAGE_DEFECT_TYPE_DIFFERS,
    MESSAGE_DEFECT_FILE_NAME_UNSAFE,
    MESSAGE_DEFECT_TOO_DEEP,
    MESSAGE_DEFECT_TOO_MANY_PARTS,
    MESSAGE_DEFECT_PART_CUT,
    /* of delivery and disposition reports */
    MESSAGE_DEFECT_REPORT_STRUCTURE,
    MESSAGE_DEFECT_REPORT_FIELD,
    MESSAGE_DEFECT_REPORT_STATUS,
    N_MESSAGE_DEFECTS,
} MessageDefectId;

typedef enum {
    MESSAGE_DEFECT_NOTE,   /* legal, worth knowing */
    MESSAGE_DEFECT_SHOULD, /* against a SHOULD, or against good sense */
    MESSAGE_DEFECT_MUST,   /* against a MUST or the grammar */
} MessageDefectSeverity;

typedef struct {
    MessageDefectId id;
    const char *name; /* "line-over-998": stable, for JSON and tests */
    MessageDefectSeverity severity;
    RfcReference reference;
    const char *meaning; /* what is wrong, one sentence */
    const char *advice;  /* what to do instead, one sentence */
} MessageDefectRow;

#define MESSAGE_DEFECT_BIT(id) (G_GUINT64_CONSTANT(1) << (id))

const MessageDefectRow *message_defect_row(MessageDefectId id);

/* The names of all defects in the set, separated by a space: for tests and logs. */
char *message_defects_to_string(guint64 defects);
