#include "sim/agent/user-agent.h"

#include "protocol/message/message-writer.h"
#include "protocol/pop3/pop3-client.h"
#include "protocol/smtp/smtp-client.h"
#include "sim/agent/agent-link.h"

typedef struct {
    GBytes *octets;
    GStrv recipients;
} Outgoing;

struct UserAgent {
    SimHost *host;
    SimWorld *world;
    char *name;
    char *address;
    char *user;
    char *password;
    guint64 seed;
    guint64 composed;
    GPtrArray *outbox;     /* Outgoing */
    GPtrArray *fetched;    /* GBytes */
    GHashTable *known_ids; /* unique ids of kept messages */
    AgentLink *link;
    SmtpClient *smtp;
    Pop3Client *pop3;
    bool is_closing;
};

static void free_outgoing(gpointer data)
{
    Outgoing *outgoing = data;
    g_bytes_unref(outgoing->octets);
    g_strfreev(outgoing->recipients);
    g_free(outgoing);
}

UserAgent *user_agent_new(SimHost *host, const UserAgentOptions *options)
{
    UserAgent *agent = g_new0(UserAgent, 1);
    agent->host = host;
    agent->world = sim_host_world(host);
    agent->name = g_strdup(options->name);
    agent->address = g_strdup(options->address);
    agent->user = g_strdup(options->user);
    agent->password = g_strdup(options->password);
    agent->seed = options->seed;
    agent->outbox = g_ptr_array_new_with_free_func(free_outgoing);
    agent->fetched = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    agent->known_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return agent;
}

static void end_session(UserAgent *agent)
{
    g_clear_pointer(&agent->smtp, smtp_client_free);
    g_clear_pointer(&agent->pop3, pop3_client_free);
    agent->is_closing = false;
}

void user_agent_free(UserAgent *agent)
{
    if (agent == NULL) {
        return;
    }
    agent_link_free(agent->link);
    end_session(agent);
    g_ptr_array_unref(agent->outbox);
    g_ptr_array_unref(agent->fetched);
    g_hash_table_unref(agent->known_ids);
    g_free(agent->name);
    g_free(agent->address);
    g_free(agent->user);
    g_free(agent->password);
    g_free(agent);
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at == NULL ? address : at + 1;
}

static GStrv split_recipients(const char *to)
{
    GStrv parts = g_strsplit(to, ",", -1);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_strstrip(parts[i]);
    }
    return parts;
}

void user_agent_compose(UserAgent *agent, const UserAgentMail *mail)
{
    MessageDraftOptions options = {
        .seconds = sim_world_now(agent->world) / SIM_SECOND,
        .domain = domain_of(agent->address),
        .seed = agent->seed + ++agent->composed,
        .allows_8bit = true,
    };
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    g_autofree char *from = g_strdup_printf("%s <%s>", agent->name, agent->address);
    message_draft_add_addresses(draft, "From", from);
    message_draft_add_addresses(draft, "To", mail->to);
    message_draft_add_text(draft, "Subject", mail->subject);
    message_draft_set_body(draft, draft_part_new_text("plain", mail->body));
    Outgoing *outgoing = g_new0(Outgoing, 1);
    outgoing->octets = message_draft_write(draft);
    outgoing->recipients = split_recipients(mail->to);
    g_ptr_array_add(agent->outbox, outgoing);
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_USER,
        "%s writes to %s: %s",
        agent->name,
        mail->to,
        mail->subject
    );
}

static void hand_over_next(UserAgent *agent)
{
    if (agent->outbox->len == 0) {
        smtp_client_quit(agent->smtp);
        return;
    }
    const Outgoing *outgoing = g_ptr_array_index(agent->outbox, 0);
    gsize length;
    const void *octets = g_bytes_get_data(outgoing->octets, &length);
    SmtpClientMessage message = {
        .reverse_path = agent->address,
        .forward_paths = (const char *const *)outgoing->recipients,
        .content = byte_span(octets, length),
    };
    smtp_client_send(agent->smtp, &message);
}

static void take_result(UserAgent *agent, const SmtpClientEvent *event)
{
    if (event->code / 100 == 2) {
        g_ptr_array_remove_index(agent->outbox, 0);
        hand_over_next(agent);
        return;
    }
    g_autofree char *text = byte_span_to_display(event->text);
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_USER,
        "%s sees: the message was not taken: %s",
        agent->name,
        text
    );
    smtp_client_quit(agent->smtp);
}

