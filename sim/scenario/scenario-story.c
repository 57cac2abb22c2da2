/* Chapters with their notes, and the passing of time. */

#include "protocol/rfc/rfc-index.h"
#include "sim/scenario/scenario-statement.h"

static bool read_chapter(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_CHAPTER);
    return scenario_take_text(line, "a title in quotes", &action->text);
}

/* Notes, questions and references belong to the chapter above, one to a line of its note. */
static bool add_to_chapter(ScenarioReader *reader, ScenarioLine *line, const char *text)
{
    GArray *actions = reader->scenario->actions;
    for (guint i = actions->len; i > 0; i--) {
        ScenarioAction *action = &g_array_index(actions, ScenarioAction, i - 1);
        if (action->kind == SCENARIO_CHAPTER) {
            char *note = action->note == NULL ? g_strdup(text)
                                              : g_strdup_printf("%s\n%s", action->note, text);
            g_free(action->note);
            action->note = note;
            return true;
        }
    }
    line->next = 0;
    return scenario_line_fail(line, "this belongs to a chapter: write 'chapter ...' first");
}

static bool read_note(ScenarioReader *reader, ScenarioLine *line)
{
    g_autofree char *text = NULL;
    return scenario_take_text(line, "a text in quotes", &text) &&
           add_to_chapter(reader, line, text);
}

static bool read_question(ScenarioReader *reader, ScenarioLine *line)
{
    g_autofree char *question = NULL;
    g_autofree char *answer = NULL;
    if (!scenario_take_text(line, "a text in quotes", &question)) {
        return false;
    }
    if (!scenario_line_accept(line, "answer")) {
        g_autofree char *text = g_strdup_printf("Ask the class: %s", question);
        return add_to_chapter(reader, line, text);
    }
    if (!scenario_take_text(line, "the answer in quotes", &answer)) {
        return false;
    }
    g_autofree char *text = g_strdup_printf("Ask the class: %s (%s)", question, answer);
    return add_to_chapter(reader, line, text);
}

static bool take_section(ScenarioLine *line, GString *list)
{
    guint64 number;
    if (!scenario_line_take_number(line, G_MAXUINT16, &number)) {
        return false;
    }
    const char *section = scenario_line_take(line, "a section, such as 4.1.1.4");
    if (section == NULL) {
        return false;
    }
    RfcReference reference = {.number = (guint16)number, .section = section};
    const char *title = rfc_section_title(reference);
    if (title == NULL) {
        return scenario_line_fail_before(
            line, "RFC %" G_GUINT64_FORMAT " has no section '%s'", number, section
        );
    }
    g_autofree char *text = rfc_reference_to_string(reference);
    g_string_append_printf(list, "%s%s (%s)", list->len == 0 ? "" : "; ", text, title);
    return true;
}

static bool read_rfc(ScenarioReader *reader, ScenarioLine *line)
{
    g_autoptr(GString) list = g_string_new(NULL);
    do {
        if (!take_section(line, list)) {
            return false;
        }
    } while (scenario_line_accept(line, ","));
    return add_to_chapter(reader, line, list->str);
}

static bool read_wait(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_WAITS);
    if (action->when != SCENARIO_NOW) {
        return scenario_line_fail_before(line, "waiting needs no time before it");
    }
    action->when = SCENARIO_AFTER;
    return scenario_line_take_duration(line, &action->time);
}

static bool read_tell(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_TELLS);
    return scenario_take_text(line, "a text in quotes", &action->text);
}

static bool read_digest(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioAction *action = scenario_add_action(reader, line, SCENARIO_DIGEST);
    return scenario_line_expect(line, "of") &&
           scenario_take_text(line, "the address of a list", &action->text);
}

static const ScenarioStatement statements[] = {
    {
        .word = "chapter",
        .form = "chapter TEXT",
        .meaning = "A part of the story begins, with this headline.",
        .example = "chapter \"Alice writes\"",
        .read = read_chapter,
    },
    {
        .word = "note",
        .form = "note TEXT",
        .meaning = "What the lecturer may want to say; shown at the beginning of the chapter.",
        .example = "note \"Nothing has been sent yet.\"",
        .read = read_note,
    },
    {
        .word = "question",
        .form = "question TEXT [answer TEXT]",
        .meaning = "Something to ask the class.",
        .example = "question \"What speaks first?\" answer \"TCP.\"",
        .read = read_question,
    },
    {
        .word = "rfc",
        .form = "rfc NUMBER SECTION, NUMBER SECTION ...",
        .meaning = "Where the chapter's matter is written; the section must exist.",
        .example = "rfc 5321 4.1.1.4, 5322 2.1",
        .read = read_rfc,
    },
    {
        .word = "wait",
        .form = "wait DURATION",
        .meaning = "Time passes: ms, seconds, minutes, hours, days. What is due in it happens.",
        .example = "wait 30 minutes",
        .read = read_wait,
    },
    {
        .word = "tell",
        .form = "tell TEXT",
        .meaning = "A line in the story that no packet shows.",
        .example = "tell \"The power fails.\"",
        .read = read_tell,
    },
    {
        .word = "digest",
        .form = "digest of ADDRESS",
        .meaning = "The mailing list sends its digest now.",
        .example = "digest of lunch@hamburger.edu",
        .read = read_digest,
    },
};

const ScenarioStatementGroup scenario_story_statements = {
    .title = "The story",
    .about = "Each statement happens when what came before it is over.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};

static bool read_at(ScenarioReader *reader, ScenarioLine *line)
{
    reader->when = SCENARIO_AT;
    return scenario_line_take_clock(line, &reader->time);
}

static bool read_after(ScenarioReader *reader, ScenarioLine *line)
{
    reader->when = SCENARIO_AFTER;
    return scenario_line_take_duration(line, &reader->time);
}

static bool read_meanwhile(ScenarioReader *reader, ScenarioLine *line)
{
    reader->when = SCENARIO_MEANWHILE;
    if (!scenario_line_expect(line, "after") || !scenario_line_take_duration(line, &reader->time)) {
        return false;
    }
    return scenario_line_peek(line) != NULL ||
           scenario_line_fail(line, "what happens then is missing here");
}

static const ScenarioStatement moments[] = {
    {
        .word = "at",
        .form = "at TIME [STATEMENT]",
        .meaning = "The next time that the clock shows this; then the statement behind it.",
        .example = "at 10:15 mail.hamburger.edu goes down",
        .read = read_at,
    },
    {
        .word = "after",
        .form = "after DURATION [STATEMENT]",
        .meaning = "So much later.",
        .example = "after 5 minutes, bob fetches by pop3",
        .read = read_after,
    },
    {
        .word = "meanwhile",
        .form = "meanwhile after DURATION STATEMENT",
        .meaning = "So much later, while the statements that follow go on.",
        .example = "meanwhile after 300 ms mail.hamburger.edu goes down",
        .read = read_meanwhile,
    },
};

const ScenarioStatementGroup scenario_moment_statements = {
    .title = "When",
    .about = "These stand before a statement of the story.",
    .statements = moments,
    .count = G_N_ELEMENTS(moments),
};
