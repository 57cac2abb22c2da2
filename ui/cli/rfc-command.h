#pragma once

/* `mailwalk rfc`: looks up what a code, verb, keyword, field or word means and where it is
 * written. */

#include "ui/cli/command.h"

ExitStatus rfc_command_run(int argc, char **argv);
