#include "ui/cli/scenario-error.h"

#include "sim/scenario/scenario.h"

#include <stdio.h>

/* Those of what-ifs stand on the command line, not in a file. */
static bool is_in_file(const GError *error)
{
    return g_error_matches(error, SCENARIO_ERROR, SCENARIO_ERROR_SYNTAX) &&
           !g_str_has_prefix(error->message, "what-if");
}

ExitStatus scenario_error_print(const char *command, const GError *error)
{
    if (!is_in_file(error)) {
        return cli_usage_error(command, "%s", error->message);
    }
    g_autofree char *message = cli_safe_text(error->message);
    fprintf(
        stderr,
        "mailwalk %s: %s\nTry 'man doc/mailwalk-scenario.5'; where mailwalk is installed, 'man "
        "mailwalk-scenario'.\n",
        command,
        message
    );
    return EXIT_USAGE;
}
