#include "sim/agent/pop3-session.h"

#include "protocol/pop3/pop3-server.h"
#include "sim/agent/access-session.h"
#include "sim/agent/agent-prompter.h"

struct Pop3Session {
    AccessSession base;
    Pop3Server *engine;
    char *address; /* the account that is open; NULL: none */
    MailFolder *folder;
    GArray *uids; /* guint32, as the messages are numbered */
    bool is_closing;
};

static void close_maildrop(Pop3Session *session)
{
    if (session->address != NULL) {
        mail_store_unlock(access_accounts_store(session->base.accounts), session->address);
        g_clear_pointer(&session->address, g_free);
    }
    g_clear_pointer(&session->folder, mail_folder_unref);
}

static const char *open_maildrop(Pop3Session *session, const char *address)
{
    MailStore *store = access_accounts_store(session->base.accounts);
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_store_lock(store, address, &error);
    if (result != MAIL_STORE_DONE) {
        return result == MAIL_STORE_LOCKED ? "[IN-USE] maildrop already locked"
                                           : "[SYS/TEMP] maildrop cannot be opened";
    }
    session->address = g_strdup(address);
    if (mail_folder_open(store, address, "INBOX", &session->folder, &error) != MAIL_STORE_DONE) {
        close_maildrop(session);
        return "[SYS/TEMP] maildrop cannot be opened";
    }
    return NULL;
}

static void let_in(Pop3Session *session)
{
    guint count = mail_folder_count(session->folder);
    g_autofree Pop3Entry *entries = g_new0(Pop3Entry, count + 1);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_array_set_size(session->uids, 0);
    for (guint i = 0; i < count; i++) {
        const MailMessage *message = mail_folder_message(session->folder, i);
        g_ptr_array_add(ids, mail_folder_unique_id(session->folder, message->uid));
        entries[i] = (Pop3Entry){.octets = message->size, .unique_id = ids->pdata[i]};
        g_array_append_val(session->uids, message->uid);
    }
    pop3_server_answer_login(session->engine, entries, count, NULL);
}

static void log_in(Pop3Session *session, const Pop3ServerEvent *event)
{
    const AccessUser *user = access_accounts_find(session->base.accounts, event->identity);
    if (user == NULL || !pop3_server_proof_fits(session->engine, user->password)) {
        pop3_server_answer_login(session->engine, NULL, 0, "[AUTH] name or password is wrong");
        return;
    }
    const char *refusal = open_maildrop(session, user->address);
    if (refusal != NULL) {
        pop3_server_answer_login(session->engine, NULL, 0, refusal);
    } else {
        let_in(session);
    }
}

static void tell_password(Pop3Session *session, const Pop3ServerEvent *event)
{
    const AccessUser *user = access_accounts_find(session->base.accounts, event->identity);
    pop3_server_answer_password(session->engine, user == NULL ? NULL : user->password);
}

static void give_message(Pop3Session *session, gsize index)
{
    g_autoptr(GBytes) octets = NULL;
    g_autoptr(GError) error = NULL;
    guint32 uid = g_array_index(session->uids, guint32, index);
    if (mail_folder_fetch(session->folder, uid, &octets, &error) != MAIL_STORE_DONE) {
        pop3_server_answer_message(session->engine, BYTE_SPAN_EMPTY, "no such message any more");
        return;
    }
    gsize length;
    const void *data = g_bytes_get_data(octets, &length);
    pop3_server_answer_message(session->engine, byte_span(data, length), NULL);
}

/* RFC 1939 §6: only now are the marked messages removed. */
static void update(Pop3Session *session)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < session->uids->len; i++) {
        if (pop3_server_is_deleted(session->engine, i)) {
            g_array_append_val(gone, g_array_index(session->uids, guint32, i));
        }
    }
    MailStoreResult result = mail_folder_expunge(
        session->folder, (const guint32 *)(const void *)gone->data, gone->len, &error
    );
    if (gone->len > 0) {
        g_autofree char *text = g_strdup_printf("the mailbox of %s now holds", session->address);
        access_accounts_tell_count(
            session->base.accounts, session->address, mail_folder_count(session->folder), text
        );
    }
    close_maildrop(session);
    pop3_server_answer_update(
        session->engine,
        result == MAIL_STORE_DONE ? NULL : "[SYS/TEMP] some deleted messages not removed"
    );
}

static void handle_events(Pop3Session *session)
{
    Pop3ServerEvent event;
    while (pop3_server_next_event(session->engine, &event)) {
        switch (event.kind) {
        case POP3_SERVER_LOGIN:
            log_in(session, &event);
            break;
        case POP3_SERVER_RETRIEVE:
            give_message(session, event.index);
            break;
        case POP3_SERVER_UPDATE:
            update(session);
            break;
        case POP3_SERVER_PASSWORD:
            tell_password(session, &event);
            break;
        case POP3_SERVER_CLOSE:
            session->is_closing = true;
            break;
        case POP3_SERVER_ABORTED:
        case POP3_SERVER_STLS:
            break;
        }
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    Pop3Session *session = owner;
    access_session_heard(&session->base, octets);
    if (!session->is_closing) {
        pop3_server_receive(session->engine, octets);
        handle_events(session);
    }
}

static ByteSpan output(gpointer owner)
{
    return pop3_server_output(((Pop3Session *)owner)->engine);
}

static void consume(gpointer owner, gsize length)
{
    pop3_server_consume_output(((Pop3Session *)owner)->engine, length);
}

static bool wants_close(gpointer owner)
{
    return ((Pop3Session *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    (void)error;
    access_session_ended(owner);
}

const AgentLinkOwner pop3_session_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

/* RFC 1939 §3: closes without a word and without removing any message. */
static void time_out(AccessSession *base)
{
    Pop3Session *session = (Pop3Session *)base;
    close_maildrop(session);
    session->is_closing = true;
}

static void free_session(AccessSession *base)
{
    Pop3Session *session = (Pop3Session *)base;
    close_maildrop(session);
    access_session_clear(base);
    pop3_server_free(session->engine);
    g_array_unref(session->uids);
    g_free(session);
}

static const AccessSessionClass session_class = {
    .protocol = "POP3",
    .silence = POP3_SESSION_SILENCE,
    .free = free_session,
    .time_out = time_out,
};

Pop3Session *pop3_session_new(AccessAccounts *accounts, const SimAddress *peer, const SimTcp *tcp)
{
    Pop3ServerOptions options = {
        .host_name = access_accounts_host_name(accounts),
        .greeting = "POP3 server ready",
        .offers = access_accounts_offers(accounts)->pop3,
        .seed = access_accounts_next_seed(accounts),
        .allows_plaintext_auth = true,
    };
    Pop3Session *session = g_new0(Pop3Session, 1);
    access_session_init(&session->base, &session_class, accounts, peer);
    session->engine = pop3_server_new(&options);
    session->uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    agent_prompt_pop3_server(tcp, session->engine);
    pop3_server_greet(session->engine, access_session_now_us(&session->base));
    handle_events(session);
    return session;
}

void pop3_session_set_carrier(Pop3Session *session, const AgentCarrier *carrier, gpointer data)
{
    access_session_set_carrier(&session->base, carrier, data);
}
