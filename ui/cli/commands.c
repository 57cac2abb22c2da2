#include "ui/cli/command.h"

const CliCommand cli_commands[] = {
    {0},
};

const gsize n_cli_commands = 0;
