#include "tests/support/test.h"

#include "protocol/dns/dns-field.h"
#include "protocol/dns/dns-message.h"
#include "tests/protocol/dns/dns-samples.h"

/* Header of a question or an answer with the given counts. */
#define HEADER(flags, qd, an) "\x12\x34" flags "\x00" qd "\x00" an "\x00\x00\x00\x00"

static void test_places(void **state)
{
    DnsWriter writer;
    DnsReader reader;
    DnsRecord record;
    (void)state;
    sample_mx_answer(&writer);
    ByteSpan message = dns_writer_message(&writer);
    assert_true(dns_reader_begin(&reader, message));
    assert_int_equal(reader.header.id, 22981);
    assert_true(reader.header.is_response && reader.header.recursion_available);
    assert_false(reader.header.is_authoritative);
    assert_true(dns_reader_next(&reader, &record));
    assert_int_equal(record.name.start, 12);
    assert_int_equal(record.name.end, 27);
    assert_int_equal(record.type_at, 27);
    assert_int_equal(record.class_at, 29);
    assert_int_equal(record.whole.end, 31);
    assert_true(dns_reader_next(&reader, &record));
    assert_int_equal(record.section, DNS_SECTION_ANSWER);
    assert_int_equal(record.name.start, 31);
    assert_int_equal(record.name.end, 33);
    assert_int_equal(record.ttl_at, 37);
    assert_int_equal(record.ttl, 3600);
    assert_int_equal(record.length_at, 41);
    assert_int_equal(record.data.start, 43);
    assert_int_equal(record.data.end, 52); /* 2 preference, "mail" 5, pointer 2 */
    guint count = 2;
    while (dns_reader_next(&reader, &record)) {
        count++;
    }
    assert_int_equal(count, 6);
    assert_int_equal(reader.position, message.length);
    assert_int_equal(reader.defect.kind, DNS_DEFECT_NONE);
    assert_true(dns_message_is_plausible(message));
    dns_writer_clear(&writer);
}

/* What a reader says must not hang on octets behind the end, wherever that is. */
static void test_cut_everywhere(void **state)
{
    DnsWriter writer;
    (void)state;
    sample_mx_answer(&writer);
    ByteSpan message = dns_writer_message(&writer);
    for (gsize length = 0; length < message.length; length++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan cut = unterminated((const char *)message.data, length, keep);
        DnsDefect defects[2];
        assert_int_equal(dns_message_check(cut, defects, 2), 1);
        assert_true(dns_defect_row(defects[0].kind)->is_fatal);
        assert_true(defects[0].offset <= length);
        assert_false(dns_message_is_plausible(cut));
    }
    DnsDefect defect;
    assert_int_equal(dns_message_check(message, &defect, 1), 0);
    dns_writer_clear(&writer);
}

#define CASE(name_text, octets, defect_kind, at)                                                   \
    {                                                                                              \
        .name = (name_text), .data = (octets), .length = sizeof(octets) - 1,                       \
        .kind = (defect_kind), .offset = (at)                                                      \
    }

