#pragma once

/* `mailwalk run SCENARIO` and `mailwalk scenarios` */

#include "ui/cli/command.h"

ExitStatus run_command_run(int argc, char **argv);
ExitStatus scenarios_command_run(int argc, char **argv);
