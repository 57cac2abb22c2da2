#pragma once

/* An SMTP server without I/O. Its owner moves bytes and decides policy:
 *
 *     receive(octets, now) ─> next_event() ─> HELLO, MAIL, RCPT, MESSAGE ... ─> answer() ─┐
 *     take_output() <─────────────── replies <───────────────────────────────────────────┘
 *
 * Events come one at a time. One with 'needs_answer' waits until answer() is called: NULL stands
 * for the ordinary positive reply of that event. Syntax, order, limits and parameters are judged
 * here and answered without the owner. Text in an event is borrowed until the following call of
 * next_event(). After receive() the octets must stay until next_event() has given false. */

#include "protocol/smtp/smtp-dialogue.h"
#include "protocol/smtp/smtp-parameters.h"
#include "protocol/smtp/smtp-reply.h"

typedef enum {
    SMTP_OFFER_PIPELINING = 1u << 0,
    SMTP_OFFER_SIZE = 1u << 1,
    SMTP_OFFER_8BITMIME = 1u << 2,
    SMTP_OFFER_SMTPUTF8 = 1u << 3,
    SMTP_OFFER_ENHANCEDSTATUSCODES = 1u << 4,
    SMTP_OFFER_DSN = 1u << 5,
    SMTP_OFFER_CHUNKING = 1u << 6,
    SMTP_OFFER_BINARYMIME = 1u << 7,
    SMTP_OFFER_STARTTLS = 1u << 8,
    SMTP_OFFER_AUTH = 1u << 9,
    SMTP_OFFER_ETRN = 1u << 10,
    SMTP_OFFER_VRFY = 1u << 11,
    SMTP_OFFER_EXPN = 1u << 12,
    SMTP_OFFER_HELP = 1u << 13,
    SMTP_OFFER_EHLO = 1u << 14, /* without it the server is one of 1982 and knows HELO only */
} SmtpOffer;

#define SMTP_OFFER_USUAL                                                                           \
    (SMTP_OFFER_EHLO | SMTP_OFFER_PIPELINING | SMTP_OFFER_SIZE | SMTP_OFFER_8BITMIME |             \
     SMTP_OFFER_SMTPUTF8 | SMTP_OFFER_ENHANCEDSTATUSCODES | SMTP_OFFER_DSN | SMTP_OFFER_CHUNKING | \
     SMTP_OFFER_HELP)

/* "PIPELINING", in any case; 0: no extension of that name can be switched. */
guint32 smtp_offer_find(const char *keyword);

typedef enum {
    SMTP_SYNTAX_STRICT,   /* RFC 5321 to the letter */
    SMTP_SYNTAX_LENIENT,  /* a space after the colon, missing brackets, bare LF are let pass */
    SMTP_SYNTAX_ON_SLIDE, /* lenient, and the greeting and replies are as terse as on the slides */
} SmtpSyntax;

typedef struct {
    const char *host_name; /* its own domain, first word of greeting and EHLO reply */
    const char *software;  /* what the greeting says of itself: "ESMTP mailwalk" */
    guint32 offers;
    SmtpSyntax syntax;
    guint64 maximum_size;       /* of a message; 0: no limit */
    guint maximum_recipients;   /* RFC 5321 §4.5.3.1.8: at least 100 */
    guint maximum_errors;       /* bad commands before 421; 0: no limit */
    const char *mechanisms;     /* "PLAIN LOGIN CRAM-MD5"; offered with SMTP_OFFER_AUTH */
    bool requires_auth;         /* MAIL only after AUTH (submission) */
    bool allows_plaintext_auth; /* PLAIN and LOGIN without TLS */
    gint64 command_timeout_us;  /* RFC 5321 §4.5.3.2.7; 0: never */
    guint64 seed;               /* of challenges */
} SmtpServerOptions;

