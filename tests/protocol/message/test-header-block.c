#include "tests/support/test.h"

#include "protocol/message/header-block.h"

typedef struct {
    const char *input;
    gsize input_length;
    const char *expected;  /* one line each: name|unfolded|offset|lines|defects */
    const char *defects;   /* of the block */
    const char *remainder; /* what follows the header */
} HeaderCase;

#define INPUT(text) .input = (text), .input_length = sizeof(text) - 1

static const HeaderCase cases[] = {
    {
        INPUT("Subject: Hello\r\nTo: bob@hamburger.edu\r\n\r\nHi\r\n"),
        .expected = "Subject|Hello|0|1|\nTo|bob@hamburger.edu|16|1|\n",
        .defects = "",
        .remainder = "Hi\r\n",
    },
    {
        INPUT("Subject: one\r\n two\r\n\tthree\r\n\r\n"),
        .expected = "Subject|one two\tthree|0|3|\n",
        .defects = "",
        .remainder = "",
    },
    {
        INPUT("A: 1\nB: 2\n\nbody"),
        .expected = "A|1|0|1|bare-lf\nB|2|5|1|bare-lf\n",
        .defects = "bare-lf",
        .remainder = "body",
    },
    {
        INPUT("Date : today\r\nno colon here\r\nX Y: z\r\n\r\n"),
        .expected = "Date|today|0|1|space-before-colon\n"
                    "|no colon here|14|1|no-colon\nX Y|z|29|1|field-name\n",
        .defects = "no-colon field-name space-before-colon",
        .remainder = "",
    },
    {
        INPUT(" lost\r\nA: 1\r\n\r\n"),
        .expected = "|lost|0|1|leading-fold\nA|1|7|1|\n",
        .defects = "leading-fold",
        .remainder = "",
    },
    {
        INPUT("A: 1\r\n \r\n 2\r\n\r\n"),
        .expected = "A|1  2|0|3|blank-fold\n",
        .defects = "blank-fold",
        .remainder = "",
    },
    {
        INPUT("From alice Mon Nov 21\nA: 1\r\n\r\n"),
        .expected = "|From alice Mon Nov 21|0|1|bare-lf mailbox-line\nA|1|22|1|\n",
        .defects = "bare-lf mailbox-line",
        .remainder = "",
    },
    {
        INPUT("From : alice\r\n\r\n"),
        .expected = "From|alice|0|1|space-before-colon\n",
        .defects = "space-before-colon",
        .remainder = "",
    },
    {
        INPUT("A: caf\xc3\xa9\r\nB: caf\xe9\r\nC: a\0b\r\nD: a\rb\r\n\r\n"),
        .expected = "A|caf\xc3\xa9|0|1|header-utf8\nB|caf\xe9|10|1|header-8bit\n"
                    "C|a.b|19|1|header-control\nD|a\rb|27|1|bare-cr\n",
        .defects = "header-utf8 header-8bit header-control bare-cr",
        .remainder = "",
    },
    {
        INPUT("A: 1\r\nB: cut"),
        .expected = "A|1|0|1|\nB|cut|6|1|header-cut\n",
        .defects = "header-cut no-separator",
        .remainder = "",
    },
    {
        INPUT("A: 1\r\n"),
        .expected = "A|1|0|1|\n",
        .defects = "no-separator",
        .remainder = "",
    },
    {
        INPUT("\r\nbody"),
        .expected = "",
        .defects = "",
        .remainder = "body",
    },
    {
        INPUT("\r\r\nx\r\n\r\n"),
        .expected = "|\r|0|1|no-colon bare-cr\n|x|3|1|no-colon\n",
        .defects = "no-colon bare-cr",
        .remainder = "",
    },
    {
        INPUT(""),
        .expected = "",
        .defects = "no-separator",
        .remainder = "",
    },
    {
        INPUT(":\r\nA:\r\n\r\n"),
        .expected = "||0|1|field-name\nA||3|1|\n",
        .defects = "field-name",
        .remainder = "",
    },
};

