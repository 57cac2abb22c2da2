/* People write and send. */

#include "sim/scenario/made-content.h"
#include "sim/scenario/scenario-run-private.h"

static UserAgent *agent_of(const ScenarioRun *run, const ScenarioAction *action)
{
    return run->devices[action->device].agent;
}

bool scenario_deed_writes(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const ScenarioMail *mail = action->mail;
    guint count = mail->attachments->len;
    g_autofree UserAgentAttachment *attachments = g_new0(UserAgentAttachment, count + 1);
    (void)error;
    for (guint i = 0; i < count; i++) {
        const ScenarioAttachment *wanted = &g_array_index(mail->attachments, ScenarioAttachment, i);
        attachments[i].name = wanted->name;
        attachments[i].type = made_content_type(wanted->name);
        attachments[i].content = wanted->text != NULL
                                     ? g_bytes_new(wanted->text, strlen(wanted->text))
                                     : made_content(wanted->name, wanted->size);
    }
    UserAgentMail written = {
        .to = mail->to,
        .cc = mail->cc,
        .bcc = mail->bcc,
        .subject = mail->subject,
        .body = mail->body,
        .html = mail->html,
        .from = mail->from,
        .reverse_path = mail->reverse_path,
        .attachments = attachments,
        .n_attachments = count,
        .as_8bit = mail->as_8bit,
        .as_utf8 = mail->as_utf8,
    };
    user_agent_compose(agent_of(run, action), &written);
    for (guint i = 0; i < count; i++) {
        g_bytes_unref(attachments[i].content);
    }
    return true;
}

static const UserAgentMessage *
message_to_answer(const ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const UserAgentMessage *message =
        user_agent_message(agent_of(run, action), USER_AGENT_INBOX, action->number);
    if (message == NULL) {
        scenario_fail(
            run,
            action,
            error,
            "%s has no message in the Inbox of %s: fetch one first",
            user_agent_name(agent_of(run, action)),
            scenario_device(run->scenario, action->device)->machine
        );
    }
    return message;
}

bool scenario_deed_replies(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const UserAgentMessage *message = message_to_answer(run, action, error);
    if (message == NULL) {
        return false;
    }
    user_agent_reply(
        agent_of(run, action),
        message->octets,
        (action->flags & SCENARIO_TO_ALL) != 0,
        action->mail->body
    );
    return true;
}

bool scenario_deed_forwards(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const UserAgentMessage *message = message_to_answer(run, action, error);
    if (message == NULL) {
        return false;
    }
    user_agent_forward(
        agent_of(run, action),
        message->octets,
        action->mail->to,
        action->mail->body,
        (action->flags & SCENARIO_AS_ATTACHMENT) != 0
    );
    return true;
}

static void
send_by_browser(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    const char *host = scenario_server(run->scenario, person->server)->name;
    user_agent_browse(agent_of(run, action), address, host, true);
}

static void send_to(ScenarioRun *run, const ScenarioAction *action, const SimAddress *address)
{
    UserAgentSending sending = {
        .server = *address,
        .port = (action->flags & SCENARIO_BY_SUBMISSION) != 0 ? 587 : 25,
        .mechanism = action->other,
        .pipelines = (action->flags & SCENARIO_PIPELINED) != 0,
        .chunks = (action->flags & SCENARIO_CHUNKED) != 0,
        .uses_helo = (action->flags & SCENARIO_WITH_HELO) != 0,
        .one_by_one = (action->flags & SCENARIO_ONE_BY_ONE) != 0,
    };
    user_agent_send(agent_of(run, action), &sending);
}

/* The mail server is a program of the same machine: the message goes straight into its queue. */
static bool send_locally(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    UserAgent *agent = agent_of(run, action);
    const char *machine = scenario_device(run->scenario, action->device)->machine;
    int server = scenario_find_server(run->scenario, machine);
    if (server < 0) {
        return scenario_fail(
            run, action, error, "%s is no mail server, so nothing can be sent locally", machine
        );
    }
    UserAgentOutgoing *outgoing;
    while ((outgoing = user_agent_take_outgoing(agent)) != NULL) {
        transfer_agent_submit(
            run->servers[server].transfer,
            outgoing->reverse_path,
            (const char *const *)outgoing->recipients,
            outgoing->octets,
            "user",
            NULL
        );
        user_agent_keep(agent, outgoing->octets, USER_AGENT_SENT, NULL);
        user_agent_outgoing_free(outgoing);
    }
    return true;
}

bool scenario_deed_sends(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    const ScenarioPerson *person = scenario_person(run->scenario, action->person);
    if (user_agent_outbox_count(agent_of(run, action)) == 0) {
        return scenario_fail(
            run, action, error, "%s has nothing to send: the outbox is empty", person->name
        );
    }
    if ((action->flags & SCENARIO_LOCALLY) != 0) {
        return send_locally(run, action, error);
    }
    const char *server =
        action->text != NULL ? action->text : scenario_server_of(run, action, error);
    bool in_browser = (action->flags & SCENARIO_BY_WEBMAIL) != 0;
    return server != NULL &&
           scenario_look_up(run, action, server, in_browser ? send_by_browser : send_to, error);
}
