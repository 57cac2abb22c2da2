#pragma once

/* Looks at the machine for `mailwalk doctor`: asks the terminal, the locale, the file system, the
 * network and PATH, and changes nothing. */

#include "ui/cli/doctor-findings.h"

/* Fills facts that doctor_facts_init() made. */
void doctor_probe(DoctorFacts *facts);
