#pragma once

/* Writes the attachments of a capture into a folder (--attachments DIR), decoded, with a manifest:
 * one line each with type, size, SHA-256 and frames. A name from the network becomes the last part
 * of a file name at most; two of the same name are numbered, and a file that exists is kept unless
 * 'force'. */

#include "ui/report/message-gather.h"

#define ATTACHMENT_MANIFEST "manifest.tsv"

typedef struct AttachmentExport AttachmentExport;

AttachmentExport *attachment_export_new(const char *folder, bool force, GError **error);
void attachment_export_free(AttachmentExport *export);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttachmentExport, attachment_export_free)

void attachment_export_event(AttachmentExport *export, const DissectEvent *event);

/* Writes the manifest. False: something could not be written. */
bool attachment_export_finish(AttachmentExport *export, GError **error);
guint attachment_export_count(const AttachmentExport *export);
