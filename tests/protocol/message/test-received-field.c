#include "tests/support/test.h"

#include "protocol/message/received-field.h"

typedef struct {
    const char *text;
    const char *expected; /* from|host|address|by|via|with|id|for|seconds|defects */
} ReceivedCase;

#define DATE "; Mon, 21 Nov 2022 10:00:00 +0100"

static const ReceivedCase cases[] = {
    {
        "from pc7.crepes.fr (pc7.crepes.fr [192.0.2.7])\r\n\tby mail.crepes.fr (Postfix) with "
        "ESMTP id 4711\r\n\tfor <bob@hamburger.edu>" DATE,
        "pc7.crepes.fr|pc7.crepes.fr|192.0.2.7|mail.crepes.fr||ESMTP|4711|bob@hamburger.edu|"
        "1669021200|",
    },
    {
        "from liar (pc7.crepes.fr [192.0.2.7]) by mail.crepes.fr" DATE,
        "liar|pc7.crepes.fr|192.0.2.7|mail.crepes.fr|||||1669021200|received-name-differs",
    },
    {
        "from pc7 (pc7.crepes.fr [192.0.2.7]) by mail.crepes.fr" DATE,
        "pc7|pc7.crepes.fr|192.0.2.7|mail.crepes.fr|||||1669021200|",
    },
    {
        "from out.crepes.fr (out5.crepes.fr [192.0.2.7]) by mail.crepes.fr" DATE,
        "out.crepes.fr|out5.crepes.fr|192.0.2.7|mail.crepes.fr|||||1669021200|",
    },
    {
        "from mail.crepes.fr (localhost.localdomain [127.0.0.1]) by mail.crepes.fr" DATE,
        "mail.crepes.fr|localhost.localdomain|127.0.0.1|mail.crepes.fr|||||1669021200|",
    },
    {
        "from [192.0.2.7] (unknown [IPv6:2001:db8::7]) by x.example via TCP with SMTP" DATE,
        "[192.0.2.7]|unknown|2001:db8::7|x.example|TCP|SMTP|||1669021200|",
    },
    {
        "from a.example (HELO b.example) (192.0.2.7) by c.example with SMTP" DATE,
        "a.example||192.0.2.7|c.example||SMTP|||1669021200|",
    },
    {
        "from [192.0.2.7] (helo=pc7) by c.example with esmtp (Exim 4.94) id 1abc-0001" DATE,
        "[192.0.2.7]||192.0.2.7|c.example||esmtp|1abc-0001||1669021200|",
    },
    {
        "by mail.crepes.fr (Postfix, from userid 1000) id 99" DATE,
        "|||mail.crepes.fr|||99||1669021200|",
    },
    {
        "from a (a [10.0.0.1]) (using TLSv1.3; with cipher (x)) by b with Microsoft SMTP Server "
        "(version=TLS1_2) id 15.1" DATE,
        "a|a|10.0.0.1|b||Microsoft SMTP Server|15.1||1669021200|",
    },
    {
        "from a by b for x@y.example; yesterday",
        "a|||b||||x@y.example|0|date-syntax received-no-date",
    },
    {
        "from a by b",
        "a|||b|||||0|date-syntax received-no-date",
    },
    {
        "(qmail 4711 invoked by uid 0)" DATE,
        "||||||||1669021200|received-syntax",
    },
    {
        "by b from a" DATE,
        "a|||b|||||1669021200|received-syntax",
    },
    {
        "from a by b id 1 2 3" DATE,
        "a|||b|||1||1669021200|received-syntax",
    },
    {
        "from \"a;b\" by (open",
        "\"a;b\"||||||||0|date-syntax received-syntax received-no-date",
    },
    {"", "||||||||0|date-syntax received-syntax received-no-date"},
    {"from", "||||||||0|date-syntax received-syntax received-no-date"},
};

static void append(GString *seen, ByteSpan span)
{
    g_string_append_len(seen, (const char *)span.data, (gssize)span.length);
    g_string_append_c(seen, '|');
}

