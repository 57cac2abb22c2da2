#include "sim/naming/mail-route.h"

struct MailRouteSearch {
    HostResolver *resolver;
    SimWorld *world;
    char *domain_text;
    DnsName domain;
    DnsName own;
    bool has_own;
    MailRouteDone done;
    gpointer data;
    MailRoute route;
    GArray *exchangers; /* of DnsExchanger, in the order of trying */
    guint next;
    bool had_failure; /* one of the look-ups failed for now */
    guint64 lookup;   /* under way; 0: none */
    SimTimer delivery;
    SimRandom random;
};

static void clear_target(gpointer pointer)
{
    MailRouteTarget *target = pointer;
    g_free(target->name);
}

static void free_search(MailRouteSearch *search)
{
    sim_timer_cancel(&search->delivery);
    g_array_unref(search->route.targets);
    g_free(search->route.failure);
    g_free(search->domain_text);
    g_array_unref(search->exchangers);
    g_free(search);
}

void mail_route_cancel(MailRouteSearch *search)
{
    if (search->lookup != 0) {
        host_resolver_cancel(search->resolver, search->lookup);
    }
    free_search(search);
}

static void deliver(SimTimer *timer, gpointer data)
{
    MailRouteSearch *search = data;
    (void)timer;
    search->done(&search->route, search->data);
    free_search(search);
}

/* Also for what is known at once: the answer comes from the event queue. */
static void finish(MailRouteSearch *search)
{
    sim_timer_set(&search->delivery, 0);
}

typedef struct {
    MailRouteOutcome outcome;
    bool is_permanent;
    const char *enhanced_code; /* RFC 3463 §3.2 and §3.5; X.1.10: RFC 7505 §6 */
    const char *reason;        /* behind the domain's name */
} Failure;

static const Failure failures[] = {
    {MAIL_ROUTE_FOUND, false, NULL, NULL},
    {MAIL_ROUTE_NO_DOMAIN, true, "5.1.2", "does not exist"},
    {MAIL_ROUTE_NULL_MX, true, "5.1.10", "takes no mail (null MX)"},
    {MAIL_ROUTE_NO_ADDRESS, true, "5.4.4", "has no mail server with an address"},
    {MAIL_ROUTE_LOOP, true, "5.4.6", "names this very server as its mail server"},
    {MAIL_ROUTE_UNKNOWN_NOW, false, "4.4.3", "cannot be looked up now"},
};

static void fail(MailRouteSearch *search, MailRouteOutcome outcome)
{
    const Failure *failure = &failures[outcome];
    g_assert(failure->outcome == outcome);
    search->route.outcome = outcome;
    search->route.is_permanent = failure->is_permanent;
    search->route.enhanced_code = failure->enhanced_code;
    search->route.failure = g_strdup_printf("%s %s", search->domain_text, failure->reason);
    finish(search);
}

static void look_up_next(MailRouteSearch *search);

static void end_search(MailRouteSearch *search)
{
    if (search->route.targets->len > 0) {
        search->route.outcome = MAIL_ROUTE_FOUND;
        finish(search);
    } else {
        fail(search, search->had_failure ? MAIL_ROUTE_UNKNOWN_NOW : MAIL_ROUTE_NO_ADDRESS);
    }
}

static void add_targets(MailRouteSearch *search, const DnsAnswer *answer)
{
    const DnsExchanger *exchanger = &g_array_index(search->exchangers, DnsExchanger, search->next);
    g_autoptr(GArray) addresses = dns_answer_addresses(answer);
    for (guint i = 0; i < addresses->len; i++) {
        MailRouteTarget target = {
            .name = dns_name_to_plain_string(&exchanger->host),
            .preference = exchanger->preference,
            .address = g_array_index(addresses, SimAddress, i),
        };
        g_array_append_val(search->route.targets, target);
    }
}

