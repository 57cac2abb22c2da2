#pragma once

/* Reads what stands behind "* 12 FETCH": pairs of an item and its value, one after another, without
 * a copy. Also reads the names that a FETCH command asks for. */

#include "protocol/imap/imap-scanner.h"

typedef struct {
    ImapScanner scanner;
    bool is_broken; /* not of the form (item value item value ...) */
} ImapFetchReader;

typedef enum {
    IMAP_FETCH_VALUE_NIL,
    IMAP_FETCH_VALUE_NUMBER,
    IMAP_FETCH_VALUE_STRING, /* quoted or literal */
    IMAP_FETCH_VALUE_LIST,
    IMAP_FETCH_VALUE_ATOM,
} ImapFetchValueKind;

typedef struct {
    ImapToken item; /* its name, section and partial */
    ImapFetchValueKind kind;
    ImapToken token; /* a string, number or atom */
    guint64 number;
    ByteSpan value; /* all of it as it stands; of a list: with its brackets */
} ImapFetchPair;

/* 'arguments' of the response: "(FLAGS (\Seen) UID 7)". */
void imap_fetch_reader_init(ImapFetchReader *reader, ByteSpan arguments);

bool imap_fetch_reader_next(ImapFetchReader *reader, ImapFetchPair *out_pair);

/* The item whose literal is announced at the end of 'line': BODY[TEXT], RFC822 ... False: no
 * literal, or not one that holds part of a message. */
bool imap_fetch_announced_part(ByteSpan line, ImapToken *out_item);

/* Whether the item's value is octets of a message: BODY[...], BINARY[...], RFC822 and its kin. */
bool imap_fetch_item_is_part(const ImapToken *item);

/* What stands between the brackets, or what RFC822.HEADER and its kin mean in those words. */
ByteSpan imap_fetch_item_section(const ImapToken *item);
