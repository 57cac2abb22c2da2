#pragma once

/* What a FETCH command asks for, taken apart (RFC 9051 §6.4.5): a list of items, macros resolved.
 */

#include "protocol/imap/imap-scanner.h"
#include "protocol/imap/imap-vocabulary.h"

#define IMAP_FETCH_ITEMS_MAXIMUM 200

typedef enum {
    IMAP_FETCH_UID,
    IMAP_FETCH_FLAGS,
    IMAP_FETCH_INTERNALDATE,
    IMAP_FETCH_SIZE,
    IMAP_FETCH_ENVELOPE,
    IMAP_FETCH_BODY,
    IMAP_FETCH_BODYSTRUCTURE,
    IMAP_FETCH_SECTION, /* BODY[...], RFC822 and its kin */
    IMAP_FETCH_BINARY,
    IMAP_FETCH_BINARY_SIZE,
} ImapFetchKind;

typedef struct {
    ImapFetchKind kind;
    char *label;       /* as it stands in the response: "BODY[HEADER]", "RFC822.TEXT" */
    char *section;     /* in capitals: "HEADER", "2.1", "" */
    GPtrArray *fields; /* of HEADER.FIELDS; NULL: none */
    bool is_not;       /* HEADER.FIELDS.NOT */
    bool is_peek;      /* leaves \Seen alone */
    bool is_partial;
    guint64 first;
    guint64 count;
} ImapFetchItem;

/* 'text': what stands behind the message set. False: not of the form, or items that the revision
 * or the offers do not have. The array frees its items. */
bool imap_fetch_request_parse(ByteSpan text, bool has_binary, GPtrArray **out_items);
