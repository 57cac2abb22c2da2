#pragma once

/* What the files of the step builder share: what it keeps of each conversation, and the functions
 * that turn one kind of event into a step.
 *
 *     step-builder.c   who gets which event, life of a conversation
 *     step-line.c      commands, replies, continuations     step-why.c    why a line comes now
 *     step-reply.c     rows below a reply: extensions ...   step-login.c  what a log-in said
 *     step-message.c   header and MIME tree                 step-stream.c TCP, gaps, TLS, the end
 *     step-dns.c       questions and answers                step-frame.c  the packets level */

#include "dissect/finding/message-record.h"
#include "dissect/finding/remark.h"
#include "ui/timeline/step-builder.h"

#define STEP_REPLY_TEXT_MAXIMUM 65536        /* octets of one reply that are shown */
#define STEP_DETAILS_MAXIMUM 512             /* rows below one step */
#define STEP_HELD_MAXIMUM (64 * 1024 * 1024) /* octets of open messages, all conversations */
#define STEP_TEXT_MAXIMUM 4096               /* octets of one line that are shown */

#define STEP_REMARKS_MAXIMUM 256 /* that wait for their steps, of one conversation */
#define STEP_COMMANDS_KEPT 16    /* latest commands that a reply can be joined with */

/* The step that answered something, kept for the sentences that say why. */
typedef struct {
    guint64 step; /* 0: none yet */
    bool is_positive;
    char title[16]; /* of the command that was answered */
} StepMark;

/* The number that the first octet of a direction has in TCP. */
typedef struct {
    bool is_known;
    guint32 sequence;
} FrameBase;

/* What is kept of a connection that is over: acknowledgements come behind its end. */
typedef struct {
    guint64 number;
    FrameBase bases[2];
} ClosedTalk;

/* A remark that waits until the step it belongs to is whole. */
typedef struct {
    guint64 counted; /* the step, as the dissector counts */
    const RemarkRow *row;
    char *about;
    char *instead;
} StepPending;

/* What is kept of a conversation between its events. */
typedef struct {
    guint64 number;
    char *addresses[2]; /* or names, by direction */
    guint16 ports[2];
    MailProtocol protocol;

    Step *connection; /* waits for the handshake to be over */
    guint64 connection_step;
    guint handshake_packets;
    gint64 handshake_from_ns;
    bool connection_is_told;
    bool sides_ended[2];
    bool has_ended; /* the first FIN or RST has been seen */
    bool was_reset;
    StreamDirection ended_by;
    guint64 lines;

    Step *reply; /* waits for its last line */
    GString *reply_text;
    guint reply_lines;
    bool reply_is_cut;

    MessageRecord *message;
    ByteBuffer octets; /* of the open message, for its MIME tree */
    bool octets_are_cut;
    gint64 message_begin_ns;
    GArray *message_frames; /* guint64 */

    gint64 command_times_ns[STEP_COMMANDS_KEPT]; /* of the latest, to tell how long answers took */
    guint64 command_steps[STEP_COMMANDS_KEPT];
    guint32 command_defects[STEP_COMMANDS_KEPT];
    char command_titles[STEP_COMMANDS_KEPT][16];
    guint next_command;
    gint64 reply_time_ns;  /* of the latest reply */
    gint64 client_time_ns; /* of the client's latest data within a command */
    bool server_has_spoken;
    guint64 last_command;      /* step of the latest command */
    guint64 last_exchange;     /* its number in the dialogue */
    guint64 answered_exchange; /* the latest command that was answered to the end */
    guint64 offered;           /* OFFERED_ bits of the latest EHLO or CAPA */
    GHashTable *capabilities;  /* IMAP: those that have been explained; NULL: none yet */
    StepMark greeting;
    StepMark last;       /* the latest reply that ends an exchange */
    StepMark hello;      /* EHLO, HELO, LHLO */
    StepMark capability; /* EHLO or CAPA: the step that lists extensions */
    StepMark login;
    StepMark opening; /* what makes a mail transaction possible */
    StepMark sender;
    StepMark recipient; /* the latest, accepted or not */
    StepMark accepted;  /* the latest of those accepted */
    StepMark mailbox;   /* IMAP: SELECT or EXAMINE */
    StepMark asked;     /* 354, 334 or +: the client's turn */
    StepMark fetched;
    guint64 fetched_number;
    guint recipients;

    char mechanism[24]; /* of the AUTH that goes on */
    guint responses;    /* lines of the client in it */
    FrameBase bases[2];
    GArray *pending; /* StepPending */
} Talk;

