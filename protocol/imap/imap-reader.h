#pragma once

/* Cuts one side of an IMAP stream into units. A unit is a line with the small literals inside it,
 * up to the line's end or up to the announcement of a literal; then the owner says what the
 * literal is:
 *
 *     LINE      a whole command or response, or the rest of one behind a message
 *     LITERAL   the line ends with {n}: go on with imap_reader_take_literal() for text that
 *               belongs to the unit, or imap_reader_stream_literal() for a message, whose octets
 *               are then lent out as they come and never kept
 *
 * What lies whole in the input is lent without a copy; what is split is gathered up to a named
 * maximum. The same octets in any pieces give the same units. */

#include "protocol/dialogue/dialogue-input.h"
#include "protocol/imap/imap-scanner.h"

#define IMAP_UNIT_MAXIMUM 65536 /* octets kept of one command or response, literals included */
#define IMAP_ENDING_MAXIMUM 500 /* of the last line, enough to see which item a literal is */

typedef enum {
    IMAP_UNIT_NEED_MORE,
    IMAP_UNIT_LINE,
    IMAP_UNIT_LITERAL,
} ImapUnitStep;

/* Spans are borrowed until the next call to the reader. */
typedef struct {
    ByteSpan text;   /* all of it without the last line end, at most the maximum */
    ByteSpan raw;    /* all of it with its line end, at most the maximum */
    ByteSpan ending; /* the end of its last line, even where 'text' was cut short */
    guint64 from;    /* in the input's octets */
    guint64 to;
    guint64 longest_line; /* with its end */
    guint32 defects;      /* DialogueDefect, of its lines; not of the octets in literals */
    ImapLiteral literal;  /* announced at its end */
} ImapUnit;

typedef struct {
    ByteBuffer gathered; /* the unit's first octets, where not all of it lies in one run */
    ByteBuffer ending;   /* the end of the present line, where 'gathered' has no room for it */
    gsize scanned;       /* octets of the present run that were read but not consumed */
    guint64 consumed;    /* octets of the unit taken from the input, thrown-away ones included */
    guint64 line_start;  /* of the present line, counted from the unit's first octet */
    guint64 from;
    guint64 literal_left; /* of a literal inside the unit */
    guint64 stream_left;  /* of a message */
    guint64 longest_line;
    guint32 defects;
    bool is_lent; /* the last unit has been given; what is kept of it goes with the next call */
} ImapReader;

void imap_reader_init(ImapReader *reader, gsize maximum);
void imap_reader_clear(ImapReader *reader);

/* 'reads_literals' false: an announcement at the end of this line is mere text. */
ImapUnitStep
imap_reader_next(ImapReader *reader, DialogueInput *input, bool reads_literals, ImapUnit *out_unit);

/* After LITERAL: it belongs to the unit, which goes on behind it. */
void imap_reader_take_literal(ImapReader *reader, guint64 octets);

/* After LITERAL: keeps what there is of the unit while an answer is awaited, and lends it anew. */
void imap_reader_keep(ImapReader *reader, DialogueInput *input, ImapUnit *out_unit);

/* After LITERAL: the unit ends here. */
void imap_reader_end_unit(ImapReader *reader, DialogueInput *input);

/* Lets the next 'octets' pass as those of a message: imap_reader_stream() lends them as they come,
 * until 'stream_left' is 0. */
void imap_reader_start_stream(ImapReader *reader, guint64 octets);
bool imap_reader_stream(ImapReader *reader, DialogueInput *input, ByteSpan *out_octets);

/* Whether some of a unit has been read that has not been given yet. */
bool imap_reader_is_within_unit(const ImapReader *reader);

/* What there is of a unit when octets are missing or the stream ends; false: nothing. */
bool imap_reader_cut(ImapReader *reader, DialogueInput *input, ImapUnit *out_unit);
