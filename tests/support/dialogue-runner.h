#pragma once

/* Plays a conversation into a dialogue and writes down what it says, one event a line:
 *
 *     C command MAIL [FROM:<a@b>] #3 state 4>4
 *
 * The script has "C: text" and "S: text" lines (each becomes text and CRLF), "c: text" and
 * "s: text" without CRLF (\r, \n, \0, \xNN understood), "C- n" and "S- n" for n missing octets,
 * "C!" and "S!" for the end of a side. Message octets are joined, so that any split of the input
 * must give the same text. */

#include "protocol/dialogue/dialogue.h"

typedef enum {
    RUNNER_ORDINARY,
    RUNNER_JOINED_LATE,
    RUNNER_CLIENT_ONLY,
    RUNNER_SERVER_ONLY,
} RunnerStart;

typedef struct {
    const char *name;
    RunnerStart start;
    const char *script;
    const char *expected;
} DialogueCase;

/* 'piece' octets at a time, 0 for each line whole. */
char *dialogue_run(const DialogueClass *class, RunnerStart start, const char *script, gsize piece);

/* Runs each case whole, then in pieces of 1 to 7 octets, and asserts the same outcome each time. */
void assert_dialogue_cases(const DialogueClass *class, const DialogueCase *cases, gsize n_cases);
