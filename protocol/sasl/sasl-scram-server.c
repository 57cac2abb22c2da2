/* The server of SCRAM (RFC 5802 §5; SHA-256: RFC 7677). Channel binding belongs to TLS and is not
 * offered, so a client that insists on it is refused. */

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-scram.h"

typedef struct {
    char *binding;      /* the start of the client's first message, up to its second comma */
    char *client_first; /* the rest of it */
    char *server_first;
    char *nonce; /* the client's, then both */
    ScramKeys keys;
    bool is_real; /* there is such a user */
} ScramServer;

void sasl_scram_server_free(gpointer data)
{
    ScramServer *state = data;
    g_free(state->binding);
    g_free(state->client_first);
    g_free(state->server_first);
    g_free(state->nonce);
    g_free(state);
}

/* "n,," or "y,a=bob,": no binding is used; RFC 5802 §7 */
static bool read_binding(SaslServer *server, ScramServer *state, ByteSpan *rest)
{
    ByteSpan whole = *rest;
    bool is_form =
        rest->length > 2 && (rest->data[0] == 'n' || rest->data[0] == 'y') && rest->data[1] == ',';
    if (!is_form) {
        return false;
    }
    *rest = byte_span_from(*rest, 2);
    ByteSpan other;
    if (rest->data[0] == ',') {
        *rest = byte_span_from(*rest, 1);
    } else if (scram_take(rest, 'a', &other)) {
        server->authorization = scram_name_read(other);
        if (server->authorization == NULL) {
            return false;
        }
    } else {
        return false;
    }
    state->binding = sasl_text(byte_span_slice(whole, 0, whole.length - rest->length));
    return state->binding != NULL;
}

static bool read_first(SaslServer *server, ByteSpan response)
{
    ScramServer *state = g_new0(ScramServer, 1);
    server->state = state;
    ByteSpan rest = response;
    ByteSpan name;
    ByteSpan nonce;
    if (response.length > 4 * SASL_NAME_MAXIMUM || !read_binding(server, state, &rest)) {
        return false;
    }
    state->client_first = byte_span_to_string(rest);
    if (strlen(state->client_first) != rest.length || !scram_take(&rest, 'n', &name) ||
        !scram_take(&rest, 'r', &nonce) || !scram_is_nonce(nonce)) {
        return false;
    }
    state->nonce = byte_span_to_string(nonce);
    server->identity = scram_name_read(name);
    return true;
}

/* The text from its start to ",p=". */
static char *without_proof(ByteSpan response)
{
    for (gsize i = response.length; i >= 3; i--) {
        if (byte_span_starts_with(byte_span_from(response, i - 3), ",p=")) {
            return byte_span_to_string(byte_span_slice(response, 0, i - 3));
        }
    }
    return NULL;
}

static bool is_base64_of(ByteSpan text, const char *expected, gsize length)
{
    g_autofree char *encoded = g_base64_encode((const guchar *)expected, length);
    return byte_span_is(text, encoded);
}

static bool proof_fits(const ScramServer *state, ByteSpan proof, const char *message)
{
    guint8 key[SCRAM_KEY_MAXIMUM];
    guint8 signature[SCRAM_KEY_MAXIMUM];
    guint8 digest[SCRAM_KEY_MAXIMUM];
    const ScramKeys *keys = &state->keys;
    if (proof.length != base64_encoded_length(keys->length) ||
        base64_decode_to(proof, key, sizeof(key), NULL) != (gssize)keys->length) {
        return false;
    }
    scram_keys_sign(keys, keys->stored, message, signature);
    for (gsize i = 0; i < keys->length; i++) {
        key[i] ^= signature[i];
    }
    scram_keys_digest(keys, key, digest);
    return memcmp(digest, keys->stored, keys->length) == 0;
}

static SaslServerStep judge_final(SaslServer *server, ByteSpan response)
{
    const ScramServer *state = server->state;
    ByteSpan rest = response;
    ByteSpan binding;
    ByteSpan nonce;
    ByteSpan proof = BYTE_SPAN_EMPTY;
    g_autofree char *unproven = without_proof(response);
    if (unproven == NULL || !scram_take(&rest, 'c', &binding) || !scram_take(&rest, 'r', &nonce) ||
        !is_base64_of(binding, state->binding, strlen(state->binding)) ||
        !byte_span_is(nonce, state->nonce)) {
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    proof = byte_span_from(response, strlen(unproven) + 3);
    g_autofree char *message =
        g_strjoin(",", state->client_first, state->server_first, unproven, NULL);
    if (!proof_fits(state, proof, message) || !state->is_real) {
        return sasl_server_fail(server, SASL_FAILURE_CREDENTIALS);
    }
    guint8 signature[SCRAM_KEY_MAXIMUM];
    scram_keys_sign(&state->keys, state->keys.server, message, signature);
    g_autofree char *encoded = g_base64_encode(signature, state->keys.length);
    g_autofree char *text = g_strdup_printf("v=%s", encoded);
    return sasl_server_say(server, byte_span_from_string(text));
}

SaslServerStep sasl_scram_respond(SaslServer *server, ByteSpan response)
{
    if (server->state == NULL) {
        /* an empty response, where the mechanism's name came alone, is not a first message */
        return read_first(server, response) ? sasl_server_ask_password(server)
                                            : sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    if (server->responses == 1 && byte_span_find(response, '\0', 0) < 0) {
        return judge_final(server, response);
    }
    return server->responses == 2 && response.length == 0
               ? SASL_SERVER_SUCCESS
               : sasl_server_fail(server, SASL_FAILURE_SYNTAX);
}

SaslServerStep sasl_scram_verify(SaslServer *server, const char *password)
{
    ScramServer *state = server->state;
    /* one salt for each user, so that a client may keep the keys */
    g_autofree char *salt = sasl_nonce(0, server->identity, server->host_name);
    g_autofree char *own = sasl_nonce(server->seed, "SCRAM", server->host_name);
    g_autofree char *encoded = g_base64_encode((const guchar *)salt, 16);
    state->is_real = password != NULL;
    if (!scram_keys_derive(
            server->mechanism->hash,
            password == NULL ? own : password,
            byte_span(salt, 16),
            SCRAM_ITERATIONS,
            &state->keys
        )) {
        return sasl_server_fail(server, SASL_FAILURE_CREDENTIALS);
    }
    char *both = g_strconcat(state->nonce, own, NULL);
    g_free(state->nonce);
    state->nonce = both;
    state->server_first = g_strdup_printf("r=%s,s=%s,i=%d", both, encoded, SCRAM_ITERATIONS);
    return sasl_server_say(server, byte_span_from_string(state->server_first));
}
