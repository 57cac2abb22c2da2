/* A mail program that leaves the mail where it is: what the person does, it does on the server, and
 * every other machine sees it. One connection for each thing that is done, or for several in a row:
 *
 *     log in ─> LIST ─> SELECT INBOX ─┬─ fetch: FLAGS of all, then what this machine lacks
 *                         ┌──────────>└─ STORE, COPY, SEARCH, CREATE ... ─┬─> LOGOUT
 *                         └────────────── waits for the next task <───────┘               */

#include "protocol/imap/imap-client.h"
#include "sim/agent/agent-prompter.h"
#include "sim/agent/user-agent-private.h"

#include <stdio.h>

typedef enum {
    STEP_LOGIN,
    STEP_LIST,
    STEP_SELECT,
    STEP_FLAGS,
    STEP_CONTENT,
    STEP_TASK,
    STEP_WAITING, /* for the next task */
    STEP_LOGOUT,
} ImapStep;

typedef struct {
    UserSession base;
    ImapClient *client;
    UserAgentImapTask task;
    char *text; /* of the task */
    ImapStep step;
    guint64 command;   /* that is waited for */
    GHashTable *sizes; /* UID -> octets, of all messages of the mailbox */
    GString *lacking;  /* UIDs of those that this machine does not have */
    guint unread;
} ImapSession;

static void free_session(UserSession *base)
{
    ImapSession *session = (ImapSession *)base;
    imap_client_free(session->client);
    g_hash_table_unref(session->sizes);
    g_string_free(session->lacking, TRUE);
    g_free(session->text);
    g_free(session);
}

/* The name of a message that no other one ever gets (RFC 9051 §2.3.1.1). */
static char *unique_id(const ImapSession *session, guint32 uid)
{
    return g_strdup_printf("imap %u %u", imap_client_mailbox(session->client)->uid_validity, uid);
}

static void go_on(ImapSession *session, ImapStep step, guint64 command)
{
    session->step = step;
    session->command = command;
}

static void log_out(ImapSession *session)
{
    go_on(session, STEP_LOGOUT, imap_client_log_out(session->client));
}

/* The task is done. */
static void finish(ImapSession *session)
{
    if (session->task.stays) {
        go_on(session, STEP_WAITING, 0);
        sim_timer_cancel(&session->base.patience);
    } else {
        log_out(session);
    }
}

/* --- what the machine keeps follows the server --- */

/* With another UIDVALIDITY the numbers of before name nothing any more (RFC 9051 §2.3.1.1). */
static bool is_gone(const ImapSession *session, guint validity, guint uid)
{
    return validity != imap_client_mailbox(session->client)->uid_validity ||
           !g_hash_table_contains(session->sizes, GUINT_TO_POINTER(uid));
}

static void drop_what_is_gone(ImapSession *session)
{
    UserAgent *agent = session->base.agent;
    for (guint i = agent->messages->len; i > 0; i--) {
        const UserAgentMessage *message = g_ptr_array_index(agent->messages, i - 1);
        guint validity;
        guint uid;
        if (message->unique_id != NULL &&
            sscanf(message->unique_id, "imap %u %u", &validity, &uid) == 2 &&
            is_gone(session, validity, uid)) {
            user_agent_tell(agent, "sees: a message is gone from the mailbox");
            g_ptr_array_remove_index(agent->messages, i - 1);
        }
    }
}

static void note_message(ImapSession *session, const ImapClientMessage *message)
{
    g_autofree char *id = unique_id(session, message->uid);
    g_hash_table_insert(
        session->sizes, GUINT_TO_POINTER(message->uid), GUINT_TO_POINTER((guint)message->size)
    );
    session->unread += (message->flags & IMAP_FLAG_SEEN) == 0;
    if (!user_agent_knows(session->base.agent, id)) {
        g_string_append_printf(
            session->lacking, "%s%u", session->lacking->len == 0 ? "" : ",", message->uid
        );
    }
}

static void keep_content(ImapSession *session, const ImapClientMessage *message)
{
    UserAgent *agent = session->base.agent;
    g_autoptr(GByteArray) octets = g_byte_array_new();
    g_autofree char *id = unique_id(session, message->uid);
    for (guint i = 0; i < message->n_parts; i++) {
        ByteSpan part = message->parts[i].octets;
        bool is_first_half =
            byte_span_starts_with_nocase(message->parts[i].section, "HEADER.FIELDS");
        if (is_first_half && part.length >= 2) {
            part.length -= 2; /* the empty line: the part's own fields come next */
        }
        g_byte_array_append(octets, part.data, (guint)part.length);
    }
    if (octets->len == 0) {
        return;
    }
    guint whole =
        GPOINTER_TO_UINT(g_hash_table_lookup(session->sizes, GUINT_TO_POINTER(message->uid)));
    guint fetched = octets->len;
    g_autoptr(GBytes) kept = g_byte_array_free_to_bytes(g_steal_pointer(&octets));
    user_agent_keep(agent, kept, USER_AGENT_INBOX, id);
    if (fetched < whole) {
        user_agent_tell(
            agent,
            "has fetched %u of the %u octets of message %u",
            fetched,
            whole,
            message->sequence
        );
    } else {
        user_agent_tell(agent, "has fetched message %u, %u octets", message->sequence, fetched);
    }
}

