#pragma once

/* The inside of ImapServer. A handler gets its command with the arguments' form already judged; it
 * answers at once by imap_server_ok(), _no() or _bad(), or asks the owner and says so by 'true', or
 * leaves a FETCH behind that goes on as output is taken. */

#include "protocol/dialogue/line-overrides.h"
#include "protocol/imap/imap-scanner.h"
#include "protocol/imap/imap-sequence-set.h"
#include "protocol/imap/imap-server.h"
#include "protocol/sasl/sasl-server.h"

#define IMAP_OUTPUT_MAXIMUM (256u * 1024 * 1024) /* the untagged data of one command */
#define IMAP_OUTPUT_ENOUGH 65536 /* so much waits to be sent: no more is made for now */

typedef struct ImapFetch ImapFetch;

/* What a message part sent as a literal is cut from, piece by piece. */
typedef struct {
    GBytes *octets;
    gsize from;
    gsize to;
} ImapPiece;

/* APPEND, from its line to the end of the message it brings. */
typedef struct {
    char *name;
    guint32 flags;
    GPtrArray *keywords;
    gint64 seconds;
    guint64 announced;
    ByteBuffer octets;
    char *refusal; /* "NO [TRYCREATE] ...", said once the message has passed; NULL: none */
    bool is_open;
    bool has_ended; /* all octets are here, the line's end may not be */
    bool is_bad;    /* something stood behind the message */
    bool is_utf8;   /* a bracket closes it */
} ImapAppend;

struct ImapServer {
    ImapServerOptions options;
    char *host_name;
    char *software;
    char *mechanisms;
    ImapDialogue *dialogue;
    ByteBuffer output;
    GQueue pieces; /* ImapPiece, behind the output */
    gint64 now_us;
    guint attempts;
    guint errors;
    bool is_tls;
    bool is_closing;
    bool close_was_told;
    bool has_unread; /* octets are held in the dialogue */
    LineOverrides overrides;

    /* the command in progress */
    char *tag;
    const ImapCommandRow *row;
    bool awaits_answer;
    ImapServerEventKind asked;

    SaslServer *sasl;
    SaslServerStep sasl_step; /* to be taken with the next event */
    bool has_sasl_step;
    char *identity;
    char *authorization;
    char *secret; /* of LOGIN */
    char *method;

    const ImapStorage *store;
    gpointer storage;
    char *user;
    char *selected; /* name of the mailbox; NULL: none */
    bool is_read_only;
    bool is_rev2; /* IMAP4rev2 is enabled, or nothing else is offered */
    bool allows_utf8;
    bool is_idling;
    guint n_told_keywords; /* keywords that the last FLAGS response named */
    GArray *saved;         /* guint32 UIDs: "$"; NULL: empty */

    ImapFetch *fetch; /* in progress */
    ImapAppend append;
};

typedef struct {
    ImapServer *server;
    ImapScanner scanner;
} ImapArguments;

typedef bool (*ImapHandler
)(ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event);

/* --- output: imap-server-output.c --- */

void imap_server_put(ImapServer *server, ByteSpan octets);
void imap_server_put_piece(ImapServer *server, GBytes *octets, gsize from, gsize to);
void imap_server_print(ImapServer *server, const char *format, ...) G_GNUC_PRINTF(2, 3);
void imap_server_refill(ImapServer *server); /* moves pieces into the output */

