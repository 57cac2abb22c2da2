#include "exercises/live/program-check.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exercises/exercise-maker.h"
#include "exercises/live/program-trial.h"

#define REPORT_MAXIMUM 65536
#define LARGE_LINES 4000

static bool is_isolated;

bool program_check_is_isolated(void)
{
    return is_isolated;
}

ProgramTask *program_task_new(ProgramRole role, Exercise *exercise)
{
    ProgramTask *task = g_new0(ProgramTask, 1);
    ExercisePerson people[2];
    exercise_people(exercise, people, 2);
    task->role = role;
    task->sender = g_strdup(people[0].address);
    task->recipient = g_strdup(people[1].address);
    task->user = g_strdup(people[0].login);
    task->password = exercise_password(exercise);
    task->subject = exercise_subject(exercise);
    task->sentence = exercise_sentence(exercise);
    exercise_people_clear(people, 2);
    return task;
}

void program_task_free(gpointer data)
{
    ProgramTask *task = data;
    g_free(task->sender);
    g_free(task->recipient);
    g_free(task->user);
    g_free(task->password);
    g_free(task->subject);
    g_free(task->sentence);
    g_free(task);
}

static char *make_message(const ProgramTask *task, const ProgramCase *row)
{
    GString *message = g_string_new(NULL);
    g_string_append_printf(
        message,
        "From: %s\nTo: %s\nSubject: %s\n\n%s\n",
        task->sender,
        task->recipient,
        task->subject,
        task->sentence
    );
    if (row->has_dots) {
        g_string_append(message, ".\n..\n.hidden\nnot.this\n");
    }
    for (guint i = 0; row->is_large && i < LARGE_LINES; i++) {
        g_string_append_printf(message, "line %u of a long message, so that it takes a while\n", i);
    }
    return g_string_free(message, FALSE);
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);
        bool is_link = g_file_test(child, G_FILE_TEST_IS_SYMLINK);
        if (!is_link && g_file_test(child, G_FILE_TEST_IS_DIR)) {
            remove_folder(child);
        } else {
            g_unlink(child);
        }
    }
    g_rmdir(path);
}

/* --- in the process of its own --- */

static bool
run_trial(const ProgramTask *task, const ProgramCase *row, const char *program, GString *reason)
{
    static bool (*const trials[N_PROGRAM_ROLES])(ProgramTrial *, GString *) = {
        [PROGRAM_SMTP_CLIENT] = program_trial_smtp_client,
        [PROGRAM_POP3_CLIENT] = program_trial_pop3_client,
        [PROGRAM_SMTP_SERVER] = program_trial_smtp_server,
    };
    ProgramTrial trial = {
        .task = task,
        .row = row,
        .program = program,
        .folder = g_dir_make_tmp("mailwalk-trial-XXXXXX", NULL),
        .message = make_message(task, row),
        .run = {.output_fd = -1},
    };
    trial.peer.run = &trial.run;
    trial.peer.deadline_us = g_get_monotonic_time() + PROGRAM_SECONDS * G_USEC_PER_SEC;
    bool is_right = trial.folder != NULL && trials[task->role](&trial, reason);
    program_peer_clear(&trial.peer);
    program_run_stop(&trial.run);
    if (trial.folder != NULL) {
        remove_folder(trial.folder);
    }
    g_free(trial.folder);
    g_free(trial.message);
    return is_right;
}

/* "isolated 1", then a line for each trial: "1" or "0 reason". */
static void referee(const ProgramTask *task, guint level, const char *program, int output)
{
    gsize count;
    const ProgramCase *cases = program_cases(task->role, level, &count);
    g_autoptr(GString) report = g_string_new(NULL);
    g_string_append_printf(report, "isolated %d\n", program_sandbox_enter() ? 1 : 0);
    for (gsize i = 0; i <= count; i++) {
        gssize written = write(output, report->str, report->len);
        if (i == count || written != (gssize)report->len) {
            return;
        }
        g_autoptr(GString) reason = g_string_new(NULL);
        bool is_right = run_trial(task, &cases[i], program, reason);
        g_string_printf(
            report,
            "%d %s\n",
            is_right ? 1 : 0,
            is_right ? "" : g_strdelimit(reason->str, "\n", ' ')
        );
    }
}

/* --- in the grader --- */

/* Everything that the other process says; it is killed if it does not end by itself. */
static GString *read_report(int input, pid_t process, gint64 deadline_us)
{
    GString *report = g_string_new(NULL);
    GPollFD poll = {.fd = input, .events = G_IO_IN | G_IO_HUP};
    while (report->len < REPORT_MAXIMUM && g_get_monotonic_time() < deadline_us) {
        if (g_poll(&poll, 1, 200) <= 0) {
            continue;
        }
        char piece[1024];
        gssize length = read(input, piece, sizeof piece);
        if (length <= 0) {
            break;
        }
        g_string_append_len(report, piece, length);
    }
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    return report;
}

static void take_report(const char *report, ExercisePartVerdict *verdict)
{
    g_auto(GStrv) lines = g_strsplit(report, "\n", -1);
    gsize n_lines = g_strv_length(lines);
    is_isolated = n_lines > 0 && strcmp(lines[0], "isolated 1") == 0;
    exercise_part_verdict_right(verdict);
    gssize first = -1;
    guint n_right = 0;
    for (guint i = 0; i < verdict->n_steps; i++) {
        bool is_right = i + 1 < n_lines && lines[i + 1][0] == '1';
        verdict->steps_right[i] = is_right;
        n_right += is_right ? 1 : 0;
        first = first < 0 && !is_right ? (gssize)i : first;
    }
    if (first < 0) {
        return;
    }
    const ExerciseStep *step = verdict->part->steps->pdata[first];
    const char *reason = (gsize)first + 1 < n_lines && strlen(lines[first + 1]) > 2
                             ? lines[first + 1] + 2
                             : "The trial did not come to an end.";
    verdict->n_right = n_right;
    verdict->first_wrong = first;
    verdict->is_right = false;
    verdict->skill = step->skill;
    exercise_verdict_set(&verdict->where, "trial %zd, %s.", first + 1, step->place);
    exercise_verdict_set(&verdict->why, "%s %s", reason, step->working);
    exercise_verdict_set(&verdict->next, "%u of %u trials were passed.", n_right, verdict->n_steps);
}

void program_check(
    const ProgramTask *task, guint level, const char *program, ExercisePartVerdict *verdict
)
{
    g_autofree char *path = g_canonicalize_filename(program, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        exercise_part_verdict_wrong(verdict, 0);
        exercise_verdict_set(&verdict->where, "There is no such file.");
        exercise_verdict_set(&verdict->why, "A program is given by its path; %s is none.", path);
        return;
    }
    if (!program_run_is_possible(path)) {
        exercise_part_verdict_wrong(verdict, 0);
        exercise_verdict_set(&verdict->where, "This file may not be run.");
        exercise_verdict_set(
            &verdict->why, "Its permissions do not let it run: chmod +x %s changes that.", path
        );
        return;
    }
    int ends[2];
    if (pipe(ends) != 0) {
        exercise_part_verdict_wrong(verdict, 0);
        exercise_verdict_set(&verdict->why, "No pipe: %s.", g_strerror(errno));
        return;
    }
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        referee(task, level, path, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    gint64 seconds = (gint64)verdict->n_steps * (PROGRAM_SECONDS + 2);
    g_autoptr(GString) report =
        read_report(ends[0], process, g_get_monotonic_time() + seconds * G_USEC_PER_SEC);
    close(ends[0]);
    take_report(report->str, verdict);
}
