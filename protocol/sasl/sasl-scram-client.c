/* The client of SCRAM (RFC 5802 §5; SHA-256: RFC 7677), without channel binding. */

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-scram.h"

#define SALT_MAXIMUM 256

typedef struct {
    char *binding;
    char *client_first; /* behind the binding */
    char *nonce;
    char *server_signature; /* in base64, as the server must say it */
} ScramClient;

void sasl_scram_client_free(gpointer data)
{
    ScramClient *state = data;
    g_free(state->binding);
    g_free(state->client_first);
    g_free(state->nonce);
    g_free(state->server_signature);
    g_free(state);
}

static SaslClientStep say_first(SaslClient *client)
{
    ScramClient *state = g_new0(ScramClient, 1);
    client->state = state;
    g_autofree char *prepared = sasl_prepare(client->identity);
    if (prepared == NULL) {
        return SASL_CLIENT_CANCEL;
    }
    g_autofree char *name = scram_name_write(prepared);
    g_autofree char *other =
        client->authorization == NULL ? NULL : scram_name_write(client->authorization);
    state->nonce = sasl_nonce(client->seed, "SCRAM client", client->host_name);
    state->binding = other == NULL ? g_strdup("n,,") : g_strdup_printf("n,a=%s,", other);
    state->client_first = g_strdup_printf("n=%s,r=%s", name, state->nonce);
    g_autofree char *text = g_strconcat(state->binding, state->client_first, NULL);
    return sasl_client_say(client, byte_span_from_string(text));
}

/* The salt and the count of the server's first message; false: it is not one. */
static bool read_server_first(
    const ScramClient *state,
    ByteSpan challenge,
    ByteSpan *out_nonce,
    ByteBuffer *salt,
    guint64 *out_iterations
)
{
    ByteSpan text;
    ByteSpan count;
    ByteSpan rest = challenge;
    return byte_span_find(challenge, '\0', 0) < 0 && scram_take(&rest, 'r', out_nonce) &&
           scram_take(&rest, 's', &text) && scram_take(&rest, 'i', &count) &&
           scram_is_nonce(*out_nonce) && byte_span_starts_with(*out_nonce, state->nonce) &&
           out_nonce->length > strlen(state->nonce) && base64_decode(text, salt, NULL) &&
           byte_buffer_length(salt) > 0 && byte_span_to_number(count, out_iterations) &&
           *out_iterations > 0 && *out_iterations <= SCRAM_ITERATIONS_MAXIMUM;
}

static char *prove(ScramClient *state, const ScramKeys *keys, ByteSpan challenge, ByteSpan nonce)
{
    g_autofree char *server_first = byte_span_to_string(challenge);
    g_autofree char *both = byte_span_to_string(nonce);
    g_autofree char *binding =
        g_base64_encode((const guchar *)state->binding, strlen(state->binding));
    g_autofree char *unproven = g_strdup_printf("c=%s,r=%s", binding, both);
    g_autofree char *message = g_strjoin(",", state->client_first, server_first, unproven, NULL);
    guint8 proof[SCRAM_KEY_MAXIMUM];
    guint8 signature[SCRAM_KEY_MAXIMUM];
    scram_keys_sign(keys, keys->stored, message, proof);
    scram_keys_sign(keys, keys->server, message, signature);
    for (gsize i = 0; i < keys->length; i++) {
        proof[i] ^= keys->client[i];
    }
    state->server_signature = g_base64_encode(signature, keys->length);
    g_autofree char *encoded = g_base64_encode(proof, keys->length);
    return g_strdup_printf("%s,p=%s", unproven, encoded);
}

static SaslClientStep say_final(SaslClient *client, ByteSpan challenge)
{
    ScramClient *state = client->state;
    ByteBuffer salt;
    byte_buffer_init(&salt, SALT_MAXIMUM);
    ByteSpan nonce;
    guint64 iterations;
    ScramKeys keys;
    SaslClientStep step = SASL_CLIENT_CANCEL;
    if (read_server_first(state, challenge, &nonce, &salt, &iterations) &&
        scram_keys_derive(
            client->mechanism->hash,
            client->password,
            byte_buffer_span(&salt),
            (guint)iterations,
            &keys
        )) {
        g_autofree char *text = prove(state, &keys, challenge, nonce);
        step = sasl_client_say(client, byte_span_from_string(text));
    }
    byte_buffer_clear(&salt);
    return step;
}

/* RFC 5802 §5.1: "v=" proves that the server knows the keys; "e=" says why it refuses. */
static SaslClientStep judge_server(SaslClient *client, ByteSpan challenge)
{
    const ScramClient *state = client->state;
    ByteSpan signature;
    client->is_proven =
        scram_take(&challenge, 'v', &signature) && byte_span_is(signature, state->server_signature);
    return client->is_proven ? SASL_CLIENT_RESPONSE : SASL_CLIENT_CANCEL;
}

SaslClientStep sasl_scram_answer(SaslClient *client, ByteSpan challenge)
{
    if (client->responses == 0) {
        return challenge.length == 0 ? say_first(client) : SASL_CLIENT_CANCEL;
    }
    if (client->responses == 1) {
        return say_final(client, challenge);
    }
    return client->responses == 2 ? judge_server(client, challenge) : SASL_CLIENT_CANCEL;
}
