#include "sim/agent/imap-session.h"

#include "protocol/imap/imap-server.h"
#include "sim/agent/access-mailboxes.h"
#include "sim/agent/access-session.h"
#include "sim/agent/agent-prompter.h"

struct ImapSession {
    AccessSession base;
    ImapServer *engine;
    AccessMailboxes *mailboxes; /* once somebody has logged in */
    bool is_closing;
};

static void open_mailboxes(ImapSession *session, const ImapServerEvent *event)
{
    AccessAccounts *accounts = session->base.accounts;
    const AccessUser *user = access_accounts_find(accounts, event->authorization);
    if (user == NULL || !mail_store_has_account(access_accounts_store(accounts), user->address)) {
        imap_server_answer_open(
            session->engine, NULL, NULL, "There are no mailboxes for that name"
        );
        return;
    }
    session->mailboxes = access_mailboxes_new(accounts, user->address);
    session->base.watched = access_mailboxes_address(session->mailboxes);
    imap_server_answer_open(session->engine, &access_mailboxes_functions, session->mailboxes, NULL);
}

static void handle_events(ImapSession *session)
{
    ImapServerEvent event;
    const AccessUser *user;
    while (imap_server_next_event(session->engine, &event)) {
        switch (event.kind) {
        case IMAP_SERVER_PASSWORD:
            user = access_accounts_find(session->base.accounts, event.identity);
            imap_server_answer_password(session->engine, user == NULL ? NULL : user->password);
            break;
        case IMAP_SERVER_OPEN:
            open_mailboxes(session, &event);
            break;
        case IMAP_SERVER_CLOSE:
            session->is_closing = true;
            break;
        case IMAP_SERVER_STARTTLS:
            break;
        }
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    ImapSession *session = owner;
    access_session_heard(&session->base, octets);
    imap_server_receive(session->engine, octets, access_session_now_us(&session->base));
    handle_events(session);
}

static ByteSpan output(gpointer owner)
{
    return imap_server_output(((ImapSession *)owner)->engine);
}

/* What was taken makes room for more of a long answer. */
static void consume(gpointer owner, gsize length)
{
    ImapSession *session = owner;
    imap_server_consume_output(session->engine, length);
    handle_events(session);
}

static bool wants_close(gpointer owner)
{
    return ((ImapSession *)owner)->is_closing;
}

static bool is_busy(gpointer owner)
{
    return imap_server_is_busy(((ImapSession *)owner)->engine);
}

static void ended(gpointer owner, SimTcpError error)
{
    (void)error;
    access_session_ended(owner);
}

const AgentLinkOwner imap_session_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
    .is_busy = is_busy,
};

static void time_out(AccessSession *base)
{
    ImapSession *session = (ImapSession *)base;
    imap_server_say_bye(session->engine, "Nothing was said for 30 minutes");
    handle_events(session);
}

static void news(AccessSession *base)
{
    ImapSession *session = (ImapSession *)base;
    imap_server_news(session->engine);
    handle_events(session);
}

static void free_session(AccessSession *base)
{
    ImapSession *session = (ImapSession *)base;
    access_session_clear(base);
    imap_server_free(session->engine);
    access_mailboxes_free(session->mailboxes);
    g_free(session);
}

static const AccessSessionClass session_class = {
    .protocol = "IMAP",
    .silence = IMAP_SESSION_SILENCE,
    .free = free_session,
    .time_out = time_out,
    .news = news,
};

ImapSession *imap_session_new(AccessAccounts *accounts, const SimAddress *peer, const SimTcp *tcp)
{
    ImapServerOptions options = {
        .host_name = access_accounts_host_name(accounts),
        .software = "mailwalk",
        .offers = access_accounts_offers(accounts)->imap,
        .mechanisms = "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256",
        .allows_plaintext_login = true,
        .seed = access_accounts_next_seed(accounts),
    };
    ImapSession *session = g_new0(ImapSession, 1);
    access_session_init(&session->base, &session_class, accounts, peer);
    session->engine = imap_server_new(&options);
    agent_prompt_imap_server(tcp, session->engine);
    imap_server_greet(session->engine, access_session_now_us(&session->base));
    handle_events(session);
    return session;
}

void imap_session_set_carrier(ImapSession *session, const AgentCarrier *carrier, gpointer data)
{
    access_session_set_carrier(&session->base, carrier, data);
}
