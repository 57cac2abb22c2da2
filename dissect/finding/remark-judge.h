#pragma once

/* The inside of RemarkJudge, shared by its files:
 *
 *     remark-judge.c     life of a conversation, who gets which event
 *     remark-line.c      defects of lines, by protocol and side
 *     remark-smtp.c      what an SMTP line means after those before it
 *     remark-content.c   octets of a message on their way
 *     remark-message.c   header, trace, MIME tree, envelope against header */

#include "dissect/finding/remark.h"
#include "protocol/message/received-field.h"

#define REMARK_WORDS ((N_REMARKS + 63) / 64)
#define REMARK_ABOUT_MAXIMUM 120 /* octets of what a remark is about */

typedef enum {
    OFFER_SIZE = 1u << 0,
    OFFER_EIGHT_BIT = 1u << 1,
    OFFER_STARTTLS = 1u << 2,
    OFFER_AUTH = 1u << 3,
    OFFER_PIPELINING = 1u << 4,
    OFFER_DSN = 1u << 5,
    OFFER_CHUNKING = 1u << 6,
    OFFER_UTF8 = 1u << 7,
    OFFER_ENHANCED = 1u << 8,
    OFFER_BINARY = 1u << 9,
} RemarkOffer;

typedef struct {
    guint64 told[REMARK_WORDS];  /* those that are told once per conversation */
    guint64 reply[REMARK_WORDS]; /* of the reply whose lines are passing */
    char reply_about[32];
    guint32 offers;     /* RemarkOffer bits of the latest answer to EHLO or HELO */
    bool has_offers;    /* that answer was seen */
    bool has_loss;      /* octets are missing: no judgement by counting */
    bool is_disordered; /* a side's octets could be read only after later ones of the other */
    bool asked_tls;     /* STARTTLS or STLS was sent */
    bool is_opaque;     /* nothing can be read any more */
    bool has_quit;      /* QUIT was sent */
    bool server_closes; /* 221 or 421 */
    bool chunk_was_refused;
    bool message_is_open;
    bool has_ended; /* the first FIN was seen */
    bool may_be_eight_bit;
    bool line_was_long;
    StreamDirection ended_by;
    guint64 latest_frame;
    guint64 size_limit;
    guint64 latest_exchange;
    guint64 answered_exchange;
    guint64 group_end; /* exchange of the latest command that must be the last of its group */
    guint64 line_length;
    guint64 data_frames;
    guint64 retransmissions;
} RemarkTalk;

struct RemarkJudge {
    GHashTable *talks; /* number of the stream -> RemarkTalk */
    RemarkTalk *latest;
    guint64 latest_number;
    HeaderBlock header;
    ByteBuffer scratch;
    RemarkRow message_rows[N_MESSAGE_DEFECTS];
};

/* What one call works with. */
typedef struct {
    RemarkJudge *judge;
    RemarkTalk *talk;
    const DissectEvent *event;
    RemarkFunction function;
    gpointer data;
} RemarkCase;

void remark_tell(const RemarkCase *on, RemarkId id, const char *about);
/* With advice of its own in place of the row's. */
void remark_tell_instead(const RemarkCase *on, RemarkId id, const char *instead);
void remark_tell_once(const RemarkCase *on, RemarkId id, const char *about);
void remark_tell_span(const RemarkCase *on, RemarkId id, ByteSpan about);
void remark_tell_row(const RemarkCase *on, const RemarkRow *row, const char *about);

/* For a line of a reply: told with the last line. */
void remark_note_reply(const RemarkCase *on, RemarkId id, ByteSpan about);

void remark_judge_line(const RemarkCase *on);
void remark_judge_smtp_command(const RemarkCase *on);
void remark_judge_smtp_reply(const RemarkCase *on);
void remark_judge_smtp_close(const RemarkCase *on);
void remark_judge_content_begin(const RemarkCase *on);
void remark_judge_content(const RemarkCase *on);
void remark_judge_content_end(const RemarkCase *on);
