#pragma once

/* The kinds of exercise: one row and one file (exercises/kinds/) each. A row says what is
 * practised, how it is answered and where it is written, and names the functions that make and
 * judge. Whoever adds a kind adds an id, a row, a file and a line in the test of referees. */

#include "exercises/exercise-verdict.h"
#include "exercises/exercise.h"

#define EXERCISE_LEVELS 3
#define EXERCISE_REFERENCES 3

typedef enum {
    EXERCISE_BASE64_ENCODE,
    EXERCISE_BASE64_DECODE,
    EXERCISE_ENCODED_SIZE,
    EXERCISE_QUOTED_PRINTABLE,
    EXERCISE_ENCODED_WORD,
    EXERCISE_AUTH_TOKEN,
    EXERCISE_APOP_DIGEST,
    EXERCISE_ADDRESS,
    EXERCISE_ORDER_LINES,
    EXERCISE_REPLY_CODES,
    EXERCISE_FIND_ERROR,
    EXERCISE_DOT_STUFFING,
    EXERCISE_SMTP_DELIVER,
    EXERCISE_POP3_FETCH,
    EXERCISE_POP3_STATE,
    EXERCISE_POP3_SELECT,
    EXERCISE_IMAP_LITERAL,
    EXERCISE_IMAP_EXPUNGE,
    EXERCISE_IMAP_PEEK,
    EXERCISE_MX_ORDER,
    EXERCISE_DIG_OUTPUT,
    EXERCISE_RECEIVED_CHAIN,
    EXERCISE_WHICH_PROTOCOL,
    EXERCISE_ENVELOPE,
    EXERCISE_WRITE_SMTP_CLIENT,
    EXERCISE_WRITE_POP3_CLIENT,
    EXERCISE_WRITE_SMTP_SERVER,
    EXERCISE_CAPTURE,
    EXERCISE_QUIZ,
    N_EXERCISE_KINDS,
} ExerciseKindId;

struct ExerciseKind {
    ExerciseKindId id;
    const char *name;                             /* "base64-encode" */
    const char *title;                            /* "Encode a text in base64" */
    const char *lectures;                         /* "0, 1, 2" */
    const char *how_to_answer;                    /* one sentence for the sheet */
    const char *level_notes[EXERCISE_LEVELS];     /* what is harder there */
    RfcReference references[EXERCISE_REFERENCES]; /* closed by a number of 0 where fewer */
    bool takes_text;                              /* a text of the caller's may be used */
    bool is_live;                                 /* can be done on a live server, too */
    bool is_program;                              /* the answer is a program */

    void (*make)(Exercise *exercise);

    /* Another form of a right answer; NULL: keys and their like are all. */
    bool (*accepts)(const Exercise *exercise, const ExercisePart *part, const char *answer);

    /* Judges a part by itself; NULL, or false given: the common comparison does it. */
    bool (*judge
    )(const Exercise *exercise,
      const ExercisePart *part,
      const char *answer,
      ExercisePartVerdict *verdict);

    /* What was probably done at the first wrong step, where no typical mistake fits; NULL: the
     * step's own working is all that is said. */
    void (*diagnose
    )(const Exercise *exercise,
      const ExercisePart *part,
      const char *answer,
      ExercisePartVerdict *verdict);

    /* The file that goes with the sheet; NULL: none. */
    GBytes *(*make_file)(const Exercise *exercise, GError **error);
};

extern const ExerciseKind exercise_kinds[N_EXERCISE_KINDS];

const ExerciseKind *exercise_kind_find(const char *name); /* NULL: no such kind */
