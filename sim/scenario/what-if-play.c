#include "sim/scenario/what-if-play.h"

#include "sim/agent/agent-prompter.h"
#include "sim/scenario/scenario.h"

#include <string.h>

#define ETHERNET_LENGTH 14
#define FLAG_SYN 0x02
#define FLAG_ACK 0x10

/* One what-if and what it waits for. */
typedef struct {
    WhatIfPlay *play;
    const WhatIf *what_if;
    SimHost *host; /* NULL: it concerns none */
    SimTimer begin;
    SimTimer end;
    bool is_met;
} Waiting;

struct WhatIfPlay {
    SimWorld *world;
    WhatIfPlayOwner owner;
    AgentPrompter prompter;
    Waiting *waiting;
    guint count;
    guint64 frames;
    guint64 connections;
    GHashTable *by_ends; /* the two ends as octets (GBytes) -> number of the connection */
};

static void tell(const Waiting *waiting)
{
    if (!sim_world_is_observed(waiting->play->world)) {
        return;
    }
    g_autofree char *line = what_if_to_text(waiting->what_if);
    sim_world_emit(waiting->play->world, waiting->host, WORLD_EVENT_SCENARIO, "What if: %s", line);
}

static void take_hold(Waiting *waiting)
{
    const WhatIf *what_if = waiting->what_if;
    waiting->is_met = true;
    tell(waiting);
    if (what_if->kind == WHAT_IF_DEED) {
        waiting->play->owner.deed(waiting->play->owner.owner, what_if);
        return;
    }
    sim_host_set_up(waiting->host, what_if->kind == WHAT_IF_UP);
    if (what_if->kind == WHAT_IF_DOWN && what_if->duration > 0) {
        sim_timer_set(&waiting->end, what_if->duration);
    }
}

static void on_begin(SimTimer *timer, gpointer data)
{
    (void)timer;
    take_hold(data);
}

static void on_end(SimTimer *timer, gpointer data)
{
    (void)timer;
    sim_host_set_up(((Waiting *)data)->host, true);
}

/* The ends of a TCP segment, the sender's first; NULL: it is none. */
static GBytes *ends_of(ByteSpan frame, guint8 *out_flags)
{
    const guint8 *ip = frame.data + ETHERNET_LENGTH;
    bool is_ipv4 = frame.length >= ETHERNET_LENGTH + 20 && ip[0] >> 4 == 4 && ip[9] == 6;
    bool is_ipv6 = frame.length >= ETHERNET_LENGTH + 40 && ip[0] >> 4 == 6 && ip[6] == 6;
    gsize header = is_ipv4 ? (gsize)(ip[0] & 15) * 4 : 40;
    if ((!is_ipv4 && !is_ipv6) || frame.length < ETHERNET_LENGTH + header + 20) {
        return NULL;
    }
    gsize length = is_ipv4 ? 4 : 16;
    const guint8 *addresses = is_ipv4 ? ip + 12 : ip + 8;
    guint8 ends[36];
    memcpy(ends, addresses, 2 * length);
    memcpy(ends + 2 * length, ip + header, 4);
    *out_flags = ip[header + 13];
    return g_bytes_new(ends, 2 * length + 4);
}

static void count_connection(WhatIfPlay *play, ByteSpan frame)
{
    guint8 flags = 0;
    g_autoptr(GBytes) ends = ends_of(frame, &flags);
    if (ends == NULL || (flags & (FLAG_SYN | FLAG_ACK)) != FLAG_SYN ||
        g_hash_table_contains(play->by_ends, ends)) {
        return;
    }
    guint64 *number = g_new(guint64, 1);
    *number = ++play->connections;
    g_hash_table_insert(play->by_ends, g_steal_pointer(&ends), number);
}

static GBytes *
ends_between(const SimAddress *from, guint16 from_port, const SimAddress *to, guint16 to_port)
{
    gsize length = from->family == SIM_FAMILY_IPV4 ? 4 : 16;
    guint8 ends[36];
    memcpy(ends, from->octets, length);
    memcpy(ends + length, to->octets, length);
    const guint16 ports[] = {GUINT16_TO_BE(from_port), GUINT16_TO_BE(to_port)};
    memcpy(ends + 2 * length, ports, sizeof ports);
    return g_bytes_new(ends, 2 * length + 4);
}

/* Which connection of the world this is, from 1; 0: its SYN has not been seen. */
static guint64 connection_of(const WhatIfPlay *play, const SimTcp *tcp)
{
    const SimAddress *local = sim_tcp_local_address(tcp);
    const SimAddress *remote = sim_tcp_remote_address(tcp);
    guint16 local_port = sim_tcp_local_port(tcp);
    guint16 remote_port = sim_tcp_remote_port(tcp);
    g_autoptr(GBytes) opened = ends_between(local, local_port, remote, remote_port);
    g_autoptr(GBytes) accepted = ends_between(remote, remote_port, local, local_port);
    const guint64 *number = g_hash_table_lookup(play->by_ends, opened);
    if (number == NULL) {
        number = g_hash_table_lookup(play->by_ends, accepted);
    }
    return number == NULL ? 0 : *number;
}

