#include "tests/support/frame-builder.h"
#include "tests/support/test.h"

#include "dissect/capture/capture-pump.h"
#include "dissect/capture/capture-reader-internal.h"

#include <fcntl.h>
#include <unistd.h>

/* Plain pcap files are cut into frames without libpcap, frame by frame they are read with it. Both
 * must say the same of every file, whole or damaged: here each says all that it finds in a text. */

#define CUTS 24
#define CHANGED_COPIES 24

static void say_frame(GString *text, const CaptureFrame *frame)
{
    guint64 digest = 0;
    for (guint32 i = 0; i < frame->captured_length; i++) {
        digest = digest * 31 + frame->data[i];
    }
    g_string_append_printf(
        text,
        "%" G_GUINT64_FORMAT " at %" G_GINT64_FORMAT "%s link %u: %u of %u, %" G_GUINT64_FORMAT
        "\n",
        frame->number,
        frame->time_ns,
        frame->has_bad_time ? " (bad)" : "",
        frame->link_type,
        frame->captured_length,
        frame->original_length,
        digest
    );
}

static void say_end(GString *text, const CaptureReader *reader)
{
    const CaptureDamage *damage = capture_reader_damage(reader);
    g_string_append_printf(
        text,
        "%" G_GUINT64_FORMAT " frames, %s",
        capture_reader_frames(reader),
        damage == NULL ? "whole" : damage->message
    );
    if (damage != NULL) {
        g_string_append_printf(
            text,
            ": %s, frame %" G_GUINT64_FORMAT ", octet %" G_GUINT64_FORMAT,
            damage->is_cut ? "cut" : "contradiction",
            damage->frame,
            damage->offset
        );
    }
}

static char *say_by_libpcap(CaptureReader *reader)
{
    GString *text = g_string_new(NULL);
    CaptureFrame frame;
    while (capture_reader_next(reader, &frame) == CAPTURE_FRAME) {
        say_frame(text, &frame);
    }
    say_end(text, reader);
    return g_string_free(text, FALSE);
}

static void say_batch(GString *text, const CaptureBatch *batch)
{
    for (gsize i = 0; i < batch->count; i++) {
        say_frame(text, &batch->frames[i]);
    }
}

static char *say_by_blocks(CaptureReader *reader, CapturePumpThreads threads)
{
    GString *text = g_string_new(NULL);
    g_autoptr(CapturePump) pump = capture_pump_new(reader, threads);
    CaptureBatch batch;
    while (capture_pump_next(pump, &batch)) {
        say_batch(text, &batch);
    }
    say_end(text, reader);
    return g_string_free(text, FALSE);
}

/* True: the file can be opened, and the same was found in it. */
static bool agree_on(ByteSpan octets, CapturePumpThreads threads)
{
    g_autoptr(CaptureReader) libpcap = capture_reader_open_memory(octets, NULL);
    g_autoptr(CaptureReader) blocks = capture_reader_open_memory(octets, NULL);
    assert_int_equal(libpcap == NULL, blocks == NULL);
    if (libpcap == NULL) {
        return false;
    }
    g_autofree char *expected = say_by_libpcap(libpcap);
    g_autofree char *found = say_by_blocks(blocks, threads);
    assert_string_equal(found, expected);
    return true;
}

static void agree_on_damaged(const char *octets, gsize length)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)length);
    for (int i = 0; i < CUTS; i++) {
        gsize cut = (gsize)g_rand_double_range(random, 24, (double)length);
        g_autofree guint8 *copy = g_memdup2(octets, cut);
        agree_on(byte_span(copy, cut), CAPTURE_PUMP_ONE_THREAD);
    }
    for (int i = 0; i < CHANGED_COPIES; i++) {
        g_autofree guint8 *copy = g_memdup2(octets, length);
        gsize from = i % 2 == 0 ? 0 : 24;
        for (int change = 0; change <= i; change++) {
            gsize at = (gsize)g_rand_double_range(random, (double)from, (double)length);
            copy[at] = (guint8)g_rand_int_range(random, 0, 256);
        }
        agree_on(byte_span(copy, length), CAPTURE_PUMP_ONE_THREAD);
    }
}