/* --- step by step --- */

static const char *items_of(const ImapSession *session)
{
    switch (session->task.content) {
    case USER_AGENT_HEADERS:
        return "(UID BODY.PEEK[HEADER])";
    case USER_AGENT_TEXT:
        return "(UID BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)] BODY.PEEK[1.MIME] "
               "BODY.PEEK[1])";
    case USER_AGENT_WHOLE:
        break;
    }
    return "(UID BODY.PEEK[])";
}

static char *message_set(const ImapSession *session)
{
    return session->task.number == 0 ? g_strdup("*") : g_strdup_printf("%u", session->task.number);
}

static void do_task(ImapSession *session)
{
    ImapClient *client = session->client;
    g_autofree char *set = message_set(session);
    g_autofree char *text = NULL;
    guint64 command = 0;
    switch (session->task.kind) {
    case USER_AGENT_IMAP_FETCH:
        command = imap_client_fetch(client, "1:*", true, "(UID FLAGS RFC822.SIZE)");
        go_on(session, STEP_FLAGS, command);
        return;
    case USER_AGENT_IMAP_CREATE:
        command = imap_client_name_command(client, IMAP_COMMAND_CREATE, session->text, NULL);
        break;
    case USER_AGENT_IMAP_MOVE:
        command = imap_client_move(client, set, false, session->text);
        break;
    case USER_AGENT_IMAP_DELETE:
        imap_client_store(client, set, false, "+FLAGS", "\\Deleted");
        command = imap_client_expunge(client, NULL);
        break;
    case USER_AGENT_IMAP_MARK:
        text = g_strdup_printf("\\%s", session->text);
        command = imap_client_store(
            client, set, false, session->task.removes ? "-FLAGS" : "+FLAGS", text
        );
        break;
    case USER_AGENT_IMAP_SEARCH:
        text = g_strdup_printf("TEXT \"%s\"", session->text);
        command = imap_client_search(client, false, text);
        break;
    }
    go_on(session, STEP_TASK, command);
}

static void after_select(ImapSession *session)
{
    bool needs_messages = session->task.kind != USER_AGENT_IMAP_CREATE;
    if (needs_messages && imap_client_mailbox(session->client)->exists == 0) {
        drop_what_is_gone(session);
        user_agent_tell(session->base.agent, "sees: no mail is there");
        finish(session);
        return;
    }
    do_task(session);
}

static void after_flags(ImapSession *session)
{
    drop_what_is_gone(session);
    user_agent_tell(
        session->base.agent,
        "sees %u message%s in the mailbox, %u unread",
        g_hash_table_size(session->sizes),
        g_hash_table_size(session->sizes) == 1 ? "" : "s",
        session->unread
    );
    if (session->lacking->len == 0) {
        finish(session);
        return;
    }
    go_on(
        session,
        STEP_CONTENT,
        imap_client_fetch(session->client, session->lacking->str, true, items_of(session))
    );
}

/* What was done on the server and no screen of this machine shows. */
static void tell_done(const ImapSession *session)
{
    const UserAgentImapTask *task = &session->task;
    UserAgent *agent = session->base.agent;
    g_autofree char *message = task->number == 0 ? g_strdup("the newest message")
                                                 : g_strdup_printf("message %u", task->number);
    g_autofree char *mark = session->text == NULL ? NULL : g_ascii_strdown(session->text, -1);
    switch (task->kind) {
    case USER_AGENT_IMAP_CREATE:
        user_agent_tell(agent, "has made the folder %s on the server", session->text);
        break;
    case USER_AGENT_IMAP_MOVE:
        user_agent_tell(agent, "has moved %s to %s on the server", message, session->text);
        break;
    case USER_AGENT_IMAP_DELETE:
        user_agent_tell(agent, "has deleted %s on the server", message);
        break;
    case USER_AGENT_IMAP_MARK:
        if (task->removes) {
            user_agent_tell(agent, "has taken the mark %s off %s", mark, message);
        } else {
            user_agent_tell(agent, "has marked %s as %s", message, mark);
        }
        break;
    case USER_AGENT_IMAP_FETCH:
    case USER_AGENT_IMAP_SEARCH:
        break;
    }
}

