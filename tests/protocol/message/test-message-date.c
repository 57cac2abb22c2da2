#include "tests/support/test.h"

#include "protocol/message/message-date.h"

typedef struct {
    const char *text;
    gint64 seconds;
    int zone_minutes;
    bool is_unknown; /* the zone */
    const char *defects;
    bool fails;
} DateCase;

static const DateCase cases[] = {
    {"Mon, 21 Nov 2022 10:00:00 +0100", 1669021200, 60, .defects = ""},
    {"21 Nov 2022 10:00 +0000", 1669024800, 0, .defects = ""},
    {"Mon, 21 Nov 2022 10:00:00 -0000", 1669024800, 0, .is_unknown = true, .defects = ""},
    {"Mon,\r\n 21 Nov 2022 (a (nested) \\) day) 10:00:00 +0100 (CET)",
     1669021200,
     60,
     .defects = ""},
    {"Mon, 21 Nov 2022 10 : 00 : 00 +0100", 1669021200, 60, .defects = ""},
    {"Thu, 1 Jan 1970 00:00:00 +0000", 0, 0, .defects = ""},
    {"Wed, 31 Dec 1969 23:59:59 +0000", -1, 0, .defects = ""},
    {"Thu, 29 Feb 2024 12:00:00 -0330", 1709220600, -210, .defects = ""},
    {"Sat, 31 Dec 2016 23:59:60 +0000", 1483228800, 0, .defects = ""},
    {"mon, 21 NOV 2022 10:00:00 +0100", 1669021200, 60, .defects = ""},
    {"Mon, 21 Nov 22 10:00:00 GMT", 1669024800, 0, .defects = "date-obsolete"},
    {"Sun, 21 Nov 99 10:00:00 EST", 943196400, -300, .defects = "date-obsolete"},
    {"21 Nov 122 10:00:00 Z", 1669024800, 0, .is_unknown = true, .defects = "date-obsolete"},
    {"Tue, 21 Nov 2022 10:00:00 +0100", 1669021200, 60, .defects = "date-weekday"},
    {"Mon, 21 Nov 2022 10:00:00", 1669024800, 0, .is_unknown = true, .defects = "date-syntax"},
    {"Mon Nov 21 10:00:00 2022", 1669024800, 0, .is_unknown = true, .defects = "date-syntax"},
    {"Monday, 21-Nov-2022 10:00:00 +0000", 1669024800, 0, .defects = "date-syntax"},
    {"21 November 2022 10:00:00 +0000", 1669024800, 0, .defects = "date-syntax"},
    {"21 Nov 2022 1:02:3 +0000", 1668992523, 0, .defects = "date-syntax"},
    {"21 Nov 2022 10:00:00 +1", 1669024800, 0, .is_unknown = true, .defects = "date-syntax"},
    {"21 Nov 2022 10:00:00 +0199", 1669024800, 0, .is_unknown = true, .defects = "date-range"},
    {"30 Feb 2022 10:00:00 +0000", .defects = "date-range", .fails = true},
    {"29 Feb 1900 10:00:00 +0000", .defects = "date-range", .fails = true},
    {"21 Nov 2022 24:00:00 +0000", .defects = "date-range", .fails = true},
    {"21 Nov 1899 10:00:00 +0000", .defects = "date-range", .fails = true},
    {"21 Nov 99999 10:00:00 +0000", .defects = "date-range", .fails = true},
    {"0 Nov 2022 10:00:00 +0000", .defects = "date-range", .fails = true},
    {"21 Foo 2022 10:00:00 +0000", .defects = "date-syntax", .fails = true},
    {"yesterday", .defects = "date-syntax", .fails = true},
    {"", .defects = "date-syntax", .fails = true},
    {"(", .defects = "date-syntax", .fails = true},
    {"21 Nov 2022 10:", .defects = "date-syntax", .fails = true},
};

static void dates_are_read(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DateCase *row = &cases[i];
        MessageDate date;
        bool is_read = message_date_parse(unterminated(row->text, strlen(row->text), keep), &date);
        g_autofree char *defects = message_defects_to_string(date.defects);
        if (is_read == row->fails || date.seconds != row->seconds ||
            strcmp(defects, row->defects) != 0) {
            fail_msg("%s: %" G_GINT64_FORMAT " %s", row->text, date.seconds, defects);
        }
        assert_int_equal(date.zone_minutes, row->zone_minutes);
        assert_int_equal(date.zone_is_unknown, row->is_unknown);
    }
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const int some_zones[] = {0, 60, -210, 345, -720, 840};
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    for (guint i = 0; i < 20000; i++) {
        gint64 days = g_rand_int_range(chance, -25566, 2932800);
        gint64 seconds = days * 86400 + g_rand_int_range(chance, 0, 86400);
        int zone = some_zones[i % G_N_ELEMENTS(some_zones)];
        seconds = MAX(seconds, -2208902400);
        char text[MESSAGE_DATE_SIZE];
        MessageDate date;
        message_date_write(seconds, zone, text);
        assert_true(message_date_parse(byte_span_from_string(text), &date));
        assert_int_equal(date.seconds, seconds);
        assert_int_equal(date.zone_minutes, zone);
        assert_int_equal(date.defects, 0);
        message_date_write_internal(seconds, zone, text);
        assert_true(message_date_parse_internal(byte_span_from_string(text), &date));
        assert_int_equal(date.seconds, seconds);
    }
}

static void the_form_is_that_of_the_rules(void **state)
{
    (void)state;
    g_autofree char *text = message_date_to_string(1669021200, 60);
    assert_string_equal(text, "Mon, 21 Nov 2022 10:00:00 +0100");
    char internal[MESSAGE_DATE_SIZE];
    message_date_write_internal(1667638800, -90, internal);
    assert_string_equal(internal, " 5-Nov-2022 07:30:00 -0130");
    static const char *const wrong[] = {
        "5-Nov-2022 07:30:00 -0130",
        " 5-Nov-2022 07:30:00 GMT  ",
        "05-Nov-2022 07:30:00 -01300",
        "31-Feb-2022 07:30:00 -0130",
        "05 Nov 2022 07:30:00 -0130",
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        MessageDate date;
        assert_false(message_date_parse_internal(byte_span_from_string(wrong[i]), &date));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(the_form_is_that_of_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
