#pragma once

/* The inside of SmtpServer. A handler reads: check the form, ask policy (an event) or answer. */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/sasl/sasl-server.h"
#include "protocol/smtp/smtp-server.h"

typedef enum {
    SMTP_COMMAND_DONE,     /* the reply is written, go on reading */
    SMTP_COMMAND_TO_OWNER, /* 'out_event' is for the owner */
} SmtpHandled;

typedef SmtpHandled (*SmtpHandler
)(SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event);

/* Where the present chunk or message stands. */
typedef enum {
    SMTP_CONTENT_NONE,
    SMTP_CONTENT_WANTED,
    SMTP_CONTENT_REFUSED, /* read to its end and thrown away; 'refusal' is said then */
} SmtpContent;

struct SmtpServer {
    SmtpServerOptions options;
    char *host_name;
    char *software;
    char *mechanisms;
    SmtpDialogue *dialogue;
    ByteBuffer output;
    ByteBuffer reply; /* the last one, as the dialogue reads it */
    gint64 now_us;
    gint64 heard_us;           /* when the client last spoke */
    SmtpServerEventKind asked; /* what the owner was asked last */
    bool awaits_answer;
    bool is_extended; /* EHLO was said */
    bool is_tls;
    bool is_closing;
    bool close_was_told;
    bool needs_reset_event;
    bool binary_body; /* BODY=BINARYMIME: only BDAT may carry it */
    bool awaits_tls;  /* 220 was said: nothing is read before begin_tls() */
    LineOverrides overrides;
    LineOverrides end_overrides;
    SaslServer *sasl; /* while an AUTH exchange is under way */
    guint auth_attempts;
    char *hello_name; /* of an EHLO or HELO that the owner has not answered yet */
    bool hello_is_extended;
    char *client_name;
    char *user;
    guint errors;
    bool has_sender; /* the owner took MAIL; an override may let the dialogue think so */
    bool uses_utf8;  /* MAIL said SMTPUTF8 */
    guint recipients;
    guint64 declared_size;
    guint64 content_octets;
    bool content_ends_in_cr; /* what came of it so far */
    guint64 chunk_left;      /* BDAT octets still to be given by the dialogue */
    bool chunk_is_last;
    bool transaction_failed; /* RFC 3030 §2: a chunk was refused, so are those behind it */
    SmtpContent content;
    guint64 content_number; /* of DATA, or of the last BDAT */
    bool is_chunked;
    char *chunk_lines; /* what an override says at the end of this chunk; NULL: nothing */
    SmtpReply refusal;
    char *refusal_enhanced;
    char *refusal_text;
};

/* Writes the reply to the output and tells the dialogue of it. */
void smtp_server_say(SmtpServer *server, guint code, const char *enhanced, const char *text);
void smtp_server_say_reply(SmtpServer *server, const SmtpReply *reply);

/* The same for a client's mistake: counted, and 421 when there were too many. */
SmtpHandled
smtp_server_reject(SmtpServer *server, guint code, const char *enhanced, const char *text);

SmtpHandled
smtp_server_ask(SmtpServer *server, SmtpServerEventKind kind, SmtpServerEvent *out_event);
void smtp_server_list_commands(const SmtpServer *server, GString *text);
bool smtp_server_offers(const SmtpServer *server, SmtpOffer offer);
void smtp_server_abandon_transaction(SmtpServer *server);
void smtp_server_keep_refusal(SmtpServer *server, const SmtpReply *reply);

/* Lines as they are to stand on the wire, apart by '\n'. */
void smtp_server_say_lines(SmtpServer *server, const char *lines);

/* smtp-server-form.c; false: the line itself is not in order, and answered. 'row' may be NULL. */
bool smtp_server_form_is_fit(
    SmtpServer *server, const DialogueEvent *command, const SmtpCommandRow *row
);

/* smtp-server-auth.c */
SmtpHandled smtp_server_handle_auth(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
bool smtp_server_take_response(
    SmtpServer *server, const DialogueEvent *response, SmtpServerEvent *out_event
);
char *smtp_server_usable_mechanisms(const SmtpServer *server); /* apart by spaces */

/* smtp-server-session.c */
SmtpHandled smtp_server_handle_ehlo(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_helo(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_rset(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_noop(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_quit(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_help(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_vrfy(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_expn(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_etrn(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_starttls(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
void smtp_server_begin_session(SmtpServer *server);
void smtp_server_say_hello(SmtpServer *server);

/* smtp-server-mail.c, smtp-server-rcpt.c */
SmtpHandled smtp_server_handle_mail(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_rcpt(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);

/* The path in the argument is fit for this server's syntax mode; else it is answered. */
bool smtp_server_path_is_fit(
    SmtpServer *server, const DialogueEvent *command, bool is_reverse, bool takes_utf8
);

/* smtp-server-content.c */
SmtpHandled smtp_server_handle_data(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
SmtpHandled smtp_server_handle_bdat(SmtpServer *, const DialogueEvent *, SmtpServerEvent *);
void smtp_server_override_chunk(
    SmtpServer *server, const DialogueEvent *command, const char *lines
);
bool smtp_server_take_content(
    SmtpServer *server, const DialogueEvent *data, SmtpServerEvent *out_event
);
bool smtp_server_end_content(
    SmtpServer *server, const DialogueEvent *end, SmtpServerEvent *out_event
);
void smtp_server_answer_content(SmtpServer *server, const SmtpReply *reply);
