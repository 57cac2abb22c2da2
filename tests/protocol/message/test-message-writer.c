#include "tests/support/test.h"

#include "protocol/message/message-writer.h"
#include "protocol/message/mime-tree.h"

static const MessageDraftOptions options = {
    .seconds = 1669021200,
    .zone_minutes = 60,
    .message_id = "1@crepes.fr",
    .seed = 42,
};

static ByteSpan span_of(GBytes *octets)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(octets, &length);
    return byte_span(data, length);
}

/* No line too long, none that begins a field by accident, CRLF everywhere, nothing to blame. */
static void assert_well_formed(GBytes *message)
{
    g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
    mime_tree_check(tree);
    guint64 defects = mime_tree_defects(tree);
    /* A word that is longer than a line cannot be folded. */
    defects &= ~MESSAGE_DEFECT_BIT(MESSAGE_DEFECT_LINE_OVER_78);
    g_autofree char *names = message_defects_to_string(defects);
    if (defects != 0) {
        g_autofree char *text = byte_span_to_string(span_of(message));
        fail_msg("%s in:\n%s", names, text);
    }
}

#define HEAD "Date: Mon, 21 Nov 2022 10:00:00 +0100\r\n"
#define PLAIN_TAIL                                                                                 \
    "Message-ID: <1@crepes.fr>\r\nMIME-Version: 1.0\r\n"                                           \
    "Content-Type: text/plain; charset=us-ascii\r\n\r\nHi Bob\r\n"

static void a_plain_message_is_plain(void **state)
{
    (void)state;
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", "Alice <alice@crepes.fr>");
    message_draft_add_addresses(draft, "To", "bob@hamburger.edu");
    message_draft_add_text(draft, "Subject", "Greetings");
    message_draft_set_body(draft, draft_part_new_text("plain", "Hi Bob\n"));
    g_autoptr(GBytes) message = message_draft_write(draft);
    assert_span(
        span_of(message),
        HEAD "From: Alice <alice@crepes.fr>\r\nTo: bob@hamburger.edu\r\n"
             "Subject: Greetings\r\n" PLAIN_TAIL
    );
    assert_well_formed(message);
}

typedef struct {
    const char *name;
    const char *text;
    const char *written; /* NULL: only that it reads back */
} FieldCase;

static const FieldCase text_cases[] = {
    {"Subject", "Greetings", "Subject: Greetings\r\n"},
    {"Subject", "", "Subject:\r\n"},
    {"Subject", "caf\xc3\xa9", "Subject: =?UTF-8?Q?caf=C3=A9?=\r\n"},
    {"Subject", "a caf\xc3\xa9 for Bob", "Subject: a =?UTF-8?Q?caf=C3=A9?= for Bob\r\n"},
    {"Subject", "\xe5\x8f\xb0\xe5\x8c\x97", "Subject: =?UTF-8?B?5Y+w5YyX?=\r\n"},
    {"Subject", "two  spaces and   three", "Subject: two  spaces and   three\r\n"},
    {"Subject", "not =?an?encoded?word?=", NULL},
    {"Subject",
     "caf\xc3\xa9 \xc3\xa9t\xc3\xa9",
     "Subject: =?UTF-8?Q?caf=C3=A9_=C3=A9t=C3=A9?=\r\n"},
    {"Subject",
     "a long subject that goes on and on and on, well beyond the seventy-eight characters that are "
     "advised",
     "Subject: a long subject that goes on and on and on, well beyond the\r\n"
     " seventy-eight characters that are advised\r\n"},
    {"X-A-Rather-Long-Name-That-Leaves-Little-Room-For-Anything-Else-On-Its-Line",
     "caf\xc3\xa9 cr\xc3\xa8me",
     NULL},
    {"Subject",
     "\xd0\x9e\xd1\x87\xd0\xb5\xd0\xbd\xd1\x8c \xd0\xb4\xd0\xbb\xd0\xb8\xd0\xbd\xd0\xbd\xd0\xb0\xd1"
     "\x8f \xd1\x82\xd0\xb5\xd0\xbc\xd0\xb0 \xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c\xd0\xbc\xd0\xb0, \xd0"
     "\xba\xd0\xbe\xd1\x82\xd0\xbe\xd1\x80\xd0\xb0\xd1\x8f \xd0\xbd\xd0\xb5 \xd0\xba\xd0\xbe\xd0"
     "\xbd\xd1\x87\xd0\xb0\xd0\xb5\xd1\x82\xd1\x81\xd1\x8f",
     NULL},
    {"Subject",
     "one\r\nBcc: eve@evil.example\r\n\r\nbody",
     "Subject: one  Bcc: eve@evil.example    "
     "body\r\n"},
};

