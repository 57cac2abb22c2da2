#include "ui/cli/run-turn.h"

#include <string.h>

#define INDENT 7 /* as world events of a story */

static const ScenarioPerson *player_of(const RunTurn *turn, const ScenarioAction *action)
{
    return scenario_person(turn->scenario, action->person);
}

static void say(TextLayout *layout, const char *text)
{
    text_layout_paragraph(layout, INDENT + 2, TEXT_PLAIN, text);
}

static void offer(TextLayout *layout, const char *command)
{
    text_layout_line(layout, INDENT + 4, TEXT_PROTOCOL, command);
}

/* "127.0.0.1:2525"; NULL: that server does not speak it. */
static char *place_of(const RunTurn *turn, const char *host, LoopbackPort port)
{
    const LoopbackDoor *door = loopback_doors_find(turn->doors, host, port);
    return door == NULL ? NULL : g_strdup_printf("%s:%u", LOOPBACK_DOORS_ADDRESS, door->number);
}

static const char *server_of(const RunTurn *turn, const ScenarioPerson *person)
{
    return person->server == SCENARIO_NO_SERVER
               ? NULL
               : scenario_server(turn->scenario, person->server)->name;
}

static void append_option(GString *command, const char *option, const char *value)
{
    g_autofree char *quoted = g_shell_quote(value);
    bool is_plain = strspn(
                        value,
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                        "@.,:/_+-"
                    ) == strlen(value);
    bool begins_line = command->len > 0 && command->str[command->len - 1] == '\n';
    g_string_append_printf(
        command, "%s%s %s", begins_line ? "" : " ", option, is_plain ? value : quoted
    );
}

/* swaks makes line feeds of them. */
static char *body_of_one_line(const char *body)
{
    g_autofree char *whole = g_strchomp(g_strdup(body));
    g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
    return g_strjoinv("\\n", lines);
}

static char *all_recipients(const ScenarioMail *mail)
{
    const char *const parts[] = {mail->to, mail->cc, mail->bcc};
    GString *all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        for (const char *at = parts[i]; at != NULL && *at != '\0'; at++) {
            if (at == parts[i] && all->len > 0) {
                g_string_append_c(all, ',');
            }
            if (*at != ' ') {
                g_string_append_c(all, *at);
            }
        }
    }
    return g_string_free(all, FALSE);
}

static void offer_swaks(
    const RunTurn *turn, TextLayout *layout, const ScenarioAction *sends, const ScenarioMail *mail
)
{
    const ScenarioPerson *player = player_of(turn, sends);
    bool submits = (sends->flags & SCENARIO_BY_SUBMISSION) != 0;
    LoopbackPort port = submits ? LOOPBACK_SUBMISSION : LOOPBACK_SMTP;
    g_autofree char *place = place_of(turn, server_of(turn, player), port);
    g_autofree char *recipients = all_recipients(mail);
    g_autoptr(GString) command = g_string_new("swaks");
    if (place == NULL || recipients[0] == '\0') {
        return;
    }
    append_option(command, "--server", place);
    append_option(
        command, "--from", mail->reverse_path == NULL ? player->address : mail->reverse_path
    );
    append_option(command, "--to", recipients);
    if (mail->subject != NULL) {
        g_autofree char *subject = g_strconcat("Subject: ", mail->subject, NULL);
        g_string_append(command, " \\\n");
        append_option(command, "--header", subject);
    }
    if (mail->body != NULL) {
        g_autofree char *body = body_of_one_line(mail->body);
        append_option(command, "--body", body);
    }
    if (sends->other != NULL) {
        g_string_append(command, " \\\n");
        append_option(command, "--auth", sends->other);
        append_option(command, "--auth-user", player->login);
        append_option(command, "--auth-password", player->password);
    }
    g_auto(GStrv) lines = g_strsplit(command->str, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        text_layout_line(layout, INDENT + (i == 0 ? 4 : 6), TEXT_PROTOCOL, lines[i]);
    }
}

