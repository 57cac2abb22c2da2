#pragma once

/* An SMTP client without I/O: says what a sender says, in the order RFC 5321 wants, pipelined where
 * the server offers it (RFC 2920), and reports each answer that matters.
 *
 *     new ─> receive(octets) ─> next_event(): READY, RECIPIENT, RESULT ... CLOSED
 *                └> output() / consume_output() ─> to the server
 *
 * On READY the owner hands over a message, or ends the session with quit(). EHLO is tried first;
 * a server that does not know it gets HELO (RFC 5321 §3.2). */

#include "protocol/smtp/smtp-dialogue.h"

typedef struct {
    const char *host_name; /* what EHLO says */
    bool may_pipeline;     /* use PIPELINING where it is offered */
    bool may_chunk;        /* use BDAT where CHUNKING is offered */
    bool uses_helo;        /* the old greeting only, as on the slides */
} SmtpClientOptions;

/* One message to send; owned by its maker, who keeps it until RESULT. */
typedef struct {
    const char *reverse_path;                /* without brackets; "": the null path */
    const char *const *forward_paths;        /* closed by NULL */
    const char *const *recipient_parameters; /* "NOTIFY=NEVER" for each path, or NULL */
    ByteSpan content;                        /* lines closed by CRLF */
    bool has_eight_bit;
    bool needs_utf8;         /* SMTPUTF8, RFC 6531 */
    const char *envelope_id; /* ENVID; NULL: none */
    const char *return_what; /* "FULL" or "HDRS"; NULL: not said */
} SmtpClientMessage;

typedef enum {
    SMTP_CLIENT_READY,     /* greeted: hand over a message, or quit */
    SMTP_CLIENT_SENDER,    /* MAIL was answered */
    SMTP_CLIENT_RECIPIENT, /* RCPT was answered: 'recipient' counts from 0 */
    SMTP_CLIENT_RESULT,    /* the message is over: 'code' 250 means the server answers for it now */
    SMTP_CLIENT_CLOSED,    /* close the connection: after QUIT, 421, or a greeting that refuses */
} SmtpClientEventKind;

typedef struct {
    SmtpClientEventKind kind;
    guint code;        /* of the answer; 0: none came */
    ByteSpan enhanced; /* borrowed until the following call of next_event() */
    ByteSpan text;     /* the last line of the answer, code included */
    guint recipient;
    guint accepted;        /* RESULT: recipients that were taken */
    SmtpCommandId command; /* RESULT: whose answer decided; N_SMTP_COMMANDS: the greeting */
} SmtpClientEvent;

/* What the server offered in its answer to EHLO. */
typedef struct {
    bool is_extended;
    bool pipelining;
    bool eight_bit;
    bool utf8;
    bool chunking;
    bool dsn;
    bool starttls;
    bool enhanced;
    bool has_size;
    guint64 size;
    char mechanisms[256]; /* behind AUTH */
} SmtpClientOffers;

typedef struct SmtpClient SmtpClient;

SmtpClient *smtp_client_new(const SmtpClientOptions *options);
void smtp_client_free(SmtpClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpClient, smtp_client_free)

/* The octets must stay until next_event() has given false. */
void smtp_client_receive(SmtpClient *client, ByteSpan octets);
bool smtp_client_next_event(SmtpClient *client, SmtpClientEvent *out_event);

/* Only after READY, and after each RESULT. */
void smtp_client_send(SmtpClient *client, const SmtpClientMessage *message);
void smtp_client_quit(SmtpClient *client);

ByteSpan smtp_client_output(SmtpClient *client);
void smtp_client_consume_output(SmtpClient *client, gsize length);

const SmtpClientOffers *smtp_client_offers(const SmtpClient *client);
