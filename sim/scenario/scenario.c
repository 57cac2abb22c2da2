/* Reading scenario files: a table of the words that begin a statement, and one function for each.
 */

#include "sim/scenario/scenario.h"

#include "sim/scenario/scenario-line.h"

#include <string.h>

#define SCENARIO_FILE_MAXIMUM (1024 * 1024)

G_DEFINE_QUARK(mailwalk - scenario - error - quark, scenario_error)

typedef bool (*StatementReader)(Scenario *scenario, ScenarioLine *line);

static void clear_organisation(gpointer data)
{
    ScenarioOrganisation *organisation = data;
    g_free(organisation->domain);
    g_free(organisation->server);
}

static void clear_person(gpointer data)
{
    ScenarioPerson *person = data;
    g_free(person->login);
    g_free(person->name);
    g_free(person->password);
    g_free(person->machine);
    g_free(person->address);
}

static void clear_action(gpointer data)
{
    ScenarioAction *action = data;
    g_free(action->text);
    g_free(action->note);
    g_free(action->to);
    g_free(action->subject);
    g_free(action->body);
}

void scenario_free(Scenario *scenario)
{
    if (scenario != NULL) {
        g_free(scenario->name);
        g_free(scenario->title);
        g_free(scenario->about);
        g_free(scenario->lectures);
        g_array_unref(scenario->organisations);
        g_array_unref(scenario->people);
        g_array_unref(scenario->actions);
        g_free(scenario);
    }
}

static GArray *new_array(gsize size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, TRUE, (guint)size);
    g_array_set_clear_func(array, clear);
    return array;
}

static bool take_text(ScenarioLine *line, const char *expected, char **place)
{
    const char *text = scenario_line_take(line, expected);
    if (text == NULL) {
        return false;
    }
    g_free(*place);
    *place = g_strdup(text);
    return true;
}

static bool read_title(Scenario *scenario, ScenarioLine *line)
{
    return take_text(line, "a title in quotes", &scenario->title) && scenario_line_end(line);
}

static bool read_about(Scenario *scenario, ScenarioLine *line)
{
    return take_text(line, "a text in quotes", &scenario->about) && scenario_line_end(line);
}

static bool read_lectures(Scenario *scenario, ScenarioLine *line)
{
    g_autoptr(GString) list = g_string_new(NULL);
    do {
        const char *number = scenario_line_take(line, "the number of a lecture");
        if (number == NULL) {
            return false;
        }
        g_string_append_printf(list, "%s%s", list->len == 0 ? "" : ", ", number);
    } while (scenario_line_accept(line, ","));
    g_free(scenario->lectures);
    scenario->lectures = g_strdup(list->str);
    return scenario_line_end(line);
}

static bool read_seed(Scenario *scenario, ScenarioLine *line)
{
    const char *number = scenario_line_take(line, "a number");
    if (number == NULL) {
        return false;
    }
    if (!g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT64, &scenario->seed, NULL)) {
        line->next--;
        return scenario_line_fail(line, "'%s' is no number", number);
    }
    return scenario_line_end(line);
}

static bool read_organisation(Scenario *scenario, ScenarioLine *line)
{
    const char *domain = scenario_line_take(line, "a domain, such as crepes.fr");
    if (domain == NULL) {
        return false;
    }
    ScenarioOrganisation organisation = {
        .domain = g_strdup(domain), .server = g_strdup_printf("mail.%s", domain)};
    g_array_append_val(scenario->organisations, organisation);
    return scenario_line_end(line);
}

static ScenarioOrganisation *last_organisation(Scenario *scenario, ScenarioLine *line)
{
    guint count = scenario->organisations->len;
    if (count == 0) {
        line->next = 0;
        scenario_line_fail(line, "this belongs to an organisation: write 'organisation ...' first");
        return NULL;
    }
    return &g_array_index(scenario->organisations, ScenarioOrganisation, count - 1);
}

static bool read_server(Scenario *scenario, ScenarioLine *line)
{
    ScenarioOrganisation *organisation = last_organisation(scenario, line);
    return organisation != NULL && take_text(line, "the name of a host", &organisation->server) &&
           scenario_line_end(line);
}

