/* Organisations, their mail servers and machines, their people. */

#include "sim/scenario/scenario-private.h"
#include "sim/scenario/scenario-statement.h"

#include <string.h>

static ScenarioOrganisation *last_organisation(ScenarioReader *reader, ScenarioLine *line)
{
    GArray *organisations = reader->scenario->organisations;
    if (organisations->len == 0) {
        line->next = 0;
        scenario_line_fail(line, "this belongs to an organisation: write 'organisation ...' first");
        return NULL;
    }
    return &g_array_index(organisations, ScenarioOrganisation, organisations->len - 1);
}

static guint add_server(Scenario *scenario, const char *name)
{
    ScenarioServer server = {
        .name = g_strdup(name),
        .organisation = scenario->organisations->len - 1,
        .settings = scenario_settings_new(),
    };
    g_array_append_val(scenario->servers, server);
    return scenario->servers->len - 1;
}

static bool read_organisation(ScenarioReader *reader, ScenarioLine *line)
{
    Scenario *scenario = reader->scenario;
    const char *domain = scenario_line_take(line, "a domain, such as crepes.fr");
    if (domain == NULL) {
        return false;
    }
    if (scenario_find_organisation(scenario, domain) >= 0) {
        return scenario_line_fail_before(line, "there is an organisation '%s' already", domain);
    }
    ScenarioOrganisation organisation = {
        .domain = g_strdup(domain),
        .server = g_strdup_printf("mail.%s", domain),
        .first_server = scenario->servers->len,
        .has_server = true,
        .link = sim_link_settings_default(),
    };
    g_array_append_val(scenario->organisations, organisation);
    if (scenario_line_accept(line, "without")) {
        ScenarioOrganisation *made = last_organisation(reader, line);
        made->has_server = false;
        made->has_exchangers = true;
        return scenario_line_expect(line, "mail");
    }
    add_server(scenario, organisation.server);
    return true;
}

/* The organisation's mail server may be renamed as long as nothing else is known of it. */
static bool is_unused(const Scenario *scenario, const ScenarioOrganisation *organisation)
{
    g_autofree char *usual = g_strdup_printf("mail.%s", organisation->domain);
    guint first = organisation->first_server;
    if (!organisation->has_server || first != scenario->servers->len - 1 ||
        !g_str_equal(organisation->server, usual) ||
        scenario_server(scenario, first)->settings->len > 0) {
        return false;
    }
    for (guint i = 0; i < scenario->people->len; i++) {
        if (scenario_person(scenario, i)->server == first) {
            return false;
        }
    }
    return true;
}

static bool read_server(ScenarioReader *reader, ScenarioLine *line)
{
    Scenario *scenario = reader->scenario;
    ScenarioOrganisation *organisation = last_organisation(reader, line);
    const char *name =
        organisation == NULL ? NULL : scenario_line_take(line, "the name of a machine");
    if (name == NULL) {
        return false;
    }
    if (scenario_find_server(scenario, name) >= 0) {
        return (scenario->servers->len - 1 == (guint)scenario_find_server(scenario, name)) ||
               scenario_line_fail_before(line, "there is a server '%s' already", name);
    }
    if (!is_unused(scenario, organisation)) {
        add_server(scenario, name);
        return true;
    }
    ScenarioServer *first =
        &g_array_index(scenario->servers, ScenarioServer, organisation->first_server);
    g_free(first->name);
    g_free(organisation->server);
    first->name = g_strdup(name);
    organisation->server = g_strdup(name);
    return true;
}

static bool read_host(ScenarioReader *reader, ScenarioLine *line)
{
    const ScenarioOrganisation *organisation = last_organisation(reader, line);
    const char *name =
        organisation == NULL ? NULL : scenario_line_take(line, "the name of a machine");
    if (name == NULL) {
        return false;
    }
    ScenarioHost host = {
        .name = g_strdup(name), .organisation = reader->scenario->organisations->len - 1};
    const char *address = NULL;
    bool is_read = true;
    if (scenario_line_accept(line, "address")) {
        address = scenario_line_take(line, "an address, such as 192.0.2.80");
        is_read = address != NULL;
    }
    host.address = g_strdup(address);
    g_array_append_val(reader->scenario->hosts, host);
    return is_read;
}

static bool read_link(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioOrganisation *organisation = last_organisation(reader, line);
    if (organisation == NULL) {
        return false;
    }
    return scenario_take_link(line, &organisation->link);
}

static bool read_backbone(ScenarioReader *reader, ScenarioLine *line)
{
    reader->scenario->has_backbone = true;
    return scenario_take_link(line, &reader->scenario->backbone);
}

static void add_device(Scenario *scenario, const char *machine, guint person)
{
    ScenarioDevice device = {.machine = g_strdup(machine), .person = person};
    g_array_append_val(scenario->devices, device);
}

/* The mailbox of somebody whose machines are elsewhere. */
static bool take_server(const Scenario *scenario, ScenarioPerson *person, ScenarioLine *line)
{
    const char *name = scenario_line_take(line, "the name of a mail server");
    if (name == NULL) {
        return false;
    }
    int server = scenario_find_server(scenario, name);
    person->server = (guint)server;
    return server >= 0 ||
           scenario_line_fail_before(line, "there is no mail server '%s' above", name);
}