static void texts_are_encoded_and_folded(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(text_cases); i++) {
        const FieldCase *row = &text_cases[i];
        g_autoptr(MessageDraft) draft = message_draft_new(&options);
        message_draft_add_addresses(draft, "From", "alice@crepes.fr");
        message_draft_add_text(draft, row->name, row->text);
        g_autoptr(GBytes) message = message_draft_write(draft);
        HeaderBlock block;
        header_block_init(&block);
        header_block_parse(&block, span_of(message), 0);
        const HeaderField *field = header_block_find(&block, row->name);
        if (row->written != NULL) {
            assert_span(field->raw, row->written);
        }
        g_autofree char *decoded = header_field_decoded(field);
        if (i + 1 < G_N_ELEMENTS(text_cases)) {
            assert_string_equal(decoded, row->text);
        }
        assert_null(header_block_find(&block, "Bcc"));
        header_block_clear(&block);
        assert_well_formed(message);
    }
}

static void random_texts_come_back(void **state)
{
    (void)state;
    static const char *const words[] = {
        "a",
        "Alice",
        "caf\xc3\xa9",
        "=?",
        "?=",
        "\xf0\x9f\x93\xa7",
        "_",
        "=",
        "\xe5\x8f\xb0",
        ",",
        "\"",
        "(x)",
        "supercalifragilisticexpialidocious",
    };
    g_autoptr(GRand) chance = g_rand_new_with_seed(5);
    for (guint i = 0; i < 2000; i++) {
        g_autoptr(GString) text = g_string_new("x");
        for (gint n = g_rand_int_range(chance, 0, 30); n > 0; n--) {
            g_string_append(text, g_rand_boolean(chance) ? " " : "");
            g_string_append(text, words[g_rand_int_range(chance, 0, G_N_ELEMENTS(words))]);
        }
        g_autoptr(MessageDraft) draft = message_draft_new(&options);
        message_draft_add_addresses(draft, "From", "alice@crepes.fr");
        message_draft_add_text(draft, "Subject", text->str);
        g_autoptr(GBytes) message = message_draft_write(draft);
        HeaderBlock block;
        header_block_init(&block);
        header_block_parse(&block, span_of(message), 0);
        g_autofree char *decoded = header_block_decoded(&block, "Subject");
        assert_string_equal(decoded, text->str);
        header_block_clear(&block);
        assert_well_formed(message);
    }
}

static const FieldCase address_cases[] = {
    {"To", "bob@hamburger.edu,carol@x.example", "To: bob@hamburger.edu, carol@x.example\r\n"},
    {"To", "Bob B. <bob@hamburger.edu>", "To: \"Bob B.\" <bob@hamburger.edu>\r\n"},
    {"To", "\xc3\x86lfric, Abbot", "To: =?UTF-8?Q?=C3=86lfric=2C?= Abbot\r\n"},
    {"To", "\"\xc3\x86lfric, Abbot\" <a@x>", "To: =?UTF-8?Q?=C3=86lfric=2C_Abbot?= <a@x>\r\n"},
    {"To", "=?utf-8?Q?=C3=86?= <a@x>", "To: =?UTF-8?Q?=C3=86?= <a@x>\r\n"},
    {"To", "\"a b\"@x", "To: \"a b\"@x\r\n"},
    {"To", "Friends: a@x, Bob <b@x>;, c@x", "To: Friends: a@x, Bob <b@x>;, c@x\r\n"},
    {"To", "undisclosed-recipients:;", "To: undisclosed-recipients:;\r\n"},
    {"To",
     "Bob <bob@hamburger.edu>, Carol <carol@hamburger.edu>, Dave <dave@hamburger.edu>",
     "To: Bob <bob@hamburger.edu>, Carol <carol@hamburger.edu>, Dave\r\n"
     " <dave@hamburger.edu>\r\n"},
};

