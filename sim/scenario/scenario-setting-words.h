#pragma once

/* A function for each setting of a mail server, which takes its words from the line. */

#include "sim/scenario/scenario-settings.h"
#include "sim/scenario/scenario-statement.h"

extern bool (*const scenario_setting_takers[N_SCENARIO_SETTINGS]
)(ScenarioLine *line, ScenarioSetting *setting);
