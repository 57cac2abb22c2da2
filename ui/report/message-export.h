#pragma once

/* Writes the messages of a capture out as files (--eml DIR) or as one mbox file (--mbox FILE),
 * octet for octet. Names are made of a running number alone, so nothing from the network becomes a
 * path; a file that exists is kept and the next free number is taken, unless 'force'. Incomplete
 * messages are written too, with ".incomplete" in their name; octets that are missing are not made
 * up. */

#include "dissect/finding/message-record.h"

typedef struct MessageExport MessageExport;

/* Either may be NULL. */
MessageExport *
message_export_new(const char *eml_folder, const char *mbox_path, bool force, GError **error);
void message_export_free(MessageExport *export);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageExport, message_export_free)

/* Takes every event; messages are found in it. */
void message_export_event(MessageExport *export, const DissectEvent *event);

/* Writes what is left. False: something could not be written, and nothing after it was tried. */
bool message_export_finish(MessageExport *export, GError **error);

guint64 message_export_count(const MessageExport *export);
