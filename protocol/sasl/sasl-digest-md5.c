/* DIGEST-MD5 (RFC 2831 §2.1): both sides show by digests over two nonces that they know the
 * password. Only the quality "auth" is offered and taken: no layer of its own around the mail. */

#include "protocol/sasl/sasl-directives.h"
#include "protocol/sasl/sasl-mechanism-private.h"

#define CHALLENGE_MAXIMUM 2048 /* RFC 2831 §2.1.1 */
#define RESPONSE_MAXIMUM 4096  /* RFC 2831 §2.1.2 */

/* What the digests are made of. */
typedef struct {
    char *realm;
    char *nonce;
    char *client_nonce;
    char *uri;
    char *authorization;
    char *expected; /* rspauth */
} DigestState;

void sasl_digest_md5_free(gpointer data)
{
    DigestState *state = data;
    g_free(state->realm);
    g_free(state->nonce);
    g_free(state->client_nonce);
    g_free(state->uri);
    g_free(state->authorization);
    g_free(state->expected);
    g_free(state);
}

/* RFC 2831 §2.1.2.1: in ISO 8859-1, where every character is in it. */
static char *in_old_charset(const char *text)
{
    char *converted = g_convert(text, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL);
    return converted == NULL ? g_strdup(text) : converted;
}

/* HEX(H(A1)) */
static char *secret_digest(const DigestState *state, const char *identity, const char *password)
{
    g_autofree char *name = in_old_charset(identity);
    g_autofree char *realm = in_old_charset(state->realm);
    g_autofree char *word = in_old_charset(password);
    g_autofree char *user = g_strdup_printf("%s:%s:%s", name, realm, word);
    g_autoptr(GChecksum) inner = g_checksum_new(G_CHECKSUM_MD5);
    g_checksum_update(inner, (const guchar *)user, -1);
    guint8 digest[16];
    gsize length = sizeof(digest);
    g_checksum_get_digest(inner, digest, &length);
    g_autofree char *rest = g_strdup_printf(
        ":%s:%s%s%s",
        state->nonce,
        state->client_nonce,
        state->authorization == NULL ? "" : ":",
        state->authorization == NULL ? "" : state->authorization
    );
    g_autoptr(GChecksum) outer = g_checksum_new(G_CHECKSUM_MD5);
    g_checksum_update(outer, digest, sizeof(digest));
    g_checksum_update(outer, (const guchar *)rest, -1);
    return g_strdup(g_checksum_get_string(outer));
}

/* The client's digest, and with 'verb' "" the server's (RFC 2831 §2.1.3). */
static char *
proof(const DigestState *state, const char *identity, const char *password, const char *verb)
{
    g_autofree char *secret = secret_digest(state, identity, password);
    g_autofree char *action = g_strdup_printf("%s:%s", verb, state->uri);
    g_autofree char *action_digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, action, -1);
    g_autofree char *whole = g_strdup_printf(
        "%s:%s:00000001:%s:auth:%s", secret, state->nonce, state->client_nonce, action_digest
    );
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, whole, -1);
}

/* RFC 2831 §7.2: quotes and backslashes get a backslash. */
static void append_quoted(GString *text, const char *name, const char *value)
{
    g_string_append_printf(text, "%s=\"", name);
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\') {
            g_string_append_c(text, '\\');
        }
        g_string_append_c(text, *value);
    }
    g_string_append(text, "\",");
}

SaslServerStep sasl_digest_md5_challenge(SaslServer *server)
{
    server->nonce = sasl_nonce(server->seed, "DIGEST-MD5", server->host_name);
    g_autoptr(GString) text = g_string_new(NULL);
    append_quoted(text, "realm", server->host_name);
    append_quoted(text, "nonce", server->nonce);
    g_string_append(text, "qop=\"auth\",charset=utf-8,algorithm=md5-sess");
    return sasl_server_say(server, byte_span(text->str, text->len));
}

/* A copy of what must be there once; NULL: it is not. */
static char *one_value(const SaslDirectives *directives, const char *name)
{
    guint count;
    const char *value = sasl_directives_find(directives, name, &count);
    return count == 1 && strlen(value) <= SASL_NAME_MAXIMUM ? g_strdup(value) : NULL;
}

static bool is_absent_or(const SaslDirectives *directives, const char *name, const char *wanted)
{
    guint count;
    const char *value = sasl_directives_find(directives, name, &count);
    return count == 0 || (count == 1 && g_ascii_strcasecmp(value, wanted) == 0);
}

static bool is_for_service(const char *uri, const char *service)
{
    gsize length = strlen(service);
    return g_ascii_strncasecmp(uri, service, length) == 0 && uri[length] == '/';
}

static bool read_response(SaslServer *server, const SaslDirectives *directives)
{
    DigestState *state = g_new0(DigestState, 1);
    server->state = state;
    guint count;
    const char *realm = sasl_directives_find(directives, "realm", &count);
    state->realm = g_strdup(count == 0 ? "" : realm);
    state->nonce = one_value(directives, "nonce");
    state->client_nonce = one_value(directives, "cnonce");
    state->uri = one_value(directives, "digest-uri");
    server->identity = one_value(directives, "username");
    server->secret = one_value(directives, "response");
    state->authorization = one_value(directives, "authzid");
    bool has_other = state->authorization != NULL && state->authorization[0] != '\0';
    server->authorization = has_other ? g_strdup(state->authorization) : NULL;
    g_autofree char *uses = one_value(directives, "nc");
    return count <= 1 && state->nonce != NULL && state->client_nonce != NULL &&
           state->uri != NULL && server->identity != NULL && server->secret != NULL &&
           uses != NULL && strcmp(uses, "00000001") == 0 &&
           strcmp(state->nonce, server->nonce) == 0 &&
           is_for_service(state->uri, server->service) && is_absent_or(directives, "qop", "auth") &&
           is_absent_or(directives, "charset", "utf-8") &&
           (count == 0 || strcmp(realm, server->host_name) == 0);
}

