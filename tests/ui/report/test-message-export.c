/* Messages written to one mbox file: the same file however the octets come in pieces, and no octet
 * read that is not there. */

#include "tests/support/test.h"

#include "ui/report/message-export.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define SEPARATOR "From alice@crepes.fr Thu Jan  1 00:00:01 1970\n"

typedef struct {
    char *folder;
    char *path;
    MessageExport *export;
    Conversation conversation;
    DialogueMessage message;
} Writing;

static void begin_writing(Writing *writing)
{
    g_autoptr(GError) error = NULL;
    *writing = (Writing){.folder = g_dir_make_tmp("mailwalk-export-XXXXXX", NULL)};
    writing->path = g_build_filename(writing->folder, "all.mbox", NULL);
    writing->export = message_export_new(NULL, writing->path, false, &error);
    assert_null(error);
    writing->message.reverse_path = BYTE_SPAN_LITERAL("alice@crepes.fr");
    writing->message.is_complete = true;
}

/* What was written, without the file that held it. */
static char *end_writing(Writing *writing, gsize *out_length)
{
    char *written = NULL;
    assert_true(message_export_finish(writing->export, NULL));
    message_export_free(writing->export);
    assert_true(g_file_get_contents(writing->path, &written, out_length, NULL));
    g_unlink(writing->path);
    g_rmdir(writing->folder);
    g_free(writing->path);
    g_free(writing->folder);
    return written;
}

static void tell(Writing *writing, guint64 stream, DialogueEventKind kind, ByteSpan octets)
{
    DialogueEvent said = {.kind = kind, .text = octets, .message = &writing->message};
    DissectEvent event = {
        .kind = DISSECT_DIALOGUE,
        .conversation = &writing->conversation,
        .dialogue = &said,
        .time_ns = 1000000000,
    };
    writing->conversation.number = stream;
    message_export_event(writing->export, &event);
}

/* One piece in memory of its own, so that an octet too many is found out. */
static void tell_piece(Writing *writing, const char *octets, gsize length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    tell(writing, 0, DIALOGUE_EVENT_MESSAGE_DATA, unterminated(octets, length, keep));
}

static const struct {
    const char *octets;
    const char *expected;
} messages[] = {
    {"", "\n\n"},
    {"a", "a\n\n"},
    {"From ", ">From \n\n"},
    {"From here\r\nFrom\r\n", ">From here\r\nFrom\r\n\n"},
    {">From\r\n>>From there\r\n\n\n> From\n", ">From\r\n>>>From there\r\n\n\n> From\n\n"},
    {"\nFrom a\nFrom b\n>F\n>From", "\n>From a\n>From b\n>F\n>From\n\n"},
    {"Subject: a long line before the one that looks like a separator\r\n\r\nFrom x: not far\r\n"
     "Fro\r\nno From here, and a line of more than thirty-two octets\r\n>>>>>>>>From\r\n>>From "
     "y\r\n",
     "Subject: a long line before the one that looks like a separator\r\n\r\n>From x: not far\r\n"
     "Fro\r\nno From here, and a line of more than thirty-two octets\r\n>>>>>>>>From\r\n>>>From "
     "y\r\n\n"},
};

static void assert_written(Writing *writing, const char *expected)
{
    gsize length;
    g_autofree char *whole = g_strconcat(SEPARATOR, expected, NULL);
    g_autofree char *written = end_writing(writing, &length);
    assert_int_equal(length, strlen(whole));
    assert_string_equal(written, whole);
}

/* In two pieces at every place, then octet by octet. */
static void test_splits(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(messages); i++) {
        const char *octets = messages[i].octets;
        gsize length = strlen(octets);
        for (gsize split = 0; split <= length + 1; split++) {
            Writing writing;
            begin_writing(&writing);
            tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
            gsize piece = split <= length ? split : 1;
            for (gsize at = 0; at < length && split > length; at++) {
                tell_piece(&writing, octets + at, piece);
            }
            if (split <= length) {
                tell_piece(&writing, octets, split);
                tell_piece(&writing, octets + split, length - split);
            }
            tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
            /* An empty message has no last octet: its line end is made. */
            assert_written(&writing, messages[i].expected);
        }
    }
}

/* Messages of two streams side by side, and one that uses the memory of another. */
static void test_streams_do_not_mix(void **state)
{
    (void)state;
    Writing writing;
    gsize length;
    begin_writing(&writing);
    tell(&writing, 1, DIALOGUE_EVENT_MESSAGE_DATA, BYTE_SPAN_LITERAL("never begun"));
    tell(&writing, 1, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
    tell(&writing, 2, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
    tell(&writing, 1, DIALOGUE_EVENT_MESSAGE_DATA, BYTE_SPAN_LITERAL("one, the longer\n"));
    tell(&writing, 2, DIALOGUE_EVENT_MESSAGE_DATA, BYTE_SPAN_LITERAL("two"));
    tell(&writing, 1, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
    tell(&writing, 3, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
    tell(&writing, 3, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
    tell(&writing, 2, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
    tell(&writing, 2, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
    assert_int_equal(message_export_count(writing.export), 3);
    g_autofree char *written = end_writing(&writing, &length);
    assert_string_equal(
        written, SEPARATOR "one, the longer\n\n" SEPARATOR "\n\n" SEPARATOR "two\n\n"
    );
}

/* More than is held, so that it goes through a file: lines that must be quoted around the ends of
 * the blocks in which it is read back, and a "From " within a line longer than a block. */
static void test_long_messages(void **state)
{
    (void)state;
    for (gsize shift = 0; shift < 12; shift++) {
        g_autoptr(GString) octets = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(SEPARATOR);
        while (octets->len < 1200000) {
            gsize filler = 65520 + shift - octets->len % 65536;
            for (gsize i = 0; i < filler; i++) {
                g_string_append_c(octets, i % 70 == 69 && octets->len < 700000 ? '\n' : 'x');
                g_string_append_c(expected, octets->str[octets->len - 1]);
            }
            g_string_append(octets, "\n>From a\nFrom b\nxFrom c");
            g_string_append(expected, "\n>>From a\n>From b\nxFrom c");
        }
        Writing writing;
        gsize length;
        begin_writing(&writing);
        tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
        for (gsize at = 0; at < octets->len; at += 1460) {
            tell_piece(&writing, octets->str + at, MIN(1460, octets->len - at));
        }
        tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
        g_string_append(expected, "\n\n");
        g_autofree char *written = end_writing(&writing, &length);
        assert_int_equal(length, expected->len);
        assert_memory_equal(written, expected->str, length);
    }
}

/* A line as long as many blocks that says "From " where each block begins. */
static void test_a_block_need_not_begin_with_a_line(void **state)
{
    (void)state;
    g_autoptr(GString) octets = g_string_new("Subject: a line without an end\n");
    while (octets->len < 1200000) {
        g_string_append(octets, "From ");
    }
    octets->str[31] = 'f'; /* the line itself begins in another way */
    Writing writing;
    gsize length;
    begin_writing(&writing);
    tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_BEGIN, BYTE_SPAN_EMPTY);
    tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_DATA, byte_span(octets->str, octets->len));
    tell(&writing, 0, DIALOGUE_EVENT_MESSAGE_END, BYTE_SPAN_EMPTY);
    g_autofree char *written = end_writing(&writing, &length);
    assert_null(memchr(written, '>', length));
    assert_int_equal(length, strlen(SEPARATOR) + octets->len + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_streams_do_not_mix),
        cmocka_unit_test(test_long_messages),
        cmocka_unit_test(test_a_block_need_not_begin_with_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
