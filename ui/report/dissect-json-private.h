#pragma once

/* What the files of the JSON writer share:
 *
 *     dissect-json.c          life, who writes which event, start, end, damage
 *     dissect-json-line.c     what every line begins with: step, frames, sides, meaning
 *     dissect-json-said.c     commands, replies, continuations, credentials
 *     dissect-json-message.c  messages: certificate, header, MIME tree
 *     dissect-json-other.c    DNS, streams, gaps, frames
 *     dissect-json-remark.c   remarks */

#include "dissect/finding/remark.h"
#include "ui/report/dissect-json.h"

#define DISSECT_JSON_REPLY_MAXIMUM                                                                 \
    65536 /* of one reply of many lines; what goes past is left out */
#define DISSECT_JSON_HELD_MAXIMUM (32 * 1024 * 1024) /* octets of open messages, for MIME trees */

/* "[", an IPv6 address, "]:" and a port. */
#define DISSECT_JSON_ADDRESS_MAXIMUM (PACKET_ADDRESS_TEXT_SIZE + 8)

/* What is kept of a conversation between its events. What every line needs comes first: there are
 * thousands of conversations at a time, and none of it lies in the processor's cache. */
typedef struct {
    char *sides[2]; /* "from" and "to" of each direction, as they stand in a line */
    guint16 side_lengths[2];
    guint reply_lines;
    GString *reply; /* lines so far, apart by LF */
    guint64 reply_first_frame;
    DialogueEvent reply_first; /* spans are not kept, but for 'code' and 'enhanced' below */
    char reply_code[8];
    char reply_enhanced[64];
    guint32 reply_defects;
    MessageRecord *message;
    gsize message_held; /* octets that are counted for the open message */
} DissectJsonView;

enum {
    COUNT_STREAMS,
    COUNT_COMMANDS,
    COUNT_REPLIES,
    COUNT_MESSAGES,
    COUNT_COMPLETE,
    COUNT_DNS,
    COUNT_CREDENTIALS,
    COUNT_GAPS,
    COUNT_REMARKS,
    N_COUNTS,
};

struct DissectJson {
    FILE *stream;
    DissectJsonOptions options;
    JsonLine line;
    JsonLine fragment;                    /* members that are written once and kept */
    GHashTable *fragments;                /* row -> its members, a GString */
    GString *protocols[N_MAIL_PROTOCOLS]; /* the member "protocol" */
    MessageRecordOptions message_options;
    RemarkJudge *judge; /* NULL: no remarks */
    HeaderBlock header;
    ByteBuffer scratch;
    gsize held; /* octets of all open messages */
    guint64 counts[N_COUNTS];
    bool has_failed;
};

void dissect_json_end_line(DissectJson *json);

/* "from", "to" and "protocol"; of what is no connection "from" and "to" alone. */
void dissect_json_write_sides(
    DissectJson *json, Conversation *conversation, StreamDirection direction
);
void dissect_json_write_from_to(
    JsonLine *line,
    const PacketAddress *source,
    guint16 source_port,
    const PacketAddress *destination,
    guint16 destination_port
);
DissectJsonView *dissect_json_view(Conversation *conversation);
void dissect_json_view_free(DissectJson *json, DissectJsonView *view);
void dissect_json_write_frames(JsonLine *line, const DissectPiece *pieces, guint count);

/* The members that every line of that event begins with. */
void dissect_json_begin(DissectJson *json, const char *type, const DissectEvent *event);

/* "rfc" and "meaning" of a row; the same text serves every line that means the same. */
void dissect_json_write_meaning(DissectJson *json, const VocabularyItem *item);
void dissect_json_write_reference(JsonLine *line, RfcReference reference);

void dissect_json_write_command(DissectJson *json, const DissectEvent *event);
void dissect_json_write_continuation(DissectJson *json, const DissectEvent *event);
void dissect_json_write_reply(DissectJson *json, const DissectEvent *event);
void dissect_json_write_credential(DissectJson *json, const DissectEvent *event);
void dissect_json_take_message(DissectJson *json, const DissectEvent *event);
void dissect_json_drop_message(DissectJson *json, DissectJsonView *view);
void dissect_json_write_opaque(DissectJson *json, const DissectEvent *event);
void dissect_json_write_dns(DissectJson *json, const DissectEvent *event);
void dissect_json_write_gap(DissectJson *json, const DissectEvent *event);
void dissect_json_write_overlap(DissectJson *json, const DissectEvent *event);
void dissect_json_write_stream(DissectJson *json, const DissectEvent *event, const char *what);
void dissect_json_write_tcp(DissectJson *json, const DissectEvent *event);
void dissect_json_write_fragment(DissectJson *json, const DissectEvent *event);

void dissect_json_judge(DissectJson *json, const DissectEvent *event);
void dissect_json_judge_message(
    DissectJson *json, const DissectEvent *end, ByteSpan head, const MimeTree *tree
);
