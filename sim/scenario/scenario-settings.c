/* Settings of mail servers: the table of their statements. */

#include "sim/scenario/scenario-settings.h"

#include "sim/scenario/scenario-setting-words.h"

static bool read_setting(ScenarioReader *reader, ScenarioLine *line)
{
    GArray *servers = reader->scenario->servers;
    if (servers->len == 0) {
        line->next = 0;
        return scenario_line_fail(
            line, "this belongs to a mail server: write 'organisation ...' first"
        );
    }
    GArray *settings = g_array_index(servers, ScenarioServer, servers->len - 1).settings;
    ScenarioSetting setting = {.id = reader->statement->id, .line = line->number};
    g_array_append_val(settings, setting);
    return scenario_setting_takers[setting.id](
        line, &g_array_index(settings, ScenarioSetting, settings->len - 1)
    );
}

static const ScenarioStatement statements[] = {
    {
        .word = "aliases",
        .form = "aliases ADDRESS to ADDRESS, ADDRESS ...",
        .meaning = "Mail for the address goes to the others instead, here or elsewhere; MAIL FROM "
                   "stays. The mailbox itself may be among them, so that a copy stays.",
        .example = "aliases sales to bob@hamburger.edu, alice@crepes.fr",
        .read = read_setting,
        .id = SCENARIO_SETTING_FORWARDS,
    },
    {
        .word = "backs",
        .form = "backs up DOMAIN, DOMAIN ...",
        .meaning = "The server takes mail for these domains and carries it on when their own "
                   "server is there again.",
        .example = "backs up hamburger.edu",
        .read = read_setting,
        .id = SCENARIO_SETTING_BACKS_UP,
    },
    {
        .word = "believes",
        .form = "believes everybody | insiders | existing",
        .meaning = "Whom MAIL FROM is believed: everybody, as SMTP itself does; its own domains "
                   "only from inside; or only domains that take mail.",
        .example = "believes insiders",
        .read = read_setting,
        .id = SCENARIO_SETTING_BELIEVES,
    },
    {
        .word = "blocklist",
        .form = "blocklist ZONE",
        .meaning = "Clients whose address is listed in the zone are refused (RFC 5782).",
        .example = "blocklist bl.example.net",
        .read = read_setting,
        .id = SCENARIO_SETTING_BLOCKLIST,
    },
    {
        .word = "catches",
        .form = "catches all for ADDRESS",
        .meaning = "What is for an address that does not exist goes to this one.",
        .example = "catches all for bob@hamburger.edu",
        .read = read_setting,
        .id = SCENARIO_SETTING_CATCHES,
    },
    {
        .word = "demands",
        .form = "demands login",
        .meaning = "On port 587 nobody sends without a log-in.",
        .example = "demands login",
        .read = read_setting,
        .id = SCENARIO_SETTING_DEMANDS,
    },
    {
        .word = "excepts",
        .form = "excepts PREFIX",
        .meaning = "Clients of these addresses are not looked up in blocklists.",
        .example = "excepts 192.0.2.0/24",
        .read = read_setting,
        .id = SCENARIO_SETTING_EXCEPTS,
    },
    {
        .word = "fails",
        .form = "fails at STAGE with CODE TEXT [NUMBER times]",
        .meaning = "Refuses at greeting, hello, mail, rcpt, data or message with this reply; "
                   "always, or only the first times.",
        .example = "fails at rcpt with 450 \"4.3.0 Come back later\" 2 times",
        .read = read_setting,
        .id = SCENARIO_SETTING_FAILS,
    },
    {
        .word = "full",
        .form = "full mailboxes fail",
        .meaning = "A full mailbox is a failure for good (552), not one for now (452).",
        .example = "full mailboxes fail",
        .read = read_setting,
        .id = SCENARIO_SETTING_FULL,
    },
    {
        .word = "greylists",
        .form = "greylists for DURATION",
        .meaning = "Who comes for the first time is asked to come again after so long (RFC 6647).",
        .example = "greylists for 5 minutes",
        .read = read_setting,
        .id = SCENARIO_SETTING_GREYLISTS,
    },
    {
        .word = "hops",
        .form = "hops NUMBER",
        .meaning = "A message with more Received lines than this is taken for a loop; 100.",
        .example = "hops 20",
        .read = read_setting,
        .id = SCENARIO_SETTING_HOPS,
    },
    {
        .word = "list",
        .form = "list ADDRESS with ADDRESS, ADDRESS ... [as digest]",
        .meaning = "A mailing list: what is sent to the address goes to all members, with the list "
                   "as the envelope sender; or once a day as one digest.",
        .example = "list lunch@hamburger.edu with bob@hamburger.edu, alice@crepes.fr",
        .read = read_setting,
        .id = SCENARIO_SETTING_LIST,
    },
    {
        .word = "marks",
        .form = "marks TEXT [worth NUMBER]",
        .meaning = "A spam filter: a word or phrase that counts as a sign of spam, 50 unless said "
                   "otherwise; at 50 the message is marked in its header.",
        .example = "marks \"special offer\" worth 60",
        .read = read_setting,
        .id = SCENARIO_SETTING_MARKS,
    },
    {
        .word = "moved",
        .form = "moved ADDRESS to ADDRESS [and forwards]",
        .meaning = "Somebody has moved. RCPT is answered by 551 and the new address; with \"and "
                   "forwards\" by 251, and mail goes on.",
        .example = "moved bob@hamburger.edu to bob@crepes.fr and forwards",
        .read = read_setting,
        .id = SCENARIO_SETTING_MOVED,
    },
    {
        .word = "offers",
        .form = "offers MECHANISM, MECHANISM ...",
        .meaning = "The ways to log in that AUTH offers: PLAIN, LOGIN, CRAM-MD5 ...",
        .example = "offers PLAIN, LOGIN",
        .read = read_setting,
        .id = SCENARIO_SETTING_OFFERS,
    },
    {
        .word = "passes",
        .form = "passes everything to MACHINE",
        .meaning = "All mail for other domains goes to this machine, without asking the DNS: a "
                   "smart host.",
        .example = "passes everything to relay.hamburger.edu",
        .read = read_setting,
        .id = SCENARIO_SETTING_PASSES,
    },
    {
        .word = "plus",
        .form = "plus addresses",
        .meaning = "bob+lists is bob, in the folder lists if he has one.",
        .example = "plus addresses",
        .read = read_setting,
        .id = SCENARIO_SETTING_PLUS,
    },
    {
        .word = "rejects",
        .form = "rejects TEXT as NAME",
        .meaning =
            "A virus filter: a message that holds this text is refused as the virus of that name.",
        .example = "rejects \"X5O!P%\" as \"Eicar-Test\"",
        .read = read_setting,
        .id = SCENARIO_SETTING_REJECTS,
    },
    {
        .word = "relays",
        .form = "relays for everybody | PREFIX, PREFIX ...",
        .meaning =
            "Besides its own network these may send to anywhere; everybody makes an open relay.",
        .example = "relays for 198.51.100.0/24",
        .read = read_setting,
        .id = SCENARIO_SETTING_RELAYS,
    },
    {
        .word = "retries",
        .form = "retries after DURATION [then every DURATION] [for DURATION]",
        .meaning = "When a delivery is tried again, how often then, and when it is given up; 5 "
                   "minutes, 30 minutes, 5 days.",
        .example = "retries after 5 minutes then every 30 minutes for 5 days",
        .read = read_setting,
        .id = SCENARIO_SETTING_RETRIES,
    },
    {
        .word = "says",
        .form = "says TEXT",
        .meaning = "What the greeting says behind the name of the server.",
        .example = "says \"ESMTP Postfix (Ubuntu)\"",
        .read = read_setting,
        .id = SCENARIO_SETTING_SAYS,
    },
    {
        .word = "takes",
        .form = "takes SIZE",
        .meaning = "The largest message that the server takes (RFC 1870).",
        .example = "takes 1 MB",
        .read = read_setting,
        .id = SCENARIO_SETTING_SIZE,
    },
    {
        .word = "syntax",
        .form = "syntax strict | lenient | slide",
        .meaning = "How strictly commands are read; slide takes what lectures show, such as MAIL "
                   "FROM: with a space.",
        .example = "syntax slide",
        .read = read_setting,
        .id = SCENARIO_SETTING_SYNTAX,
    },
    {
        .word = "warns",
        .form = "warns after DURATION | never",
        .meaning = "When the sender is told that a message is late; 4 hours.",
        .example = "warns after 4 hours",
        .read = read_setting,
        .id = SCENARIO_SETTING_WARNS,
    },
    {
        .word = "webmail",
        .form = "webmail",
        .meaning = "A web server on the same machine lets people read and write in a browser.",
        .example = "webmail",
        .read = read_setting,
        .id = SCENARIO_SETTING_WEBMAIL,
    },
    {
        .word = "without",
        .form = "without EXTENSION, EXTENSION ...",
        .meaning = "Extensions of SMTP that the server does not offer.",
        .example = "without PIPELINING, 8BITMIME",
        .read = read_setting,
        .id = SCENARIO_SETTING_WITHOUT,
    },
};

const ScenarioStatementGroup scenario_setting_statements = {
    .title = "Settings of mail servers",
    .about = "They belong to the organisation's mail server, or to the one named last by 'server'.",
    .statements = statements,
    .count = G_N_ELEMENTS(statements),
};
