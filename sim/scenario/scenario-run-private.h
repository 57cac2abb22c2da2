#pragma once

/* The inside of a ScenarioRun: what was built (scenario-build.c, scenario-build-server.c), and the
 * deeds that are done in it (scenario-deeds-*.c).
 *
 *     scenario-run.c: play ──> perform() ──> scenario_deeds[kind] ──> user agents, hosts, links
 *                          └─> until it is quiet ──> the next one                              */

#include "sim/agent/access-server.h"
#include "sim/agent/list-server.h"
#include "sim/agent/user-mailbox.h"
#include "sim/agent/webmail-server.h"
#include "sim/scenario/scenario-run.h"
#include "sim/scenario/what-if-play.h"

typedef struct {
    SimNetwork *network;
} RunOrganisation;

typedef struct {
    SimHost *host;
    SimNetwork *network;
    MailStore *store;
    TransferAgent *transfer;
    AccessServer *access;
    GHashTable *lists;            /* address -> ListServer */
    AccessAccounts *web_accounts; /* NULL: no webmail */
    Webmail *webmail;
    WebmailServer *web_server;
    HostResolver *resolver; /* what programs on the server use */
} RunServer;

typedef struct {
    UserAgent *agent; /* NULL: the person has no machine */
    SimHost *machine;
    HostResolver *resolver;
} RunDevice;

/* A look-up under way; it belongs to the run until it is over. */
typedef struct RunLookUp RunLookUp;

struct ScenarioRun {
    const Scenario *scenario;
    ScenarioObserver observer;
    ScenarioRunOptions options;
    SimWorld *world;
    SimInternet *internet;
    NamingInternet *naming;
    RunOrganisation *organisations;
    RunServer *servers;
    RunDevice *devices;
    bool is_played;            /* deed after deed, each waiting for the one before it */
    GArray **more_settings;    /* of each server, given beside the file; NULL: none */
    SimLinkSettings *links;    /* of each organisation */
    GPtrArray *look_ups;       /* RunLookUp */
    GPtrArray *later;          /* deeds with a timer: "meanwhile" */
    GHashTable *mailbox_files; /* "machine login" -> UserMailbox */
    WhatIfPlay *what_ifs;
    GHashTable *what_if_deeds;    /* WhatIf -> ScenarioAction, of those that are deeds */
    const ScenarioAction **story; /* the actions, a what-if's in the place of some */
    guint next;                   /* in the story */
    bool may_differ;              /* from what the file tells: see scenario_perform_or_tell() */
    GPtrArray *failures;          /* char * */
    GString *said;                /* octets of TCP, as far as expectations need them; or NULL */
    GString *told;                /* texts of world events, likewise */
};

/* --- playing --- */

#define SCENARIO_DEED_LIMIT (2 * SIM_HOUR) /* however long a deed goes on, this is its end */

/* In a world that a what-if, a setting or a player has changed, a later deed may have become
 * impossible: nobody can read a message that never came. That is part of the story, not a mistake
 * in it. */
bool scenario_perform_or_tell(ScenarioRun *run, const ScenarioAction *action, GError **error);
void scenario_do_later(ScenarioRun *run, const ScenarioAction *action); /* "meanwhile" */

/* At the end: which queues still hold mail, and when it is tried again. */
void scenario_tell_waiting(ScenarioRun *run);

/* Why that person does not have a message that the story speaks of; NULL: not known. */
char *scenario_why_missing(const ScenarioRun *run, guint person);

/* Nothing that belongs to the deed is still to come. */
bool scenario_is_quiet(const ScenarioRun *run);

/* The next time that the clock shows 'time_of_day'. */
SimTime scenario_next_time(SimTime now, SimTime time_of_day);

/* --- building --- */

bool scenario_take_changes(ScenarioRun *run, GError **error);
void scenario_clear_changes(ScenarioRun *run);

bool scenario_build(ScenarioRun *run, GError **error);
bool scenario_build_server(ScenarioRun *run, guint index, GError **error);

/* The network has no room for that machine; always false. */
bool scenario_build_fail(const ScenarioRun *run, const char *machine, GError **error);
void scenario_build_clear(ScenarioRun *run);

/* --- deeds --- */

typedef bool (*ScenarioDeed)(ScenarioRun *run, const ScenarioAction *action, GError **error);
extern const ScenarioDeed scenario_deeds[N_SCENARIO_ACTIONS];

bool scenario_deed_writes(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_sends(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_replies(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_forwards(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_fetches(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_reads(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_files(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_deletes(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_types(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_leaves(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_looks(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_asks(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_tells(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_host(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_link(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_creates(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_marks(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_searches(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_digest(ScenarioRun *run, const ScenarioAction *action, GError **error);
bool scenario_deed_expects(ScenarioRun *run, const ScenarioAction *action, GError **error);

/* Looks a name up for the mail program of the action's device; 'done' gets the first address. Where
 * there is none, the person sees it and nothing follows. */
typedef void (*RunAddressKnown
)(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address);
bool scenario_look_up(
    ScenarioRun *run,
    const ScenarioAction *action,
    const char *name,
    RunAddressKnown known,
    GError **error
);
void scenario_look_up_free(gpointer look_up);

/* The name of the person's mail server; NULL: there is none, and an error. */
const char *
scenario_server_of(const ScenarioRun *run, const ScenarioAction *action, GError **error);

/* What the action wants done on the server, by IMAP. */
bool scenario_by_imap(ScenarioRun *run, const ScenarioAction *action, GError **error);

/* Mail programs that kept a connection for the next deed log out, unless 'next' is one that goes on
 * there. NULL: the story is over. False: nobody had to. */
bool scenario_leave_imap(ScenarioRun *run, const ScenarioAction *next);

/* Remembers what passed, for expectations. */
void scenario_note_frame(ScenarioRun *run, const SimTapFrame *frame);

/* Always false. */
bool scenario_fail(
    const ScenarioRun *run, const ScenarioAction *action, GError **error, const char *format, ...
) G_GNUC_PRINTF(4, 5);
