#pragma once

/* The inside of ImapDialogue, shared by the files that read the client's side and the server's. */

#include "protocol/imap/imap-dialogue.h"
#include "protocol/imap/imap-inflater.h"
#include "protocol/imap/imap-memo.h"
#include "protocol/imap/imap-parser.h"
#include "protocol/imap/imap-reader.h"
#include "protocol/imap/imap-waiting.h"
#include "protocol/sasl/sasl-exchange.h"

/* Events that follow from the one just given, told before anything more is read. */
typedef enum {
    IMAP_FOLLOWS_DEFERRED = 1u << 0, /* "+" lines kept back behind their command */
    IMAP_FOLLOWS_CLIENT_BEGIN = 1u << 1,
    IMAP_FOLLOWS_SERVER_BEGIN = 1u << 2,
    IMAP_FOLLOWS_CLIENT_END = 1u << 3,
    IMAP_FOLLOWS_SERVER_END = 1u << 4,
    IMAP_FOLLOWS_CREDENTIAL = 1u << 5,
    IMAP_FOLLOWS_OPAQUE = 1u << 6,
} ImapFollowing;

/* Why the client's octets cannot be read before an answer is seen. */
typedef enum {
    IMAP_WAIT_NONE,
    IMAP_WAIT_TEXT_LITERAL, /* inside a command that has not been given yet */
    IMAP_WAIT_MESSAGE,
    IMAP_WAIT_SASL,
    IMAP_WAIT_IDLE,
    IMAP_WAIT_STARTTLS,
    IMAP_WAIT_COMPRESS,
} ImapWait;

/* How sure it is that a line starts where the reader stands. */
typedef enum {
    IMAP_WAY_KNOWN,
    IMAP_WAY_BROKEN, /* the line may have begun in octets that are missing */
    IMAP_WAY_LOST,   /* lines may be those of a message whose announcement is missing */
} ImapWay;

typedef struct {
    DialogueInput wire;
    ImapInflater *inflater; /* after COMPRESS */
    ImapReader reader;
    ImapUnit stash;          /* a unit that comes after the event just given */
    ImapUnitStep stash_step; /* IMAP_UNIT_NEED_MORE: none */
    ImapWay way;
    guint64 unit_from; /* on the wire, where that is compressed */
    bool is_in_rest;   /* the next unit is what is left of a line behind a message */
    bool message_is_open;
    bool message_has_no_beginning;
    DialogueMessage message;
    guint64 message_exchange;
    guint64 message_position;           /* on the wire: where its next octet is due */
    const VocabularyItem *message_item; /* the row of the command or response that carries it */
    ByteBuffer section;
} ImapSide;

struct ImapDialogue {
    ImapSide side[2];
    ImapWaiting waiting;
    guint64 exchanges;     /* commands so far */
    guint64 lost_exchange; /* answers to commands up to this one may be missing */
    guint64 messages;
    ImapState state;         /* 0: joined late, unknown */
    ImapState settled_state; /* under AUTHENTICATE and IDLE */
    ImapRevision revision;
    ImapMemo memo;
    guint32 following; /* bits of ImapFollowing */
    ImapWait wait;
    guint64 wait_exchange;
    guint64 wait_octets;      /* of the literal */
    ImapUnit waiting_unit;    /* IMAP_WAIT_TEXT_LITERAL: the command so far */
    guint64 command_exchange; /* of a command that is being read past literals; 0: none */
    guint64 idle_exchange;    /* IDLE in progress; 0: none, or DONE was said */
    ByteBuffer deferred;
    ByteBuffer identity;
    ByteBuffer secret;
    guint64 login_exchange;
    SaslExchange *sasl; /* only while and after AUTHENTICATE */
    guint64 auth_exchange;
    guint64 credential_exchange;
    bool credential_is_sasl;
    bool auth_succeeded;
    DialogueCredential credential;
    bool allows_utf8;
    bool tls_was_granted; /* the next octet shows whether TLS really begins */
    bool is_plain_after_tls;
    bool is_injected;    /* held octets stood behind STARTTLS */
    bool may_have_layer; /* SASL may have put a layer of its own around all that follows */
    bool serves_client;  /* its owner speaks: a "+" inside a command is told at once */
    bool server_unseen;
    bool client_unseen;
    bool joined_late;
    bool has_lost_octets;
};

typedef enum {
    IMAP_READ_EVENT,
    IMAP_READ_AGAIN, /* something has changed: look again what comes first */
    IMAP_READ_NOTHING,
} ImapReadStep;

ImapReadStep imap_dialogue_read_client(ImapDialogue *dialogue, DialogueEvent *event);
ImapReadStep imap_dialogue_read_server(ImapDialogue *dialogue, DialogueEvent *event);

/* The client's command: a whole one, or as far as it came before it was refused or cut. */
void imap_dialogue_give_command(ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event);

/* Units cut because octets are missing or the stream has ended. */
void imap_dialogue_give_cut_client(
    ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event
);
void imap_dialogue_give_cut_server(
    ImapDialogue *dialogue, const ImapUnit *unit, DialogueEvent *event
);

/* The one place where the state changes. */
void imap_dialogue_set_state(ImapDialogue *dialogue, ImapState state);

/* "+" has come for what the client waits for. */
void imap_dialogue_go_on(ImapDialogue *dialogue);

/* No answer will come to what the client waits for: it is taken to have been positive. */
void imap_dialogue_stop_waiting(ImapDialogue *dialogue);

/* A command has been answered; also used where answers cannot be seen. */
void imap_dialogue_accept(ImapDialogue *dialogue, const ImapCommandRow *row);
void imap_dialogue_end_command(
    ImapDialogue *dialogue, const ImapCommandRow *row, guint64 exchange, ImapStatus status
);

void imap_dialogue_become_opaque(ImapDialogue *dialogue);

/* Whether TLS, or a SASL layer, begins with the next octet of that side. */
bool imap_dialogue_looks_opaque(ImapDialogue *dialogue, DialogueSide which);

void imap_dialogue_open_message(
    ImapDialogue *dialogue, DialogueSide which, DialogueMessageKind kind, guint64 announced
);
void imap_dialogue_end_message(ImapDialogue *dialogue, DialogueSide which, bool end_was_seen);

/* Octets of the message whose literal is being read. */
ImapReadStep
imap_dialogue_read_message(ImapDialogue *dialogue, DialogueSide which, DialogueEvent *event);

/* A line of a message whose beginning is missing. */
ImapReadStep imap_dialogue_read_lost_line(
    ImapDialogue *dialogue, DialogueSide which, const ImapUnit *unit, DialogueEvent *event
);

/* Fills in what every event about a unit has. */
void imap_dialogue_describe_unit(
    ImapDialogue *dialogue, DialogueSide which, const ImapUnit *unit, DialogueEvent *event
);

/* What the reader reads from; has_octets() fills it anew from a compressed wire. */
DialogueInput *imap_side_input(ImapSide *side);
bool imap_side_has_octets(ImapSide *side);
guint64 imap_side_position(ImapSide *side);

/* The next unit: one that was put aside, or one that is read now. */
ImapUnitStep imap_side_next_unit(ImapSide *side, bool reads_literals, ImapUnit *out_unit);
void imap_side_put_aside(ImapSide *side, const ImapUnit *unit, ImapUnitStep step);
void imap_side_end_unit(ImapSide *side);

/* Nothing more of this side can be read. */
void imap_side_discard(ImapSide *side);
