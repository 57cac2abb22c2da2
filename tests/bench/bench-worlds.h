#pragma once

/* Worlds of many organisations that write to one another, for bench-mail.c. Each message goes over
 * two hops by SMTP: from a machine of the organisation to its own server, and from there, by MX
 * records and A records of the simulated DNS, to the server of another organisation. */

#include <glib.h>

typedef struct {
    guint64 messages;
    guint domains;
    guint users;
    guint shares; /* worlds side by side, each a process with its share of the domains */
} BenchWorlds;

/* Prints a row for every power of ten up to 'messages'. Not zero: mail was lost. */
int bench_worlds_measure(BenchWorlds size);

/* The message that all of them send. */
GBytes *bench_write_message(void);

double bench_processor_seconds(void);
