#pragma once

/* `mailwalk listen`: the servers of a simulated organisation on ports of this machine, for real
 * mail programs; every exchange is shown as it happens. */

#include "ui/cli/command.h"

ExitStatus listen_command_run(int argc, char **argv);
