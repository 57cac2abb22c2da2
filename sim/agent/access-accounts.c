#include "sim/agent/access-accounts.h"

#include "protocol/imap/imap-server.h"
#include "protocol/pop3/pop3-server.h"
#include "sim/agent/access-session.h"
#include "sim/agent/mail-event.h"

struct AccessAccounts {
    SimWorld *world;
    const SimHost *host;
    MailStore *store;
    char *host_name;
    guint64 seed;
    AccessOffers offers;
    SimTime silence;
    GHashTable *users; /* name -> AccessUser */
    GPtrArray *sessions;
};

static void free_user(gpointer data)
{
    AccessUser *user = data;
    g_free(user->password);
    g_free(user->address);
    g_free(user);
}

/* Those who look at the mailbox hear of it once the one who changed it has finished. */
static void on_change(const char *account, gpointer data)
{
    AccessAccounts *accounts = data;
    for (guint i = 0; i < accounts->sessions->len; i++) {
        AccessSession *session = g_ptr_array_index(accounts->sessions, i);
        if (session->watched != NULL && strcmp(session->watched, account) == 0 &&
            !sim_timer_is_set(&session->news)) {
            sim_timer_set(&session->news, 0);
        }
    }
}

AccessAccounts *access_accounts_new(
    SimWorld *world, const SimHost *host, MailStore *store, const char *host_name, guint64 seed
)
{
    AccessAccounts *accounts = g_new0(AccessAccounts, 1);
    accounts->world = world;
    accounts->host = host;
    accounts->store = store;
    accounts->host_name = g_strdup(host_name);
    accounts->seed = seed;
    accounts->offers = (AccessOffers){.pop3 = POP3_OFFER_USUAL, .imap = IMAP_OFFER_USUAL};
    accounts->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_user);
    accounts->sessions = g_ptr_array_new();
    mail_store_add_watch(store, on_change, accounts);
    return accounts;
}

void access_accounts_free(AccessAccounts *accounts)
{
    if (accounts == NULL) {
        return;
    }
    while (accounts->sessions->len > 0) {
        access_session_drop(g_ptr_array_index(accounts->sessions, 0));
    }
    mail_store_remove_watch(accounts->store, accounts);
    g_ptr_array_unref(accounts->sessions);
    g_hash_table_unref(accounts->users);
    g_free(accounts->host_name);
    g_free(accounts);
}

void access_accounts_add_user(
    AccessAccounts *accounts, const char *user, const char *password, const char *address
)
{
    AccessUser *entry = g_new0(AccessUser, 1);
    entry->password = g_strdup(password);
    entry->address = g_strdup(address);
    g_hash_table_replace(accounts->users, g_strdup(user), entry);
}

const AccessUser *access_accounts_find(const AccessAccounts *accounts, ByteSpan name)
{
    g_autofree char *text = byte_span_to_string(name);
    bool is_whole = strlen(text) == name.length;
    return is_whole ? g_hash_table_lookup(accounts->users, text) : NULL;
}

void access_accounts_set_silence(AccessAccounts *accounts, SimTime silence)
{
    accounts->silence = silence;
}

SimTime access_accounts_silence(const AccessAccounts *accounts)
{
    return accounts->silence;
}

AccessOffers *access_accounts_offers(AccessAccounts *accounts)
{
    return &accounts->offers;
}

SimWorld *access_accounts_world(const AccessAccounts *accounts)
{
    return accounts->world;
}

MailStore *access_accounts_store(const AccessAccounts *accounts)
{
    return accounts->store;
}

const char *access_accounts_host_name(const AccessAccounts *accounts)
{
    return accounts->host_name;
}

guint64 access_accounts_next_seed(AccessAccounts *accounts)
{
    return ++accounts->seed;
}

void access_accounts_add_session(AccessAccounts *accounts, AccessSession *session)
{
    g_ptr_array_add(accounts->sessions, session);
}

void access_accounts_remove_session(AccessAccounts *accounts, AccessSession *session)
{
    g_ptr_array_remove_fast(accounts->sessions, session);
}

void access_accounts_tell(AccessAccounts *accounts, const char *format, ...)
{
    if (!sim_world_is_observed(accounts->world)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sim_world_emit(accounts->world, accounts->host, WORLD_EVENT_MAILBOX, "%s", text);
}

void access_accounts_tell_count(
    AccessAccounts *accounts, const char *of, guint messages, const char *text
)
{
    mail_event_emit_count(accounts->world, accounts->host, WORLD_EVENT_MAILBOX, of, messages, text);
}