/* "* text", closed by CRLF: data that does not concern the dialogue. */
void imap_server_untagged(ImapServer *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* "* OK [code] text" and the like, which the dialogue hears. 'code' without brackets, or NULL. */
void imap_server_say(
    ImapServer *server,
    const char *tag,
    const char *status,
    const char *code,
    const char *format,
    ...
) G_GNUC_PRINTF(5, 6);
void imap_server_go_on(ImapServer *server, const char *text); /* "+ text" */

/* The tagged answer of the command in progress, after word of what others changed. */
void imap_server_ok(ImapServer *server, const char *code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void imap_server_no(ImapServer *server, const char *code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
void imap_server_bad(ImapServer *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* NO with the response code that fits; 'is_target': TRYCREATE where it does not exist. */
void imap_server_refuse(ImapServer *server, ImapStorageResult result, bool is_target);
void imap_server_bye(ImapServer *server, const char *format, ...) G_GNUC_PRINTF(2, 3);

bool imap_server_offers(const ImapServer *server, ImapOffer offer);
void imap_server_write_name(ImapServer *server, const char *name);
void imap_server_write_flags(ImapServer *server, guint32 flags); /* with brackets */
void imap_server_write_capabilities(const ImapServer *server, ByteBuffer *out);

/* The response code that lists them; NULL where they are told only to those who ask. */
char *imap_server_capability_code(const ImapServer *server);

/* The flags that the mailbox has, once again where keywords were added since. */
void imap_server_tell_flags(ImapServer *server, bool must_tell);

/* What others changed; expunges too, where the command allows them. */
void imap_server_sync(ImapServer *server, bool may_expunge);

bool imap_server_ask(ImapServer *server, ImapServerEventKind kind, ImapServerEvent *out_event);

/* --- arguments: imap-server-arguments.c --- */

void imap_arguments_init(ImapArguments *arguments, ImapServer *server, ByteSpan text);
bool imap_arguments_token(ImapArguments *arguments, ImapToken *out_token);
bool imap_arguments_at_end(const ImapArguments *arguments);

/* A string of any form, without NUL; the caller frees it. NULL: there is none. */
char *imap_arguments_string(ImapArguments *arguments);
char *imap_token_to_string(const ImapToken *token);

/* A mailbox name in UTF-8. NULL: there is none, or it cannot be read. */
char *imap_arguments_name(ImapArguments *arguments);
char *imap_server_decode_name(const ImapServer *server, const ImapToken *token);

/* A list of atoms in brackets, or where 'may_be_bare' without them: flags. */
bool imap_arguments_flags(
    ImapArguments *arguments, bool may_be_bare, guint32 *out_flags, GPtrArray *out_keywords
);

/* Message sequence numbers, ascending, of the set that comes next (guint32); NULL after BAD was
 * said. UIDs that are in no message are left out. */
GArray *imap_arguments_messages(ImapArguments *arguments, bool are_uids);

GArray *imap_server_resolve_set(ImapServer *server, ByteSpan set, bool are_uids); /* the same */

/* The UIDs of such numbers. */
GArray *imap_server_uids(const ImapServer *server, const GArray *sequences);

/* --- handlers --- */

/* imap-server-session.c */
bool imap_server_handle_capability(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_noop(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_check(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_logout(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_id(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_enable(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_namespace(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_idle(ImapServer *, const DialogueEvent *, ImapServerEvent *);
void imap_server_end_idle(ImapServer *server, ByteSpan line);

/* imap-server-login.c */
bool imap_server_handle_starttls(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_login(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_authenticate(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_take_sasl_step(ImapServer *server, ImapServerEvent *out_event);
bool imap_server_sasl_response(ImapServer *server, ByteSpan line, ImapServerEvent *out_event);

/* imap-server-mailbox.c */
bool imap_server_handle_select(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_unselect(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_close(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_create(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_delete(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_rename(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_subscribe(ImapServer *, const DialogueEvent *, ImapServerEvent *);
void imap_server_forget_mailbox(ImapServer *server);

/* imap-server-status.c */
bool imap_server_handle_status(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_status_items_parse(ImapServer *server, ByteSpan list, guint32 *out_items);
bool imap_server_write_status(ImapServer *server, const char *name, guint32 items);

/* imap-server-list.c */
bool imap_server_handle_list(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_lsub(ImapServer *, const DialogueEvent *, ImapServerEvent *);
const char *imap_use_name(guint32 use);
guint32 imap_use_bit(ByteSpan attribute);

/* imap-server-append.c */
bool imap_server_handle_append(ImapServer *, const DialogueEvent *, ImapServerEvent *);
void imap_server_append_event(ImapServer *server, const DialogueEvent *event);
void imap_server_finish_append(ImapServer *server);
void imap_append_clear(ImapAppend *append);

/* imap-server-message.c */
bool imap_server_handle_store(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_copy(ImapServer *, const DialogueEvent *, ImapServerEvent *);
bool imap_server_handle_expunge(ImapServer *, const DialogueEvent *, ImapServerEvent *);
ImapStorageResult imap_server_expunge_deleted(ImapServer *server, const GArray *among);

/* imap-server-search.c */
bool imap_server_handle_search(ImapServer *, const DialogueEvent *, ImapServerEvent *);

/* imap-server-fetch.c */
bool imap_server_handle_fetch(ImapServer *, const DialogueEvent *, ImapServerEvent *);
void imap_server_go_on_fetching(ImapServer *server);
void imap_fetch_free(ImapFetch *fetch);
