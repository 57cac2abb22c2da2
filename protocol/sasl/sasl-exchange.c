#include "protocol/sasl/sasl-exchange.h"

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-vocabulary.h"

typedef void (*ResponseReader)(SaslExchange *exchange, ByteSpan response);

static void keep(SaslExchange *exchange, ByteBuffer *place, ByteSpan value)
{
    byte_buffer_reset(place);
    if (!byte_buffer_append(place, value)) {
        exchange->is_malformed = true;
    }
}

/* RFC 4616 §2: authorization identity NUL identity NUL password. */
static void read_plain(SaslExchange *exchange, ByteSpan response)
{
    gssize first = byte_span_find(response, '\0', 0);
    gssize second = first < 0 ? -1 : byte_span_find(response, '\0', (gsize)first + 1);
    if (second < 0) {
        exchange->is_malformed = true;
        return;
    }
    gsize start = (gsize)first + 1;
    keep(exchange, &exchange->authorization, byte_span_slice(response, 0, (gsize)first));
    keep(exchange, &exchange->identity, byte_span_slice(response, start, (gsize)second - start));
    keep(exchange, &exchange->secret, byte_span_from(response, (gsize)second + 1));
}

static void read_login(SaslExchange *exchange, ByteSpan response)
{
    keep(exchange, exchange->responses == 0 ? &exchange->identity : &exchange->secret, response);
}

/* RFC 2195 §2: the user's name, a space, the digest in hexadecimal. */
static void read_cram_md5(SaslExchange *exchange, ByteSpan response)
{
    gsize space = response.length;
    while (space > 0 && response.data[space - 1] != ' ') {
        space--;
    }
    if (space == 0) {
        exchange->is_malformed = true;
        return;
    }
    keep(exchange, &exchange->identity, byte_span_slice(response, 0, space - 1));
    keep(exchange, &exchange->proof, byte_span_from(response, space));
}

static bool is_name_before(ByteSpan text, gsize at)
{
    return at > 0 && text.data[at - 1] != ',' && !g_ascii_isspace(text.data[at - 1]);
}

/* The value of name=value or name="value" in a list with commas; empty: not there. */
static ByteSpan directive(ByteSpan text, const char *name)
{
    gsize length = strlen(name);
    for (gsize at = 0; at + length < text.length; at++) {
        if (!byte_span_starts_with(byte_span_from(text, at), name) ||
            text.data[at + length] != '=' || is_name_before(text, at)) {
            continue;
        }
        ByteSpan value = byte_span_from(text, at + length + 1);
        bool is_quoted = value.length > 0 && value.data[0] == '"';
        value = byte_span_from(value, is_quoted ? 1 : 0);
        gssize end = byte_span_find(value, is_quoted ? '"' : ',', 0);
        return end < 0 ? value : byte_span_slice(value, 0, (gsize)end);
    }
    return BYTE_SPAN_EMPTY;
}

/* RFC 2831 §2.1.2 */
static void read_digest_md5(SaslExchange *exchange, ByteSpan response)
{
    if (exchange->responses > 0) {
        return;
    }
    keep(exchange, &exchange->identity, directive(response, "username"));
    keep(exchange, &exchange->authorization, directive(response, "authzid"));
    keep(exchange, &exchange->proof, directive(response, "response"));
}

/* RFC 5802 §5.1: n=user in the first message, p=proof in the last. */
static void read_scram(SaslExchange *exchange, ByteSpan response)
{
    if (exchange->responses == 0) {
        keep(exchange, &exchange->authorization, directive(response, "a"));
        keep(exchange, &exchange->identity, directive(response, "n"));
    } else if (exchange->responses == 1) {
        keep(exchange, &exchange->proof, directive(response, "p"));
    }
}

static ByteSpan up_to(ByteSpan text, guint8 octet)
{
    gssize end = byte_span_find(text, octet, 0);
    return end < 0 ? text : byte_span_slice(text, 0, (gsize)end);
}

static ByteSpan after(ByteSpan text, const char *mark)
{
    for (gsize at = 0; at + strlen(mark) <= text.length; at++) {
        if (byte_span_starts_with_nocase(byte_span_from(text, at), mark)) {
            return byte_span_from(text, at + strlen(mark));
        }
    }
    return BYTE_SPAN_EMPTY;
}

/* XOAUTH2 has user=..., RFC 7628 §3.1 has a=... before the first comma's end; both carry a token.
 */
static void read_bearer(SaslExchange *exchange, ByteSpan response)
{
    if (exchange->responses > 0) {
        return;
    }
    ByteSpan user = after(response, "user=");
    keep(
        exchange,
        &exchange->identity,
        user.length > 0 ? up_to(user, '\1') : up_to(after(response, "n,a="), ',')
    );
    keep(exchange, &exchange->secret, up_to(after(response, "auth=Bearer "), '\1'));
}

static void read_identity_only(SaslExchange *exchange, ByteSpan response)
{
    if (exchange->responses == 0) {
        keep(exchange, &exchange->identity, response);
    }
}

static guint16 little_endian_16(ByteSpan text, gsize at)
{
    return (guint16)(text.data[at] | text.data[at + 1] << 8);
}

