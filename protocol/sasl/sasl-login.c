/* LOGIN, which no RFC defines: the server asks for the name, then for the password, both in
 * clear. Some clients say the name together with the name of the mechanism. */

#include "protocol/sasl/sasl-mechanism-private.h"

SaslServerStep sasl_login_challenge(SaslServer *server)
{
    return sasl_server_say(server, BYTE_SPAN_LITERAL("Username:"));
}

SaslServerStep sasl_login_respond(SaslServer *server, ByteSpan response)
{
    char *text = sasl_text(response);
    if (text == NULL || server->responses > 1) {
        g_free(text);
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    if (server->responses == 0) {
        server->identity = text;
        return sasl_server_say(server, BYTE_SPAN_LITERAL("Password:"));
    }
    server->secret = text;
    return sasl_server_ask_password(server);
}

SaslClientStep sasl_login_answer(SaslClient *client, ByteSpan challenge)
{
    (void)challenge;
    if (client->responses > 1) {
        return SASL_CLIENT_CANCEL;
    }
    bool is_password = client->responses == 1;
    client->is_proven = is_password;
    return sasl_client_say(
        client, byte_span_from_string(is_password ? client->password : client->identity)
    );
}
