#pragma once

/* An SMTP conversation, seen by anyone: octets of both sides in, events out (dialogue.h). It pairs
 * replies with pipelined commands by order, moves its state on the reply, reads the message behind
 * DATA (dots unstuffed) and BDAT (by count), and the exchange of AUTH. After a positive answer to
 * STARTTLS it is opaque once TLS is really seen; plain text there is flagged and read on.
 *
 *     CONNECTED ─220─> GREETED ─EHLO 250─> READY ─MAIL 250─> MAIL ─RCPT 250─> RECIPIENTS
 *                                            ^                     DATA 354 │    │ BDAT 250
 *                                            └──── 250, 4yz or 5yz ── DATA <┘    └> BDAT        */

#include "protocol/dialogue/dialogue.h"
#include "protocol/smtp/smtp-vocabulary.h"

#define SMTP_COMMAND_LINE_LIMIT 512 /* RFC 5321 §4.5.3.1.4, line end included */
#define SMTP_REPLY_LINE_LIMIT 512   /* RFC 5321 §4.5.3.1.5 */
#define SMTP_LINE_MAXIMUM 12288     /* RFC 4954 §4: the longest line an AUTH exchange may need */
#define SMTP_HELD_MAXIMUM 262144    /* octets kept while an answer is awaited */
#define SMTP_ENVELOPE_MAXIMUM 1048576

typedef struct SmtpDialogue SmtpDialogue;

extern const DialogueClass smtp_dialogue_class;

SmtpDialogue *smtp_dialogue_new(void);
void smtp_dialogue_free(SmtpDialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpDialogue, smtp_dialogue_free)

/* Copies what the client's side has been lent and not yet read, so that the octets may go. False:
 * it is too much. */
bool smtp_dialogue_hold_client(SmtpDialogue *dialogue);

SmtpState smtp_dialogue_state(const SmtpDialogue *dialogue);

/* The state that holds once all waiting commands are answered positively. */
SmtpState smtp_dialogue_anticipated_state(const SmtpDialogue *dialogue);

/* The open transaction: see DialogueMessage. Empty outside one. */
ByteSpan smtp_dialogue_reverse_path(const SmtpDialogue *dialogue);
ByteSpan smtp_dialogue_forward_paths(const SmtpDialogue *dialogue);

/* The TLS layer below has begun: what is fed from now on is plain again, and RFC 3207 §4.2 starts
 * the session anew. For owners who hold that layer. */
void smtp_dialogue_begin_tls(SmtpDialogue *dialogue);

/* Takes LF alone for a line end inside a message too, as careless receivers do. */
void smtp_dialogue_set_lenient(SmtpDialogue *dialogue, bool is_lenient);

/* The path in the argument of MAIL or RCPT as written, brackets taken off. */
ByteSpan smtp_path_text(ByteSpan arguments);