static void offer_browser(const RunTurn *turn, TextLayout *layout, const ScenarioPerson *player)
{
    g_autofree char *place = place_of(turn, server_of(turn, player), LOOPBACK_HTTP);
    if (place != NULL) {
        g_autofree char *line = g_strdup_printf(
            "http://%s/ in a browser; user %s, password %s", place, player->login, player->password
        );
        offer(layout, line);
    }
}

/* "curl imap://127.0.0.1:1143/INBOX -u bob:hungry" and what follows. */
static void offer_curl(
    const RunTurn *turn,
    TextLayout *layout,
    const ScenarioPerson *player,
    LoopbackPort port,
    const char *path,
    const char *request
)
{
    g_autofree char *place = place_of(turn, server_of(turn, player), port);
    if (place == NULL) {
        return;
    }
    g_autofree char *url = g_strdup_printf("%s://%s/%s", loopback_ports[port].option, place, path);
    g_autofree char *user = g_strdup_printf("%s:%s", player->login, player->password);
    g_autoptr(GString) command = g_string_new("curl");
    append_option(command, "-u", user);
    if (request != NULL) {
        append_option(command, "-X", request);
    }
    g_autofree char *quoted = g_shell_quote(url);
    g_string_append_printf(command, " %s", strchr(url, ';') == NULL ? url : quoted);
    offer(layout, command->str);
}

static void write_sends(const RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    const ScenarioPerson *player = player_of(turn, action);
    bool is_browser = (action->flags & SCENARIO_BY_WEBMAIL) != 0;
    say(layout, turn->written->len > 1 ? "Send what you have written." : "Send it.");
    if (is_browser) {
        offer_browser(turn, layout, player);
        return;
    }
    for (guint i = 0; i < turn->written->len; i++) {
        const ScenarioAction *written = turn->written->pdata[i];
        if (written->kind == SCENARIO_WRITES) {
            offer_swaks(turn, layout, action, written->mail);
        }
    }
    g_autofree char *place = place_of(turn, server_of(turn, player), LOOPBACK_SMTP);
    if (place != NULL) {
        g_autofree char *typed = g_strdelimit(g_strdup_printf("telnet %s", place), ":", ' ');
        offer(layout, typed);
    }
}

static void write_fetches(const RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    const ScenarioPerson *player = player_of(turn, action);
    bool deletes = (action->flags & SCENARIO_DELETING) != 0;
    if (g_str_equal(action->text, "webmail")) {
        say(layout, "Read your mail in the browser.");
        offer_browser(turn, layout, player);
    } else if (g_str_equal(action->text, "imap")) {
        say(layout, "Fetch your mail by IMAP.");
        offer_curl(turn, layout, player, LOOPBACK_IMAP, "INBOX;MAILINDEX=1", NULL);
    } else {
        say(layout,
            deletes ? "Fetch your mail by POP3, and delete it on the server."
                    : "Fetch your mail by POP3, and leave it on the server.");
        offer_curl(turn, layout, player, LOOPBACK_POP3, "1", NULL);
        if (deletes) {
            offer_curl(turn, layout, player, LOOPBACK_POP3, "1", "DELE 1");
        }
    }
}

static LoopbackPort port_named(guint16 well_known)
{
    LoopbackPort port = LOOPBACK_SMTP;
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        port = loopback_ports[i].well_known == well_known ? i : port;
    }
    return port;
}

static void write_types(const RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    g_autofree char *place = place_of(turn, action->text, port_named(action->port));
    g_autofree char *text =
        g_strdup_printf("Talk to %s, port %u, by hand.", action->text, action->port);
    say(layout, text);
    if (place != NULL) {
        g_autofree char *command = g_strdelimit(g_strdup_printf("telnet %s", place), ":", ' ');
        offer(layout, command);
    }
    for (guint i = 0; action->lines != NULL && action->lines[i] != NULL; i++) {
        text_layout_line(layout, INDENT + 8, TEXT_PLAIN, action->lines[i]);
    }
}

