#pragma once

/* One line of SMTP, POP3, IMAP or HTTP with its line end (an IMAP command with its literals),
 * changed in place: what the protocol says stays, names and passwords do not. */

#include "dissect/conversation/dissector.h"
#include "ui/anonymize/anonymize-text.h"

void anonymize_line(
    AnonymizeNames *names, MailProtocol protocol, DialogueEventKind kind, guint8 *line, gsize length
);

/* A command that holds a secret where none is due: every word behind the part that may be seen is
 * changed, whatever it is. */
void anonymize_secret_line(
    AnonymizeNames *names, MailProtocol protocol, guint8 *line, gsize length, gsize visible
);