static void test_shipped_traces(void **state)
{
    (void)state;
    g_autofree char *top = g_build_filename(g_getenv("MAILWALK_TESTS"), "..", "traces", NULL);
    g_autoptr(GDir) folder = g_dir_open(top, 0, NULL);
    assert_non_null(folder);
    guint traces = 0;
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *path = g_build_filename(top, name, "trace.pcap", NULL);
        g_autofree char *octets = NULL;
        gsize length;
        if (!g_file_get_contents(path, &octets, &length, NULL)) {
            continue;
        }
        traces++;
        print_message("# %s\n", name);
        ByteSpan whole = byte_span((const guint8 *)octets, length);
        assert_true(agree_on(whole, CAPTURE_PUMP_ONE_THREAD));
        assert_true(agree_on(whole, CAPTURE_PUMP_TWO_THREADS));
        agree_on_damaged(octets, length);
    }
    assert_true(traces > 30);
}

static void add_frames(GByteArray *file, bool is_big, guint frames, gsize longest)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    g_autofree guint8 *octets = g_malloc(longest + 1);
    for (guint i = 0; i < frames; i++) {
        bool is_long = i % 64 == 63;
        gsize length = (gsize)g_rand_int_range(random, 0, is_long ? (gint)longest + 1 : 900);
        memset(octets, (int)(i & 0xff), length);
        ByteSpan span = byte_span(octets, length);
        frame_file_add(file, is_big, 1000 + i, i, (guint32)length + i % 3, span);
    }
}

typedef struct {
    const char *name;
    guint32 link_type;
    bool has_nanoseconds;
    bool is_big;
    bool has_blocks;
} FormCase;

static const FormCase form_cases[] = {
    {.name = "microseconds", .link_type = DLT_EN10MB, .has_blocks = true},
    {.name = "nanoseconds", .link_type = DLT_EN10MB, .has_nanoseconds = true, .has_blocks = true},
    {.name = "big-endian", .link_type = DLT_EN10MB, .is_big = true, .has_blocks = true},
    {
        .name = "big-endian nanoseconds",
        .link_type = DLT_NULL,
        .has_nanoseconds = true,
        .is_big = true,
        .has_blocks = true,
    },
    {.name = "cooked", .link_type = 113, .has_blocks = true},
    {.name = "cooked, big-endian: libpcap turns headers over", .link_type = 113, .is_big = true},
    {.name = "netfilter log", .link_type = 239},
};

/* Every form with frames up to the longest that libpcap takes, which span several blocks. */
static void test_forms(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(form_cases); i++) {
        const FormCase *form = &form_cases[i];
        print_message("# %s\n", form->name);
        g_autoptr(GByteArray) file =
            frame_file_new(form->link_type, form->has_nanoseconds, form->is_big, 65535);
        add_frames(file, form->is_big, 1500, CAPTURE_RECORD_LONGEST);
        ByteSpan octets = byte_span(file->data, file->len);
        g_autoptr(CaptureReader) reader = capture_reader_open_memory(octets, NULL);
        assert_int_equal(
            capture_reader_has_blocks(reader), form->has_blocks && G_BYTE_ORDER == G_LITTLE_ENDIAN
        );
        assert_true(agree_on(octets, CAPTURE_PUMP_ONE_THREAD));
        assert_true(agree_on(octets, CAPTURE_PUMP_TWO_THREADS));
    }
}

typedef struct {
    const char *name;
    gsize field; /* in the header of the record */
    guint32 value;
} OddCase;

