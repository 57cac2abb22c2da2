#pragma once

/* What IMAP says: its commands, responses, response codes, items, keys, flags, attributes and
 * extensions, as rows. Where IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051) both define a token
 * there is a row for each, with the context "IMAP4rev1" or "IMAP4rev2"; extensions name themselves
 * as context. A finder takes the revision in force and gives the row of that revision, else that of
 * an extension, else that of the other revision. All names are found in any case of letters. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef enum {
    IMAP_REVISION_1, /* RFC 3501 */
    IMAP_REVISION_2, /* RFC 9051 */
    N_IMAP_REVISIONS,
} ImapRevision;

typedef enum {
    IMAP_STATE_CONNECTED = 1u << 0, /* the greeting has not come yet */
    IMAP_STATE_NOT_AUTHENTICATED = 1u << 1,
    IMAP_STATE_AUTHENTICATED = 1u << 2,
    IMAP_STATE_SELECTED = 1u << 3,
    IMAP_STATE_LOGOUT = 1u << 4, /* BYE was said */
    IMAP_STATE_SASL = 1u << 5,   /* AUTHENTICATE goes on: the client's line is a SASL response */
    IMAP_STATE_IDLE = 1u << 6,   /* IDLE goes on: the client may say nothing but DONE */
    IMAP_STATE_OPAQUE = 1u << 7, /* TLS, or a protocol that is not IMAP */
} ImapState;

#define IMAP_STATES_LOGGED_IN (IMAP_STATE_AUTHENTICATED | IMAP_STATE_SELECTED)
#define IMAP_STATES_ANY (IMAP_STATE_NOT_AUTHENTICATED | IMAP_STATES_LOGGED_IN)

typedef enum {
    IMAP_COMMAND_APPEND,
    IMAP_COMMAND_AUTHENTICATE,
    IMAP_COMMAND_CANCELUPDATE,
    IMAP_COMMAND_CAPABILITY,
    IMAP_COMMAND_CHECK,
    IMAP_COMMAND_CLOSE,
    IMAP_COMMAND_COMPARATOR,
    IMAP_COMMAND_COMPRESS,
    IMAP_COMMAND_CONVERSIONS,
    IMAP_COMMAND_CONVERT,
    IMAP_COMMAND_COPY,
    IMAP_COMMAND_CREATE,
    IMAP_COMMAND_DELETE,
    IMAP_COMMAND_DELETEACL,
    IMAP_COMMAND_ENABLE,
    IMAP_COMMAND_ESEARCH,
    IMAP_COMMAND_EXAMINE,
    IMAP_COMMAND_EXPERIMENTAL, /* any unknown name that begins with X */
    IMAP_COMMAND_EXPUNGE,
    IMAP_COMMAND_FETCH,
    IMAP_COMMAND_GENURLAUTH,
    IMAP_COMMAND_GETACL,
    IMAP_COMMAND_GETJMAPACCESS,
    IMAP_COMMAND_GETMETADATA,
    IMAP_COMMAND_GETQUOTA,
    IMAP_COMMAND_GETQUOTAROOT,
    IMAP_COMMAND_ID,
    IMAP_COMMAND_IDLE,
    IMAP_COMMAND_LANGUAGE,
    IMAP_COMMAND_LIST,
    IMAP_COMMAND_LISTRIGHTS,
    IMAP_COMMAND_LOGIN,
    IMAP_COMMAND_LOGOUT,
    IMAP_COMMAND_LSUB,
    IMAP_COMMAND_MOVE,
    IMAP_COMMAND_MYRIGHTS,
    IMAP_COMMAND_NAMESPACE,
    IMAP_COMMAND_NOOP,
    IMAP_COMMAND_NOTIFY,
    IMAP_COMMAND_RENAME,
    IMAP_COMMAND_REPLACE,
    IMAP_COMMAND_RESETKEY,
    IMAP_COMMAND_SEARCH,
    IMAP_COMMAND_SELECT,
    IMAP_COMMAND_SETACL,
    IMAP_COMMAND_SETMETADATA,
    IMAP_COMMAND_SETQUOTA,
    IMAP_COMMAND_SORT,
    IMAP_COMMAND_STARTTLS,
    IMAP_COMMAND_STATUS,
    IMAP_COMMAND_STORE,
    IMAP_COMMAND_SUBSCRIBE,
    IMAP_COMMAND_THREAD,
    IMAP_COMMAND_UID, /* the prefix itself; "UID FETCH" has the id of FETCH */
    IMAP_COMMAND_UNAUTHENTICATE,
    IMAP_COMMAND_UNSELECT,
    IMAP_COMMAND_UNSUBSCRIBE,
    IMAP_COMMAND_URLFETCH,
    N_IMAP_COMMANDS,
} ImapCommandId;

