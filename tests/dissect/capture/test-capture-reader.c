#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/capture/capture-pump.h"
#include "dissect/capture/capture-reader.h"

#include <fcntl.h>
#include <unistd.h>

static ByteSpan span_of(const GByteArray *octets)
{
    return byte_span(octets->data, octets->len);
}

static CaptureReader *open_octets(const GByteArray *octets)
{
    GError *error = NULL;
    CaptureReader *reader = capture_reader_open_memory(span_of(octets), &error);
    if (error != NULL) {
        print_message("# %s\n", error->message);
    }
    assert_null(error);
    return reader;
}

static void test_orders_and_resolutions(void **state)
{
    (void)state;
    for (guint way = 0; way < 4; way++) {
        bool has_nanoseconds = (way & 1) != 0;
        bool is_big = (way & 2) != 0;
        g_autoptr(GByteArray) file = frame_file_new(1, has_nanoseconds, is_big, 65535);
        frame_file_add(file, is_big, 1700000000, 123456, 90, BYTE_SPAN_LITERAL("first frame"));
        frame_file_add(file, is_big, 1700000001, 7, 3, BYTE_SPAN_LITERAL("two"));
        g_autoptr(CaptureReader) reader = open_octets(file);
        CaptureFrame frame;
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
        gint64 unit = has_nanoseconds ? 1 : 1000;
        assert_int_equal(frame.time_ns, 1700000000 * G_GINT64_CONSTANT(1000000000) + 123456 * unit);
        assert_int_equal(frame.number, 1);
        assert_int_equal(frame.link_type, 1);
        assert_int_equal(frame.captured_length, 11);
        assert_int_equal(frame.original_length, 90);
        assert_memory_equal(frame.data, "first frame", 11);
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
        assert_int_equal(frame.number, 2);
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_END);
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_END);
        assert_null(capture_reader_damage(reader));
        assert_int_equal(capture_reader_frames(reader), 2);
        assert_false(capture_reader_drops(reader).is_known);
        assert_non_null(strstr(capture_reader_format(reader), has_nanoseconds ? "nano" : "micro"));
    }
}

/* Seconds have 32 bits without a sign: times after 2038 do not become negative. */
static void test_late_times(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_file_new(1, false, false, 65535);
    frame_file_add(file, false, 0xfffffffe, 1, 1, BYTE_SPAN_LITERAL("a"));
    frame_file_add(file, false, 5, 1000000, 1, BYTE_SPAN_LITERAL("b"));
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
    assert_int_equal(frame.time_ns, 0xfffffffe * G_GINT64_CONSTANT(1000000000) + 1000);
    assert_false(frame.has_bad_time);
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
    assert_true(frame.has_bad_time);
    assert_int_equal(frame.time_ns, 5 * G_GINT64_CONSTANT(1000000000) + 999999999);
}

/* A file whose frames are longer than the snapshot length it claims is read in full. */
static void test_frames_longer_than_the_snapshot(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_file_new(1, false, false, 4);
    frame_file_add(file, false, 1, 1, 10, BYTE_SPAN_LITERAL("0123456789"));
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
    assert_int_equal(frame.captured_length, 10);

    g_autoptr(GByteArray) pcapng = frame_pcapng_new();
    frame_pcapng_interface(pcapng, 1, 4, false);
    frame_pcapng_interface(pcapng, 1, 8, false);
    frame_pcapng_add(pcapng, 0, 1, BYTE_SPAN_LITERAL("0123456789"));
    g_autoptr(CaptureReader) other = open_octets(pcapng);
    assert_int_equal(capture_reader_next(other, &frame), CAPTURE_FRAME);
    assert_int_equal(frame.captured_length, 10);
}

/* Interfaces of different links and resolutions, one of them announced late, and a second section;
 * libpcap alone refuses this. */
