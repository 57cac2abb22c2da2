#include "sim/agent/access-session.h"

/* What is left of a client that did not even take the last word. */
#define LAST_WORD_TIME (30 * SIM_SECOND)

static void on_silence(SimTimer *timer, gpointer data)
{
    AccessSession *session = data;
    if (session->is_dying) {
        access_session_drop(session);
        return;
    }
    session->is_dying = true;
    session->class->time_out(session);
    sim_timer_set(timer, LAST_WORD_TIME);
    access_session_wake(session);
}

static void watch_silence(AccessSession *session)
{
    SimTime silence = access_accounts_silence(session->accounts);
    silence = silence == 0 ? session->class->silence : silence;
    if (silence != SIM_TIME_NEVER) {
        sim_timer_set(&session->silence, silence);
    }
}

static void on_news(SimTimer *timer, gpointer data)
{
    AccessSession *session = data;
    (void)timer;
    if (!session->is_dying) {
        session->class->news(session);
        access_session_wake(session);
    }
}

void access_session_init(
    AccessSession *session,
    const AccessSessionClass *class,
    AccessAccounts *accounts,
    const SimAddress *peer
)
{
    SimWorld *world = access_accounts_world(accounts);
    session->class = class;
    session->accounts = accounts;
    session->peer = *peer;
    sim_timer_init(&session->news, world, on_news, session);
    sim_timer_init(&session->silence, world, on_silence, session);
    /* A client that is silent does not keep the world going. */
    sim_timer_set_background(&session->silence);
    watch_silence(session);
    access_accounts_add_session(accounts, session);
}

void access_session_clear(AccessSession *session)
{
    sim_timer_cancel(&session->silence);
    sim_timer_cancel(&session->news);
}

void access_session_set_carrier(AccessSession *session, const AgentCarrier *carrier, gpointer data)
{
    session->carrier = *carrier;
    session->carrier_data = data;
}

void access_session_heard(AccessSession *session, ByteSpan octets)
{
    if (!session->is_dying && agent_link_is_progress(octets)) {
        watch_silence(session);
    }
}

void access_session_wake(AccessSession *session)
{
    if (session->carrier_data != NULL) {
        session->carrier.wake(session->carrier_data);
    }
}

void access_session_ended(AccessSession *session)
{
    session->carrier_data = NULL;
    access_session_drop(session);
}

void access_session_drop(AccessSession *session)
{
    if (session->carrier_data != NULL) {
        session->carrier.release(session->carrier_data);
    }
    access_accounts_remove_session(session->accounts, session);
    session->class->free(session);
}

gint64 access_session_now_us(const AccessSession *session)
{
    return sim_world_now(access_accounts_world(session->accounts)) / SIM_MICROSECOND;
}
