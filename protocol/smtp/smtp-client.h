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
    gsize chunk_octets;    /* of each chunk but the last; 0: the whole message is one */
    bool uses_helo;        /* the old greeting only, as on the slides */
    bool wants_tls;        /* STARTTLS where it is offered */

    const char *user; /* NULL: no AUTH; else it is tried where the server offers it */
    const char *password;
    const char *authorization; /* act for this one; NULL: for oneself */
    const char *mechanism;     /* "LOGIN"; NULL: the best that is offered */
    bool shows_password;       /* PLAIN and LOGIN without TLS too */
    const char *server_name;   /* for DIGEST-MD5; NULL: what the server calls itself */
    guint64 seed;              /* of nonces */
} SmtpClientOptions;

/* One message to send; owned by its maker, who keeps it until RESULT. */
typedef struct {
    const char *reverse_path;                /* without brackets; "": the null path */
    const char *const *forward_paths;        /* closed by NULL */
    const char *const *recipient_parameters; /* "NOTIFY=NEVER" for each path, or NULL */
    ByteSpan content;                        /* lines closed by CRLF */
    bool has_eight_bit;                      /* in the body: 8BITMIME, RFC 6152 */
    bool is_binary;          /* lines of any length, bare CR and LF: BINARYMIME, RFC 3030 §3 */
    bool needs_utf8;         /* SMTPUTF8, RFC 6531 */
    const char *envelope_id; /* ENVID; NULL: none */
    const char *return_what; /* "FULL" or "HDRS"; NULL: not said */
} SmtpClientMessage;

typedef enum {
    SMTP_CLIENT_READY,     /* greeted: hand over a message, or quit */
    SMTP_CLIENT_SENDER,    /* MAIL was answered */
    SMTP_CLIENT_RECIPIENT, /* RCPT was answered: 'recipient' counts from 0 */
    SMTP_CLIENT_RESULT,    /* the message is over: 'code' 250 means the server answers for it now */
    SMTP_CLIENT_STARTTLS,  /* send the output, begin TLS, then smtp_client_begin_tls() */
    SMTP_CLIENT_AUTH,   /* the log-in ended; on a refusal the client goes on without, see READY */
    SMTP_CLIENT_CLOSED, /* close the connection: after QUIT, 421, or a greeting that refuses */
} SmtpClientEventKind;

typedef struct {
    SmtpClientEventKind kind;
    guint code;        /* of the answer; 0: none came */
    ByteSpan enhanced; /* borrowed until the following call of next_event() */
    ByteSpan text;     /* the last line of the answer, code included */
    guint recipient;
    guint accepted;        /* RESULT: recipients that were taken */
    SmtpCommandId command; /* RESULT: whose answer decided; N_SMTP_COMMANDS: the greeting */
    bool is_own;           /* RESULT: the client itself refuses; nothing was sent of the message */
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
    bool binary;
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

/* Only after READY, and after each RESULT. A message that the server cannot take as it is (eight
 * bits without 8BITMIME, and the like) is not sent: RESULT with 'is_own' and the code that a server
 * would say (RFC 6152 §3, RFC 6531 §3.5). Where the session is ending already nothing is sent. When
 * CLOSED comes before RESULT, the message is to be tried again. */
void smtp_client_send(SmtpClient *client, const SmtpClientMessage *message);
void smtp_client_quit(SmtpClient *client);

ByteSpan smtp_client_output(SmtpClient *client);
void smtp_client_consume_output(SmtpClient *client, gsize length);

/* TLS is on: the session starts anew with EHLO (RFC 3207 §4.2). */
void smtp_client_begin_tls(SmtpClient *client);

/* The server went away without a word; CLOSED follows. */
void smtp_client_hang_up(SmtpClient *client);

/* How long to wait for what is due next: the times of RFC 5321 §4.5.3.2. */
gint64 smtp_client_patience_us(const SmtpClient *client);

/* For teaching: the client says this line instead of its own command number 'number' (counted from
 * 1), and takes the answer as one to the command it meant. The text is copied; CRLF is added. */
void smtp_client_set_line_override(
    SmtpClient *client, guint64 number, const char *text, bool *said
);

/* All of the message has been given out and its answer has not come: if the connection ends now,
 * nobody knows whether the server has it (RFC 5321 §6.1, RFC 1047). */
bool smtp_client_awaits_result(const SmtpClient *client);

const SmtpClientOffers *smtp_client_offers(const SmtpClient *client);
