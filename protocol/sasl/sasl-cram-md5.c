/* CRAM-MD5 (RFC 2195 §2): the client shows by a keyed digest of the challenge that it knows the
 * password. */

#include "protocol/sasl/sasl-mechanism-private.h"

static char *keyed_digest(const char *password, ByteSpan challenge)
{
    return g_compute_hmac_for_data(
        G_CHECKSUM_MD5, (const guchar *)password, strlen(password), challenge.data, challenge.length
    );
}

/* Random digits in the form of a message id, as RFC 2195 §2 wants it. */
SaslServerStep sasl_cram_md5_challenge(SaslServer *server)
{
    g_autofree char *nonce = sasl_nonce(server->seed, "CRAM-MD5", server->host_name);
    guint64 random = g_ascii_strtoull(nonce + 16, NULL, 16);
    nonce[8] = '\0';
    server->nonce = g_strdup_printf(
        "<%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "@%s>",
        random,
        g_ascii_strtoull(nonce, NULL, 16),
        server->host_name
    );
    return sasl_server_say(server, byte_span_from_string(server->nonce));
}

SaslServerStep sasl_cram_md5_respond(SaslServer *server, ByteSpan response)
{
    gsize space = response.length;
    while (space > 0 && response.data[space - 1] != ' ') {
        space--;
    }
    if (space == 0 || server->responses > 0) {
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    server->identity = sasl_text(byte_span_slice(response, 0, space - 1));
    server->secret = sasl_text(byte_span_from(response, space));
    return server->secret == NULL ? sasl_server_fail(server, SASL_FAILURE_SYNTAX)
                                  : sasl_server_ask_password(server);
}

SaslServerStep sasl_cram_md5_verify(SaslServer *server, const char *password)
{
    g_autofree char *digest = keyed_digest(
        password == NULL ? server->nonce : password, byte_span_from_string(server->nonce)
    );
    bool is_right = sasl_is_same(server->secret, digest) && password != NULL;
    return is_right ? SASL_SERVER_SUCCESS : sasl_server_fail(server, SASL_FAILURE_CREDENTIALS);
}

SaslClientStep sasl_cram_md5_answer(SaslClient *client, ByteSpan challenge)
{
    if (client->responses > 0 || challenge.length == 0) {
        return SASL_CLIENT_CANCEL;
    }
    g_autofree char *digest = keyed_digest(client->password, challenge);
    g_autofree char *response = g_strdup_printf("%s %s", client->identity, digest);
    client->is_proven = true;
    return sasl_client_say(client, byte_span_from_string(response));
}