static const OddCase odd_cases[] = {
    {.name = "a million microseconds", .field = 4, .value = 1000000},
    {.name = "a fraction below zero", .field = 4, .value = 0xffffffff},
    {.name = "one octet longer than libpcap takes", .field = 8, .value = 262145},
    {.name = "two thousand million octets", .field = 8, .value = 0x7f000000},
    {.name = "more octets captured than there were", .field = 12, .value = 1},
    {.name = "seconds after 2038", .field = 0, .value = 0xfffffff0},
};

/* One odd record among sound ones, in the first block and in a later one. */
static void test_odd_records(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(odd_cases) * 2; i++) {
        const OddCase *odd = &odd_cases[i / 2];
        print_message("# %s\n", odd->name);
        g_autoptr(GByteArray) file = frame_file_new(DLT_EN10MB, false, false, 65535);
        add_frames(file, false, i % 2 == 0 ? 3 : 1000, 900);
        guint at = file->len;
        add_frames(file, false, 500, 900);
        for (guint octet = 0; octet < 4; octet++) {
            file->data[at + odd->field + octet] = (guint8)(odd->value >> (8 * octet));
        }
        assert_true(agree_on(byte_span(file->data, file->len), CAPTURE_PUMP_ONE_THREAD));
        assert_true(agree_on(byte_span(file->data, file->len), CAPTURE_PUMP_TWO_THREADS));
    }
}

typedef struct {
    const char *name;
    gsize at_first; /* octets of the file when it is opened, of those from its middle on */
    gsize in_the_end;
    bool is_whole;
} ChangingCase;

static const ChangingCase changing_cases[] = {
    {.name = "grows", .at_first = 7, .in_the_end = 1000000, .is_whole = true},
    {.name = "grows, but not enough", .at_first = 7, .in_the_end = 9},
    {.name = "is cut meanwhile", .at_first = 5000, .in_the_end = 7},
};

static void set_length(const char *path, const GByteArray *file, gsize length)
{
    int descriptor = open(path, O_WRONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(ftruncate(descriptor, 0), 0);
    assert_int_equal(pwrite(descriptor, file->data, length, 0), length);
    close(descriptor);
}

/* A file that somebody writes to, or cuts, after its first block has been read: what is found is
 * what libpcap finds in the file as it is then. */
static void test_changing_file(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(changing_cases); i++) {
        const ChangingCase *changing = &changing_cases[i];
        print_message("# %s\n", changing->name);
        g_autoptr(GByteArray) file = frame_file_new(DLT_EN10MB, false, false, 65535);
        add_frames(file, false, 1000, 900);
        gsize middle = file->len;
        add_frames(file, false, 1000, 900);
        g_autofree char *path = g_build_filename(g_get_tmp_dir(), "mailwalk-capture-XXXXXX", NULL);
        close(g_mkstemp(path));
        set_length(path, file, middle + changing->at_first);
        g_autoptr(CaptureReader) reader = capture_reader_open(path, 1, NULL);
        g_autoptr(GString) found = g_string_new(NULL);
        {
            g_autoptr(CapturePump) pump = capture_pump_new(reader, CAPTURE_PUMP_ONE_THREAD);
            CaptureBatch batch;
            assert_true(capture_pump_next(pump, &batch));
            say_batch(found, &batch);
            set_length(path, file, MIN(middle + changing->in_the_end, file->len));
            while (capture_pump_next(pump, &batch)) {
                say_batch(found, &batch);
            }
        }
        say_end(found, reader);
        unlink(path);
        gsize length = MIN(middle + changing->in_the_end, file->len);
        g_autoptr(CaptureReader) libpcap =
            capture_reader_open_memory(byte_span(file->data, length), NULL);
        g_autofree char *expected = say_by_libpcap(libpcap);
        assert_string_equal(found->str, expected);
        assert_int_equal(capture_reader_damage(reader) == NULL, changing->is_whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_traces),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_odd_records),
        cmocka_unit_test(test_changing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
