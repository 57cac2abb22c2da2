/* People fetch, read, file and delete. */

#include "sim/agent/user-agent.h"
#include "sim/scenario/scenario-statement.h"

static const char *const fetching_words[] = {
    "apop",
    "capabilities",
    "deletes",
    "keeps",
    "headers",
    "without",
};

static bool take_fetching(ScenarioLine *line, ScenarioAction *action)
{
    if (scenario_line_accept(line, "deletes")) {
        action->flags |= SCENARIO_DELETING;
        return true;
    }
    if (scenario_line_accept(line, "keeps")) {
        action->flags &= ~(guint)SCENARIO_DELETING;
        return true;
    }
    if (scenario_line_accept(line, "apop")) {
        action->flags |= SCENARIO_WITH_APOP;
        return true;
    }
    if (scenario_line_accept(line, "capabilities")) {
        action->flags |= SCENARIO_WITH_CAPABILITIES;
        return true;
    }
    if (scenario_line_accept(line, "headers")) {
        action->flags |= SCENARIO_HEADERS_ONLY;
        return scenario_line_expect(line, "only");
    }
    if (scenario_line_accept(line, "without")) {
        action->flags |= SCENARIO_WITHOUT_ATTACHMENTS;
        return scenario_line_expect(line, "attachments");
    }
    return scenario_line_fail_word(
        line, "way of fetching", fetching_words, G_N_ELEMENTS(fetching_words)
    );
}

static bool read_fetches(ScenarioReader *reader, ScenarioLine *line)
{
    static const char *const protocols[] = {"pop3", "imap", "webmail"};
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_FETCHES);
    if (scenario_line_accept(line, "locally")) {
        action->flags |= SCENARIO_LOCALLY;
        return true;
    }
    if (!scenario_line_expect(line, "by")) {
        return false;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(protocols) && action->text == NULL; i++) {
        if (scenario_line_accept(line, protocols[i])) {
            action->text = g_strdup(protocols[i]);
        }
    }
    if (action->text == NULL) {
        return scenario_line_fail_word(line, "access protocol", protocols, G_N_ELEMENTS(protocols));
    }
    while (scenario_line_peek(line) != NULL) {
        if (!scenario_line_accept(line, "and") && !scenario_line_accept(line, "with") &&
            !scenario_line_accept(line, ",") && !take_fetching(line, action)) {
            return false;
        }
    }
    return true;
}

/* "[message NUMBER] [in FOLDER]" */
static bool take_message(ScenarioLine *line, ScenarioAction *action)
{
    guint64 number = 0;
    if (scenario_line_accept(line, "message") &&
        !scenario_line_take_number(line, G_MAXUINT32, &number)) {
        return false;
    }
    action->number = (guint)number;
    action->text = g_strdup(USER_AGENT_INBOX);
    return !scenario_line_accept(line, "in") ||
           scenario_take_text(line, "the name of a folder", &action->text);
}

static void take_imap(ScenarioLine *line, ScenarioAction *action)
{
    if (scenario_line_accept(line, "by") && scenario_line_accept(line, "imap")) {
        action->flags |= SCENARIO_BY_IMAP;
    }
}

static bool read_reads(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_READS);
    action->flags |= scenario_line_accept(line, "header") ? SCENARIO_WHOLE_HEADER : 0;
    return take_message(line, action);
}

static bool read_deletes(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_DELETES);
    if (!take_message(line, action)) {
        return false;
    }
    take_imap(line, action);
    return true;
}

static bool read_files(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_FILES);
    if (!take_message(line, action) || !scenario_line_expect(line, "under") ||
        !scenario_take_text(line, "the name of a folder", &action->other)) {
        return false;
    }
    take_imap(line, action);
    return true;
}

static const ScenarioStatement statements[] = {
    {
        .word = "fetches",
        .form = "PERSON fetches locally | by pop3 [and deletes | keeps] [with apop] [with "
                "capabilities] | by "
                "imap [headers only | without attachments] | by webmail",
        .meaning = "'locally' reads the mailbox of the machine, which is the mail server. With "
                   "POP3 the machine gets what it has not fetched before; 'deletes' takes "
                   "everything and empties the mailbox.",
        .example = "bob fetches by pop3 and deletes",
        .read = read_fetches,
    },
    {
        .word = "reads",
        .form = "PERSON reads [header] [message NUMBER] [in FOLDER]",
        .meaning = "The person opens a message on the machine, the newest unless a number says "
                   "otherwise, and the story tells what stands on the screen; with 'header' every "
                   "line of the "
                   "header as it came.",
        .example = "bob reads",
        .read = read_reads,
    },
    {
        .word = "deletes",
        .form = "PERSON deletes [message NUMBER] [in FOLDER] [by imap]",
        .meaning = "Off the machine: into the folder Trash, and from there for good. By IMAP: on "
                   "the server.",
        .example = "bob deletes message 1",
        .read = read_deletes,
    },
    {
        .word = "files",
        .form = "PERSON files [message NUMBER] [in FOLDER] under FOLDER [by imap]",
        .meaning = "Moves the message into another folder, of the machine or by IMAP of the "
                   "server.",
        .example = "bob files message 1 under Food",
        .read = read_files,
    },
};

const ScenarioStatementGroup scenario_fetching_deeds = {
    .title = "People fetch and read",
    .about = NULL,
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
