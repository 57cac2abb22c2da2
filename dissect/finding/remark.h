#pragma once

/* Conformance remarks: what a line or a message does against its RFC, one table row each. Traffic
 * that is fine gets none. A judge remembers of each conversation what later lines are held against:
 * what EHLO offered, which commands wait, whose turn it is.
 *
 *     dissector event ─> remarks_judge_event() ─┬─> remark(s), each with the step it belongs to
 *     header and MIME tree of a message ────────┘   remarks_judge_message()
 *
 * What is said of a reply of many lines comes with its last line, once. Rows live as long as the
 * program; the rest of a remark is borrowed for the call. */

#include "dissect/conversation/dissector.h"
#include "protocol/message/mime-tree.h"

/* In the order of ui's RemarkSeverity. */
typedef enum {
    FINDING_NOTE,    /* worth knowing, nothing is wrong */
    FINDING_WARNING, /* a SHOULD is not kept, or it is unwise */
    FINDING_ERROR,   /* a MUST is not kept */
} FindingSeverity;

typedef enum {
    /* lines of SMTP */
    REMARK_BARE_LF,
    REMARK_BARE_CR,
    REMARK_COMMAND_LONG,
    REMARK_REPLY_LONG,
    REMARK_LINE_NUL,
    REMARK_LINE_EIGHT_BIT,
    REMARK_COMMAND_UNKNOWN,
    REMARK_COMMAND_SYNTAX,
    REMARK_COMMAND_BARE,
    REMARK_NO_COLON,
    REMARK_SPACE_AFTER_COLON,
    REMARK_NO_BRACKETS,
    REMARK_COMMAND_ORDER,
    REMARK_EARLY_TALKER,
    REMARK_PLAINTEXT_AFTER_TLS,
    REMARK_INJECTED,
    REMARK_TRAILING,
    REMARK_REPLY_UNASKED,
    REMARK_REPLY_SYNTAX,
    REMARK_REPLY_UNKNOWN,
    REMARK_ENHANCED_MALFORMED,
    REMARK_ENHANCED_CLASS,
    REMARK_ENHANCED_UNKNOWN,
    REMARK_ENHANCED_MISSING,
    /* sessions of SMTP */
    REMARK_HELLO_NAME,
    REMARK_HELLO_UNQUALIFIED,
    REMARK_ADDRESS,
    REMARK_NOT_OFFERED,
    REMARK_PIPELINING_NOT_OFFERED,
    REMARK_PIPELINE_GROUP,
    REMARK_SIZE_OVER_LIMIT,
    REMARK_STARTTLS_UNUSED,
    REMARK_STARTTLS_NOT_OFFERED,
    REMARK_STARTTLS_HIDDEN,
    REMARK_STARTTLS_REFUSED,
    REMARK_PLAIN_PASSWORD,
    REMARK_NO_QUIT,
    REMARK_CHUNK_SYNTAX,
    REMARK_CHUNK_AFTER_REFUSAL,
    /* TCP */
    REMARK_RESET,
    REMARK_ZERO_WINDOW,
    REMARK_RETRANSMISSIONS,
    /* content on its way */
    REMARK_SMUGGLING,
    REMARK_CONTENT_BARE_LF,
    REMARK_CONTENT_BARE_CR,
    REMARK_NOT_STUFFED,
    REMARK_CONTENT_NUL,
    REMARK_EIGHT_BIT_CONTENT,
    REMARK_TEXT_LINE_LONG,
    REMARK_SENDER_DIFFERS,
    REMARK_RECIPIENT_UNNAMED,
    /* POP3 */
    REMARK_POP3_LINE_END,
    REMARK_POP3_COMMAND_LONG,
    REMARK_POP3_REPLY_LONG,
    REMARK_POP3_NOT_ASCII,
    REMARK_POP3_UNKNOWN,
    REMARK_POP3_SYNTAX,
    REMARK_POP3_ORDER,
    REMARK_POP3_REPLY,
    REMARK_POP3_UNASKED,
    REMARK_POP3_TLS,
    REMARK_POP3_CONTENT_LINE_END,
    REMARK_POP3_NOT_STUFFED,
    /* IMAP */
    REMARK_IMAP_LINE_END,
    REMARK_IMAP_LONG,
    REMARK_IMAP_OCTETS,
    REMARK_IMAP_UNKNOWN,
    REMARK_IMAP_SYNTAX,
    REMARK_IMAP_ORDER,
    REMARK_IMAP_UNASKED,
    REMARK_IMAP_REPLY,
    REMARK_IMAP_TLS,
    /* HTTP */
    REMARK_HTTP_LINE_END,
    REMARK_HTTP_SYNTAX,
    REMARK_HTTP_PASSWORD,
    N_REMARKS,
} RemarkId;

typedef struct {
    RemarkId id;
    const char *name; /* "bare-lf": stable, for programs */
    FindingSeverity severity;
    const char *requirement; /* "MUST NOT", "SHOULD" ...; "" where it is only advice */
    const char *text;        /* what is wrong, one sentence */
    const char *instead;     /* what to do instead, one sentence; NULL: nothing to do */
    RfcReference reference;
} RemarkRow;

const RemarkRow *remark_row(RemarkId id);

typedef struct {
    const RemarkRow *row;
    guint64 step;        /* of the line or message it is about: always that of the event judged */
    const char *about;   /* which name, field or part exactly, fit to be shown; NULL */
    const char *instead; /* the row's, or what it comes to for this line; NULL */
} Remark;

typedef void (*RemarkFunction)(gpointer data, const Remark *remark);

typedef struct RemarkJudge RemarkJudge;

RemarkJudge *remark_judge_new(void);
void remark_judge_free(RemarkJudge *judge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemarkJudge, remark_judge_free)

/* Every event in order; CLOSED gives the conversation's memory back. */
void remarks_judge_event(
    RemarkJudge *judge, const DissectEvent *event, RemarkFunction function, gpointer data
);

/* At MESSAGE_END, after remarks_judge_event(): the header, and the MIME tree where there is one
 * (NULL: none). 'head' must not be more than the message's own octets. Call mime_tree_check()
 * before if content is to be judged too. */
void remarks_judge_message(
    RemarkJudge *judge,
    const DissectEvent *end,
    ByteSpan head,
    const MimeTree *tree,
    RemarkFunction function,
    gpointer data
);

/* Where frames are seen: what each is within its stream (FrameNote bits). It is told at CLOSED. */
void remarks_judge_frame(RemarkJudge *judge, const Conversation *conversation, guint32 notes);
