#pragma once

/* IMAP clients fetch long messages in parts, BODY[]<0.1000>, BODY[]<1000.1000> and so on. The parts
 * that follow on one another are told as one message:
 *
 *     BEGIN DATA END(held) ─ next part goes on ─> DATA END(held) ─ anything else ─> END
 *
 * A part that ends before the octets it was asked for is the last one, and the message is whole. */

#include "dissect/conversation/dissector.h"

#define PART_SECTION_MAXIMUM 256 /* a longer section name is not joined */

typedef struct {
    bool is_held;    /* 'end' waits for a further part */
    bool is_joining; /* the part that passes now goes on from what is held */
    DialogueEvent end;
    DissectPiece carrier;    /* of the end */
    DialogueMessage message; /* all parts as one */
    guint64 octets_before;   /* of the parts before this one */
    guint64 missing_before;
    guint64 repeated; /* of this part, octets still to come that came with the parts before */
    guint64 dropped_octets;
    guint64 dropped_missing;
    guint64 asked_from;  /* what the latest FETCH asked for */
    guint64 asked_count; /* 0: not known */
    guint64 lost_before; /* octets the stream had lost when the message began */
    char section[PART_SECTION_MAXIMUM];
} PartJoiner;

/* The arguments of FETCH or UID FETCH. False: no part was asked for. */
bool part_joiner_ask(PartJoiner *joiner, ByteSpan arguments);

/* Whether this part goes on from the one held; '*out_skipped' octets between them never came,
 * which is believed only if the stream has 'lost' more than when the message began. The two may
 * overlap. */
bool part_joiner_goes_on(
    const PartJoiner *joiner, const DialogueMessage *part, guint64 lost, guint64 *out_skipped
);
void part_joiner_go_on(PartJoiner *joiner, const DialogueMessage *part, guint64 skipped);

/* Takes off the octets of this part, present or missing, what came before; false: nothing is left.
 */
bool part_joiner_drop_repeated(PartJoiner *joiner, DialogueEvent *said);

/* The message as it stands with the part that passes now. */
const DialogueMessage *part_joiner_whole(PartJoiner *joiner, const DialogueMessage *part);

/* Whether the end of this part is to be held, for more may come. */
bool part_joiner_wants(const PartJoiner *joiner, const DialogueMessage *part);
void part_joiner_hold(PartJoiner *joiner, const DialogueEvent *end);

/* The message of an end that is not held, in a stream that has lost octets: a part without the one
 * before it is no whole message. */
const DialogueMessage *part_joiner_doubt(PartJoiner *joiner, const DialogueMessage *part);

/* Gives up what is held: 'end' and 'message' are ready to be told. */
void part_joiner_release(PartJoiner *joiner, guint64 lost);
