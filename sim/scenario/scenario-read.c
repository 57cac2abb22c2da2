/* Reading scenario files: finds the row of each line and lets it read. */

#include "sim/scenario/scenario-private.h"
#include "sim/scenario/scenario-statement.h"

#include <string.h>

const ScenarioStatementGroup *const scenario_statement_groups[] = {
    &scenario_about_statements,
    &scenario_place_statements,
    &scenario_name_statements,
    &scenario_setting_statements,
    &scenario_story_statements,
    &scenario_moment_statements,
    &scenario_writing_deeds,
    &scenario_fetching_deeds,
    &scenario_other_deeds,
    &scenario_machine_events,
    &scenario_expect_statements,
    NULL,
};

static const ScenarioStatementGroup *const first_words[] = {
    &scenario_about_statements,
    &scenario_place_statements,
    &scenario_name_statements,
    &scenario_setting_statements,
    &scenario_story_statements,
    &scenario_expect_statements,
    &scenario_moment_statements, /* read before; here for the nearest right word */
    NULL,
};

static const ScenarioStatementGroup *const deeds[] = {
    &scenario_writing_deeds,
    &scenario_fetching_deeds,
    &scenario_other_deeds,
    NULL,
};

static const ScenarioStatementGroup *const moments[] = {&scenario_moment_statements, NULL};

static const ScenarioStatementGroup *const events[] = {&scenario_machine_events, NULL};

static const ScenarioStatement *
accept_word(ScenarioLine *line, const ScenarioStatementGroup *const *groups)
{
    for (; *groups != NULL; groups++) {
        for (gsize i = 0; i < (*groups)->count; i++) {
            if (scenario_line_accept(line, (*groups)->statements[i].word)) {
                return &(*groups)->statements[i];
            }
        }
    }
    return NULL;
}

static GPtrArray *words_of(const ScenarioStatementGroup *const *groups)
{
    GPtrArray *words = g_ptr_array_new();
    for (; *groups != NULL; groups++) {
        for (gsize i = 0; i < (*groups)->count; i++) {
            g_ptr_array_add(words, (gpointer)(*groups)->statements[i].word);
        }
    }
    return words;
}

static bool read_by_verb(
    ScenarioReader *reader,
    ScenarioLine *line,
    const ScenarioStatementGroup *const *groups,
    const char *what
)
{
    const ScenarioStatement *statement = accept_word(line, groups);
    if (statement == NULL) {
        g_autoptr(GPtrArray) words = words_of(groups);
        return scenario_line_fail_word(line, what, (const char *const *)words->pdata, words->len);
    }
    reader->statement = statement;
    return statement->read(reader, line) && scenario_line_end(line);
}

/* "bob on bob-phone ...": another machine of his. */
static bool read_device(ScenarioReader *reader, ScenarioLine *line)
{
    reader->device = scenario_person(reader->scenario, reader->person)->device;
    if (!scenario_line_accept(line, "on")) {
        return true;
    }
    g_autoptr(GPtrArray) machines = g_ptr_array_new();
    for (guint i = 0; i < reader->scenario->devices->len; i++) {
        const ScenarioDevice *device = scenario_device(reader->scenario, i);
        if (device->person == reader->person) {
            g_ptr_array_add(machines, device->machine);
            if (scenario_line_accept(line, device->machine)) {
                reader->device = i;
                return true;
            }
        }
    }
    return scenario_line_fail_word(
        line, "machine of this person", (const char *const *)machines->pdata, machines->len
    );
}

static bool read_deed(ScenarioReader *reader, ScenarioLine *line)
{
    return read_device(reader, line) &&
           read_by_verb(reader, line, deeds, "thing that a person does");
}

static int accept_person(const Scenario *scenario, ScenarioLine *line)
{
    const ScenarioWord *word = scenario_line_peek(line);
    int person = word == NULL || word->is_quoted ? -1 : scenario_find_person(scenario, word->text);
    line->next += person >= 0;
    return person;
}

static bool fail_first_word(const Scenario *scenario, ScenarioLine *line)
{
    g_autoptr(GPtrArray) words = words_of(first_words);
    for (guint i = 0; i < scenario->people->len; i++) {
        g_ptr_array_add(words, scenario_person(scenario, i)->login);
    }
    return scenario_line_fail_word(
        line, "statement and no person", (const char *const *)words->pdata, words->len
    );
}

static bool read_statement(ScenarioReader *reader, ScenarioLine *line)
{
    const ScenarioStatement *statement = accept_word(line, first_words);
    if (statement != NULL) {
        reader->statement = statement;
        return statement->read(reader, line) && scenario_line_end(line);
    }
    int person = accept_person(reader->scenario, line);
    if (person >= 0) {
        reader->person = (guint)person;
        return read_deed(reader, line);
    }
    const ScenarioWord *word = scenario_line_peek(line);
    if (word != NULL && !word->is_quoted && strchr(word->text, '.') != NULL) {
        reader->host = scenario_line_take(line, "a machine");
        return read_by_verb(reader, line, events, "thing that happens to a machine");
    }
    return fail_first_word(reader->scenario, line);
}

