/* Whom a transfer agent lets in: what MAIL and RCPT are answered, and the faults that a scenario
 * asks for. */

#include "sim/agent/transfer-agent-private.h"

static void answer(TransferSession *session, guint code, const char *enhanced, const char *text)
{
    SmtpReply reply = SMTP_REPLY(code, enhanced, text);
    smtp_server_answer(session->server, &reply);
}

static TransferFault *
find_fault(const TransferAgent *agent, TransferStage stage, const char *address)
{
    for (guint i = 0; i < agent->faults->len; i++) {
        TransferFault *fault = &g_array_index(agent->faults, TransferFault, i);
        bool fits = fault->address == NULL ||
                    (address != NULL && g_ascii_strcasecmp(fault->address, address) == 0);
        if (fault->stage == stage && fits && fault->times != G_MAXUINT) {
            return fault;
        }
    }
    return NULL;
}

/* One that may happen so many times more; used up: G_MAXUINT. */
static void count_down(TransferFault *fault)
{
    if (fault->times > 0 && --fault->times == 0) {
        fault->times = G_MAXUINT;
    }
}

bool transfer_policy_fault(TransferSession *session, TransferStage stage, const char *address)
{
    TransferFault *fault = find_fault(session->agent, stage, address);
    if (fault == NULL) {
        return false;
    }
    SmtpReply reply = fault->reply;
    count_down(fault);
    if (reply.code == 0) {
        session->is_closing = true; /* the server goes on waiting for an answer */
    } else if (stage == TRANSFER_AT_GREETING) {
        smtp_server_greet(session->server, &reply, transfer_agent_now_us(session->agent));
    } else {
        smtp_server_answer(session->server, &reply);
    }
    return true;
}

static bool is_trusted(const TransferSession *session)
{
    return session->is_inside || smtp_server_user(session->server) != NULL;
}

static void open_transaction(TransferSession *session, const SmtpServerEvent *event)
{
    const SmtpParameters *parameters = &event->parameters;
    g_autofree char *path = byte_span_to_string(event->path);
    queue_entry_free(session->entry);
    session->entry = queue_entry_new(path, NULL);
    session->entry->is_8bit = parameters->body != SMTP_BODY_SEVEN_BIT;
    session->entry->is_utf8 = parameters->wants_utf8;
    session->entry->declared_size = parameters->size;
    if (parameters->envelope_id.length > 0) {
        session->entry->envelope_id = byte_span_to_string(parameters->envelope_id);
    }
    if (parameters->return_what.length > 0) {
        bool is_full = byte_span_is_nocase(parameters->return_what, "FULL");
        session->entry->returns = is_full ? QUEUE_RETURN_FULL : QUEUE_RETURN_HEADERS;
    }
}

static void on_sender_judged(const MailRoute *route, gpointer data)
{
    TransferSession *session = data;
    session->sender_search = NULL;
    if (route->targets->len > 0) {
        smtp_server_answer(session->server, NULL);
    } else {
        g_clear_pointer(&session->entry, queue_entry_free);
        bool is_gone = route->is_permanent;
        answer(session, is_gone ? 550 : 450, is_gone ? "5.1.8" : "4.1.8", route->failure);
    }
    transfer_session_resume(session);
}

/* A domain that takes no mail cannot get the report of a failure, so its mail is not taken. */
static void judge_sender(TransferSession *session, const SmtpServerEvent *event)
{
    TransferAgent *agent = session->agent;
    ByteSpan domain = transfer_domain_of(event->path);
    bool is_own = transfer_list_has(agent->domains, domain);
    if (agent->options.senders != TRANSFER_SENDERS_BELIEVED && is_own && !is_trusted(session)) {
        g_clear_pointer(&session->entry, queue_entry_free);
        answer(session, 550, "5.7.1", "Senders of this domain must log in first");
        return;
    }
    bool is_asked = agent->options.senders == TRANSFER_SENDERS_MUST_EXIST && !is_own &&
                    domain.length > 0 && agent->resolver != NULL;
    if (!is_asked) {
        smtp_server_answer(session->server, NULL);
        return;
    }
    g_autofree char *name = byte_span_to_string(domain);
    session->sender_search =
        mail_route_find(agent->resolver, name, NULL, on_sender_judged, session);
}

void transfer_policy_mail(TransferSession *session, const SmtpServerEvent *event)
{
    g_autofree char *path = byte_span_to_string(event->path);
    if (transfer_policy_fault(session, TRANSFER_AT_MAIL, path)) {
        return;
    }
    open_transaction(session, event);
    judge_sender(session, event);
}

static guint read_notify(ByteSpan value)
{
    static const struct {
        const char *word;
        guint bit;
    } words[] = {
        {"NEVER", QUEUE_NOTIFY_NEVER},
        {"SUCCESS", QUEUE_NOTIFY_SUCCESS},
        {"FAILURE", QUEUE_NOTIFY_FAILURE},
        {"DELAY", QUEUE_NOTIFY_DELAY},
    };

    guint bits = 0;
    ByteSpan word;
    while (byte_span_next_token(&value, ',', &word)) {
        for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
            bits |= byte_span_is_nocase(word, words[i].word) ? words[i].bit : 0;
        }
    }
    return bits;
}