static bool read_person_settings(ScenarioPerson *person, ScenarioLine *line)
{
    static const char *const words[] = {"password", "machine"};
    const ScenarioWord *word = scenario_line_peek(line);
    if (word != NULL && word->is_quoted && !take_text(line, "a name", &person->name)) {
        return false;
    }
    while (scenario_line_peek(line) != NULL) {
        if (scenario_line_accept(line, "password")) {
            if (!take_text(line, "a password", &person->password)) {
                return false;
            }
        } else if (scenario_line_accept(line, "machine")) {
            if (!take_text(line, "the name of a machine", &person->machine)) {
                return false;
            }
        } else if (!scenario_line_accept(line, ",")) {
            return scenario_line_fail_word(line, "setting of a person", words, 2);
        }
    }
    return true;
}

static bool read_person(Scenario *scenario, ScenarioLine *line)
{
    const ScenarioOrganisation *organisation = last_organisation(scenario, line);
    const char *login = organisation == NULL ? NULL : scenario_line_take(line, "a log-in name");
    if (login == NULL) {
        return false;
    }
    ScenarioPerson person = {
        .login = g_strdup(login),
        .name = g_strdup(login),
        .password = g_strdup("secret"),
        .machine = g_strdup_printf("%s-pc", login),
        .address = g_strdup_printf("%s@%s", login, organisation->domain),
        .organisation = scenario->organisations->len - 1,
    };
    person.name[0] = g_ascii_toupper(person.name[0]);
    bool is_read = read_person_settings(&person, line);
    g_array_append_val(scenario->people, person);
    return is_read;
}

static ScenarioAction *
add_action(Scenario *scenario, const ScenarioLine *line, ScenarioActionKind kind)
{
    ScenarioAction action = {.kind = kind, .line = line->number};
    g_array_append_val(scenario->actions, action);
    return &g_array_index(scenario->actions, ScenarioAction, scenario->actions->len - 1);
}

static bool read_chapter(Scenario *scenario, ScenarioLine *line)
{
    ScenarioAction *action = add_action(scenario, line, SCENARIO_CHAPTER);
    return take_text(line, "a title in quotes", &action->text) && scenario_line_end(line);
}

static bool read_note(Scenario *scenario, ScenarioLine *line)
{
    for (guint i = scenario->actions->len; i > 0; i--) {
        ScenarioAction *action = &g_array_index(scenario->actions, ScenarioAction, i - 1);
        if (action->kind == SCENARIO_CHAPTER) {
            return take_text(line, "a text in quotes", &action->note) && scenario_line_end(line);
        }
    }
    line->next = 0;
    return scenario_line_fail(line, "a note belongs to a chapter: write 'chapter ...' first");
}

static bool read_wait(Scenario *scenario, ScenarioLine *line)
{
    ScenarioAction *action = add_action(scenario, line, SCENARIO_WAITS);
    return scenario_line_take_duration(line, &action->time) && scenario_line_end(line);
}

static bool read_at(Scenario *scenario, ScenarioLine *line)
{
    ScenarioAction *action = add_action(scenario, line, SCENARIO_AT);
    const char *clock = scenario_line_take(line, "a time, such as 10:15");
    guint64 hours;
    guint64 minutes;
    g_auto(GStrv) parts = clock == NULL ? NULL : g_strsplit(clock, ":", 3);
    if (clock == NULL) {
        return false;
    }
    if (g_strv_length(parts) != 2 ||
        !g_ascii_string_to_unsigned(parts[0], 10, 0, 23, &hours, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, 0, 59, &minutes, NULL)) {
        line->next--;
        return scenario_line_fail(line, "'%s' is no time of day, such as 10:15", clock);
    }
    action->time = (gint64)hours * SIM_HOUR + (gint64)minutes * SIM_MINUTE;
    return scenario_line_end(line);
}

typedef struct {
    const char *word;
    StatementReader read;
} StatementRow;

static const StatementRow statements[] = {
    {"about", read_about},
    {"at", read_at},
    {"chapter", read_chapter},
    {"lecture", read_lectures},
    {"lectures", read_lectures},
    {"note", read_note},
    {"organisation", read_organisation},
    {"person", read_person},
    {"seed", read_seed},
    {"server", read_server},
    {"title", read_title},
    {"wait", read_wait},
};

