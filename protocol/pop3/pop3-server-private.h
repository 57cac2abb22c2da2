#pragma once

/* The inside of Pop3Server; each handler answers, or asks the owner and says so by 'true'. */

#include "protocol/pop3/pop3-server.h"

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
    char *banner; /* "<...>", what APOP hashes */
    Pop3Dialogue *dialogue;
    ByteBuffer output;
    gsize unread; /* octets at the end of the output that the dialogue has not read */
    Pop3ServerEventKind asked;
    bool awaits_answer;
    bool is_closing;
    bool close_was_told;
    bool abort_is_due;
    bool is_tls;
    char *user;   /* named by USER, or by APOP */
    char *secret; /* PASS's argument, or APOP's digest */
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

/* pop3-server-transaction.c */
bool pop3_server_handle_stat(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_list(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_uidl(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_retr(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_top(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_dele(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_rset(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
bool pop3_server_handle_noop(Pop3Server *, const DialogueEvent *, Pop3ServerEvent *);
