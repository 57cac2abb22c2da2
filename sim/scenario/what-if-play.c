#include "sim/scenario/what-if-play.h"

#include "protocol/dns/dns-type.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/what-if-words.h"

#include <string.h>

#define ETHERNET_LENGTH 14
#define UDP_LENGTH 8
#define DNS_IDENTIFIER 2 /* octets at the beginning of a message */
#define FLAG_SYN 0x02
#define FLAG_ACK 0x10

/* One what-if and what it waits for. */
typedef struct {
    WhatIfPlay *play;
    const WhatIf *what_if;
    SimHost *host; /* NULL: it concerns none */
    SimTimer begin;
    SimTimer end;
    GBytes *question; /* of the DNS, once it has been asked; NULL */
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

static bool is_said(WhatIfKind kind)
{
    return kind == WHAT_IF_REFUSE || kind == WHAT_IF_ANSWER || kind == WHAT_IF_SAY;
}

static void put_words(Waiting *waiting, const AgentMouth *mouth)
{
    const WhatIfMoment *moment = &waiting->what_if->moment;
    const char *mistake = "nothing of that kind is said there";
    g_autofree char *words =
        what_if_words(waiting->what_if, mouth->protocol, moment->number, &mistake);
    if (words != NULL && !moment->is_end) {
        mouth->set_line(mouth->engine, moment->number, words, &waiting->is_met);
    } else if (words != NULL && mouth->set_end != NULL) {
        mouth->set_end(mouth->engine, moment->number, words, &waiting->is_met);
    } else {
        g_autofree char *line = what_if_to_text(waiting->what_if);
        sim_world_emit(
            waiting->play->world, NULL, WORLD_EVENT_SCENARIO, "What if: %s: %s", line, mistake
        );
    }
}

static void on_mouth(gpointer owner, const SimTcp *tcp, const AgentMouth *mouth)
{
    WhatIfPlay *play = owner;
    guint64 connection = connection_of(play, tcp);
    for (guint i = 0; i < play->count; i++) {
        const WhatIf *what_if = play->waiting[i].what_if;
        bool is_servers = what_if->kind != WHAT_IF_SAY;
        if (is_said(what_if->kind) && what_if->moment.anchor == WHAT_IF_AT_COMMAND &&
            is_servers == mouth->is_server && what_if->moment.connection == connection) {
            put_words(&play->waiting[i], mouth);
        }
    }
}

/* --- the DNS --- */

/* Ends and identifier of a question as it was sent, in the frame of the moment. */
static GBytes *question_key(const SimAddress *from, guint16 from_port, ByteSpan question)
{
    gsize length = from->family == SIM_FAMILY_IPV4 ? 4 : 16;
    const guint16 port = GUINT16_TO_BE(from_port);
    guint8 key[20];
    memcpy(key, from->octets, length);
    memcpy(key + length, &port, sizeof port);
    memcpy(key + length + sizeof port, question.data, DNS_IDENTIFIER);
    return g_bytes_new(key, length + sizeof port + DNS_IDENTIFIER);
}

/* NULL: the frame holds no UDP. */
static GBytes *question_in(ByteSpan frame)
{
    const guint8 *ip = frame.data + ETHERNET_LENGTH;
    bool is_ipv4 = frame.length >= ETHERNET_LENGTH + 20 && ip[0] >> 4 == 4 && ip[9] == 17;
    bool is_ipv6 = frame.length >= ETHERNET_LENGTH + 40 && ip[0] >> 4 == 6 && ip[6] == 17;
    gsize header = is_ipv4 ? (gsize)(ip[0] & 15) * 4 : 40;
    gsize whole = ETHERNET_LENGTH + header + UDP_LENGTH;
    if ((!is_ipv4 && !is_ipv6) || frame.length < whole + DNS_IDENTIFIER) {
        return NULL;
    }
    SimAddress from = sim_address_from_octets(
        is_ipv4 ? SIM_FAMILY_IPV4 : SIM_FAMILY_IPV6, is_ipv4 ? ip + 12 : ip + 8
    );
    guint16 port = (guint16)(ip[header] << 8 | ip[header + 1]);
    return question_key(&from, port, byte_span_from(frame, whole));
}

static int code_of(const WhatIf *what_if)
{
    static const struct {
        const char *word;
        int code;
    } rows[] = {
        {"NXDOMAIN", DNS_RCODE_NXDOMAIN},
        {"REFUSED", DNS_RCODE_REFUSED},
        {"SERVFAIL", DNS_RCODE_SERVFAIL},
    };

    for (gsize i = 0; what_if->word != NULL && i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].word, what_if->word) == 0) {
            return rows[i].code;
        }
    }
    return DNS_RCODE_REFUSED;
}

static int on_question(gpointer owner, const SimAddress *from, guint16 from_port, ByteSpan question)
{
    WhatIfPlay *play = owner;
    g_autoptr(GBytes) key = question_key(from, from_port, question);
    for (guint i = 0; i < play->count; i++) {
        Waiting *waiting = &play->waiting[i];
        if (!waiting->is_met && waiting->question != NULL &&
            g_bytes_equal(waiting->question, key)) {
            waiting->is_met = true;
            tell(waiting);
            return code_of(waiting->what_if);
        }
    }
    return -1;
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
        if (waiting->what_if->kind == WHAT_IF_REFUSE && waiting->question == NULL) {
            waiting->question = question_in(frame->octets);
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
    bool is_of_names =
        what_if->kind == WHAT_IF_REFUSE && what_if->moment.anchor == WHAT_IF_AT_FRAME;
    if (is_said(what_if->kind) && what_if->moment.anchor != WHAT_IF_AT_COMMAND && !is_of_names) {
        return fail(error, what_if, "this is said at a step, or at a command of a connection");
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
    play->prompter = (AgentPrompter){
        .names = {.answer = on_question, .owner = play},
        .meet = on_mouth,
        .owner = play,
    };
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
        g_clear_pointer(&play->waiting[i].question, g_bytes_unref);
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