static void lines_are_read_clause_by_clause(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ReceivedField field;
        g_autoptr(GString) seen = g_string_new(NULL);
        received_field_parse(unterminated(cases[i].text, strlen(cases[i].text), keep), &field);
        g_autofree char *defects = message_defects_to_string(field.defects);
        append(seen, field.from_name);
        append(seen, field.from_host);
        append(seen, field.from_address);
        append(seen, field.by_name);
        append(seen, field.via);
        append(seen, field.with);
        append(seen, field.id);
        append(seen, field.for_path);
        g_string_append_printf(seen, "%" G_GINT64_FORMAT "|%s", field.date.seconds, defects);
        assert_string_equal(seen->str, cases[i].expected);
    }
}

typedef struct {
    const char *header;
    const char *trusted;  /* one host, or NULL */
    const char *expected; /* one line each: number by trusted delay links defects */
    gint64 total_seconds;
} ChainCase;

#define AT(time) "; Mon, 21 Nov 2022 " time " +0100\r\n"

static const ChainCase chain_cases[] = {
    {
        "Return-Path: <alice@crepes.fr>\r\n"
        "Received: from mail.crepes.fr by mx.hamburger.edu" AT("10:00:05"
        ) "Received: from pc7.crepes.fr by mail.crepes.fr" AT("10:00:00") "\r\n",
        .trusted = "mx.hamburger.edu",
        .expected = "1 mail.crepes.fr forged - links \n2 mx.hamburger.edu trusted 5 - \n",
        .total_seconds = 5,
    },
    {
        "Received: from mail.crepes.fr by mx.hamburger.edu" AT("09:00:00"
        ) "Received: from pc7.crepes.fr by mail.crepes.fr" AT("10:00:00") "\r\n",
        .trusted = "other.example",
        .expected = "1 mail.crepes.fr forged - links \n"
                    "2 mx.hamburger.edu forged -3600 - received-time-backwards\n",
        .total_seconds = -3600,
    },
    {
        "Received: from bot.spam.example by mx.hamburger.edu" AT("10:00:05"
        ) "Received: from a.bank.example by b.bank.example" AT("10:00:00") "\r\n",
        .expected = "1 b.bank.example forged - - \n"
                    "2 mx.hamburger.edu trusted 5 - received-chain-broken\n",
        .total_seconds = 5,
    },
    {
        "Received: from b.bb.example by a.aa.example" AT("10:00:04"
        ) "Received: from a.aa.example by b.bb.example" AT("10:00:03"
        ) "Received: from b.bb.example by a.aa.example" AT("10:00:02"
        ) "Received: from a.aa.example by b.bb.example" AT("10:00:01"
        ) "Received: from x.xx.example by a.aa.example" AT("10:00:00") "\r\n",
        .expected = "1 a.aa.example forged - links \n2 b.bb.example forged 1 links \n"
                    "3 a.aa.example forged 1 links \n4 b.bb.example forged 1 links \n"
                    "5 a.aa.example trusted 1 - received-loop\n",
        .total_seconds = 4,
    },
    {
        "Received: from localhost by mx.hamburger.edu" AT("10:00:02"
        ) "Received: from mail.crepes.fr by mx.hamburger.edu" AT("10:00:01") "\r\n",
        .trusted = "mx.hamburger.edu",
        .expected = "1 mx.hamburger.edu trusted - - \n2 mx.hamburger.edu trusted 1 - \n",
        .total_seconds = 1,
    },
    {"Subject: x\r\n\r\n", .expected = ""},
};

static void note_hop(GString *seen, const ReceivedHop *hop)
{
    g_autofree char *by = byte_span_to_string(hop->received.by_name);
    g_autofree char *defects = message_defects_to_string(hop->defects);
    g_autofree char *delay = g_strdup_printf("%" G_GINT64_FORMAT, hop->delay_seconds);
    g_string_append_printf(
        seen,
        "%u %s %s %s %s %s\n",
        hop->number,
        by,
        hop->is_trusted ? "trusted" : "forged",
        hop->has_delay ? delay : "-",
        hop->links_to_next ? "links" : "-",
        defects
    );
    assert_int_equal(hop->could_be_forged, !hop->is_trusted);
}

