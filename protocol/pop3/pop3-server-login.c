/* The three ways to log in: USER and PASS, APOP (RFC 1939 §7), AUTH (RFC 5034). */

#include "protocol/pop3/pop3-server-private.h"

bool pop3_server_ask_login(Pop3Server *server, const char *method, Pop3ServerEvent *out_event)
{
    out_event->identity = byte_span_from_string(server->user);
    out_event->method = method;
    return pop3_server_ask(server, POP3_SERVER_LOGIN, out_event);
}

bool pop3_server_handle_user(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    (void)out_event;
    g_free(server->user);
    server->user = byte_span_to_string(byte_span_trim(command->arguments));
    server->user_is_fresh = true;
    pop3_server_ok(server, "%s", "");
    return false;
}

bool pop3_server_handle_pass(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    if (server->user == NULL) {
        pop3_server_error(server, "USER must come right before");
        return false;
    }
    g_free(server->secret);
    server->secret = byte_span_to_string(command->arguments);
    server->is_apop = false;
    return pop3_server_ask_login(server, "USER/PASS", out_event);
}

bool pop3_server_handle_apop(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    ByteSpan rest = command->arguments;
    ByteSpan name = BYTE_SPAN_EMPTY;
    ByteSpan digest = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &name);
    byte_span_next_token(&rest, ' ', &digest);
    g_free(server->user);
    g_free(server->secret);
    server->user = byte_span_to_string(name);
    server->secret = byte_span_to_string(digest);
    server->is_apop = true;
    return pop3_server_ask_login(server, "APOP", out_event);
}

bool pop3_server_proof_fits(const Pop3Server *server, const char *password)
{
    if (server->sasl != NULL) {
        return true; /* LOGIN comes only when the exchange has ended well */
    }
    if (password == NULL || server->secret == NULL) {
        return false;
    }
    if (!server->is_apop) {
        return g_str_equal(server->secret, password);
    }
    /* RFC 1939 §7: MD5 of the timestamp and the shared secret */
    g_autofree char *shared = g_strconcat(server->banner, password, NULL);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, shared, -1);
    return g_ascii_strcasecmp(digest, server->secret) == 0;
}

static void clear_message(gpointer data)
{
    Pop3Message *message = data;
    g_free(message->unique_id);
}

void pop3_server_answer_login(
    Pop3Server *server, const Pop3Entry *entries, gsize count, const char *refusal
)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_LOGIN);
    server->awaits_answer = false;
    g_clear_pointer(&server->secret, g_free);
    g_clear_pointer(&server->sasl, sasl_server_free);
    if (refusal != NULL) {
        g_clear_pointer(&server->user, g_free);
        pop3_server_refuse(server, refusal);
        return;
    }
    server->messages = g_array_new(FALSE, TRUE, sizeof(Pop3Message));
    g_array_set_clear_func(server->messages, clear_message);
    guint64 octets = 0;
    for (gsize i = 0; i < count; i++) {
        Pop3Message message = {
            .octets = entries[i].octets, .unique_id = g_strdup(entries[i].unique_id)};
        g_array_append_val(server->messages, message);
        octets += message.octets;
    }
    pop3_server_ok(
        server,
        "maildrop has %" G_GSIZE_FORMAT " %s (%" G_GUINT64_FORMAT " octets)",
        count,
        count == 1 ? "message" : "messages",
        octets
    );
}

char *pop3_server_usable_mechanisms(const Pop3Server *server)
{
    return sasl_server_usable(
        server->mechanisms, server->is_tls || server->options.allows_plaintext_auth
    );
}

static bool is_usable(const Pop3Server *server, ByteSpan mechanism)
{
    g_autofree char *usable = pop3_server_usable_mechanisms(server);
    return sasl_server_is_among(usable, mechanism);
}

