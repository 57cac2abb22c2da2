#include "tests/support/test.h"

#include "dissect/conversation/dissector.h"
#include "protocol/http/http-dialogue.h"
#include "protocol/imap/imap-dialogue.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/smtp/smtp-dialogue.h"
#include "sim/network/tcp.h"
#include "sim/network/world.h"
#include "sim/scenario/scenario-run.h"
#include "tests/central/central-world.h"

#include <stdio.h>
#include <string.h>

/* The central test: worlds made at random are simulated and captured, and the dissector reads the
 * capture. What it makes of it must be what the programs of the world had in their hands:
 *
 *     sockets ── octets as programs took them ──────────────┬─> the same octets
 *        │                                                   │
 *        └─> a dialogue at the socket ─> lines, messages ──┐ │
 *                                                          ├─┴─> equal
 *     frames ─> streams, conversations ─> lines, messages ─┘
 *
 * MAILWALK_SEEDS=FROM-TO plays other seeds than those of the unit test. */

#define SEEDS_DEFAULT 300
#define LINK_ETHERNET 1

/* One direction of a connection, known by "from>to". */
typedef struct {
    GByteArray *sockets; /* what the program that received took */
    GByteArray *rebuilt; /* what the streams of the capture hold */
    guint64 gap_octets;
} Direction;

/* What was said on a connection, one line for each event and side. */
typedef struct {
    const DialogueClass *class;
    void *dialogue;
    guint64 said_digest[2]; /* of the message under way, by side */
    guint64 dissected_digest[2];
    GString *said[2];
    GString *dissected[2];
} Talk;

typedef struct {
    guint64 seed;
    GHashTable *directions; /* "a:1>b:2" -> Direction */
    GHashTable *talks;      /* the client's direction -> Talk */
    StreamTable *streams;
    PacketDecoder *decoder;
    Dissector *dissector;
    guint64 frames;
    guint connections_compared;
    guint lines_compared;
} Central;

static void free_direction(gpointer data)
{
    Direction *direction = data;
    g_byte_array_unref(direction->sockets);
    g_byte_array_unref(direction->rebuilt);
    g_free(direction);
}

static void free_talk(gpointer data)
{
    Talk *talk = data;
    if (talk->dialogue != NULL) {
        talk->class->clear(talk->dialogue);
        g_free(talk->dialogue);
    }
    for (guint i = 0; i < 2; i++) {
        g_string_free(talk->said[i], TRUE);
        g_string_free(talk->dissected[i], TRUE);
    }
    g_free(talk);
}

static Direction *direction_of(Central *central, const char *key)
{
    Direction *direction = g_hash_table_lookup(central->directions, key);
    if (direction == NULL) {
        direction = g_new0(Direction, 1);
        direction->sockets = g_byte_array_new();
        direction->rebuilt = g_byte_array_new();
        g_hash_table_insert(central->directions, g_strdup(key), direction);
    }
    return direction;
}

static const DialogueClass *class_of_port(guint16 port)
{
    switch (port) {
    case 25:
    case 587:
        return &smtp_dialogue_class;
    case 110:
        return &pop3_dialogue_class;
    case 143:
        return &imap_dialogue_class;
    case 80:
        return &http_dialogue_class;
    default:
        return NULL;
    }
}

static Talk *talk_of(Central *central, const char *key, guint16 port)
{
    Talk *talk = g_hash_table_lookup(central->talks, key);
    const DialogueClass *class = class_of_port(port);
    if (talk == NULL && class != NULL) {
        talk = g_new0(Talk, 1);
        talk->class = class;
        talk->dialogue = g_malloc0(class->size);
        class->init(talk->dialogue);
        for (guint i = 0; i < 2; i++) {
            talk->said[i] = g_string_new(NULL);
            talk->dissected[i] = g_string_new(NULL);
        }
        g_hash_table_insert(central->talks, g_strdup(key), talk);
    }
    return talk;
}

/* --- events as lines --- */

