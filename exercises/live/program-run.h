#pragma once

/* A program that a student wrote, run with limits: processor time, memory, size of files, number of
 * processes, no core. It gets a process group of its own and no standard input; what it prints is
 * kept up to a maximum. Whatever is left of it at the end is killed.
 *
 *     program_sandbox_enter()  once, in a process that was forked for it
 *     program_run_start() ─> program_run_poll() ... ─> program_run_stop()
 *
 * Nothing here decides what the program should have done. */

#include <glib.h>
#include <stdbool.h>

#define PROGRAM_OUTPUT_MAXIMUM 4096
#define PROGRAM_MEMORY (1024u * 1024 * 1024)
#define PROGRAM_FILE_SIZE (16u * 1024 * 1024)
#define PROGRAM_PROCESSES 64
#define PROGRAM_CPU_SECONDS 10

typedef struct {
    bool has_started;
    bool has_ended;
    bool was_signalled;
    int status; /* exit status, or the signal */
    GString *output;
    bool is_truncated;
    gint process;
    gint output_fd;
} ProgramRun;

/* Leaves the network but for a loopback of its own, where the kernel allows it; gives whether. */
bool program_sandbox_enter(void);

/* False: the file has no permission to run, and its name tells of no interpreter. */
bool program_run_is_possible(const char *path);

/* 'arguments': the program first, closed by NULL. A file without execute permission whose name ends
 * in .py is run by python3, in .sh by sh. */
bool program_run_start(
    ProgramRun *run, const char *const *arguments, const char *folder, GError **error
);

/* Reads what it printed and notes whether it has ended; never waits. */
void program_run_poll(ProgramRun *run);

/* Kills what is left of it, its children too, and frees. */
void program_run_stop(ProgramRun *run);
