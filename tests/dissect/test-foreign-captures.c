#include "tests/support/test.h"

#include "dissect/capture/capture-pump.h"
#include "dissect/packet/packet-decoder.h"
#include "dissect/stream/stream-table.h"

#include <stdio.h>
#include <string.h>

/* Captures of other people are not part of the project. Where the environment variable
 * MAILWALK_FOREIGN_CAPTURES names a folder of them, with sub-folders of captures and one named
 * "truth", the octets of each stream are compared with what another program rebuilt:
 * truth/NAME/streamNNN.c2s.bin and .s2c.bin, a gap being written as a line in brackets. */

typedef struct {
    GPtrArray *octets;  /* two GByteArray for each stream */
    GPtrArray *clients; /* "address:port" of each, closed by a quote as in the truth */
} Rebuilt;

static GByteArray *bytes_of(Rebuilt *rebuilt, const Stream *stream, StreamDirection direction)
{
    guint index = (guint)stream_number(stream) * 2 + direction;
    while (rebuilt->octets->len <= index) {
        g_ptr_array_add(rebuilt->octets, g_byte_array_new());
    }
    return rebuilt->octets->pdata[index];
}

static void on_opened(gpointer owner, Stream *stream, const Packet *packet)
{
    (void)packet;
    Rebuilt *rebuilt = owner;
    PacketAddress address = stream_address(stream, STREAM_FROM_CLIENT);
    char text[PACKET_ADDRESS_TEXT_SIZE];
    packet_address_format(&address, text);
    unsigned port = stream_port(stream, STREAM_FROM_CLIENT);
    char *client = address.version == 6 ? g_strdup_printf("[%s]:%u\"", text, port)
                                        : g_strdup_printf("%s:%u\"", text, port);
    g_ptr_array_add(rebuilt->clients, client);
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    g_byte_array_append(
        bytes_of(owner, stream, direction), data->octets.data, (guint)data->octets.length
    );
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    char text[80];
    snprintf(
        text, sizeof text, "[%" G_GUINT64_FORMAT " bytes missing in capture file]", gap->length
    );
    g_byte_array_append(
        bytes_of(owner, stream, direction), (const guint8 *)text, (guint)strlen(text) + 1
    );
}

/* Where this project and the other program differ with reason. */
typedef struct {
    const char *capture;
    guint frame;
    const char *reason;
} Exception;

static const Exception exceptions[] = {
    {
        .capture = "zeek_tcp__truncated-header.pcap",
        .frame = 4,
        .reason = "every frame is cut off before its payload: a gap here, nothing there",
    },
    {
        .capture = "zeek_tcp__retransmit-fast009.pcap",
        .frame = 4,
        .reason = "every frame is cut off before its payload: a gap here, nothing there",
    },
    {
        .capture = "zeek_tcp__miss_end_data.pcap",
        .frame = 6,
        .reason = "2,902 octets before this FIN were never captured, though frame 7 acknowledges "
                  "them: a gap here, nothing there",
    },
    {
        .capture = "zeek_tcp__reassembly.pcap",
        .frame = 39,
        .reason = "repeats octets of frame 16 and differs; frame 16 has a bad checksum and this "
                  "one a good one, so this one stands here and frame 16 there",
    },
    {
        .capture = "arkime_tcpseq_synthetic.pcap",
        .frame = 2,
        .reason = "begins 251,658,104 octets behind the end of frame 1: a gap and its octets here, "
                  "nothing there",
    },
};

static bool is_excepted(const char *capture)
{
    for (gsize i = 0; i < G_N_ELEMENTS(exceptions); i++) {
        if (strcmp(exceptions[i].capture, capture) == 0) {
            print_message(
                "# %s differs as expected, frame %u: %s\n",
                capture,
                exceptions[i].frame,
                exceptions[i].reason
            );
            return true;
        }
    }
    return false;
}

static Rebuilt *rebuild(const char *path, CapturePumpThreads threads)
{
    Rebuilt *rebuilt = g_new0(Rebuilt, 1);
    rebuilt->octets = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    rebuilt->clients = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(CaptureReader) reader = capture_reader_open(path, 1, NULL);
    if (reader == NULL) {
        return rebuilt;
    }
    StreamSink sink = {.opened = on_opened, .data = on_data, .gap = on_gap};
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    g_autoptr(StreamTable) table = stream_table_new(&sink, rebuilt, NULL);
    g_autoptr(CapturePump) pump = capture_pump_new(reader, threads);
    CaptureBatch batch;
    while (capture_pump_next(pump, &batch)) {
        for (gsize i = 0; i < batch.count; i++) {
            Packet packet;
            packet_decoder_decode(decoder, &batch.frames[i], &packet);
            stream_table_packet(table, &packet);
        }
    }
    packet_decoder_finish(decoder);
    stream_table_finish(table);
    return rebuilt;
}

