#pragma once

/* The inside of Pop3Dialogue, shared by the files that read the client's side and the server's. */

#include "protocol/dialogue/command-queue.h"
#include "protocol/dialogue/dialogue-input.h"
#include "protocol/encoding/dot-stuffing.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/sasl/sasl-exchange.h"

typedef enum {
    POP3_FOLLOWS_MESSAGE_BEGIN = 1u << 0,
    POP3_FOLLOWS_MESSAGE_END = 1u << 1,
    POP3_FOLLOWS_CREDENTIAL = 1u << 2,
    POP3_FOLLOWS_OPAQUE = 1u << 3,
    POP3_FOLLOWS_LAST_LINE = 1u << 4, /* the dot behind a message */
} Pop3Following;

/* The first line of a message begins with a field's name and a colon (RFC 5322 §2.2). */
typedef enum {
    POP3_FIELD_NAME_BEGINS,
    POP3_FIELD_NAME_GOES_ON,
    POP3_FIELD_NAME_ENDED,
    POP3_FIELD_NAME_BROKEN,
} Pop3FieldName;

struct Pop3Dialogue {
    DialogueInput input[2];
    CommandQueue waiting;
    DotUnstuffer dots;
    Pop3State state; /* 0: joined late, unknown */
    guint32 following;
    bool reads_message;
    bool reads_lines; /* LIST, UIDL, CAPA: up to the dot */
    bool client_waits;
    bool tls_was_granted;
    bool is_plain_after_tls;
    bool is_injected;
    bool server_unseen;
    bool client_unseen;
    bool serves; /* its owner answers: the answer comes before what the client said meanwhile */
    bool is_pipelining;     /* the client does not wait for each answer */
    bool must_realign;      /* server octets were missing: what comes next may be anything */
    guint64 missing_before; /* those octets, until it is known what they belonged to */
    bool lost_octets;       /* missing within the answer being read, or commands lost */
    bool joined_late;
    bool has_lost_octets; /* anywhere in this conversation: pairing rests on guesses since */
    bool auth_succeeded;
    guint64 auth_exchange;
    const char *method; /* of the credential */
    DialogueMessage message;
    Pop3FieldName first_name; /* of the message being read */
    ByteBuffer banner;        /* the <timestamp> of the greeting */
    ByteBuffer identity;
    ByteBuffer secret;
    ByteBuffer retrievals; /* message numbers of waiting RETR and TOP commands, eight octets each */
    SaslExchange *sasl;
    DialogueCredential credential;
};

/* Letters of a header field's name that are looked at to tell a message from a list. */
#define POP3_FIELD_NAME_MAXIMUM 80

/* The queue's id: the command, and whether it had an argument. */
#define POP3_COMMAND_UNKNOWN N_POP3_COMMANDS
#define POP3_HAS_ARGUMENT 0x80u

static inline guint8 pop3_queue_command(guint8 id)
{
    return id & 0x7fu;
}

bool pop3_dialogue_read_client(Pop3Dialogue *dialogue, DialogueEvent *out_event);
bool pop3_dialogue_read_server(Pop3Dialogue *dialogue, DialogueEvent *out_event);
void pop3_dialogue_end_message(Pop3Dialogue *dialogue, bool end_was_seen);

/* The oldest waiting command will get no answer that can be seen. */
void pop3_dialogue_drop_oldest(Pop3Dialogue *dialogue);
void pop3_dialogue_stop_waiting(Pop3Dialogue *dialogue);

/* The one place where the state changes. */
void pop3_dialogue_set_state(Pop3Dialogue *dialogue, Pop3State state);
