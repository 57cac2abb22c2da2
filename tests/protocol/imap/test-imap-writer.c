#include "tests/support/test.h"

#include "protocol/imap/imap-scanner.h"
#include "protocol/imap/imap-writer.h"

typedef struct {
    const char *text;
    const char *astring;
    const char *string;
    const char *with_utf8; /* the string where UTF-8 is agreed; NULL: the same */
} WriteCase;

static const WriteCase cases[] = {
    {"INBOX", "INBOX", "\"INBOX\"", NULL},
    {"", "\"\"", "\"\"", NULL},
    {"a b", "\"a b\"", "\"a b\"", NULL},
    {"nil", "\"nil\"", "\"nil\"", NULL},
    {"say \"hi\" \\", "\"say \\\"hi\\\" \\\\\"", "\"say \\\"hi\\\" \\\\\"", NULL},
    {"a]b", "a]b", "\"a]b\"", NULL},
    {"50%", "\"50%\"", "\"50%\"", NULL},
    {"a\r\nb", "{4}\r\na\r\nb", "{4}\r\na\r\nb", NULL},
    {"\xc3\xa4", "{2}\r\n\xc3\xa4", "{2}\r\n\xc3\xa4", "\"\xc3\xa4\""},
    {"\xc3", "{1}\r\n\xc3", "{1}\r\n\xc3", "{1}\r\n\xc3"},
};

static void check(
    bool (*write)(ByteBuffer *, ByteSpan, bool), const char *text, bool utf8, const char *expected
)
{
    ByteBuffer out;
    ByteBuffer read;
    ImapScanner scanner;
    ImapToken token;
    byte_buffer_init(&out, 1000);
    byte_buffer_init(&read, 1000);
    assert_true(write(&out, byte_span_from_string(text), utf8));
    assert_span(byte_buffer_span(&out), expected);
    imap_scanner_init(&scanner, byte_buffer_span(&out));
    assert_true(imap_scanner_next(&scanner, &token));
    assert_true(imap_token_append_text(&token, &read));
    assert_span(byte_buffer_span(&read), text);
    assert_int_equal(scanner.rest.length, 0);
    byte_buffer_clear(&out);
    byte_buffer_clear(&read);
}

static void what_is_written_can_be_read(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const WriteCase *row = &cases[i];
        check(imap_write_astring, row->text, false, row->astring);
        check(imap_write_string, row->text, false, row->string);
        check(imap_write_nstring, row->text, false, row->string);
        check(
            imap_write_string,
            row->text,
            true,
            row->with_utf8 != NULL ? row->with_utf8 : row->string
        );
    }
}

static void nothing_is_nil(void **state)
{
    (void)state;
    ByteBuffer out;
    byte_buffer_init(&out, 100);
    assert_true(imap_write_nstring(&out, BYTE_SPAN_EMPTY, false));
    assert_true(imap_write_literal(&out, BYTE_SPAN_LITERAL("a"), IMAP_LITERAL_PLUS));
    assert_true(imap_write_literal(&out, byte_span("\0", 1), IMAP_LITERAL_BINARY));
    assert_int_equal(byte_buffer_length(&out), strlen("NIL{1+}\r\na~{1}\r\n") + 1);
    byte_buffer_clear(&out);
}

static void what_has_no_room_is_not_begun(void **state)
{
    (void)state;
    for (gsize maximum = 0; maximum < 12; maximum++) {
        ByteBuffer out;
        byte_buffer_init(&out, maximum);
        bool fits = imap_write_quoted(&out, BYTE_SPAN_LITERAL("a\"b\\c d"));
        assert_int_equal(fits, maximum >= 11);
        assert_int_equal(byte_buffer_length(&out), fits ? 11 : 0);
        byte_buffer_reset(&out);
        fits = imap_write_literal(&out, BYTE_SPAN_LITERAL("abcd"), IMAP_LITERAL_PLAIN);
        assert_int_equal(fits, maximum >= 9);
        assert_int_equal(byte_buffer_length(&out), fits ? 9 : 0);
        byte_buffer_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(nothing_is_nil),
        cmocka_unit_test(what_has_no_room_is_not_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
