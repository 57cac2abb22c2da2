#pragma once

/* What may answer a command, each answer with its own sense. */

#include "protocol/rfc/vocabulary.h"
#include "ui/report/text-layout.h"

/* One possible answer of a row's 'replies': "250", "NO" with the code "BADURL", "FETCH". */
typedef struct {
    char token[24];
    char code[32];               /* what stood in brackets; "" where nothing did */
    const VocabularyItem *sense; /* NULL: no row knows it */
} VocabularyReply;

/* Takes the next answer off the front of 'rest', which begins as item->replies; false: the end. */
bool vocabulary_next_reply(
    const VocabularyItem *item, const char **rest, VocabularyReply *out_reply
);

void vocabulary_add_replies(
    TextLayout *layout, guint indent, guint label_width, const VocabularyItem *item
);

/* For an SMTP reply: what its first digit says. */
void vocabulary_add_reply_class(TextLayout *layout, guint indent, const VocabularyItem *item);
