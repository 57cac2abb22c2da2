#include "sim/agent/blocklist.h"

struct BlocklistSearch {
    HostResolver *resolver;
    const char *const *zones;
    SimAddress client;
    BlocklistDone done;
    gpointer data;
    guint next; /* the zone that is being asked */
    guint64 lookup;
    SimTimer nothing; /* due at once where nobody can be asked */
};

static void ask_next(BlocklistSearch *search);

static void finish(BlocklistSearch *search, const char *zone, const char *reason)
{
    search->done(zone, reason, search->data);
    g_free(search);
}

void blocklist_cancel(BlocklistSearch *search)
{
    sim_timer_cancel(&search->nothing);
    if (search->lookup != 0) {
        host_resolver_cancel(search->resolver, search->lookup);
    }
    g_free(search);
}

bool blocklist_name(const char *zone, const SimAddress *client, DnsName *out_name)
{
    DnsName reverse;
    DnsName name;
    if (!dns_name_from_text(zone, &name)) {
        return false;
    }
    gsize length = sim_address_length(client);
    dns_name_reverse(client->octets, length, &reverse);
    guint labels = length == 4 ? 4 : 32;
    ByteSpan parts[32];
    const guint8 *at = reverse.octets;
    for (guint i = 0; i < labels; i++) {
        parts[i] = byte_span(at + 1, at[0]);
        at += at[0] + 1;
    }
    for (guint i = labels; i > 0; i--) {
        DnsName longer;
        if (!dns_name_prepend(parts[i - 1], &name, &longer)) {
            return false;
        }
        name = longer;
    }
    *out_name = name;
    return true;
}

static void on_reason(const DnsAnswer *answer, gpointer data)
{
    BlocklistSearch *search = data;
    g_autoptr(GPtrArray) texts = dns_answer_texts(answer);
    search->lookup = 0;
    finish(search, search->zones[search->next], texts->len > 0 ? texts->pdata[0] : NULL);
}

static void on_listed(const DnsAnswer *answer, gpointer data)
{
    BlocklistSearch *search = data;
    search->lookup = 0;
    if (answer->outcome == DNS_OUTCOME_FOUND) {
        search->lookup =
            host_resolver_look_up(search->resolver, &answer->name, DNS_TYPE_TXT, on_reason, search);
        return;
    }
    search->next++;
    ask_next(search);
}

static void on_nothing(SimTimer *timer, gpointer data)
{
    (void)timer;
    finish(data, NULL, NULL);
}

static void ask_next(BlocklistSearch *search)
{
    DnsName name;
    while (search->zones[search->next] != NULL &&
           !blocklist_name(search->zones[search->next], &search->client, &name)) {
        search->next++;
    }
    if (search->zones[search->next] == NULL) {
        sim_timer_set(&search->nothing, 0);
        return;
    }
    search->lookup = host_resolver_look_up(search->resolver, &name, DNS_TYPE_A, on_listed, search);
}

BlocklistSearch *blocklist_search(
    HostResolver *resolver,
    const char *const *zones,
    const SimAddress *client,
    BlocklistDone done,
    gpointer data
)
{
    BlocklistSearch *search = g_new0(BlocklistSearch, 1);
    search->resolver = resolver;
    search->zones = zones;
    search->client = *client;
    search->done = done;
    search->data = data;
    sim_timer_init(
        &search->nothing, sim_host_world(host_resolver_host(resolver)), on_nothing, search
    );
    ask_next(search);
    return search;
}
