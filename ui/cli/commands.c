#include "ui/cli/command.h"

#include "ui/cli/dissect-command.h"
#include "ui/cli/doctor-command.h"
#include "ui/cli/exercise-command.h"
#include "ui/cli/explain-command.h"
#include "ui/cli/listen-command.h"
#include "ui/cli/rfc-command.h"
#include "ui/cli/run-command.h"
#include "ui/cli/talk-command.h"

/* In the order of `mailwalk --help`. */
const CliCommand cli_commands[] = {
    {
        .name = "run",
        .summary = "Play a scenario: watch mail travel, line by line",
        .run = run_command_run,
    },
    {
        .name = "scenarios",
        .summary = "List the scenarios",
        .run = scenarios_command_run,
    },
    {
        .name = "dissect",
        .summary = "Explain the mail conversations in a capture",
        .run = dissect_command_run,
    },
    {
        .name = "rfc",
        .summary = "Look up what a code, verb, keyword or field means, and where it is written",
        .run = rfc_command_run,
    },
    {
        .name = "explain",
        .summary = "Work out base64, an address, a digest ... step by step",
        .run = explain_command_run,
    },
    {
        .name = "listen",
        .summary = "Be a mail server on this machine for real mail programs, and show it all",
        .run = listen_command_run,
    },
    {
        .name = "exercise",
        .summary = "Make exercises, check answers, mark a class",
        .run = exercise_command_run,
    },
    {
        .name = "talk",
        .summary = "Be the client by hand: type the lines, with a coach beside you",
        .run = talk_command_run,
    },
    {
        .name = "doctor",
        .summary = "Say what is missing on this machine, and how to mend it",
        .run = doctor_command_run,
    },
};

const gsize n_cli_commands = G_N_ELEMENTS(cli_commands);
