#include "exercises/live/program-trial.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUOTE_MAXIMUM 60

char *program_plain_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (gsize i = 0; lines[i] != NULL; i++) {
        gsize length = strlen(lines[i]);
        if (length > 0 && lines[i][length - 1] == '\r') {
            lines[i][length - 1] = '\0';
        }
    }
    return g_strjoinv("\n", lines);
}

char *program_read_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    char *content = NULL;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= PROGRAM_FILE_MAXIMUM) {
        content = g_malloc(PROGRAM_FILE_MAXIMUM + 1);
        gsize length = 0;
        gssize got = 0;
        while (length < PROGRAM_FILE_MAXIMUM &&
               (got = read(file, content + length, PROGRAM_FILE_MAXIMUM - length)) > 0) {
            length += (gsize)got;
        }
        content[length] = '\0';
    }
    if (file >= 0) {
        close(file);
    }
    return content;
}

char *program_message_on_wire(const char *message, bool with_end)
{
    GString *wire = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
    for (gsize i = 0; lines[i] != NULL && (lines[i][0] != '\0' || lines[i + 1] != NULL); i++) {
        g_string_append(wire, lines[i][0] == '.' ? "." : "");
        g_string_append(wire, lines[i]);
        g_string_append(wire, "\r\n");
    }
    if (with_end) {
        g_string_append(wire, ".\r\n");
    }
    return g_string_free(wire, FALSE);
}

char *program_quote(const char *text)
{
    g_autofree char *cut = g_strndup(text, strcspn(text, "\r\n"));
    g_autofree char *shown = byte_span_to_display(byte_span_from_string(cut));
    if (g_utf8_strlen(shown, -1) <= QUOTE_MAXIMUM) {
        return g_steal_pointer(&shown);
    }
    g_autofree char *start = g_utf8_substring(shown, 0, QUOTE_MAXIMUM);
    return g_strconcat(start, "...", NULL);
}

static void say_output(const ProgramTrial *trial, GString *reason)
{
    const GString *output = trial->run.output;
    if (output->len == 0) {
        return;
    }
    g_auto(GStrv) lines = g_strsplit(g_strchomp(output->str), "\n", -1);
    gsize count = g_strv_length(lines);
    g_autofree char *last = program_quote(count == 0 ? "" : lines[count - 1]);
    g_string_append_printf(reason, " It printed: \"%s\".", last);
}

bool program_trial_wait(ProgramTrial *trial, GString *reason)
{
    program_run_poll(&trial->run);
    while (!trial->run.has_ended && !program_peer_is_late(&trial->peer)) {
        g_usleep(5000);
        program_run_poll(&trial->run);
    }
    if (!trial->run.has_ended) {
        g_string_append_printf(
            reason, "It did not end within %u seconds: it hung, and was killed.", PROGRAM_SECONDS
        );
    } else if (trial->run.was_signalled) {
        g_string_append_printf(
            reason,
            "It was ended by signal %d (%s).",
            trial->run.status,
            g_strsignal(trial->run.status)
        );
    } else {
        return true;
    }
    say_output(trial, reason);
    return false;
}

bool program_trial_status_is_right(ProgramTrial *trial, GString *reason)
{
    if (!program_trial_wait(trial, reason)) {
        return false;
    }
    bool has_failed = trial->run.status != 0;
    if (has_failed == trial->row->must_fail) {
        return true;
    }
    g_string_append_printf(
        reason,
        trial->row->must_fail ? "Its exit status was %d, as if all had gone well."
                              : "Its exit status was %d, though the server took all.",
        trial->run.status
    );
    say_output(trial, reason);
    return false;
}
