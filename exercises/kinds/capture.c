/* Kind 26: questions about a capture that was made for one student. The servers are the engines,
 * and what they know is the key; the frames are made by sim/loopback. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"
#include "exercises/kinds/student-pop3.h"
#include "exercises/kinds/student-smtp.h"
#include "sim/loopback/loopback-frames.h"
#include "sim/network/frame-log.h"

#define START_OF_2026 1767225600
#define LINES_MAXIMUM 24

typedef enum {
    CLOSER_CLIENT,
    CLOSER_SERVER,
    CLOSER_RESET, /* the client, without QUIT */
    N_CLOSERS,
} Closer;

typedef struct {
    bool is_pop3;
    bool has_wrong_login; /* an attempt before it */
    Closer closer;
    ExercisePerson people[2];
    char *password;
    char *host;
    char *client_address;
    char *server_address;
    guint16 client_port;
    char *subject;
    char *message; /* lines by CRLF */
    gint64 start;  /* seconds */
    guint64 seed;
    GPtrArray *lines; /* char *: what the client says, without CRLF */
    char *greeting;   /* of the server: known once the session was played */
} Talk;

static void free_talk(gpointer data)
{
    Talk *talk = data;
    exercise_people_clear(talk->people, G_N_ELEMENTS(talk->people));
    g_free(talk->password);
    g_free(talk->host);
    g_free(talk->client_address);
    g_free(talk->server_address);
    g_free(talk->subject);
    g_free(talk->message);
    g_free(talk->greeting);
    g_ptr_array_unref(talk->lines);
    g_free(talk);
}