static void note(GString *log, guint64 *digest, const DialogueEvent *event)
{
    if (event->kind == DIALOGUE_EVENT_MESSAGE_DATA) {
        for (gsize i = 0; i < event->text.length; i++) {
            *digest = (*digest ^ event->text.data[i]) * G_GUINT64_CONSTANT(1099511628211);
        }
        return;
    }
    g_autofree char *text = byte_span_to_display(event->text);
    g_string_append_printf(
        log,
        "%d %" G_GUINT64_FORMAT " %x %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " %s",
        event->kind,
        event->exchange,
        event->defects,
        event->from,
        event->to,
        text
    );
    if (event->kind == DIALOGUE_EVENT_MESSAGE_END) {
        g_string_append_printf(
            log,
            " message of %" G_GUINT64_FORMAT "%s, %" G_GINT64_MODIFIER "x",
            event->message->octets,
            event->message->is_complete ? "" : " NOT COMPLETE",
            *digest
        );
        *digest = 0;
    }
    if (event->kind == DIALOGUE_EVENT_CREDENTIAL) {
        g_autofree char *identity = byte_span_to_display(event->credential->identity);
        g_string_append_printf(log, " %s %d", identity, event->credential->succeeded);
    }
    g_string_append_c(log, '\n');
}

static void drain(Talk *talk)
{
    DialogueEvent event;
    while (talk->class->next(talk->dialogue, &event)) {
        note(talk->said[event.side], &talk->said_digest[event.side], &event);
    }
}

/* --- at the sockets --- */

static char *
key_of(const SimAddress *from, guint16 from_port, const SimAddress *to, guint16 to_port)
{
    char left[SIM_ADDRESS_TEXT_SIZE];
    char right[SIM_ADDRESS_TEXT_SIZE];
    return g_strdup_printf(
        "%s:%u>%s:%u",
        sim_address_format(from, left),
        from_port,
        sim_address_format(to, right),
        to_port
    );
}

static void on_socket(const SimTcp *tcp, ByteSpan octets, gpointer data)
{
    Central *central = data;
    const SimAddress *local = sim_tcp_local_address(tcp);
    const SimAddress *remote = sim_tcp_remote_address(tcp);
    guint16 local_port = sim_tcp_local_port(tcp);
    guint16 remote_port = sim_tcp_remote_port(tcp);
    g_autofree char *key = key_of(remote, remote_port, local, local_port);
    g_byte_array_append(direction_of(central, key)->sockets, octets.data, (guint)octets.length);
    bool is_server = local_port < remote_port;
    g_autofree char *talk_key =
        is_server ? g_strdup(key) : key_of(local, local_port, remote, remote_port);
    Talk *talk = talk_of(central, talk_key, is_server ? local_port : remote_port);
    if (talk != NULL) {
        talk->class->feed(talk->dialogue, is_server ? DIALOGUE_CLIENT : DIALOGUE_SERVER, octets);
        drain(talk);
    }
}

/* --- in the capture --- */

static char *stream_key(const Stream *stream, StreamDirection direction)
{
    char left[PACKET_ADDRESS_TEXT_SIZE];
    char right[PACKET_ADDRESS_TEXT_SIZE];
    PacketAddress from = stream_address(stream, direction);
    PacketAddress to = stream_address(stream, stream_direction_other(direction));
    return g_strdup_printf(
        "%s:%u>%s:%u",
        packet_address_format(&from, left),
        stream_port(stream, direction),
        packet_address_format(&to, right),
        stream_port(stream, stream_direction_other(direction))
    );
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    g_autofree char *key = stream_key(stream, direction);
    g_byte_array_append(
        direction_of(owner, key)->rebuilt, data->octets.data, (guint)data->octets.length
    );
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    g_autofree char *key = stream_key(stream, direction);
    direction_of(owner, key)->gap_octets += gap->length;
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    Central *central = owner;
    if (event->kind != DISSECT_DIALOGUE) {
        return;
    }
    const Stream *stream = event->conversation->stream;
    g_autofree char *key = stream_key(stream, STREAM_FROM_CLIENT);
    Talk *talk = talk_of(central, key, stream_port(stream, STREAM_FROM_SERVER));
    if (talk != NULL) {
        DialogueSide side = event->dialogue->side;
        note(talk->dissected[side], &talk->dissected_digest[side], event->dialogue);
    }
}

static void on_frame(gpointer owner, const SimTapFrame *frame)
{
    Central *central = owner;
    CaptureFrame captured = {
        .number = ++central->frames,
        .time_ns = frame->time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)frame->octets.length,
        .original_length = (guint32)frame->octets.length,
        .data = frame->octets.data,
    };
    Packet packet;
    packet_decoder_decode(central->decoder, &captured, &packet);
    stream_table_packet(central->streams, &packet);
    dissector_frame(central->dissector, &captured);
}

static void on_chapter(gpointer owner, SimTime time, const char *title, const char *text)
{
    (void)owner;
    (void)time;
    (void)title;
    (void)text;
}

/* --- comparing --- */

