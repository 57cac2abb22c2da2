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
    GPtrArray *streams; /* two GByteArray each */
    guint gaps;
} Rebuilt;

static GByteArray *bytes_of(Rebuilt *rebuilt, const Stream *stream, StreamDirection direction)
{
    guint index = (guint)stream_number(stream) * 2 + direction;
    while (rebuilt->streams->len <= index) {
        g_ptr_array_add(rebuilt->streams, g_byte_array_new());
    }
    return rebuilt->streams->pdata[index];
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
    Rebuilt *rebuilt = owner;
    rebuilt->gaps++;
    char text[80];
    snprintf(
        text, sizeof text, "[%" G_GUINT64_FORMAT " bytes missing in capture file]", gap->length
    );
    g_byte_array_append(
        bytes_of(owner, stream, direction), (const guint8 *)text, (guint)strlen(text) + 1
    );
}

static Rebuilt *rebuild(const char *path, CapturePumpThreads threads)
{
    Rebuilt *rebuilt = g_new0(Rebuilt, 1);
    rebuilt->streams = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_autoptr(CaptureReader) reader = capture_reader_open(path, 1, NULL);
    if (reader == NULL) {
        return rebuilt;
    }
    StreamSink sink = {.data = on_data, .gap = on_gap};
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
    g_ptr_array_unref(rebuilt->streams);
    g_free(rebuilt);
}

static void compare_file(
    const char *folder, const char *name, const char *capture, Rebuilt *rebuilt, guint *failures
)
{
    unsigned number;
    char way[4];
    if (sscanf(name, "stream%u.%3[cs2].bin", &number, way) != 2) {
        return;
    }
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *truth = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &truth, &length, NULL));
    guint index = number * 2 + (strcmp(way, "c2s") == 0 ? 0 : 1);
    const GByteArray *octets =
        index < rebuilt->streams->len ? rebuilt->streams->pdata[index] : NULL;
    gsize ours = octets != NULL ? octets->len : 0;
    if (ours == length && (length == 0 || memcmp(octets->data, truth, length) == 0)) {
        return;
    }
    gsize same = 0;
    while (same < MIN(ours, length) && octets->data[same] == (guint8)truth[same]) {
        same++;
    }
    print_message(
        "%s: %s: %zu octets, expected %zu; the first %zu agree\n", capture, name, ours, length, same
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

static void test_streams_equal_truth(void **state)
{
    (void)state;
    const char *top = g_getenv("MAILWALK_FOREIGN_CAPTURES");
    if (top == NULL) {
        print_message("skipped: MAILWALK_FOREIGN_CAPTURES names no folder of captures\n");
        skip();
    }
    guint failures = 0;
    const char *const groups[] = {"mail", "stress"};
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_autofree char *path = g_build_filename(top, groups[i], NULL);
        g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
        const char *name;
        while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
            compare_capture(top, groups[i], name, &failures);
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
