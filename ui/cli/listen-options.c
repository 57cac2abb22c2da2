#include "ui/cli/listen-options.h"

#include "protocol/address/address-judge.h"
#include "protocol/imap/imap-server.h"
#include "protocol/pop3/pop3-server.h"
#include "protocol/smtp/smtp-server.h"
#include "ui/cli/data-files.h"
#include "ui/cli/scenario-error.h"

#include <string.h>

#define USUAL_DOMAIN "hamburger.edu"
#define TIMEOUT_MAXIMUM 86400

/* As given, before anything is looked at. */
typedef struct {
    char *scenario;
    char *domain;
    char *address;
    char *ports[N_LOOPBACK_PORTS];
    char **users;
    char *maildir;
    char *pcap;
    char *level;
    gint64 quota;
    char *timeout;
    char **without;
    gboolean is_json;
    gboolean is_quiet;
    gboolean show_secrets;
} Words;

static void words_clear(Words *words)
{
    g_free(words->scenario);
    g_free(words->domain);
    g_free(words->address);
    for (guint i = 0; i < N_LOOPBACK_PORTS; i++) {
        g_free(words->ports[i]);
    }
    g_strfreev(words->users);
    g_free(words->maildir);
    g_free(words->pcap);
    g_free(words->level);
    g_free(words->timeout);
    g_strfreev(words->without);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Words, words_clear)

static bool read_level(const char *word, StepLevel *out_level)
{
    static const char *const names[] = {"story", "dialogue", "packets"};
    *out_level = STEP_LEVEL_DIALOGUE;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (word != NULL && strcmp(word, names[i]) == 0) {
            *out_level = (StepLevel)i;
            return true;
        }
    }
    return word == NULL;
}

static bool read_ports(const Words *words, ListenOptions *options, ExitStatus *status)
{
    guint n_off = 0;
    for (guint i = 0; i < N_LOOPBACK_PORTS; i++) {
        const char *word = words->ports[i];
        guint64 number = loopback_ports[i].usual;
        if (word != NULL && strcmp(word, "off") == 0) {
            options->ports[i] = LOOPBACK_PORT_OFF;
            n_off++;
            continue;
        }
        if (word != NULL && !g_ascii_string_to_unsigned(word, 10, 0, 65535, &number, NULL)) {
            *status = cli_usage_error(
                "listen",
                "--%s takes a port from 1 to 65535, 0 for any that is free, or off; not '%s'",
                loopback_ports[i].option,
                word
            );
            return false;
        }
        options->ports[i] = (gint)number;
    }
    if (n_off == N_LOOPBACK_PORTS) {
        *status = cli_usage_error("listen", "every port is off: there is nothing to serve");
        return false;
    }
    return true;
}