static bool read_recipients(ScenarioLine *line, ScenarioAction *action)
{
    g_autoptr(GString) list = g_string_new(NULL);
    static const char *const next[] = {"subject", "body"};
    do {
        const ScenarioWord *word = scenario_line_peek(line);
        if (word != NULL && list->len > 0 &&
            (g_str_equal(word->text, next[0]) || g_str_equal(word->text, next[1]))) {
            line->next--; /* the comma belongs to what follows */
            break;
        }
        const char *address = scenario_line_take(line, "an address");
        if (address == NULL) {
            return false;
        }
        g_string_append_printf(list, "%s%s", list->len == 0 ? "" : ", ", address);
    } while (scenario_line_accept(line, ","));
    action->to = g_strdup(list->str);
    return true;
}

static bool read_writes(Scenario *scenario, ScenarioLine *line, guint person)
{
    static const char *const words[] = {"subject", "body"};
    ScenarioAction *action = add_action(scenario, line, SCENARIO_WRITES);
    action->person = person;
    action->subject = g_strdup("");
    action->body = g_strdup("");
    if (!scenario_line_accept(line, "to")) {
        return scenario_line_fail(line, "'to' and an address are expected here");
    }
    if (!read_recipients(line, action)) {
        return false;
    }
    while (scenario_line_accept(line, ",")) {
        if (scenario_line_accept(line, "subject")) {
            if (!take_text(line, "a text in quotes", &action->subject)) {
                return false;
            }
        } else if (scenario_line_accept(line, "body")) {
            if (!take_text(line, "a text in quotes", &action->body)) {
                return false;
            }
        } else {
            return scenario_line_fail_word(line, "part of a message", words, 2);
        }
    }
    return scenario_line_end(line);
}

static bool read_fetches(Scenario *scenario, ScenarioLine *line, guint person)
{
    ScenarioAction *action = add_action(scenario, line, SCENARIO_FETCHES);
    action->person = person;
    if (!scenario_line_accept(line, "by") || !scenario_line_accept(line, "pop3")) {
        return scenario_line_fail(line, "'by pop3' is expected here");
    }
    if (scenario_line_accept(line, "and")) {
        static const char *const words[] = {"deletes", "keeps"};
        if (scenario_line_accept(line, "deletes")) {
            action->deletes = true;
        } else if (!scenario_line_accept(line, "keeps")) {
            return scenario_line_fail_word(line, "way of fetching", words, 2);
        }
    }
    return scenario_line_end(line);
}

static bool read_deed(Scenario *scenario, ScenarioLine *line, guint person)
{
    static const char *const verbs[] = {"writes", "sends", "fetches"};
    if (scenario_line_accept(line, "writes")) {
        return read_writes(scenario, line, person);
    }
    if (scenario_line_accept(line, "fetches")) {
        return read_fetches(scenario, line, person);
    }
    if (scenario_line_accept(line, "sends")) {
        add_action(scenario, line, SCENARIO_SENDS)->person = person;
        return scenario_line_end(line);
    }
    return scenario_line_fail_word(line, "thing that a person does", verbs, 3);
}

/* "mail.hamburger.edu goes down", "... comes up" */
static bool read_host(Scenario *scenario, ScenarioLine *line)
{
    const char *host = scenario_line_take(line, "the name of a host");
    bool goes = scenario_line_accept(line, "goes");
    bool is_down = goes && scenario_line_accept(line, "down");
    bool is_up = !goes && scenario_line_accept(line, "comes") && scenario_line_accept(line, "up");
    if (!is_down && !is_up) {
        return scenario_line_fail(line, "'goes down' or 'comes up' is expected here");
    }
    ScenarioAction *action = add_action(scenario, line, SCENARIO_HOST);
    action->text = g_strdup(host);
    action->is_up = is_up;
    return scenario_line_end(line);
}

