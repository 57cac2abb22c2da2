#pragma once

/* Short names of the defects of a line, for machines. */

#include "protocol/dialogue/dialogue.h"

const char *dissect_defect_name(guint32 defect); /* one bit: "bare-lf" ... */
