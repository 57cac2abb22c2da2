#pragma once

/* The inside of SmtpClient. Answers come from its own dialogue, which reads both directions, so the
 * client never counts replies itself:
 *
 *     next_event ─> dialogue.next ─> take_answer ─> on_greeting, on_hello, on_mail ... ─> say */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/encoding/dot-stuffing.h"
#include "protocol/sasl/sasl-client.h"
#include "protocol/smtp/smtp-client.h"

#define SMTP_CLIENT_OUTPUT_LOW 16384 /* content is topped up when less than this waits */
#define SMTP_CLIENT_OUTPUT_MAXIMUM 4194304
#define SMTP_CLIENT_SPOKEN_MAXIMUM 1048576

typedef enum {
    PHASE_GREETING,
    PHASE_HELLO,
    PHASE_TLS, /* STARTTLS was said, or TLS is being set up */
    PHASE_AUTH,
    PHASE_IDLE,
    PHASE_ENVELOPE, /* MAIL, RCPT, DATA under way */
    PHASE_CONTENT,  /* octets of the message leave */
    PHASE_FINAL,    /* the answer to the message is awaited */
    PHASE_RESET,    /* the answer to RSET is awaited, then the result is told */
    PHASE_QUITTING,
    PHASE_OVER,
} Phase;

struct SmtpClient {
    SmtpClientOptions options;
    char *host_name;
    char *user;
    char *password;
    char *authorization;
    char *mechanism;
    char *server_name;
    SmtpDialogue *dialogue;
    ByteSpan heard; /* what the dialogue has not read: it gets a line at a time */
    ByteBuffer output;
    gsize unread;       /* octets at the end of 'output' that the dialogue has not read */
    ByteBuffer reading; /* a copy of those that it reads: 'output' may grow meanwhile */
    guint64 n_commands; /* said so far */
    LineOverrides overrides;
    GHashTable *meant; /* number -> SmtpCommandId of what an override stands for; NULL: none */
    SmtpClientOffers offers;
    Phase phase;
    bool is_tls;
    SaslClient *sasl;
    bool was_sent_away; /* the greeting, or the answer to HELO, was a refusal */

    SmtpClientMessage message;
    guint recipients;
    guint next_recipient; /* to be answered */
    guint sent_recipients;
    guint accepted;
    bool data_was_sent;
    bool mail_was_refused;
    bool uses_chunks;
    bool reset_is_due;   /* RSET, once all octets of the refused chunk have left */
    ByteSpan chunk_left; /* of the content, what no chunk holds yet */
    ByteSpan content_left;
    DotStuffer stuffer;

    bool ready_is_due;
    bool result_is_due;
    bool close_is_due;
    guint result_code;
    bool result_is_own;
    SmtpCommandId result_command;
    char *result_text; /* NULL: none */
    char *result_enhanced;
};

/* smtp-client.c */
void smtp_client_put(SmtpClient *client, ByteSpan octets);
void smtp_client_say(SmtpClient *client, SmtpCommandId id, const char *line);
guint smtp_client_reply_code(const DialogueEvent *reply);
void smtp_client_give(SmtpClientEvent *event, SmtpClientEventKind kind, const DialogueEvent *reply);
bool smtp_client_close(SmtpClient *client, const DialogueEvent *reply, SmtpClientEvent *event);
void smtp_client_settle(
    SmtpClient *client, guint code, SmtpCommandId command, const DialogueEvent *reply
);

/* What is told with the result; both are taken over and may be NULL. */
void smtp_client_keep_result(SmtpClient *client, char *enhanced, char *text);

/* smtp-client-session.c */
bool smtp_client_on_greeting(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_on_hello(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_on_starttls(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_on_auth(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
void smtp_client_note_offer(SmtpClient *client, ByteSpan line);

/* smtp-client-message.c */
bool smtp_client_on_mail(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_on_recipient(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_on_content(
    SmtpClient *client, SmtpCommandId id, const DialogueEvent *reply, SmtpClientEvent *event
);
bool smtp_client_on_reset(SmtpClient *, const DialogueEvent *reply, SmtpClientEvent *event);
bool smtp_client_give_result(SmtpClient *client, SmtpClientEvent *event);
void smtp_client_top_up(SmtpClient *client);
