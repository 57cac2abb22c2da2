/* Expectations: what must be so at a place of the story. What is not so is remembered and told at
 * the end; the story goes on. */

#include "sim/network/octets.h"
#include "sim/scenario/scenario-run-private.h"

#define SAID_MAXIMUM (16 * 1024 * 1024)

enum {
    ETHERNET_LENGTH = 14,
    IPV6_LENGTH = 40,
    TCP_LEAST = 20,
    PROTOCOL_TCP = 6,
};

/* The octets that a frame carries by TCP; empty where it carries none. */
static ByteSpan tcp_payload(ByteSpan frame)
{
    ByteSpan packet = byte_span_from(frame, ETHERNET_LENGTH);
    gsize header;
    gsize end;
    if (packet.length < IPV6_LENGTH) {
        return BYTE_SPAN_EMPTY;
    }
    if (packet.data[0] >> 4 == 4) {
        header = (gsize)(packet.data[0] & 15) * 4;
        end = get_16(packet.data + 2);
        if (packet.data[9] != PROTOCOL_TCP) {
            return BYTE_SPAN_EMPTY;
        }
    } else {
        header = IPV6_LENGTH;
        end = (gsize)IPV6_LENGTH + get_16(packet.data + 4);
        if (packet.data[6] != PROTOCOL_TCP) {
            return BYTE_SPAN_EMPTY;
        }
    }
    if (packet.length < header + TCP_LEAST || end > packet.length) {
        return BYTE_SPAN_EMPTY;
    }
    gsize start = header + (gsize)(packet.data[header + 12] >> 4) * 4;
    return start < end ? byte_span_slice(packet, start, end - start) : BYTE_SPAN_EMPTY;
}

void scenario_note_frame(ScenarioRun *run, const SimTapFrame *frame)
{
    ByteSpan payload = tcp_payload(frame->octets);
    if (payload.length > 0 && run->said->len + payload.length < SAID_MAXIMUM) {
        g_string_append_len(run->said, (const char *)payload.data, (gssize)payload.length);
    }
}

static bool contains(const char *data, gsize length, const char *text)
{
    gsize wanted = strlen(text);
    for (const char *at = data; (at = memchr(at, text[0], length - (gsize)(at - data))) != NULL;
         at++) {
        if (length - (gsize)(at - data) < wanted) {
            return false;
        }
        if (memcmp(at, text, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* A line that begins with the code. */
static bool code_was_said(const ScenarioRun *run, const char *code)
{
    g_autofree char *spaced = g_strdup_printf("\r\n%s ", code);
    g_autofree char *dashed = g_strdup_printf("\r\n%s-", code);
    return contains(run->said->str, run->said->len, spaced) ||
           contains(run->said->str, run->said->len, dashed) ||
           g_str_has_prefix(run->said->str, spaced + 2);
}

static void G_GNUC_PRINTF(3, 4)
    fail(ScenarioRun *run, const ScenarioAction *action, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(
        run->failures, g_strdup_printf("%s:%u: %s", run->scenario->file, action->line, text)
    );
}

static void
check_count(ScenarioRun *run, const ScenarioAction *action, const char *where, guint count)
{
    if (count != action->number) {
        fail(run, action, "%s holds %u messages, not %u", where, count, action->number);
    }
}

static bool check_mailbox(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    for (guint i = 0; i < run->scenario->servers->len; i++) {
        MailStore *store = run->servers[i].store;
        if (mail_store_has_account(store, action->text)) {
            g_autoptr(MailFolder) folder = NULL;
            if (mail_folder_open(store, action->text, "INBOX", &folder, error) != MAIL_STORE_DONE) {
                return false;
            }
            g_autofree char *where = g_strdup_printf("the mailbox of %s", action->text);
            check_count(run, action, where, mail_folder_count(folder));
            return true;
        }
    }
    return scenario_fail(run, action, error, "no server has a mailbox '%s'", action->text);
}

static bool check_queue(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    int server = scenario_find_server(run->scenario, action->text);
    if (server < 0) {
        return scenario_fail(run, action, error, "there is no mail server '%s'", action->text);
    }
    g_autofree char *where = g_strdup_printf("the queue of %s", action->text);
    check_count(
        run,
        action,
        where,
        outgoing_queue_length(transfer_agent_queue(run->servers[server].transfer))
    );
    return true;
}

static void check_person(ScenarioRun *run, const ScenarioAction *action)
{
    const char *folder = action->other != NULL ? action->other : USER_AGENT_INBOX;
    g_autofree char *where = g_strdup_printf(
        "%s of %s on %s",
        folder,
        scenario_person(run->scenario, action->person)->name,
        scenario_device(run->scenario, action->device)->machine
    );
    check_count(
        run, action, where, user_agent_message_count(run->devices[action->device].agent, folder)
    );
}

static void check_newest(ScenarioRun *run, const ScenarioAction *action)
{
    const UserAgentMessage *message =
        user_agent_message(run->devices[action->device].agent, USER_AGENT_INBOX, 0);
    gsize length = 0;
    const char *octets = message == NULL ? "" : g_bytes_get_data(message->octets, &length);
    if (!contains(octets, length, action->text)) {
        fail(run, action, "the newest message does not hold '%s'", action->text);
    }
}

static void
check_found(ScenarioRun *run, const ScenarioAction *action, const char *what, bool is_found)
{
    bool is_wanted = (action->flags & SCENARIO_NOT) == 0;
    if (is_found != is_wanted) {
        fail(run, action, "%s '%s' was%s there", what, action->text, is_found ? "" : " not");
    }
}

bool scenario_deed_expects(ScenarioRun *run, const ScenarioAction *action, GError **error)
{
    switch (action->expectation) {
    case SCENARIO_EXPECT_PERSON:
        check_person(run, action);
        return true;
    case SCENARIO_EXPECT_MAILBOX:
        return check_mailbox(run, action, error);
    case SCENARIO_EXPECT_QUEUE:
        return check_queue(run, action, error);
    case SCENARIO_EXPECT_CODE:
        check_found(run, action, "code", code_was_said(run, action->text));
        return true;
    case SCENARIO_EXPECT_SAID:
        check_found(run, action, "text", contains(run->said->str, run->said->len, action->text));
        return true;
    case SCENARIO_EXPECT_EVENT:
        check_found(run, action, "event", contains(run->told->str, run->told->len, action->text));
        return true;
    case SCENARIO_EXPECT_HOLDS:
        check_newest(run, action);
        return true;
    }
    return true;
}
