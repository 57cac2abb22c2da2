#include "sim/network/random.h"

static guint64 splitmix(guint64 *state)
{
    *state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    guint64 mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static guint64 rotate_left(guint64 value, guint places)
{
    return (value << places) | (value >> (64 - places));
}

void sim_random_init(SimRandom *random, guint64 seed)
{
    for (guint i = 0; i < G_N_ELEMENTS(random->state); i++) {
        random->state[i] = splitmix(&seed);
    }
}

void sim_random_derive(SimRandom *random, guint64 seed, const char *name)
{
    /* FNV-1a over the name, then mixed with the seed: close names get unlike generators. */
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);
    for (const char *octet = name; *octet != '\0'; octet++) {
        hash = (hash ^ (guint8)*octet) * G_GUINT64_CONSTANT(0x100000001b3);
    }
    guint64 mixed = splitmix(&seed);
    sim_random_init(random, mixed ^ hash);
}

guint64 sim_random_next(SimRandom *random)
{
    guint64 *state = random->state;
    guint64 result = rotate_left(state[1] * 5, 7) * 9;
    guint64 shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

guint64 sim_random_below(SimRandom *random, guint64 limit)
{
    g_assert(limit > 0);
    /* The few lowest numbers would come up once too often; they are drawn again. */
    guint64 unfair = (0 - limit) % limit;
    guint64 drawn;
    do {
        drawn = sim_random_next(random);
    } while (drawn < unfair);
    return drawn % limit;
}

bool sim_random_chance(SimRandom *random, guint32 parts)
{
    return parts > 0 && sim_random_below(random, SIM_PER_MILLION) < parts;
}
