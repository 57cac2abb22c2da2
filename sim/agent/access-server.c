#include "sim/agent/access-server.h"

#include "protocol/pop3/pop3-server.h"
#include "sim/agent/agent-link.h"

typedef struct {
    char *password;
    char *address;
} AccessUser;

struct AccessServer {
    SimHost *host;
    SimWorld *world;
    MailStore *store;
    char *host_name;
    guint64 seed;
    GHashTable *users; /* name -> AccessUser */
    SimTcpListener *listener;
    GPtrArray *sessions;
};

typedef struct {
    AccessServer *server;
    AgentLink *link;
    Pop3Server *pop3;
    char *address; /* the account that is open; NULL: none */
    MailFolder *folder;
    GArray *uids; /* guint32, as the messages are numbered */
    bool is_closing;
} AccessSession;

static void free_user(gpointer data)
{
    AccessUser *user = data;
    g_free(user->password);
    g_free(user->address);
    g_free(user);
}

static void close_maildrop(AccessSession *session)
{
    if (session->address != NULL) {
        mail_store_unlock(session->server->store, session->address);
        g_clear_pointer(&session->address, g_free);
    }
    g_clear_pointer(&session->folder, mail_folder_unref);
}

static void free_session(gpointer data)
{
    AccessSession *session = data;
    close_maildrop(session);
    agent_link_free(session->link);
    pop3_server_free(session->pop3);
    g_array_unref(session->uids);
    g_free(session);
}

static const char *open_maildrop(AccessSession *session, const char *address)
{
    MailStore *store = session->server->store;
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

static void let_in(AccessSession *session)
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
    pop3_server_answer_login(session->pop3, entries, count, NULL);
}

static void log_in(AccessSession *session, const Pop3ServerEvent *event)
{
    g_autofree char *name = byte_span_to_string(event->identity);
    const AccessUser *user = g_hash_table_lookup(session->server->users, name);
    if (user == NULL || !pop3_server_proof_fits(session->pop3, user->password)) {
        pop3_server_answer_login(session->pop3, NULL, 0, "[AUTH] name or password is wrong");
        return;
    }
    const char *refusal = open_maildrop(session, user->address);
    if (refusal != NULL) {
        pop3_server_answer_login(session->pop3, NULL, 0, refusal);
    } else {
        let_in(session);
    }
}

static void give_message(AccessSession *session, gsize index)
{
    g_autoptr(GBytes) octets = NULL;
    g_autoptr(GError) error = NULL;
    guint32 uid = g_array_index(session->uids, guint32, index);
    if (mail_folder_fetch(session->folder, uid, &octets, &error) != MAIL_STORE_DONE) {
        pop3_server_answer_message(session->pop3, BYTE_SPAN_EMPTY, "no such message any more");
        return;
    }
    gsize length;
    const void *data = g_bytes_get_data(octets, &length);
    pop3_server_answer_message(session->pop3, byte_span(data, length), NULL);
}

/* RFC 1939 §6: only now are the marked messages removed. */
static void update(AccessSession *session)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < session->uids->len; i++) {
        if (pop3_server_is_deleted(session->pop3, i)) {
            g_array_append_val(gone, g_array_index(session->uids, guint32, i));
        }
    }
    MailStoreResult result = mail_folder_expunge(
        session->folder, (const guint32 *)(const void *)gone->data, gone->len, &error
    );
    if (gone->len > 0) {
        sim_world_emit(
            session->server->world,
            session->server->host,
            WORLD_EVENT_MAILBOX,
            "the mailbox of %s now holds %u message%s",
            session->address,
            mail_folder_count(session->folder),
            mail_folder_count(session->folder) == 1 ? "" : "s"
        );
    }
    close_maildrop(session);
    pop3_server_answer_update(
        session->pop3,
        result == MAIL_STORE_DONE ? NULL : "[SYS/TEMP] some deleted messages not removed"
    );
}

static void receive(gpointer owner, ByteSpan octets)
{
    AccessSession *session = owner;
    Pop3ServerEvent event;
    pop3_server_receive(session->pop3, octets);
    while (pop3_server_next_event(session->pop3, &event)) {
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
        case POP3_SERVER_CLOSE:
            session->is_closing = true;
            break;
        case POP3_SERVER_ABORTED:
        case POP3_SERVER_STLS:
            break;
        }
    }
}

static ByteSpan output(gpointer owner)
{
    return pop3_server_output(((AccessSession *)owner)->pop3);
}

static void consume(gpointer owner, gsize length)
{
    pop3_server_consume_output(((AccessSession *)owner)->pop3, length);
}

static bool wants_close(gpointer owner)
{
    return ((AccessSession *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    AccessSession *session = owner;
    (void)error;
    session->link = NULL;
    g_ptr_array_remove_fast(session->server->sessions, session);
}

static const AgentLinkOwner link_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

static void on_accept(SimTcp *tcp, gpointer data)
{
    AccessServer *server = data;
    Pop3ServerOptions options = {
        .host_name = server->host_name,
        .greeting = "POP3 server ready",
        .offers = POP3_OFFER_USUAL,
        .seed = server->seed + sim_tcp_number(tcp),
    };
    AccessSession *session = g_new0(AccessSession, 1);
    session->server = server;
    session->pop3 = pop3_server_new(&options);
    session->uids = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_ptr_array_add(server->sessions, session);
    session->link = agent_link_new(tcp, &link_owner, session);
    pop3_server_greet(session->pop3, sim_world_now(server->world) / SIM_MICROSECOND);
    receive(session, BYTE_SPAN_EMPTY);
    agent_link_flush(session->link);
}

AccessServer *
access_server_new(SimHost *host, MailStore *store, const char *host_name, guint64 seed)
{
    AccessServer *server = g_new0(AccessServer, 1);
    server->host = host;
    server->world = sim_host_world(host);
    server->store = store;
    server->host_name = g_strdup(host_name);
    server->seed = seed;
    server->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_user);
    server->sessions = g_ptr_array_new_with_free_func(free_session);
    server->listener = sim_tcp_listen(host, NULL, 110, on_accept, server);
    g_assert(server->listener != NULL);
    return server;
}

void access_server_free(AccessServer *server)
{
    if (server != NULL) {
        g_ptr_array_unref(server->sessions);
        sim_tcp_listener_free(server->listener);
        g_hash_table_unref(server->users);
        g_free(server->host_name);
        g_free(server);
    }
}

void access_server_add_user(
    AccessServer *server, const char *user, const char *password, const char *address
)
{
    AccessUser *entry = g_new0(AccessUser, 1);
    entry->password = g_strdup(password);
    entry->address = g_strdup(address);
    g_hash_table_replace(server->users, g_strdup(user), entry);
}
