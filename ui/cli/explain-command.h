#pragma once

/* `mailwalk explain KIND TEXT` */

#include "ui/cli/command.h"

ExitStatus explain_command_run(int argc, char **argv);
