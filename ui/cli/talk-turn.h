#pragma once

/* What the client may say next: what every server has, what this one said it has, and what only
 * certain commands may follow. It remembers the server's lists of extensions, the greeting's time
 * stamp, an accepted USER, and the tags that were used. Of its owner it needs every command and
 * every reply, in order. */

#include "dissect/conversation/conversation.h"
#include "protocol/dialogue/dialogue.h"

typedef struct {
    MailProtocol protocol;
    GHashTable *offered; /* words of the server's lists of extensions, in capitals */
    GHashTable *tags;    /* IMAP: those that were used */
    bool has_time_stamp; /* POP3: the greeting has what APOP needs */
    bool follows_user;   /* POP3: USER was accepted, and nothing came since */
} TalkTurn;

void talk_turn_init(TalkTurn *turn, MailProtocol protocol);
void talk_turn_clear(TalkTurn *turn);

/* False: its tag was used before. */
bool talk_turn_command(TalkTurn *turn, const DialogueEvent *event);
void talk_turn_reply(TalkTurn *turn, const DialogueEvent *event);

/* Whether a command may be typed in 'state'. */
bool talk_turn_allows(const TalkTurn *turn, guint32 state, const VocabularyItem *item);
