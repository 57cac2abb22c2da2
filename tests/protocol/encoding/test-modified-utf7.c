#include "tests/support/test.h"

#include "protocol/encoding/modified-utf7.h"

typedef struct {
    const char *utf8;
    const char *name;
} Pair;

/* The first is the example of RFC 3501 §5.1.3. */
static const Pair pairs[] = {
    {"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
     "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"", ""},
    {"INBOX", "INBOX"},
    {"Cr\xc3\xaapes & Co", "Cr&AOo-pes &- Co"},
    {"\xf0\x9f\x8d\x94", "&2DzfVA-"},
    {"&&", "&-&-"},
    {"\x01", "&AAE-"},
    {"a\xc3\xa9", "a&AOk-"},
    {"\xe5\x8f\xb0\xe5\x8c\x97\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "&U,BTF2XlZyyKng-"},
};

static void names_go_both_ways(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        ByteBuffer out;
        byte_buffer_init(&out, 200);
        ByteSpan utf8 = unterminated(pairs[i].utf8, strlen(pairs[i].utf8), keep);
        assert_true(modified_utf7_encode(utf8, &out, NULL, NULL));
        assert_span(byte_buffer_span(&out), pairs[i].name);
        byte_buffer_reset(&out);
        ByteSpan name = unterminated(pairs[i].name, strlen(pairs[i].name), keep);
        assert_true(modified_utf7_decode(name, &out, NULL, NULL));
        assert_span(byte_buffer_span(&out), pairs[i].utf8);
        byte_buffer_clear(&out);
    }
}

typedef struct {
    const char *name;
    ModifiedUtf7Fault fault;
    gsize position;
} FaultCase;

/* The second and third are the wrong names of RFC 3501 §5.1.3. */
static const FaultCase fault_cases[] = {
    {"cr\xc3\xaapes", MODIFIED_UTF7_FAULT_CHARACTER, 2},
    {"&Jjo!", MODIFIED_UTF7_FAULT_NOT_BASE64, 4},
    {"&U,BTFw-&ZeVnLIqe-", MODIFIED_UTF7_FAULT_NULL_SHIFT, 8},
    {"a&AOo", MODIFIED_UTF7_FAULT_NOT_CLOSED, 5},
    {"&", MODIFIED_UTF7_FAULT_NOT_CLOSED, 1},
    {"&AGE-", MODIFIED_UTF7_FAULT_NEEDLESS, 3},
    {"&AO-", MODIFIED_UTF7_FAULT_BITS, 3},
    {"&AOp-", MODIFIED_UTF7_FAULT_BITS, 4},
    {"&A-", MODIFIED_UTF7_FAULT_BITS, 2},
    {"&2Dw-", MODIFIED_UTF7_FAULT_SURROGATE, 4},
    {"&39Q-", MODIFIED_UTF7_FAULT_SURROGATE, 3},
    {"&U/BTFw-", MODIFIED_UTF7_FAULT_NOT_BASE64, 2},
};

static void faults_are_named_with_their_place(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(fault_cases); i++) {
        const FaultCase *row = &fault_cases[i];
        ModifiedUtf7Fault fault = MODIFIED_UTF7_FAULT_NONE;
        gsize position = 99;
        ByteBuffer out;
        byte_buffer_init(&out, 200);
        ByteSpan name = unterminated(row->name, strlen(row->name), keep);
        assert_false(modified_utf7_decode(name, &out, &fault, &position));
        assert_int_equal(fault, row->fault);
        assert_int_equal(position, row->position);
        assert_int_equal(byte_buffer_length(&out), 0);
        byte_buffer_clear(&out);
    }
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    ModifiedUtf7Fault fault;
    gsize position;
    ByteBuffer out;
    byte_buffer_init(&out, 4);
    assert_false(modified_utf7_encode(BYTE_SPAN_LITERAL("a\xff"), &out, &fault, &position));
    assert_int_equal(fault, MODIFIED_UTF7_FAULT_NOT_UTF8);
    assert_int_equal(position, 1);
    assert_false(modified_utf7_encode(BYTE_SPAN_LITERAL("\xc3\xaa"), &out, &fault, &position));
    assert_int_equal(fault, MODIFIED_UTF7_FAULT_NO_ROOM);
    assert_int_equal(byte_buffer_length(&out), 0);
    byte_buffer_clear(&out);
}

static void any_text_comes_back(void **state)
{
    (void)state;
    g_autoptr(GRand) random = g_rand_new_with_seed(3501);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (gint32 left = g_rand_int_range(random, 0, 20); left > 0; left--) {
            static const gunichar letters[] = {'a', '&', '-', 0x1, 0xea, 0x53f0, 0x1f354, '/'};
            g_string_append_unichar(text, letters[g_rand_int_range(random, 0, 8)]);
        }
        ByteBuffer name;
        ByteBuffer back;
        byte_buffer_init(&name, 400);
        byte_buffer_init(&back, 400);
        ByteSpan utf8 = byte_span(text->str, text->len);
        assert_true(modified_utf7_encode(utf8, &name, NULL, NULL));
        assert_true(modified_utf7_decode(byte_buffer_span(&name), &back, NULL, NULL));
        assert_true(byte_span_equal(byte_buffer_span(&back), utf8));
        byte_buffer_clear(&name);
        byte_buffer_clear(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(faults_are_named_with_their_place),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(any_text_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