bool scenario_read_setting(GArray *settings, ScenarioLine *line)
{
    static const ScenarioStatementGroup *const groups[] = {&scenario_setting_statements, NULL};
    ScenarioServer server = {.settings = settings};
    g_autoptr(GArray) servers = g_array_new(FALSE, TRUE, sizeof(ScenarioServer));
    g_array_append_val(servers, server);
    Scenario view = {.servers = servers};
    ScenarioReader reader = {.scenario = &view};
    return read_by_verb(&reader, line, groups, "setting of a mail server");
}

static bool read_line(Scenario *scenario, ScenarioLine *line)
{
    ScenarioReader reader = {.scenario = scenario};
    const ScenarioStatement *moment = accept_word(line, moments);
    if (moment != NULL && !moment->read(&reader, line)) {
        return false;
    }
    if (moment != NULL && scenario_line_peek(line) == NULL) {
        scenario_add_action(&reader, line, SCENARIO_WAITS);
        return scenario_line_end(line);
    }
    scenario_line_accept(line, ",");
    return read_statement(&reader, line);
}

ScenarioAction *
scenario_add_action(ScenarioReader *reader, const ScenarioLine *line, ScenarioActionKind kind)
{
    ScenarioAction action = {
        .kind = kind,
        .line = line->number,
        .when = reader->when,
        .time = reader->time,
        .person = reader->person,
        .device = reader->device,
    };
    GArray *actions = reader->scenario->actions;
    g_array_append_val(actions, action);
    return &g_array_index(actions, ScenarioAction, actions->len - 1);
}

static bool read_lines(Scenario *scenario, char **lines, GError **error)
{
    for (guint i = 0; lines[i] != NULL;) {
        ScenarioLine line;
        bool is_read = scenario_line_read(&line, scenario->name, i + 1, lines[i], error);
        for (i++; is_read && line.words->len > 0 && lines[i] != NULL; i++) {
            if (!scenario_line_add_block(&line, lines[i])) {
                break;
            }
        }
        is_read = is_read && (line.words->len == 0 || read_line(scenario, &line));
        scenario_line_clear(&line);
        if (!is_read) {
            return false;
        }
    }
    return true;
}

Scenario *scenario_parse(const char *name, const char *text, GError **error)
{
    g_autoptr(Scenario) scenario = scenario_new(name);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (!read_lines(scenario, lines, error)) {
        return NULL;
    }
    guint count = g_strv_length(lines);
    scenario->lines = count > 1 && lines[count - 1][0] == '\0' ? count - 1 : MAX(count, 1);
    if (scenario->title == NULL) {
        scenario->title = g_strdup(name);
    }
    return g_steal_pointer(&scenario);
}

static bool has_deed(const Scenario *scenario)
{
    for (guint i = 0; i < scenario->actions->len; i++) {
        ScenarioActionKind kind = g_array_index(scenario->actions, ScenarioAction, i).kind;
        if (kind != SCENARIO_CHAPTER && kind != SCENARIO_WAITS && kind != SCENARIO_EXPECTS) {
            return true;
        }
    }
    return false;
}

bool scenario_is_story(const Scenario *scenario, GError **error)
{
    const char *lacking = scenario->organisations->len == 0
                              ? "there is no organisation: write, for instance, 'organisation "
                                "crepes.fr'"
                          : scenario->people->len == 0
                              ? "there is nobody: write, for instance, 'person alice machine "
                                "alice-laptop' below an organisation"
                          : !has_deed(scenario)
                              ? "nothing happens: write what people do, for instance 'alice writes "
                                "to bob@hamburger.edu, subject \"Hi\"' and 'alice sends'"
                              : NULL;
    if (lacking != NULL) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_SYNTAX,
            "%s:%u: %s",
            scenario->file,
            scenario->lines,
            lacking
        );
    }
    return lacking == NULL;
}

/* What may happen at the moment of a what-if, besides what a person does. */
static bool fail_happening(const Scenario *scenario, ScenarioLine *line)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, (gpointer) "refuse");
    g_ptr_array_add(words, (gpointer) "answer");
    g_ptr_array_add(words, (gpointer) "say");
    for (guint i = 0; i < scenario->people->len; i++) {
        g_ptr_array_add(words, scenario_person(scenario, i)->login);
    }
    return scenario_line_fail_word(
        line,
        "'refuse', 'answer' or 'say', and no person of this story",
        (const char *const *)words->pdata,
        words->len
    );
}

/* The deed is read into a scenario that has the same people and nothing of a story. */
ScenarioAction *scenario_parse_deed(const Scenario *scenario, const char *text, GError **error)
{
    Scenario view = *scenario;
    g_autoptr(GArray) actions = g_array_new(FALSE, TRUE, sizeof(ScenarioAction));
    ScenarioLine line;
    view.actions = actions;
    ScenarioReader reader = {.scenario = &view};
    bool is_read = scenario_line_read(&line, "deed", 1, text, error);
    if (is_read) {
        int person = accept_person(scenario, &line);
        reader.person = person >= 0 ? (guint)person : 0;
        is_read = person >= 0 ? read_deed(&reader, &line) : fail_happening(scenario, &line);
    }
    scenario_line_clear(&line);
    ScenarioAction *deed = actions->len == 0 ? NULL : g_memdup2(actions->data, sizeof *deed);
    if (!is_read) {
        g_clear_pointer(&deed, scenario_deed_free);
    }
    return deed;
}
