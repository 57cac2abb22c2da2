#include "ui/cli/talk-command.h"

#include "sim/loopback/loopback-house.h"
#include "ui/cli/listen-options.h"
#include "ui/cli/talk-coach.h"
#include "ui/cli/talk-letters.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PIECE 65536
#define LINE_MAXIMUM 65536
#define OUTPUT_MAXIMUM (64u * 1024 * 1024)
#define GOODBYE_SECONDS 5 /* for the server to close after QUIT */

typedef struct {
    const char *name; /* "smtp" */
    MailProtocol protocol;
    LoopbackPort port;
    const char *goodbye; /* what is said where the person just stops */
    const char *first;   /* what to type first */
    bool reads;          /* there should be something in the mailbox */
} TalkRow;

static const TalkRow talk_rows[] = {
    {
        .name = "smtp",
        .protocol = MAIL_PROTOCOL_SMTP,
        .port = LOOPBACK_SMTP,
        .goodbye = "QUIT",
        .first = "EHLO and a name for your machine",
    },
    {
        .name = "pop3",
        .protocol = MAIL_PROTOCOL_POP3,
        .port = LOOPBACK_POP3,
        .goodbye = "QUIT",
        .first = "USER bob, then PASS hungry",
        .reads = true,
    },
    {
        .name = "imap",
        .protocol = MAIL_PROTOCOL_IMAP,
        .port = LOOPBACK_IMAP,
        .goodbye = "zz LOGOUT",
        .first = "a1 LOGIN bob hungry",
        .reads = true,
    },
};

typedef struct {
    const TalkRow *row;
    GMainLoop *loop;
    LoopbackHouse *house; /* NULL: the server is another program's */
    TalkCoach *coach;
    GSocket *socket;
    GSource *readable;
    GSource *writable; /* NULL: nothing waits to be sent */
    ByteBuffer output;
    ByteBuffer typed; /* of a line that has no end yet */
    GQueue *lines;    /* char *, not sent yet */
    char *prefix;     /* of the next line: "PASS ", its word is typed unseen; NULL */
    guint input;      /* source of standard input; 0: it has ended */
    bool is_terminal;
    bool is_hidden; /* the terminal shows nothing of what is typed */
    bool has_said_goodbye;
    struct termios usual; /* how the terminal was */
} Talk;

static gint64 now_ns(void)
{
    return g_get_real_time() * 1000;
}

static void set_hidden(Talk *talk, bool is_hidden)
{
    if (!talk->is_terminal || talk->is_hidden == is_hidden) {
        return;
    }
    struct termios settings = talk->usual;
    if (is_hidden) {
        settings.c_lflag &= ~(tcflag_t)ECHO;
    } else {
        putchar('\n'); /* the one that was typed did not show */
    }
    talk->is_hidden = is_hidden;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
}

static void show(Talk *talk)
{
    talk_coach_write(talk->coach, stdout);
    bool is_due = !talk_coach_is_waiting(talk->coach) && !talk_coach_is_over(talk->coach);
    if (talk->is_terminal && talk->input != 0 && (is_due || talk->prefix != NULL)) {
        set_hidden(talk, talk->prefix != NULL || talk_coach_wants_secret(talk->coach));
        fputs(talk->is_hidden ? "(unseen) > " : "> ", stdout);
        fflush(stdout);
    }
}

static void drop_source(GSource **source)
{
    if (*source != NULL) {
        g_source_destroy(*source);
        g_clear_pointer(source, g_source_unref);
    }
}

static bool flush_output(Talk *talk);

static gboolean on_writable(GSocket *socket, GIOCondition condition, gpointer data)
{
    Talk *talk = data;
    (void)socket;
    (void)condition;
    drop_source(&talk->writable);
    if (!flush_output(talk)) {
        g_main_loop_quit(talk->loop);
    }
    return G_SOURCE_REMOVE;
}

/* False: the connection is broken. */
static bool flush_output(Talk *talk)
{
    while (byte_buffer_length(&talk->output) > 0) {
        g_autoptr(GError) error = NULL;
        ByteSpan span = byte_buffer_span(&talk->output);
        gssize sent =
            g_socket_send(talk->socket, (const char *)span.data, span.length, NULL, &error);
        if (sent < 0 && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
            return false;
        }
        if (sent < 0) {
            if (talk->writable == NULL) {
                talk->writable = g_socket_create_source(talk->socket, G_IO_OUT, NULL);
                g_source_set_callback(talk->writable, G_SOURCE_FUNC(on_writable), talk, NULL);
                g_source_attach(talk->writable, NULL);
            }
            return true;
        }
        byte_buffer_consume(&talk->output, (gsize)sent);
    }
    return true;
}

