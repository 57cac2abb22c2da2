#include "protocol/sasl/sasl-server.h"

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-mechanism-private.h"

#define USUAL_MECHANISMS "SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 PLAIN LOGIN"
#define SEED_STEP 0x9e3779b97f4a7c15u /* from one attempt's seed to the next */

bool sasl_server_knows(ByteSpan mechanism)
{
    return sasl_mechanism_row(mechanism) != NULL;
}

bool sasl_server_shows_password(ByteSpan mechanism)
{
    return byte_span_is_nocase(mechanism, "PLAIN") || byte_span_is_nocase(mechanism, "LOGIN");
}

char *sasl_server_usable(const char *mechanisms, bool allows_shown_password)
{
    ByteSpan rest = byte_span_from_string(mechanisms == NULL ? USUAL_MECHANISMS : mechanisms);
    ByteSpan name;
    g_autoptr(GString) usable = g_string_new(NULL);
    while (byte_span_next_token(&rest, ' ', &name)) {
        bool is_safe = allows_shown_password || !sasl_server_shows_password(name);
        if (is_safe && sasl_server_knows(name)) {
            g_string_append(usable, usable->len > 0 ? " " : "");
            g_string_append_len(usable, (const char *)name.data, (gssize)name.length);
        }
    }
    return g_string_free(g_steal_pointer(&usable), FALSE);
}

bool sasl_server_is_among(const char *mechanisms, ByteSpan mechanism)
{
    ByteSpan rest = byte_span_from_string(mechanisms);
    ByteSpan name;
    while (byte_span_next_token(&rest, ' ', &name)) {
        if (byte_span_equal_nocase(name, mechanism)) {
            return true;
        }
    }
    return false;
}

guint64 sasl_server_seed(guint64 seed, guint64 attempt)
{
    return seed + SEED_STEP * attempt;
}

SaslServer *sasl_server_new(ByteSpan mechanism, const SaslServerOptions *options)
{
    const SaslMechanism *row = sasl_mechanism_row(mechanism);
    if (row == NULL) {
        return NULL;
    }
    SaslServer *server = g_new0(SaslServer, 1);
    server->mechanism = row;
    server->service = g_strdup(options->service);
    server->host_name = g_strdup(options->host_name);
    server->seed = options->seed;
    byte_buffer_init(&server->challenge, SASL_LINE_MAXIMUM);
    return server;
}

void sasl_server_free(SaslServer *server)
{
    if (server == NULL) {
        return;
    }
    if (server->state != NULL) {
        server->mechanism->free_server_state(server->state);
    }
    g_free(server->service);
    g_free(server->host_name);
    g_free(server->identity);
    g_free(server->authorization);
    g_free(server->secret);
    g_free(server->nonce);
    byte_buffer_clear(&server->challenge);
    g_free(server);
}

SaslServerStep sasl_server_fail(SaslServer *server, SaslFailure failure)
{
    server->failure = failure;
    return SASL_SERVER_FAILURE;
}

SaslServerStep sasl_server_say(SaslServer *server, ByteSpan challenge)
{
    return base64_encode(challenge, &server->challenge)
               ? SASL_SERVER_CHALLENGE
               : sasl_server_fail(server, SASL_FAILURE_SYNTAX);
}

SaslServerStep sasl_server_ask_password(SaslServer *server)
{
    if (server->identity == NULL || server->identity[0] == '\0') {
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    return SASL_SERVER_PASSWORD;
}

static SaslServerStep take_response(SaslServer *server, ByteSpan line)
{
    ByteBuffer response;
    byte_buffer_init(&response, SASL_LINE_MAXIMUM);
    SaslServerStep step;
    if (line.length > SASL_LINE_MAXIMUM || !base64_decode(line, &response, NULL)) {
        step = sasl_server_fail(server, SASL_FAILURE_BASE64);
    } else {
        step = server->mechanism->respond(server, byte_buffer_span(&response));
        server->responses++;
    }
    byte_buffer_clear(&response);
    return step;
}

SaslServerStep sasl_server_begin(SaslServer *server, ByteSpan initial)
{
    g_assert(server->responses == 0 && server->failure == SASL_FAILURE_NONE);
    byte_buffer_reset(&server->challenge);
    if (initial.length > 0 && !server->mechanism->takes_early_response) {
        server->step = sasl_server_fail(server, SASL_FAILURE_UNEXPECTED);
    } else if (initial.length > 0) {
        bool is_empty = byte_span_is(initial, "="); /* RFC 4954 §4 */
        server->step = take_response(server, is_empty ? BYTE_SPAN_EMPTY : initial);
    } else if (server->mechanism->challenge != NULL) {
        server->step = server->mechanism->challenge(server);
    } else {
        server->step = SASL_SERVER_CHALLENGE;
    }
    return server->step;
}

SaslServerStep sasl_server_respond(SaslServer *server, ByteSpan line)
{
    g_assert(server->step == SASL_SERVER_CHALLENGE);
    byte_buffer_reset(&server->challenge);
    server->step = byte_span_is(line, "*") ? sasl_server_fail(server, SASL_FAILURE_CANCELLED)
                                           : take_response(server, line);
    return server->step;
}

SaslServerStep sasl_server_answer_password(SaslServer *server, const char *password)
{
    g_assert(server->step == SASL_SERVER_PASSWORD);
    byte_buffer_reset(&server->challenge);
    server->step = server->mechanism->verify(server, password);
    bool acts_for_other =
        server->authorization != NULL && strcmp(server->authorization, server->identity) != 0;
    if (server->step != SASL_SERVER_FAILURE && acts_for_other) {
        server->step = sasl_server_fail(server, SASL_FAILURE_AUTHORIZATION);
    }
    return server->step;
}

ByteSpan sasl_server_challenge(const SaslServer *server)
{
    return byte_buffer_span(&server->challenge);
}

const char *sasl_server_mechanism(const SaslServer *server)
{
    return server->mechanism->name;
}

const char *sasl_server_identity(const SaslServer *server)
{
    return server->identity;
}

const char *sasl_server_authorization(const SaslServer *server)
{
    return server->authorization;
}

SaslFailure sasl_server_failure(const SaslServer *server)
{
    return server->failure;
}