static bool fail_first_word(const Scenario *scenario, ScenarioLine *line)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_ptr_array_add(words, (gpointer)statements[i].word);
    }
    for (guint i = 0; i < scenario->people->len; i++) {
        g_ptr_array_add(words, g_array_index(scenario->people, ScenarioPerson, i).login);
    }
    return scenario_line_fail_word(
        line, "statement and no person", (const char *const *)words->pdata, words->len
    );
}

static bool read_statement(Scenario *scenario, ScenarioLine *line)
{
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        if (scenario_line_accept(line, statements[i].word)) {
            return statements[i].read(scenario, line);
        }
    }
    for (guint i = 0; i < scenario->people->len; i++) {
        const ScenarioPerson *person = &g_array_index(scenario->people, ScenarioPerson, i);
        if (scenario_line_accept(line, person->login)) {
            return read_deed(scenario, line, i);
        }
    }
    const ScenarioWord *word = scenario_line_peek(line);
    if (strchr(word->text, '.') != NULL) {
        return read_host(scenario, line);
    }
    return fail_first_word(scenario, line);
}

/* The line begins with a person. */
static bool is_deed(const Scenario *scenario, const ScenarioLine *line)
{
    const ScenarioWord *first = scenario_line_peek(line);
    for (guint i = 0; i < scenario->people->len; i++) {
        const ScenarioPerson *person = &g_array_index(scenario->people, ScenarioPerson, i);
        if (g_ascii_strcasecmp(first->text, person->login) == 0) {
            return true;
        }
    }
    return false;
}

Scenario *scenario_parse(const char *name, const char *text, GError **error)
{
    g_autoptr(Scenario) scenario = g_new0(Scenario, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    scenario->name = g_strdup(name);
    scenario->title = g_strdup(name);
    scenario->seed = 1;
    scenario->organisations = new_array(sizeof(ScenarioOrganisation), clear_organisation);
    scenario->people = new_array(sizeof(ScenarioPerson), clear_person);
    scenario->actions = new_array(sizeof(ScenarioAction), clear_action);
    for (guint i = 0; lines[i] != NULL; i++) {
        ScenarioLine line;
        bool is_read = scenario_line_read(&line, name, i + 1, lines[i], error) &&
                       (line.words->len == 0 || read_statement(scenario, &line));
        scenario_line_clear(&line);
        if (!is_read) {
            return NULL;
        }
    }
    return g_steal_pointer(&scenario);
}

ScenarioAction *scenario_parse_deed(const Scenario *scenario, const char *text, GError **error)
{
    /* Only the people are looked at, and only the list of actions grows. */
    Scenario place = *scenario;
    ScenarioLine line;
    ScenarioAction *deed = NULL;
    place.actions = new_array(sizeof(ScenarioAction), clear_action);
    if (scenario_line_read(&line, "deed", 1, text, error) && line.words->len > 0) {
        if (!is_deed(&place, &line)) {
            scenario_line_fail(&line, "'%s' is nothing that a person does", text);
        } else if (read_statement(&place, &line)) {
            deed = g_new(ScenarioAction, 1);
            *deed = g_array_index(place.actions, ScenarioAction, 0);
            g_array_set_clear_func(place.actions, NULL);
        }
    }
    scenario_line_clear(&line);
    g_array_unref(place.actions);
    return deed;
}

void scenario_deed_free(ScenarioAction *deed)
{
    if (deed != NULL) {
        clear_action(deed);
        g_free(deed);
    }
}

Scenario *scenario_load(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error)) {
        return NULL;
    }
    if (length > SCENARIO_FILE_MAXIMUM || !g_utf8_validate(text, (gssize)length, NULL)) {
        g_set_error(
            error,
            SCENARIO_ERROR,
            SCENARIO_ERROR_FILE,
            "%s is no scenario: %s",
            path,
            length > SCENARIO_FILE_MAXIMUM ? "it is longer than a megabyte" : "it is not UTF-8 text"
        );
        return NULL;
    }
    Scenario *scenario = scenario_parse(path, text, error);
    if (scenario != NULL) {
        g_autofree char *base = g_path_get_basename(path);
        char *dot = strrchr(base, '.');
        if (dot != NULL) {
            *dot = '\0';
        }
        g_free(scenario->name);
        scenario->name = g_steal_pointer(&base);
    }
    return scenario;
}
