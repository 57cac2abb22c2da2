#pragma once

/* The language of scenario files, as a table: a row for each statement with what it looks like,
 * what it means, an example, and the function that reads it. The reference page and its test, the
 * nearest right word of an error and the reader itself use these rows. Each group of statements has
 * a file and a table of its own.
 *
 *     line ─ words ─┬ "title", "organisation", "chapter" ... ─> row by its word
 *                   ├ "alice", "bob on bob-phone" ───────────> row of a deed by the verb
 *                   └ "mail.crepes.fr" ──────────────────────> row of what happens to a machine */

#include "sim/scenario/scenario-line.h"
#include "sim/scenario/scenario.h"

typedef struct ScenarioStatement ScenarioStatement;

/* What is known while a line is read. */
typedef struct {
    Scenario *scenario;
    ScenarioWhen when; /* "at 10:15", "after 5 minutes" before the statement */
    SimTime time;
    guint person; /* of a deed */
    guint device;
    const char *host;                   /* of what happens to a machine */
    const ScenarioStatement *statement; /* the row that is being read */
} ScenarioReader;

struct ScenarioStatement {
    const char *word;
    const char *form;    /* "title TEXT" */
    const char *meaning; /* one sentence or two, for the reference page */
    const char *example; /* a whole line, which reads in a file of the kind that the test has */
    bool (*read)(ScenarioReader *reader, ScenarioLine *line);
    guint id; /* for a 'read' that serves several rows */
};

typedef struct {
    const char *title; /* of the section in the reference page */
    const char *about;
    const ScenarioStatement *statements;
    gsize count;
} ScenarioStatementGroup;

extern const ScenarioStatementGroup scenario_about_statements;
extern const ScenarioStatementGroup scenario_place_statements;
extern const ScenarioStatementGroup scenario_name_statements;
extern const ScenarioStatementGroup scenario_setting_statements;
extern const ScenarioStatementGroup scenario_story_statements;
extern const ScenarioStatementGroup scenario_moment_statements;
extern const ScenarioStatementGroup scenario_expect_statements;
extern const ScenarioStatementGroup scenario_writing_deeds;
extern const ScenarioStatementGroup scenario_fetching_deeds;
extern const ScenarioStatementGroup scenario_other_deeds;
extern const ScenarioStatementGroup scenario_machine_events;

/* All of them, closed by NULL, in the order of the reference page. */
extern const ScenarioStatementGroup *const scenario_statement_groups[];

/* Reads the one setting of a mail server that stands on the line. */
bool scenario_read_setting(GArray *settings, ScenarioLine *line);

/* Adds an action with what the reader knows; it belongs to the scenario. */
ScenarioAction *
scenario_add_action(ScenarioReader *reader, const ScenarioLine *line, ScenarioActionKind kind);

/* "A, B, C" up to a word that is no further item; joined with ", ". */
bool scenario_take_list(
    ScenarioLine *line, const char *expected, const char *const *stops, char **out_list
);

/* A text: the next word or quote, or the block of '|' lines where nothing stands on the line. */
bool scenario_take_text(ScenarioLine *line, const char *expected, char **place);

/* "5 percent", "5 %", "5%" as parts of a million. */
bool scenario_take_chance(ScenarioLine *line, guint32 *out_parts);

/* The words of a link: "rate 1 Mbit/s, delay 40 ms, loss 5 percent, mtu 576 ...". */
bool scenario_take_link(ScenarioLine *line, SimLinkSettings *settings);
