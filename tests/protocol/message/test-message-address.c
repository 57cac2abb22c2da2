#include "tests/support/test.h"

#include "protocol/message/message-address.h"

typedef struct {
    const char *text;
    const char *expected; /* one line each: name|route|mailbox|host */
    bool is_valid;
} AddressCase;

static const AddressCase cases[] = {
    {"alice@crepes.fr", "-|-|alice|crepes.fr\n", true},
    {"<alice@crepes.fr>", "-|-|alice|crepes.fr\n", true},
    {"Alice A. Liddell <alice@crepes.fr>", "Alice A. Liddell|-|alice|crepes.fr\n", true},
    {"\"Liddell, \\\"Alice\\\"\" <alice@crepes.fr>",
     "Liddell, \"Alice\"|-|alice|crepes.fr\n",
     true},
    {"alice@crepes.fr (Alice)", "Alice|-|alice|crepes.fr\n", true},
    {"a@b, Bob\r\n <c@d> ,, e@f", "-|-|a|b\nBob|-|c|d\n-|-|e|f\n", true},
    {"\"a b\"@c", "-|-|a b|c\n", true},
    {"a . b @ c . d", "-|-|a.b|c.d\n", true},
    {"<@x,@y:a@b>", "-|@x,@y|a|b\n", true},
    {"a@[192.0.2.7]", "-|-|a|[192.0.2.7]\n", true},
    {"Friends: a@b, Bob <c@d>;, e@f", "{Friends\n-|-|a|b\nBob|-|c|d\n}\n-|-|e|f\n", true},
    {"undisclosed-recipients:;", "{undisclosed-recipients\n}\n", true},
    {"=?utf-8?Q?=C3=86?= <a@b>", "=?utf-8?Q?=C3=86?=|-|a|b\n", true},
    {"alice", "-|-|alice|-\n", false},
    {"a@b@c", "-|-|a@b|c\n", false},
    {"a@b c@d", "-|-|a@bc|d\n", false},
    {"a b c@d", "-|-|abc|d\n", false},
    {"<a b@c>", "-|-|ab|c\n", false},
    {"A B <a@b> C <c@d>", "a@b C|-|c|d\n", false},
    {"<a@b", "-|-|a|b\n", false},
    {"a@b>", "-|-|a|b\n", false},
    {"<a@b> trailing", "-|-|a|btrailing\n", false},
    {"\"open <a@b>", "-|-|open <a@b>|-\n", false},
    {"(open", "", false},
    {"Friends: a@b", "{Friends\n-|-|a|b\n}\n", false},
    {"a: b: c@d;", "{a\n-|-|bc|d\n}\n", false},
    {"", "", false},
    {"<>", "-|-||-\n", false},
    {"<@x>", "-|-||-\n", false},
};

static void note(GString *seen, const MessageAddress *item)
{
    switch (item->kind) {
    case MESSAGE_ADDRESS_GROUP_BEGIN:
        g_string_append_printf(seen, "{%s\n", item->name);
        break;
    case MESSAGE_ADDRESS_GROUP_END:
        g_string_append(seen, "}\n");
        break;
    case MESSAGE_ADDRESS_MAILBOX:
        g_string_append_printf(
            seen,
            "%s|%s|%s|%s\n",
            item->name ? item->name : "-",
            item->route ? item->route : "-",
            item->mailbox,
            item->host ? item->host : "-"
        );
    }
}

static void lists_are_read(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        ByteSpan text = unterminated(cases[i].text, strlen(cases[i].text), keep);
        g_autoptr(MessageAddressList) list = message_address_list_parse(text);
        for (guint at = 0; at < list->n_items; at++) {
            note(seen, &list->items[at]);
            assert_true(list->items[at].offset + list->items[at].length <= text.length);
        }
        assert_string_equal(seen->str, cases[i].expected);
        if (list->is_valid != cases[i].is_valid) {
            fail_msg("%s", cases[i].text);
        }
    }
}

static void places_are_exact(void **state)
{
    (void)state;
    const char *text = "Alice <a@b>,  Bob <c@d> , e@f";
    static const char *const expected[] = {"Alice <a@b>", "Bob <c@d>", "e@f"};
    g_autoptr(MessageAddressList) list = message_address_list_parse(byte_span_from_string(text));
    assert_int_equal(list->n_items, 3);
    for (guint i = 0; i < 3; i++) {
        const MessageAddress *item = &list->items[i];
        ByteSpan place = byte_span_slice(byte_span_from_string(text), item->offset, item->length);
        assert_span(byte_span_trim(place), expected[i]);
    }
}

static void paths_are_quoted_where_they_must_be(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"a.b@c", "a.b@c"},
        {"\"a b\"@c", "\"a b\"@c"},
        {"\"a.b\"@c", "a.b@c"},
        {"\"a\\\"b\"@c", "\"a\\\"b\"@c"},
        {"\"a..b\"@c", "\"a..b\"@c"},
        {"alice", "alice"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(MessageAddressList) list =
            message_address_list_parse(byte_span_from_string(rows[i][0]));
        g_autofree char *path = message_address_path(&list->items[0]);
        assert_string_equal(path, rows[i][1]);
    }
}

static void identifiers_are_taken_one_by_one(void **state)
{
    (void)state;
    bool is_clean = true;
    ByteSpan rest = BYTE_SPAN_LITERAL("<1@a>\r\n <2@b><3@c>");
    ByteSpan id;
    assert_true(message_id_next(&rest, &id, &is_clean));
    assert_span(id, "<1@a>");
    assert_true(message_id_next(&rest, &id, &is_clean));
    assert_true(message_id_next(&rest, &id, &is_clean));
    assert_span(id, "<3@c>");
    assert_false(message_id_next(&rest, &id, &is_clean));
    assert_true(is_clean);
    rest = BYTE_SPAN_LITERAL("Your mail of Monday <4@d> <broken");
    assert_true(message_id_next(&rest, &id, &is_clean));
    assert_span(id, "<4@d>");
    assert_false(message_id_next(&rest, &id, &is_clean));
    assert_false(is_clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(places_are_exact),
        cmocka_unit_test(paths_are_quoted_where_they_must_be),
        cmocka_unit_test(identifiers_are_taken_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
