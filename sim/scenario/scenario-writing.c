/* People write and send. */

#include "sim/scenario/scenario-private.h"
#include "sim/scenario/scenario-statement.h"

static const char *const parts[] = {
    "to",
    "cc",
    "bcc",
    "subject",
    "body",
    "html",
    "attach",
    "from",
    "returning",
    "as",
};

static const char *const parts_and_end[] = {
    "to",
    "cc",
    "bcc",
    "subject",
    "body",
    "html",
    "attach",
    "from",
    "returning",
    "as",
    NULL,
};

static bool take_attachment(ScenarioLine *line, ScenarioMail *mail)
{
    const char *name = scenario_line_take(line, "the name of a file");
    if (name == NULL) {
        return false;
    }
    ScenarioAttachment attachment = {.name = g_strdup(name)};
    bool is_read = true;
    if (scenario_line_accept(line, "of")) {
        is_read = scenario_line_take_size(line, &attachment.size);
    } else if (scenario_line_accept(line, "holding")) {
        is_read = scenario_take_text(line, "a text in quotes", &attachment.text);
    }
    g_array_append_val(mail->attachments, attachment);
    if (is_read && attachment.size > 20 * 1000 * 1000) {
        return scenario_line_fail_before(line, "made attachments have 20 MB at the most");
    }
    return is_read;
}

static bool take_way(ScenarioLine *line, ScenarioMail *mail)
{
    static const char *const ways[] = {"8bit", "utf8"};
    if (scenario_line_accept(line, "8bit")) {
        mail->as_8bit = true;
        return true;
    }
    if (scenario_line_accept(line, "utf8")) {
        mail->as_utf8 = true;
        return true;
    }
    return scenario_line_fail_word(line, "way of writing", ways, G_N_ELEMENTS(ways));
}

/* One part of a message behind its word. */
static bool take_part(ScenarioLine *line, ScenarioMail *mail)
{
    if (scenario_line_accept(line, "to")) {
        return scenario_take_list(line, "an address", parts_and_end, &mail->to);
    }
    if (scenario_line_accept(line, "cc")) {
        return scenario_take_list(line, "an address", parts_and_end, &mail->cc);
    }
    if (scenario_line_accept(line, "bcc")) {
        return scenario_take_list(line, "an address", parts_and_end, &mail->bcc);
    }
    if (scenario_line_accept(line, "subject")) {
        return scenario_take_text(line, "a text in quotes", &mail->subject);
    }
    if (scenario_line_accept(line, "body")) {
        return scenario_take_text(line, "a text in quotes", &mail->body);
    }
    if (scenario_line_accept(line, "html")) {
        return scenario_take_text(line, "a text in quotes", &mail->html);
    }
    if (scenario_line_accept(line, "attach")) {
        return take_attachment(line, mail);
    }
    if (scenario_line_accept(line, "from")) {
        return scenario_take_text(line, "what From says", &mail->from);
    }
    if (scenario_line_accept(line, "returning")) {
        return scenario_line_expect(line, "to") &&
               scenario_take_text(line, "what MAIL FROM says", &mail->reverse_path);
    }
    if (scenario_line_accept(line, "as")) {
        return take_way(line, mail);
    }
    return scenario_line_fail_word(line, "part of a message", parts, G_N_ELEMENTS(parts));
}

/* The parts, and the body from the lines below. */
static bool take_mail(ScenarioLine *line, ScenarioMail *mail)
{
    while (scenario_line_peek(line) != NULL) {
        if (!take_part(line, mail)) {
            return false;
        }
        if (scenario_line_peek(line) != NULL && !scenario_line_accept(line, ",")) {
            return scenario_line_fail(line, "a comma is expected before the next part");
        }
    }
    char *block = scenario_line_take_block(line, "\n");
    if (block != NULL) {
        g_free(mail->body);
        mail->body = g_strconcat(block, "\n", NULL);
        g_free(block);
    }
    return true;
}

static bool read_writes(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_WRITES);
    action->mail = scenario_mail_new();
    if (!take_mail(line, action->mail)) {
        return false;
    }
    if (action->mail->to == NULL && action->mail->cc == NULL && action->mail->bcc == NULL) {
        return scenario_line_fail(line, "'to' and an address are expected here");
    }
    return true;
}

