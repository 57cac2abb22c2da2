#pragma once

/* Servers that repeat a password: "-ERR wrong password: hungry". What the client said in secret is
 * remembered, as it stood and with base64 taken off, and where it comes back in a later line of a
 * reply it is replaced by a mask. Message bodies are left alone, and so is what is so short that
 * everything would be masked. One echo belongs to each conversation; it lives in it. */

#include "protocol/dialogue/dialogue.h"

#define SECRET_ECHO_SHORTEST 4

typedef struct {
    GPtrArray *secrets; /* GBytes, the oldest first; NULL: none yet */
    GString *masked;    /* the last reply that was changed; NULL: none yet */
    bool is_name_next;  /* AUTH LOGIN asks for the name first, which is no secret */
} SecretEcho;

void secret_echo_clear(SecretEcho *echo);

/* Every command, continuation and credential, in order, once they are marked as secret or not. */
void secret_echo_note(SecretEcho *echo, const DialogueEvent *said);

/* One more secret; what is too short to hide, or the name of a mechanism, is left out. */
void secret_echo_learn(SecretEcho *echo, ByteSpan secret);

/* Changes a line of a reply, or one of a request of HTTP, where it must; its text then lives until
 * the next line is masked. */
void secret_echo_mask(SecretEcho *echo, DialogueEvent *line);