static void G_GNUC_PRINTF(2, 3) add(Talk *talk, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(talk->lines, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void add_pop3_lines(Talk *talk)
{
    add(talk, "USER %s", talk->people[0].login);
    if (talk->has_wrong_login) {
        add(talk, "PASS wrong-%s", talk->password);
        add(talk, "USER %s", talk->people[0].login);
    }
    add(talk, "PASS %s", talk->password);
    add(talk, "LIST");
    add(talk, "RETR 1");
    if (talk->closer != CLOSER_RESET) {
        add(talk, "QUIT");
    }
}

static void add_smtp_lines(Talk *talk, bool is_plain)
{
    const char *user = talk->people[0].login;
    add(talk, "EHLO pc.%s", talk->people[0].domain);
    if (is_plain) {
        g_autoptr(GString) message = g_string_new(NULL);
        g_string_append_c(message, '\0');
        g_string_append(message, user);
        g_string_append_c(message, '\0');
        g_string_append(message, talk->password);
        g_autofree char *token = g_base64_encode((const guchar *)message->str, message->len);
        add(talk, "AUTH PLAIN %s", token);
    } else {
        g_autofree char *name = g_base64_encode((const guchar *)user, strlen(user));
        g_autofree char *secret =
            g_base64_encode((const guchar *)talk->password, strlen(talk->password));
        add(talk, "AUTH LOGIN");
        add(talk, "%s", name);
        add(talk, "%s", secret);
    }
    add(talk, "MAIL FROM:<%s>", talk->people[0].address);
    add(talk, "RCPT TO:<%s>", talk->people[1].address);
    add(talk, "DATA");
    add(talk, "%s.", talk->message);
    if (talk->closer != CLOSER_RESET) {
        add(talk, "QUIT");
    }
}

static Talk *make_talk(Exercise *exercise)
{
    Talk *talk = g_new0(Talk, 1);
    exercise_people(exercise, talk->people, G_N_ELEMENTS(talk->people));
    talk->is_pop3 = exercise->level == 1 || (exercise->level == 3 && exercise_toss(exercise));
    talk->has_wrong_login = exercise->level == 3;
    talk->closer = exercise->level == 1 ? CLOSER_CLIENT : exercise_below(exercise, N_CLOSERS);
    talk->password = exercise_password(exercise);
    talk->host = exercise_host_name(exercise, talk->people[talk->is_pop3 ? 0 : 1].domain);
    talk->client_address = exercise_address_v4(exercise);
    do {
        g_free(talk->server_address);
        talk->server_address = exercise_address_v4(exercise);
    } while (strcmp(talk->server_address, talk->client_address) == 0);
    talk->client_port = (guint16)exercise_between(exercise, 49152, 65535);
    talk->subject = exercise_subject(exercise);
    talk->start = START_OF_2026 + exercise_below(exercise, 300 * 86400);
    talk->seed = exercise->seed;
    g_autofree char *sentence = exercise_sentence(exercise);
    bool is_fetched = talk->is_pop3;
    talk->message = g_strdup_printf(
        "From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\n%s\r\n",
        talk->people[is_fetched ? 1 : 0].address,
        talk->people[is_fetched ? 0 : 1].address,
        talk->subject,
        sentence
    );
    talk->lines = g_ptr_array_new_with_free_func(g_free);
    if (talk->is_pop3) {
        add_pop3_lines(talk);
    } else {
        add_smtp_lines(talk, exercise_toss(exercise));
    }
    return talk;
}

/* --- playing it --- */

typedef struct {
    StudentSmtp *smtp;
    StudentPop3 *pop3;
    guint n_log_in_lines; /* of AUTH LOGIN, still to come */
} Server;

/* The log-in of a submission server, which comes before all that the session knows. */
static const char *say_log_in(Server *server, const char *line)
{
    static const char *const challenges[] = {
        "334 VXNlcm5hbWU6\r\n",
        "334 UGFzc3dvcmQ6\r\n",
        "235 2.7.0 Authentication successful\r\n",
    };
    if (g_str_has_prefix(line, "AUTH PLAIN ")) {
        return challenges[2];
    }
    server->n_log_in_lines = g_str_has_prefix(line, "AUTH LOGIN") ? 3 : server->n_log_in_lines;
    return server->n_log_in_lines == 0 ? NULL : challenges[3 - server->n_log_in_lines--];
}

/* AUTH among the extensions, behind the first line of the reply. */
static char *offer_log_in(const char *reply)
{
    const char *end = strstr(reply, "\r\n");
    g_assert(end != NULL);
    return g_strdup_printf("%.*s\r\n250-AUTH PLAIN LOGIN%s", (int)(end - reply), reply, end);
}

static Server server_start(const Talk *talk)
{
    Server server = {0};
    if (talk->is_pop3) {
        server.pop3 = student_pop3_new(&(StudentPop3Options){
            .user = talk->people[0].login,
            .password = talk->password,
            .host_name = talk->host,
            .messages = (char *const *)&talk->message,
            .n_messages = 1,
            .seed = talk->seed,
        });
    } else {
        server.smtp = student_smtp_new(talk->host, talk->seed);
    }
    return server;
}

static void server_stop(Server *server)
{
    student_smtp_free(server->smtp);
    student_pop3_free(server->pop3);
}

/* What the server says to these octets; nothing: its greeting. */
static char *server_say(Server *server, const char *octets)
{
    ByteSpan input = byte_span_from_string(octets);
    if (server->pop3 != NULL) {
        student_pop3_receive(server->pop3, input);
        char *output = byte_span_to_string(student_pop3_output(server->pop3));
        student_pop3_consume_output(server->pop3, student_pop3_output(server->pop3).length);
        return output;
    }
    const char *log_in = say_log_in(server, octets);
    if (log_in != NULL) {
        return g_strdup(log_in);
    }
    student_smtp_receive(server->smtp, input);
    g_autofree char *output = byte_span_to_string(student_smtp_output(server->smtp));
    student_smtp_consume_output(server->smtp, student_smtp_output(server->smtp).length);
    return g_str_has_prefix(octets, "EHLO") ? offer_log_in(output) : g_steal_pointer(&output);
}

static void keep_frame(SimTime time, ByteSpan octets, gpointer data)
{
    FrameLog *log = data;
    SimTapFrame frame = {.number = frame_log_count(log) + 1, .time = time, .octets = octets};
    frame_log_tap(&frame, log);
}

static void close_flow(const Talk *talk, LoopbackFlow *flow, SimTime now)
{
    if (talk->closer == CLOSER_RESET) {
        loopback_flow_reset(flow, false, now);
        return;
    }
    loopback_flow_close(flow, talk->closer == CLOSER_SERVER, now);
    loopback_flow_close(flow, talk->closer != CLOSER_SERVER, now + SIM_MILLISECOND);
}

static void play(const Talk *talk, LoopbackFrames *frames)
{
    LoopbackPlace client = {.port = talk->client_port};
    LoopbackPlace place = {.port = talk->is_pop3 ? 110 : 587};
    bool is_address = sim_address_parse(talk->client_address, &client.address) &&
                      sim_address_parse(talk->server_address, &place.address);
    g_assert(is_address);
    SimTime now = talk->start * SIM_SECOND;
    Server server = server_start(talk);
    LoopbackFlow *flow = loopback_flow_open(frames, &client, &place, now);
    g_autofree char *greeting = server_say(&server, "");
    loopback_flow_send(flow, true, byte_span_from_string(greeting), now += SIM_MILLISECOND);
    for (guint i = 0; i < talk->lines->len; i++) {
        g_autofree char *line = g_strconcat(talk->lines->pdata[i], "\r\n", NULL);
        loopback_flow_send(flow, false, byte_span_from_string(line), now += 40 * SIM_MILLISECOND);
        g_autofree char *answer = server_say(&server, line);
        loopback_flow_send(flow, true, byte_span_from_string(answer), now += SIM_MILLISECOND);
    }
    close_flow(talk, flow, now + SIM_MILLISECOND);
    loopback_flow_free(flow);
    server_stop(&server);
}

GBytes *exercise_file_capture(const Exercise *exercise, GError **error)
{
    const Talk *talk = exercise->facts;
    (void)error;
    g_autoptr(FrameLog) log = frame_log_new(0);
    g_autoptr(LoopbackFrames) frames = loopback_frames_new(keep_frame, log);
    play(talk, frames);
    return frame_log_to_pcap(log);
}

/* --- asking --- */

static void learn_greeting(Talk *talk)
{
    Server server = server_start(talk);
    g_autofree char *greeting = server_say(&server, "");
    talk->greeting = g_strndup(greeting, strcspn(greeting, "\r"));
    server_stop(&server);
}

static void ask_addresses(Exercise *exercise, const Talk *talk)
{
    RfcReference reference = EXERCISE_RFC(9293, "3.5");
    ExercisePart *client =
        exercise_ask(exercise, ANSWER_WORD, talk->client_address, "The client's IP address:");
    exercise_part_whole(
        client,
        "who is the client",
        reference,
        "The client sends the first SYN: %s.",
        talk->client_address
    );
    exercise_part_mistake(
        client,
        "client and server swapped",
        talk->server_address,
        "That is the server.",
        "Who sends SYN first?"
    );
    ExercisePart *server =
        exercise_ask(exercise, ANSWER_WORD, talk->server_address, "The server's IP address:");
    exercise_part_whole(
        server,
        "who is the server",
        reference,
        "The first SYN goes to it: %s.",
        talk->server_address
    );
    exercise_part_mistake(
        server,
        "client and server swapped",
        talk->client_address,
        "That is the client.",
        "Who gets SYN first?"
    );
}

static void ask_first_lines(Exercise *exercise, const Talk *talk)
{
    RfcReference reference = talk->is_pop3 ? EXERCISE_RFC(1939, "4") : EXERCISE_RFC(5321, "4.3.1");
    ExercisePart *server = exercise_ask(
        exercise, ANSWER_TEXT, talk->greeting, "The first line that the server sends:"
    );
    exercise_part_whole(
        server, "the first line of the server", reference, "The greeting: %s", talk->greeting
    );
    const char *first = talk->lines->pdata[0];
    ExercisePart *client =
        exercise_ask(exercise, ANSWER_TEXT, first, "The first line that the client sends:");
    exercise_part_whole(client, "the first line of the client", reference, "It is: %s", first);
}

static void ask_credentials(Exercise *exercise, const Talk *talk)
{
    RfcReference reference = talk->is_pop3 ? EXERCISE_RFC(1939, "7") : EXERCISE_RFC(4954, "4");
    const char *user = talk->people[0].login;
    ExercisePart *name = exercise_ask(exercise, ANSWER_TEXT, user, "The user who logged in:");
    exercise_part_whole(
        name,
        "the user",
        reference,
        "The log-in has it, %s: %s.",
        talk->is_pop3 ? "behind USER" : "in base64",
        user
    );
    ExercisePart *secret =
        exercise_ask(exercise, ANSWER_TEXT, talk->password, "The password with which it worked:");
    exercise_part_whole(
        secret,
        "the password",
        reference,
        "The log-in has it, %s: %s.",
        talk->is_pop3 ? "behind PASS" : "in base64",
        talk->password
    );
    g_autofree char *wrong = g_strdup_printf("wrong-%s", talk->password);
    exercise_part_mistake(
        secret, "the refused one", wrong, "That one was refused.", "Look at the answers."
    );
    g_autofree char *encoded =
        g_base64_encode((const guchar *)talk->password, strlen(talk->password));
    exercise_part_mistake(
        secret, "not decoded", encoded, "That is base64.", "mailwalk explain base64 --decode"
    );
}

static void ask_end(Exercise *exercise, const Talk *talk)
{
    static const char *const keys[N_CLOSERS] = {"client", "server", "client"};
    ExercisePart *who = exercise_ask(
        exercise,
        ANSWER_WORD,
        keys[talk->closer],
        "Who ends the TCP connection first: client or server?"
    );
    exercise_part_accept(who, "the %s", keys[talk->closer]);
    exercise_part_whole(
        who,
        "who disconnects",
        EXERCISE_RFC(9293, "3.6"),
        talk->closer == CLOSER_RESET ? "The %s sends RST." : "The %s sends the first FIN.",
        keys[talk->closer]
    );
    exercise_part_mistake(
        who,
        "the other side",
        talk->closer == CLOSER_SERVER ? "client" : "server",
        "That side answers only.",
        "Look for the first FIN or RST."
    );
    if (exercise->level >= 2) {
        bool is_reset = talk->closer == CLOSER_RESET;
        ExercisePart *how = exercise_ask(
            exercise, ANSWER_WORD, is_reset ? "RST" : "FIN", "By which TCP flag: FIN or RST?"
        );
        exercise_part_whole(
            how,
            "how it disconnects",
            is_reset ? EXERCISE_RFC(9293, "3.5.2") : EXERCISE_RFC(9293, "3.6"),
            "By %s.",
            is_reset ? "RST: it was broken off" : "FIN: it was closed in order"
        );
        exercise_part_mistake(
            how,
            "the other flag",
            is_reset ? "FIN" : "RST",
            "There is no such segment at its end.",
            NULL
        );
    }
}

void exercise_make_capture(Exercise *exercise)
{
    Talk *talk = make_talk(exercise);
    exercise_set_facts(exercise, talk, free_talk);
    learn_greeting(talk);
    exercise->file_name = g_strdup("pcap");
    exercise_say(
        exercise,
        "A capture file belongs to this question. It holds one conversation; open it in Wireshark, "
        "or "
        "by `mailwalk dissect FILE`, and answer."
    );
    ask_addresses(exercise, talk);
    ask_first_lines(exercise, talk);
    ask_credentials(exercise, talk);
    ExercisePart *subject =
        exercise_ask(exercise, ANSWER_TEXT, talk->subject, "The subject of the message:");
    exercise_part_whole(
        subject,
        "the message",
        EXERCISE_RFC(5322, "3.6.5"),
        "Its field Subject says: %s",
        talk->subject
    );
    ask_end(exercise, talk);
    exercise_set_hint(
        exercise, "Look at the first three packets first, then follow the TCP stream."
    );
    exercise_set_try(exercise, "mailwalk dissect --show-secrets FILE");
}
