/* Writing: what a person says becomes a message in the outbox, with its envelope beside it. */

#include "protocol/message/header-block.h"
#include "protocol/message/message-address.h"
#include "protocol/message/message-writer.h"
#include "sim/agent/user-agent-private.h"

void user_agent_outgoing_free(UserAgentOutgoing *outgoing)
{
    if (outgoing != NULL) {
        g_bytes_unref(outgoing->octets);
        g_strfreev(outgoing->recipients);
        g_free(outgoing->reverse_path);
        g_free(outgoing->subject);
        g_free(outgoing);
    }
}

static MessageDraftOptions draft_options(UserAgent *agent)
{
    return (MessageDraftOptions){
        .seconds = sim_world_now(agent->world) / SIM_SECOND,
        .domain = user_agent_domain(agent),
        .seed = agent->seed + ++agent->composed,
    };
}

static char *own_mailbox(const UserAgent *agent)
{
    return g_strdup_printf("%s <%s>", agent->name, agent->address);
}

/* The addresses of To, Cc and Bcc make the envelope, each once. */
static void add_recipients(GPtrArray *recipients, const char *list)
{
    g_autoptr(MessageAddressList) addresses =
        message_address_list_parse(byte_span_from_string(list));
    for (guint i = 0; i < addresses->n_items; i++) {
        g_autofree char *path = message_address_path(&addresses->items[i]);
        bool is_there = path == NULL;
        for (guint j = 0; j < recipients->len && !is_there; j++) {
            is_there = g_ascii_strcasecmp(recipients->pdata[j], path) == 0;
        }
        if (!is_there) {
            g_ptr_array_add(recipients, g_steal_pointer(&path));
        }
    }
}

static bool has_eight_bit(const guint8 *octets, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (octets[i] > 127) {
            return true;
        }
    }
    return false;
}

static void add_header_recipients(GPtrArray *recipients, const HeaderBlock *header)
{
    static const char *const names[] = {"To", "Cc"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *list = header_block_text(header, names[i]);
        if (list != NULL) {
            add_recipients(recipients, list);
        }
    }
}

/* 'bcc' and 'reverse_path' may be NULL. */
static const UserAgentOutgoing *put_into_outbox(
    UserAgent *agent, const MessageDraft *draft, const char *bcc, const char *reverse_path
)
{
    UserAgentOutgoing *outgoing = g_new0(UserAgentOutgoing, 1);
    GPtrArray *recipients = g_ptr_array_new();
    HeaderBlock header;
    gsize length;
    outgoing->octets = message_draft_write(draft);
    const guint8 *octets = g_bytes_get_data(outgoing->octets, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(octets, length), 0);
    add_header_recipients(recipients, &header);
    if (bcc != NULL) {
        add_recipients(recipients, bcc);
    }
    outgoing->needs_utf8 = has_eight_bit(octets, header.body_offset);
    outgoing->has_eight_bit = has_eight_bit(octets, length);
    outgoing->subject = header_block_decoded(&header, "Subject");
    header_block_clear(&header);
    outgoing->reverse_path = g_strdup(reverse_path == NULL ? agent->address : reverse_path);
    g_ptr_array_add(recipients, NULL);
    outgoing->recipients = (GStrv)g_ptr_array_free(recipients, FALSE);
    g_ptr_array_add(agent->outbox, outgoing);
    return outgoing;
}

static DraftPart *body_of(const UserAgentMail *mail)
{
    g_autofree DraftPart **parts = g_new0(DraftPart *, mail->n_attachments + 1);
    for (gsize i = 0; i < mail->n_attachments; i++) {
        const UserAgentAttachment *attachment = &mail->attachments[i];
        parts[i] = draft_part_new_content(attachment->type, attachment->content, attachment->name);
    }
    return draft_part_new_composed(mail->body, mail->html, parts, mail->n_attachments);
}

static void tell_written(UserAgent *agent, const char *verb, const UserAgentOutgoing *outgoing)
{
    g_autofree char *who = g_strjoinv(", ", outgoing->recipients);
    user_agent_tell(agent, "%s %s: %s", verb, who, outgoing->subject);
}

void user_agent_compose(UserAgent *agent, const UserAgentMail *mail)
{
    MessageDraftOptions options = draft_options(agent);
    options.allows_8bit = mail->as_8bit || mail->as_utf8;
    options.allows_utf8 = mail->as_utf8;
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    g_autofree char *own = own_mailbox(agent);
    message_draft_add_addresses(draft, "From", mail->from == NULL ? own : mail->from);
    if (mail->to != NULL) {
        message_draft_add_addresses(draft, "To", mail->to);
    }
    if (mail->cc != NULL) {
        message_draft_add_addresses(draft, "Cc", mail->cc);
    }
    message_draft_add_text(draft, "Subject", mail->subject);
    message_draft_set_body(draft, body_of(mail));
    tell_written(agent, "writes to", put_into_outbox(agent, draft, mail->bcc, mail->reverse_path));
}

void user_agent_reply(UserAgent *agent, GBytes *message, bool to_all, const char *text)
{
    MessageDraftOptions options = draft_options(agent);
    g_autofree char *own = own_mailbox(agent);
    MessageReply reply = {.from = own, .to_all = to_all, .text = text, .quotes = true};
    g_autoptr(MessageDraft) draft = message_draft_new_reply(message, &reply, &options);
    tell_written(agent, "replies to", put_into_outbox(agent, draft, NULL, NULL));
}

void user_agent_forward(
    UserAgent *agent, GBytes *message, const char *to, const char *text, bool as_attachment
)
{
    MessageDraftOptions options = draft_options(agent);
    g_autofree char *own = own_mailbox(agent);
    MessageForward forward = {.from = own, .to = to, .text = text, .as_attachment = as_attachment};
    g_autoptr(MessageDraft) draft = message_draft_new_forward(message, &forward, &options);
    tell_written(agent, "forwards to", put_into_outbox(agent, draft, NULL, NULL));
}

UserAgentOutgoing *user_agent_take_outgoing(UserAgent *agent)
{
    return agent->outbox->len == 0 ? NULL : g_ptr_array_steal_index(agent->outbox, 0);
}

guint user_agent_outbox_count(const UserAgent *agent)
{
    return agent->outbox->len;
}