static void addresses_are_written(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(address_cases); i++) {
        const FieldCase *row = &address_cases[i];
        g_autoptr(MessageDraft) draft = message_draft_new(&options);
        message_draft_add_addresses(draft, row->name, row->text);
        g_autoptr(GBytes) message = message_draft_write(draft);
        HeaderBlock block;
        header_block_init(&block);
        header_block_parse(&block, span_of(message), 0);
        assert_span(header_block_find(&block, "To")->raw, row->written);
        header_block_clear(&block);
    }
}

typedef struct {
    const char *text;
    bool allows_8bit;
    MimeEncoding encoding;
} EncodingCase;

static const EncodingCase encoding_cases[] = {
    {"plain\n", false, MIME_ENCODING_7BIT},
    {"", false, MIME_ENCODING_7BIT},
    {"a caf\xc3\xa9, please, and nothing else\n", false, MIME_ENCODING_QUOTED_PRINTABLE},
    {"a caf\xc3\xa9, please, and nothing else\n", true, MIME_ENCODING_8BIT},
    {"\xd0\x9e\xd1\x87\xd0\xb5\xd0\xbd\xd1\x8c\n", false, MIME_ENCODING_BASE64},
    {"an escape \x1b and many letters to keep it readable\n",
     false,
     MIME_ENCODING_QUOTED_PRINTABLE},
    {"a lone \r in the middle of it\n", true, MIME_ENCODING_QUOTED_PRINTABLE},
};

static void the_mildest_encoding_is_chosen(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(encoding_cases); i++) {
        const EncodingCase *row = &encoding_cases[i];
        MessageDraftOptions own = options;
        own.allows_8bit = row->allows_8bit;
        g_autoptr(MessageDraft) draft = message_draft_new(&own);
        message_draft_add_addresses(draft, "From", "alice@crepes.fr");
        message_draft_set_body(draft, draft_part_new_text("plain", row->text));
        g_autoptr(GBytes) message = message_draft_write(draft);
        g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
        const MimePart *part = mime_tree_root(tree);
        g_autofree char *text = mime_part_text(tree, part, 10000);
        assert_int_equal(part->encoding, row->encoding);
        assert_string_equal(text, row->text);
        assert_well_formed(message);
    }
    g_autofree char *long_line = g_strnfill(5000, 'x');
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", "alice@crepes.fr");
    message_draft_set_body(draft, draft_part_new_text("plain", long_line));
    g_autoptr(GBytes) message = message_draft_write(draft);
    assert_well_formed(message);
}

static void note(GString *seen, const MimePart *part)
{
    g_string_append_printf(seen, "%s(", part->subtype);
    for (guint i = 0; i < part->n_children; i++) {
        note(seen, part->children[i]);
    }
    g_string_append(seen, ")");
}

static DraftPart *photo(void)
{
    g_autoptr(GBytes) octets = g_bytes_new_static("\xff\xd8\xff\xe0\0\x10JFIF", 10);
    return draft_part_new_content("image/jpeg", octets, "caf\xc3\xa9 \"1\".jpg");
}

