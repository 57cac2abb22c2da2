/* What dissect writes into files: attachments, comments of packets, a page. */

#define _GNU_SOURCE

#include "tests/support/test.h"

#include "dissect/capture/capture-reader.h"
#include "tests/support/frame-builder.h"
#include "tests/support/talk-script.h"
#include "ui/report/attachment-export.h"
#include "ui/report/capture-annotate.h"
#include "ui/report/html-page.h"
#include "ui/report/journeys.h"
#include "ui/report/pcapng-writer.h"
#include "ui/report/where.h"
#include "ui/timeline/step-builder.h"

#include <glib/gstdio.h>
#include <string.h>

#define PART(name, body)                                                                           \
    "--b\r\nContent-Type: application/octet-stream\r\n"                                            \
    "Content-Disposition: attachment; filename=\"" name "\"\r\n\r\n" body "\r\n"

static const TalkLine hostile[] = {
    TALK_SERVER("220 <script>alert(1)</script>\r\n"),
    TALK_CLIENT("HELO crepes.fr\r\n"),
    TALK_SERVER("250 hi\r\n"),
    TALK_CLIENT("MAIL FROM:<alice@crepes.fr>\r\n"),
    TALK_SERVER("250 ok\r\n"),
    TALK_CLIENT("RCPT TO:<bob@hamburger.edu>\r\n"),
    TALK_SERVER("250 ok\r\n"),
    TALK_CLIENT("DATA\r\n"),
    TALK_SERVER("354 go\r\n"),
    TALK_CLIENT("Subject: \"><img src=x onerror=alert(1)>\r\nMessage-ID: <1@crepes.fr>\r\n"
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"),
    TALK_CLIENT(PART("../../escaped.txt", "one") PART("crepe.txt", "two")),
    TALK_CLIENT(PART("crepe.txt", "three") PART("/etc/passwd", "four") PART("manifest.tsv", "five")
                    PART("..", "six") "--b--\r\n.\r\n"),
    TALK_SERVER("250 ok\r\n"),
    TALK_CLIENT("QUIT\r\n"),
    TALK_SERVER("221 bye\r\n"),
};

static char *make_folder(void)
{
    char *folder = g_dir_make_tmp("mailwalk-XXXXXX", NULL);
    assert_non_null(folder);
    return folder;
}

/* One level is enough: nothing here may make folders. */
static void remove_folder(char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
}

static char *read_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void dissect(DissectSink sink, gpointer owner)
{
    g_autoptr(Dissector) dissector = dissector_new(NULL, &sink, owner);
    g_autoptr(GPtrArray) frames = talk_script_frames(hostile, G_N_ELEMENTS(hostile), 40000, 25);
    talk_script_feed(dissector, frames, 1);
    dissector_finish(dissector);
}

static void to_attachments(gpointer owner, const DissectEvent *event)
{
    attachment_export_event(owner, event);
}

static void test_attachments_stay_in_their_folder(void **state)
{
    static const struct {
        const char *name;
        const char *content;
    } files[] = {
        {"escaped.txt", "one"},
        {"crepe.txt", "two"},
        {"crepe-2.txt", "three"},
        {"passwd", "four"},
        {"attachment-manifest.tsv", "five"},
        {"attachment-6", "six"},
    };

    char *folder = make_folder();
    (void)state;
    {
        g_autoptr(AttachmentExport) export = attachment_export_new(folder, false, NULL);
        dissect((DissectSink){.event = to_attachments}, export);
        assert_true(attachment_export_finish(export, NULL));
        assert_int_equal(attachment_export_count(export), G_N_ELEMENTS(files));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *content = read_file(folder, files[i].name);
        assert_non_null(content);
        assert_string_equal(content, files[i].content);
    }
    g_autofree char *manifest = read_file(folder, ATTACHMENT_MANIFEST);
    assert_non_null(strstr(
        manifest,
        "crepe-2.txt\tapplication/octet-stream\t\t5\t"
        "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f\tyes\t0\t"
    ));
    assert_non_null(strstr(manifest, "\t14\tcrepe.txt\n")); /* its frame, its name in the mail */
    remove_folder(folder);
}

static void test_existing_files_are_kept(void **state)
{
    char *folder = make_folder();
    g_autofree char *path = g_build_filename(folder, "crepe.txt", NULL);
    (void)state;
    assert_true(g_file_set_contents(path, "mine", -1, NULL));
    {
        g_autoptr(AttachmentExport) export = attachment_export_new(folder, false, NULL);
        dissect((DissectSink){.event = to_attachments}, export);
        assert_true(attachment_export_finish(export, NULL));
    }
    g_autofree char *mine = read_file(folder, "crepe.txt");
    g_autofree char *second = read_file(folder, "crepe-2.txt");
    g_autofree char *third = read_file(folder, "crepe-3.txt");
    assert_string_equal(mine, "mine");
    assert_string_equal(second, "two");
    assert_string_equal(third, "three");
    remove_folder(folder);
}

typedef struct {
    StepBuilder *builder;
    Timeline *timeline;
    CaptureAnnotate *annotate;
} Bench;

static void to_builder(gpointer owner, const DissectEvent *event)
{
    step_builder_event(((Bench *)owner)->builder, event);
}

static void on_step(gpointer owner, Step *step)
{
    Bench *bench = owner;
    if (bench->annotate != NULL) {
        capture_annotate_step(bench->annotate, step);
    }
    timeline_add(bench->timeline, step);
}

static void build(Bench *bench)
{
    StepBuilderOptions options = {.step = on_step, .owner = bench};
    bench->timeline = timeline_new();
    bench->builder = step_builder_new(&options);
    dissect((DissectSink){.event = to_builder}, bench);
    step_builder_free(bench->builder);
}

static void test_page_is_harmless(void **state)
{
    Bench bench = {0};
    HtmlPageOptions options = {.title = "<b>lecture</b>.pcap", .level = STEP_LEVEL_DIALOGUE};
    (void)state;
    build(&bench);
    g_autofree char *page = html_page(bench.timeline, &options);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, "<b>lecture"));
    assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_null(strstr(page, "http://"));
    assert_null(strstr(page, "https://"));
    assert_true(g_utf8_validate(page, -1, NULL));
    timeline_free(bench.timeline);
}

