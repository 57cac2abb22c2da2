/* Kind 25: programs that students write. What the program is called with, and what it must do; the
 * trials are the rows of exercises/live/program-case.c. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "exercises/live/program-check.h"

typedef struct {
    ProgramRole role;
    const char *task;
    const char *contract; /* how it is called */
    const char *rules;
} ProgramRow;

static const ProgramRow rows[N_PROGRAM_ROLES] = {
    {
        .role = PROGRAM_SMTP_CLIENT,
        .task = "Write a program that delivers one message by SMTP. Use sockets, no mail library.",
        .contract = "PROGRAM HOST PORT SENDER RECIPIENT FILE",
        .rules =
            "FILE holds the message, lines closed by LF; on the wire they are closed by CRLF. Exit "
            "status 0 if and only if the server has taken the message.",
    },
    {
        .role = PROGRAM_POP3_CLIENT,
        .task = "Write a program that fetches all mail by POP3. Use sockets, no mail library.",
        .contract = "PROGRAM HOST PORT USER PASSWORD FOLDER",
        .rules = "Message n becomes the file FOLDER/n.eml (1.eml, 2.eml ...) and is deleted on the "
                 "server "
                 "once it is stored. Exit status 0 if and only if all went well.",
    },
    {
        .role = PROGRAM_SMTP_SERVER,
        .task = "Write a program that takes mail by SMTP. Use sockets, no mail library.",
        .contract = "PROGRAM PORT FOLDER",
        .rules = "It listens on 127.0.0.1, serves one client after another, and stores each "
                 "message as a "
                 "file of its own in FOLDER, under any name that ends in .eml. It is ended from "
                 "outside.",
    },
};

static void make_program(Exercise *exercise, ProgramRole role)
{
    const ProgramRow *row = &rows[role];
    gsize count;
    const ProgramCase *cases = program_cases(role, exercise->level, &count);
    ProgramTask *task = program_task_new(role, exercise);
    exercise_set_facts(exercise, task, program_task_free);
    exercise_say(exercise, "%s", row->task);
    exercise_show(exercise, row->contract);
    exercise_say(exercise, "%s", row->rules);
    exercise_say(
        exercise,
        "It will be called with names such as %s and %s, by a grader that leaves it %u seconds for "
        "each trial.",
        task->sender,
        task->recipient,
        PROGRAM_SECONDS
    );
    ExercisePart *part = exercise_ask(exercise, ANSWER_PROGRAM, "(a program)", "The program:");
    for (gsize i = 0; i < count; i++) {
        exercise_part_step(
            part,
            cases[i].skill,
            i,
            i + 1,
            cases[i].reference,
            g_strdup(cases[i].name),
            g_strdup(cases[i].sentence)
        );
    }
    exercise_set_hint(
        exercise,
        "Write a function that reads one line, whatever the pieces, and one that reads a whole "
        "reply."
    );
    exercise_set_try(exercise, "mailwalk run alice-to-bob");
}

void exercise_make_write_smtp_client(Exercise *exercise)
{
    make_program(exercise, PROGRAM_SMTP_CLIENT);
}

void exercise_make_write_pop3_client(Exercise *exercise)
{
    make_program(exercise, PROGRAM_POP3_CLIENT);
}

void exercise_make_write_smtp_server(Exercise *exercise)
{
    make_program(exercise, PROGRAM_SMTP_SERVER);
}

EXERCISE_JUDGE(program)
{
    (void)part;
    if (!exercise->may_run) {
        exercise_part_verdict_wrong(verdict, 0);
        exercise_verdict_set(&verdict->where, "The program was not run.");
        exercise_verdict_set(
            &verdict->why, "Programs run only where whoever marks has asked for it: --run-programs."
        );
        return true;
    }
    program_check(exercise->facts, exercise->level, answer, verdict);
    return true;
}