static void a_tree_of_parts_is_built(void **state)
{
    (void)state;
    DraftPart *attachments[] = {photo()};
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", "alice@crepes.fr");
    message_draft_set_body(
        draft, draft_part_new_composed("Hi\n--=_x\n", "<p>Hi</p>\n", attachments, 1)
    );
    g_autoptr(GBytes) message = message_draft_write(draft);
    g_autoptr(GBytes) again = message_draft_write(draft);
    assert_true(g_bytes_equal(message, again));
    g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
    g_autoptr(GString) seen = g_string_new(NULL);
    note(seen, mime_tree_root(tree));
    assert_string_equal(seen->str, "mixed(alternative(plain()html())jpeg())");
    const MimePart *jpeg = mime_tree_find(tree, BYTE_SPAN_LITERAL("2"));
    assert_string_equal(jpeg->file_name, "caf\xc3\xa9 \"1\".jpg");
    g_autoptr(GBytes) content = mime_part_content(tree, jpeg, 100, NULL);
    assert_int_equal(g_bytes_get_size(content), 10);
    const MimePart *plain = mime_tree_find(tree, BYTE_SPAN_LITERAL("1.1"));
    g_autofree char *text = mime_part_text(tree, plain, 100);
    assert_string_equal(text, "Hi\n--=_x\n");
    MessageDraftOptions other = options;
    other.seed = 43;
    g_autoptr(MessageDraft) second = message_draft_new(&other);
    message_draft_set_body(second, draft_part_new_multipart("mixed"));
    g_autoptr(GBytes) empty = message_draft_write(second);
    assert_false(g_bytes_equal(message, empty));
}

static GBytes *letter(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

#define ORIGINAL                                                                                   \
    "Date: Mon, 21 Nov 2022 09:00:00 +0100\r\nFrom: Bob <bob@hamburger.edu>\r\n"                   \
    "To: Alice <alice@crepes.fr>, carol@hamburger.edu\r\nCc: \"D, E\" <dave@x.example>\r\n"        \
    "Subject: Lunch?\r\nMessage-ID: <b2@hamburger.edu>\r\nReferences: <a1@crepes.fr>\r\n\r\n"      \
    "Shall we?\r\n\r\n> maybe\r\n"

static void a_digest_holds_messages(void **state)
{
    (void)state;
    g_autoptr(GBytes) one = letter(ORIGINAL);
    DraftPart *digest = draft_part_new_multipart("digest");
    draft_part_set_preamble(digest, "Two letters");
    draft_part_add(digest, draft_part_new_message(one));
    draft_part_add(digest, draft_part_new_message(one));
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", "list@hamburger.edu");
    message_draft_set_body(draft, digest);
    g_autoptr(GBytes) message = message_draft_write(draft);
    g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
    g_autoptr(GString) seen = g_string_new(NULL);
    note(seen, mime_tree_root(tree));
    assert_string_equal(seen->str, "digest(rfc822(plain())rfc822(plain()))");
    assert_span(mime_part_raw(tree, mime_tree_find(tree, BYTE_SPAN_LITERAL("2"))), ORIGINAL);
    assert_well_formed(message);
}

static void assert_field(GBytes *message, const char *name, const char *expected)
{
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, span_of(message), 0);
    g_autofree char *text = header_block_decoded(&block, name);
    if (expected == NULL) {
        assert_null(text);
    } else {
        assert_string_equal(text, expected);
    }
    header_block_clear(&block);
}

