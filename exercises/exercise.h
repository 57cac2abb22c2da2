#pragma once

/* One question for one student: what it says, what is asked, and the key with every step that leads
 * to it. A kind (exercise-kind.h) makes it from a seed and a level; the same seed and level give
 * the same question on every machine. Nothing here is a rendering: views read blocks and parts.
 *
 *     exercise_new(kind, seed, level) ─┬─ blocks   paragraphs and verbatim text, for the student
 *                                      ├─ parts    a), b) ...: prompt, key, steps, typical mistakes
 *                                      └─ file     a capture or message that belongs to it
 *
 * An exercise owns all that it holds. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"
#include "sim/network/random.h"

typedef struct Exercise Exercise;
typedef struct ExerciseKind ExerciseKind;

typedef enum {
    EXERCISE_PARAGRAPH,
    EXERCISE_VERBATIM, /* lines as they are: a dialogue, a message, the output of a program */
} ExerciseBlockKind;

typedef struct {
    ExerciseBlockKind kind;
    char *text;
} ExerciseBlock;

/* How an answer is written, and so how two answers are compared. */
typedef enum {
    ANSWER_TOKEN,    /* letters without white space; upper and lower case differ: TGV2IQ== */
    ANSWER_HEX,      /* the same, but case does not matter: a digest */
    ANSWER_WORD,     /* words; case, quotes, brackets and a dot at the end do not matter */
    ANSWER_NUMBER,   /* 1024, "1,024", "1024 octets" */
    ANSWER_TEXT,     /* one line as it is, but for white space at both ends */
    ANSWER_LINES,    /* several lines as they are; LF or CRLF, empty lines at the end or not */
    ANSWER_LIST,     /* items in order, with spaces, commas or line ends between them */
    ANSWER_SET,      /* items in any order; "none" is the empty set */
    ANSWER_COMMANDS, /* what a client types, a line each; the kind plays them to a server */
    ANSWER_PROGRAM,  /* a program that is run; see exercises/live/ */
    N_ANSWER_FORMS,
} AnswerForm;

/* A step on the way to the key: which part of the key it makes, and how. */
typedef struct {
    const char *skill; /* what it practises: the same words in all questions of a kind */
    char *place;       /* "letter 6", "line 3", "item 2": where in the answer */
    gsize from;        /* characters of a token, lines, items; the part of the key is [from, to) */
    gsize to;
    char *working; /* how this part of the key comes about, in a sentence or two */
    RfcReference reference;
} ExerciseStep;

/* What somebody would write who made a typical mistake everywhere. */
typedef struct {
    const char *name; /* "forgot the padding": for the class table */
    char *answer;
    char *sentence; /* what was done */
    char *advice;   /* how to go on */
} ExerciseMistake;

typedef struct {
    char label; /* 'a', 'b' ...; '\0' where it is the only one */
    char *prompt;
    AnswerForm form;
    char *key;
    GPtrArray *others;   /* char *: other right answers */
    GPtrArray *steps;    /* ExerciseStep *: at least one */
    GPtrArray *mistakes; /* ExerciseMistake * */
    const char *extra;   /* of a set: why what is not in the key is not; NULL */
    char **choices;      /* all that can be answered, where the prompt names it; else NULL */
} ExercisePart;

struct Exercise {
    const ExerciseKind *kind;
    guint64 seed;
    guint level;
    SimRandom random;  /* of the maker, while it makes */
    const char *given; /* a text that the caller wants used in place of a random one; NULL */
    GPtrArray *blocks; /* ExerciseBlock * */
    GPtrArray *parts;  /* ExercisePart * */
    char *hint;        /* where to begin, without giving the key away */
    char *try_out;     /* a command that shows the working; NULL: none */
    bool may_run;      /* the caller allows that a program handed in is run */
    char *file_name;   /* ending of a file that goes with the sheet: "pcap"; NULL: none */
    gpointer facts;    /* what the kind wants to know again when it checks */
    GDestroyNotify free_facts;
};

/* 'level' is brought into the kind's range. 'given' may be NULL; it is borrowed. */
Exercise *exercise_new(const ExerciseKind *kind, guint64 seed, guint level, const char *given);
void exercise_free(Exercise *exercise);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exercise, exercise_free)

/* Tells two questions apart: a checksum over all that the student sees. */
guint64 exercise_fingerprint(const Exercise *exercise);

guint exercise_step_count(const Exercise *exercise); /* of all parts */
