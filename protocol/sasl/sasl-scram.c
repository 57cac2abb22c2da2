#include "protocol/sasl/sasl-scram.h"

bool scram_keys_derive(
    Gsasl_hash hash, const char *password, ByteSpan salt, guint iterations, ScramKeys *out_keys
)
{
    char salted[GSASL_HASH_MAX_SIZE];
    out_keys->length = gsasl_hash_length(hash);
    return gsasl_scram_secrets_from_password(
               hash,
               password,
               iterations,
               (const char *)salt.data,
               salt.length,
               salted,
               (char *)out_keys->client,
               (char *)out_keys->server,
               (char *)out_keys->stored
           ) == GSASL_OK;
}

static GChecksumType digest_of(const ScramKeys *keys)
{
    return keys->length == GSASL_HASH_SHA1_SIZE ? G_CHECKSUM_SHA1 : G_CHECKSUM_SHA256;
}

void scram_keys_sign(
    const ScramKeys *keys, const guint8 *key, const char *text, guint8 out[SCRAM_KEY_MAXIMUM]
)
{
    g_autoptr(GHmac) hmac = g_hmac_new(digest_of(keys), key, keys->length);
    gsize length = SCRAM_KEY_MAXIMUM;
    g_hmac_update(hmac, (const guchar *)text, -1);
    g_hmac_get_digest(hmac, out, &length);
}

void scram_keys_digest(const ScramKeys *keys, const guint8 *key, guint8 out[SCRAM_KEY_MAXIMUM])
{
    g_autoptr(GChecksum) checksum = g_checksum_new(digest_of(keys));
    gsize length = SCRAM_KEY_MAXIMUM;
    g_checksum_update(checksum, key, (gssize)keys->length);
    g_checksum_get_digest(checksum, out, &length);
}

bool scram_take(ByteSpan *rest, char letter, ByteSpan *out_value)
{
    if (rest->length < 3 || rest->data[0] != (guint8)letter || rest->data[1] != '=') {
        return false;
    }
    gssize comma = byte_span_find(*rest, ',', 2);
    gsize end = comma < 0 ? rest->length : (gsize)comma;
    *out_value = byte_span_slice(*rest, 2, end - 2);
    *rest = comma < 0 ? BYTE_SPAN_EMPTY : byte_span_from(*rest, end + 1);
    return out_value->length > 0;
}

char *scram_name_read(ByteSpan text)
{
    g_autofree char *written = sasl_text(text);
    if (written == NULL) {
        return NULL;
    }
    g_autoptr(GString) name = g_string_new(NULL);
    for (const char *at = written; *at != '\0'; at++) {
        bool is_comma = strncmp(at, "=2C", 3) == 0;
        bool is_equals = strncmp(at, "=3D", 3) == 0;
        if (*at == '=' && !is_comma && !is_equals) {
            return NULL;
        }
        g_string_append_c(name, is_comma ? ',' : *at);
        at += is_comma || is_equals ? 2 : 0;
    }
    return g_string_free(g_steal_pointer(&name), FALSE);
}

char *scram_name_write(const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (; *name != '\0'; name++) {
        if (*name == ',' || *name == '=') {
            g_string_append(text, *name == ',' ? "=2C" : "=3D");
        } else {
            g_string_append_c(text, *name);
        }
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

bool scram_is_nonce(ByteSpan text)
{
    for (gsize i = 0; i < text.length; i++) {
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f || text.data[i] == ',') {
            return false;
        }
    }
    return text.length > 0 && text.length <= SASL_NAME_MAXIMUM;
}
