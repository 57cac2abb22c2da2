/* AUTH (RFC 4954 §4): the exchange is led by SaslServer, the password comes from the owner. */

#include "protocol/smtp/smtp-server-private.h"

char *smtp_server_usable_mechanisms(const SmtpServer *server)
{
    return sasl_server_usable(
        server->mechanisms, server->is_tls || server->options.allows_plaintext_auth
    );
}

static bool is_usable(const SmtpServer *server, ByteSpan mechanism)
{
    g_autofree char *usable = smtp_server_usable_mechanisms(server);
    return sasl_server_is_among(usable, mechanism);
}

typedef struct {
    SaslFailure failure;
    guint code;
    const char *enhanced;
    const char *text;
} FailureReply;

/* RFC 4954 §4 and §6 */
static const FailureReply failure_replies[] = {
    {SASL_FAILURE_CANCELLED, 501, "5.7.0", "Authentication cancelled"},
    {SASL_FAILURE_BASE64, 501, "5.5.2", "Cannot decode the response as base64"},
    {SASL_FAILURE_UNEXPECTED, 501, "5.7.0", "This mechanism takes no initial response"},
    {SASL_FAILURE_SYNTAX, 501, "5.5.2", "The response has not the form of this mechanism"},
    {SASL_FAILURE_CREDENTIALS, 535, "5.7.8", "Authentication credentials invalid"},
    {SASL_FAILURE_AUTHORIZATION, 535, "5.7.8", "Not allowed to act for that identity"},
};

static void say_failure(SmtpServer *server)
{
    SaslFailure failure = sasl_server_failure(server->sasl);
    g_clear_pointer(&server->sasl, sasl_server_free);
    for (gsize i = 0; i < G_N_ELEMENTS(failure_replies); i++) {
        const FailureReply *row = &failure_replies[i];
        if (row->failure == failure) {
            smtp_server_reject(server, row->code, row->enhanced, row->text);
            return;
        }
    }
    g_assert_not_reached();
}

static void say_challenge(SmtpServer *server)
{
    g_autofree char *text = byte_span_to_string(sasl_server_challenge(server->sasl));
    smtp_server_say(server, 334, NULL, text);
}

static void let_in(SmtpServer *server)
{
    g_free(server->user);
    server->user = g_strdup(sasl_server_identity(server->sasl));
    g_clear_pointer(&server->sasl, sasl_server_free);
    smtp_server_say(server, 235, "2.7.0", "Authentication successful");
}

static SmtpHandled go_on(SmtpServer *server, SaslServerStep step, SmtpServerEvent *out_event)
{
    switch (step) {
    case SASL_SERVER_CHALLENGE:
        say_challenge(server);
        break;
    case SASL_SERVER_PASSWORD:
        out_event->identity = byte_span_from_string(sasl_server_identity(server->sasl));
        out_event->authorization = byte_span_from_string(sasl_server_authorization(server->sasl));
        out_event->mechanism = byte_span_from_string(sasl_server_mechanism(server->sasl));
        return smtp_server_ask(server, SMTP_SERVER_AUTH, out_event);
    case SASL_SERVER_SUCCESS:
        let_in(server);
        break;
    case SASL_SERVER_FAILURE:
        say_failure(server);
        break;
    }
    return SMTP_COMMAND_DONE;
}

SmtpHandled smtp_server_handle_auth(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    ByteSpan rest = command->arguments;
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &mechanism);
    byte_span_next_token(&rest, ' ', &initial);
    if (server->user != NULL) {
        return smtp_server_reject(server, 503, "5.5.1", "Already authenticated");
    }
    if (!server->is_extended) {
        return smtp_server_reject(server, 503, "5.5.1", "Say EHLO first");
    }
    if (mechanism.length == 0 || byte_span_trim(rest).length > 0) {
        return smtp_server_reject(
            server, 501, "5.5.4", "Syntax: AUTH mechanism [initial-response]"
        );
    }
    if (!is_usable(server, mechanism)) {
        return smtp_server_reject(server, 504, "5.5.4", "Mechanism not offered here");
    }
    SaslServerOptions options = {
        .service = "smtp",
        .host_name = server->host_name,
        .seed = sasl_server_seed(server->options.seed, server->auth_attempts++),
    };
    server->sasl = sasl_server_new(mechanism, &options);
    return go_on(server, sasl_server_begin(server->sasl, initial), out_event);
}

bool smtp_server_take_response(
    SmtpServer *server, const DialogueEvent *response, SmtpServerEvent *out_event
)
{
    if (server->sasl == NULL) { /* somebody overrode the answer to AUTH */
        smtp_server_say(server, 454, "4.7.0", "Temporary authentication failure");
        return false;
    }
    if ((response->defects & DIALOGUE_DEFECT_TOO_LONG) != 0) {
        g_clear_pointer(&server->sasl, sasl_server_free);
        smtp_server_reject(server, 500, "5.5.6", "Authentication exchange line is too long");
        return false;
    }
    SaslServerStep step = sasl_server_respond(server->sasl, response->text);
    return go_on(server, step, out_event) == SMTP_COMMAND_TO_OWNER;
}

void smtp_server_answer_auth(SmtpServer *server, const char *password, const SmtpReply *reply)
{
    g_assert(server->awaits_answer && server->asked == SMTP_SERVER_AUTH);
    server->awaits_answer = false;
    if (reply != NULL) {
        g_clear_pointer(&server->sasl, sasl_server_free);
        smtp_server_say_reply(server, reply);
        return;
    }
    SmtpServerEvent unused = {0};
    go_on(server, sasl_server_answer_password(server->sasl, password), &unused);
}
