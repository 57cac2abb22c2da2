#include "ui/report/explain-digest.h"

#include "protocol/encoding/auth-token.h"
#include "protocol/encoding/base64.h"
#include "ui/report/explain-view.h"

#define TOKEN_MAXIMUM 65536

static const RfcReference apop_rule = {1939, "7"};
static const RfcReference padding_rule = {1321, "3.1"};
static const RfcReference length_rule = {1321, "3.2"};
static const RfcReference hmac_rule = {2104, "2"};
static const RfcReference cram_rule = {2195, "2"};

/* Sixteen octets in hexadecimal a row, with what they are at the end. */
static void show_octets(ExplainOutput *output, const char *label, ByteSpan octets)
{
    for (gsize at = 0; at < octets.length; at += 16) {
        g_autofree char *hex = explain_hex(byte_span_slice(octets, at, 16));
        explain_line(output, at == 0 ? label : "", TEXT_PLAIN, hex);
    }
}

static void show_md5_block(ExplainOutput *output, ByteSpan octets)
{
    ByteBuffer padded;
    byte_buffer_init(&padded, octets.length + 2 * MD5_BLOCK);
    bool fits = md5_pad(octets, &padded);
    g_assert(fits);
    gsize n_padding = byte_buffer_length(&padded) - octets.length - 8;
    show_octets(output, "MD5 reads", byte_buffer_span(&padded));
    g_autofree char *padding = g_strdup_printf(
        "the %zu octets, then 80 and %zu zero octet%s",
        octets.length,
        n_padding - 1,
        n_padding == 2 ? "" : "s"
    );
    g_autofree char *length = g_strdup_printf(
        "then their number of bits, %zu, in 8 octets, the least first: %zu block%s of 64 in all",
        octets.length * 8,
        byte_buffer_length(&padded) / MD5_BLOCK,
        byte_buffer_length(&padded) == MD5_BLOCK ? "" : "s"
    );
    explain_row(output, "", TEXT_PLAIN, padding, &padding_rule);
    explain_row(output, "", TEXT_PLAIN, length, &length_rule);
    byte_buffer_clear(&padded);
}

static bool refuse_banner(ByteSpan banner, ExplainOutput *output)
{
    static const char reason[] =
        "The banner has no time stamp between < and >, so this server does not offer APOP.";
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", false);
        json_line_number(output->json, "position", banner.length);
        json_line_string(output->json, "meaning", reason);
        explain_json_rfc(output, &apop_rule, 1);
        explain_json_end(output);
        return false;
    }
    explain_caret(output, "banner", banner, banner.length);
    explain_row(output, "", TEXT_BAD, reason, &apop_rule);
    return false;
}

static void show_apop(
    const ExplainRequest *request,
    ByteSpan timestamp,
    ByteSpan together,
    const char *digest,
    ExplainOutput *output
)
{
    const char *user = request->n_words > 2 ? request->words[2] : "bob";
    g_autofree char *stamp = byte_span_to_display(timestamp);
    explain_heading(output, "APOP: the secret is digested together with a time stamp, never sent");
    explain_blank(output);
    explain_row(output, "banner", TEXT_PROTOCOL, request->words[0], NULL);
    explain_row(output, "stamp", TEXT_PROTOCOL, stamp, &apop_rule);
    explain_row(
        output, "", TEXT_PLAIN, "from \"<\" to \">\", both included; new for every connection", NULL
    );
    explain_row(output, "secret", TEXT_PROTOCOL, request->words[1], NULL);
    explain_long_text(output, "together", TEXT_PROTOCOL, together, 0);
    explain_blank(output);
    show_md5_block(output, together);
    explain_blank(output);
    explain_row(output, "digest", TEXT_PROTOCOL, digest, &apop_rule);
    explain_row_printf(output, "client", TEXT_PROTOCOL, "APOP %s %s", user, digest);
    explain_row(
        output,
        "",
        TEXT_PLAIN,
        "The server knows the secret, digests the same octets and compares. Who has listened "
        "can guess secrets and try each; with a weak one that is soon done.",
        NULL
    );
}

