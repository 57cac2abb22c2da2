#pragma once

/* The dissector's events as JSON lines (schema: dissect-schema.json beside this file). A reply of
 * many lines is one object; a message is one object at its end. What the rows of the vocabulary
 * say of an item is turned into text once and kept. */

#include "dissect/finding/message-record.h"
#include "ui/report/json-line.h"

typedef struct DissectJson DissectJson;

typedef struct {
    bool show_secrets;
    bool wants_digest;    /* SHA-256 of each message */
    bool without_mime;    /* no trees of parts; they cost time */
    bool without_remarks; /* no conformance remarks */
} DissectJsonOptions;

/* The stream stays its owner's. */
DissectJson *dissect_json_new(FILE *stream, const DissectJsonOptions *options);
void dissect_json_free(DissectJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DissectJson, dissect_json_free)

void dissect_json_start(DissectJson *json, const char *const *captures);
void dissect_json_start_scenario(DissectJson *json, const char *scenario);
void dissect_json_event(DissectJson *json, const DissectEvent *event);
void dissect_json_frame(
    DissectJson *json,
    const Packet *packet,
    const Conversation *conversation,
    StreamDirection direction,
    guint32 notes
);

/* A capture that ended in damage. */
void dissect_json_damage(DissectJson *json, const char *capture, const CaptureDamage *damage);

/* False: some line could not be written. */
bool dissect_json_end(DissectJson *json, const Dissector *dissector);