static bool
read_person_settings(Scenario *scenario, ScenarioPerson *person, guint index, ScenarioLine *line)
{
    static const char *const words[] = {"password", "machine", "address", "quota", "server"};
    const ScenarioWord *word = scenario_line_peek(line);
    if (word != NULL && word->is_quoted && !scenario_take_text(line, "a name", &person->name)) {
        return false;
    }
    while (scenario_line_peek(line) != NULL) {
        bool is_read = true;
        if (scenario_line_accept(line, "password")) {
            is_read = scenario_take_text(line, "a password", &person->password);
        } else if (scenario_line_accept(line, "address")) {
            is_read = scenario_take_text(line, "an address", &person->address);
        } else if (scenario_line_accept(line, "server")) {
            is_read = take_server(scenario, person, line);
        } else if (scenario_line_accept(line, "quota")) {
            is_read = scenario_line_take_size(line, &person->quota);
        } else if (scenario_line_accept(line, "machine")) {
            const char *machine = scenario_line_take(line, "the name of a machine");
            is_read = machine != NULL;
            if (is_read) {
                add_device(scenario, machine, index);
            }
        } else if (!scenario_line_accept(line, ",")) {
            return scenario_line_fail_word(
                line, "property of a person", words, G_N_ELEMENTS(words)
            );
        }
        if (!is_read) {
            return false;
        }
    }
    return true;
}

static bool read_person(ScenarioReader *reader, ScenarioLine *line)
{
    Scenario *scenario = reader->scenario;
    const ScenarioOrganisation *organisation = last_organisation(reader, line);
    const char *login = organisation == NULL ? NULL : scenario_line_take(line, "a log-in name");
    if (login == NULL) {
        return false;
    }
    if (scenario_find_person(scenario, login) >= 0) {
        return scenario_line_fail_before(line, "there is a person '%s' already", login);
    }
    guint first = scenario->devices->len;
    ScenarioPerson person = {
        .login = g_strdup(login),
        .name = g_strdup(login),
        .password = g_strdup("secret"),
        .address = g_strdup_printf("%s@%s", login, organisation->domain),
        .organisation = scenario->organisations->len - 1,
        .server = organisation->has_server ? organisation->first_server : SCENARIO_NO_SERVER,
        .device = first,
    };
    person.name[0] = g_ascii_toupper(person.name[0]);
    bool is_read = read_person_settings(scenario, &person, scenario->people->len, line);
    if (scenario->devices->len == first) {
        g_autofree char *machine = g_strdup_printf("%s-pc", login);
        add_device(scenario, machine, scenario->people->len);
    }
    person.machine = g_strdup(scenario_device(scenario, first)->machine);
    g_array_append_val(scenario->people, person);
    return is_read;
}

static const ScenarioStatement statements[] = {
    {
        .word = "organisation",
        .form = "organisation DOMAIN [without mail]",
        .meaning = "An organisation with a network, a name server and a mail server mail.DOMAIN. "
                   "What follows belongs to it, up to the next one.",
        .example = "organisation ksit.edu.in",
        .read = read_organisation,
    },
    {
        .word = "server",
        .form = "server MACHINE",
        .meaning = "Before anything else of an organisation it names its mail server; later it "
                   "adds another one. Settings that follow belong to it.",
        .example = "server backup.hamburger.edu",
        .read = read_server,
    },
    {
        .word = "host",
        .form = "host MACHINE [address ADDRESS]",
        .meaning = "Another machine of the organisation, with its name in the DNS.",
        .example = "host www.hamburger.edu",
        .read = read_host,
    },
    {
        .word = "link",
        .form = "link PROPERTY, PROPERTY ...",
        .meaning = "The organisation's network: rate 1 Mbit/s, delay 40 ms, jitter 5 ms, loss 5 "
                   "percent, duplication, reordering, corruption (percent, or %), mtu 1280.",
        .example = "link rate 1 Mbit/s, delay 40 ms, loss 0.5 percent",
        .read = read_link,
    },
    {
        .word = "backbone",
        .form = "backbone PROPERTY, PROPERTY ...",
        .meaning = "What joins the organisations; a delay of 5 ms unless set.",
        .example = "backbone delay 80 ms",
        .read = read_backbone,
    },
    {
        .word = "person",
        .form = "person LOGIN [NAME] [password TEXT] [machine MACHINE ...] [server MACHINE] "
                "[address ADDRESS] [quota SIZE]",
        .meaning = "Somebody with a mailbox LOGIN@DOMAIN and a mail program on each machine "
                   "named; LOGIN is the word for the person in the story. 'server' and 'address' "
                   "are for somebody whose mailbox is elsewhere.",
        .example = "person dave \"Dave\" password sesame machine dave-pc machine dave-phone",
        .read = read_person,
    },
};

const ScenarioStatementGroup scenario_place_statements = {
    .title = "Organisations and people",
    .about = "They stand before the story. Networks, addresses, routers, name servers and the "
             "records of the DNS come by themselves.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
