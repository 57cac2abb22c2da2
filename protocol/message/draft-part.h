#pragma once

/* Parts of a message being composed, for the writers of this folder. */

#include "protocol/message/message-writer.h"

typedef enum {
    DRAFT_CONTENT_TEXT, /* lines: CRLF already */
    DRAFT_CONTENT_OCTETS,
    DRAFT_CONTENT_MESSAGE, /* never encoded */
    DRAFT_CONTENT_PARTS,
} DraftContentKind;

struct DraftPart {
    DraftContentKind kind;
    char *type;          /* "text/plain" */
    GString *parameters; /* behind the type, folded; NULL: none */
    GString *fields;     /* further fields, whole lines */
    GBytes *content;
    GPtrArray *children;
    char *preamble;
    char *file_name;
    bool is_inline;
};

typedef struct {
    GString *header; /* Content- fields */
    GString *body;
    bool is_8bit; /* the part, or one inside it, is sent as 8bit */
} RenderedPart;

/* 'salt' is counted up, so that each multipart has a boundary of its own. */
void draft_part_render(
    const DraftPart *part,
    const MessageDraftOptions *options,
    bool in_digest,
    guint *salt,
    RenderedPart *out_rendered
);

/* Mixes numbers well enough for boundaries and identifiers; the same everywhere. */
guint64 draft_mix(guint64 number);