/* --- words for engines --- */

/* "550 5.1.1 No such user": what of it is code, enhanced code and text. */
static bool read_reply(const char *text, guint *out_code, char **out_enhanced, char **out_text)
{
    guint64 code;
    g_autofree char *digits = g_strndup(text, 3);
    if (!g_ascii_string_to_unsigned(digits, 10, 200, 599, &code, NULL) ||
        (text[3] != ' ' && text[3] != '\0')) {
        return false;
    }
    const char *rest = text + 3 + strspn(text + 3, " ");
    gsize length = strspn(rest, "0123456789.");
    bool is_enhanced = length >= 5 && (rest[length] == ' ' || rest[length] == '\0') &&
                       rest[0] == text[0] && rest[1] == '.';
    *out_code = (guint)code;
    *out_enhanced = is_enhanced ? g_strndup(rest, length) : NULL;
    *out_text = g_strdup(is_enhanced ? rest + length + strspn(rest + length, " ") : rest);
    return true;
}

/* What servers usually say with the code, whatever they refuse. */
static const char *usual_text(guint code)
{
    static const struct {
        guint code;
        const char *text;
    } rows[] = {
        {421, "4.3.2 Service not available, closing"},
        {450, "4.2.1 Try again later"},
        {451, "4.3.0 Local error, try again later"},
        {452, "4.3.1 Insufficient storage, try again later"},
        {500, "5.5.2 Syntax error"},
        {501, "5.5.4 Syntax error in parameters"},
        {502, "5.5.1 Command not implemented"},
        {503, "5.5.1 Bad sequence of commands"},
        {550, "5.7.1 Refused"},
        {552, "5.2.2 Mailbox full"},
        {553, "5.1.3 Mailbox name not allowed"},
        {554, "5.0.0 Transaction failed"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].code == code) {
            return rows[i].text;
        }
    }
    return code < 500 ? "4.0.0 Not now" : "5.0.0 Refused";
}

static void prompt_server(const WhatIf *what_if, SmtpServer *server)
{
    guint code = what_if->code;
    g_autofree char *enhanced = NULL;
    g_autofree char *text = NULL;
    g_autofree char *line = what_if->kind == WHAT_IF_ANSWER ? g_strdup(what_if->text)
                            : what_if->text != NULL
                                ? g_strdup_printf("%u %s", code, what_if->text)
                                : g_strdup_printf("%u %s", code, usual_text(code));
    if (!read_reply(line, &code, &enhanced, &text)) {
        return; /* prepare() has refused it */
    }
    SmtpReply reply = {.code = code, .enhanced = enhanced, .text = text};
    if (what_if->moment.is_end) {
        smtp_server_set_end_override(server, what_if->moment.number, &reply);
    } else {
        smtp_server_set_override(server, what_if->moment.number, &reply);
    }
}

static void on_smtp_server(gpointer owner, const SimTcp *tcp, SmtpServer *server)
{
    WhatIfPlay *play = owner;
    guint64 connection = connection_of(play, tcp);
    for (guint i = 0; i < play->count; i++) {
        const WhatIf *what_if = play->waiting[i].what_if;
        if ((what_if->kind == WHAT_IF_REFUSE || what_if->kind == WHAT_IF_ANSWER) &&
            what_if->moment.connection == connection) {
            prompt_server(what_if, server);
            play->waiting[i].is_met = true;
        }
    }
}

static void on_smtp_client(gpointer owner, const SimTcp *tcp, SmtpClient *client)
{
    WhatIfPlay *play = owner;
    guint64 connection = connection_of(play, tcp);
    for (guint i = 0; i < play->count; i++) {
        const WhatIf *what_if = play->waiting[i].what_if;
        if (what_if->kind == WHAT_IF_SAY && what_if->moment.connection == connection) {
            smtp_client_set_line_override(client, what_if->moment.number, what_if->text);
            play->waiting[i].is_met = true;
        }
    }
}

/* --- frames --- */

static SimVerdict verdict_of(Waiting *waiting)
{
    switch (waiting->what_if->kind) {
    case WHAT_IF_DROP:
        return SIM_VERDICT_LOSE;
    case WHAT_IF_CORRUPT:
        return SIM_VERDICT_CORRUPT;
    case WHAT_IF_DUPLICATE:
        return SIM_VERDICT_DUPLICATE;
    case WHAT_IF_DELAY:
        sim_world_set_hold(waiting->play->world, waiting->what_if->duration);
        return SIM_VERDICT_HOLD;
    case WHAT_IF_DOWN:
    case WHAT_IF_UP:
    case WHAT_IF_DEED:
        sim_timer_set(&waiting->begin, 0);
        return SIM_VERDICT_PASS;
    case WHAT_IF_REFUSE:
    case WHAT_IF_ANSWER:
    case WHAT_IF_SAY:
        return SIM_VERDICT_PASS;
    }
    return SIM_VERDICT_PASS;
}