/* The third NTLM message names the user in UTF-16, its length at octet 36 and its place at 40. */
static void read_ntlm(SaslExchange *exchange, ByteSpan response)
{
    if (response.length < 44 || !byte_span_starts_with(response, "NTLMSSP") ||
        response.data[8] != 3) {
        return;
    }
    ByteSpan wide =
        byte_span_slice(response, little_endian_16(response, 40), little_endian_16(response, 36));
    g_autofree char *user = g_convert(
        (const char *)wide.data, (gssize)wide.length, "UTF-8", "UTF-16LE", NULL, NULL, NULL
    );
    keep(exchange, &exchange->identity, byte_span_from_string(user));
}

static void read_nothing(SaslExchange *exchange, ByteSpan response)
{
    (void)exchange;
    (void)response;
}

typedef struct {
    const char *mechanism; /* a closing '*' stands for any ending */
    ResponseReader read;
    guint expected_responses;
} MechanismReader;

static const MechanismReader readers[] = {
    {"ANONYMOUS", read_identity_only, 1},
    {"CRAM-MD5", read_cram_md5, 1},
    {"DIGEST-MD5", read_digest_md5, 2},
    {"EXTERNAL", read_identity_only, 1},
    {"LOGIN", read_login, 2},
    {"NTLM", read_ntlm, 2},
    {"OAUTHBEARER", read_bearer, 1},
    {"PLAIN", read_plain, 1},
    {"SCRAM-*", read_scram, 2},
    {"XOAUTH2", read_bearer, 1},
};

static const MechanismReader unknown_mechanism = {"", read_nothing, 1};

static const MechanismReader *reader_of(const SaslExchange *exchange)
{
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        if (g_pattern_match_simple(readers[i].mechanism, exchange->mechanism)) {
            return &readers[i];
        }
    }
    return &unknown_mechanism;
}

void sasl_exchange_begin(SaslExchange *exchange, ByteSpan mechanism)
{
    *exchange = (SaslExchange){0};
    gsize length = MIN(mechanism.length, SASL_MECHANISM_MAXIMUM);
    for (gsize i = 0; i < length; i++) {
        exchange->mechanism[i] = g_ascii_toupper((char)mechanism.data[i]);
    }
    byte_buffer_init(&exchange->challenge, SASL_MESSAGE_MAXIMUM);
    byte_buffer_init(&exchange->identity, SASL_MESSAGE_MAXIMUM);
    byte_buffer_init(&exchange->authorization, SASL_MESSAGE_MAXIMUM);
    byte_buffer_init(&exchange->secret, SASL_MESSAGE_MAXIMUM);
    byte_buffer_init(&exchange->proof, SASL_MESSAGE_MAXIMUM);
}

void sasl_exchange_clear(SaslExchange *exchange)
{
    byte_buffer_clear(&exchange->challenge);
    byte_buffer_clear(&exchange->identity);
    byte_buffer_clear(&exchange->authorization);
    byte_buffer_clear(&exchange->secret);
    byte_buffer_clear(&exchange->proof);
}

static bool decode(SaslExchange *exchange, ByteSpan base64, ByteBuffer *decoded)
{
    gsize bad_position;
    byte_buffer_init(decoded, SASL_MESSAGE_MAXIMUM);
    if (!base64_decode(base64, decoded, &bad_position)) {
        exchange->is_malformed = true;
        return false;
    }
    return true;
}

void sasl_exchange_challenge(SaslExchange *exchange, ByteSpan base64)
{
    ByteBuffer decoded;
    if (decode(exchange, base64, &decoded) && byte_buffer_length(&decoded) > 0) {
        keep(exchange, &exchange->challenge, byte_buffer_span(&decoded));
    }
    byte_buffer_clear(&decoded);
    exchange->challenges++;
}

void sasl_exchange_response(SaslExchange *exchange, ByteSpan base64)
{
    if (byte_span_is(base64, "*")) {
        exchange->was_cancelled = true;
        return;
    }
    if (exchange->lacks_responses) {
        exchange->responses++;
        return;
    }
    ByteBuffer decoded;
    if (decode(exchange, byte_span_is(base64, "=") ? BYTE_SPAN_EMPTY : base64, &decoded)) {
        reader_of(exchange)->read(exchange, byte_buffer_span(&decoded));
    }
    byte_buffer_clear(&decoded);
    exchange->responses++;
}

void sasl_exchange_lose_response(SaslExchange *exchange)
{
    exchange->lacks_responses = true;
}

guint sasl_exchange_expected_responses(const SaslExchange *exchange)
{
    return reader_of(exchange)->expected_responses;
}

void sasl_exchange_credential(const SaslExchange *exchange, DialogueCredential *out_credential)
{
    const SaslMechanismRow *row = sasl_mechanism_find(byte_span_from_string(exchange->mechanism));
    *out_credential = (DialogueCredential){
        .mechanism = row == NULL ? NULL : &row->item,
        .method = exchange->mechanism,
        .identity = byte_buffer_span(&exchange->identity),
        .authorization = byte_buffer_span(&exchange->authorization),
        .secret = byte_buffer_span(&exchange->secret),
        .challenge = byte_buffer_span(&exchange->challenge),
        .proof = byte_buffer_span(&exchange->proof),
    };
}
