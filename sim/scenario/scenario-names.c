/* What stands in the DNS besides the names and addresses of machines. */

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

static ScenarioRecord *
add_record(ScenarioReader *reader, const ScenarioLine *line, const char *zone, const char *owner)
{
    ScenarioRecord record = {
        .zone = g_strdup(zone), .owner = g_strdup(owner), .line = line->number};
    GArray *records = reader->scenario->records;
    g_array_append_val(records, record);
    return &g_array_index(records, ScenarioRecord, records->len - 1);
}

static bool take_ttl(ScenarioLine *line, ScenarioRecord *record)
{
    gint64 duration;
    scenario_line_accept(line, ",");
    if (!scenario_line_accept(line, "ttl")) {
        return true;
    }
    if (!scenario_line_take_duration(line, &duration)) {
        return false;
    }
    record->ttl = (guint32)(duration / SIM_SECOND);
    return true;
}

static bool take_record(ScenarioReader *reader, ScenarioLine *line, const char *zone)
{
    const char *owner = scenario_line_take(line, "a name, or @ for the domain itself");
    const char *type = owner == NULL ? NULL : scenario_line_take(line, "a type, such as MX");
    const char *data = type == NULL ? NULL : scenario_line_take(line, "the data of the record");
    if (data == NULL) {
        return false;
    }
    ScenarioRecord *record = add_record(reader, line, zone, owner);
    record->type = g_strdup(type);
    record->data = g_strdup(data);
    return take_ttl(line, record);
}

static bool read_record(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioOrganisation *organisation = last_organisation(reader, line);
    return organisation != NULL && take_record(reader, line, organisation->domain);
}

static bool read_zone(ScenarioReader *reader, ScenarioLine *line)
{
    const char *zone = scenario_line_take(line, "the name of a zone");
    return zone != NULL && take_record(reader, line, zone);
}

static bool read_exchanger(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioOrganisation *organisation = last_organisation(reader, line);
    const char *host =
        organisation == NULL ? NULL : scenario_line_take(line, "the name of a mail server");
    guint64 preference = 10;
    if (host == NULL || (scenario_line_accept(line, "preference") &&
                         !scenario_line_take_number(line, 65535, &preference))) {
        return false;
    }
    ScenarioRecord *record = add_record(reader, line, organisation->domain, "@");
    organisation->has_exchangers = true;
    record->type = g_strdup("MX");
    record->data = g_strdup_printf("%u %s.", (guint)preference, host);
    return take_ttl(line, record);
}

static bool read_no(ScenarioReader *reader, ScenarioLine *line)
{
    ScenarioOrganisation *organisation = last_organisation(reader, line);
    if (organisation == NULL) {
        return false;
    }
    organisation->has_exchangers = true;
    if (scenario_line_accept(line, "mail")) {
        ScenarioRecord *record = add_record(reader, line, organisation->domain, "@");
        record->type = g_strdup("MX");
        record->data = g_strdup("0 .");
        return true;
    }
    return scenario_line_accept(line, "exchanger") ||
           scenario_line_fail(line, "'mail' or 'exchanger' is expected here");
}

static const ScenarioStatement statements[] = {
    {
        .word = "exchanger",
        .form = "exchanger MACHINE [preference NUMBER] [ttl DURATION]",
        .meaning = "An MX record of the domain. With one of these the domain has only those "
                   "that are written; without any it has its own mail server with preference 10.",
        .example = "exchanger backup.hamburger.edu preference 20",
        .read = read_exchanger,
    },
    {
        .word = "no",
        .form = "no mail | no exchanger",
        .meaning = "'no mail' is the null MX record of a domain that takes none (RFC 7505); 'no "
                   "exchanger' leaves the MX record out, so that the domain's own address counts.",
        .example = "no mail",
        .read = read_no,
    },
    {
        .word = "record",
        .form = "record NAME TYPE DATA [ttl DURATION]",
        .meaning = "A record in the organisation's zone, its data as in a zone file and in "
                   "quotes where it has spaces. NAME is below the domain; @ is the domain.",
        .example = "record www CNAME web ttl 5 minutes",
        .read = read_record,
    },
    {
        .word = "zone",
        .form = "zone DOMAIN NAME TYPE DATA [ttl DURATION]",
        .meaning = "A record in another zone, which is made for it: a blocklist, for instance.",
        .example = "zone bl.example.net 10.2.0.192 A 127.0.0.2",
        .read = read_zone,
    },
};

const ScenarioStatementGroup scenario_name_statements = {
    .title = "Names",
    .about = "Machines have their names and addresses in the DNS without being asked.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
