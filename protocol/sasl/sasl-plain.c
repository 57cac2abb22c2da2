/* PLAIN (RFC 4616 §2): one message with identity and password, in clear. */

#include "protocol/encoding/auth-token.h"
#include "protocol/sasl/sasl-mechanism-private.h"

SaslServerStep sasl_plain_respond(SaslServer *server, ByteSpan response)
{
    PlainMessage message;
    gsize position;
    if (server->responses > 0 || !plain_message_read(response, &message, &position)) {
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    server->identity = sasl_text(message.identity);
    server->secret = sasl_text(message.password);
    char *authorization = sasl_text(message.authorization);
    if (server->identity == NULL || server->secret == NULL || authorization == NULL) {
        g_free(authorization);
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    if (authorization[0] == '\0') {
        g_clear_pointer(&authorization, g_free);
    }
    server->authorization = authorization;
    return sasl_server_ask_password(server);
}

SaslServerStep sasl_plain_verify(SaslServer *server, const char *password)
{
    bool is_right = password != NULL && sasl_is_same_password(server->secret, password);
    return is_right ? SASL_SERVER_SUCCESS : sasl_server_fail(server, SASL_FAILURE_CREDENTIALS);
}

SaslClientStep sasl_plain_answer(SaslClient *client, ByteSpan challenge)
{
    (void)challenge;
    PlainMessage message = {
        .authorization = byte_span_from_string(client->authorization),
        .identity = byte_span_from_string(client->identity),
        .password = byte_span_from_string(client->password),
    };
    ByteBuffer text;
    byte_buffer_init(&text, 3 * SASL_NAME_MAXIMUM);
    SaslClientStep step = SASL_CLIENT_CANCEL;
    if (client->responses == 0 && plain_message_write(&message, &text)) {
        client->is_proven = true;
        step = sasl_client_say(client, byte_buffer_span(&text));
    }
    byte_buffer_clear(&text);
    return step;
}