typedef struct {
    VocabularyItem item;
    ImapCommandId id;
    ImapState next_state;    /* after OK; 0: as before */
    ImapState refused_state; /* after NO; 0: as before */
    bool is_uid;             /* the form behind "UID " */
    bool carries_message;    /* its literals are mail messages, not text: APPEND, REPLACE */
} ImapCommandRow;

/* The row of the plain form, without "UID ". */
const ImapCommandRow *imap_command_row(ImapCommandId id, ImapRevision revision);

/* "FETCH", or "UID FETCH" with one space; NULL: unknown. */
const ImapCommandRow *imap_command_find(ByteSpan name, ImapRevision revision);
const ImapCommandRow *imap_command_of(const VocabularyItem *item); /* the row around an item */

/* The sense of OK, NO, BAD, PREAUTH, BYE or "+" as the answer to 'command', or of an untagged one
 * where it is NULL. What a command says of its own results comes before the general row. */
const VocabularyItem *
imap_status_find(ByteSpan status, const ImapCommandRow *command, ImapRevision revision);

/* OK, BYE or PREAUTH as the first line of a connection. */
const VocabularyItem *imap_greeting_find(ByteSpan status, ImapRevision revision);

/* Untagged data: "EXISTS", "FETCH", "LIST" ... */
const VocabularyItem *imap_response_find(ByteSpan name, ImapRevision revision);

/* What stands in the brackets: "READ-WRITE", "UIDVALIDITY 3857529045", "METADATA MAXSIZE 1024". */
const VocabularyItem *imap_response_code_find(ByteSpan code, ImapRevision revision);

/* What FETCH can ask for, and what its response can hold: "FLAGS", "BODY", "BODY[", "RFC822.SIZE".
 * A section is taken off first: "BODY[" and "BINARY[" stand for all of them. */
const VocabularyItem *imap_fetch_item_find(ByteSpan name, ImapRevision revision);
const VocabularyItem *imap_fetch_response_item_find(ByteSpan name, ImapRevision revision);

/* "HEADER", "HEADER.FIELDS", "TEXT", "MIME": a part of what stands between the brackets. */
const VocabularyItem *imap_section_part_find(ByteSpan name, ImapRevision revision);

const VocabularyItem *imap_search_key_find(ByteSpan name, ImapRevision revision);
const VocabularyItem *imap_status_item_find(ByteSpan name, ImapRevision revision);
const VocabularyItem *imap_flag_find(ByteSpan name, ImapRevision revision); /* "\Seen", "$Junk" */
const VocabularyItem *imap_attribute_find(ByteSpan name, ImapRevision revision);

/* A word that changes a command: "UNCHANGEDSINCE" of STORE, "MIN" of SEARCH RETURN, "CONDSTORE" of
 * SELECT. */
const VocabularyItem *
imap_parameter_find(ByteSpan name, const ImapCommandRow *command, ImapRevision revision);

/* "IDLE", "AUTH=PLAIN", "APPENDLIMIT=1024": exactly, else by the part up to the "=". */
const VocabularyItem *imap_capability_find(ByteSpan keyword, ImapRevision revision);

const char *imap_state_name(guint32 state);            /* "not authenticated" ... one bit */
const char *imap_revision_name(ImapRevision revision); /* "IMAP4rev1" */

/* All tables, for the catalogue. */
const VocabularyTable *imap_vocabulary(gsize *out_count);
