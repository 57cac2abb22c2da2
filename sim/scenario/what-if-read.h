#pragma once

/* Reads the words of one what-if. */

#include "sim/scenario/scenario-line.h"
#include "sim/scenario/what-if.h"

/* 'text' is the line from which 'line' was cut. False: the line's error is set; 'out_what_if' is to
 * be cleared in either case. */
bool what_if_read(ScenarioLine *line, const char *text, WhatIf *out_what_if);
