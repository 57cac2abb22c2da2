#include "protocol/sasl/sasl-client.h"

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-mechanism-private.h"

const char *sasl_client_choose(ByteSpan offered, bool shows_password)
{
    const SaslMechanism *best = NULL;
    ByteSpan name;
    while (byte_span_next_token(&offered, ' ', &name)) {
        const SaslMechanism *row = sasl_mechanism_row(name);
        bool is_fit = row != NULL && (shows_password || !row->shows_password);
        if (is_fit && (best == NULL || row->merit > best->merit)) {
            best = row;
        }
    }
    return best == NULL ? NULL : best->name;
}

SaslClient *sasl_client_new(ByteSpan mechanism, const SaslClientOptions *options)
{
    const SaslMechanism *row = sasl_mechanism_row(mechanism);
    if (row == NULL) {
        return NULL;
    }
    SaslClient *client = g_new0(SaslClient, 1);
    client->mechanism = row;
    client->service = g_strdup(options->service);
    client->host_name = g_strdup(options->host_name);
    client->identity = g_strdup(options->identity);
    client->password = g_strdup(options->password);
    client->authorization = g_strdup(options->authorization);
    client->seed = options->seed;
    byte_buffer_init(&client->response, SASL_LINE_MAXIMUM);
    return client;
}

void sasl_client_free(SaslClient *client)
{
    if (client == NULL) {
        return;
    }
    if (client->state != NULL) {
        client->mechanism->free_client_state(client->state);
    }
    g_free(client->service);
    g_free(client->host_name);
    g_free(client->identity);
    g_free(client->password);
    g_free(client->authorization);
    byte_buffer_clear(&client->response);
    g_free(client);
}

const char *sasl_client_mechanism(const SaslClient *client)
{
    return client->mechanism->name;
}

bool sasl_client_speaks_first(const SaslClient *client)
{
    return client->mechanism->client_speaks_first;
}

SaslClientStep sasl_client_say(SaslClient *client, ByteSpan response)
{
    return base64_encode(response, &client->response) ? SASL_CLIENT_RESPONSE : SASL_CLIENT_CANCEL;
}

static SaslClientStep take_challenge(SaslClient *client, ByteSpan challenge)
{
    byte_buffer_reset(&client->response);
    SaslClientStep step =
        client->has_failed ? SASL_CLIENT_CANCEL : client->mechanism->answer(client, challenge);
    client->responses++;
    if (step == SASL_CLIENT_CANCEL) {
        client->has_failed = true;
        client->is_proven = false;
        byte_buffer_reset(&client->response);
    }
    return step;
}

ByteSpan sasl_client_begin(SaslClient *client)
{
    g_assert(client->responses == 0 && client->mechanism->client_speaks_first);
    take_challenge(client, BYTE_SPAN_EMPTY);
    return byte_buffer_span(&client->response);
}

SaslClientStep sasl_client_challenge(SaslClient *client, ByteSpan line)
{
    ByteBuffer challenge;
    byte_buffer_init(&challenge, SASL_LINE_MAXIMUM);
    bool is_read = line.length <= SASL_LINE_MAXIMUM && base64_decode(line, &challenge, NULL);
    /* LOGIN has no standard: its prompts may be anything, even plain text */
    bool is_prompt =
        client->mechanism->takes_early_response && !client->mechanism->client_speaks_first;
    client->has_failed = client->has_failed || (!is_read && !is_prompt);
    SaslClientStep step = take_challenge(client, byte_buffer_span(&challenge));
    byte_buffer_clear(&challenge);
    return step;
}

ByteSpan sasl_client_response(const SaslClient *client)
{
    return byte_buffer_span(&client->response);
}

bool sasl_client_is_proven(const SaslClient *client)
{
    return client->is_proven;
}
