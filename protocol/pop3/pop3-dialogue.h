#pragma once

/* A POP3 conversation, seen by anyone: octets of both sides in, events out (dialogue.h). Whether
 * an answer has one line or many is known only from its command (RFC 1939 §3), so the dialogue
 * keeps the commands that wait. Messages behind RETR and TOP are given with their dots unstuffed;
 * the lines of LIST, UIDL and CAPA as reply lines, closed by the line with the single dot.
 *
 *     CONNECTED ─+OK─> AUTHORIZATION ─PASS, APOP, AUTH +OK─> TRANSACTION ─QUIT +OK─> UPDATE */

#include "protocol/dialogue/dialogue.h"
#include "protocol/pop3/pop3-vocabulary.h"

#define POP3_COMMAND_LINE_LIMIT 255 /* RFC 2449 §4, line end included */
#define POP3_REPLY_LINE_LIMIT 512   /* RFC 1939 §3 */
#define POP3_LINE_MAXIMUM 12288     /* RFC 5034 §4: AUTH lines may be as long as SMTP's */
#define POP3_HELD_MAXIMUM 65536
#define POP3_CREDENTIAL_MAXIMUM 512

typedef struct Pop3Dialogue Pop3Dialogue;

extern const DialogueClass pop3_dialogue_class;

Pop3Dialogue *pop3_dialogue_new(void);
void pop3_dialogue_free(Pop3Dialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3Dialogue, pop3_dialogue_free)

Pop3State pop3_dialogue_state(const Pop3Dialogue *dialogue);

/* For servers whose owner answers later: keeps what was fed of the client, which was only lent.
 * False: there is no room. */
bool pop3_dialogue_hold_client(Pop3Dialogue *dialogue);

/* The TLS layer below has begun: RFC 2595 §4 starts again in AUTHORIZATION. */
void pop3_dialogue_begin_tls(Pop3Dialogue *dialogue);