static void receive_smtp(UserAgent *agent, ByteSpan octets)
{
    SmtpClientEvent event;
    smtp_client_receive(agent->smtp, octets);
    while (smtp_client_next_event(agent->smtp, &event)) {
        switch (event.kind) {
        case SMTP_CLIENT_READY:
            hand_over_next(agent);
            break;
        case SMTP_CLIENT_SENDER:
        case SMTP_CLIENT_RECIPIENT:
            break;
        case SMTP_CLIENT_RESULT:
            take_result(agent, &event);
            break;
        case SMTP_CLIENT_CLOSED:
            agent->is_closing = true;
            break;
        }
    }
}

static void keep_message(UserAgent *agent, const Pop3ClientEvent *event)
{
    g_ptr_array_add(agent->fetched, g_bytes_new(event->octets.data, event->octets.length));
    if (event->unique_id != NULL) {
        g_hash_table_add(agent->known_ids, g_strdup(event->unique_id));
    }
    sim_world_emit(
        agent->world,
        agent->host,
        WORLD_EVENT_USER,
        "%s has fetched message %u, %u octets",
        agent->name,
        (guint)event->number,
        (guint)event->octets.length
    );
}

static void receive_pop3(UserAgent *agent, ByteSpan octets)
{
    Pop3ClientEvent event;
    pop3_client_receive(agent->pop3, octets);
    while (pop3_client_next_event(agent->pop3, &event)) {
        switch (event.kind) {
        case POP3_CLIENT_MESSAGE:
            keep_message(agent, &event);
            break;
        case POP3_CLIENT_CLOSED:
            agent->is_closing = true;
            break;
        case POP3_CLIENT_LOGGED_IN:
        case POP3_CLIENT_REFUSED:
        case POP3_CLIENT_LISTED:
        case POP3_CLIENT_DELETED:
            break;
        }
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    UserAgent *agent = owner;
    if (agent->smtp != NULL) {
        receive_smtp(agent, octets);
    } else {
        receive_pop3(agent, octets);
    }
}

static ByteSpan output(gpointer owner)
{
    UserAgent *agent = owner;
    return agent->smtp != NULL ? smtp_client_output(agent->smtp) : pop3_client_output(agent->pop3);
}

static void consume(gpointer owner, gsize length)
{
    UserAgent *agent = owner;
    if (agent->smtp != NULL) {
        smtp_client_consume_output(agent->smtp, length);
    } else {
        pop3_client_consume_output(agent->pop3, length);
    }
}

static bool wants_close(gpointer owner)
{
    return ((UserAgent *)owner)->is_closing;
}

static void ended(gpointer owner, SimTcpError error)
{
    UserAgent *agent = owner;
    agent->link = NULL;
    if (!agent->is_closing) {
        sim_world_emit(
            agent->world,
            agent->host,
            WORLD_EVENT_USER,
            "%s sees: the server cannot be reached: %s",
            agent->name,
            sim_tcp_error_name(error)
        );
    }
    end_session(agent);
}

static const AgentLinkOwner link_owner = {
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = wants_close,
    .ended = ended,
};

void user_agent_send(UserAgent *agent, const SimAddress *server, guint16 port)
{
    /* RFC 5321 §2.3.5: a name with its domain, so that others can look it up */
    g_autofree char *name =
        g_strdup_printf("%s.%s", sim_host_name(agent->host), domain_of(agent->address));
    SmtpClientOptions options = {.host_name = name};
    g_assert(agent->link == NULL); /* one session at a time */
    agent->smtp = smtp_client_new(&options);
    agent->link = agent_link_connect(agent->host, server, port, &link_owner, agent);
}

static bool is_known(gpointer owner, const char *unique_id)
{
    return g_hash_table_contains(((UserAgent *)owner)->known_ids, unique_id);
}

void user_agent_fetch_pop3(UserAgent *agent, const SimAddress *server, bool deletes)
{
    Pop3ClientOptions options = {
        .user = agent->user,
        .password = agent->password,
        .deletes = deletes,
        .asks_unique_ids = !deletes,
        .is_known = is_known,
        .owner = agent,
    };
    g_assert(agent->link == NULL);
    agent->pop3 = pop3_client_new(&options);
    agent->link = agent_link_connect(agent->host, server, 110, &link_owner, agent);
}

guint user_agent_outbox_count(const UserAgent *agent)
{
    return agent->outbox->len;
}

guint user_agent_fetched_count(const UserAgent *agent)
{
    return agent->fetched->len;
}

GBytes *user_agent_fetched(const UserAgent *agent, guint index)
{
    return g_ptr_array_index(agent->fetched, index);
}