static void on_address(const DnsAnswer *answer, gpointer data)
{
    MailRouteSearch *search = data;
    const DnsExchanger *exchanger = &g_array_index(search->exchangers, DnsExchanger, search->next);
    search->lookup = 0;
    search->had_failure |=
        answer->outcome == DNS_OUTCOME_FAILED || answer->outcome == DNS_OUTCOME_NO_ANSWER;
    if (answer->outcome == DNS_OUTCOME_FOUND) {
        add_targets(search, answer);
    }
    bool asks_for_ipv6 =
        answer->outcome == DNS_OUTCOME_NO_DATA && answer->type == DNS_TYPE_A &&
        sim_host_address(host_resolver_host(search->resolver), SIM_FAMILY_IPV6) != NULL;
    if (asks_for_ipv6) {
        search->lookup = host_resolver_look_up(
            search->resolver, &exchanger->host, DNS_TYPE_AAAA, on_address, search
        );
        return;
    }
    search->next++;
    look_up_next(search);
}

static void look_up_next(MailRouteSearch *search)
{
    if (search->next >= MIN(search->exchangers->len, MAIL_ROUTE_EXCHANGERS_MAXIMUM)) {
        end_search(search);
        return;
    }
    const DnsExchanger *exchanger = &g_array_index(search->exchangers, DnsExchanger, search->next);
    bool has_ipv4 = sim_host_address(host_resolver_host(search->resolver), SIM_FAMILY_IPV4) != NULL;
    search->lookup = host_resolver_look_up(
        search->resolver,
        &exchanger->host,
        has_ipv4 ? DNS_TYPE_A : DNS_TYPE_AAAA,
        on_address,
        search
    );
}

/* RFC 5321 §5.1: equal preferences are tried in any order, to spread the load. */
static void shuffle_equals(MailRouteSearch *search)
{
    GArray *exchangers = search->exchangers;
    for (guint start = 0; start < exchangers->len;) {
        guint end = start;
        while (end < exchangers->len &&
               g_array_index(exchangers, DnsExchanger, end).preference ==
                   g_array_index(exchangers, DnsExchanger, start).preference) {
            end++;
        }
        for (guint i = end - 1; i > start; i--) {
            guint other = start + (guint)sim_random_below(&search->random, i - start + 1);
            DnsExchanger kept = g_array_index(exchangers, DnsExchanger, i);
            g_array_index(exchangers, DnsExchanger, i) =
                g_array_index(exchangers, DnsExchanger, other);
            g_array_index(exchangers, DnsExchanger, other) = kept;
        }
        start = end;
    }
}

/* RFC 5321 §5.1: ourselves, all of our preference and all behind are left out. True: something is
 * left. */
static bool drop_ourselves(MailRouteSearch *search)
{
    GArray *exchangers = search->exchangers;
    for (guint i = 0; search->has_own && i < exchangers->len; i++) {
        const DnsExchanger *exchanger = &g_array_index(exchangers, DnsExchanger, i);
        if (!dns_name_equal(&exchanger->host, &search->own)) {
            continue;
        }
        guint first = i;
        while (first > 0 && g_array_index(exchangers, DnsExchanger, first - 1).preference ==
                                exchanger->preference) {
            first--;
        }
        g_array_set_size(exchangers, first);
        break;
    }
    return exchangers->len > 0;
}

static void use_domain_itself(MailRouteSearch *search, const DnsName *name)
{
    DnsExchanger exchanger = {.preference = 0, .host = *name};
    search->route.is_implicit = true;
    g_array_append_val(search->exchangers, exchanger);
    look_up_next(search);
}

static void use_exchangers(MailRouteSearch *search, const DnsAnswer *answer)
{
    g_array_unref(search->exchangers);
    search->exchangers = dns_answer_exchangers(answer);
    if (drop_ourselves(search)) {
        shuffle_equals(search);
        look_up_next(search);
    } else {
        fail(search, MAIL_ROUTE_LOOP);
    }
}

