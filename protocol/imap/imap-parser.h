#pragma once

/* Takes a client's command or a server's response apart. The text is whole: one line without its
 * end, with any literals as they stood on the wire (imap-reader.h gathers them). Parsing never
 * fails; what is wrong comes out as defects, which a server answers and the dissector remarks. */

#include "protocol/dialogue/dialogue.h"
#include "protocol/imap/imap-memo.h"
#include "protocol/imap/imap-scanner.h"
#include "protocol/imap/imap-vocabulary.h"

typedef struct {
    ByteSpan tag;
    ByteSpan name;             /* "FETCH"; "UID FETCH" with its prefix; as written */
    const ImapCommandRow *row; /* NULL: unknown */
    bool is_uid;
    ByteSpan arguments; /* what follows the name and one space */
    guint32 defects;    /* DialogueDefect: unknown, syntax, trailing */
} ImapCommand;

/* False: no reply may bear it; "*" or "+" at its front would mean something else. */
bool imap_tag_is_valid(ByteSpan tag);

void imap_command_parse(ByteSpan text, ImapRevision revision, ImapCommand *out_command);

/* The same with rows found lately at hand. */
void imap_command_parse_with(
    ByteSpan text, ImapMemo *memo, ImapRevision revision, ImapCommand *out_command
);

/* Whether the arguments have the form that the command asks for: brackets and quotes closed, not
 * too few and not too many of them. */
guint32 imap_command_argument_defects(const ImapCommandRow *row, ByteSpan arguments);

/* How many arguments stand before the message that the command carries: one for APPEND. */
guint imap_arguments_before_message(const ImapCommandRow *row);

/* The number of whole arguments in a text that ends with a literal just announced, the literal
 * itself left aside. */
guint imap_count_arguments(ByteSpan arguments);

typedef enum {
    IMAP_RESPONSE_TAGGED,       /* "a1 OK ..." ends a command */
    IMAP_RESPONSE_STATUS,       /* "* OK ..." */
    IMAP_RESPONSE_DATA,         /* "* 12 EXISTS", "* LIST ..." */
    IMAP_RESPONSE_CONTINUATION, /* "+ ..." */
    IMAP_RESPONSE_UNKNOWN,      /* no response at all */
} ImapResponseKind;

typedef enum {
    IMAP_STATUS_NONE,
    IMAP_STATUS_OK,
    IMAP_STATUS_NO,
    IMAP_STATUS_BAD,
    IMAP_STATUS_PREAUTH,
    IMAP_STATUS_BYE,
} ImapStatus;

typedef struct {
    ImapResponseKind kind;
    ImapStatus status;
    ByteSpan tag; /* the tag, "*" or "+" */
    bool has_number;
    guint64 number;     /* of "* 12 EXISTS" */
    ByteSpan name;      /* "OK", "EXISTS", "LIST" */
    ByteSpan code;      /* inside the brackets of a status, or of "+"; empty: none */
    ByteSpan arguments; /* data behind the name; a status: the text for people */
    guint32 defects;
} ImapResponse;

void imap_response_parse(ByteSpan text, ImapResponse *out_response);

/* Whether a line may be a response; a weaker but quicker question, for finding the way again. */
bool imap_may_be_response(ByteSpan line, ImapRevision revision);

/* Whether a list of capabilities holds that one. */
bool imap_capabilities_have(ByteSpan capabilities, const char *capability);