typedef enum {
    SMTP_SERVER_HELLO,         /* 'name' is what EHLO or HELO said; needs an answer */
    SMTP_SERVER_MAIL,          /* 'path' and 'parameters'; needs an answer */
    SMTP_SERVER_RCPT,          /* likewise */
    SMTP_SERVER_MESSAGE_BEGIN, /* DATA or the first BDAT; needs an answer, NULL lets it in */
    SMTP_SERVER_MESSAGE_DATA,  /* 'octets' of the message */
    SMTP_SERVER_MESSAGE_END,   /* the owner takes or refuses it; needs an answer */
    SMTP_SERVER_RESET,         /* the transaction is abandoned: forget what was gathered */
    SMTP_SERVER_AUTH,          /* what is the password of 'identity'? smtp_server_answer_auth() */
    SMTP_SERVER_VRFY,          /* 'name'; needs an answer */
    SMTP_SERVER_EXPN,
    SMTP_SERVER_ETRN,
    SMTP_SERVER_STARTTLS, /* 220 is in the output: send it, then begin TLS, then begin_tls() */
    SMTP_SERVER_CLOSE,    /* send the output, then close */
} SmtpServerEventKind;

typedef struct {
    SmtpServerEventKind kind;
    bool needs_answer;
    ByteSpan name;
    ByteSpan path; /* without brackets; empty: the null path */
    SmtpParameters parameters;
    ByteSpan octets;
    bool is_extended; /* HELLO: EHLO */
    bool is_binary;   /* MESSAGE_*: came by BDAT */
    ByteSpan mechanism;
    ByteSpan identity;
    ByteSpan authorization;
} SmtpServerEvent;

typedef struct SmtpServer SmtpServer;

/* The options are copied, their texts too. */
SmtpServer *smtp_server_new(const SmtpServerOptions *options);
void smtp_server_free(SmtpServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpServer, smtp_server_free)

/* The greeting: 220, or 'refusal' (554, 421). */
void smtp_server_greet(SmtpServer *server, const SmtpReply *refusal, gint64 now_us);

void smtp_server_receive(SmtpServer *server, ByteSpan octets, gint64 now_us);
bool smtp_server_next_event(SmtpServer *server, SmtpServerEvent *out_event);
void smtp_server_answer(SmtpServer *server, const SmtpReply *reply);

/* The password of AUTH's identity as the owner knows it, NULL: no such user, or not now ('reply'
 * says so). The server checks the proof and answers 235 or 535; SCRAM takes more steps first. The
 * same identity may be asked for again. */
void smtp_server_answer_auth(SmtpServer *server, const char *password, const SmtpReply *reply);

/* For teaching: when command number 'number' comes (counted from 1, as DialogueEvent.exchange), the
 * server does not handle it and says this reply, whatever it ought to say; the owner is not asked.
 * Number 0 is the greeting. '*said' becomes true when it is said; it lives as long as the server.
 * NULL: nobody asks.
 * An end override replaces the answer to the message behind DATA or the last BDAT, and the message
 * is dropped. The code is between 200 and 599; texts are copied. Content that comes though the
 * owner knows of no transaction is thrown away and refused. */
void smtp_server_set_override(
    SmtpServer *server, guint64 number, const SmtpReply *reply, bool *said
);
void smtp_server_set_end_override(
    SmtpServer *server, guint64 number, const SmtpReply *reply, bool *said
);

/* What is to be sent; stays until consumed. */
ByteSpan smtp_server_output(const SmtpServer *server);
void smtp_server_consume_output(SmtpServer *server, gsize length);

void smtp_server_begin_tls(SmtpServer *server);

/* When the client has been silent too long: 421 and CLOSE. 0: no time is set. */
gint64 smtp_server_deadline_us(const SmtpServer *server);
void smtp_server_time_out(SmtpServer *server);

/* "ESMTP", "ESMTPSA" ... as the with clause of Received wants it (RFC 3848). */
const char *smtp_server_protocol_name(const SmtpServer *server);
ByteSpan smtp_server_client_name(const SmtpServer *server);
const char *smtp_server_user(const SmtpServer *server); /* who is authenticated; NULL */
const SmtpDialogue *smtp_server_dialogue(const SmtpServer *server);
