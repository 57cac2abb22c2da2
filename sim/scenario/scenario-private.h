#pragma once

/* How a reader makes the parts of a scenario. */

#include "sim/scenario/scenario.h"

Scenario *scenario_new(const char *name);
ScenarioMail *scenario_mail_new(void);
GArray *scenario_settings_new(void);
