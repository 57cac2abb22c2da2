#pragma once

/* Log-ins that were mistyped: "LOGIN bob hungry" without a tag, " PASS hungry", "PASShungry",
 * "AUTHPLAIN AGJv...", or the bare password where a command is due. No row of the vocabulary knows
 * such a line, yet the password in it is real: it is marked as secret, rather once too often. One
 * watch belongs to each conversation and sees its client's commands in order. */

#include "protocol/dialogue/dialogue.h"

/* The verb of a line that may be a bare password. */
#define SECRET_LINE_VERB "LINE"

typedef struct {
    bool after_login;   /* the command before was part of a log-in, or meant to be */
    guint32 hidden_tag; /* IMAP: the hash of a hidden line's first word; 0: none */
} SecretWatch;

/* Marks the event where it may hold a secret. Its verb is then what may be seen of the line, or
 * stands outside of it where nothing may; tag and arguments give nothing away. */
void secret_watch_note(SecretWatch *watch, DialogueEvent *command);

/* A server of IMAP repeats what it takes for a tag: taken off where it is a hidden line's. */
void secret_watch_clean_reply(const SecretWatch *watch, DialogueEvent *reply);

/* What stood in the place of the mechanism may be the password itself: true, and the name is left
 * out of the copy, where no row knows it. */
bool secret_slip_clean_credential(const DialogueCredential *credential, DialogueCredential *out);