enum {
    OFFERED_PIPELINING = 1u << 0,
    OFFERED_STARTTLS = 1u << 1,
    OFFERED_AUTH = 1u << 2,
};

typedef struct DnsTold DnsTold;

struct StepBuilder {
    StepBuilderOptions options;
    MessageRecordOptions message_options;
    RemarkJudge *judge;
    GHashTable *talks;    /* number of the stream -> Talk */
    GHashTable *closed;   /* the same -> ClosedTalk, where frames are shown */
    gsize held;           /* octets of open messages */
    guint64 last_counted; /* by the dissector */
    GPtrArray *dns_told;  /* DnsTold, the latest last */
    GArray *insertions;   /* guint64: 'last_counted' when a step of the world was put in */
};

/* The number of a step, from what the dissector counted: world events and chapters lie between. */
guint64 step_number(StepBuilder *builder, guint64 counted);

/* A step of that event, with frames, addresses and protocol. 'talk' may be NULL. */
Step *step_of_event(StepBuilder *builder, Talk *talk, StepKind kind, const DissectEvent *event);
void step_give(StepBuilder *builder, Step *step);
void step_keep_remark(gpointer talk, const Remark *remark); /* a RemarkFunction */
void step_take_row(Step *step, const VocabularyItem *item); /* meaning and reference */
char *step_safe_text(ByteSpan octets);                      /* cut at STEP_TEXT_MAXIMUM */
G_GNUC_PRINTF(4, 5)
void step_detail(Step *step, guint indent, const char *label, const char *format, ...);
char *step_side_name(const StepBuilder *builder, const PacketAddress *address);

/* The connection step is told before whatever comes after it. 'is_used': octets were sent on it. */
void step_tell_connection(StepBuilder *builder, Talk *talk, bool is_used);

void step_take_command(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_continuation(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_reply(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_end_reply(StepBuilder *builder, Talk *talk); /* gives what waits */
void step_take_credential(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_message(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_drop_message(StepBuilder *builder, Talk *talk);
void step_take_opaque(StepBuilder *builder, Talk *talk, const DissectEvent *event);
GPtrArray *step_dns_told_new(void);
void step_take_dns(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_opened(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_tcp(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_tls(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_gap(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_overlap(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_take_fragment(StepBuilder *builder, const DissectEvent *event);
void step_take_closed(StepBuilder *builder, Talk *talk, const DissectEvent *event);

void step_take_frame(
    StepBuilder *builder, Talk *talk, const Packet *packet, StreamDirection direction, guint32 notes
);

/* Rows below a whole reply: what each line of it says. 'text' has its lines apart by LF. */
void step_explain_reply(Talk *talk, Step *step, const VocabularyItem *command);
void step_explain_imap_reply(Talk *talk, Step *step);

/* Rows below a line of an AUTH exchange: base64 taken off. 'shows' is false for secrets. */
void step_explain_token(Step *step, ByteSpan base64, bool shows);
void step_explain_plain(Step *step, ByteSpan base64, bool shows);

/* Before the marks move: why this command comes now; NULL: nothing is certain. */
char *step_why_command(const Talk *talk, const DissectEvent *event);

/* After the reply is whole: remembers what later sentences need. */
void step_note_command(StepBuilder *builder, Talk *talk, const DissectEvent *event);
void step_note_reply(
    StepBuilder *builder, Talk *talk, const DissectEvent *event, const Step *reply
);
/* The dot behind a message of POP3: its exchange is over. */
void step_note_message_end(StepBuilder *builder, Talk *talk, const DissectEvent *event);
const char *step_command_title(const Talk *talk, guint64 step); /* NULL: not remembered */

char *step_octets_text(guint64 octets);       /* "1 octet", "14,545 octets" */
char *step_duration_text(gint64 duration_ns); /* "2.1 s", "340 ms", "85 us" */