static void note(GString *seen, const HeaderBlock *block)
{
    for (guint i = 0; i < block->n_fields; i++) {
        const HeaderField *field = &block->fields[i];
        g_autofree char *name = byte_span_to_string(field->name);
        g_autofree char *defects = message_defects_to_string(field->defects);
        ByteBuffer scratch;
        byte_buffer_init(&scratch, 0);
        ByteSpan body = header_field_unfold(field, &scratch);
        g_string_append_printf(seen, "%s|", name);
        for (gsize at = 0; at < body.length; at++) {
            g_string_append_c(seen, body.data[at] ? (char)body.data[at] : '.');
        }
        g_string_append_printf(
            seen, "|%" G_GSIZE_FORMAT "|%u|%s\n", field->offset, field->n_lines, defects
        );
        byte_buffer_clear(&scratch);
    }
}

static void check_block(const HeaderCase *row, const HeaderBlock *block)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autofree char *defects = message_defects_to_string(block->defects);
    note(seen, block);
    assert_string_equal(seen->str, row->expected);
    assert_string_equal(defects, row->defects);
    assert_int_equal(row->input_length - block->body_offset, strlen(row->remainder));
}

static void whole_headers_are_read(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    HeaderBlock block;
    header_block_init(&block);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        header_block_parse(&block, unterminated(cases[i].input, cases[i].input_length, keep), 0);
        check_block(&cases[i], &block);
    }
    header_block_clear(&block);
}

static void run_pieces(const HeaderCase *row, HeaderReader *reader, gsize piece_length)
{
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    HeaderReaderResult result = HEADER_READER_NEED_MORE;
    gsize left = 0;
    header_reader_reset(reader);
    for (gsize at = 0; at < row->input_length && result == HEADER_READER_NEED_MORE;
         at += piece_length) {
        gsize length = MIN(piece_length, row->input_length - at);
        ByteSpan input = unterminated(row->input + at, length, keep);
        result = header_reader_feed(reader, &input);
        left = row->input_length - at - length + input.length;
    }
    if (result == HEADER_READER_NEED_MORE) {
        header_reader_finish(reader);
    }
    assert_int_equal(left, strlen(row->remainder));
    check_block(row, &reader->block);
}

static void any_split_gives_the_same_fields(void **state)
{
    (void)state;
    HeaderReader reader;
    header_reader_init(&reader);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize piece_length = 1; piece_length <= cases[i].input_length; piece_length++) {
            run_pieces(&cases[i], &reader, piece_length);
        }
    }
    header_reader_clear(&reader);
}

static void long_lines_are_told_apart(void **state)
{
    (void)state;
    g_autofree char *body = g_strnfill(998, 'x');
    g_autofree char *text =
        g_strdup_printf("A: %.75s\nB: %.76s\nC: %.995s\nD: %.996s\n\n", body, body, body, body);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span_from_string(text), 0);
    static const char *const expected[] = {
        "bare-lf", "line-over-78 bare-lf", "line-over-78 bare-lf", "line-over-998 bare-lf"};
    for (guint i = 0; i < 4; i++) {
        g_autofree char *defects = message_defects_to_string(block.fields[i].defects);
        assert_string_equal(defects, expected[i]);
    }
    header_block_clear(&block);
}

static void fields_are_found_by_name_and_place(void **state)
{
    (void)state;
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, BYTE_SPAN_LITERAL("A: 1\r\nb: 2\r\na: 3\r\n\r\n"), 100);
    const HeaderField *first = header_block_find(&block, "a");
    const HeaderField *second = header_block_find_next(&block, "A", first);
    assert_span(byte_span_trim(first->body), "1");
    assert_span(byte_span_trim(second->body), "3");
    assert_null(header_block_find_next(&block, "A", second));
    assert_null(header_block_find(&block, "ab"));
    assert_int_equal(header_block_count(&block, "A"), 2);
    assert_ptr_equal(header_block_at(&block, 100), first);
    assert_ptr_equal(header_block_at(&block, 105), first);
    assert_ptr_equal(header_block_at(&block, 106), first + 1);
    assert_ptr_equal(header_block_at(&block, 112), second);
    assert_null(header_block_at(&block, 99));
    assert_null(header_block_at(&block, 118));
    assert_int_equal(block.body_offset, 120);
    header_block_clear(&block);
}

