#pragma once

/* An IMAP conversation, seen by anyone: octets of both sides in, events out (dialogue.h). Answers
 * find their command by tag, so several may be in progress. What IMAP adds to the common rules:
 *
 *   - A command with small literals is one COMMAND event; "+" lines that came in between follow it.
 *   - The literal of APPEND and REPLACE, and of a section that FETCH brings, is a message: the text
 *     up to "{n}" is a COMMAND or REPLY, then the message, then what is left of the line as a
 *     CONTINUATION or a REPLY that is not 'is_first'.
 *   - A section that comes as a quoted string, without a literal, stays in its REPLY; see
 *     imap-fetch-response.h.
 *   - Untagged data has the number of the command it most likely answers; 0 if none asked for it.
 *     A reply's 'code' is its status, or the name of its data: "EXISTS".
 *   - What the client sends behind "{n}", AUTHENTICATE, IDLE, STARTTLS and COMPRESS hangs on the
 *     answer and is held until that is fed.
 *   - After COMPRESS the text inside is read; offsets are then those of the deflated octets that
 *     brought it, to within IMAP_INFLATE_INPUT.
 *   - Where octets are missing and the announcement of a literal with them, lines that can be no
 *     IMAP are given as a message that has no beginning ('is_partial', nothing 'announced'). */

#include "protocol/dialogue/dialogue.h"
#include "protocol/imap/imap-vocabulary.h"

#define IMAP_COMMAND_LINE_LIMIT 8192 /* RFC 7162 §4, literals left aside */
#define IMAP_HELD_MAXIMUM 262144     /* octets kept while an answer is awaited */
#define IMAP_DEFERRED_MAXIMUM 4096   /* of "+" lines within a command */
#define IMAP_CREDENTIAL_MAXIMUM 1024 /* of a name or password in LOGIN */
#define IMAP_SECTION_MAXIMUM 512     /* kept of the name of a section */

typedef struct ImapDialogue ImapDialogue;

extern const DialogueClass imap_dialogue_class;

ImapDialogue *imap_dialogue_new(void);
void imap_dialogue_free(ImapDialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapDialogue, imap_dialogue_free)

ImapState imap_dialogue_state(const ImapDialogue *dialogue);

/* For a server, which hears its own words at once: the state follows, no events come of them. */
void imap_dialogue_hear_server(ImapDialogue *dialogue, ByteSpan words);

/* The same for a client; a "+" inside a command is then told at once. */
void imap_dialogue_hear_client(ImapDialogue *dialogue, ByteSpan words);

/* For a client: the octets of a literal that was announced may not go out yet. */
bool imap_dialogue_awaits_octets(const ImapDialogue *dialogue);

/* For a server: the client waits for "+" before it sends the octets of a literal inside a command
 * ('out_text': what there is of it, up to the announcement). */
bool imap_dialogue_awaits_literal(
    const ImapDialogue *dialogue, ByteSpan *out_text, guint64 *out_octets
);

/* The rest of a command behind a message that it carried is still to come. */
bool imap_dialogue_is_behind_message(const ImapDialogue *dialogue);

/* Keeps what was fed of the client for a later next(); false: there is no room for so much. */
bool imap_dialogue_hold(ImapDialogue *dialogue);

/* IMAP4rev1 until the server offers nothing else than IMAP4rev2, or the client has enabled it. */
ImapRevision imap_dialogue_revision(const ImapDialogue *dialogue);

/* The TLS layer below has begun: what is fed from now on is plain again, and the session goes on
 * where it was. */
void imap_dialogue_begin_tls(ImapDialogue *dialogue);
