#pragma once

/* What HTTP says in secret, for the echo to know it where it is repeated: the password of Basic,
 * the token of Bearer, a password in a URL ("http://bob:hungry@crepes.fr/", "?password=hungry"), in
 * a form or in JSON. Each is learned as it stood, with its code taken off, and as a URL writes it.
 */

#include "dissect/finding/secret-echo.h"

/* Every request line, field and line of an answer, in order, before it is masked. */
void secret_web_note(SecretEcho *echo, const DialogueEvent *said);

/* The body of a request, once it is over. */
void secret_web_note_form(SecretEcho *echo, ByteSpan content_type, ByteSpan body);
