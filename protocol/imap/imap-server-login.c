/* LOGIN, AUTHENTICATE and STARTTLS. Both ways to log in ask the owner for the password of the name,
 * judge the proof here, and then ask it for the mailboxes. */

#include "protocol/imap/imap-server-private.h"

static void forget_attempt(ImapServer *server)
{
    g_clear_pointer(&server->sasl, sasl_server_free);
    g_clear_pointer(&server->identity, g_free);
    g_clear_pointer(&server->authorization, g_free);
    g_clear_pointer(&server->secret, g_free);
    g_clear_pointer(&server->method, g_free);
}

static void refuse(ImapServer *server, const char *code, const char *text)
{
    forget_attempt(server);
    imap_server_no(server, code, "%s", text);
    if (++server->attempts >= IMAP_SERVER_ATTEMPTS_MAXIMUM) {
        imap_server_bye(server, "Too many attempts to log in");
    }
}

bool imap_server_handle_starttls(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    (void)command;
    if (server->is_tls) {
        imap_server_bad(server, "TLS is on already");
        return false;
    }
    imap_server_ok(server, NULL, "Begin TLS now");
    out_event->kind = IMAP_SERVER_STARTTLS;
    return true;
}

static bool is_open_enough(const ImapServer *server)
{
    return server->is_tls || server->options.allows_plaintext_login;
}

bool imap_server_handle_login(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ImapArguments arguments;
    if (!is_open_enough(server)) {
        imap_server_no(
            server, "PRIVACYREQUIRED", "The password would be readable: TLS comes first"
        );
        return false;
    }
    forget_attempt(server);
    imap_arguments_init(&arguments, server, command->arguments);
    server->identity = imap_arguments_string(&arguments);
    server->secret = imap_arguments_string(&arguments);
    server->method = g_strdup("LOGIN");
    if (server->identity == NULL || server->secret == NULL) {
        forget_attempt(server);
        imap_server_bad(server, "Syntax: %s", server->row->item.syntax);
        return false;
    }
    return imap_server_ask(server, IMAP_SERVER_PASSWORD, out_event);
}

static bool is_offered(const ImapServer *server, ByteSpan mechanism)
{
    return sasl_server_knows(mechanism) && sasl_server_is_among(server->mechanisms, mechanism);
}

static void refuse_sasl(ImapServer *server)
{
    switch (sasl_server_failure(server->sasl)) {
    case SASL_FAILURE_CANCELLED:
        forget_attempt(server);
        imap_server_bad(server, "The authentication was cancelled");
        break;
    case SASL_FAILURE_BASE64:
    case SASL_FAILURE_UNEXPECTED:
    case SASL_FAILURE_SYNTAX:
        forget_attempt(server);
        imap_server_bad(server, "That response is not what the mechanism wants");
        break;
    case SASL_FAILURE_AUTHORIZATION:
        refuse(server, "AUTHORIZATIONFAILED", "You may not act for that user");
        break;
    case SASL_FAILURE_CREDENTIALS:
    case SASL_FAILURE_NONE:
        refuse(server, "AUTHENTICATIONFAILED", "The name or the password is wrong");
        break;
    }
}

static bool follow_sasl(ImapServer *server, SaslServerStep step, ImapServerEvent *out_event)
{
    g_autofree char *challenge = NULL;
    switch (step) {
    case SASL_SERVER_CHALLENGE:
        challenge = byte_span_to_string(sasl_server_challenge(server->sasl));
        imap_server_go_on(server, challenge);
        return false;
    case SASL_SERVER_PASSWORD:
        g_free(server->identity);
        server->identity = g_strdup(sasl_server_identity(server->sasl));
        return imap_server_ask(server, IMAP_SERVER_PASSWORD, out_event);
    case SASL_SERVER_SUCCESS:
        g_free(server->authorization);
        server->authorization = g_strdup(sasl_server_authorization(server->sasl));
        return imap_server_ask(server, IMAP_SERVER_OPEN, out_event);
    case SASL_SERVER_FAILURE:
        refuse_sasl(server);
        return false;
    }
    return false;
}

bool imap_server_handle_authenticate(
    ImapServer *server, const DialogueEvent *command, ImapServerEvent *out_event
)
{
    ByteSpan rest = command->arguments;
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &mechanism);
    byte_span_next_token(&rest, ' ', &initial);
    if (!is_offered(server, mechanism)) {
        imap_server_no(server, "CANNOT", "That mechanism is not offered here");
        return false;
    }
    if (sasl_server_shows_password(mechanism) && !is_open_enough(server)) {
        imap_server_no(
            server, "PRIVACYREQUIRED", "The password would be readable: TLS comes first"
        );
        return false;
    }
    if (initial.length > 0 &&
        !imap_server_offers(server, IMAP_OFFER_SASL_IR | IMAP_OFFER_REVISION_2)) {
        imap_server_bad(server, "An initial response is not offered here (SASL-IR)");
        return false;
    }
    SaslServerOptions options = {
        .service = "imap",
        .host_name = server->host_name,
        .seed = server->options.seed + server->attempts,
    };
    forget_attempt(server);
    server->sasl = sasl_server_new(mechanism, &options);
    server->method = byte_span_to_string(mechanism);
    return follow_sasl(server, sasl_server_begin(server->sasl, initial), out_event);
}

bool imap_server_sasl_response(ImapServer *server, ByteSpan line, ImapServerEvent *out_event)
{
    return follow_sasl(server, sasl_server_respond(server->sasl, line), out_event);
}

/* The next question for the owner waits until next_event() is called. */
static void ask_later(ImapServer *server, SaslServerStep step)
{
    server->sasl_step = step;
    server->has_sasl_step = true;
}

bool imap_server_take_sasl_step(ImapServer *server, ImapServerEvent *out_event)
{
    server->has_sasl_step = false;
    if (server->sasl == NULL) {
        return imap_server_ask(server, IMAP_SERVER_OPEN, out_event);
    }
    return follow_sasl(server, server->sasl_step, out_event);
}

void imap_server_answer_password(ImapServer *server, const char *password)
{
    g_assert(server->awaits_answer && server->asked == IMAP_SERVER_PASSWORD);
    server->awaits_answer = false;
    if (server->sasl != NULL) {
        ask_later(server, sasl_server_answer_password(server->sasl, password));
    } else if (password != NULL && strcmp(password, server->secret) == 0) {
        ask_later(server, SASL_SERVER_SUCCESS);
    } else {
        refuse(server, "AUTHENTICATIONFAILED", "The name or the password is wrong");
    }
}

void imap_server_answer_open(
    ImapServer *server, const ImapStorage *functions, gpointer storage, const char *refusal
)
{
    g_assert(server->awaits_answer && server->asked == IMAP_SERVER_OPEN);
    server->awaits_answer = false;
    if (functions == NULL) {
        forget_attempt(server);
        imap_server_no(server, NULL, "%s", refusal == NULL ? "Not now" : refusal);
        return;
    }
    g_free(server->user);
    server->user = g_strdup(server->identity);
    server->store = functions;
    server->storage = storage;
    forget_attempt(server);
    g_autofree char *code = imap_server_capability_code(server);
    imap_server_ok(server, code, "Logged in");
}