static void on_exchangers(const DnsAnswer *answer, gpointer data)
{
    MailRouteSearch *search = data;
    search->lookup = 0;
    switch (answer->outcome) {
    case DNS_OUTCOME_FOUND:
        if (dns_answer_is_null_mx(answer)) {
            fail(search, MAIL_ROUTE_NULL_MX);
        } else {
            use_exchangers(search, answer);
        }
        return;
    case DNS_OUTCOME_NO_NAME:
        fail(search, MAIL_ROUTE_NO_DOMAIN);
        return;
    case DNS_OUTCOME_NO_DATA:
        use_domain_itself(search, &answer->canonical);
        return;
    case DNS_OUTCOME_FAILED:
    case DNS_OUTCOME_NO_ANSWER:
        fail(search, MAIL_ROUTE_UNKNOWN_NOW);
        return;
    }
}

/* "[192.0.2.25]" and "[IPv6:2001:db8::25]" (RFC 5321 §4.1.3) need no look-up. */
static bool use_literal(MailRouteSearch *search, const char *domain)
{
    gsize length = strlen(domain);
    if (length < 2 || domain[0] != '[' || domain[length - 1] != ']') {
        return false;
    }
    g_autofree char *inside = g_strndup(domain + 1, length - 2);
    const char *text = inside;
    MailRouteTarget target = {0};
    if (g_ascii_strncasecmp(inside, "IPv6:", 5) == 0) {
        text = inside + 5;
    }
    if (!sim_address_parse(text, &target.address)) {
        return false;
    }
    target.name = g_strdup(domain);
    g_array_append_val(search->route.targets, target);
    search->route.outcome = MAIL_ROUTE_FOUND;
    finish(search);
    return true;
}

static MailRouteSearch *begin_search(
    HostResolver *resolver,
    const char *domain,
    const char *own_name,
    MailRouteDone done,
    gpointer data
)
{
    MailRouteSearch *search = g_new0(MailRouteSearch, 1);
    SimHost *host = host_resolver_host(resolver);
    g_autofree char *part = g_strconcat("mail-route ", sim_host_name(host), " ", domain, NULL);
    search->resolver = resolver;
    search->world = sim_host_world(host);
    search->domain_text = byte_span_to_display(byte_span_from_string(domain));
    search->done = done;
    search->data = data;
    search->has_own = own_name != NULL && dns_name_from_text(own_name, &search->own);
    search->route.targets = g_array_new(FALSE, FALSE, sizeof(MailRouteTarget));
    g_array_set_clear_func(search->route.targets, clear_target);
    search->exchangers = g_array_new(FALSE, FALSE, sizeof(DnsExchanger));
    sim_timer_init(&search->delivery, search->world, deliver, search);
    sim_world_random(search->world, part, &search->random);
    return search;
}

/* False: the search is over already. */
static bool needs_look_up(MailRouteSearch *search, const char *domain)
{
    if (use_literal(search, domain)) {
        return false;
    }
    if (!dns_name_from_text(domain, &search->domain)) {
        fail(search, MAIL_ROUTE_NO_DOMAIN);
        return false;
    }
    return true;
}

MailRouteSearch *mail_route_find(
    HostResolver *resolver,
    const char *domain,
    const char *own_name,
    MailRouteDone done,
    gpointer data
)
{
    MailRouteSearch *search = begin_search(resolver, domain, own_name, done, data);
    if (needs_look_up(search, domain)) {
        search->lookup =
            host_resolver_look_up(resolver, &search->domain, DNS_TYPE_MX, on_exchangers, search);
    }
    return search;
}

MailRouteSearch *
mail_route_find_host(HostResolver *resolver, const char *host, MailRouteDone done, gpointer data)
{
    MailRouteSearch *search = begin_search(resolver, host, NULL, done, data);
    if (needs_look_up(search, host)) {
        use_domain_itself(search, &search->domain);
    }
    return search;
}
