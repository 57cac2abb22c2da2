/* SASL servers and clients that hear any lines. The first octet chooses mechanism and side, and
 * whether the lines are put into base64 first, so that the mechanisms themselves are reached. */

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-client.h"
#include "protocol/sasl/sasl-server.h"
#include "tests/fuzz/fuzz-engine.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

#define LINES_MAXIMUM 4 /* SCRAM's keys cost time */

static char *next_line(ByteSpan *rest, bool encodes)
{
    ByteSpan line;
    if (!byte_span_next_token(rest, '\n', &line)) {
        return NULL;
    }
    return encodes
               ? g_base64_encode(line.data == NULL ? (const guchar *)"" : line.data, line.length)
               : byte_span_to_string(line);
}

static void run_server(ByteSpan mechanism, ByteSpan rest, bool encodes)
{
    SaslServerOptions options = {.service = "smtp", .host_name = "h", .seed = 1};
    g_autoptr(SaslServer) server = sasl_server_new(mechanism, &options);
    g_autofree char *initial = next_line(&rest, encodes);
    SaslServerStep step = sasl_server_begin(server, byte_span_from_string(initial));
    for (guint i = 0; i < LINES_MAXIMUM; i++) {
        if (step == SASL_SERVER_PASSWORD) {
            g_assert(sasl_server_identity(server)[0] != '\0');
            step = sasl_server_answer_password(server, "b");
        } else if (step == SASL_SERVER_CHALLENGE) {
            g_autofree char *line = next_line(&rest, encodes);
            step = sasl_server_respond(server, byte_span_from_string(line == NULL ? "*" : line));
        } else {
            break;
        }
    }
    g_assert((step == SASL_SERVER_FAILURE) == (sasl_server_failure(server) != SASL_FAILURE_NONE));
}

static void run_client(ByteSpan mechanism, ByteSpan rest, bool encodes)
{
    SaslClientOptions options = {
        .service = "smtp", .host_name = "h", .identity = "a", .password = "b", .seed = 1};
    g_autoptr(SaslClient) client = sasl_client_new(mechanism, &options);
    if (sasl_client_speaks_first(client)) {
        sasl_client_begin(client);
    }
    for (guint i = 0; i < LINES_MAXIMUM; i++) {
        g_autofree char *line = next_line(&rest, encodes);
        if (line == NULL) {
            break;
        }
        sasl_client_challenge(client, byte_span_from_string(line));
    }
}

/* A great count of SCRAM's rounds would only take time. */
static bool has_great_number(ByteSpan text)
{
    gsize digits = 0;
    for (gsize i = 0; i < text.length && digits < 4; i++) {
        digits = g_ascii_isdigit(text.data[i]) ? digits + 1 : 0;
    }
    return digits == 4;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const names[] = {
        "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"};
    if (size == 0) {
        return 0;
    }
    ByteSpan mechanism = byte_span_from_string(names[data[0] % G_N_ELEMENTS(names)]);
    ByteSpan rest = byte_span(data + 1, size - 1);
    bool encodes = (data[0] & 0x40) == 0;
    if ((data[0] & 0x80) != 0) {
        bool is_slow = !encodes || has_great_number(rest);
        if (data[0] % G_N_ELEMENTS(names) >= 4 && is_slow) {
            return 0;
        }
        run_client(mechanism, rest, encodes);
    } else {
        run_server(mechanism, rest, encodes);
    }
    return 0;
}
