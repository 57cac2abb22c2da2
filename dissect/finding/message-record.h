#pragma once

/* Gathers one message while its events pass: its head, its octets where they are wanted, a digest,
 * and at the end its certificate: complete, or which octets are missing and who lost them. What is
 * held of a message has a maximum; what goes past it is handed to the spill function. */

#include "dissect/conversation/dissector.h"
#include "protocol/text/byte-buffer.h"

#define MESSAGE_HEAD_MAXIMUM 65536   /* octets of header kept */
#define MESSAGE_HELD_MAXIMUM 1048576 /* octets held before they are spilled */

typedef struct MessageRecord MessageRecord;

typedef struct {
    bool without_head; /* 'head' stays empty */
    bool wants_digest;
    bool wants_octets;
    /* Takes octets that are too many to hold; NULL: they are left out of 'octets' and only
     * counted. Called in order; what is held at the end comes after all that was spilled. */
    void (*spill)(gpointer owner, MessageRecord *record, ByteSpan octets);
    gpointer owner;
} MessageRecordOptions;

struct MessageRecord {
    const MessageRecordOptions *options;
    guint64 step;
    guint64 first_frame;
    guint64 last_frame;
    gint64 first_time_ns;
    gint64 last_time_ns;
    StreamDirection direction;
    ByteBuffer head;   /* the header and the empty line, as far as MESSAGE_HEAD_MAXIMUM */
    bool head_is_over; /* the empty line was seen, or the head is full */
    ByteBuffer octets; /* what is held */
    guint64 spilled;
    guint8 last_octet; /* of those that have come */
    GChecksum *digest;
    gpointer spill_data; /* the spill function's own */
};

/* The options must outlive the record. */
MessageRecord *message_record_new(const MessageRecordOptions *options, const DissectEvent *begin);
void message_record_free(MessageRecord *record);

/* The record of a message that is over serves another of the same options, with its memory. */
void message_record_restart(MessageRecord *record, const DissectEvent *begin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MessageRecord, message_record_free)

void message_record_data(MessageRecord *record, const DissectEvent *data);
void message_record_end(MessageRecord *record, const DissectEvent *end);

/* In lower-case hexadecimal; only with 'wants_digest'. */
const char *message_record_sha256(const MessageRecord *record);

const char *message_kind_name(DialogueMessageKind kind); /* "DATA", "RETR" ... */

/* FETCH asked for octets from here to there, and more may lie before or behind them. */
bool message_is_part(const DialogueMessage *message);
