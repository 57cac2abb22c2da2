#pragma once

/* The inside of Pop3Client. It reads its own words too, so that its dialogue pairs each answer with
 * the command; what was asked of which message is kept in two queues. */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/pop3/pop3-client.h"
#include "protocol/sasl/sasl-client.h"

#define POP3_CLIENT_WINDOW 8 /* commands under way where PIPELINING is offered */

typedef struct {
    guint64 number;
    guint64 octets;
    char *unique_id;
} Pop3ClientEntry;

/* What CAPA told. */
typedef struct {
    bool stls;
    bool utf8;
    bool pipelining;
    char mechanisms[256];
} Pop3ClientOffers;

struct Pop3Client {
    Pop3ClientOptions options;
    char *user;
    char *password;
    char *mechanism;
    char *server_name;
    char *banner; /* of the greeting, for APOP */
    Pop3Dialogue *dialogue;
    ByteBuffer output;
    ByteSpan heard;     /* what the dialogue has not read: it gets a line at a time */
    gsize unread;       /* octets at the end of 'output' that the dialogue has not read */
    ByteBuffer reading; /* a copy of those that it reads: 'output' may grow meanwhile */
    guint64 n_commands; /* said so far */
    LineOverrides overrides;
    GHashTable *meant; /* number -> Pop3CommandId of what an override stands for; NULL: none */
    Pop3ClientOffers offers;
    SaslClient *sasl;
    bool is_tls;
    bool utf8_was_asked;
    GArray *entries; /* Pop3ClientEntry */
    guint next;      /* the entry to be asked for next */
    GQueue asked;    /* entries whose RETR, and whose DELE, is not answered yet */
    GQueue marked;
    ByteBuffer message;
    bool message_is_whole;
    bool quit_was_said;
    bool close_is_due;
    bool is_over;
    bool was_refused;
};

/* pop3-client.c */
void pop3_client_say(Pop3Client *client, Pop3CommandId id, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void pop3_client_put_line(Pop3Client *client, ByteSpan line);

/* pop3-client-login.c: from the greeting to LOGGED_IN */
bool pop3_client_on_greeting(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_capability(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_stls(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_user(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_auth(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_login(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_log_in(Pop3Client *client, Pop3ClientEvent *event);

/* pop3-client-fetch.c: LIST, UIDL, RETR, DELE */
bool pop3_client_on_list(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_unique_ids(Pop3Client *, const DialogueEvent *reply);
bool pop3_client_on_retrieved(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
bool pop3_client_on_deleted(Pop3Client *, const DialogueEvent *reply, Pop3ClientEvent *event);
