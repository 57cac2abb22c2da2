/* Mail that has not arrived: in whose queue it waits, or in which mailbox it lies unread. */

#include "sim/scenario/scenario-run-private.h"

typedef struct {
    const char *address; /* NULL: of anybody */
    guint count;         /* messages with such a recipient */
    gint64 next_us;
} Search;

static bool waits_for(const QueueEntry *entry, const char *address)
{
    for (guint i = 0; i < entry->n_recipients; i++) {
        const QueueRecipient *recipient = &entry->recipients[i];
        if (recipient->state == QUEUE_RECIPIENT_WAITING &&
            (address == NULL || g_ascii_strcasecmp(recipient->path, address) == 0)) {
            return true;
        }
    }
    return false;
}

static void visit(QueueEntry *entry, void *data)
{
    Search *search = data;
    if (waits_for(entry, search->address)) {
        search->count++;
        search->next_us = MIN(search->next_us, entry->next_attempt_us);
    }
}

static Search search_queue(const RunServer *server, const char *address)
{
    Search search = {.address = address, .next_us = G_MAXINT64};
    if (server->transfer != NULL) {
        outgoing_queue_visit(transfer_agent_queue(server->transfer), visit, &search);
    }
    return search;
}

/* "09:35", with its day where that is another one. */
static char *clock_text(SimTime time, SimTime now)
{
    char text[SIM_TIME_TEXT_SIZE];
    sim_time_format(time, text);
    bool is_today = time / SIM_DAY == now / SIM_DAY;
    return g_strdup_printf("%.*s", is_today ? 5 : 16, is_today ? text + 11 : text);
}

void scenario_tell_waiting(ScenarioRun *run)
{
    SimTime now = sim_world_now(run->world);
    for (guint i = 0; i < run->scenario->servers->len; i++) {
        const RunServer *server = &run->servers[i];
        Search found = search_queue(server, NULL);
        if (found.count == 0) {
            continue;
        }
        bool is_held = found.next_us == G_MAXINT64;
        g_autofree char *clock = is_held ? NULL : clock_text(found.next_us * SIM_MICROSECOND, now);
        sim_world_emit(
            run->world,
            server->host,
            WORLD_EVENT_SCENARIO,
            "At the end %u message%s in the queue of %s%s%s",
            found.count,
            found.count == 1 ? " still waits" : "s still wait",
            scenario_server(run->scenario, i)->name,
            is_held ? ", until somebody asks for it" : "; the next try is at ",
            is_held ? "" : clock
        );
    }
}

char *scenario_why_missing(const ScenarioRun *run, guint person)
{
    const ScenarioPerson *who = scenario_person(run->scenario, person);
    MailQuota limit;
    MailQuota used = {0};
    for (guint i = 0; i < run->scenario->servers->len; i++) {
        if (search_queue(&run->servers[i], who->address).count > 0) {
            return g_strdup_printf(
                "It has not come yet: it waits in the queue of %s",
                scenario_server(run->scenario, i)->name
            );
        }
    }
    MailStore *store = run->servers[who->server].store;
    if (store != NULL &&
        mail_store_get_quota(store, who->address, &limit, &used, NULL) == MAIL_STORE_DONE &&
        used.messages > 0) {
        return g_strdup_printf(
            "It has not been fetched: the mailbox at %s holds %u message%s",
            scenario_server(run->scenario, who->server)->name,
            (guint)used.messages,
            used.messages == 1 ? "" : "s"
        );
    }
    return NULL;
}