static void chains_are_judged(void **state)
{
    (void)state;
    HeaderBlock block;
    header_block_init(&block);
    for (gsize i = 0; i < G_N_ELEMENTS(chain_cases); i++) {
        const ChainCase *row = &chain_cases[i];
        g_autoptr(GString) seen = g_string_new(NULL);
        ReceivedTrust trust = {.hosts = &row->trusted, .n_hosts = row->trusted != NULL};
        header_block_parse(&block, byte_span_from_string(row->header), 0);
        g_autoptr(ReceivedChain) chain = received_chain_new(&block, &trust);
        assert_int_equal(received_count(byte_span_from_string(row->header)), chain->n_hops);
        for (guint at = 0; at < chain->n_hops; at++) {
            note_hop(seen, &chain->hops[at]);
        }
        assert_string_equal(seen->str, row->expected);
        assert_int_equal(chain->total_seconds, row->total_seconds);
        if (i == 0) {
            assert_true(chain->has_return_path);
            assert_span(chain->return_path, "alice@crepes.fr");
        }
    }
    header_block_clear(&block);
}

typedef struct {
    const char *message;
    guint count;
} CountCase;

static const CountCase count_cases[] = {
    {"", 0},
    {"Received", 0},
    {"Received:", 1},
    {"received : by a\r\n\tReceived: folded\r\nRECEIVED:\nX-Received: no\r\nReceived-SPF: no\r\n",
     2},
    {"Subject: hello\r\n\r\nReceived: in the body\r\n", 0},
    {"Received: by a\n\nReceived: in the body\n", 1},
};

static void fields_are_counted(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(count_cases); i++) {
        const CountCase *row = &count_cases[i];
        assert_int_equal(received_count(byte_span_from_string(row->message)), row->count);
    }
}

static const ReceivedTrace full_trace = {
    .from_name = "pc7.crepes.fr",
    .from_host = "pc7.crepes.fr",
    .from_address = "2001:db8::7",
    .by_name = "mail.crepes.fr",
    .with = "ESMTP",
    .id = "4711",
    .for_path = "bob@hamburger.edu",
    .seconds = 1669021200,
    .zone_minutes = 60,
};

static void trace_fields_are_written(void **state)
{
    (void)state;
    g_autofree char *text = received_field_write(&full_trace);
    assert_string_equal(
        text,
        "Received: from pc7.crepes.fr (pc7.crepes.fr [IPv6:2001:db8::7])\r\n"
        "\tby mail.crepes.fr with ESMTP id 4711 for <bob@hamburger.edu>;\r\n"
        "\tMon, 21 Nov 2022 10:00:00 +0100\r\n"
    );
    g_autofree char *path = return_path_write("");
    assert_string_equal(path, "Return-Path: <>\r\n");
}

static void a_client_cannot_break_the_line(void **state)
{
    (void)state;
    ReceivedTrace trace = full_trace;
    trace.from_name = "x\r\nBcc: eve@x (y) by evil; z";
    trace.for_path = "a>\r\nX: y";
    g_autofree char *text = received_field_write(&trace);
    HeaderBlock block;
    header_block_init(&block);
    header_block_parse(&block, byte_span_from_string(text), 0);
    assert_int_equal(block.n_fields, 1);
    ReceivedField field;
    received_field_parse(block.fields[0].body, &field);
    assert_span(field.by_name, "mail.crepes.fr");
    assert_span(field.from_address, "2001:db8::7");
    assert_true(field.has_date);
    header_block_clear(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read_clause_by_clause),
        cmocka_unit_test(chains_are_judged),
        cmocka_unit_test(fields_are_counted),
        cmocka_unit_test(trace_fields_are_written),
        cmocka_unit_test(a_client_cannot_break_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