static SimVerdict on_frame(const SimTapFrame *frame, gpointer data)
{
    WhatIfPlay *play = data;
    SimVerdict verdict = SIM_VERDICT_PASS;
    if (frame->link == NULL) {
        return verdict; /* no capture of the world shows it */
    }
    play->frames++;
    count_connection(play, frame->octets);
    for (guint i = 0; i < play->count; i++) {
        Waiting *waiting = &play->waiting[i];
        const WhatIfMoment *moment = &waiting->what_if->moment;
        if (moment->anchor != WHAT_IF_AT_FRAME || moment->number != play->frames) {
            continue;
        }
        SimVerdict wanted = verdict_of(waiting);
        if (wanted != SIM_VERDICT_PASS) {
            verdict = wanted;
            waiting->is_met = true;
            tell(waiting);
        }
    }
    return verdict;
}

static bool fail(GError **error, const WhatIf *what_if, const char *why)
{
    g_autofree char *line = what_if_to_text(what_if);
    g_set_error(error, SCENARIO_ERROR, SCENARIO_ERROR_SYNTAX, "what-if '%s': %s", line, why);
    return false;
}

static bool is_said(WhatIfKind kind)
{
    return kind == WHAT_IF_REFUSE || kind == WHAT_IF_ANSWER || kind == WHAT_IF_SAY;
}

static bool prepare(WhatIfPlay *play, Waiting *waiting, const WhatIf *what_if, GError **error)
{
    bool has_host = what_if->kind == WHAT_IF_DOWN || what_if->kind == WHAT_IF_UP;
    waiting->play = play;
    waiting->what_if = what_if;
    sim_timer_init(&waiting->begin, play->world, on_begin, waiting);
    sim_timer_init(&waiting->end, play->world, on_end, waiting);
    sim_timer_set_background(&waiting->end); /* the story does not wait for it */
    if (what_if->moment.anchor == WHAT_IF_AT_STEP) {
        return fail(error, what_if, "the step has not been looked up");
    }
    if (has_host) {
        waiting->host = sim_host_find(play->world, what_if->text);
        if (waiting->host == NULL) {
            g_autofree char *why = g_strdup_printf("there is no host '%s'", what_if->text);
            return fail(error, what_if, why);
        }
    }
    if ((has_host || what_if->kind == WHAT_IF_DEED) &&
        what_if->moment.anchor == WHAT_IF_AT_COMMAND) {
        return fail(error, what_if, "this happens at a step, a frame or a time");
    }
    if (is_said(what_if->kind) && what_if->moment.anchor != WHAT_IF_AT_COMMAND) {
        return fail(error, what_if, "this is said at a step, or at a command of a connection");
    }
    if (what_if->kind == WHAT_IF_ANSWER) {
        guint code;
        g_autofree char *enhanced = NULL;
        g_autofree char *text = NULL;
        if (!read_reply(what_if->text, &code, &enhanced, &text)) {
            return fail(
                error, what_if, "an answer begins with a code from 200 to 599, as in \"250 Ok\""
            );
        }
    }
    if (what_if->moment.anchor == WHAT_IF_AT_TIME) {
        SimTime midnight = sim_world_start(play->world) / SIM_DAY * SIM_DAY;
        sim_timer_set_background(&waiting->begin);
        sim_timer_set_at(&waiting->begin, midnight + what_if->moment.time);
    }
    return true;
}

WhatIfPlay *what_if_play_new(
    SimWorld *world, const WhatIfList *list, const WhatIfPlayOwner *owner, GError **error
)
{
    g_autoptr(WhatIfPlay) play = g_new0(WhatIfPlay, 1);
    play->world = world;
    play->owner = *owner;
    play->count = what_if_list_length(list);
    play->waiting = g_new0(Waiting, play->count);
    play->by_ends =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
    for (guint i = 0; i < play->count; i++) {
        if (!prepare(play, &play->waiting[i], what_if_list_at(list, i), error)) {
            play->count = i + 1;
            return NULL;
        }
    }
    play->prompter = (AgentPrompter
    ){.smtp_server = on_smtp_server, .smtp_client = on_smtp_client, .owner = play};
    agent_prompter_set(world, &play->prompter);
    sim_world_set_filter(world, on_frame, play);
    return g_steal_pointer(&play);
}

void what_if_play_free(WhatIfPlay *play)
{
    if (play == NULL) {
        return;
    }
    for (guint i = 0; i < play->count; i++) {
        sim_timer_cancel(&play->waiting[i].begin);
        sim_timer_cancel(&play->waiting[i].end);
    }
    sim_world_set_filter(play->world, NULL, NULL);
    agent_prompter_set(play->world, NULL);
    g_hash_table_unref(play->by_ends);
    g_free(play->waiting);
    g_free(play);
}

const WhatIf *what_if_play_unmet(const WhatIfPlay *play)
{
    for (guint i = 0; i < play->count; i++) {
        if (!play->waiting[i].is_met) {
            return play->waiting[i].what_if;
        }
    }
    return NULL;
}