static void send_line(Talk *talk, const char *line)
{
    g_autofree char *whole =
        g_strconcat(talk->prefix == NULL ? "" : talk->prefix, line, "\r\n", NULL);
    ByteSpan octets = byte_span_from_string(whole);
    g_clear_pointer(&talk->prefix, g_free);
    if (!byte_buffer_append(&talk->output, octets)) {
        talk_coach_tell(talk->coach, "That is more than can be kept; the line is left out.");
        return;
    }
    talk_coach_hear(talk->coach, DIALOGUE_CLIENT, octets, now_ns());
    if (!flush_output(talk)) {
        g_main_loop_quit(talk->loop);
    }
}

/* A password need not be seen: PASS alone asks for it. */
static bool asks_for_password(Talk *talk, const char *line)
{
    bool is_alone = talk->is_terminal && talk->row->protocol == MAIL_PROTOCOL_POP3 &&
                    talk->prefix == NULL && g_ascii_strcasecmp(line, "PASS") == 0;
    if (is_alone) {
        talk->prefix = g_strdup("PASS ");
    }
    return is_alone;
}

static void take_line(Talk *talk, const char *line)
{
    bool is_question = line[0] == '?' && talk->prefix == NULL &&
                       !talk_coach_is_in_message(talk->coach) &&
                       !talk_coach_wants_secret(talk->coach);
    if (is_question) {
        g_autofree char *word = g_strstrip(g_strdup(line + 1));
        talk_coach_explain(talk->coach, word);
    } else if (!asks_for_password(talk, line)) {
        send_line(talk, line);
    }
}

static gboolean on_patience_over(gpointer data)
{
    g_main_loop_quit(((Talk *)data)->loop);
    return G_SOURCE_REMOVE;
}

/* The person has stopped: the session ends as it should. */
static void say_goodbye(Talk *talk)
{
    if (talk->has_said_goodbye) {
        return;
    }
    talk->has_said_goodbye = true;
    if (talk_coach_is_in_message(talk->coach)) {
        talk_coach_tell(
            talk->coach,
            "The message has no end: the line with a single dot is missing, so the server throws "
            "it away."
        );
        talk_coach_write(talk->coach, stdout);
        g_main_loop_quit(talk->loop);
        return;
    }
    if (talk_coach_is_in_chunk(talk->coach)) {
        talk_coach_tell(talk->coach, "The chunk is shorter than BDAT said; nothing is answered.");
        talk_coach_write(talk->coach, stdout);
        g_main_loop_quit(talk->loop);
        return;
    }
    if (!talk_coach_is_over(talk->coach)) {
        send_line(talk, talk->row->goodbye);
    }
    g_timeout_add_seconds(GOODBYE_SECONDS, on_patience_over, talk);
}

/* From a pipe each line waits for the answer to the one before, as a person would. */
static void pump(Talk *talk)
{
    bool has_done = false;
    while (!g_queue_is_empty(talk->lines) &&
           (talk->is_terminal || talk_coach_is_in_message(talk->coach) ||
            talk_coach_is_in_chunk(talk->coach) || !talk_coach_is_waiting(talk->coach)) &&
           !talk_coach_is_over(talk->coach)) {
        g_autofree char *line = g_queue_pop_head(talk->lines);
        take_line(talk, line);
        has_done = true;
    }
    bool is_due = !talk_coach_is_waiting(talk->coach) || talk_coach_is_in_chunk(talk->coach);
    if (talk->input == 0 && g_queue_is_empty(talk->lines) && is_due) {
        say_goodbye(talk);
    }
    if (has_done || talk->input == 0) {
        show(talk);
    }
}

static void cut_lines(Talk *talk)
{
    for (;;) {
        ByteSpan span = byte_buffer_span(&talk->typed);
        gssize end = byte_span_find(span, '\n', 0);
        if (end < 0) {
            return;
        }
        gsize length = (gsize)end - (end > 0 && span.data[end - 1] == '\r');
        g_queue_push_tail(talk->lines, g_strndup((const char *)span.data, length));
        byte_buffer_consume(&talk->typed, (gsize)end + 1);
    }
}

