#pragma once

/* Stands beside a person who types a client's lines: says what each line and each answer means and
 * why it comes now, what state the session is in and what may be typed in it, and where that is
 * written. It hears both sides and says nothing itself to the server.
 *
 *     lines typed ──┬─> frames ─> dissector ─> steps ─> screen
 *     answers ──────┤
 *                   └─> dialogue ─> state ─> rows of the vocabulary ─> "now you may type ..." */

#include "dissect/conversation/dissector.h"
#include "ui/report/text-layout.h"

typedef struct TalkCoach TalkCoach;

/* 'protocol' is SMTP, POP3 or IMAP; 'port' the server's. */
TalkCoach *
talk_coach_new(MailProtocol protocol, guint16 port, bool is_own_server, bool show_secrets);
void talk_coach_free(TalkCoach *coach);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TalkCoach, talk_coach_free)

/* Octets that went over the wire. */
void talk_coach_hear(TalkCoach *coach, DialogueSide side, ByteSpan octets, gint64 time_ns);
void talk_coach_finish(TalkCoach *coach);

/* Something that happened inside the server. */
void talk_coach_tell(TalkCoach *coach, const char *text);

/* The answer to a line that begins with '?': all commands that may come now, or one of them. */
void talk_coach_explain(TalkCoach *coach, const char *word);

/* The server owes an answer: a further line should wait. */
bool talk_coach_is_waiting(const TalkCoach *coach);
/* What is typed is a message, up to a line with a single dot. */
bool talk_coach_is_in_message(const TalkCoach *coach);
/* BDAT said how many octets follow, and not all of them were typed: nothing is answered before. */
bool talk_coach_is_in_chunk(const TalkCoach *coach);
/* The next line is a password or a proof: it should not be seen. */
bool talk_coach_wants_secret(const TalkCoach *coach);
/* The session is over. */
bool talk_coach_is_over(const TalkCoach *coach);

/* What has been laid out and not yet been written. */
bool talk_coach_write(TalkCoach *coach, FILE *stream);
