#pragma once

/* `mailwalk dissect CAPTURE...` */

#include "ui/cli/command.h"

ExitStatus dissect_command_run(int argc, char **argv);
