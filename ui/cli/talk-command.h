#pragma once

/* `mailwalk talk`: a person is the client of a mail server and types its lines, with a coach. */

#include "ui/cli/command.h"

ExitStatus talk_command_run(int argc, char **argv);
