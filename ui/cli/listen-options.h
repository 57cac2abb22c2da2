#pragma once

/* The command line of `mailwalk listen`, read and judged: which scenario, whose server, which
 * ports. Also what is said before the first client comes. */

#include "sim/loopback/loopback-house.h"
#include "ui/cli/command.h"
#include "ui/timeline/step.h"

typedef struct {
    Scenario *scenario;
    guint organisation;
    char *address;
    gint ports[N_LOOPBACK_PORTS];
    char *maildir;
    char *pcap;
    gint64 quota;
    bool is_own;     /* no --scenario: one organisation, with the users named or the usual two */
    SimTime silence; /* LoopbackHouseOptions.silence */
    LoopbackWithout without;
    gboolean is_quiet;
    gboolean is_json;
    gboolean show_secrets;
    StepLevel level;
} ListenOptions;

/* False: '*out_status' is the exit status, and what is wrong has been said. */
bool listen_options_read(int argc, char **argv, ListenOptions *out_options, ExitStatus *out_status);
/* One organisation and nobody outside of it. 'domain' NULL: hamburger.edu; 'users' are
 * "NAME:PASSWORD" and closed by NULL, NULL: bob and alice. NULL: what is wrong has been said, in
 * the name of 'command'. */
Scenario *listen_own_scenario(
    const char *command, const char *domain, char *const *users, ExitStatus *out_status
);

void listen_options_clear(ListenOptions *options);
