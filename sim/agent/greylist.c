#include "sim/agent/greylist.h"

typedef struct {
    SimTime first;
    SimTime last;
} Triplet;

struct Greylist {
    SimTime delay;
    SimTime lifetime;
    GHashTable *triplets; /* text -> Triplet */
};

Greylist *greylist_new(SimTime delay, SimTime lifetime)
{
    Greylist *greylist = g_new0(Greylist, 1);
    greylist->delay = delay;
    greylist->lifetime = lifetime;
    greylist->triplets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return greylist;
}

void greylist_free(Greylist *greylist)
{
    if (greylist != NULL) {
        g_hash_table_unref(greylist->triplets);
        g_free(greylist);
    }
}

/* A big sender has several servers in one network, and any of them may come again. */
static char *key_of(const SimAddress *client, const char *reverse_path, const char *forward_path)
{
    char text[SIM_ADDRESS_TEXT_SIZE];
    SimAddress network = sim_address_mask(client, client->family == SIM_FAMILY_IPV6 ? 64 : 24);
    g_autofree char *key =
        g_strdup_printf("%s %s %s", sim_address_format(&network, text), reverse_path, forward_path);
    return g_ascii_strdown(key, -1);
}

GreylistVerdict greylist_check(
    Greylist *greylist,
    const SimAddress *client,
    const char *reverse_path,
    const char *forward_path,
    SimTime now,
    SimTime *out_wait
)
{
    g_autofree char *key = key_of(client, reverse_path, forward_path);
    Triplet *triplet = g_hash_table_lookup(greylist->triplets, key);
    if (triplet == NULL || now - triplet->last > greylist->lifetime) {
        if (g_hash_table_size(greylist->triplets) >= GREYLIST_MAXIMUM) {
            g_hash_table_remove_all(greylist->triplets);
        }
        triplet = g_new(Triplet, 1);
        *triplet = (Triplet){.first = now, .last = now};
        g_hash_table_replace(greylist->triplets, g_steal_pointer(&key), triplet);
        *out_wait = greylist->delay;
        return GREYLIST_NEW;
    }
    triplet->last = now;
    *out_wait = MAX(0, triplet->first + greylist->delay - now);
    return *out_wait > 0 ? GREYLIST_EARLY : GREYLIST_PASS;
}
