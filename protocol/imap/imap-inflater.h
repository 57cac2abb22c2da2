#pragma once

/* One direction of a session after COMPRESS DEFLATE (RFC 4978): takes the octets of the wire and
 * gives the text inside them, a bounded piece at a time. */

#include "protocol/dialogue/dialogue-input.h"

#define IMAP_INFLATE_INPUT 512   /* octets of the wire taken at once: how exact offsets are */
#define IMAP_INFLATE_OUTPUT 8192 /* octets of text given at once */

typedef struct ImapInflater ImapInflater;

ImapInflater *imap_inflater_new(void);
void imap_inflater_free(ImapInflater *inflater);

/* The text, to be read like any input; its positions count octets of the text. */
DialogueInput *imap_inflater_text(ImapInflater *inflater);

/* When the text has been read: makes more of it from the wire. False: the wire has no more now. */
bool imap_inflater_refill(ImapInflater *inflater, DialogueInput *wire);

/* The wire held something that is no deflated text; nothing more can be read. */
bool imap_inflater_has_failed(const ImapInflater *inflater);

/* Where on the wire the present text came from. */
guint64 imap_inflater_from(const ImapInflater *inflater);
guint64 imap_inflater_to(const ImapInflater *inflater);
