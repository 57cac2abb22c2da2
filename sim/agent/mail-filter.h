#pragma once

/* What a filter between two servers looks for: words that score as spam, signatures that name a
 * virus, and a few habits of unsolicited mail (a subject in capitals, a From that differs from
 * MAIL FROM). It reads the decoded text of the message and its decoded attachments, so base64
 * hides nothing. A score is a guess, and a false positive is part of the lesson.
 *
 * A MailFilter is a plain value made of lists; verdicts own their texts. */

#include "protocol/text/byte-span.h"

typedef enum {
    MAIL_FILTER_TAG,     /* a header field says what was found; the message goes on */
    MAIL_FILTER_REJECT,  /* 550 5.7.1: the client hears of it */
    MAIL_FILTER_DISCARD, /* 250, and the message vanishes; nobody hears of it */
} MailFilterAction;

typedef struct MailFilter MailFilter;

/* Scores are in tenths, so that they are the same on every machine: 50 is "5.0". */
#define MAIL_FILTER_THRESHOLD 50

MailFilter *mail_filter_new(void);
MailFilter *mail_filter_copy(const MailFilter *filter);
void mail_filter_free(MailFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailFilter, mail_filter_free)

void mail_filter_set_threshold(MailFilter *filter, int tenths);
void mail_filter_set_spam_action(MailFilter *filter, MailFilterAction action);  /* TAG */
void mail_filter_set_virus_action(MailFilter *filter, MailFilterAction action); /* REJECT */

/* A word or phrase in subject or text, in any case of letters. */
void mail_filter_add_word(MailFilter *filter, const char *word, int tenths);

/* Octets that give a virus away, in text or attachment. */
void mail_filter_add_virus(MailFilter *filter, const char *name, ByteSpan signature);

typedef struct {
    int score;           /* tenths */
    GPtrArray *findings; /* char *: "subject in capitals 1.5", "word 'lottery' 2.0" */
    char *virus;         /* name; NULL: none */
    bool is_spam;
    MailFilterAction action; /* TAG also where nothing was found: the score is written down */
} MailVerdict;

/* 'reverse_path' is MAIL FROM. */
void mail_filter_judge(
    const MailFilter *filter, ByteSpan message, const char *reverse_path, MailVerdict *out_verdict
);
void mail_verdict_clear(MailVerdict *verdict);

/* The header fields to be put on top: X-Spam-Score, X-Spam-Flag, X-Virus-Status. */
char *mail_verdict_write(const MailVerdict *verdict);
