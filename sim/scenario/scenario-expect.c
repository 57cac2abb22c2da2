/* What must be true at that place of the story; tests hold every scenario to it. */

#include "sim/scenario/scenario-statement.h"

static bool take_count(ScenarioLine *line, guint *out_number)
{
    guint64 number = 0;
    if (!scenario_line_accept(line, "no") &&
        !scenario_line_take_number(line, G_MAXUINT32, &number)) {
        return false;
    }
    *out_number = (guint)number;
    return scenario_line_accept(line, "message") || scenario_line_expect(line, "messages");
}

static bool read_mailbox(ScenarioLine *line, ScenarioAction *action)
{
    action->expectation = SCENARIO_EXPECT_MAILBOX;
    return scenario_line_expect(line, "of") &&
           scenario_take_text(line, "an address", &action->text) &&
           scenario_line_expect(line, "holds") && take_count(line, &action->number);
}

static bool read_queue(ScenarioLine *line, ScenarioAction *action)
{
    action->expectation = SCENARIO_EXPECT_QUEUE;
    return scenario_line_expect(line, "of") &&
           scenario_take_text(line, "the name of a mail server", &action->text) &&
           scenario_line_expect(line, "holds") && take_count(line, &action->number);
}

static bool read_text(ScenarioLine *line, ScenarioAction *action, ScenarioExpectation what)
{
    action->expectation = what;
    return scenario_take_text(line, "a text", &action->text);
}

static bool read_person(ScenarioReader *reader, ScenarioLine *line, ScenarioAction *action)
{
    const ScenarioWord *word = scenario_line_peek(line);
    int person = word == NULL ? -1 : scenario_find_person(reader->scenario, word->text);
    if (person < 0) {
        static const char *const words[] = {"mailbox", "queue", "code", "said", "event", "no"};
        return scenario_line_fail_word(
            line, "expectation and no person", words, G_N_ELEMENTS(words)
        );
    }
    line->next++;
    action->person = (guint)person;
    action->device = scenario_person(reader->scenario, action->person)->device;
    if (scenario_line_accept(line, "on")) {
        const char *machine = scenario_line_take(line, "the name of a machine");
        bool is_found = false;
        for (guint i = 0; machine != NULL && i < reader->scenario->devices->len; i++) {
            const ScenarioDevice *device = scenario_device(reader->scenario, i);
            if (device->person == action->person && g_str_equal(device->machine, machine)) {
                action->device = i;
                is_found = true;
            }
        }
        if (!is_found) {
            return machine != NULL &&
                   scenario_line_fail_before(line, "'%s' is no machine of this person", machine);
        }
    }
    if (scenario_line_accept(line, "reads")) {
        return read_text(line, action, SCENARIO_EXPECT_HOLDS);
    }
    action->expectation = SCENARIO_EXPECT_PERSON;
    return (scenario_line_accept(line, "has") ||
            scenario_line_fail(line, "'has' or 'reads' is expected here")) &&
           take_count(line, &action->number) &&
           (!scenario_line_accept(line, "in") ||
            scenario_take_text(line, "the name of a folder", &action->other));
}

static bool read_expect(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_EXPECTS);
    if (scenario_line_accept(line, "mailbox")) {
        return read_mailbox(line, action);
    }
    if (scenario_line_accept(line, "queue")) {
        return read_queue(line, action);
    }
    action->flags |= scenario_line_accept(line, "no") ? SCENARIO_NOT : 0;
    if (scenario_line_accept(line, "code")) {
        return read_text(line, action, SCENARIO_EXPECT_CODE);
    }
    if (scenario_line_accept(line, "event")) {
        return read_text(line, action, SCENARIO_EXPECT_EVENT);
    }
    if (scenario_line_accept(line, "said")) {
        return read_text(line, action, SCENARIO_EXPECT_SAID);
    }
    return read_person(reader, line, action);
}

static const ScenarioStatement statements[] = {
    {
        .word = "expect",
        .form =
            "expect PERSON [on MACHINE] has NUMBER messages [in FOLDER] | PERSON reads TEXT | "
            "mailbox of ADDRESS holds NUMBER messages | queue of SERVER holds NUMBER messages | "
            "[no] code CODE | [no] said TEXT | [no] event TEXT",
        .meaning = "What has to be so at this place: what a machine keeps, what its newest message "
                   "holds, what lies in a mailbox or queue, which reply code or text has passed, "
                   "which line the story has told. Where it is not so, mailwalk says it and ends "
                   "with status 1.",
        .example = "expect code 250",
        .read = read_expect,
    },
};

const ScenarioStatementGroup scenario_expect_statements = {
    .title = "Expectations",
    .about = "For tests of a scenario, and for a lecturer who changes one.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