static gboolean on_typed(gint descriptor, GIOCondition condition, gpointer data)
{
    Talk *talk = data;
    char piece[4096];
    (void)condition;
    ssize_t length = read(descriptor, piece, sizeof piece);
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) {
        return G_SOURCE_CONTINUE;
    }
    bool is_over =
        length <= 0 || !byte_buffer_append(&talk->typed, byte_span(piece, (gsize)length));
    if (is_over && byte_buffer_length(&talk->typed) > 0) {
        is_over = byte_buffer_append_string(&talk->typed, "\n") || is_over;
    }
    cut_lines(talk);
    talk->input = is_over ? 0 : talk->input;
    pump(talk);
    return is_over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean on_readable(GSocket *socket, GIOCondition condition, gpointer data)
{
    Talk *talk = data;
    char piece[PIECE];
    g_autoptr(GError) error = NULL;
    (void)condition;
    gssize length = g_socket_receive(socket, piece, sizeof piece, NULL, &error);
    if (length < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        return G_SOURCE_CONTINUE;
    }
    if (length <= 0) {
        g_main_loop_quit(talk->loop);
        return G_SOURCE_CONTINUE;
    }
    if (talk->is_terminal) {
        fputs("\r", stdout); /* over the sign that asks for a line */
    }
    talk_coach_hear(talk->coach, DIALOGUE_SERVER, byte_span(piece, (gsize)length), now_ns());
    pump(talk);
    show(talk);
    return G_SOURCE_CONTINUE;
}

static void on_world(gpointer owner, const WorldEvent *event)
{
    Talk *talk = owner;
    if (event->kind == WORLD_EVENT_QUEUE || event->kind == WORLD_EVENT_MAILBOX ||
        event->kind == WORLD_EVENT_AGENT) {
        talk_coach_tell(talk->coach, event->text);
    }
}

static GSocketAddress *read_place(const char *text)
{
    const char *colon = strrchr(text, ':');
    guint64 port;
    SimAddress address;
    g_autofree char *host = colon == NULL ? NULL : g_strndup(text, (gsize)(colon - text));
    if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL) ||
        !sim_address_parse(host, &address) || !sim_address_is_loopback(&address)) {
        return NULL;
    }
    return g_inet_socket_address_new_from_string(host, (guint)port);
}

static bool connect_to(Talk *talk, GSocketAddress *place, GError **error)
{
    talk->socket = g_socket_new(
        g_socket_address_get_family(place), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error
    );
    if (talk->socket == NULL) {
        return false;
    }
    if (!g_socket_connect(talk->socket, place, NULL, error)) {
        g_prefix_error(
            error,
            "nobody answers at port %u of this machine; `mailwalk listen` starts a server: ",
            g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(place))
        );
        return false;
    }
    g_socket_set_blocking(talk->socket, FALSE);
    talk->readable = g_socket_create_source(talk->socket, G_IO_IN, NULL);
    g_source_set_callback(talk->readable, G_SOURCE_FUNC(on_readable), talk, NULL);
    g_source_attach(talk->readable, NULL);
    return true;
}

static GSocketAddress *
open_house(Talk *talk, const Scenario *scenario, const ScenarioObserver *observer, GError **error)
{
    LoopbackHouseOptions house = {
        .scenario = scenario, .address = "127.0.0.1", .observer = observer};
    for (LoopbackPort i = 0; i < N_LOOPBACK_PORTS; i++) {
        house.ports[i] = i == talk->row->port ? 0 : LOOPBACK_PORT_OFF;
    }
    talk->house = loopback_house_new(&house, error);
    if (talk->house == NULL ||
        (talk->row->reads && !talk_letters_deliver(talk->house, scenario, error))) {
        return NULL;
    }
    return g_inet_socket_address_new_from_string(
        "127.0.0.1", loopback_house_port(talk->house, talk->row->port)
    );
}

static gboolean on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static void show_start(const Talk *talk)
{
    if (talk->house != NULL) {
        printf(
            "You are the client of %s, a mail server made for this talk.%s\n",
            loopback_house_host_name(talk->house),
            talk->row->reads ? " Two messages lie in each mailbox." : ""
        );
    }
    printf(
        "Type what a client says, line by line; ? asks what may come now. First: %s.\n\n",
        talk->row->first
    );
    fflush(stdout);
}