static void json_apop(
    const ExplainRequest *request,
    ByteSpan timestamp,
    ByteSpan together,
    const char *digest,
    ExplainOutput *output
)
{
    const char *user = request->n_words > 2 ? request->words[2] : "bob";
    g_autofree char *command = g_strdup_printf("APOP %s %s", user, digest);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_span(output->json, "timestamp", timestamp);
    explain_json_octets(output, "digested", together);
    json_line_string(output->json, "digest", digest);
    json_line_string(output->json, "text", command);
    explain_json_rfc(output, &apop_rule, 1);
    explain_json_end(output);
}

bool explain_apop(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan banner = byte_span_from_string(request->words[0]);
    ByteSpan timestamp;
    guint8 digest[MD5_DIGEST];
    char hex[2 * MD5_DIGEST + 1];
    if (!apop_timestamp(banner, &timestamp)) {
        return refuse_banner(banner, output);
    }
    ByteSpan secret = byte_span_from_string(request->words[1]);
    g_autoptr(GByteArray) together = g_byte_array_new();
    g_byte_array_append(together, timestamp.data, (guint)timestamp.length);
    g_byte_array_append(together, secret.data, (guint)secret.length);
    md5_digest(timestamp, secret, digest);
    md5_to_hex(digest, hex);
    ByteSpan octets = byte_span(together->data, together->len);
    if (output->json != NULL) {
        json_apop(request, timestamp, octets, hex, output);
    } else {
        show_apop(request, timestamp, octets, hex, output);
    }
    return true;
}

/* The challenge as said after "334 " or "+ ", or already decoded: both have angle brackets. */
static void read_challenge(const char *word, ByteBuffer *challenge)
{
    ByteSpan text = byte_span_from_string(word);
    if (base64_decode(text, challenge, NULL) && byte_buffer_length(challenge) > 0 &&
        byte_buffer_span(challenge).data[0] == '<') {
        return;
    }
    byte_buffer_reset(challenge);
    bool fits = byte_buffer_append(challenge, text);
    g_assert(fits);
}

typedef struct {
    ByteBuffer challenge;
    HmacMd5Trace trace;
    char inner[2 * MD5_DIGEST + 1];
    char outer[2 * MD5_DIGEST + 1];
    char *answer;
    ByteBuffer challenge_token;
    ByteBuffer answer_token;
} Cram;

static void encode(const void *data, gsize length, ByteBuffer *token)
{
    byte_buffer_init(token, base64_encoded_length(length));
    bool fits = base64_encode(byte_span(data, length), token);
    g_assert(fits);
}

static void cram_init(Cram *cram, const ExplainRequest *request)
{
    byte_buffer_init(&cram->challenge, strlen(request->words[0]) + 1);
    read_challenge(request->words[0], &cram->challenge);
    ByteSpan challenge = byte_buffer_span(&cram->challenge);
    hmac_md5_trace(byte_span_from_string(request->words[2]), challenge, &cram->trace);
    md5_to_hex(cram->trace.inner, cram->inner);
    md5_to_hex(cram->trace.outer, cram->outer);
    cram->answer = g_strdup_printf("%s %s", request->words[1], cram->outer);
    encode(challenge.data, challenge.length, &cram->challenge_token);
    encode(cram->answer, strlen(cram->answer), &cram->answer_token);
}

static void cram_clear(Cram *cram)
{
    byte_buffer_clear(&cram->challenge);
    byte_buffer_clear(&cram->challenge_token);
    byte_buffer_clear(&cram->answer_token);
    g_free(cram->answer);
}

