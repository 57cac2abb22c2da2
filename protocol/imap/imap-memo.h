#pragma once

/* A few rows found lately, so that a dialogue need not search for FETCH and OK at every line. */

#include "protocol/imap/imap-vocabulary.h"

#define IMAP_MEMO_PLACES 8

typedef struct {
    ImapRevision revision; /* for which the rows were found */
    const ImapCommandRow *commands[IMAP_MEMO_PLACES];
    const VocabularyItem *responses[IMAP_MEMO_PLACES];

    struct {
        const VocabularyItem *item;
        const ImapCommandRow *command;
    } statuses[IMAP_MEMO_PLACES];
} ImapMemo;

/* The same as the finders of imap-vocabulary.h. */
const ImapCommandRow *imap_memo_command(ImapMemo *memo, ByteSpan name, ImapRevision revision);
const VocabularyItem *imap_memo_response(ImapMemo *memo, ByteSpan name, ImapRevision revision);
const VocabularyItem *imap_memo_status(
    ImapMemo *memo, ByteSpan status, const ImapCommandRow *command, ImapRevision revision
);
