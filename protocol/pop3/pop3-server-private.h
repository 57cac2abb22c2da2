#pragma once

/* The inside of Pop3Server; each handler answers, or asks the owner and says so by 'true'. */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/pop3/pop3-server.h"
#include "protocol/sasl/sasl-server.h"
#include "protocol/text/byte-buffer.h"

typedef struct {
    guint64 octets;
    char *unique_id;
    bool is_deleted;
} Pop3Message;

typedef bool (*Pop3Handler
)(Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event);

struct Pop3Server {
    Pop3ServerOptions options;
    char *host_name;
    char *greeting;
    char *mechanisms;
    char *banner; /* "<...>", what APOP hashes */
    LineOverrides overrides;
    SaslServer *sasl; /* while an AUTH exchange is under way, and until LOGIN is answered */
    guint auth_attempts;
    guint errors;
    Pop3Dialogue *dialogue;
    ByteBuffer output;
    gsize unread; /* octets at the end of the output that the dialogue has not read */
    Pop3ServerEventKind asked;
    bool awaits_answer;
    bool is_closing;
    bool close_was_told;
    bool abort_is_due;
    bool was_updated;
    bool is_tls;
    bool awaits_tls; /* +OK was said to STLS: nothing is read before begin_tls() */
    bool uses_utf8;
    bool login_is_due;  /* the proof of AUTH fits: the owner is to open the maildrop */
    bool user_is_fresh; /* USER was the last command (RFC 1939 §7) */
    char *user;         /* named by USER, by APOP or by AUTH */
    char *secret;       /* PASS's argument, or APOP's digest */
    bool is_apop;
    GArray *messages; /* Pop3Message; NULL before TRANSACTION */
    gsize asked_index;
    bool asked_top;
    guint64 top_lines;
};

void pop3_server_ok(Pop3Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);
void pop3_server_error(Pop3Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);
void pop3_server_line(Pop3Server *server, const char *format, ...) G_GNUC_PRINTF(2, 3);
bool pop3_server_ask(Pop3Server *server, Pop3ServerEventKind kind, Pop3ServerEvent *out_event);
bool pop3_server_offers(const Pop3Server *server, Pop3Offer offer);

/* The next argument as a message number; NULL after an -ERR was said. */
Pop3Message *pop3_server_message(Pop3Server *server, ByteSpan *arguments, gsize *out_index);

/* -ERR and the owner's words, without their response code where none is offered. */
void pop3_server_refuse(Pop3Server *server, const char *refusal);

/* pop3-server-login.c */
bool pop3_server_handle_user(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_pass(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_apop(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_auth(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_take_response(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_ask_login(Pop3Server *server, const char *method, Pop3ServerEvent *out_event);
char *pop3_server_usable_mechanisms(const Pop3Server *server); /* apart by spaces */

/* pop3-server-session.c */
bool pop3_server_handle_capa(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_lang(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_quit(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_stls(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_utf8(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);

/* pop3-server-transaction.c */
bool pop3_server_handle_stat(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_list(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_uidl(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_retr(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_top(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_dele(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_rset(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_noop(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
