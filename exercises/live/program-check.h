#pragma once

/* Runs a student's program through its trials. Each runs in a process of its own with limits
 * (program-run.h), where the kernel allows it without any network but loopback; a program that
 * hangs, crashes or floods its output fails that trial and no other. */

#include "exercises/exercise-verdict.h"
#include "exercises/live/program-case.h"

#define PROGRAM_SECONDS 5

typedef struct {
    ProgramRole role;
    char *sender;
    char *recipient;
    char *user;
    char *password;
    char *subject;
    char *sentence;
} ProgramTask;

ProgramTask *program_task_new(ProgramRole role, Exercise *exercise);
void program_task_free(gpointer task);

/* 'program' is the path of an executable file, or of a script with a first line that names its
 * interpreter, or of a .py file. */
void program_check(
    const ProgramTask *task, guint level, const char *program, ExercisePartVerdict *verdict
);

/* Whether the last check could keep the program off the network; for the report. */
bool program_check_is_isolated(void);