static void limits_hold(void **state)
{
    (void)state;
    g_autoptr(GString) many = g_string_new(NULL);
    for (guint i = 0; i < HEADER_FIELDS_MAXIMUM + 5; i++) {
        g_string_append(many, "A: 1\r\n x\r\n");
    }
    g_string_append(many, "\r\nbody");
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span(many->str, many->len), 0);
    assert_int_equal(block.n_fields, HEADER_FIELDS_MAXIMUM);
    assert_int_equal(block.body_offset, many->len - 4);
    assert_true(block.defects & MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_TOO_MANY_FIELDS));
    header_block_clear(&block);

    HeaderReader reader;
    header_reader_init(&reader);
    g_autofree char *endless = g_strnfill(HEADER_LENGTH_MAXIMUM + 10, 'x');
    ByteSpan input = byte_span(endless, HEADER_LENGTH_MAXIMUM + 10);
    assert_int_equal(header_reader_feed(&reader, &input), HEADER_READER_TOO_LONG);
    assert_int_equal(input.length, 10);
    header_reader_clear(&reader);
}

typedef struct {
    const char *input;
    const char *expected; /* defects of the block */
} JudgeCase;

#define GOOD "Date: Mon, 21 Nov 2022 10:00:00 +0100\r\nFrom: a@b.example\r\nMessage-ID: <1@b>\r\n"

static const JudgeCase judge_cases[] = {
    {GOOD "\r\n", ""},
    {"Subject: x\r\n\r\n", "no-date no-from no-message-id"},
    {GOOD "Subject: 1\r\nSubject: 2\r\n\r\n", "duplicate-field"},
    {GOOD "To:\r\n\r\n", "empty-field"},
    {GOOD "To: a b c\r\n\r\n", "address-syntax"},
    {GOOD "To: undisclosed-recipients:;\r\n\r\n", ""},
    {GOOD "Bcc:\r\n\r\n", ""},
    {GOOD "In-Reply-To: your letter\r\n\r\n", "message-id-syntax"},
    {GOOD "Received: by a.example; Mon, 21 Nov 2022 10:00:00 +0100\r\n\r\n", "trace-not-on-top"},
    {"Received: by a.example; Mon, 21 Nov 2022 10:00:00 +0100\r\n" GOOD "\r\n", ""},
    {"Date: Tue, 21 Nov 2022 10:00:00 GMT\r\nFrom: a@b\r\nMessage-ID: <1@b>\r\n\r\n",
     "date-obsolete date-weekday"},
    {"Date: Mon, 21 Nov 2022 10:00:00 +0000\r\nFrom: a@b, c@d\r\nMessage-ID: <1@b>\r\n\r\n",
     "no-sender"},
    {"Date: Mon, 21 Nov 2022 10:00:00 +0000\r\nFrom: a@b, c@d\r\nMessage-ID: <1@b>\r\n"
     "Sender: a@b\r\n\r\n",
     ""},
    {GOOD "Subject: =?utf-8?Q?caf=C3=A9?=\r\n\r\n", ""},
    {GOOD "Subject: =?utf-8?X?caf?=\r\n\r\n", "encoded-word"},
};

static void whole_headers_are_judged(void **state)
{
    (void)state;
    HeaderBlock block;
    header_block_init(&block);
    for (gsize i = 0; i < G_N_ELEMENTS(judge_cases); i++) {
        header_block_parse(&block, byte_span_from_string(judge_cases[i].input), 0);
        header_block_judge(&block);
        g_autofree char *defects = message_defects_to_string(block.defects);
        assert_string_equal(defects, judge_cases[i].expected);
    }
    header_block_clear(&block);
}

static void every_defect_has_its_row(void **state)
{
    (void)state;
    for (guint id = 0; id < N_MESSAGE_DEFECTS; id++) {
        const MessageDefectRow *row = message_defect_row(id);
        assert_int_equal(row->id, id);
        assert_true(g_str_has_suffix(row->meaning, "."));
        assert_true(g_str_has_suffix(row->advice, "."));
        assert_true(row->reference.number > 0 && row->reference.section != NULL);
        assert_non_null(row->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_headers_are_read),
        cmocka_unit_test(any_split_gives_the_same_fields),
        cmocka_unit_test(long_lines_are_told_apart),
        cmocka_unit_test(fields_are_found_by_name_and_place),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(whole_headers_are_judged),
        cmocka_unit_test(every_defect_has_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