static void hold_talk(Talk *talk)
{
    talk->loop = g_main_loop_new(NULL, FALSE);
    talk->is_terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &talk->usual) == 0;
    talk->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_typed, talk);
    guint interrupted = g_unix_signal_add(SIGINT, on_signal, talk->loop);
    guint terminated = g_unix_signal_add(SIGTERM, on_signal, talk->loop);
    show_start(talk);
    g_main_loop_run(talk->loop);
    set_hidden(talk, false);
    fputs(talk->is_terminal ? "\r" : "", stdout);
    talk_coach_finish(talk->coach);
    talk_coach_tell(talk->coach, "The connection is closed.");
    talk_coach_write(talk->coach, stdout);
    g_source_remove(interrupted);
    g_source_remove(terminated);
    if (talk->input != 0) {
        g_source_remove(talk->input);
    }
}

static void talk_clear(Talk *talk)
{
    drop_source(&talk->readable);
    drop_source(&talk->writable);
    g_clear_object(&talk->socket);
    loopback_house_free(talk->house);
    talk_coach_free(talk->coach);
    byte_buffer_clear(&talk->output);
    byte_buffer_clear(&talk->typed);
    g_queue_free_full(talk->lines, g_free);
    g_free(talk->prefix);
    g_clear_pointer(&talk->loop, g_main_loop_unref);
}

static ExitStatus
run(const TalkRow *row, const char *connect, const Scenario *scenario, bool show_secrets)
{
    Talk talk = {.row = row, .lines = g_queue_new()};
    ScenarioObserver observer = {.world = on_world, .owner = &talk};
    ExitStatus status = EXIT_DONE;
    g_autoptr(GError) error = NULL;
    byte_buffer_init(&talk.output, OUTPUT_MAXIMUM);
    byte_buffer_init(&talk.typed, LINE_MAXIMUM);
    g_autoptr(GSocketAddress) place =
        connect != NULL ? read_place(connect) : open_house(&talk, scenario, &observer, &error);
    if (place == NULL && error == NULL) {
        status = cli_usage_error(
            "talk", "--connect takes an address of this machine: 127.0.0.1:2525; not '%s'", connect
        );
    } else if (place == NULL || !connect_to(&talk, place, &error)) {
        status = cli_environment_error("talk", "%s", error->message);
    } else {
        guint16 port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(place));
        talk.coach = talk_coach_new(row->protocol, port, connect == NULL, show_secrets);
        hold_talk(&talk);
    }
    talk_clear(&talk);
    return status;
}

static const TalkRow *find_row(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(talk_rows); i++) {
        if (g_ascii_strcasecmp(talk_rows[i].name, name) == 0) {
            return &talk_rows[i];
        }
    }
    return NULL;
}

ExitStatus talk_command_run(int argc, char **argv)
{
    g_autofree char *connect = NULL;
    g_auto(GStrv) users = NULL;
    gboolean show_secrets = FALSE;
    ExitStatus status = EXIT_DONE;
    const GOptionEntry entries[] = {
        {"connect", 0, 0, G_OPTION_ARG_STRING, &connect, "A server on this machine", "HOST:PORT"},
        {"user", 0, 0, G_OPTION_ARG_STRING_ARRAY, &users, "May come often", "NAME:PASSWORD"},
        {"show-secrets", 0, 0, G_OPTION_ARG_NONE, &show_secrets, "Do not mask passwords", NULL},
        {0},
    };
    if (!cli_parse_options(
            cli_command_find("talk"),
            "smtp|pop3|imap",
            "Without --connect the server is one of hamburger.edu, with the users bob (password\n"
            "hungry) and alice (password yummy), made for the talk and gone with it.",
            entries,
            &argc,
            &argv,
            &status
        )) {
        return status;
    }
    const TalkRow *row = argc == 2 ? find_row(argv[1]) : NULL;
    if (row == NULL) {
        return argc == 2 ? cli_usage_error("talk", "smtp, pop3 or imap; not '%s'", argv[1])
                         : cli_usage_error("talk", "which protocol? smtp, pop3 or imap");
    }
    g_autoptr(Scenario) scenario = listen_own_scenario("talk", NULL, users, &status);
    return scenario == NULL ? status : run(row, connect, scenario, show_secrets);
}