static void write_imap(const RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    const ScenarioPerson *player = player_of(turn, action);
    g_autofree char *request = NULL;
    const char *path = "INBOX";
    if (action->kind == SCENARIO_CREATES) {
        request = g_strdup_printf("CREATE \"%s\"", action->text);
        path = "";
    } else if (action->kind == SCENARIO_SEARCHES) {
        request = g_strdup_printf("SEARCH TEXT \"%s\"", action->text);
    } else if (action->kind == SCENARIO_FLAGS) {
        request = g_strdup_printf(
            "STORE %u %cFLAGS (\\%s)",
            MAX(action->number, 1),
            (action->flags & SCENARIO_REMOVES) != 0 ? '-' : '+',
            action->text
        );
    } else if (action->kind == SCENARIO_FILES) {
        request = g_strdup_printf("MOVE %u \"%s\"", MAX(action->number, 1), action->other);
    } else {
        request = g_strdup_printf("STORE %u +FLAGS (\\Deleted)", MAX(action->number, 1));
    }
    say(layout, "Do it on the server, by IMAP.");
    offer_curl(turn, layout, player, LOOPBACK_IMAP, path, request);
}

static void write_asks(const RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    const LoopbackDoor *door = loopback_doors_find(turn->doors, NULL, LOOPBACK_DNS);
    g_autofree char *text =
        g_strdup_printf("Ask the DNS for the %s of %s.", action->other, action->text);
    say(layout, text);
    if (door != NULL) {
        g_autofree char *command = g_strdup_printf(
            "dig @%s -p %u %s %s", LOOPBACK_DOORS_ADDRESS, door->number, action->text, action->other
        );
        offer(layout, command);
    }
}

static void write_written(RunTurn *turn, TextLayout *layout, const ScenarioAction *action)
{
    const ScenarioMail *mail = action->mail;
    g_autofree char *text = action->kind == SCENARIO_WRITES
                                ? g_strdup_printf(
                                      "You write to %s: \"%s\".",
                                      mail->to == NULL ? "somebody" : mail->to,
                                      mail->subject == NULL ? "(no subject)" : mail->subject
                                  )
                            : action->kind == SCENARIO_REPLIES
                                ? g_strdup_printf("You answer a message: \"%s\".", mail->body)
                                : g_strdup_printf("You forward a message to %s.", mail->to);
    say(layout, text);
    if (mail->attachments != NULL && mail->attachments->len > 0) {
        say(layout, "Something is attached to it; swaks does so with --attach @FILE.");
    }
    g_ptr_array_add(turn->written, (gpointer)action);
}

void run_turn_write(
    RunTurn *turn, TextLayout *layout, const ScenarioAction *action, bool is_waited_for
)
{
    if (is_waited_for) {
        text_layout_line(layout, INDENT, TEXT_GOOD, "▸ Your turn. The story waits for you.");
    }
    switch (action->kind) {
    case SCENARIO_WRITES:
    case SCENARIO_REPLIES:
    case SCENARIO_FORWARDS:
        write_written(turn, layout, action);
        break;
    case SCENARIO_SENDS:
        write_sends(turn, layout, action);
        g_ptr_array_set_size(turn->written, 0);
        break;
    case SCENARIO_FETCHES:
        write_fetches(turn, layout, action);
        break;
    case SCENARIO_TYPES:
        write_types(turn, layout, action);
        break;
    case SCENARIO_ASKS:
        write_asks(turn, layout, action);
        break;
    case SCENARIO_CREATES:
    case SCENARIO_FLAGS:
    case SCENARIO_SEARCHES:
        write_imap(turn, layout, action);
        break;
    case SCENARIO_FILES:
    case SCENARIO_DELETES:
        if (is_waited_for) {
            write_imap(turn, layout, action);
        } else {
            say(layout, "You put a message of yours elsewhere, on your own machine.");
        }
        break;
    case SCENARIO_READS:
        say(layout, "You read what you have fetched.");
        break;
    case SCENARIO_CHAPTER:
    case SCENARIO_WAITS:
    case SCENARIO_TELLS:
    case SCENARIO_HOST:
    case SCENARIO_LINK:
    case SCENARIO_LEAVES:
    case SCENARIO_LOOKS:
    case SCENARIO_DIGEST:
    case SCENARIO_EXPECTS:
    case N_SCENARIO_ACTIONS:
        break; /* nobody plays these */
    }
}
