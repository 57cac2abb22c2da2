#pragma once

/* A seeded generator of random numbers (xoshiro256**, seeded by splitmix64). Its numbers are the
 * same on every machine and in every build. Each link and host owns one, derived from the world's
 * seed and its own name, so that one more frame in one place does not change the luck of another.
 * Only integers: a chance is given in parts per million. */

#include <glib.h>
#include <stdbool.h>

typedef struct {
    guint64 state[4];
} SimRandom;

#define SIM_PER_MILLION 1000000u

void sim_random_init(SimRandom *random, guint64 seed);

/* A generator of its own for 'name', the same for the same seed and name. */
void sim_random_derive(SimRandom *random, guint64 seed, const char *name);

guint64 sim_random_next(SimRandom *random);

/* 0 <= result < limit, every value as likely as another; limit must not be 0. */
guint64 sim_random_below(SimRandom *random, guint64 limit);

/* True in 'parts' of a million cases. Parts of 0 draw no number. */
bool sim_random_chance(SimRandom *random, guint32 parts);