static void a_reply_points_back(void **state)
{
    (void)state;
    g_autoptr(GBytes) original = letter(ORIGINAL);
    MessageReply reply = {
        .from = "Alice <ALICE@crepes.fr>", .to_all = true, .text = "Yes!", .quotes = true};
    g_autoptr(MessageDraft) draft = message_draft_new_reply(original, &reply, &options);
    g_autoptr(GBytes) message = message_draft_write(draft);
    assert_field(message, "From", "Alice <ALICE@crepes.fr>");
    assert_field(message, "To", "Bob <bob@hamburger.edu>");
    assert_field(message, "Cc", "carol@hamburger.edu, \"D, E\" <dave@x.example>");
    assert_field(message, "Subject", "Re: Lunch?");
    assert_field(message, "In-Reply-To", "<b2@hamburger.edu>");
    assert_field(message, "References", "<a1@crepes.fr> <b2@hamburger.edu>");
    g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
    g_autofree char *text = mime_part_text(tree, mime_tree_root(tree), 10000);
    assert_string_equal(
        text,
        "Yes!\n\nOn Mon, 21 Nov 2022 09:00:00 +0100, Bob <bob@hamburger.edu> wrote:\n"
        "> Shall we?\n>\n>> maybe\n"
    );
    MessageReply short_reply = {.from = "bob@hamburger.edu", .text = "OK"};
    g_autoptr(MessageDraft) second = message_draft_new_reply(message, &short_reply, &options);
    g_autoptr(GBytes) answer = message_draft_write(second);
    assert_field(answer, "Subject", "Re: Lunch?");
    assert_field(answer, "Cc", NULL);
    assert_field(answer, "References", "<a1@crepes.fr> <b2@hamburger.edu> <1@crepes.fr>");
    assert_well_formed(answer);
}

static void a_long_thread_stays_short(void **state)
{
    (void)state;
    g_autoptr(GString) text = g_string_new("Message-ID: <last@x>\r\nReferences:");
    for (guint i = 0; i < 500; i++) {
        g_string_append_printf(text, "\r\n <%u@x>", i);
    }
    g_string_append(text, "\r\n\r\n");
    g_autoptr(GBytes) original = letter(text->str);
    MessageReply reply = {.from = "a@x", .text = ""};
    g_autoptr(MessageDraft) draft = message_draft_new_reply(original, &reply, &options);
    g_autoptr(GBytes) message = message_draft_write(draft);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, span_of(message), 0);
    g_autofree char *references = header_block_text(&block, "References");
    assert_true(g_str_has_prefix(references, "<0@x> <482@x>"));
    assert_true(g_str_has_suffix(references, "<499@x> <last@x>"));
    header_block_clear(&block);
}

static void a_forward_takes_all_along(void **state)
{
    (void)state;
    DraftPart *attachments[] = {photo()};
    g_autoptr(MessageDraft) first = message_draft_new(&options);
    message_draft_add_addresses(first, "From", "bob@hamburger.edu");
    message_draft_add_text(first, "Subject", "Photo");
    message_draft_set_body(first, draft_part_new_composed("Look!\n", NULL, attachments, 1));
    g_autoptr(GBytes) original = message_draft_write(first);
    MessageForward forward = {.from = "alice@crepes.fr", .to = "carol@x.example", .text = "See"};
    for (guint as_attachment = 0; as_attachment < 2; as_attachment++) {
        forward.as_attachment = as_attachment != 0;
        g_autoptr(MessageDraft) draft = message_draft_new_forward(original, &forward, &options);
        g_autoptr(GBytes) message = message_draft_write(draft);
        g_autoptr(MimeTree) tree = mime_tree_new(message, NULL);
        g_autoptr(GString) seen = g_string_new(NULL);
        note(seen, mime_tree_root(tree));
        assert_string_equal(
            seen->str,
            as_attachment ? "mixed(plain()rfc822(mixed(plain()jpeg())))" : "mixed(plain()jpeg())"
        );
        assert_field(message, "Subject", "Fwd: Photo");
        g_autofree char *text =
            mime_part_text(tree, mime_tree_find(tree, BYTE_SPAN_LITERAL("1")), 10000);
        assert_true(as_attachment ? strcmp(text, "See") == 0 : strstr(text, "Look!") != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_message_is_plain),
        cmocka_unit_test(texts_are_encoded_and_folded),
        cmocka_unit_test(random_texts_come_back),
        cmocka_unit_test(addresses_are_written),
        cmocka_unit_test(the_mildest_encoding_is_chosen),
        cmocka_unit_test(a_tree_of_parts_is_built),
        cmocka_unit_test(a_digest_holds_messages),
        cmocka_unit_test(a_reply_points_back),
        cmocka_unit_test(a_long_thread_stays_short),
        cmocka_unit_test(a_forward_takes_all_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
