#pragma once

/* The inside of ImapClient: the queue of commands (imap-client-say.c), what comes from the server
 * (imap-client-hear.c), the session itself (imap-client.c). */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/imap/imap-client.h"
#include "protocol/imap/imap-writer.h"
#include "protocol/sasl/sasl-client.h"

/* Text, and behind it a literal where there is one. */
typedef struct {
    GBytes *text;
    GBytes *literal; /* NULL: none */
} ImapClientPiece;

typedef struct {
    guint64 number;   /* in the order of queueing */
    guint64 exchange; /* in the order in which they were said; 0: not said yet */
    ImapCommandId id;
    GPtrArray *pieces; /* ImapClientPiece */
    guint next_piece;  /* to be said; those before have been */
    SaslClient *sasl;  /* AUTHENTICATE */
    bool has_begun;    /* SASL: the first response was given */
    bool needs_former; /* is said only if the command before it was answered by OK */
    char *name;        /* SELECT, EXAMINE: of the mailbox */
} ImapClientCommand;

struct ImapClient {
    ImapClientOptions options;
    char *host_name;
    ImapDialogue *dialogue;
    ByteBuffer output;
    GQueue waiting;    /* ImapClientCommand, not said yet */
    GQueue unanswered; /* ImapClientCommand, in the order in which they were said */
    guint64 n_commands;
    guint64 n_said;
    LineOverrides overrides;
    guint attempts;
    bool is_greeted;
    bool is_idling;     /* "+" has come */
    bool wants_no_idle; /* DONE is to follow it */
    bool allows_utf8;
    bool is_over;
    bool was_told; /* that it is over */
    char *capabilities;
    ImapClientMailbox mailbox;

    ByteBuffer response; /* of FETCH, gathered with its literals as on the wire */
    bool is_gathering;
    bool is_cut;        /* it was too long: not given */
    ByteBuffer scratch; /* names and texts of the present event */
    GArray *numbers;    /* guint32, of the present event */
    ImapClientMessage message;
};

/* Says what may be said now. */
void imap_client_pump(ImapClient *client);

/* "+": the command that waits for it goes on. True: there is an event. */
bool imap_client_go_on(ImapClient *client, ByteSpan challenge, ImapClientEvent *out_event);
void imap_client_put(ImapClient *client, ByteSpan words);
/* The number of the command that the dialogue counts so; 0: none that waits for an answer. */
guint64 imap_client_number_of(const ImapClient *client, guint64 exchange);
void imap_client_command_free(ImapClientCommand *command);

/* Of a response code: capabilities, and what SELECT tells. */
void imap_client_note_code(ImapClient *client, ByteSpan code);

/* Untagged data and status lines; true: there is an event. */
bool imap_client_hear(ImapClient *client, const DialogueEvent *reply, ImapClientEvent *out_event);

/* A FETCH response that has come to its end. */
bool imap_client_hear_message(ImapClient *client, ImapClientEvent *out_event);