static bool read_replies(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_REPLIES);
    action->mail = scenario_mail_new();
    if (scenario_line_accept(line, "to")) {
        if (!scenario_line_expect(line, "all")) {
            return false;
        }
        action->flags |= SCENARIO_TO_ALL;
    }
    scenario_line_accept(line, ",");
    return take_mail(line, action->mail);
}

static bool read_forwards(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_FORWARDS);
    action->mail = scenario_mail_new();
    if (scenario_line_accept(line, "attached")) {
        action->flags |= SCENARIO_AS_ATTACHMENT;
    }
    if (!take_mail(line, action->mail)) {
        return false;
    }
    return action->mail->to != NULL ||
           scenario_line_fail(line, "'to' and an address are expected here");
}

static bool take_sending(ScenarioLine *line, ScenarioAction *action)
{
    static const struct {
        const char *word;
        guint flag;
    } ways[] = {
        {"chunked", SCENARIO_CHUNKED},
        {"helo", SCENARIO_WITH_HELO},
        {"locally", SCENARIO_LOCALLY},
        {"pipelined", SCENARIO_PIPELINED},
        {"separately", SCENARIO_ONE_BY_ONE},
        {"submission", SCENARIO_BY_SUBMISSION},
        {"webmail", SCENARIO_BY_WEBMAIL},
    };

    const char *names[G_N_ELEMENTS(ways) + 1] = {"auth"};
    if (scenario_line_accept(line, "auth")) {
        return scenario_take_text(line, "a mechanism, such as PLAIN", &action->other);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        names[i + 1] = ways[i].word;
        if (scenario_line_accept(line, ways[i].word)) {
            action->flags |= ways[i].flag;
            return true;
        }
    }
    return scenario_line_fail_word(line, "way of sending", names, G_N_ELEMENTS(names));
}

static bool read_sends(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_SENDS);
    while (scenario_line_peek(line) != NULL) {
        if (scenario_line_accept(line, "to")) {
            if (!scenario_take_text(line, "the name of a mail server", &action->text)) {
                return false;
            }
        } else if (!scenario_line_accept(line, "by") && !scenario_line_accept(line, "with") && !scenario_line_accept(line, ",") && !take_sending(line, action)) {
            return false;
        }
    }
    return true;
}

static const ScenarioStatement statements[] = {
    {
        .word = "writes",
        .form = "PERSON writes to ADDRESS, ADDRESS ..., [cc ...,] [bcc ...,] [subject TEXT,] [body "
                "TEXT,] [html TEXT,] [attach FILE [of SIZE | holding TEXT],] [from TEXT,] "
                "[returning to ADDRESS,] [as 8bit | utf8]",
        .meaning = "The message waits in the outbox. Lines below with '|' are its body. "
                   "Attachments are made up: an image for .png and .jpg, text for .txt. 'from' "
                   "and 'returning to' forge the From field and MAIL FROM.",
        .example = "alice writes to bob@hamburger.edu, subject \"Ketchup\", attach picnic.png of 2 "
                   "kB",
        .read = read_writes,
    },
    {
        .word = "sends",
        .form =
            "PERSON sends [to SERVER] [by submission | webmail | locally] [with auth MECHANISM] "
            "[with helo] [pipelined] [chunked] [separately]",
        .meaning = "All that waits in the outbox goes to the person's mail server by SMTP on port "
                   "25; by submission it is port 587. 'separately' is a connection for each "
                   "message; 'locally' needs no network, because the machine is the mail server.",
        .example = "alice sends by submission with auth LOGIN",
        .read = read_sends,
    },
    {
        .word = "replies",
        .form = "PERSON replies [to all], body TEXT",
        .meaning = "To the newest message in the Inbox, which is quoted.",
        .example = "bob replies to all, body \"I prefer pickles.\"",
        .read = read_replies,
    },
    {
        .word = "forwards",
        .form = "PERSON forwards [attached] to ADDRESS, body TEXT",
        .meaning = "The newest message in the Inbox goes on, in the text or as an attachment.",
        .example = "bob forwards to carol@hamburger.edu, body \"Look at this.\"",
        .read = read_forwards,
    },
};

const ScenarioStatementGroup scenario_writing_deeds = {
    .title = "People write",
    .about = "PERSON is a log-in name; 'bob on bob-phone' is Bob with another of his machines.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
