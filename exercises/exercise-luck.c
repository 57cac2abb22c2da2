/* Luck from the seed, and the people, hosts and texts that questions are made of. */

#include "exercises/exercise-maker.h"

static const char *const names[] = {
    "Alice",
    "Bob",
    "Carol",
    "Dave",
    "Erin",
    "Frank",
    "Grace",
    "Heidi",
    "Ivan",
    "Judy",
    "Mallory",
    "Niaj",
    "Olivia",
    "Peggy",
    "Rupert",
    "Sybil",
    "Trent",
    "Victor"};
static const char *const logins[] = {
    "alice",
    "bob",
    "carol",
    "dave",
    "erin",
    "frank",
    "grace",
    "heidi",
    "ivan",
    "judy",
    "mallory",
    "niaj",
    "olivia",
    "peggy",
    "rupert",
    "sybil",
    "trent",
    "victor"};
static const char *const domains[] = {
    "crepes.fr",
    "hamburger.edu",
    "ksit.edu.in",
    "pizza.example",
    "noodles.example",
    "bakery.example",
    "library.example",
    "garden.example",
};
static const char *const dishes[] = {
    "ketchup",
    "pickles",
    "mustard",
    "crepes",
    "onions",
    "pancakes",
    "olives",
    "noodles",
    "cheese",
    "waffles",
    "radish",
    "lentils",
    "peppers",
    "rhubarb",
    "honey",
    "walnuts",
};
static const char *const openings[] = {
    "Do you like",
    "Please bring",
    "We ran out of",
    "Who ordered",
    "Tell me about",
    "I dream of",
    "No more",
    "Thank you for",
    "Nothing beats",
    "Try the new",
    "Lunch today is",
    "Send me",
};
static const char *const adjectives[] = {
    "hungry",
    "yummy",
    "salty",
    "sweet",
    "crispy",
    "spicy",
    "sour",
    "fresh",
    "bitter",
    "tasty",
};

guint exercise_below(Exercise *exercise, guint limit)
{
    return (guint)sim_random_below(&exercise->random, limit);
}

guint exercise_between(Exercise *exercise, guint least, guint most)
{
    return least + exercise_below(exercise, most - least + 1);
}

bool exercise_toss(Exercise *exercise)
{
    return exercise_below(exercise, 2) == 1;
}

const char *exercise_pick(Exercise *exercise, const char *const *words, gsize n_words)
{
    return words[exercise_below(exercise, (guint)n_words)];
}

void exercise_shuffle(Exercise *exercise, guint *numbers, gsize count)
{
    for (gsize i = count; i > 1; i--) {
        guint other = exercise_below(exercise, (guint)i);
        guint number = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = number;
    }
}

void exercise_people(Exercise *exercise, ExercisePerson *people, gsize count)
{
    guint order[G_N_ELEMENTS(names)];
    guint places[G_N_ELEMENTS(domains)];
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        order[i] = i;
    }
    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        places[i] = i;
    }
    g_assert(count <= G_N_ELEMENTS(places));
    exercise_shuffle(exercise, order, G_N_ELEMENTS(order));
    exercise_shuffle(exercise, places, G_N_ELEMENTS(places));
    for (gsize i = 0; i < count; i++) {
        people[i].name = names[order[i]];
        people[i].login = logins[order[i]];
        people[i].domain = domains[places[i]];
        people[i].address = g_strdup_printf("%s@%s", people[i].login, people[i].domain);
    }
}

void exercise_people_clear(ExercisePerson *people, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_clear_pointer(&people[i].address, g_free);
    }
}

const char *exercise_dish(Exercise *exercise)
{
    return EXERCISE_PICK(exercise, dishes);
}

char *exercise_subject(Exercise *exercise)
{
    g_autofree char *dish = g_strdup(exercise_dish(exercise));
    dish[0] = g_ascii_toupper(dish[0]);
    return g_strdup_printf("%s at %u", dish, exercise_between(exercise, 1, 99));
}

char *exercise_sentence(Exercise *exercise)
{
    const char *opening = EXERCISE_PICK(exercise, openings);
    const char *dish = exercise_dish(exercise);
    const char *end = opening[0] == 'D' || opening[0] == 'W' ? "?" : "!";
    return g_strdup_printf("%s %s%s", opening, dish, g_str_has_prefix(opening, "We") ? "." : end);
}

char *exercise_password(Exercise *exercise)
{
    const char *adjective = EXERCISE_PICK(exercise, adjectives);
    return g_strdup_printf("%s%u", adjective, exercise_between(exercise, 10, 9999));
}

char *exercise_host_name(Exercise *exercise, const char *domain)
{
    static const char *const hosts[] = {"mail", "mx", "relay", "smtp", "post"};
    const char *host = EXERCISE_PICK(exercise, hosts);
    return g_strdup_printf("%s%u.%s", host, exercise_between(exercise, 1, 99), domain);
}

/* RFC 5737 §3: the three blocks that are kept for documentation. */
char *exercise_address_v4(Exercise *exercise)
{
    static const char *const blocks[] = {"192.0.2", "198.51.100", "203.0.113"};
    const char *block = EXERCISE_PICK(exercise, blocks);
    return g_strdup_printf("%s.%u", block, exercise_between(exercise, 1, 254));
}

char *exercise_queue_id(Exercise *exercise)
{
    return g_strdup_printf("%06X", exercise_below(exercise, 0x1000000));
}
