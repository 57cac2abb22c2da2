#pragma once

/* The inside of SmtpDialogue, shared by the files that read the client's side and the server's. */

#include "protocol/dialogue/command-queue.h"
#include "protocol/dialogue/dialogue-input.h"
#include "protocol/encoding/dot-stuffing.h"
#include "protocol/sasl/sasl-exchange.h"
#include "protocol/smtp/smtp-dialogue.h"

/* Events that follow from the one just given, told before anything more is read. */
typedef enum {
    SMTP_FOLLOWS_MESSAGE_BEGIN = 1u << 0,
    SMTP_FOLLOWS_MESSAGE_END = 1u << 1,
    SMTP_FOLLOWS_CREDENTIAL = 1u << 2,
    SMTP_FOLLOWS_OPAQUE = 1u << 3,
} SmtpFollowing;

struct SmtpDialogue {
    DialogueInput input[2];
    CommandQueue waiting;
    DotUnstuffer dots;
    SmtpState state; /* 0: joined late, unknown */
    SmtpState anticipated;
    SmtpState state_before_auth;
    guint32 following;   /* bits of SmtpFollowing */
    guint16 reply_code;  /* of the reply whose lines are being read; 0: none */
    guint16 replies_due; /* LMTP: answers still to come for the message just sent */
    bool reads_content;  /* DATA: the client's octets are the message */
    bool reads_chunk;    /* BDAT: so are the next 'chunk_left' */
    bool chunk_is_last;
    bool message_is_open;
    bool message_is_answered; /* the final reply came before the end was seen */
    bool client_waits;        /* what the client sends next hangs on an answer */
    bool tls_was_granted;     /* the next client octet shows whether TLS really begins */
    bool is_plain_after_tls;
    bool is_injected; /* held octets stood behind STARTTLS */
    bool is_lmtp;
    bool server_unseen;
    bool client_unseen;
    bool serves; /* its owner answers: the answer comes before what the client said meanwhile */
    bool reset_is_due;           /* the transaction is over once the message's end has been told */
    bool data_was_unseen;        /* 354 came, but the DATA command was not captured */
    bool must_begin_with_header; /* what is missing was that command, if the message begins now */
    bool lost_commands;          /* octets were missing: the queue may be off */
    bool lost_chunks;            /* and since MAIL: there may have been a BDAT among them */
    bool joined_late;
    bool reads_greeting; /* the first reply, which answers nothing */
    bool is_lenient;
    bool lost_recipients; /* more than the envelope may hold */
    guint64 chunk_left;
    DialogueMessage message;
    ByteBuffer reverse_path;
    ByteBuffer forward_paths;
    ByteBuffer unanswered_paths; /* of MAIL and RCPT commands in the queue, each closed by LF */
    ByteBuffer tentative_paths;  /* of the message: accepted ones and those not yet answered */
    SaslExchange *sasl;          /* only while and after AUTH */
    guint64 auth_exchange;
    bool auth_succeeded;
    DialogueCredential credential;
};

/* Letters of the longest verb, and a few more. */
#define SMTP_VERB_MAXIMUM 12

/* The first octet of each path in 'unanswered_paths'. */
#define SMTP_PATH_REVERSE 'M'
#define SMTP_PATH_FORWARD 'R'

/* What MAIL and RCPT commands without an answer may take; one more path is still let in. */
#define SMTP_UNANSWERED_MAXIMUM (SMTP_ENVELOPE_MAXIMUM + 16)

/* The id in the queue of a command that nobody knows. */
#define SMTP_COMMAND_UNKNOWN N_SMTP_COMMANDS

/* Set in the queue's id of a BDAT with LAST: its answer ends the transaction. */
#define SMTP_LAST_CHUNK 0x80u

/* DIALOGUE_DEFECT_... of what stands behind the verb. */
guint32 smtp_argument_defects(SmtpCommandId id, ByteSpan arguments);

bool smtp_dialogue_read_client(SmtpDialogue *dialogue, DialogueEvent *out_event);
bool smtp_dialogue_read_server(SmtpDialogue *dialogue, DialogueEvent *out_event);

/* What a positive answer to 'id' changes; also used where answers cannot be seen. */
void smtp_dialogue_accept(SmtpDialogue *dialogue, guint8 id, guint code);
void smtp_dialogue_refuse(SmtpDialogue *dialogue, guint8 id);

/* No answer will come to what the client waits for. */
void smtp_dialogue_stop_waiting(SmtpDialogue *dialogue);

/* The one place where the state changes. */
void smtp_dialogue_set_state(SmtpDialogue *dialogue, SmtpState state);

void smtp_dialogue_open_message(SmtpDialogue *dialogue, DialogueMessageKind kind);
void smtp_dialogue_end_message(SmtpDialogue *dialogue, bool end_was_seen);
void smtp_dialogue_reset_transaction(SmtpDialogue *dialogue);
