#pragma once

/* `mailwalk doctor`: says what is missing on this machine, and how to mend it. */

#include "ui/cli/command.h"

ExitStatus doctor_command_run(int argc, char **argv);
