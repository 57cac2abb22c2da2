/* The memory of a scenario, and the files it comes from. */

#include "sim/scenario/scenario.h"

#include "sim/scenario/scenario-private.h"

#include <string.h>

#define SCENARIO_FILE_MAXIMUM (1024 * 1024)

G_DEFINE_QUARK(mailwalk - scenario - error - quark, scenario_error)

static void clear_organisation(gpointer data)
{
    ScenarioOrganisation *organisation = data;
    g_free(organisation->domain);
    g_free(organisation->server);
}

static void clear_setting(gpointer data)
{
    ScenarioSetting *setting = data;
    g_free(setting->text);
    g_strfreev(setting->list);
}

static void clear_server(gpointer data)
{
    ScenarioServer *server = data;
    g_free(server->name);
    g_array_unref(server->settings);
}

static void clear_host(gpointer data)
{
    ScenarioHost *host = data;
    g_free(host->name);
    g_free(host->address);
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

static void clear_device(gpointer data)
{
    g_free(((ScenarioDevice *)data)->machine);
}

static void clear_record(gpointer data)
{
    ScenarioRecord *record = data;
    g_free(record->zone);
    g_free(record->owner);
    g_free(record->type);
    g_free(record->data);
}

static void clear_attachment(gpointer data)
{
    ScenarioAttachment *attachment = data;
    g_free(attachment->name);
    g_free(attachment->text);
}

static void free_mail(ScenarioMail *mail)
{
    if (mail != NULL) {
        g_free(mail->to);
        g_free(mail->cc);
        g_free(mail->bcc);
        g_free(mail->subject);
        g_free(mail->body);
        g_free(mail->html);
        g_free(mail->from);
        g_free(mail->reverse_path);
        g_array_unref(mail->attachments);
        g_free(mail);
    }
}

static void clear_action(gpointer data)
{
    ScenarioAction *action = data;
    g_free(action->text);
    g_free(action->other);
    g_free(action->note);
    g_strfreev(action->lines);
    free_mail(action->mail);
}

void scenario_deed_free(ScenarioAction *deed)
{
    if (deed != NULL) {
        clear_action(deed);
        g_free(deed);
    }
}

void scenario_free(Scenario *scenario)
{
    if (scenario != NULL) {
        g_free(scenario->name);
        g_free(scenario->file);
        g_free(scenario->title);
        g_free(scenario->about);
        g_free(scenario->lectures);
        g_free(scenario->references);
        g_array_unref(scenario->organisations);
        g_array_unref(scenario->servers);
        g_array_unref(scenario->hosts);
        g_array_unref(scenario->people);
        g_array_unref(scenario->devices);
        g_array_unref(scenario->records);
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

Scenario *scenario_new(const char *name)
{
    Scenario *scenario = g_new0(Scenario, 1);
    scenario->name = g_strdup(name);
    scenario->file = g_strdup(name);
    scenario->organisations = new_array(sizeof(ScenarioOrganisation), clear_organisation);
    scenario->servers = new_array(sizeof(ScenarioServer), clear_server);
    scenario->hosts = new_array(sizeof(ScenarioHost), clear_host);
    scenario->people = new_array(sizeof(ScenarioPerson), clear_person);
    scenario->devices = new_array(sizeof(ScenarioDevice), clear_device);
    scenario->records = new_array(sizeof(ScenarioRecord), clear_record);
    scenario->actions = new_array(sizeof(ScenarioAction), clear_action);
    scenario->backbone = sim_link_settings_default();
    scenario->backbone.delay = 5 * SIM_MILLISECOND;
    scenario->seed = 1;
    scenario->start = -1;
    return scenario;
}

ScenarioMail *scenario_mail_new(void)
{
    ScenarioMail *mail = g_new0(ScenarioMail, 1);
    mail->subject = g_strdup("");
    mail->body = g_strdup("");
    mail->attachments = new_array(sizeof(ScenarioAttachment), clear_attachment);
    return mail;
}

GArray *scenario_settings_new(void)
{
    return new_array(sizeof(ScenarioSetting), clear_setting);
}

const ScenarioOrganisation *scenario_organisation(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->organisations, ScenarioOrganisation, index);
}

const ScenarioServer *scenario_server(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->servers, ScenarioServer, index);
}

const ScenarioPerson *scenario_person(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->people, ScenarioPerson, index);
}

const ScenarioDevice *scenario_device(const Scenario *scenario, guint index)
{
    return &g_array_index(scenario->devices, ScenarioDevice, index);
}

int scenario_find_person(const Scenario *scenario, const char *login)
{
    for (guint i = 0; i < scenario->people->len; i++) {
        if (g_ascii_strcasecmp(scenario_person(scenario, i)->login, login) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int scenario_find_server(const Scenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario->servers->len; i++) {
        if (g_ascii_strcasecmp(scenario_server(scenario, i)->name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int scenario_find_organisation(const Scenario *scenario, const char *domain)
{
    for (guint i = 0; i < scenario->organisations->len; i++) {
        if (g_ascii_strcasecmp(scenario_organisation(scenario, i)->domain, domain) == 0) {
            return (int)i;
        }
    }
    return -1;
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