static void on_done(ImapSession *session)
{
    switch (session->step) {
    case STEP_LOGIN:
        go_on(session, STEP_LIST, imap_client_list(session->client, "", "*"));
        break;
    case STEP_LIST:
        go_on(session, STEP_SELECT, imap_client_select(session->client, "INBOX", false));
        break;
    case STEP_SELECT:
        after_select(session);
        break;
    case STEP_FLAGS:
        after_flags(session);
        break;
    case STEP_TASK:
        tell_done(session);
        finish(session);
        break;
    case STEP_CONTENT:
        finish(session);
        break;
    case STEP_WAITING:
    case STEP_LOGOUT:
        break;
    }
}

static void tell_found(ImapSession *session, const ImapClientEvent *event)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < event->n_numbers; i++) {
        g_string_append_printf(list, "%s%u", i == 0 ? "" : ", ", event->numbers[i]);
    }
    user_agent_tell(
        session->base.agent,
        "learns from the server: \"%s\" is in %s%s",
        session->text,
        event->n_numbers == 0   ? "no message"
        : event->n_numbers == 1 ? "message "
                                : "messages ",
        list->str
    );
}

static void take_event(ImapSession *session, const ImapClientEvent *event)
{
    g_autofree char *text = NULL;
    switch (event->kind) {
    case IMAP_CLIENT_GREETED:
        go_on(
            session,
            STEP_LOGIN,
            imap_client_log_in(
                session->client, session->base.agent->user, session->base.agent->password, NULL
            )
        );
        break;
    case IMAP_CLIENT_MESSAGE:
        if (session->step == STEP_FLAGS) {
            note_message(session, event->message);
        } else if (session->step == STEP_CONTENT) {
            keep_content(session, event->message);
        }
        break;
    case IMAP_CLIENT_FOUND:
        tell_found(session, event);
        break;
    case IMAP_CLIENT_DONE:
        if (event->status == IMAP_STATUS_OK && event->command == session->command) {
            on_done(session);
        } else if (event->status != IMAP_STATUS_OK && session->step != STEP_LOGOUT) {
            text = byte_span_to_display(event->text);
            user_agent_tell(session->base.agent, "sees: the server refuses: %s", text);
            log_out(session);
        }
        break;
    case IMAP_CLIENT_CLOSED:
        session->base.is_closing = true;
        break;
    case IMAP_CLIENT_MAILBOX:
    case IMAP_CLIENT_STATUS:
    case IMAP_CLIENT_EXISTS:
    case IMAP_CLIENT_RECENT:
    case IMAP_CLIENT_EXPUNGED:
    case IMAP_CLIENT_IDLING:
    case IMAP_CLIENT_NOTICE:
    case IMAP_CLIENT_STARTTLS:
        break;
    }
}

static void receive(gpointer owner, ByteSpan octets)
{
    ImapSession *session = owner;
    ImapClientEvent event;
    imap_client_receive(session->client, octets);
    while (imap_client_next_event(session->client, &event)) {
        take_event(session, &event);
    }
}

static ByteSpan output(gpointer owner)
{
    return imap_client_output(((ImapSession *)owner)->client);
}

static void consume(gpointer owner, gsize length)
{
    imap_client_consume_output(((ImapSession *)owner)->client, length);
}

static void begun(gpointer owner, const SimTcp *tcp)
{
    agent_prompt_imap_client(tcp, ((ImapSession *)owner)->client);
}

static const AgentLinkOwner link_owner = {
    .begun = begun,
    .receive = receive,
    .output = output,
    .consume = consume,
    .wants_close = user_session_wants_close,
    .ended = user_session_ended,
};

/* NULL: none was kept. */
static ImapSession *waiting_session(const UserAgent *agent)
{
    bool is_imap = agent->session != NULL && agent->session->functions == &link_owner;
    ImapSession *session = is_imap ? (ImapSession *)agent->session : NULL;
    return session != NULL && session->step == STEP_WAITING ? session : NULL;
}

bool user_agent_imap_waits(const UserAgent *agent)
{
    return waiting_session(agent) != NULL;
}

void user_agent_imap_log_out(UserAgent *agent)
{
    log_out(waiting_session(agent));
    agent_link_flush(agent->link);
}

static void take_task(ImapSession *session, const UserAgentImapTask *task)
{
    session->task = *task;
    g_free(session->text);
    session->text = g_strdup(task->text);
    session->unread = 0;
    g_hash_table_remove_all(session->sizes);
    g_string_truncate(session->lacking, 0);
}

void user_agent_imap(UserAgent *agent, const SimAddress *server, const UserAgentImapTask *task)
{
    ImapSession *session = waiting_session(agent);
    if (session != NULL) {
        take_task(session, task);
        after_select(session);
        agent_link_flush(agent->link);
        return;
    }
    session = g_new0(ImapSession, 1);
    ImapClientOptions options = {.seed = agent->seed};
    session->base.free = free_session;
    session->client = imap_client_new(&options);
    session->sizes = g_hash_table_new(NULL, NULL);
    session->lacking = g_string_new(NULL);
    take_task(session, task);
    user_agent_begin(agent, &session->base, &link_owner, server, 143);
}
