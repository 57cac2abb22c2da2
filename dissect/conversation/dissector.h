#pragma once

/* From frames to annotated exchanges: the one entrance of the dissector.
 *
 *     frame ─> packet decoder ─> stream table ─> conversation (dialogue of protocol/) ─> events
 *                    └─ UDP 53 ────────────────> DNS questions and answers ───────────>
 *
 * Events come in the order of the capture, the same on every run and with any number of threads.
 * Everything in an event is borrowed for the call. An event is cheap: a line is a span, its
 * meaning a pointer to a row of the vocabulary; nothing is formatted that nobody reads. */

#include "dissect/capture/capture-reader.h"
#include "dissect/packet/packet-decoder.h"
#include "dissect/stream/stream-table.h"
#include "protocol/dialogue/dialogue.h"
#include "protocol/dns/dns-exchange.h"

typedef enum {
    MAIL_PROTOCOL_UNKNOWN, /* not yet known, or none that mailwalk reads */
    MAIL_PROTOCOL_SMTP,
    MAIL_PROTOCOL_POP3,
    MAIL_PROTOCOL_IMAP,
    MAIL_PROTOCOL_HTTP,
    MAIL_PROTOCOL_DNS,
    MAIL_PROTOCOL_TLS, /* from the first octet, or after STARTTLS */
    N_MAIL_PROTOCOLS,
} MailProtocol;

const char *mail_protocol_name(MailProtocol protocol);                      /* "SMTP" */
bool mail_protocol_from_name(const char *name, MailProtocol *out_protocol); /* "smtp" */

typedef enum {
    PROTOCOL_FOUND_BY_PORT,
    PROTOCOL_FOUND_BY_CONTENT,
    PROTOCOL_FOUND_BY_OPTION, /* --port 1025=smtp */
    PROTOCOL_FOUND_INSIDE,    /* behind HTTP CONNECT, SOCKS */
} ProtocolEvidence;

/* What is known of TLS from its readable part. */
typedef struct {
    const char *version;     /* "TLS 1.2"; NULL: not seen */
    const char *server_name; /* SNI; NULL: not said; untrusted text */
    const char *subject;     /* of the server's certificate, where it is visible; untrusted */
    const char *cipher;      /* name or "0x1301"; NULL */
    bool after_starttls;
} TlsSummary;

/* One conversation: what a stream carries. */
typedef struct {
    const Stream *stream;
    guint64 number; /* of the stream */
    MailProtocol protocol;
    ProtocolEvidence evidence;
    const DialogueClass *class; /* NULL: no dialogue */
    TlsSummary tls;
    guint64 commands;
    guint64 replies;
    guint64 messages;
    guint64 missing[2];       /* octets missing, by direction */
    guint64 dialogue_from[2]; /* where in the stream the dialogue's octets begin, by direction */
    gpointer view;            /* the sink's own; free it on CLOSED */
} Conversation;

typedef enum {
    DISSECT_OPENED,   /* a TCP connection begins; its protocol may not be known yet */
    DISSECT_PROTOCOL, /* now it is: conversation->protocol and class are set */
    DISSECT_DIALOGUE, /* 'dialogue' is the event */
    DISSECT_DNS,      /* 'octets' is one message, 'exchange' its pairing */
    DISSECT_TLS,      /* something new in conversation->tls */
    DISSECT_GAP,      /* 'gap': octets of a stream that are missing */
    DISSECT_OVERLAP,  /* 'overlap': octets that came twice and differ */
    DISSECT_TCP,      /* 'tcp': SYN, FIN, RST ... */
    DISSECT_FRAGMENT, /* 'fragment': what became of fragments; no conversation */
    DISSECT_CLOSED,   /* the connection is over; the last event of its conversation */
} DissectEventKind;

/* A run of octets of one direction and the frame that carried it. */
typedef struct {
    guint64 from;
    guint64 to;
    guint64 frame;
    gint64 time_ns;
} DissectPiece;

/* Octets of a message that are missing, counted in the message as it was sent. */
typedef struct {
    guint64 from;
    guint64 to;
    StreamGapReason reason;
} DissectMissing;

typedef struct {
    DissectEventKind kind;
    guint64 step; /* counts what people see as a row, from 1; the lines of one reply share it, and
                   * so do the events of one message */
    guint64 answers;            /* REPLY: the step of its command; DNS: of its question; 0: none */
    Conversation *conversation; /* NULL: DNS over UDP, fragments */
    StreamDirection direction;
    const DissectPiece *pieces; /* what carried it, first to last; at least one but for CLOSED */
    guint piece_count;
    guint64 frame;  /* of the last piece: the one that made it readable */
    gint64 time_ns; /* of the last piece */

    const DialogueEvent *dialogue;
    const DissectMissing *missing; /* MESSAGE_END: the octets it lacks */
    guint missing_count;
    bool missing_is_capped; /* more than are listed */

    ByteSpan octets;
    DnsExchange exchange;
    bool is_tcp;          /* DNS over TCP */
    PacketAddress source; /* DNS */
    PacketAddress destination;
    guint16 source_port;
    guint16 destination_port;

    const StreamGap *gap;
    const StreamOverlap *overlap;
    const StreamEvent *tcp;
    const FragmentEvent *fragment;
    StreamCloseReason close_reason;
} DissectEvent;

typedef struct {
    void (*event)(gpointer owner, const DissectEvent *event);

    /* Each frame before what it brings; NULL where frames are not shown (it costs time). The
     * conversation is NULL for frames outside TCP. 'notes' are FrameNote bits. */
    void (*frame
    )(gpointer owner,
      const Packet *packet,
      Conversation *conversation,
      StreamDirection direction,
      guint32 notes);
} DissectSink;

#define DISSECT_PORT_RULES_MAXIMUM 64

typedef struct {
    guint16 port;
    MailProtocol protocol;
} DissectPortRule;

typedef struct {
    DissectPortRule port_rules[DISSECT_PORT_RULES_MAXIMUM];
    guint port_rule_count;
    bool has_only_stream; /* --stream N */
    guint64 only_stream;
    bool trusts_replies; /* no server repeats a password in them: nothing is masked there */
    bool wants_overlaps; /* compare what comes twice; costs memory */
    bool verifies_checksums;
    StreamTableOptions streams;
    PacketDecoderOptions packets;
} DissectOptions;

DissectOptions dissect_default_options(void);

/* "1025=smtp"; GError on anything else. */
bool dissect_options_add_port(DissectOptions *options, const char *rule, GError **error);

typedef struct Dissector Dissector;

Dissector *dissector_new(const DissectOptions *options, const DissectSink *sink, gpointer owner);
void dissector_free(Dissector *dissector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dissector, dissector_free)

/* Steps given so far. */
guint64 dissector_steps(const Dissector *dissector);

void dissector_frame(Dissector *dissector, const CaptureFrame *frame);
void dissector_frames(Dissector *dissector, const CaptureFrame *frames, gsize count);
void dissector_finish(Dissector *dissector);

/* Called now and then. */
typedef void (*DissectProgress)(gpointer data, guint64 position, guint64 size);

/* Reads all frames of 'reader' with one thread or two. 'progress' may be NULL. Does not finish, so
 * that several captures can be read as one. */
void dissector_read(
    Dissector *dissector,
    CaptureReader *reader,
    guint threads,
    DissectProgress progress,
    gpointer progress_data
);

const PacketStatistics *dissector_packet_statistics(const Dissector *dissector);
const StreamStatistics *dissector_stream_statistics(const Dissector *dissector);
