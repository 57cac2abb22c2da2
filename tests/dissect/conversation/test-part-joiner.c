#include "tests/support/test.h"

#include "dissect/conversation/part-joiner.h"

static void the_part_asked_for_is_read(void **state)
{
    static const struct {
        const char *arguments;
        guint64 from;
        guint64 count; /* 0: no part */
    } rows[] = {
        {"1 BODY.PEEK[]<0.1000>", 0, 1000},
        {"1:5 (FLAGS BODY[TEXT]<2048.512> UID)", 2048, 512},
        {"1 BODY[]", 0, 0},
        {"1 BODY[HEADER.FIELDS (X<Y)]<7.9>", 7, 9},
        {"1 BODY[]<5>", 0, 0},
        {"1 BODY[]<5.>", 0, 0},
        {"1 BODY[]<5.6", 0, 0},
        {"<", 0, 0},
        {"", 0, 0},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        PartJoiner joiner = {0};
        ByteSpan arguments = byte_span_from_string(rows[i].arguments);
        assert_int_equal(part_joiner_ask(&joiner, arguments), rows[i].count > 0);
        assert_int_equal(joiner.asked_from, rows[i].from);
        assert_int_equal(joiner.asked_count, rows[i].count);
    }
}

static DialogueMessage part(guint64 number, guint64 origin, guint64 octets)
{
    return (DialogueMessage){
        .kind = DIALOGUE_MESSAGE_FETCH,
        .retrieved_number = number,
        .section = BYTE_SPAN_LITERAL("TEXT"),
        .origin = origin,
        .octets = octets,
        .announced = octets,
        .is_partial = true,
        .is_complete = true,
    };
}

static void hold(PartJoiner *joiner, const DialogueMessage *message)
{
    DialogueEvent end = {.kind = DIALOGUE_EVENT_MESSAGE_END, .message = message};
    assert_true(part_joiner_wants(joiner, message));
    part_joiner_hold(joiner, &end);
}

static void parts_in_order_are_one_message(void **state)
{
    PartJoiner joiner = {0};
    guint64 skipped;
    DialogueMessage first = part(3, 0, 100);
    DialogueMessage second = part(3, 100, 40);
    (void)state;
    part_joiner_ask(&joiner, BYTE_SPAN_LITERAL("3 BODY[TEXT]<0.100>"));
    hold(&joiner, &first);
    assert_true(joiner.message.is_partial);
    part_joiner_ask(&joiner, BYTE_SPAN_LITERAL("3 BODY[TEXT]<100.100>"));
    assert_true(part_joiner_goes_on(&joiner, &second, 0, &skipped));
    part_joiner_go_on(&joiner, &second, skipped);
    hold(&joiner, &second);
    part_joiner_release(&joiner, 0);
    assert_int_equal(joiner.message.octets, 140);
    assert_true(joiner.message.is_complete);
    assert_false(joiner.message.is_partial); /* fewer came than were asked for: that is the end */
    assert_span(joiner.message.section, "TEXT");
}

static void other_parts_are_other_messages(void **state)
{
    PartJoiner joiner = {0};
    guint64 skipped;
    DialogueMessage first = part(3, 0, 100);
    DialogueMessage of_another = part(4, 100, 10);
    DialogueMessage again = part(3, 0, 100);
    DialogueMessage section = part(3, 100, 10);
    (void)state;
    section.section = BYTE_SPAN_LITERAL("1");
    hold(&joiner, &first);
    assert_false(part_joiner_goes_on(&joiner, &of_another, 0, &skipped));
    assert_false(part_joiner_goes_on(&joiner, &again, 0, &skipped));
    assert_false(part_joiner_goes_on(&joiner, &section, 0, &skipped));
}

static void a_part_in_between_is_missing_only_where_octets_were_lost(void **state)
{
    PartJoiner joiner = {0};
    guint64 skipped;
    DialogueMessage first = part(3, 0, 100);
    DialogueMessage third = part(3, 200, 50);
    (void)state;
    hold(&joiner, &first);
    assert_false(part_joiner_goes_on(&joiner, &third, 0, &skipped));
    assert_true(part_joiner_goes_on(&joiner, &third, 120, &skipped));
    assert_int_equal(skipped, 100);
    part_joiner_go_on(&joiner, &third, skipped);
    hold(&joiner, &third);
    part_joiner_release(&joiner, 120);
    assert_int_equal(joiner.message.octets, 150);
    assert_int_equal(joiner.message.missing, 100);
    assert_false(joiner.message.is_complete);
}

static void octets_that_come_twice_count_once(void **state)
{
    PartJoiner joiner = {0};
    guint64 skipped;
    DialogueMessage first = part(3, 0, 100);
    DialogueMessage second = part(3, 70, 50);
    DialogueMessage within = part(3, 50, 50);
    (void)state;
    hold(&joiner, &first);
    assert_false(part_joiner_goes_on(&joiner, &within, 0, &skipped));
    assert_true(part_joiner_goes_on(&joiner, &second, 0, &skipped));
    part_joiner_go_on(&joiner, &second, skipped);
    DialogueMessage passing = part(3, 70, 20);
    DialogueEvent said = {
        .kind = DIALOGUE_EVENT_MESSAGE_DATA,
        .message = &passing,
        .text = BYTE_SPAN_LITERAL("twentyoctetsthattwice"),
    };
    said.text.length = 20;
    assert_false(part_joiner_drop_repeated(&joiner, &said));
    DialogueEvent missing = {.kind = DIALOGUE_EVENT_MISSING, .message = &passing};
    passing.missing = 15;
    assert_true(part_joiner_drop_repeated(&joiner, &missing));
    passing.octets = 35;
    said.text = BYTE_SPAN_LITERAL("fifteen octets.");
    assert_true(part_joiner_drop_repeated(&joiner, &said));
    assert_span(said.text, "fifteen octets.");
    const DialogueMessage *whole = part_joiner_whole(&joiner, &passing);
    assert_int_equal(whole->octets, 115);
    assert_int_equal(whole->missing, 5);
}

static void a_last_part_that_may_be_lost_is_no_end(void **state)
{
    PartJoiner joiner = {0};
    DialogueMessage first = part(3, 0, 100);
    (void)state;
    hold(&joiner, &first);
    part_joiner_release(&joiner, 1);
    assert_false(joiner.message.is_complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_part_asked_for_is_read),
        cmocka_unit_test(parts_in_order_are_one_message),
        cmocka_unit_test(other_parts_are_other_messages),
        cmocka_unit_test(a_part_in_between_is_missing_only_where_octets_were_lost),
        cmocka_unit_test(octets_that_come_twice_count_once),
        cmocka_unit_test(a_last_part_that_may_be_lost_is_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
