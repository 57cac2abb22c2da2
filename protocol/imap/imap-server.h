#pragma once

/* An IMAP server without I/O: IMAP4rev1 (RFC 3501) and IMAP4rev2 (RFC 9051). It knows the protocol;
 * its owner moves octets, knows the passwords, and gives it the user's mailboxes as an ImapStorage:
 *
 *     PASSWORD ─> answer_password() ─> OPEN ─> answer_open(storage) ─> commands need no owner
 *
 * Events come one at a time and wait for their answer where they need one; octets given to
 * receive() must stay until next_event() has given false. Long answers are made piece by piece as
 * output is consumed: while is_busy() says so, nothing more should be received, and next_event() is
 * to be called again after consume_output(). */

#include "protocol/imap/imap-dialogue.h"
#include "protocol/imap/imap-storage.h"

typedef enum {
    IMAP_OFFER_REVISION_1 = 1u << 0,
    IMAP_OFFER_REVISION_2 = 1u << 1,
    IMAP_OFFER_LITERAL_PLUS = 1u << 2,
    IMAP_OFFER_LITERAL_MINUS = 1u << 3,
    IMAP_OFFER_SASL_IR = 1u << 4,
    IMAP_OFFER_STARTTLS = 1u << 5,
    IMAP_OFFER_ID = 1u << 6,
    IMAP_OFFER_ENABLE = 1u << 7,
    IMAP_OFFER_IDLE = 1u << 8,
    IMAP_OFFER_NAMESPACE = 1u << 9,
    IMAP_OFFER_UIDPLUS = 1u << 10,
    IMAP_OFFER_UNSELECT = 1u << 11,
    IMAP_OFFER_MOVE = 1u << 12,
    IMAP_OFFER_CHILDREN = 1u << 13,
    IMAP_OFFER_LIST_EXTENDED = 1u << 14,
    IMAP_OFFER_LIST_STATUS = 1u << 15,
    IMAP_OFFER_SPECIAL_USE = 1u << 16,
    IMAP_OFFER_CREATE_SPECIAL_USE = 1u << 17,
    IMAP_OFFER_STATUS_SIZE = 1u << 18,
    IMAP_OFFER_ESEARCH = 1u << 19,
    IMAP_OFFER_SEARCHRES = 1u << 20,
    IMAP_OFFER_BINARY = 1u << 21,
    IMAP_OFFER_UTF8 = 1u << 22,
    IMAP_OFFER_UNASKED = 1u << 23, /* the greeting and the answer to a log-in list capabilities */
} ImapOffer;

#define IMAP_OFFER_ALL ((1u << 24) - 1)
#define IMAP_OFFER_USUAL                                                                           \
    (IMAP_OFFER_ALL &                                                                              \
     ~(guint32)(IMAP_OFFER_STARTTLS | IMAP_OFFER_LITERAL_MINUS | IMAP_OFFER_UNASKED))
#define IMAP_OFFER_ON_SLIDE (IMAP_OFFER_REVISION_1 | IMAP_OFFER_IDLE | IMAP_OFFER_NAMESPACE)

/* What goes when "IDLE", in any case, is not to be offered: the extension itself, and IMAP4rev2
 * where that has it built in (RFC 9051 appendix E). 0: none of that name can be switched. */
guint32 imap_offer_find(const char *keyword);

#define IMAP_SERVER_LITERAL_MAXIMUM 65536 /* octets of a literal inside a command */
#define IMAP_SERVER_ERRORS_MAXIMUM 50     /* bad commands, one after another */
#define IMAP_SERVER_ATTEMPTS_MAXIMUM 5    /* to log in */

typedef struct {
    const char *host_name;
    const char *software; /* "mailwalk" */
    guint32 offers;
    const char *mechanisms;      /* "PLAIN LOGIN"; NULL: no AUTHENTICATE */
    bool allows_plaintext_login; /* LOGIN, PLAIN without TLS; else LOGINDISABLED */
    guint64 maximum_message;     /* octets that APPEND may bring; 0: IMAP_SERVER_MESSAGE_MAXIMUM */
    guint64 seed;                /* of challenges */
} ImapServerOptions;

#define IMAP_SERVER_MESSAGE_MAXIMUM (64u * 1024 * 1024)

typedef enum {
    IMAP_SERVER_PASSWORD, /* of 'identity': answer_password() */
    IMAP_SERVER_OPEN,     /* 'identity' is who it says: answer_open() */
    IMAP_SERVER_STARTTLS, /* OK is in the output: send it, begin TLS, then begin_tls() */
    IMAP_SERVER_CLOSE,    /* send the output, then close */
} ImapServerEventKind;

typedef struct {
    ImapServerEventKind kind;
    bool needs_answer;
    ByteSpan identity;
    ByteSpan authorization; /* whose mailboxes; the identity, where no other is named */
    const char *method;     /* "LOGIN", "PLAIN" ... */
} ImapServerEvent;

typedef struct ImapServer ImapServer;

/* The options are copied, their texts too. */
ImapServer *imap_server_new(const ImapServerOptions *options);
void imap_server_free(ImapServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImapServer, imap_server_free)

void imap_server_greet(ImapServer *server, gint64 now_us);
void imap_server_receive(ImapServer *server, ByteSpan octets, gint64 now_us);
bool imap_server_next_event(ImapServer *server, ImapServerEvent *out_event);

/* NULL: there is no such user. */
void imap_server_answer_password(ImapServer *server, const char *password);

/* The storage stays the owner's and must live as long as the server; 'functions' NULL: it cannot be
 * opened, and 'refusal' says why ("[UNAVAILABLE] Try again later"). */
void imap_server_answer_open(
    ImapServer *server, const ImapStorage *functions, gpointer storage, const char *refusal
);

/* What others changed in the selected mailbox goes out at once where the client idles. */
void imap_server_news(ImapServer *server);

/* The client was silent too long, or the server goes down: BYE and CLOSE. */
void imap_server_say_bye(ImapServer *server, const char *text);

/* For teaching: when command number 'number' comes (counted from 1, as DialogueEvent.exchange), the
 * server does not handle it and says this: "NO [OVERQUOTA] Full", to which the tag is added; lines
 * before it, each closed by '\n', begin with "* ". Number 0 is the greeting: "* BYE Not today". The
 * text is copied; 'said' as with SMTP. */
void imap_server_set_override(ImapServer *server, guint64 number, const char *text, bool *said);

ByteSpan imap_server_output(const ImapServer *server);
void imap_server_consume_output(ImapServer *server, gsize length);
bool imap_server_is_busy(const ImapServer *server);
void imap_server_begin_tls(ImapServer *server);
bool imap_server_is_idling(const ImapServer *server);
ImapState imap_server_state(const ImapServer *server);
const char *imap_server_user(const ImapServer *server); /* NULL: nobody has logged in */