static const char *failure_text(SaslFailure failure)
{
    switch (failure) {
    case SASL_FAILURE_CANCELLED:
        return "authentication cancelled";
    case SASL_FAILURE_BASE64:
        return "cannot decode the response as base64";
    case SASL_FAILURE_UNEXPECTED:
        return "this mechanism takes no initial response";
    case SASL_FAILURE_SYNTAX:
        return "the response has not the form of this mechanism";
    case SASL_FAILURE_AUTHORIZATION:
        return "[AUTH] not allowed to act for that identity";
    case SASL_FAILURE_CREDENTIALS:
    case SASL_FAILURE_NONE:
        break;
    }
    return "[AUTH] name or password is wrong";
}

/* False: the owner has nothing to do. */
static bool go_on(Pop3Server *server, SaslServerStep step, Pop3ServerEvent *out_event)
{
    g_autofree char *challenge = NULL;
    switch (step) {
    case SASL_SERVER_CHALLENGE:
        challenge = byte_span_to_string(sasl_server_challenge(server->sasl));
        pop3_server_line(server, "+ %s", challenge);
        return false;
    case SASL_SERVER_PASSWORD:
        out_event->identity = byte_span_from_string(sasl_server_identity(server->sasl));
        out_event->method = sasl_server_mechanism(server->sasl);
        return pop3_server_ask(server, POP3_SERVER_PASSWORD, out_event);
    case SASL_SERVER_SUCCESS:
        g_free(server->user);
        server->user = g_strdup(sasl_server_identity(server->sasl));
        server->login_is_due = true;
        return false;
    case SASL_SERVER_FAILURE:
        pop3_server_refuse(server, failure_text(sasl_server_failure(server->sasl)));
        g_clear_pointer(&server->sasl, sasl_server_free);
        return false;
    }
    return false;
}

/* The old form of RFC 1734's time, still in use: AUTH alone lists the mechanisms. */
static void list_mechanisms(Pop3Server *server)
{
    g_autofree char *usable = pop3_server_usable_mechanisms(server);
    ByteSpan rest = byte_span_from_string(usable);
    ByteSpan name;
    pop3_server_ok(server, "mechanisms follow");
    while (byte_span_next_token(&rest, ' ', &name)) {
        pop3_server_line(server, "%.*s", (int)name.length, name.data);
    }
    pop3_server_line(server, ".");
}

bool pop3_server_handle_auth(
    Pop3Server *server, const DialogueEvent *command, Pop3ServerEvent *out_event
)
{
    ByteSpan rest = command->arguments;
    ByteSpan mechanism = BYTE_SPAN_EMPTY;
    ByteSpan initial = BYTE_SPAN_EMPTY;
    byte_span_next_token(&rest, ' ', &mechanism);
    byte_span_next_token(&rest, ' ', &initial);
    if (mechanism.length == 0) {
        list_mechanisms(server);
        return false;
    }
    if (!is_usable(server, mechanism)) {
        pop3_server_error(server, "mechanism not offered here");
        return false;
    }
    SaslServerOptions options = {
        .service = "pop",
        .host_name = server->host_name,
        .seed = sasl_server_seed(server->options.seed, ++server->auth_attempts),
    };
    sasl_server_free(server->sasl);
    server->sasl = sasl_server_new(mechanism, &options);
    return go_on(server, sasl_server_begin(server->sasl, initial), out_event);
}

bool pop3_server_take_response(
    Pop3Server *server, const DialogueEvent *response, Pop3ServerEvent *out_event
)
{
    if (server->sasl == NULL) { /* somebody overrode the answer to AUTH */
        pop3_server_refuse(server, "[SYS/TEMP] authentication is not possible now");
        return false;
    }
    return go_on(server, sasl_server_respond(server->sasl, response->text), out_event);
}

void pop3_server_answer_password(Pop3Server *server, const char *password)
{
    g_assert(server->awaits_answer && server->asked == POP3_SERVER_PASSWORD);
    server->awaits_answer = false;
    Pop3ServerEvent unused = {0};
    go_on(server, sasl_server_answer_password(server->sasl, password), &unused);
}
