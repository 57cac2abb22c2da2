#pragma once

/* The functions that the rows of exercise-kinds.c name: one file for each kind. */

#include "exercises/exercise-kind.h"

void exercise_make_address(Exercise *exercise);
void exercise_make_apop_digest(Exercise *exercise);
void exercise_make_auth_token(Exercise *exercise);
void exercise_make_base64_decode(Exercise *exercise);
void exercise_make_base64_encode(Exercise *exercise);
void exercise_make_capture(Exercise *exercise);
void exercise_make_dig_output(Exercise *exercise);
void exercise_make_dot_stuffing(Exercise *exercise);
void exercise_make_encoded_size(Exercise *exercise);
void exercise_make_encoded_word(Exercise *exercise);
void exercise_make_envelope(Exercise *exercise);
void exercise_make_find_error(Exercise *exercise);
void exercise_make_imap_expunge(Exercise *exercise);
void exercise_make_imap_literal(Exercise *exercise);
void exercise_make_imap_peek(Exercise *exercise);
void exercise_make_mx_order(Exercise *exercise);
void exercise_make_order_lines(Exercise *exercise);
void exercise_make_pop3_fetch(Exercise *exercise);
void exercise_make_pop3_select(Exercise *exercise);
void exercise_make_pop3_state(Exercise *exercise);
void exercise_make_quiz(Exercise *exercise);
void exercise_make_quoted_printable(Exercise *exercise);
void exercise_make_received_chain(Exercise *exercise);
void exercise_make_reply_codes(Exercise *exercise);
void exercise_make_smtp_deliver(Exercise *exercise);
void exercise_make_which_protocol(Exercise *exercise);
void exercise_make_write_pop3_client(Exercise *exercise);
void exercise_make_write_smtp_client(Exercise *exercise);
void exercise_make_write_smtp_server(Exercise *exercise);

#define EXERCISE_JUDGE(name)                                                                       \
    bool exercise_judge_##name(                                                                    \
        const Exercise *exercise,                                                                  \
        const ExercisePart *part,                                                                  \
        const char *answer,                                                                        \
        ExercisePartVerdict *verdict                                                               \
    )
#define EXERCISE_DIAGNOSE(name)                                                                    \
    void exercise_diagnose_##name(                                                                 \
        const Exercise *exercise,                                                                  \
        const ExercisePart *part,                                                                  \
        const char *answer,                                                                        \
        ExercisePartVerdict *verdict                                                               \
    )
#define EXERCISE_ACCEPTS(name)                                                                     \
    bool exercise_accepts_##name(                                                                  \
        const Exercise *exercise, const ExercisePart *part, const char *answer                     \
    )

EXERCISE_JUDGE(base64_encode);
EXERCISE_JUDGE(imap_peek);
EXERCISE_JUDGE(pop3_fetch);
EXERCISE_JUDGE(smtp_deliver);
EXERCISE_JUDGE(program);
EXERCISE_DIAGNOSE(base64_encode);
EXERCISE_DIAGNOSE(base64_decode);
EXERCISE_DIAGNOSE(dot_stuffing);
EXERCISE_ACCEPTS(encoded_word);
EXERCISE_ACCEPTS(imap_expunge);
EXERCISE_ACCEPTS(mx_order);
EXERCISE_ACCEPTS(quoted_printable);

GBytes *exercise_file_capture(const Exercise *exercise, GError **error);