static void test_hostile(void **state)
{
    static const struct {
        const char *name;
        const char *data;
        gsize length;
        DnsDefectKind kind;
        guint32 offset;
    } cases[] = {
        CASE("empty", "", DNS_DEFECT_HEADER_CUT, 0),
        CASE("no header", "\x12\x34\x01", DNS_DEFECT_HEADER_CUT, 3),
        CASE(
            "pointer to itself",
            HEADER("\x01\x00", "\x01", "\x00") "\xc0\x0c\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_LOOP,
            12
        ),
        CASE(
            "pointer to its own label",
            HEADER("\x01\x00", "\x01", "\x00") "\x01x\xc0\x0c\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_LOOP,
            14
        ),
        CASE(
            "pointer forward",
            HEADER("\x01\x00", "\x01", "\x00") "\xc0\x0f\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_FORWARD,
            12
        ),
        CASE(
            "pointer past the end",
            HEADER("\x01\x00", "\x01", "\x00") "\xff\xff\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_FORWARD,
            12
        ),
        CASE(
            "pointer into the header",
            HEADER("\x01\x00", "\x01", "\x00") "\xc0\x02\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_HEADER,
            12
        ),
        CASE(
            "two pointers that chase each other",
            HEADER("\x01\x00", "\x02", "\x00") "\xc0\x12\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01",
            DNS_DEFECT_POINTER_FORWARD,
            12
        ),
        CASE(
            "label kind 01",
            HEADER("\x01\x00", "\x01", "\x00") "\x41x\x00\x00\x01\x00\x01",
            DNS_DEFECT_LABEL_KIND,
            12
        ),
        CASE(
            "label kind 10",
            HEADER("\x01\x00", "\x01", "\x00") "\x80\x00\x00\x01\x00\x01",
            DNS_DEFECT_LABEL_KIND,
            12
        ),
        CASE(
            "name without an end",
            HEADER("\x01\x00", "\x01", "\x00") "\x03www",
            DNS_DEFECT_NAME_CUT,
            16
        ),
        CASE(
            "half a pointer",
            HEADER("\x01\x00", "\x01", "\x00") "\x01x\xc0",
            DNS_DEFECT_NAME_CUT,
            15
        ),
        CASE(
            "question without class",
            HEADER("\x01\x00", "\x01", "\x00") "\x01x\x00\x00\x01",
            DNS_DEFECT_QUESTION_CUT,
            17
        ),
        CASE(
            "question counted but not there",
            HEADER("\x01\x00", "\x01", "\x00"),
            DNS_DEFECT_NAME_CUT,
            12
        ),
        CASE(
            "data longer than the message",
            HEADER("\x80\x00", "\x00", "\x01") "\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x05"
                                               "\xc0\x00\x02",
            DNS_DEFECT_DATA_CUT,
            21
        ),
        CASE(
            "address of three octets",
            HEADER("\x80\x00", "\x00", "\x01") "\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x03"
                                               "\xc0\x00\x02",
            DNS_DEFECT_DATA_SHORT,
            26
        ),
        CASE(
            "address of five octets",
            HEADER("\x80\x00", "\x00", "\x01") "\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x05"
                                               "\xc0\x00\x02\x01\x07",
            DNS_DEFECT_DATA_LONG,
            27
        ),
        CASE(
            "exchange that reaches past its data",
            HEADER("\x80\x00", "\x00", "\x02") "\x00\x00\x0f\x00\x01\x00\x00\x00\x00\x00\x05"
                                               "\x00\x0a\x01x\x01"
                                               "\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00",
            DNS_DEFECT_DATA_SHORT,
            28
        ),
        CASE(
            "compressed target of SRV",
            HEADER("\x80\x00", "\x01", "\x01") "\x01x\x00\x00\x21\x00\x01"
                                               "\x00\x00\x21\x00\x01\x00\x00\x00\x00\x00\x08"
                                               "\x00\x01\x00\x01\x00\x19\xc0\x0c",
            DNS_DEFECT_POINTER_NEW,
            36
        ),
        CASE(
            "string past its data",
            HEADER("\x80\x00", "\x00", "\x01") "\x00\x00\x10\x00\x01\x00\x00\x00\x00\x00\x03"
                                               "\x05hi",
            DNS_DEFECT_DATA_SHORT,
            26
        ),
        CASE("reserved bit", HEADER("\x01\x40", "\x00", "\x00"), DNS_DEFECT_RESERVED, 3),
        CASE(
            "octets behind the end",
            HEADER("\x01\x00", "\x00", "\x00") "hello",
            DNS_DEFECT_TRAILING,
            12
        ),
        CASE(
            "OPT record as an answer",
            HEADER("\x80\x00", "\x00", "\x01") "\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00",
            DNS_DEFECT_OPT_PLACE,
            12
        ),
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
        ByteSpan message = unterminated(cases[i].data, cases[i].length, keep);
        DnsDefect defect = {0};
        if (dns_message_check(message, &defect, 1) == 0 || defect.kind != cases[i].kind ||
            defect.offset != cases[i].offset) {
            fail_msg(
                "%s: %s at %u", cases[i].name, dns_defect_row(defect.kind)->name, defect.offset
            );
        }
    }
}

/* A name of 255 octets is read, one octet more is a defect. */
static void test_longest_name(void **state)
{
    g_autoptr(GByteArray) message = g_byte_array_new();
    DnsName name;
    DnsDefect defect;
    guint8 label[64];
    (void)state;
    memset(label, 'a', sizeof label);
    g_byte_array_append(
        message, (const guint8 *)HEADER("\x01\x00", "\x01", "\x00"), DNS_HEADER_LENGTH
    );
    label[0] = 63;
    g_byte_array_append(message, label, 64);
    g_byte_array_append(message, label, 64);
    g_byte_array_append(message, label, 64);
    label[0] = 61;
    g_byte_array_append(message, label, 62);
    g_byte_array_append(message, (const guint8 *)"\0\0\1\0\1", 5);
    assert_true(dns_message_name(byte_span(message->data, message->len), 12, &name, NULL, NULL));
    assert_int_equal(name.length, 255);
    g_byte_array_append(message, (const guint8 *)"\1b\xc0\x0c", 4);
    assert_false(dns_message_name(byte_span(message->data, message->len), 271, &name, NULL, &defect)
    );
    assert_int_equal(defect.kind, DNS_DEFECT_NAME_TOO_LONG);
}

