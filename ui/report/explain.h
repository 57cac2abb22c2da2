#pragma once

/* `mailwalk explain KIND TEXT`: the steps of an encoding, an address or an authentication, worked
 * out before the reader's eyes. Each kind is a row here and a file of its own,
 * ui/report/explain-*.c, that writes either laid-out text or JSON lines. The steps themselves come
 * from protocol/; nothing is computed here. */

#include "protocol/rfc/vocabulary.h"
#include "ui/report/json-line.h"
#include "ui/report/text-layout.h"

#define EXPLAIN_INPUT_MAXIMUM (64 * 1024 * 1024)

typedef struct {
    ByteSpan octets;          /* what is to be explained: TEXT, --hex, --file or standard input */
    const char *const *words; /* the arguments behind KIND, for kinds that take several */
    gsize n_words;
    bool wants_decoding;   /* --decode */
    bool is_lenient;       /* --mime */
    bool is_binary;        /* --binary */
    bool wants_everything; /* --all: no step of a long text is left out */
    const char *charset;   /* NULL: UTF-8 */
    char word_encoding;    /* 'B', 'Q' or 0 for whichever is shorter */
    const char *const *trusted_hosts;
    gsize n_trusted_hosts;
} ExplainRequest;

/* Exactly one of 'layout' and 'json' is set. */
typedef struct {
    TextLayout *layout;
    JsonLine *json;
    FILE *stream;
    guint64 n_steps; /* "step" lines written */
} ExplainOutput;

/* Gives whether the answer is yes: the address is valid, the text can be decoded. */
typedef bool (*ExplainFunction)(const ExplainRequest *request, ExplainOutput *output);

/* What becomes of the line end that closes a file, or what echo writes. */
typedef enum {
    EXPLAIN_LINE_END_KEPT,
    EXPLAIN_LINE_END_DROPPED_TO_DECODE,
    EXPLAIN_LINE_END_DROPPED,
} ExplainLineEnd;

typedef struct {
    const char *name;
    const char *long_name; /* as the RFC calls it; NULL: as the short one */
    const char *arguments; /* "TEXT", "BANNER SECRET" */
    const char *summary;   /* one line of help */
    gsize least_words;     /* 0: TEXT may come from --hex, --file or standard input */
    gsize most_words;      /* G_MAXSIZE: words are put together with spaces */
    ExplainLineEnd line_end;
    ExplainFunction explain;
} ExplainKind;

extern const ExplainKind explain_kinds[];
extern const gsize n_explain_kinds;
const ExplainKind *explain_kind_find(const char *name); /* by either name; NULL: unknown */
