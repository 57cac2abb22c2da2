#pragma once

/* A scenario come to life: builds the world that the file describes and plays the story. Frames and
 * world events are told to the observer as they happen; the same scenario, options and seed give
 * the same of both, octet for octet. */

#include "sim/agent/transfer-agent.h"
#include "sim/agent/user-agent.h"
#include "sim/naming/naming-internet.h"
#include "sim/network/tap.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/what-if.h"

typedef struct {
    guint64 seed;
    const WhatIfList *what_ifs;  /* NULL: none; steps are moments already */
    const char *const *settings; /* "NAME=VALUE", closed by NULL; NULL: none */

    /* For whoever serves the world to real clients. */
    MailStore *store; /* borrowed: all mailboxes lie there; NULL: each server has a store */
    /* The last word on a mail server's options; NULL: they are right as they are. */
    void (*adjust)(gpointer data, guint server, TransferAgentOptions *options);
    gpointer data;
} ScenarioRunOptions;

typedef struct ScenarioRun ScenarioRun;

/* 'frame' and 'world' may be NULL: it costs time to tell them. */
typedef struct {
    void (*frame)(gpointer owner, const SimTapFrame *frame);
    void (*world)(gpointer owner, const WorldEvent *event);
    void (*chapter)(gpointer owner, SimTime time, const char *title, const char *note);
    gpointer owner;
} ScenarioObserver;

/* Scenario, options and observer must outlive the run. NULL: a what-if or a setting does not fit
 * this scenario, or a name or address in it cannot be. */
ScenarioRun *scenario_run_new(
    const Scenario *scenario,
    const ScenarioRunOptions *options,
    const ScenarioObserver *observer,
    GError **error
);
void scenario_run_free(ScenarioRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScenarioRun, scenario_run_free)

/* Plays the whole story. False: a deed cannot be done (there is no such host, no such message). */
bool scenario_run_play(ScenarioRun *run, GError **error);

/* After the play: the first what-if whose moment never came; NULL: all came. */
const WhatIf *scenario_run_unmet(const ScenarioRun *run);

/* After the play: the expectations that were not met, one sentence each, with file and line. */
guint scenario_run_failure_count(const ScenarioRun *run);
const char *scenario_run_failure(const ScenarioRun *run, guint index);

/* The host that has this address, for views; NULL: none. 'octets' are 4 or 16. */
const char *scenario_run_host_name(const ScenarioRun *run, const guint8 *octets, gsize length);

const Scenario *scenario_run_scenario(const ScenarioRun *run);
SimWorld *scenario_run_world(const ScenarioRun *run);
NamingTree *scenario_run_names(const ScenarioRun *run);

/* By the organisation's place in the scenario: its first mail server; NULL: it has none. */
TransferAgent *scenario_run_transfer_agent(const ScenarioRun *run, guint organisation);

/* By the server's and the device's place in the scenario. */
TransferAgent *scenario_run_server_agent(const ScenarioRun *run, guint server);
MailStore *scenario_run_server_store(const ScenarioRun *run, guint server);
UserAgent *scenario_run_user_agent(const ScenarioRun *run, guint device); /* NULL: no machine */
