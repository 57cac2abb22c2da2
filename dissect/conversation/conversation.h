#pragma once

/* What one TCP stream carries: finds the protocol, feeds its dialogue, and turns what the dialogue
 * says into events that know their frames.
 *
 *     GUESSING ─port or content─> DIALOGUE ─STARTTLS─> TLS
 *         ^                          └─ CONNECT, SOCKS ─> GUESSING again, inside
 */

#include "dissect/conversation/dissector.h"
#include "dissect/conversation/piece-map.h"
#include "dissect/conversation/tls-observer.h"

typedef struct ConversationState ConversationState;

/* Size of the object that a stream keeps for its conversation. */
gsize conversation_state_size(void);

void conversation_begin(ConversationState *state, Dissector *dissector, const Stream *stream);
void conversation_data(ConversationState *state, StreamDirection direction, const StreamData *data);
void conversation_gap(ConversationState *state, StreamDirection direction, const StreamGap *gap);
void conversation_side_ended(ConversationState *state, StreamDirection direction);
void conversation_end(ConversationState *state, StreamCloseReason reason);

Conversation *conversation_of(ConversationState *state);