static void test_pcapng_with_several_links(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_pcapng_new();
    frame_pcapng_interface(file, 1, 65535, false);
    frame_pcapng_add(file, 0, 1000000, BYTE_SPAN_LITERAL("ethernet"));
    frame_pcapng_interface(file, 113, 0, true);
    frame_pcapng_interface(file, 101, 262144, false);
    frame_pcapng_add(file, 1, 2000000000, BYTE_SPAN_LITERAL("cooked"));
    frame_pcapng_add(file, 2, 3000000, BYTE_SPAN_LITERAL("raw"));
    frame_pcapng_add(file, 0, 4000000, BYTE_SPAN_LITERAL("ethernet again"));
    g_autoptr(GByteArray) section = frame_pcapng_new();
    frame_pcapng_interface(section, 105, 0, false);
    frame_pcapng_add(section, 0, 5000000, BYTE_SPAN_LITERAL("wireless"));
    g_byte_array_append(file, section->data, section->len);
    static const guint32 links[] = {1, 113, 101, 1, 105};
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
        assert_int_equal(frame.link_type, links[i]);
        assert_int_equal(frame.time_ns, (gint64)(i + 1) * 1000000000);
    }
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_END);
}

/* Raw IP has one number in files and another one inside libpcap, which then finds that two raw
 * interfaces differ. */
static void test_pcapng_with_raw_links(void **state)
{
    (void)state;
    static const guint16 links[] = {101, 101, 1, 228};
    g_autoptr(GByteArray) file = frame_pcapng_new();
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        frame_pcapng_interface(file, links[i], 0, false);
    }
    for (guint i = 0; i < G_N_ELEMENTS(links); i++) {
        frame_pcapng_add(file, i, 1000000, BYTE_SPAN_LITERAL("octets"));
    }
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
        assert_int_equal(frame.link_type, links[i]);
    }
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_END);
}

/* Cut at every octet: all frames before the cut, then where it is. */
static void test_cut_everywhere(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_file_new(1, false, false, 65535);
    guint starts[4] = {24};
    for (guint i = 1; i <= 3; i++) {
        frame_file_add(file, false, i, i, 20, BYTE_SPAN_LITERAL("some octets"));
        starts[i] = file->len;
    }
    for (guint length = 24; length < file->len; length++) {
        g_autoptr(GByteArray) cut = frame_new_bytes(file->data, length);
        g_autoptr(CaptureReader) reader = open_octets(cut);
        guint whole = 0;
        while (starts[whole + 1] <= length) {
            whole++;
        }
        CaptureFrame frame;
        for (guint i = 0; i < whole; i++) {
            assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
        }
        CaptureResult result = capture_reader_next(reader, &frame);
        if (length == starts[whole]) {
            assert_int_equal(result, CAPTURE_END);
            continue;
        }
        assert_int_equal(result, CAPTURE_DAMAGED);
        const CaptureDamage *damage = capture_reader_damage(reader);
        assert_true(damage->is_cut);
        assert_int_equal(damage->frame, whole + 1);
        assert_int_equal(damage->offset, starts[whole]);
        assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_DAMAGED);
    }
}

static void test_damage_in_the_middle(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_file_new(1, false, false, 65535);
    frame_file_add(file, false, 1, 1, 20, BYTE_SPAN_LITERAL("good"));
    guint bad = file->len;
    frame_file_add(file, false, 2, 1, 20, BYTE_SPAN_LITERAL("bad"));
    file->data[bad + 11] = 0x7f; /* a captured length of two thousand million */
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_DAMAGED);
    const CaptureDamage *damage = capture_reader_damage(reader);
    assert_false(damage->is_cut);
    assert_int_equal(damage->frame, 2);
    assert_int_equal(damage->offset, bad);
    assert_non_null(strstr(damage->message, "frame 2"));
}

static void test_damage_in_pcapng(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = frame_pcapng_new();
    frame_pcapng_interface(file, 1, 0, false);
    frame_pcapng_add(file, 0, 1, BYTE_SPAN_LITERAL("good"));
    guint bad = file->len;
    frame_pcapng_add(file, 0, 2, BYTE_SPAN_LITERAL("bad"));
    guint after = file->len;
    frame_pcapng_add(file, 0, 3, BYTE_SPAN_LITERAL("more"));
    file->data[after - 4] = 99; /* the length behind the block is not the one before it */
    g_autoptr(CaptureReader) reader = open_octets(file);
    CaptureFrame frame;
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_FRAME);
    assert_int_equal(capture_reader_next(reader, &frame), CAPTURE_DAMAGED);
    assert_int_equal(capture_reader_damage(reader)->frame, 2);
    assert_int_equal(capture_reader_damage(reader)->offset, bad);
}

