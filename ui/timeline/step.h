#pragma once

/* A step is one row of what people see: a line of a dialogue, a DNS question, a message, something
 * that happened in the simulated world, a frame. Every view (transcript, ladder, full screen, page,
 * JSON) shows steps, and the same thing has the same number in each of them.
 *
 *     capture    ─> dissector events ─┐
 *     simulation ─> frames ─> the same dissector ─┼─> StepBuilder ─> steps, in order
 *                └─> world events ────┘
 *
 * All texts in a step are fit to be shown: valid UTF-8, controls escaped, secrets masked unless the
 * builder was told otherwise. */

#include "protocol/rfc/vocabulary.h"

typedef enum {
    STEP_LEVEL_STORY,    /* the few sentences a textbook would use */
    STEP_LEVEL_DIALOGUE, /* commands, replies, questions and answers, deliveries */
    STEP_LEVEL_PACKETS,  /* every frame */
} StepLevel;

typedef enum {
    STEP_CHAPTER,    /* a heading of the story, with its teaching note */
    STEP_CONNECTION, /* a TCP connection is open: the handshake in one row */
    STEP_COMMAND,
    STEP_REPLY,        /* all its lines */
    STEP_CONTINUATION, /* client data within an exchange */
    STEP_MESSAGE,      /* a mail message, or part of one, has passed */
    STEP_CONTENT,      /* what an HTTP request or answer carries */
    STEP_CREDENTIAL,   /* an authentication is over */
    STEP_DNS_QUESTION,
    STEP_DNS_ANSWER,
    STEP_OPAQUE, /* from here on nothing can be read */
    STEP_TLS,
    STEP_GAP,
    STEP_OVERLAP,
    STEP_TCP, /* FIN, RST, zero window ... */
    STEP_FRAGMENT,
    STEP_CLOSED,
    STEP_WORLD, /* a queue, a mailbox, a timer: what no wire shows */
    STEP_FRAME,
    N_STEP_KINDS,
} StepKind;

typedef enum {
    REMARK_NOTE,    /* worth knowing, nothing is wrong */
    REMARK_WARNING, /* a SHOULD is not kept, or it is unwise */
    REMARK_ERROR,   /* a MUST is not kept */
} RemarkSeverity;

typedef struct {
    RemarkSeverity severity;
    const char *name; /* stable short name: "bare-lf"; lives as long as the program */
    char *text;       /* what is wrong, in one sentence */
    char *instead;    /* what to do instead; NULL: nothing to say */
    RfcReference reference;
} StepRemark;

/* A row below the step: an extension of EHLO, a decoded AUTH answer, a header, a MIME part. */
typedef struct {
    guint indent; /* levels below the step */
    char *label;
    char *text;
    RfcReference reference;
} StepDetail;

typedef struct {
    guint64 number; /* as the dissector counts; world events and chapters take theirs in between */
    StepKind kind;
    StepLevel level; /* the coarsest level that shows it */
    gint64 time_ns;  /* virtual or captured */
    bool has_stream;
    guint64 stream;
    bool is_from_server;
    char *from; /* host name where it is known, else address */
    char *to;
    guint16 from_port;
    guint16 to_port;
    const char *protocol; /* "SMTP"; "" for frames of no known protocol */
    char *text;           /* what was said, exactly; lines apart by LF */
    char *title;          /* a word or two: "EHLO", "250", "MX?" */
    char *meaning;        /* one sentence */
    char *why;            /* why it comes now; NULL: nothing to say */
    GArray *references;   /* RfcReference; the first is the main one */
    GArray *remarks;      /* StepRemark */
    GArray *details;      /* StepDetail */
    GArray *frames;       /* guint64, ascending */
    guint64 answers;      /* step of its command or question; 0: none */
    guint64 exchange;   /* COMMAND, REPLY, CONTINUATION: number of the command in its dialogue, from
                         * 1; 0: the greeting, or what nobody asked for */
    char *state_before; /* of the dialogue; NULL: none, or unchanged */
    char *state_after;
    guint64 octets; /* MESSAGE: its length; GAP: what is missing; FRAME: its length */
    guint moment;   /* how many events of the world came before, see world-log.h; 0: a capture */
    gint64 duration_ns; /* CONNECTION: first to last packet of the handshake; REPLY: since its
                         * command; CLOSED: life of the connection */
} Step;

Step *step_new(StepKind kind, guint64 number, gint64 time_ns);
void step_free(Step *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Step, step_free)

const char *step_kind_name(StepKind kind); /* "command": for programs */

void step_add_reference(Step *step, RfcReference reference);
void step_add_frame(Step *step, guint64 frame);

/* Take ownership of nothing; texts are copied. 'reference' may be all zero. */
void step_add_detail(
    Step *step, guint indent, const char *label, const char *text, RfcReference reference
);
void step_add_remark(
    Step *step,
    RemarkSeverity severity,
    const char *name,
    const char *text,
    const char *instead,
    RfcReference reference
);