static char *write_capture(const char *folder, bool has_nanoseconds)
{
    g_autoptr(GPtrArray) frames = talk_script_frames(hostile, G_N_ELEMENTS(hostile), 40000, 25);
    g_autoptr(GByteArray) file = frame_file_new(1, has_nanoseconds, false, 65535);
    char *path = g_build_filename(folder, "in.pcap", NULL);
    for (guint i = 0; i < frames->len; i++) {
        const GByteArray *frame = frames->pdata[i];
        frame_file_add(
            file, false, 1669021200, i + 1, frame->len, byte_span(frame->data, frame->len)
        );
    }
    assert_true(g_file_set_contents(path, (const char *)file->data, (gssize)file->len, NULL));
    return path;
}

static bool file_holds(const char *path, const char *text)
{
    g_autofree char *octets = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &octets, &length, NULL));
    return g_strstr_len(octets, (gssize)length, text) != NULL ||
           memmem(octets, length, text, strlen(text)) != NULL;
}

/* The new file has the same frames at the same times; a second round keeps what stands there. */
static void test_comments_change_no_packet(void **state)
{
    (void)state;
    for (int has_nanoseconds = 0; has_nanoseconds < 2; has_nanoseconds++) {
        char *folder = make_folder();
        g_autofree char *in = write_capture(folder, has_nanoseconds);
        g_autofree char *out = g_build_filename(folder, "out.pcapng", NULL);
        g_autofree char *again = g_build_filename(folder, "again.pcapng", NULL);
        const char *sources[] = {in, out};
        const char *targets[] = {out, again};
        for (int round = 0; round < 2; round++) {
            Bench bench = {.annotate = capture_annotate_new(targets[round], false, NULL)};
            const char *captures[] = {sources[round], NULL};
            build(&bench);
            assert_true(capture_annotate_write(bench.annotate, captures, NULL));
            capture_annotate_free(bench.annotate);
            timeline_free(bench.timeline);
        }
        assert_null(capture_annotate_new(out, false, NULL));
        assert_true(file_holds(again, "HELO crepes.fr\nThe client names itself"));
        g_autoptr(CaptureReader) first = capture_reader_open(in, 1, NULL);
        g_autoptr(CaptureReader) second = capture_reader_open(again, 1, NULL);
        CaptureFrame expected;
        CaptureFrame frame;
        while (capture_reader_next(first, &expected) == CAPTURE_FRAME) {
            assert_int_equal(capture_reader_next(second, &frame), CAPTURE_FRAME);
            assert_int_equal(frame.time_ns, expected.time_ns);
            assert_int_equal(frame.link_type, expected.link_type);
            assert_int_equal(frame.captured_length, expected.captured_length);
            assert_memory_equal(frame.data, expected.data, frame.captured_length);
        }
        assert_int_equal(capture_reader_next(second, &frame), CAPTURE_END);
        remove_folder(folder);
    }
}

static void to_where(gpointer owner, const DissectEvent *event)
{
    where_event(owner, event);
}

static void test_where(void **state)
{
    static const struct {
        const char *text;
        const char *answer;
    } cases[] = {
        {"helo", "step 7, stream 0, client octets 0 to 16, frame 5\n    HELO crepes.fr\n"},
        {"message-id:",
         "step 15, stream 0, header field of the message, octets 41 to 68, frame 13\n"},
        {"passwd", "attachment of the message, octets 567 to 571, frame 15\n    /etc/passwd\n"},
        {"ketchup", "This text is in no line and no message.\n"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        TextLayout layout;
        g_autoptr(Where) where = where_new(cases[i].text, false);
        text_layout_init_plain(&layout, 120);
        dissect((DissectSink){.event = to_where}, where);
        where_write(where, &layout);
        if (strstr(layout.text->str, cases[i].answer) == NULL) {
            fail_msg("%s: %s", cases[i].text, layout.text->str);
        }
        text_layout_clear(&layout);
    }
}

static void test_journey(void **state)
{
    Bench bench = {0};
    TextLayout layout;
    (void)state;
    build(&bench);
    text_layout_init_plain(&layout, 100);
    journeys_write(&layout, bench.timeline);
    assert_non_null(strstr(layout.text->str, "(<1@crepes.fr>)"));
    assert_non_null(strstr(layout.text->str, "1  relay: 10.0.0.1 to 10.0.0.2, SMTP"));
    assert_non_null(strstr(layout.text->str, "MAIL, RCPT and DATA took 3\n"));
    assert_non_null(strstr(layout.text->str, "they take 1: about 40 ms\n"));
    assert_non_null(strstr(layout.text->str, "envelope        50 ms  sender"));
    assert_non_null(strstr(layout.text->str, "message         30 ms  791 octets"));
    text_layout_clear(&layout);
    timeline_free(bench.timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attachments_stay_in_their_folder),
        cmocka_unit_test(test_existing_files_are_kept),
        cmocka_unit_test(test_page_is_harmless),
        cmocka_unit_test(test_comments_change_no_packet),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_journey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
