/* What a file says of itself. */

#include "protocol/rfc/rfc-index.h"
#include "sim/scenario/scenario-statement.h"

#include <string.h>

static bool read_title(ScenarioReader *reader, ScenarioLine *line)
{
    return scenario_take_text(line, "a title in quotes", &reader->scenario->title);
}

static bool read_about(ScenarioReader *reader, ScenarioLine *line)
{
    return scenario_take_text(line, "a text in quotes", &reader->scenario->about);
}

static bool read_lectures(ScenarioReader *reader, ScenarioLine *line)
{
    return scenario_take_list(line, "the number of a lecture", NULL, &reader->scenario->lectures);
}

static bool take_document(ScenarioLine *line, GString *list)
{
    guint64 number;
    if (!scenario_line_take_number(line, G_MAXUINT16, &number)) {
        return false;
    }
    if (rfc_document((guint16)number) == NULL) {
        return scenario_line_fail_before(
            line, "there is no RFC %" G_GUINT64_FORMAT " in the index", number
        );
    }
    g_string_append_printf(list, "%sRFC %" G_GUINT64_FORMAT, list->len == 0 ? "" : ", ", number);
    return true;
}

static bool read_rfcs(ScenarioReader *reader, ScenarioLine *line)
{
    g_autoptr(GString) list = g_string_new(NULL);
    do {
        if (!take_document(line, list)) {
            return false;
        }
    } while (scenario_line_accept(line, ","));
    g_free(reader->scenario->references);
    reader->scenario->references = g_strdup(list->str);
    return true;
}

static bool read_seed(ScenarioReader *reader, ScenarioLine *line)
{
    return scenario_line_take_number(line, G_MAXUINT64, &reader->scenario->seed);
}

static bool read_clock(ScenarioReader *reader, ScenarioLine *line)
{
    return scenario_line_take_clock(line, &reader->scenario->start);
}

static const ScenarioStatement statements[] = {
    {
        .word = "title",
        .form = "title TEXT",
        .meaning = "The headline. Without one it is the name of the file.",
        .example = "title \"Alice sends Bob a message\"",
        .read = read_title,
    },
    {
        .word = "about",
        .form = "about TEXT",
        .meaning = "What the story shows, in a sentence or two.",
        .example = "about \"From Alice's keyboard to Bob's screen.\"",
        .read = read_about,
    },
    {
        .word = "lectures",
        .form = "lectures NUMBER, NUMBER ...",
        .meaning = "The lectures that this belongs to.",
        .example = "lectures 1, 3, 4",
        .read = read_lectures,
    },
    {
        .word = "rfcs",
        .form = "rfcs NUMBER, NUMBER ...",
        .meaning = "The RFCs that the story is about.",
        .example = "rfcs 5321, 1939",
        .read = read_rfcs,
    },
    {
        .word = "seed",
        .form = "seed NUMBER",
        .meaning = "What chance is drawn from: the same seed gives the same octets. 1 unless set.",
        .example = "seed 7",
        .read = read_seed,
    },
    {
        .word = "clock",
        .form = "clock TIME",
        .meaning = "When the story begins, on Monday 5 January 2026; 09:00 unless set.",
        .example = "clock 08:30",
        .read = read_clock,
    },
};

const ScenarioStatementGroup scenario_about_statements = {
    .title = "The file itself",
    .about = "All of these may be left out.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