static void show_key(const Cram *cram, const ExplainRequest *request, ExplainOutput *output)
{
    explain_row(output, "secret", TEXT_PROTOCOL, request->words[2], NULL);
    show_octets(output, "key", byte_span(cram->trace.key, MD5_BLOCK));
    explain_row(
        output,
        "",
        TEXT_PLAIN,
        cram->trace.is_key_digested
            ? "The secret is longer than 64 octets, so its MD5 is the key, filled up with zeros."
            : "The secret, filled up with zeros to 64 octets.",
        &hmac_rule
    );
    show_octets(output, "inner key", byte_span(cram->trace.inner_key, MD5_BLOCK));
    explain_row(output, "", TEXT_PLAIN, "Every octet of the key XOR 36.", NULL);
    show_octets(output, "outer key", byte_span(cram->trace.outer_key, MD5_BLOCK));
    explain_row(output, "", TEXT_PLAIN, "Every octet of the key XOR 5c.", NULL);
}

static void show_cram(const Cram *cram, const ExplainRequest *request, ExplainOutput *output)
{
    g_autofree char *challenge = byte_span_to_display(byte_buffer_span(&cram->challenge));
    g_autofree char *asked = byte_span_to_display(byte_buffer_span(&cram->challenge_token));
    g_autofree char *said = byte_span_to_display(byte_buffer_span(&cram->answer_token));
    explain_heading(
        output, "CRAM-MD5: a keyed digest of the server's challenge, the secret is the key"
    );
    explain_blank(output);
    explain_row_printf(output, "server", TEXT_PROTOCOL, "334 %s", asked);
    explain_row(output, "challenge", TEXT_PROTOCOL, challenge, &cram_rule);
    explain_row(output, "", TEXT_PLAIN, "base64 taken off; new for every login", NULL);
    explain_blank(output);
    show_key(cram, request, output);
    explain_blank(output);
    explain_row(output, "inner", TEXT_PROTOCOL, cram->inner, &hmac_rule);
    explain_row(output, "", TEXT_PLAIN, "MD5 of the inner key and the challenge", NULL);
    explain_row(output, "outer", TEXT_PROTOCOL, cram->outer, &hmac_rule);
    explain_row(
        output, "", TEXT_PLAIN, "MD5 of the outer key and the 16 octets of the inner digest", NULL
    );
    explain_blank(output);
    explain_row(output, "answer", TEXT_PROTOCOL, cram->answer, &cram_rule);
    explain_row(output, "client", TEXT_PROTOCOL, said, NULL);
    explain_row(output, "", TEXT_PLAIN, "the answer in base64, as it goes over the wire", NULL);
}

static void json_cram(const Cram *cram, ExplainOutput *output)
{
    JsonLine *json = output->json;
    g_autofree char *key = explain_hex(byte_span(cram->trace.key, MD5_BLOCK));
    g_autofree char *inner_key = explain_hex(byte_span(cram->trace.inner_key, MD5_BLOCK));
    g_autofree char *outer_key = explain_hex(byte_span(cram->trace.outer_key, MD5_BLOCK));
    const RfcReference references[] = {cram_rule, hmac_rule};
    explain_json_begin(output, "result");
    json_line_boolean(json, "valid", true);
    json_line_span(json, "challenge", byte_buffer_span(&cram->challenge));
    json_line_string(json, "key_hex", key);
    json_line_boolean(json, "key_is_digest", cram->trace.is_key_digested);
    json_line_string(json, "inner_key_hex", inner_key);
    json_line_string(json, "outer_key_hex", outer_key);
    json_line_string(json, "inner", cram->inner);
    json_line_string(json, "outer", cram->outer);
    json_line_string(json, "answer", cram->answer);
    json_line_span(json, "text", byte_buffer_span(&cram->answer_token));
    explain_json_rfc(output, references, G_N_ELEMENTS(references));
    explain_json_end(output);
}

bool explain_cram_md5(const ExplainRequest *request, ExplainOutput *output)
{
    Cram cram;
    cram_init(&cram, request);
    if (output->json != NULL) {
        json_cram(&cram, output);
    } else {
        show_cram(&cram, request, output);
    }
    cram_clear(&cram);
    return true;
}
