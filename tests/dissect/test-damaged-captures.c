#include "tests/support/test.h"

#include "dissect/capture/capture-reader.h"
#include "dissect/packet/packet-decoder.h"
#include "dissect/stream/stream-table.h"

#include <string.h>

/* Whatever a file holds, reading it ends, stays within its bounds, and gives every octet of a
 * direction once. The captures come from the folder that MAILWALK_FOREIGN_CAPTURES names, each as
 * it is, cut off at many places, and with many octets changed. */

#define CUTS 200
#define CHANGES 1000
#define CHANGED_COPIES 10

typedef struct {
    guint64 next[2];
    guint64 number;
} Place;

typedef struct {
    StreamTable *table;
    guint64 events;
} Owner;

static void
take(Owner *owner, Stream *stream, StreamDirection direction, guint64 offset, guint64 length)
{
    Place *place = stream_table_user_data(owner->table, stream);
    assert_true(length > 0);
    assert_int_equal(offset, place->next[direction]);
    place->next[direction] += length;
    assert_int_equal(stream_offset(stream, direction), place->next[direction]);
}

static void
on_data(gpointer owner, Stream *stream, StreamDirection direction, const StreamData *data)
{
    take(owner, stream, direction, data->offset, data->octets.length);
    /* Every octet can be read. */
    guint sum = 0;
    for (gsize i = 0; i < data->octets.length; i++) {
        sum += data->octets.data[i];
    }
    ((Owner *)owner)->events += sum > 0;
}

static void on_gap(gpointer owner, Stream *stream, StreamDirection direction, const StreamGap *gap)
{
    take(owner, stream, direction, gap->offset, gap->length);
}

static void on_event(gpointer owner, Stream *stream, const StreamEvent *event)
{
    (void)stream;
    ((Owner *)owner)->events += event->octets.length + 1;
}

static void
on_overlap(gpointer owner, Stream *stream, StreamDirection direction, const StreamOverlap *overlap)
{
    (void)stream;
    (void)direction;
    ((Owner *)owner)->events++;
    assert_true(overlap->first.length > 0);
    assert_int_equal(overlap->first.length, overlap->last.length);
    assert_memory_not_equal(overlap->first.data, overlap->last.data, overlap->first.length);
}

static void on_frame(
    gpointer owner, Stream *stream, StreamDirection direction, const Packet *packet, guint32 notes
)
{
    (void)stream;
    (void)direction;
    (void)notes;
    ((Owner *)owner)->events += packet->payload.length;
}

static void check_packet(const Packet *packet)
{
    for (guint32 i = 0; i < packet->layer_count; i++) {
        const PacketLayer *layer = &packet->layers[i];
        gsize room =
            layer->is_reassembled ? packet->reassembled.length : packet->frame->captured_length;
        /* Layers of an outer datagram lie in a buffer that is no longer named. */
        assert_true(layer->is_reassembled || layer->offset + layer->length <= room);
        assert_non_null(packet_layer_name(layer->kind));
    }
    assert_non_null(packet_problem_text(packet->problem));
    TcpOptions options;
    packet_read_tcp_options(packet->tcp_options, &options);
    guint32 octets = 0;
    for (guint32 i = 0; i < packet->piece_count; i++) {
        assert_int_equal(packet->pieces[i].offset, octets);
        octets += packet->pieces[i].length;
    }
}

static void run(ByteSpan octets, bool shows_frames)
{
    g_autoptr(CaptureReader) reader = capture_reader_open_memory(octets, NULL);
    if (reader == NULL) {
        return;
    }
    Owner owner = {0};
    StreamSink sink = {
        .data = on_data,
        .gap = on_gap,
        .event = on_event,
        .overlap = on_overlap,
        .frame = shows_frames ? on_frame : NULL,
    };
    StreamTableOptions options = stream_table_default_options();
    options.user_data_size = sizeof(Place);
    g_autoptr(PacketDecoder) decoder = packet_decoder_new(NULL);
    g_autoptr(StreamTable) table = stream_table_new(&sink, &owner, &options);
    owner.table = table;
    CaptureFrame frame;
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
        Packet packet;
        packet_decoder_decode(decoder, &frame, &packet);
        check_packet(&packet);
        stream_table_packet(table, &packet);
    }
    const CaptureDamage *damage = capture_reader_damage(reader);
    if (damage != NULL) {
        assert_true(damage->offset <= octets.length);
        assert_int_equal(damage->frame, capture_reader_frames(reader) + 1);
        assert_non_null(damage->message);
    }
    packet_decoder_finish(decoder);
    stream_table_finish(table);
}

/* In a block of its own size, so that a read past its end is seen. */
static void run_copy(const char *octets, gsize length, bool shows_frames)
{
    g_autofree guint8 *copy = g_memdup2(octets, length);
    run(byte_span(copy, length), shows_frames);
}

static void run_file(const char *path)
{
    g_autofree char *octets = NULL;
    gsize length;
    assert_true(g_file_get_contents(path, &octets, &length, NULL));
    run_copy(octets, length, true);
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)length);
    if (length == 0) {
        return;
    }
    for (int i = 0; i < CUTS; i++) {
        run_copy(octets, (gsize)g_rand_double_range(random, 0, (double)length), i % 2 == 0);
    }
    for (int i = 0; i < CHANGED_COPIES; i++) {
        g_autofree char *changed = g_memdup2(octets, length);
        /* The file's own header stays now and then, or little more than it would be tested. */
        gsize from = i % 2 == 0 ? 0 : MIN(length - 1, 24);
        for (int j = 0; j < CHANGES; j++) {
            gsize at = (gsize)g_rand_double_range(random, (double)from, (double)length);
            changed[at] = (char)g_rand_int_range(random, 0, 256);
        }
        run_copy(changed, length, i % 2 == 0);
        for (int j = 0; j < 10; j++) {
            g_autofree char *few = g_memdup2(octets, length);
            for (int k = 0; k <= j; k++) {
                gsize at = (gsize)g_rand_double_range(random, (double)from, (double)length);
                few[at] = (char)g_rand_int_range(random, 0, 256);
            }
            run_copy(few, length, j % 2 == 0);
        }
    }
}

static void test_damaged_captures(void **state)
{
    (void)state;
    const char *top = g_getenv("MAILWALK_FOREIGN_CAPTURES");
    if (top == NULL) {
        print_message("# skipped: MAILWALK_FOREIGN_CAPTURES names no folder of captures\n");
        return;
    }
    const char *const groups[] = {"mail", "stress"};
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_autofree char *path = g_build_filename(top, groups[i], NULL);
        g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
        const char *name;
        while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
            print_message("# %s\n", name);
            g_autofree char *file = g_build_filename(path, name, NULL);
            run_file(file);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_captures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
