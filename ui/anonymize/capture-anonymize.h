#pragma once

/* The same capture with other names in it (--anonymize OUT.pcap), so that a class may have it:
 * addresses, hosts, people, passwords and what was written are replaced, everywhere in the same
 * way; lengths, times, sequence numbers and the dialogue stay, checksums that were right are right.
 * What is encrypted stays as it is. Frames are held in memory until the capture has been read.
 *
 * A file that exists is kept unless 'force'; the new one appears whole or not at all. */

#include "dissect/conversation/dissector.h"

#define ANONYMIZE_HELD_MAXIMUM ((gsize)512 * 1024 * 1024) /* octets of frames */

typedef struct CaptureAnonymize CaptureAnonymize;

CaptureAnonymize *capture_anonymize_new(const char *path, bool force, GError **error);
void capture_anonymize_free(CaptureAnonymize *anonymize);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaptureAnonymize, capture_anonymize_free)

/* Every frame, as the dissector shows it; then every event. */
void capture_anonymize_frame(
    CaptureAnonymize *anonymize,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction
);
void capture_anonymize_event(CaptureAnonymize *anonymize, const DissectEvent *event);

bool capture_anonymize_write(CaptureAnonymize *anonymize, GError **error);
guint64 capture_anonymize_frames(const CaptureAnonymize *anonymize);