static bool has_login(const Scenario *scenario, const char *login)
{
    for (guint i = 0; i < scenario->people->len; i++) {
        const char *other = g_array_index(scenario->people, ScenarioPerson, i).login;
        if (g_ascii_strcasecmp(login, other) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_user(
    const char *command,
    Scenario *scenario,
    const char *word,
    const char *domain,
    ExitStatus *status
)
{
    const char *colon = strchr(word, ':');
    g_autofree char *login =
        colon == NULL ? g_strdup(word) : g_strndup(word, (gsize)(colon - word));
    if (colon == NULL || colon[1] == '\0' || login[0] == '\0') {
        *status = cli_usage_error(
            command, "--user takes NAME:PASSWORD, for instance bob:hungry; not '%s'", word
        );
        return false;
    }
    g_autofree char *address = g_strdup_printf("%s@%s", login, domain);
    AddressVerdict verdict = address_judge(ADDRESS_SMTP, byte_span_from_string(address));
    if (!verdict.is_valid) {
        *status = cli_usage_error(command, "--user %s: %s would be no mail address", word, address);
        return false;
    }
    if (has_login(scenario, login)) {
        *status = cli_usage_error(command, "--user names %s twice", login);
        return false;
    }
    ScenarioPerson person = {
        .login = g_steal_pointer(&login),
        .name = g_strndup(word, (gsize)(colon - word)),
        .password = g_strdup(colon + 1),
        .address = g_steal_pointer(&address),
    };
    person.name[0] = g_ascii_toupper(person.name[0]);
    g_array_append_val(scenario->people, person);
    return true;
}

Scenario *listen_own_scenario(
    const char *command, const char *domain, char *const *users, ExitStatus *out_status
)
{
    static const char *const usual_users[] = {"bob:hungry", "alice:yummy", NULL};
    domain = domain == NULL ? USUAL_DOMAIN : domain;
    const char *const *people = users == NULL ? usual_users : (const char *const *)users;
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("title \"Mail for %s\"\norganisation %s\n", domain, domain);
    g_autoptr(Scenario) scenario = scenario_parse(command, text, &error);
    AddressVerdict verdict = address_judge_domain(ADDRESS_SMTP, byte_span_from_string(domain));
    if (scenario == NULL || !verdict.is_valid || verdict.is_literal) {
        *out_status = cli_usage_error(command, "--domain %s: that is no domain name", domain);
        return NULL;
    }
    for (guint i = 0; people[i] != NULL; i++) {
        if (!add_user(command, scenario, people[i], domain, out_status)) {
            return NULL;
        }
    }
    return g_steal_pointer(&scenario);
}

static Scenario *shipped_scenario(const Words *words, ExitStatus *status)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_strdup_printf("%s.scenario", words->scenario);
    g_autofree char *path = g_file_test(words->scenario, G_FILE_TEST_IS_REGULAR)
                                ? g_strdup(words->scenario)
                                : data_file_find("scenarios", file);
    if (words->users != NULL) {
        *status = cli_usage_error("listen", "--user and --scenario: the scenario names its people");
        return NULL;
    }
    if (path == NULL) {
        *status = cli_usage_error(
            "listen", "there is no scenario '%s'; `mailwalk scenarios` lists them", words->scenario
        );
        return NULL;
    }
    Scenario *scenario = scenario_load(path, &error);
    if (scenario == NULL) {
        *status = scenario_error_print("listen", error);
    }
    return scenario;
}

static bool find_organisation(const Words *words, ListenOptions *options, ExitStatus *status)
{
    const GArray *organisations = options->scenario->organisations;
    for (guint i = 0; i < organisations->len; i++) {
        const char *domain = g_array_index(organisations, ScenarioOrganisation, i).domain;
        if (words->domain == NULL || g_ascii_strcasecmp(domain, words->domain) == 0) {
            options->organisation = i;
            return true;
        }
    }
    *status =
        cli_usage_error("listen", "%s has no organisation '%s'", words->scenario, words->domain);
    return false;
}

/* "5" or "0" for never. */
static bool read_timeout(const char *word, SimTime *out_silence, ExitStatus *status)
{
    guint64 seconds = 0;
    if (word != NULL && !g_ascii_string_to_unsigned(word, 10, 0, TIMEOUT_MAXIMUM, &seconds, NULL)) {
        *status = cli_usage_error(
            "listen", "--timeout takes seconds, 0 for never, at most a day; not '%s'", word
        );
        return false;
    }
    *out_silence = word == NULL ? 0 : seconds == 0 ? SIM_TIME_NEVER : (SimTime)seconds * SIM_SECOND;
    return true;
}

/* "imap:IDLE": that extension is not offered. */
static bool read_without(const char *word, LoopbackWithout *without, ExitStatus *status)
{
    const struct {
        const char *protocol;
        guint32 (*find)(const char *keyword);
        guint32 *bits;
    } rows[] = {
        {"smtp:", smtp_offer_find, &without->smtp},
        {"pop3:", pop3_offer_find, &without->pop3},
        {"imap:", imap_offer_find, &without->imap},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_ascii_strncasecmp(word, rows[i].protocol, strlen(rows[i].protocol)) == 0) {
            guint32 bits = rows[i].find(word + strlen(rows[i].protocol));
            *rows[i].bits |= bits;
            if (bits != 0) {
                return true;
            }
        }
    }
    *status = cli_usage_error(
        "listen",
        "--without takes smtp:, pop3: or imap: and an extension, for instance imap:IDLE; not '%s'",
        word
    );
    return false;
}

static bool read_behaviour(const Words *words, ListenOptions *options, ExitStatus *status)
{
    for (guint i = 0; words->without != NULL && words->without[i] != NULL; i++) {
        if (!read_without(words->without[i], &options->without, status)) {
            return false;
        }
    }
    if (words->is_json && (words->is_quiet || words->level != NULL)) {
        *status = cli_usage_error("listen", "--json goes with neither --quiet nor --level");
        return false;
    }
    options->is_json = words->is_json;
    return read_timeout(words->timeout, &options->silence, status);
}

static bool judge(Words *words, ListenOptions *options, ExitStatus *status)
{
    options->is_own = words->scenario == NULL;
    options->scenario = options->is_own
                            ? listen_own_scenario("listen", words->domain, words->users, status)
                            : shipped_scenario(words, status);
    if (options->scenario == NULL || !find_organisation(words, options, status) ||
        !read_ports(words, options, status) || !read_behaviour(words, options, status)) {
        return false;
    }
    if (!read_level(words->level, &options->level)) {
        *status = cli_usage_error(
            "listen", "--level takes story, dialogue or packets, not '%s'", words->level
        );
        return false;
    }
    if (words->quota < 0) {
        *status = cli_usage_error("listen", "--quota takes a number of octets");
        return false;
    }
    options->quota = words->quota;
    options->is_quiet = words->is_quiet;
    options->show_secrets = words->show_secrets;
    options->address =
        words->address == NULL ? g_strdup("127.0.0.1") : g_steal_pointer(&words->address);
    options->maildir = g_steal_pointer(&words->maildir);
    options->pcap = g_steal_pointer(&words->pcap);
    return true;
}

/* One row of the table of options. */
#define OPTION(name, kind, place, help, value)                                                     \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_##kind, place, help, value                                        \
    }