/* 200 pointers, each to the one before: more than a name can need. */
static void test_pointer_chain(void **state)
{
    g_autoptr(GByteArray) message = g_byte_array_new();
    DnsName name;
    DnsDefect defect;
    (void)state;
    g_byte_array_append(
        message, (const guint8 *)HEADER("\x01\x00", "\x01", "\x00"), DNS_HEADER_LENGTH
    );
    g_byte_array_append(message, (const guint8 *)"\1x\0", 3);
    guint target = 12;
    for (guint i = 0; i < 200; i++) {
        guint8 pointer[2] = {(guint8)(0xc0 | target >> 8), (guint8)target};
        target = message->len;
        g_byte_array_append(message, pointer, 2);
    }
    ByteSpan span = byte_span(message->data, message->len);
    guint32 end = 0;
    assert_true(dns_message_name(span, 15 + 2 * 126, &name, &end, NULL));
    assert_int_equal(end, 15 + 2 * 127);
    assert_false(dns_message_name(span, 15 + 2 * 127, &name, &end, &defect));
    assert_int_equal(defect.kind, DNS_DEFECT_POINTER_CHAIN);
}

typedef struct {
    guint32 next; /* octet that no field has covered yet */
    guint count;
    GString *text;
} Cover;

static void cover(const DnsField *field, const char *value, void *user_data)
{
    Cover *seen = user_data;
    assert_non_null(field->label);
    assert_int_not_equal(field->reference.number, 0);
    if (field->bits == 0 || field->first_bit == 0) {
        assert_int_equal(field->place.start, seen->next);
        seen->next = field->place.end;
    }
    seen->count++;
    g_string_append_printf(seen->text, "%s=%s\n", field->label, value);
}

/* The fields of a good message cover it without a hole and without overlap. */
static void test_fields_cover_message(void **state)
{
    DnsWriter writer;
    Cover seen = {.text = g_string_new(NULL)};
    (void)state;
    sample_mx_answer(&writer);
    sample_record(
        &writer, DNS_SECTION_ADDITIONAL, "t.hamburger.edu", 5, "TXT", "\"v=spf1\" \" -all\""
    );
    sample_record(&writer, DNS_SECTION_ADDITIONAL, "x.fr", 5, "TYPE65280", "\\# 2 abcd");
    assert_true(dns_writer_edns(&writer, &(DnsEdns){.udp_payload = 1232}));
    ByteSpan message = dns_writer_message(&writer);
    DnsDefect defect = dns_fields_each(message, cover, &seen);
    assert_int_equal(defect.kind, DNS_DEFECT_NONE);
    assert_int_equal(seen.next, message.length);
    assert_non_null(strstr(seen.text->str, "\nPREFERENCE=10\nEXCHANGE=mail.hamburger.edu. ("));
    assert_non_null(strstr(
        seen.text->str,
        "\nQTYPE=MX\nQCLASS=IN\nNAME=hamburger.edu. (pointer "
        "to octet 12)\nTYPE=MX\nCLASS=IN\nTTL=3600 s\n"
    ));
    assert_non_null(strstr(seen.text->str, "ADDRESS=2001:db8::25\n"));
    g_string_free(seen.text, TRUE);
    dns_writer_clear(&writer);
}

static void test_extended_rcode(void **state)
{
    DnsWriter writer;
    DnsHeader header = {.is_response = true};
    (void)state;
    dns_writer_begin(&writer, DNS_UDP_MAXIMUM, &header);
    assert_true(
        dns_writer_edns(&writer, &(DnsEdns){.udp_payload = 1232, .extended_rcode = 1, .version = 0})
    );
    assert_int_equal(dns_message_rcode(dns_writer_message(&writer)), DNS_RCODE_BADVERS);
    dns_writer_clear(&writer);
}

static void test_defect_rows(void **state)
{
    (void)state;
    for (guint kind = 0; kind < N_DNS_DEFECTS; kind++) {
        const DnsDefectRow *row = dns_defect_row((DnsDefectKind)kind);
        assert_int_equal(row->kind, kind);
        assert_true(strlen(row->name) > 0 && g_str_has_suffix(row->meaning, "."));
        assert_int_not_equal(row->reference.number, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_cut_everywhere),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_longest_name),
        cmocka_unit_test(test_pointer_chain),
        cmocka_unit_test(test_fields_cover_message),
        cmocka_unit_test(test_extended_rcode),
        cmocka_unit_test(test_defect_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