static void fail_seed(const Central *central, const char *what, const char *key)
{
    g_autofree char *text = central_world_text(central->seed);
    fail_msg(
        "%s (%s)\nMAILWALK_SEEDS=%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT
        " tests/central-test-central shows it again; the world:\n%s",
        what,
        key,
        central->seed,
        central->seed,
        text
    );
}

/* A program may close without having read all; what it read stands in the capture, nothing else. */
static void compare_octets(Central *central, const char *key, const Direction *direction)
{
    const GByteArray *sockets = direction->sockets;
    if (direction->gap_octets > 0 || direction->rebuilt->len < sockets->len ||
        memcmp(direction->rebuilt->data, sockets->data, sockets->len) != 0) {
        fail_seed(central, "the stream is not what the program received", key);
    }
}

static void compare_talk(Central *central, const char *key, const Talk *talk)
{
    for (guint side = 0; side < 2; side++) {
        const char *said = talk->said[side]->str;
        const char *dissected = talk->dissected[side]->str;
        if (!g_str_has_prefix(dissected, said)) {
            gsize at = 0;
            while (said[at] == dissected[at] && said[at] != '\0') {
                at++;
            }
            while (at > 0 && said[at - 1] != '\n') {
                at--;
            }
            g_autofree char *what = g_strdup_printf(
                "the dissector reads otherwise\nsaid:      %.200s\ndissected: %.200s",
                said + at,
                dissected + at
            );
            fail_seed(central, what, key);
        }
        for (const char *line = said; *line != '\0'; line++) {
            central->lines_compared += *line == '\n';
        }
    }
    central->connections_compared++;
}

static void play_seed(guint64 seed, guint *connections, guint *lines)
{
    Central central = {.seed = seed};
    central.directions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_direction);
    central.talks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_talk);
    StreamSink sink = {.data = on_data, .gap = on_gap};
    PacketDecoderOptions packets = packet_decoder_default_options();
    DissectSink dissect = {.event = on_event};
    central.streams = stream_table_new(&sink, &central, NULL);
    central.decoder = packet_decoder_new(&packets);
    central.dissector = dissector_new(NULL, &dissect, &central);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = central_world_text(seed);
    g_autoptr(Scenario) scenario = scenario_parse("central", text, &error);
    if (scenario == NULL) {
        fail_seed(&central, error->message, "scenario");
    }
    ScenarioObserver observer = {.frame = on_frame, .chapter = on_chapter, .owner = &central};
    ScenarioRunOptions options = {.seed = seed};
    g_autoptr(ScenarioRun) run = scenario_run_new(scenario, &options, &observer, &error);
    if (run == NULL) {
        fail_seed(&central, error->message, "scenario");
    }
    sim_world_watch_sockets(scenario_run_world(run), on_socket, &central);
    if (!scenario_run_play(run, &error)) {
        fail_seed(&central, error->message, "scenario");
    }
    stream_table_finish(central.streams);
    dissector_finish(central.dissector);
    GHashTableIter all;
    gpointer key;
    gpointer value;
    g_hash_table_iter_init(&all, central.directions);
    while (g_hash_table_iter_next(&all, &key, &value)) {
        compare_octets(&central, key, value);
    }
    g_hash_table_iter_init(&all, central.talks);
    while (g_hash_table_iter_next(&all, &key, &value)) {
        compare_talk(&central, key, value);
    }
    *connections += central.connections_compared;
    *lines += central.lines_compared;
    dissector_free(central.dissector);
    packet_decoder_free(central.decoder);
    stream_table_free(central.streams);
    g_hash_table_unref(central.talks);
    g_hash_table_unref(central.directions);
}

static void what_is_simulated_is_what_is_dissected(void **state)
{
    guint64 from = 1;
    guint64 to = SEEDS_DEFAULT;
    guint connections = 0;
    guint lines = 0;
    const char *seeds = g_getenv("MAILWALK_SEEDS");
    (void)state;
    if (seeds != NULL &&
        sscanf(seeds, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, &from, &to) != 2) {
        fail_msg("MAILWALK_SEEDS is FROM-TO, as in 1-1000");
    }
    for (guint64 seed = from; seed <= to; seed++) {
        play_seed(seed, &connections, &lines);
    }
    print_message(
        "# %" G_GUINT64_FORMAT " worlds, %u connections, %u lines compared\n",
        to - from + 1,
        connections,
        lines
    );
    assert_true(connections >= to - from + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_simulated_is_what_is_dissected),
    };
    return cmocka_run_group_tests_name("central", tests, NULL, NULL);
}
