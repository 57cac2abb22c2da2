/* A student's SMTP server, talked to by a scripted client. */

#include "exercises/live/program-trial.h"

#include <string.h>

/* A whole reply, the last line given; NULL: none came. */
static char *read_reply(ProgramTrial *trial)
{
    for (;;) {
        char *line = program_peer_line(&trial->peer);
        if (line == NULL || strlen(line) < 4 || line[3] != '-') {
            return line;
        }
        g_free(line);
    }
}

static bool expect(ProgramTrial *trial, const char *said, const char *digits, GString *reason)
{
    g_autofree char *line = read_reply(trial);
    g_autofree char *shown_said = program_quote(said);
    if (line == NULL) {
        bool is_late = program_peer_is_late(&trial->peer);
        g_string_append_printf(
            reason,
            "%s after \"%s\".",
            is_late ? "No reply came" : "It closed the connection",
            shown_said
        );
        return false;
    }
    if (strchr(digits, line[0]) == NULL || !g_str_has_suffix(line, "\r\n")) {
        g_autofree char *shown = program_quote(line);
        g_string_append_printf(
            reason,
            strchr(digits, line[0]) == NULL ? "To \"%s\" it said \"%s\"; a code %syz was due."
                                            : "To \"%s\" it said \"%s\" without CRLF (%s).",
            shown_said,
            shown,
            digits
        );
        return false;
    }
    return true;
}

/* Pairs of what is said and which digits may answer. */
static bool hold_talk(ProgramTrial *trial, const char *const *talk, GString *reason)
{
    g_autofree char *message = program_message_on_wire(trial->message, true);
    for (gsize i = 0; talk[i] != NULL; i += 2) {
        const char *said = strcmp(talk[i], "<") == 0   ? "(the connection)"
                           : strcmp(talk[i], "=") == 0 ? "(the message)"
                                                       : talk[i];
        g_autofree char *line = g_strconcat(talk[i], "\r\n", NULL);
        const char *octets = talk[i][0] == '<' ? "" : talk[i][0] == '=' ? message : line;
        trial->peer.by_octets = trial->row->way == WAY_OCTETS && octets == line;
        bool is_sent = program_peer_send(&trial->peer, byte_span_from_string(octets));
        if ((!is_sent && !trial->peer.is_closed) || !expect(trial, said, talk[i + 1], reason)) {
            if (reason->len == 0) {
                g_string_append_printf(reason, "It did not take \"%s\".", said);
            }
            return false;
        }
    }
    return true;
}

/* The messages in the folder; 'out_content' is the last one found. */
static guint count_messages(const ProgramTrial *trial, char **out_content)
{
    guint count = 0;
    g_autoptr(GDir) folder = g_dir_open(trial->folder, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        if (g_str_has_suffix(name, ".eml")) {
            g_free(*out_content);
            *out_content = program_read_file(trial->folder, name);
            count += *out_content != NULL ? 1 : 0;
        }
    }
    return count;
}

/* A server may put trace fields in front; what was sent must be the end of the file. */
static bool is_stored(const ProgramTrial *trial, GString *reason)
{
    g_autofree char *content = NULL;
    guint count = count_messages(trial, &content);
    if (count != 1) {
        g_string_append_printf(
            reason, "There are %u .eml files in the folder; one message was sent.", count
        );
        return false;
    }
    g_autofree char *given = program_plain_lines(content);
    g_autofree char *wanted = g_strdup(trial->message);
    g_strchomp(given);
    g_strchomp(wanted);
    if (g_str_has_suffix(given, wanted)) {
        return true;
    }
    g_string_append(reason, "The file does not hold the message that was sent, line by line.");
    return false;
}

static bool connect_again(ProgramTrial *trial, guint16 port, GString *reason)
{
    if (program_peer_connect(&trial->peer, port)) {
        return true;
    }
    if (trial->run.has_ended) {
        program_trial_wait(trial, reason);
        g_string_append(reason, " It ended instead of serving.");
    } else {
        g_string_append(
            reason, "It did not take a connection on 127.0.0.1 and the port it was given."
        );
    }
    return false;
}

static bool talk_to_it(ProgramTrial *trial, guint16 port, GString *reason)
{
    if (!connect_again(trial, port, reason) || !hold_talk(trial, trial->row->talk, reason)) {
        return false;
    }
    if (trial->row->place == PLACE_DATA) { /* vanish in the middle, then come as somebody else */
        gsize ordinary;
        g_autofree char *wire = program_message_on_wire(trial->message, false);
        program_peer_send(&trial->peer, byte_span(wire, strlen(wire) / 2));
        program_peer_hang_up(&trial->peer);
        const ProgramCase *usual = program_cases(PROGRAM_SMTP_SERVER, 1, &ordinary);
        if (!connect_again(trial, port, reason) || !hold_talk(trial, usual[0].talk, reason)) {
            return false;
        }
    }
    program_peer_hang_up(&trial->peer);
    return is_stored(trial, reason);
}

bool program_trial_smtp_server(ProgramTrial *trial, GString *reason)
{
    g_autoptr(GError) error = NULL;
    guint16 port = program_peer_free_port();
    g_autofree char *number = g_strdup_printf("%u", port);
    const char *const arguments[] = {trial->program, number, trial->folder, NULL};
    if (port == 0 || !program_run_start(&trial->run, arguments, trial->folder, &error)) {
        g_string_append_printf(
            reason, "It could not be started: %s.", error == NULL ? "no free port" : error->message
        );
        return false;
    }
    return talk_to_it(trial, port, reason);
}