static void rebuilt_free(Rebuilt *rebuilt)
{
    g_ptr_array_unref(rebuilt->octets);
    g_ptr_array_unref(rebuilt->clients);
    g_free(rebuilt);
}

/* The truth of some captures names the sides by what it calls node 0 and node 1. */
static bool is_client_node(const char *folder, const Rebuilt *rebuilt, guint stream, guint node)
{
    g_autofree char *path = g_build_filename(folder, "info.json", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_autofree char *key = g_strdup_printf("\"stream\": %u,", stream);
    const char *place = strstr(text, key);
    assert_non_null(place);
    place = strstr(place, node == 0 ? "\"node0\": \"" : "\"node1\": \"");
    assert_non_null(place);
    const char *client = rebuilt->clients->pdata[stream];
    return strncmp(place + 10, client, strlen(client)) == 0;
}

/* Which octets a file of truth is about; false: it is another kind of file. */
static bool
find_index(const char *folder, const char *name, const Rebuilt *rebuilt, guint *out_index)
{
    unsigned stream;
    unsigned node;
    char way[4];
    if (sscanf(name, "stream%u.%3[cs2].bin", &stream, way) == 2) {
        *out_index = stream * 2 + (strcmp(way, "c2s") == 0 ? 0 : 1);
        return true;
    }
    if (sscanf(name, "stream%u.node%u.bin", &stream, &node) == 2) {
        assert_true(stream < rebuilt->clients->len);
        *out_index = stream * 2 + (is_client_node(folder, rebuilt, stream, node) ? 0 : 1);
        return true;
    }
    return false;
}

static void compare_file(
    const char *folder, const char *name, const char *capture, Rebuilt *rebuilt, guint *failures
)
{
    guint index;
    if (!find_index(folder, name, rebuilt, &index)) {
        return;
    }
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *truth = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &truth, &length, NULL));
    const GByteArray *octets = index < rebuilt->octets->len ? rebuilt->octets->pdata[index] : NULL;
    gsize ours = octets != NULL ? octets->len : 0;
    if (ours == length && (length == 0 || memcmp(octets->data, truth, length) == 0)) {
        return;
    }
    if (is_excepted(capture)) {
        return;
    }
    gsize same = 0;
    while (same < MIN(ours, length) && octets->data[same] == (guint8)truth[same]) {
        same++;
    }
    print_message(
        "# %s: %s: %zu octets, expected %zu; the first %zu agree\n",
        capture,
        name,
        ours,
        length,
        same
    );
    (*failures)++;
}

static void compare_capture(const char *top, const char *group, const char *name, guint *failures)
{
    g_autofree char *truth = g_build_filename(top, "truth", name, NULL);
    g_autofree char *path = g_build_filename(top, group, name, NULL);
    Rebuilt *rebuilt = rebuild(path, CAPTURE_PUMP_ONE_THREAD);
    g_autoptr(GDir) folder = g_dir_open(truth, 0, NULL);
    const char *file;
    while (folder != NULL && (file = g_dir_read_name(folder)) != NULL) {
        compare_file(truth, file, name, rebuilt, failures);
    }
    rebuilt_free(rebuilt);
}

static void assert_same_with_two_threads(const char *top, const char *group, const char *name)
{
    g_autofree char *path = g_build_filename(top, group, name, NULL);
    Rebuilt *one = rebuild(path, CAPTURE_PUMP_ONE_THREAD);
    Rebuilt *two = rebuild(path, CAPTURE_PUMP_TWO_THREADS);
    assert_int_equal(one->octets->len, two->octets->len);
    for (guint i = 0; i < one->octets->len; i++) {
        const GByteArray *left = one->octets->pdata[i];
        const GByteArray *right = two->octets->pdata[i];
        assert_int_equal(left->len, right->len);
        assert_memory_equal(left->data, right->data, left->len);
    }
    rebuilt_free(one);
    rebuilt_free(two);
}

static void test_streams_equal_truth(void **state)
{
    (void)state;
    const char *top = g_getenv("MAILWALK_FOREIGN_CAPTURES");
    if (top == NULL) {
        print_message("# skipped: MAILWALK_FOREIGN_CAPTURES names no folder of captures\n");
        return;
    }
    guint failures = 0;
    const char *const groups[] = {"mail", "stress"};
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_autofree char *path = g_build_filename(top, groups[i], NULL);
        g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
        const char *name;
        while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
            compare_capture(top, groups[i], name, &failures);
            assert_same_with_two_threads(top, groups[i], name);
        }
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams_equal_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
