#pragma once

/* The inside of HttpDialogue, shared by the files that read lines, bodies and log-ins. */

#include "protocol/dialogue/command-queue.h"
#include "protocol/dialogue/dialogue-input.h"
#include "protocol/http/http-dialogue.h"
#include "protocol/http/http-framing.h"
#include "protocol/http/http-secret.h"

/* What the next octets of a side are. */
typedef enum {
    HTTP_READS_START_LINE,
    HTTP_READS_FIELDS,
    HTTP_READS_LENGTH, /* a body of 'left' octets */
    HTTP_READS_CHUNK_SIZE,
    HTTP_READS_CHUNK,     /* 'left' octets of a chunk */
    HTTP_READS_CHUNK_END, /* the line end behind a chunk */
    HTTP_READS_TRAILERS,
    HTTP_READS_TO_END,
    HTTP_READS_TUNNEL,
    HTTP_LOOKS_FOR_START, /* octets were missing: the next start line is looked for */
} HttpReading;

/* Events that follow from the one just given, told before anything more is read. */
typedef enum {
    HTTP_FOLLOWS_MESSAGE_BEGIN = 1u << 0,
    HTTP_FOLLOWS_MESSAGE_END = 1u << 1,
    HTTP_FOLLOWS_OPAQUE = 1u << 2,
} HttpFollowing;

typedef struct {
    DialogueInput input;
    HttpReading reading;
    HttpFraming framing;
    HttpMethod method; /* of the request, or of the one that is being answered */
    guint code;        /* of the answer */
    guint32 following;
    guint32 defects; /* of the framing, told with the next event */
    guint64 left;
    guint64 exchange;
    bool message_is_open;
    bool may_skip_body; /* refused before the body that it had announced */
    guint8 content_type_length;
    char content_type[HTTP_CONTENT_TYPE_MAXIMUM];
    DialogueMessage message;
} HttpSide;

/* Somebody said who he is; kept until the answer shows whether that was believed. */
typedef struct {
    guint64 exchange;
    const char *method; /* "Basic", "HTTP form" */
    GBytes *identity;
    GBytes *secret;
    GBytes *proof;
    bool is_due;
    bool is_answered;
    bool succeeded;
} HttpLogin;

#define HTTP_LOGINS_MAXIMUM 16

struct HttpDialogue {
    HttpSide sides[2];
    CommandQueue waiting;
    HttpState state;
    guint64 messages;
    bool client_waits; /* for the answer to CONNECT */
    bool server_unseen;
    bool client_unseen;
    bool lost_requests; /* an answer without a request may be right */
    bool is_closing;    /* the last message said so */
    HttpSecretScanner scanner;
    ByteBuffer form;   /* of the client's body, as far as it may be a log-in */
    GPtrArray *logins; /* of HttpLogin, oldest first; NULL: none yet */
    HttpLogin *given;  /* lent out by the last event */
    DialogueCredential credential;
};

/* The next event of a side; false: nothing whole to read, or something follows first. */
bool http_side_read(HttpDialogue *dialogue, DialogueSide side, DialogueEvent *event);
bool http_side_read_body(HttpDialogue *dialogue, DialogueSide side, DialogueEvent *event);

void http_side_open_message(HttpDialogue *dialogue, DialogueSide side);
void http_side_end_message(HttpDialogue *dialogue, DialogueSide side, bool end_was_seen);

/* What the client said behind CONNECT comes before the server's next start line. */
bool http_dialogue_held_is_due(const HttpDialogue *dialogue);

/* Both sides are another protocol's from here on. */
void http_dialogue_begin_tunnel(HttpDialogue *dialogue);

void http_login_field(HttpDialogue *dialogue, const HttpField *field);
void http_login_form(HttpDialogue *dialogue);
void http_login_answered(HttpDialogue *dialogue, guint64 exchange, guint code);
void http_login_give_up(HttpDialogue *dialogue); /* no answer will come */
bool http_login_next(HttpDialogue *dialogue, DialogueEvent *event);
void http_login_clear(HttpDialogue *dialogue);
