#pragma once

/* One trial of a student's program. Each role has its file; all run in the process that
 * program-check.c forked for them. */

#include "exercises/live/program-check.h"
#include "exercises/live/program-peer.h"

#define PROGRAM_FILE_MAXIMUM (1024 * 1024)

typedef struct {
    const ProgramTask *task;
    const ProgramCase *row;
    const char *program;
    char *folder;  /* of this trial alone; the program's working folder */
    char *message; /* lines by LF */
    ProgramRun run;
    ProgramPeer peer;
} ProgramTrial;

/* True: passed. Else 'reason' says what the program did, in a sentence or two. */
bool program_trial_smtp_client(ProgramTrial *trial, GString *reason);
bool program_trial_pop3_client(ProgramTrial *trial, GString *reason);
bool program_trial_smtp_server(ProgramTrial *trial, GString *reason);

/* Lines by LF as they go over the wire: CRLF, dots stuffed, the final dot where asked for. */
char *program_message_on_wire(const char *message, bool with_end);

/* Lines by LF, whatever line ends it had. */
char *program_plain_lines(const char *text);

/* What the program wrote there; NULL: nothing, no ordinary file (a pipe would hold the grader up, a
 * link lead out of the folder), or more than PROGRAM_FILE_MAXIMUM octets. */
char *program_read_file(const char *folder, const char *name);

/* Waits for the program's end. False, with the reason: it goes on, or was killed. */
bool program_trial_wait(ProgramTrial *trial, GString *reason);

/* Ended, and its exit status is what the trial wants. */
bool program_trial_status_is_right(ProgramTrial *trial, GString *reason);

/* A copy of a text from the program fit for a sentence: one line, not too long. */
char *program_quote(const char *text);