SaslServerStep sasl_digest_md5_respond(SaslServer *server, ByteSpan response)
{
    if (server->responses == 1 && response.length == 0) {
        return SASL_SERVER_SUCCESS; /* our proof was taken */
    }
    if (server->responses > 0 || response.length >= RESPONSE_MAXIMUM) {
        return sasl_server_fail(server, SASL_FAILURE_SYNTAX);
    }
    SaslDirectives directives;
    bool is_read =
        sasl_directives_read(response, &directives) && read_response(server, &directives);
    sasl_directives_clear(&directives);
    return is_read ? sasl_server_ask_password(server)
                   : sasl_server_fail(server, SASL_FAILURE_SYNTAX);
}

SaslServerStep sasl_digest_md5_verify(SaslServer *server, const char *password)
{
    const DigestState *state = server->state;
    const char *word = password == NULL ? server->nonce : password;
    g_autofree char *expected = proof(state, server->identity, word, "AUTHENTICATE");
    if (!sasl_is_same(server->secret, expected) || password == NULL) {
        return sasl_server_fail(server, SASL_FAILURE_CREDENTIALS);
    }
    g_autofree char *own = proof(state, server->identity, word, "");
    g_autofree char *text = g_strdup_printf("rspauth=%s", own);
    return sasl_server_say(server, byte_span_from_string(text));
}

static bool offers_auth(const SaslDirectives *directives)
{
    guint count;
    const char *list = sasl_directives_find(directives, "qop", &count);
    if (count == 0) {
        return true;
    }
    g_auto(GStrv) names = g_strsplit_set(list, ", \t", -1);
    return count == 1 && g_strv_contains((const char *const *)names, "auth");
}

static bool read_challenge(SaslClient *client, const SaslDirectives *directives)
{
    DigestState *state = g_new0(DigestState, 1);
    client->state = state;
    guint realms;
    guint algorithms;
    const char *realm = sasl_directives_find(directives, "realm", &realms);
    const char *algorithm = sasl_directives_find(directives, "algorithm", &algorithms);
    state->realm = g_strdup(realms == 0 ? "" : realm);
    state->nonce = one_value(directives, "nonce");
    state->client_nonce = sasl_nonce(client->seed, "DIGEST-MD5 client", client->host_name);
    state->uri = g_strdup_printf("%s/%s", client->service, client->host_name);
    state->authorization = g_strdup(client->authorization);
    return state->nonce != NULL && algorithms == 1 &&
           g_ascii_strcasecmp(algorithm, "md5-sess") == 0 && offers_auth(directives) &&
           is_absent_or(directives, "charset", "utf-8");
}

static SaslClientStep give_proof(SaslClient *client, bool takes_utf8)
{
    DigestState *state = client->state;
    g_autofree char *response = proof(state, client->identity, client->password, "AUTHENTICATE");
    state->expected = proof(state, client->identity, client->password, "");
    g_autoptr(GString) text = g_string_new(takes_utf8 ? "charset=utf-8," : "");
    append_quoted(text, "username", client->identity);
    if (state->realm[0] != '\0') {
        append_quoted(text, "realm", state->realm);
    }
    append_quoted(text, "nonce", state->nonce);
    g_string_append(text, "nc=00000001,");
    append_quoted(text, "cnonce", state->client_nonce);
    append_quoted(text, "digest-uri", state->uri);
    g_string_append_printf(text, "response=%s,qop=auth", response);
    if (state->authorization != NULL) {
        g_string_append_c(text, ',');
        append_quoted(text, "authzid", state->authorization);
        g_string_truncate(text, text->len - 1);
    }
    return sasl_client_say(client, byte_span(text->str, text->len));
}

static SaslClientStep check_server(SaslClient *client, const SaslDirectives *directives)
{
    const DigestState *state = client->state;
    guint count;
    const char *said = sasl_directives_find(directives, "rspauth", &count);
    client->is_proven = count == 1 && sasl_is_same(said, state->expected);
    return client->is_proven ? SASL_CLIENT_RESPONSE : SASL_CLIENT_CANCEL;
}

SaslClientStep sasl_digest_md5_answer(SaslClient *client, ByteSpan challenge)
{
    if (client->responses > 1 || challenge.length >= CHALLENGE_MAXIMUM) {
        return SASL_CLIENT_CANCEL;
    }
    SaslDirectives directives;
    SaslClientStep step = SASL_CLIENT_CANCEL;
    if (sasl_directives_read(challenge, &directives)) {
        guint count;
        sasl_directives_find(&directives, "charset", &count);
        if (client->responses == 1) {
            step = check_server(client, &directives);
        } else if (read_challenge(client, &directives)) {
            step = give_proof(client, count == 1);
        }
    }
    sasl_directives_clear(&directives);
    return step;
}
