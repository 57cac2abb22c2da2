#include "sim/agent/agent-prompter.h"

#include <string.h>

void agent_prompter_set(SimWorld *world, const AgentPrompter *prompter)
{
    sim_world_set_data(world, (gpointer)prompter);
}

void agent_prompt(const SimTcp *tcp, const AgentMouth *mouth)
{
    const AgentPrompter *prompter =
        tcp == NULL ? NULL : sim_world_data(sim_host_world(sim_tcp_host(tcp)));
    if (prompter != NULL) {
        prompter->meet(prompter->owner, tcp, mouth);
    }
}

/* --- which words fit --- */

static bool begins_with_code(const char *text)
{
    guint64 code;
    g_autofree char *digits = g_strndup(text, 3);
    return g_ascii_string_to_unsigned(digits, 10, 200, 599, &code, NULL) &&
           (text[3] == ' ' || text[3] == '\0');
}

static bool is_imap_status(const char *text)
{
    static const char *const words[] = {"OK", "NO", "BAD"};
    gsize length = strcspn(text, " ");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (length == strlen(words[i]) && strncmp(text, words[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* Lines that begin with a star, and the last one, before which the tag is put. */
static bool is_imap_answer(const char *text, bool is_greeting)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        bool is_last = lines[i + 1] == NULL;
        bool is_untagged = g_str_has_prefix(lines[i], "* ");
        bool is_end = g_str_has_prefix(lines[i], "* BYE") || is_imap_status(lines[i]);
        if (!(is_last && !is_greeting ? is_end : is_untagged)) {
            return false;
        }
    }
    return true;
}

static const char *answer_mistake(AgentProtocol protocol, guint64 number, const char *text)
{
    switch (protocol) {
    case AGENT_SPEAKS_SMTP:
        return begins_with_code(text)
                   ? NULL
                   : "an answer of SMTP begins with a code from 200 to 599, as in \"250 Ok\"";
    case AGENT_SPEAKS_POP3:
        return g_str_has_prefix(text, "+OK") || g_str_has_prefix(text, "-ERR")
                   ? NULL
                   : "an answer of POP3 begins with +OK or -ERR";
    case AGENT_SPEAKS_IMAP:
        if (is_imap_answer(text, number == 0)) {
            return NULL;
        }
        return number == 0 ? "a greeting of IMAP begins with \"* OK\", \"* PREAUTH\" or \"* BYE\""
                           : "an answer of IMAP begins with OK, NO or BAD (its tag is put before "
                             "it), lines in front of it with \"* \"";
    case AGENT_SPEAKS_HTTP:
        return number == 0 ? "there is no greeting in HTTP: the client speaks first"
               : begins_with_code(text)
                   ? NULL
                   : "an answer of HTTP begins with a code, as in \"404 Not Found\"";
    }
    return NULL;
}

const char *
agent_words_mistake(AgentProtocol protocol, bool is_server, guint64 number, const char *text)
{
    if (is_server) {
        return answer_mistake(protocol, number, text);
    }
    if (number == 0) {
        return "the client says nothing here: the server greets";
    }
    const char *space = strchr(text, ' ');
    bool is_request = space != NULL && space > text && space[1] != '\0';
    return protocol == AGENT_SPEAKS_HTTP && !is_request
               ? "a request of HTTP looks like \"GET /page\""
               : NULL;
}

/* --- the engines --- */

/* "550 5.1.1 No such user": what of it is code, enhanced code and text. */
static SmtpReply read_smtp_reply(const char *text, char **enhanced, char **rest)
{
    g_autofree char *digits = g_strndup(text, 3);
    const char *words = text + 3 + strspn(text + 3, " ");
    gsize length = strspn(words, "0123456789.");
    bool is_enhanced = length >= 5 && (words[length] == ' ' || words[length] == '\0') &&
                       words[0] == text[0] && words[1] == '.';
    *enhanced = is_enhanced ? g_strndup(words, length) : NULL;
    *rest = g_strdup(is_enhanced ? words + length + strspn(words + length, " ") : words);
    return (SmtpReply
    ){.code = (guint)g_ascii_strtoull(digits, NULL, 10), .enhanced = *enhanced, .text = *rest};
}

static void smtp_server_line(gpointer engine, guint64 number, const char *text, bool *said)
{
    g_autofree char *enhanced = NULL;
    g_autofree char *rest = NULL;
    SmtpReply reply = read_smtp_reply(text, &enhanced, &rest);
    smtp_server_set_override(engine, number, &reply, said);
}

static void smtp_server_end(gpointer engine, guint64 number, const char *text, bool *said)
{
    g_autofree char *enhanced = NULL;
    g_autofree char *rest = NULL;
    SmtpReply reply = read_smtp_reply(text, &enhanced, &rest);
    smtp_server_set_end_override(engine, number, &reply, said);
}

static void smtp_client_line(gpointer engine, guint64 number, const char *text, bool *said)
{
    smtp_client_set_line_override(engine, number, text, said);
}

static void pop3_server_words(gpointer engine, guint64 number, const char *text, bool *said)
{
    pop3_server_set_override(engine, number, text, said);
}

static void pop3_client_line(gpointer engine, guint64 number, const char *text, bool *said)
{
    pop3_client_set_line_override(engine, number, text, said);
}

static void imap_server_words(gpointer engine, guint64 number, const char *text, bool *said)
{
    imap_server_set_override(engine, number, text, said);
}

static void imap_client_line(gpointer engine, guint64 number, const char *text, bool *said)
{
    imap_client_set_line_override(engine, number, text, said);
}

void agent_prompt_smtp_server(const SimTcp *tcp, SmtpServer *server)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_SMTP,
        .is_server = true,
        .set_line = smtp_server_line,
        .set_end = smtp_server_end,
        .engine = server,
    };
    agent_prompt(tcp, &mouth);
}

void agent_prompt_smtp_client(const SimTcp *tcp, SmtpClient *client)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_SMTP, .set_line = smtp_client_line, .engine = client};
    agent_prompt(tcp, &mouth);
}

void agent_prompt_pop3_server(const SimTcp *tcp, Pop3Server *server)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_POP3,
        .is_server = true,
        .set_line = pop3_server_words,
        .engine = server,
    };
    agent_prompt(tcp, &mouth);
}

void agent_prompt_pop3_client(const SimTcp *tcp, Pop3Client *client)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_POP3, .set_line = pop3_client_line, .engine = client};
    agent_prompt(tcp, &mouth);
}

void agent_prompt_imap_server(const SimTcp *tcp, ImapServer *server)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_IMAP,
        .is_server = true,
        .set_line = imap_server_words,
        .engine = server,
    };
    agent_prompt(tcp, &mouth);
}

void agent_prompt_imap_client(const SimTcp *tcp, ImapClient *client)
{
    AgentMouth mouth = {
        .protocol = AGENT_SPEAKS_IMAP, .set_line = imap_client_line, .engine = client};
    agent_prompt(tcp, &mouth);
}
