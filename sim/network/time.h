#pragma once

/* Virtual time: nanoseconds since 1970-01-01 00:00:00 UTC, and lengths of time in the same unit.
 * Nothing in sim/ ever asks the machine's clock; a world's clock moves from event to event. */

#include <glib.h>

typedef gint64 SimTime;

#define SIM_MICROSECOND ((SimTime)1000)
#define SIM_MILLISECOND (1000 * SIM_MICROSECOND)
#define SIM_SECOND (1000 * SIM_MILLISECOND)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR (60 * SIM_MINUTE)
#define SIM_DAY (24 * SIM_HOUR)

#define SIM_TIME_NEVER G_MAXINT64

/* Where a world's clock starts unless it is told otherwise: 2026-01-05 09:00:00 UTC, a Monday. */
#define SIM_TIME_DEFAULT_START (G_GINT64_CONSTANT(1767603600) * SIM_SECOND)

/* "2026-01-05 09:00:00.000000000", for a person to read; in UTC. */
#define SIM_TIME_TEXT_SIZE 32
const char *sim_time_format(SimTime time, char buffer[SIM_TIME_TEXT_SIZE]);
