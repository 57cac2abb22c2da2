#pragma once

/* What the files of a conversation share.
 *
 *     conversation.c           octets and gaps of the stream, and its end: each to the present
 * phase conversation-guess.c     GUESSING and SOCKS: which protocol is it? conversation-dialogue.c
 * DIALOGUE: feeds one of the dialogues of protocol/ conversation-said.c      what the dialogue says
 * becomes events conversation-other.c     DNS over TCP, TLS
 */

#include "dissect/conversation/conversation.h"
#include "dissect/conversation/dissector-private.h"
#include "dissect/conversation/part-joiner.h"
#include "dissect/conversation/socks-handshake.h"
#include "dissect/conversation/step-ring.h"
#include "dissect/finding/secret-echo.h"
#include "dissect/finding/secret-slip.h"
#include "dissect/finding/secret-web.h"

typedef enum {
    PHASE_GUESSING,
    PHASE_SOCKS,
    PHASE_DIALOGUE,
    PHASE_DNS,
    PHASE_TLS,
    PHASE_OTHER,
} Phase;

typedef struct FirstOctets FirstOctets;

/* Dialogues that fit, those of SMTP and POP3, lie in their conversation: one piece of memory, which
 * is there when their turn comes. */
#define DIALOGUE_ROOM 832

struct ConversationState {
    Conversation conversation;
    Dissector *dissector;
    guint8 phase;
    bool is_inside; /* behind CONNECT or SOCKS */
    bool one_sided_was_told;
    bool message_is_capped;
    SecretWatch secret_watch;
    SecretEcho secret_echo;
    guint8 pieces_seen[2]; /* up to ONE_SIDED_PIECES */
    gpointer dialogue;
    PieceMap pieces[2];
    StepRing steps; /* of commands that wait for their answer */
    guint64 reply_step;
    guint64 message_step;
    guint64 message_missing;
    StreamGapReason gap_reason;
    GArray *missing;    /* DissectMissing of the open message */
    PartJoiner *joiner; /* once a part of a message was asked for */
    FirstOctets *first;
    SocksHandshake *socks;
    TlsObserver *tls;
    ByteBuffer *dns; /* two: octets not yet cut into messages */
    _Alignas(16) guint8 room[DIALOGUE_ROOM];
};

/* The octets of 'piece' to whatever the present phase does with octets. */
void conversation_take(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);

/* Each phase's own way of taking them. */
void conversation_guess(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);
void conversation_guess_again(
    ConversationState *state, const ByteSpan octets[2], const DissectPiece *piece
); /* behind what a proxy said; they are the last of each direction that have come */
void conversation_shake_hands(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);
void conversation_converse(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);
void conversation_read_dns(
    ConversationState *state, StreamDirection direction, ByteSpan octets, const DissectPiece *piece
);
void conversation_watch_tls(ConversationState *state, StreamDirection direction, ByteSpan octets);

void conversation_enter_dialogue(ConversationState *state, MailProtocol protocol);

/* Octets that a dialogue turned opaque without reading: from where in each direction on, or
 * G_MAXUINT64, and those of them that it had in hand, or NULL. */
typedef struct {
    guint64 from[2];
    GByteArray *held[2];
} UnreadOctets;

/* Tells all that the dialogue has to say. True: it turned opaque. 'out_unread' may be NULL. */
bool conversation_drain(ConversationState *state, UnreadOctets *out_unread);

/* The dialogue reads no further: a tunnel, or TLS, begins. */
void conversation_leave_dialogue(ConversationState *state);
void conversation_drop_dialogue(ConversationState *state);
void conversation_begin_tls(ConversationState *state, bool after_starttls);
void conversation_begin_dns(ConversationState *state);
void conversation_free_first(ConversationState *state);

/* An event of the octets from 'from' to 'to' of one direction. */
void conversation_emit(
    ConversationState *state,
    DissectEvent *event,
    StreamDirection direction,
    guint64 from,
    guint64 to,
    bool takes_step
);
void conversation_emit_plain(
    ConversationState *state, DissectEventKind kind, StreamDirection direction
);

/* What the dialogue said, as an event; parts of one message are joined. */
void conversation_say(ConversationState *state, const DialogueEvent *said);

/* No further part of a message is expected. */
void conversation_close_parts(ConversationState *state);
