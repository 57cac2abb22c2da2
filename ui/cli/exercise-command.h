#pragma once

/* `mailwalk exercise ACTION`: makes sheets, checks answers, practises, marks a class. */

#include "ui/cli/command.h"

ExitStatus exercise_command_run(int argc, char **argv);
