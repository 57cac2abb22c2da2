#pragma once

/* What is wrong with a scenario file, a setting or a what-if, and where its words are written. */

#include "ui/cli/command.h"

/* Prints it as cli_usage_error() does; a mistake in a file points to the man page of scenarios. */
ExitStatus scenario_error_print(const char *command, const GError *error);
