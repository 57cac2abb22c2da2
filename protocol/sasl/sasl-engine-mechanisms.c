/* The mechanisms that server and client speak, and what they have in common. */

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-mechanism-private.h"

static const SaslMechanism mechanisms[] = {
    {
        .name = "CRAM-MD5",
        .merit = 3,
        .challenge = sasl_cram_md5_challenge,
        .respond = sasl_cram_md5_respond,
        .verify = sasl_cram_md5_verify,
        .answer = sasl_cram_md5_answer,
    },
    {
        .name = "DIGEST-MD5",
        .merit = 4,
        .challenge = sasl_digest_md5_challenge,
        .respond = sasl_digest_md5_respond,
        .verify = sasl_digest_md5_verify,
        .answer = sasl_digest_md5_answer,
        .free_server_state = sasl_digest_md5_free,
        .free_client_state = sasl_digest_md5_free,
    },
    {
        .name = "LOGIN",
        .takes_early_response = true,
        .shows_password = true,
        .merit = 1,
        .challenge = sasl_login_challenge,
        .respond = sasl_login_respond,
        .verify = sasl_plain_verify,
        .answer = sasl_login_answer,
    },
    {
        .name = "PLAIN",
        .client_speaks_first = true,
        .takes_early_response = true,
        .shows_password = true,
        .merit = 2,
        .respond = sasl_plain_respond,
        .verify = sasl_plain_verify,
        .answer = sasl_plain_answer,
    },
    {
        .name = "SCRAM-SHA-1",
        .client_speaks_first = true,
        .takes_early_response = true,
        .merit = 5,
        .hash = GSASL_HASH_SHA1,
        .respond = sasl_scram_respond,
        .verify = sasl_scram_verify,
        .answer = sasl_scram_answer,
        .free_server_state = sasl_scram_server_free,
        .free_client_state = sasl_scram_client_free,
    },
    {
        .name = "SCRAM-SHA-256",
        .client_speaks_first = true,
        .takes_early_response = true,
        .merit = 6,
        .hash = GSASL_HASH_SHA256,
        .respond = sasl_scram_respond,
        .verify = sasl_scram_verify,
        .answer = sasl_scram_answer,
        .free_server_state = sasl_scram_server_free,
        .free_client_state = sasl_scram_client_free,
    },
};

const SaslMechanism *sasl_mechanism_row(ByteSpan name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
        if (byte_span_is_nocase(name, mechanisms[i].name)) {
            return &mechanisms[i];
        }
    }
    return NULL;
}

const SaslMechanism *sasl_mechanism_at(gsize index)
{
    return index < G_N_ELEMENTS(mechanisms) ? &mechanisms[index] : NULL;
}

char *sasl_nonce(guint64 seed, const char *purpose, const char *host_name)
{
    g_autofree char *text =
        g_strdup_printf("%" G_GUINT64_FORMAT " %s %s", seed, purpose, host_name);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strndup(digest, 32);
}

char *sasl_prepare(const char *text)
{
    char *prepared = NULL;
    if (gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &prepared, NULL) != GSASL_OK) {
        return NULL;
    }
    char *copy = prepared[0] == '\0' ? NULL : g_strdup(prepared);
    gsasl_free(prepared);
    return copy;
}

char *sasl_text(ByteSpan span)
{
    bool is_text = span.length <= SASL_NAME_MAXIMUM && byte_span_find(span, '\0', 0) < 0 &&
                   g_utf8_validate((const char *)span.data, (gssize)span.length, NULL);
    return is_text ? byte_span_to_string(span) : NULL;
}

bool sasl_is_same(const char *left, const char *right)
{
    gsize length = MIN(strlen(left), strlen(right));
    guint difference = strlen(left) == strlen(right) ? 0 : 1;
    for (gsize i = 0; i < length; i++) {
        difference |= (guint)((guchar)left[i] ^ (guchar)right[i]);
    }
    return difference == 0;
}

/* RFC 4616 §2: both are prepared, then compared. */
bool sasl_is_same_password(const char *said, const char *known)
{
    g_autofree char *said_prepared = sasl_prepare(said);
    g_autofree char *known_prepared = sasl_prepare(known);
    return said_prepared != NULL && known_prepared != NULL &&
           sasl_is_same(said_prepared, known_prepared);
}
