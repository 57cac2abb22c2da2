#pragma once

/* A POP3 server without I/O. The owner knows who may log in and what lies in each maildrop; the
 * server knows the protocol, numbers the messages, and keeps deletions until UPDATE.
 *
 *     LOGIN ─> answer_login(maildrop) ─> RETRIEVE ─> answer_message(octets) ─> UPDATE
 *     AUTH: PASSWORD ─> answer_password() ─> ... ─> LOGIN, where the proof fits already
 *
 * As in the SMTP server events come one at a time and wait for their answer; octets given to
 * receive() must stay until next_event() has given false. */

#include "protocol/pop3/pop3-dialogue.h"

typedef enum {
    POP3_OFFER_USER = 1u << 0,
    POP3_OFFER_APOP = 1u << 1,
    POP3_OFFER_SASL = 1u << 2,
    POP3_OFFER_CAPA = 1u << 3,
    POP3_OFFER_TOP = 1u << 4,
    POP3_OFFER_UIDL = 1u << 5,
    POP3_OFFER_PIPELINING = 1u << 6,
    POP3_OFFER_RESP_CODES = 1u << 7,
    POP3_OFFER_STLS = 1u << 8,
    POP3_OFFER_UTF8 = 1u << 9,
    POP3_OFFER_LANG = 1u << 10,
} Pop3Offer;

#define POP3_OFFER_USUAL                                                                           \
    (POP3_OFFER_USER | POP3_OFFER_APOP | POP3_OFFER_CAPA | POP3_OFFER_TOP | POP3_OFFER_UIDL |      \
     POP3_OFFER_PIPELINING | POP3_OFFER_RESP_CODES)

/* "UIDL", in any case; 0: no capability of that name can be switched. */
guint32 pop3_offer_find(const char *keyword);

typedef struct {
    const char *host_name;
    const char *greeting; /* text behind "+OK " */
    guint32 offers;
    guint64 seed;               /* of the timestamp that APOP hashes, and of challenges */
    const char *mechanisms;     /* "PLAIN CRAM-MD5"; offered with POP3_OFFER_SASL; NULL: all */
    bool allows_plaintext_auth; /* PLAIN and LOGIN without TLS; USER goes by its offer */
    guint maximum_errors;       /* bad commands before the server hangs up; 0: no limit */
    guint login_delay;          /* LOGIN-DELAY, RFC 2449 §6.5, in seconds; 0: not told */
    int expire_days;            /* EXPIRE, RFC 2449 §6.7; 0: not told, -1: NEVER */
} Pop3ServerOptions;

typedef enum {
    POP3_SERVER_LOGIN,    /* 'identity' wants in: answer_login() */
    POP3_SERVER_PASSWORD, /* what is the password of 'identity'? answer_password() */
    POP3_SERVER_RETRIEVE, /* message 'index' (from 0): answer_message() */
    POP3_SERVER_UPDATE,  /* QUIT after logging in: remove what is_deleted() says; answer_update() */
    POP3_SERVER_ABORTED, /* nothing is to be removed */
    POP3_SERVER_STLS,    /* +OK is in the output: send it, begin TLS, then begin_tls() */
    POP3_SERVER_CLOSE,   /* send the output, then close */
} Pop3ServerEventKind;

typedef struct {
    Pop3ServerEventKind kind;
    bool needs_answer;
    ByteSpan identity;
    const char *method; /* "USER/PASS", "APOP", or the name of a SASL mechanism */
    gsize index;
} Pop3ServerEvent;

/* A message as LIST and UIDL show it. */
typedef struct {
    guint64 octets;
    const char *unique_id;
} Pop3Entry;

typedef struct Pop3Server Pop3Server;

Pop3Server *pop3_server_new(const Pop3ServerOptions *options);
void pop3_server_free(Pop3Server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop3Server, pop3_server_free)

void pop3_server_greet(Pop3Server *server, gint64 now_us);
void pop3_server_receive(Pop3Server *server, ByteSpan octets);
bool pop3_server_next_event(Pop3Server *server, Pop3ServerEvent *out_event);

/* For AUTH; NULL: no such user. LOGIN follows where the proof fits. */
void pop3_server_answer_password(Pop3Server *server, const char *password);

/* True where the proof that the client gave fits the password; NULL: no such user. */
bool pop3_server_proof_fits(const Pop3Server *server, const char *password);

/* Lets the client in, with a copy of the entries; or, where 'refusal' is not NULL, says -ERR and
 * that text ("[IN-USE] maildrop is locked"); what stands in brackets is left out where RESP-CODES
 * is not offered. */
void pop3_server_answer_login(
    Pop3Server *server, const Pop3Entry *entries, gsize count, const char *refusal
);

/* The whole message; for TOP the server cuts it itself. 'refusal' as above. */
void pop3_server_answer_message(Pop3Server *server, ByteSpan octets, const char *refusal);
void pop3_server_answer_update(Pop3Server *server, const char *refusal);

bool pop3_server_is_deleted(const Pop3Server *server, gsize index);

ByteSpan pop3_server_output(const Pop3Server *server);
void pop3_server_consume_output(Pop3Server *server, gsize length);
/* For teaching: when command number 'number' comes (counted from 1, as DialogueEvent.exchange), the
 * server does not handle it and says this; number 0 is the greeting: "+OK ..." or "-ERR ...", more
 * lines behind '\n'. The final dot of an answer with several lines is added. The text is copied;
 * 'said' as with SMTP. */
void pop3_server_set_override(Pop3Server *server, guint64 number, const char *text, bool *said);

/* The client has been silent for longer than the owner allows: CLOSE, and nothing is removed (RFC
 * 1939 §3). */
void pop3_server_time_out(Pop3Server *server);

/* The client went away: ABORTED follows where a maildrop is open. */
void pop3_server_hang_up(Pop3Server *server);

void pop3_server_begin_tls(Pop3Server *server);