static void accept_recipient(
    TransferSession *session, const char *path, const SmtpServerEvent *event, const SmtpReply *reply
)
{
    const SmtpParameters *parameters = &event->parameters;
    QueueRecipient *recipient = queue_entry_add_recipient(session->entry, path);
    recipient->notify = read_notify(parameters->notify);
    if (parameters->original_recipient.length > 0) {
        recipient->original_recipient = byte_span_to_string(parameters->original_recipient);
    }
    smtp_server_answer(session->server, reply);
}

static bool is_full(const TransferSession *session, const AddressEntry *entry, guint64 octets)
{
    MailStore *store = session->agent->store;
    return mail_store_check_quota(store, entry->address, octets, 1, NULL) == MAIL_STORE_OVER_QUOTA;
}

static void answer_full(TransferSession *session)
{
    bool is_permanent = session->agent->options.full_is_permanent;
    answer(session, is_permanent ? 552 : 452, is_permanent ? "5.2.2" : "4.2.2", "Mailbox is full");
}

bool transfer_policy_lacks_room(TransferSession *session, guint64 octets)
{
    const QueueEntry *entry = session->entry;
    for (guint i = 0; i < entry->n_recipients; i++) {
        const char *path = entry->recipients[i].path;
        ByteSpan domain = transfer_domain_of(byte_span_from_string(path));
        const AddressEntry *address = transfer_agent_is_local(session->agent, domain)
                                          ? transfer_local_find(session->agent, path, NULL)
                                          : NULL;
        if (address == NULL || address->kind != ADDRESS_MAILBOX ||
            !is_full(session, address, octets)) {
            return false;
        }
    }
    answer_full(session);
    return true;
}

static bool is_greylisted(TransferSession *session, const char *path)
{
    TransferAgent *agent = session->agent;
    SimTime wait = 0;
    if (agent->greylist == NULL || is_trusted(session)) {
        return false;
    }
    GreylistVerdict verdict = greylist_check(
        agent->greylist,
        &session->client,
        session->entry->reverse_path,
        path,
        sim_world_now(agent->world),
        &wait
    );
    if (verdict == GREYLIST_PASS) {
        return false;
    }
    g_autofree char *text = g_strdup_printf(
        "Greylisted, come again in %u seconds", (guint)((wait + SIM_SECOND - 1) / SIM_SECOND)
    );
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_AGENT,
        "%s does not know the client %s, sender <%s> and recipient <%s> together yet",
        agent->host_name,
        session->client_text,
        session->entry->reverse_path,
        path
    );
    answer(session, 451, "4.7.1", text);
    return true;
}

static void take_own(TransferSession *session, const char *path, const SmtpServerEvent *event)
{
    const AddressEntry *entry = transfer_local_find(session->agent, path, NULL);
    if (entry == NULL) {
        answer(session, 550, "5.1.1", "No such user here");
        return;
    }
    if (entry->kind == ADDRESS_MOVED) {
        g_autofree char *text =
            g_strdup_printf("User not local; please try <%s>", entry->targets[0]);
        answer(session, 551, "5.1.6", text);
        return;
    }
    if (entry->kind == ADDRESS_MAILBOX && is_full(session, entry, session->entry->declared_size)) {
        answer_full(session);
        return;
    }
    if (is_greylisted(session, path)) {
        return;
    }
    if (entry->kind == ADDRESS_FORWARDED) {
        g_autofree char *text =
            g_strdup_printf("User not local; will forward to <%s>", entry->targets[0]);
        SmtpReply forwarded = SMTP_REPLY(251, "2.1.5", text);
        accept_recipient(session, path, event, &forwarded);
        return;
    }
    accept_recipient(session, path, event, NULL);
}

static void take_foreign(TransferSession *session, const char *path, const SmtpServerEvent *event)
{
    bool is_relayed =
        transfer_list_has(session->agent->relay_domains, transfer_domain_of(event->path));
    if (!is_trusted(session) && !is_relayed) {
        answer(session, 550, "5.7.1", "Relay access denied"); /* RFC 5321 §3.6.2 */
        ;
    } else if (!is_greylisted(session, path)) {
        accept_recipient(session, path, event, NULL);
    }
}

void transfer_policy_rcpt(TransferSession *session, const SmtpServerEvent *event)
{
    g_autofree char *path = byte_span_to_string(event->path);
    if (transfer_policy_fault(session, TRANSFER_AT_RCPT, path)) {
        return;
    }
    if (session->blocked_by != NULL && !is_trusted(session)) {
        answer(session, 554, "5.7.1", session->blocked_by);
    } else if (transfer_agent_is_local(session->agent, transfer_domain_of(event->path))) {
        take_own(session, path, event);
    } else {
        take_foreign(session, path, event);
    }
}