bool listen_options_read(int argc, char **argv, ListenOptions *out_options, ExitStatus *out_status)
{
    g_auto(Words) words = {0};
    char **ports = words.ports;
    const GOptionEntry entries[] = {
        OPTION("scenario", STRING, &words.scenario, "Its people, names and servers", "NAME"),
        OPTION("domain", STRING, &words.domain, "Whose server answers here", "DOMAIN"),
        OPTION(
            "user",
            STRING_ARRAY,
            &words.users,
            "Without --scenario: may come often",
            "NAME:PASSWORD"
        ),
        OPTION("smtp", STRING, &ports[LOOPBACK_SMTP], "2525 unless said, 0 any, or off", "PORT"),
        OPTION("submission", STRING, &ports[LOOPBACK_SUBMISSION], "2587 unless said", "PORT"),
        OPTION("pop3", STRING, &ports[LOOPBACK_POP3], "1110 unless said", "PORT"),
        OPTION("imap", STRING, &ports[LOOPBACK_IMAP], "1143 unless said", "PORT"),
        OPTION("http", STRING, &ports[LOOPBACK_HTTP], "8080 unless said: webmail", "PORT"),
        OPTION("dns", STRING, &ports[LOOPBACK_DNS], "5353 unless said, UDP and TCP", "PORT"),
        OPTION("address", STRING, &words.address, "Not 127.0.0.1 but this one", "ADDRESS"),
        OPTION("maildir", FILENAME, &words.maildir, "Keep mail in Maildirs there", "DIR"),
        OPTION("quota", INT64, &words.quota, "Octets that a mailbox may hold", "OCTETS"),
        OPTION("timeout", STRING, &words.timeout, "Hang up on who is silent so long", "SECONDS"),
        OPTION(
            "without",
            STRING_ARRAY,
            &words.without,
            "Do not offer it: imap:IDLE; may come often",
            "WHAT"
        ),
        OPTION("pcap", FILENAME, &words.pcap, "Write what passes to a capture", "FILE"),
        OPTION("level", STRING, &words.level, "story, dialogue (the usual) or packets", "LEVEL"),
        OPTION("json", NONE, &words.is_json, "JSON lines instead of text", NULL),
        OPTION("quiet", NONE, &words.is_quiet, "Show no exchanges: faster", NULL),
        OPTION("show-secrets", NONE, &words.show_secrets, "Do not mask passwords", NULL),
        {0},
    };
    *out_options = (ListenOptions){0};
    if (!cli_parse_options(
            cli_command_find("listen"),
            "",
            "Without --scenario there is one organisation, hamburger.edu, with bob (password\n"
            "hungry) and alice (password yummy). Ctrl-C stops it.",
            entries,
            &argc,
            &argv,
            out_status
        )) {
        return false;
    }
    if (argc > 1) {
        *out_status = cli_usage_error("listen", "what is '%s'? Only options are taken", argv[1]);
        return false;
    }
    if (!judge(&words, out_options, out_status)) {
        listen_options_clear(out_options);
        return false;
    }
    return true;
}

void listen_options_clear(ListenOptions *options)
{
    scenario_free(options->scenario);
    g_free(options->address);
    g_free(options->maildir);
    g_free(options->pcap);
    *options = (ListenOptions){0};
}
