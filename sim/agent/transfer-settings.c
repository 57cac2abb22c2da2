/* What a transfer agent is told after it was made. */

#include "sim/agent/transfer-agent-private.h"

void transfer_agent_set_resolver(TransferAgent *agent, HostResolver *resolver)
{
    agent->resolver = resolver;
}

bool transfer_agent_add_mailbox(TransferAgent *agent, const char *address, GError **error)
{
    MailStoreResult result = mail_store_add_account(agent->store, address, error);
    if (result != MAIL_STORE_DONE && result != MAIL_STORE_EXISTS) {
        return false;
    }
    g_clear_error(error);
    address_book_add(agent->book, ADDRESS_MAILBOX, address, NULL);
    return true;
}

void transfer_agent_add_alias(TransferAgent *agent, const char *address, const char *targets)
{
    address_book_add(agent->book, ADDRESS_ALIAS, address, targets);
}

void transfer_agent_offer_postmaster(TransferAgent *agent, const char *address)
{
    const char *domain = strrchr(address, '@');
    g_autofree char *postmaster = g_strdup_printf("postmaster%s", domain == NULL ? "" : domain);
    if (address_book_find(agent->book, postmaster, NULL) == NULL) {
        transfer_agent_add_alias(agent, postmaster, address);
    }
}

void transfer_agent_add_moved(
    TransferAgent *agent, const char *address, const char *new_address, bool is_forwarded
)
{
    AddressKind kind = is_forwarded ? ADDRESS_FORWARDED : ADDRESS_MOVED;
    address_book_add(agent->book, kind, address, new_address);
}

void transfer_agent_set_catch_all(TransferAgent *agent, const char *domain, const char *address)
{
    address_book_set_catch_all(agent->book, domain, address);
}

void transfer_agent_set_subaddressing(TransferAgent *agent, char separator)
{
    address_book_set_separator(agent->book, separator);
}

void transfer_agent_add_program(
    TransferAgent *agent, const char *address, TransferProgram program, gpointer data
)
{
    TransferProgramEntry *added = g_new0(TransferProgramEntry, 1);
    added->take = program;
    added->data = data;
    g_ptr_array_add(agent->programs, added);
    address_book_add(agent->book, ADDRESS_PROGRAM, address, NULL)->program = added;
}

bool transfer_agent_set_quota(
    TransferAgent *agent, const char *address, MailQuota quota, GError **error
)
{
    return mail_store_set_quota(agent->store, address, quota, error) == MAIL_STORE_DONE;
}

void transfer_agent_add_user(TransferAgent *agent, const char *user, const char *password)
{
    g_hash_table_replace(agent->users, g_strdup(user), g_strdup(password));
}

void transfer_agent_set_greylisting(TransferAgent *agent, SimTime delay, SimTime lifetime)
{
    greylist_free(agent->greylist);
    agent->greylist = delay == 0 ? NULL : greylist_new(delay, lifetime);
}

/* The list stays closed by NULL. */
void transfer_agent_add_blocklist(TransferAgent *agent, const char *zone)
{
    if (agent->blocklists->len > 0) {
        g_ptr_array_set_size(agent->blocklists, (gint)agent->blocklists->len - 1);
    }
    g_ptr_array_add(agent->blocklists, g_strdup(zone));
    g_ptr_array_add(agent->blocklists, NULL);
}

void transfer_agent_add_blocklist_exception(TransferAgent *agent, const char *prefix)
{
    g_ptr_array_add(agent->blocklist_exceptions, g_strdup(prefix));
}

void transfer_agent_set_filter(TransferAgent *agent, const MailFilter *filter)
{
    mail_filter_free(agent->filter);
    agent->filter = filter == NULL ? NULL : mail_filter_copy(filter);
}

static const char *const stage_names[] = {
    [TRANSFER_AT_GREETING] = "greeting",
    [TRANSFER_AT_HELLO] = "hello",
    [TRANSFER_AT_MAIL] = "mail",
    [TRANSFER_AT_RCPT] = "rcpt",
    [TRANSFER_AT_DATA] = "data",
    [TRANSFER_AT_MESSAGE] = "message",
};
G_STATIC_ASSERT(G_N_ELEMENTS(stage_names) == N_TRANSFER_STAGES);

const char *transfer_stage_name(TransferStage stage)
{
    return stage_names[stage];
}

void transfer_agent_add_fault(TransferAgent *agent, const TransferFault *fault)
{
    TransferFault kept = *fault;
    kept.address = g_strdup(fault->address);
    kept.reply.enhanced = g_strdup(fault->reply.enhanced);
    kept.reply.text = g_strdup(fault->reply.text);
    g_array_append_val(agent->faults, kept);
}

void transfer_agent_clear_faults(TransferAgent *agent)
{
    g_array_set_size(agent->faults, 0);
}