typedef struct {
    const char *name;
    const char *octets;
    gsize length;
    CaptureError code;
    const char *says;
    const char *advises;
} RefusedCase;

#define OCTETS(text) .octets = (text), .length = sizeof(text) - 1

static const RefusedCase refused[] = {
    {.name = "empty", OCTETS(""), .code = CAPTURE_ERROR_EMPTY, .says = "empty", .advises = "again"},
    {.name = "NetMon",
     OCTETS("GMBU\0\2\1\0"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "Network Monitor",
     .advises = "editcap"},
    {.name = "snoop",
     OCTETS("snoop\0\0\0\0\0\0\2\0\0\0\4"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "snoop",
     .advises = "editcap"},
    {.name = "ERF",
     OCTETS("\0\0\0\0\0\x60\x1d\x65\2\4\0\x50\0\0\0\x3c"
            "0123456789012345"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "ERF",
     .advises = "editcap"},
    {.name = "gzip",
     OCTETS("\x1f\x8b\x08\0"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "gzip",
     .advises = "gunzip"},
    {.name = "zstd",
     OCTETS("\x28\xb5\x2f\xfd\x04"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "zstd",
     .advises = "zstd -dc"},
    {.name = "xz",
     OCTETS("\xfd"
            "7zXZ\0"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "xz",
     .advises = "xz -dc"},
    {.name = "a zip archive",
     OCTETS("PK\3\4"),
     .code = CAPTURE_ERROR_FORMAT,
     .says = "zip",
     .advises = "unzip"},
    {.name = "text",
     OCTETS("From alice@crepes.fr\r\nSubject: hi\r\n"),
     .code = CAPTURE_ERROR_NOT_KNOWN,
     .says = "text",
     .advises = "text2pcap"},
    {.name = "something else",
     OCTETS("\x7f"
            "ELF\2\1\1\0\0\0"),
     .code = CAPTURE_ERROR_NOT_KNOWN,
     .says = "not a capture",
     .advises = "pcapng"},
    {.name = "a cut file header",
     OCTETS("\xd4\xc3\xb2\xa1\2\0\4\0"),
     .code = CAPTURE_ERROR_HEADER,
     .says = "header",
     .advises = "truncated"},
};

static void test_what_cannot_be_read(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        print_message("# %s\n", refused[i].name);
        g_autofree guint8 *copy = g_memdup2(refused[i].octets, refused[i].length);
        g_autoptr(GError) error = NULL;
        assert_null(capture_reader_open_memory(byte_span(copy, refused[i].length), &error));
        assert_true(g_error_matches(error, CAPTURE_ERROR, (gint)refused[i].code));
        assert_non_null(strstr(error->message, refused[i].says));
        assert_non_null(strstr(error->message, refused[i].advises));
    }
    g_autoptr(GError) error = NULL;
    assert_null(capture_reader_open("/no/such/folder/capture.pcap", 1, &error));
    assert_true(g_error_matches(error, CAPTURE_ERROR, CAPTURE_ERROR_OPEN));
    assert_non_null(strstr(error->message, "/no/such/folder/capture.pcap"));
}

static GByteArray *large_file(guint frames)
{
    GByteArray *file = frame_file_new(1, true, false, 65535);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    g_autofree guint8 *octets = g_malloc(70000);
    for (guint i = 0; i < frames; i++) {
        gsize length = (gsize)g_rand_int_range(random, 0, i % 100 == 0 ? 70000 : 1500);
        memset(octets, (int)(i & 0xff), length);
        frame_file_add(file, false, i, i, (guint32)length + i % 3, byte_span(octets, length));
    }
    return file;
}

static char *write_file(const GByteArray *octets)
{
    char *path = g_build_filename(g_get_tmp_dir(), "mailwalk-capture-XXXXXX", NULL);
    int descriptor = g_mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, octets->data, octets->len), octets->len);
    close(descriptor);
    return path;
}

/* From a file, with numbers that go on from another file. */
static void test_file(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = large_file(300);
    g_autofree char *path = write_file(file);
    g_autoptr(GError) error = NULL;
    g_autoptr(CaptureReader) reader = capture_reader_open(path, 1001, &error);
    assert_null(error);
    assert_int_equal(capture_reader_size(reader), file->len);
    CaptureFrame frame = {0};
    guint64 expected = 1001;
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
        assert_int_equal(frame.number, expected++);
    }
    assert_int_equal(expected, 1301);
    assert_int_equal(capture_reader_position(reader), file->len);
    unlink(path);
}

static void test_standard_input(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = large_file(20);
    g_autofree char *path = write_file(file);
    int kept = dup(STDIN_FILENO);
    int descriptor = open(path, O_RDONLY);
    assert_true(dup2(descriptor, STDIN_FILENO) == STDIN_FILENO);
    close(descriptor);
    CaptureReader *reader = capture_reader_open("-", 1, NULL);
    assert_non_null(reader);
    CaptureFrame frame;
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
    }
    assert_int_equal(capture_reader_frames(reader), 20);
    capture_reader_free(reader);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
    unlink(path);
}

static guint64 digest_frame(guint64 digest, const CaptureFrame *frame)
{
    digest = digest * 31 + frame->number;
    digest = digest * 31 + (guint64)frame->time_ns;
    digest = digest * 31 + frame->original_length;
    for (guint32 i = 0; i < frame->captured_length; i++) {
        digest = digest * 31 + frame->data[i];
    }
    return digest;
}

static guint64
digest_pumped(const GByteArray *file, CapturePumpThreads threads, guint64 *out_frames)
{
    g_autoptr(CaptureReader) reader = open_octets(file);
    CapturePump *pump = capture_pump_new(reader, threads);
    CaptureBatch batch;
    guint64 digest = 0;
    *out_frames = 0;
    while (capture_pump_next(pump, &batch)) {
        assert_true(batch.count > 0);
        for (gsize i = 0; i < batch.count; i++) {
            digest = digest_frame(digest, &batch.frames[i]);
        }
        *out_frames += batch.count;
    }
    assert_false(capture_pump_next(pump, &batch));
    capture_pump_free(pump);
    if (capture_reader_damage(reader) != NULL) {
        digest = digest * 31 + capture_reader_damage(reader)->offset;
    }
    return digest;
}

/* One thread, two threads and frame by frame give the same, for a whole file and for a cut one. */
static void test_pump(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = large_file(9000);
    for (guint way = 0; way < 2; way++) {
        if (way == 1) {
            g_byte_array_set_size(file, file->len - 5);
        }
        g_autoptr(CaptureReader) reader = open_octets(file);
        guint64 digest = 0;
        CaptureFrame frame;
        while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
            digest = digest_frame(digest, &frame);
        }
        if (capture_reader_damage(reader) != NULL) {
            digest = digest * 31 + capture_reader_damage(reader)->offset;
        }
        guint64 frames;
        assert_int_equal(digest_pumped(file, CAPTURE_PUMP_ONE_THREAD, &frames), digest);
        assert_int_equal(frames, 9000 - way);
        assert_int_equal(digest_pumped(file, CAPTURE_PUMP_TWO_THREADS, &frames), digest);
        assert_int_equal(frames, 9000 - way);
    }
}

/* Whoever has seen enough may leave at any time. */
static void test_pump_left_early(void **state)
{
    (void)state;
    g_autoptr(GByteArray) file = large_file(9000);
    for (guint batches = 0; batches < 8; batches++) {
        g_autoptr(CaptureReader) reader = open_octets(file);
        CapturePump *pump = capture_pump_new(reader, CAPTURE_PUMP_TWO_THREADS);
        CaptureBatch batch;
        for (guint i = 0; i < batches; i++) {
            capture_pump_next(pump, &batch);
        }
        capture_pump_free(pump);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_and_resolutions),
        cmocka_unit_test(test_late_times),
        cmocka_unit_test(test_frames_longer_than_the_snapshot),
        cmocka_unit_test(test_pcapng_with_several_links),
        cmocka_unit_test(test_pcapng_with_raw_links),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_damage_in_the_middle),
        cmocka_unit_test(test_damage_in_pcapng),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_pump),
        cmocka_unit_test(test_pump_left_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
