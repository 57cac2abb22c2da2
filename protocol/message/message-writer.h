#pragma once

/* Composing a message: header fields in the order they are given, encoded words and folds where
 * they are needed, and a body of one part or of a tree of parts. Every text given in is UTF-8 and
 * is copied; what would break the header (CR, LF, NUL) becomes a space. Nothing is taken from a
 * clock or from chance: the same calls with the same seed give the same octets.
 *
 *     draft ─ fields: From, To, Subject ...
 *           └ body:  multipart/mixed ─┬ multipart/alternative ─┬ text/plain
 *                                     │                        └ text/html
 *                                     └ image/jpeg (attachment)
 *
 * Left to the writer: Date, Message-ID and MIME-Version where they were not added by hand, and the
 * Content- fields. The transfer encoding of a part is the mildest that its octets allow. */

#include "protocol/text/byte-span.h"

typedef struct {
    gint64 seconds; /* of the Date field, since 1970 in UTC */
    int zone_minutes;
    const char *message_id; /* without <>; NULL: made from seed, time and 'domain' */
    const char *domain;     /* right half of a made Message-ID; NULL: "localhost" */
    guint64 seed;           /* of boundaries and a made Message-ID */
    bool allows_8bit;       /* 8BITMIME: UTF-8 text need not be encoded */
    bool allows_utf8;       /* SMTPUTF8: header fields need no encoded words */
} MessageDraftOptions;

typedef struct MessageDraft MessageDraft;
typedef struct DraftPart DraftPart;

MessageDraft *message_draft_new(const MessageDraftOptions *options);
void message_draft_free(MessageDraft *draft); /* with its body */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageDraft, message_draft_free)

/* Free text such as Subject: other than ASCII becomes encoded words. */
void message_draft_add_text(MessageDraft *draft, const char *name, const char *text);

/* A list of addresses, "Ælfric <a@crepes.fr>, bob@hamburger.edu": only names are encoded. A domain
 * or local part beyond ASCII stays as it is and needs 'allows_utf8'. */
void message_draft_add_addresses(MessageDraft *draft, const char *name, const char *addresses);

/* A body with a grammar of its own (References, List-Id, Auto-Submitted), folded at spaces only. */
void message_draft_add_structured(MessageDraft *draft, const char *name, const char *body);

void message_draft_set_body(MessageDraft *draft, DraftPart *part); /* takes the part */

/* The message, lines closed by CRLF. */
GBytes *message_draft_write(const MessageDraft *draft);

/* text/plain, text/html ...: line ends may be LF or CRLF. */
DraftPart *draft_part_new_text(const char *subtype, const char *text);

/* Any octets. 'file_name' may be NULL; with one the part is an attachment. */
DraftPart *draft_part_new_content(const char *type, GBytes *content, const char *file_name);

/* message/rfc822 around a whole message, or text/rfc822-headers around its header. */
DraftPart *draft_part_new_message(GBytes *message);
DraftPart *draft_part_new_message_header(GBytes *message);

/* "mixed", "alternative", "digest", "related", "report" ... A digest writes no Content-Type for
 * messages in it: message/rfc822 is its default (RFC 2046 §5.1.5). */
DraftPart *draft_part_new_multipart(const char *subtype);
void draft_part_add(DraftPart *multipart, DraftPart *child); /* takes the child */

void draft_part_add_parameter(DraftPart *part, const char *name, const char *value);
void draft_part_add_field(DraftPart *part, const char *name, const char *body);
void draft_part_set_inline(DraftPart *part); /* Content-Disposition: inline */
void draft_part_set_preamble(DraftPart *multipart, const char *text);
void draft_part_free(DraftPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DraftPart, draft_part_free)

/* The text and its attachments the way a person composes: one part where there is nothing else,
 * alternative where there is HTML too, mixed around them where there are attachments. 'html' may be
 * NULL; takes the attachments, not the array. */
DraftPart *draft_part_new_composed(
    const char *text, const char *html, DraftPart *const *attachments, gsize n_attachments
);

typedef struct {
    const char *from; /* who answers, as an address list of one */
    bool to_all;      /* Cc everybody the original was sent to, the answerer left out */
    const char *text; /* what is said above the quotation */
    bool quotes;      /* the original's text, with "> " before each line */
} MessageReply;

/* A draft with From, To, Cc, "Re: " Subject, In-Reply-To and References (RFC 5322 §3.6.4). */
MessageDraft *message_draft_new_reply(
    GBytes *original, const MessageReply *reply, const MessageDraftOptions *options
);

typedef struct {
    const char *from;
    const char *to;
    const char *text;   /* what is said above the original */
    bool as_attachment; /* message/rfc822; else the text inline and the attachments again */
} MessageForward;

MessageDraft *message_draft_new_forward(
    GBytes *original, const MessageForward *forward, const MessageDraftOptions *options
);
