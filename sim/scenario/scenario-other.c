/* What people do besides writing and fetching, and what happens to machines. */

#include "sim/scenario/scenario-private.h"
#include "sim/scenario/scenario-statement.h"

static bool read_types(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_TYPES);
    guint64 port;
    if (!scenario_line_expect(line, "to") ||
        !scenario_take_text(line, "the name of a machine", &action->text) ||
        !scenario_line_expect(line, "port") || !scenario_line_take_number(line, 65535, &port)) {
        return false;
    }
    action->port = (guint16)port;
    g_autofree char *block = scenario_line_take_block(line, "\n");
    if (block == NULL) {
        return scenario_line_fail(line, "what is typed stands below, each line behind a '|'");
    }
    action->lines = g_strsplit(block, "\n", -1);
    return true;
}

static bool read_leaves(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_LEAVES);
    if (!scenario_take_text(line, "a log-in name on the same machine", &action->text)) {
        return false;
    }
    action->mail = scenario_mail_new();
    scenario_line_accept(line, ",");
    if (scenario_line_peek(line) == NULL && line->block->len > 0) {
        g_free(action->mail->body);
        action->mail->body = scenario_line_take_block(line, "\n");
        return true;
    }
    return scenario_take_text(line, "a text in quotes", &action->mail->body);
}

static bool read_looks(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_LOOKS);
    if (!scenario_line_expect(line, "at")) {
        return false;
    }
    if (scenario_line_accept(line, "the")) {
        return scenario_line_expect(line, "mailbox");
    }
    return scenario_take_text(line, "a file", &action->text);
}

static bool read_asks(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_ASKS);
    action->other = g_strdup("A");
    return scenario_line_expect(line, "for") && scenario_take_text(line, "a name", &action->text) &&
           (scenario_line_peek(line) == NULL ||
            scenario_take_text(line, "a type, such as MX", &action->other));
}

static bool read_creates(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_CREATES);
    return scenario_line_expect(line, "folder") &&
           scenario_take_text(line, "the name of a folder", &action->text);
}

static bool read_marks(ScenarioReader *reader, ScenarioLine *line)
{
    static const char *const flags[] = {"seen", "answered", "flagged", "draft", "deleted"};
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_FLAGS);
    guint64 number = 0;
    if (scenario_line_accept(line, "message") &&
        !scenario_line_take_number(line, G_MAXUINT32, &number)) {
        return false;
    }
    action->number = (guint)number;
    if (!scenario_line_expect(line, "as")) {
        return false;
    }
    action->flags |= scenario_line_accept(line, "not") ? SCENARIO_REMOVES : 0;
    for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
        if (scenario_line_accept(line, flags[i])) {
            action->text = g_strdup(flags[i]);
            action->text[0] = g_ascii_toupper(action->text[0]);
            return true;
        }
    }
    return scenario_line_fail_word(line, "flag", flags, G_N_ELEMENTS(flags));
}

static bool read_searches(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_SEARCHES);
    return scenario_line_expect(line, "for") &&
           scenario_take_text(line, "a text in quotes", &action->text);
}

static const ScenarioStatement deeds[] = {
    {
        .word = "types",
        .form = "PERSON types to MACHINE port NUMBER",
        .meaning = "The lines below, each behind a '|', are typed by hand as with telnet or nc.",
        .example = "alice types to mail.hamburger.edu port 25\n  | QUIT",
        .read = read_types,
    },
    {
        .word = "leaves",
        .form = "PERSON leaves LOGIN TEXT",
        .meaning = "A message for somebody on the same machine, put at the end of that person's "
                   "mailbox file. No network, no server.",
        .example = "alice leaves alice \"Buy ketchup.\"",
        .read = read_leaves,
    },
    {
        .word = "looks",
        .form = "PERSON looks at the mailbox",
        .meaning = "The person has the mailbox file of the machine shown.",
        .example = "bob looks at the mailbox",
        .read = read_looks,
    },
    {
        .word = "asks",
        .form = "PERSON asks for NAME [TYPE]",
        .meaning = "A question to the DNS, as with dig or nslookup; the answer is told.",
        .example = "alice asks for hamburger.edu MX",
        .read = read_asks,
    },
    {
        .word = "creates",
        .form = "PERSON creates folder NAME",
        .meaning = "A folder on the server, by IMAP.",
        .example = "bob creates folder Food/Recipes",
        .read = read_creates,
    },
    {
        .word = "marks",
        .form =
            "PERSON marks [message NUMBER] as [not] seen | answered | flagged | draft | deleted",
        .meaning = "Changes a flag on the server, by IMAP, where every machine sees it.",
        .example = "bob marks message 1 as flagged",
        .read = read_marks,
    },
    {
        .word = "searches",
        .form = "PERSON searches for TEXT",
        .meaning = "The server looks through the messages, by IMAP.",
        .example = "bob searches for \"ketchup\"",
        .read = read_searches,
    },
};

const ScenarioStatementGroup scenario_other_deeds = {
    .title = "People do other things",
    .about = NULL,
    .statements = deeds,
    .count = G_N_ELEMENTS(deeds),
};

static bool read_goes(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_HOST);
    action->text = g_strdup(reader->host);
    return scenario_line_expect(line, "down");
}

static bool read_comes(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_HOST);
    action->text = g_strdup(reader->host);
    action->is_up = true;
    return scenario_line_expect(line, "up");
}

/* The network of an organisation, as it is described, with some of it changed. */
static bool read_link_change(ScenarioReader *reader, ScenarioLine *line)
{
    int organisation = scenario_find_organisation(reader->scenario, reader->host);
    if (organisation < 0) {
        line->next = 0;
        return scenario_line_fail(line, "there is no organisation '%s'", reader->host);
    }
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_LINK);
    action->text = g_strdup(reader->host);
    action->link = scenario_organisation(reader->scenario, (guint)organisation)->link;
    return scenario_take_link(line, &action->link);
}

static const ScenarioStatement events[] = {
    {
        .word = "goes",
        .form = "MACHINE goes down",
        .meaning = "As when the power fails: connections are forgotten without a word.",
        .example = "mail.hamburger.edu goes down",
        .read = read_goes,
    },
    {
        .word = "comes",
        .form = "MACHINE comes up",
        .meaning = "It is there again, with its mailboxes and its queue.",
        .example = "mail.hamburger.edu comes up",
        .read = read_comes,
    },
    {
        .word = "gets",
        .form = "DOMAIN gets PROPERTY, PROPERTY ...",
        .meaning = "The organisation's network changes; see 'link'.",
        .example = "hamburger.edu gets loss 20 percent",
        .read = read_link_change,
    },
};

const ScenarioStatementGroup scenario_machine_events = {
    .title = "Things happen to machines",
    .about = "MACHINE is the name of a host, with its dots.",
    .statements = events,
    .count = G_N_ELEMENTS(events),
};
