/* What a log-in said, decoded step by step, and the arithmetic of the digests. */

#include "ui/timeline/step-builder-private.h"

#include "dissect/finding/secret-mask.h"
#include "protocol/encoding/auth-token.h"
#include "protocol/encoding/base64.h"

#define TOKEN_MAXIMUM 12288

static const RfcReference base64_reference = {4648, "4"};
static const RfcReference plain_reference = {4616, "2"};
static const RfcReference cram_reference = {2195, "2"};
static const RfcReference apop_reference = {1939, "7"};

static bool decode(ByteSpan base64, ByteBuffer *out)
{
    byte_buffer_init(out, TOKEN_MAXIMUM);
    return base64_decode(byte_span_trim(base64), out, NULL);
}

void step_explain_token(Step *step, ByteSpan base64, bool shows)
{
    ByteBuffer decoded;
    if (base64.length == 0 || byte_span_is(base64, "=") || byte_span_is(base64, "*")) {
        return;
    }
    if (!decode(base64, &decoded)) {
        step_add_detail(step, 0, "decoded", "this is not base64", base64_reference);
    } else if (shows) {
        g_autofree char *text = step_safe_text(byte_buffer_span(&decoded));
        step_add_detail(step, 0, "decoded", text, base64_reference);
    }
    byte_buffer_clear(&decoded);
}

void step_explain_plain(Step *step, ByteSpan base64, bool shows)
{
    ByteBuffer decoded;
    PlainMessage message;
    gsize bad;
    if (!decode(base64, &decoded) ||
        !plain_message_read(byte_buffer_span(&decoded), &message, &bad)) {
        step_add_detail(
            step, 0, "decoded", "not base64 of NAME NUL NAME NUL PASSWORD", plain_reference
        );
        byte_buffer_clear(&decoded);
        return;
    }
    g_autofree char *behalf = step_safe_text(message.authorization);
    g_autofree char *name = step_safe_text(message.identity);
    g_autofree char *password = shows ? step_safe_text(message.password) : g_strdup(SECRET_MASK);
    g_autofree char *text = g_strdup_printf("%s[NUL]%s[NUL]%s", behalf, name, password);
    step_add_detail(step, 0, "decoded", text, plain_reference);
    byte_buffer_clear(&decoded);
}

static void check_digest(Step *step, const char hex[2 * MD5_DIGEST + 1], ByteSpan proof)
{
    bool is_right = byte_span_is_nocase(byte_span_trim(proof), hex);
    step_detail(step, 1, "computed", "%s", hex);
    step_detail(
        step,
        1,
        "check",
        is_right ? "the same as the client sent: the client knew this password"
                 : "not what the client sent: another password was used"
    );
}

static void explain_cram(StepBuilder *builder, Step *step, const DialogueCredential *credential)
{
    const char *password = builder->options.password;
    step_add_detail(
        step,
        0,
        "digest",
        "HMAC-MD5 with the password as key over the challenge: H(K xor opad, H(K xor ipad, "
        "challenge)), written as 32 hexadecimal digits",
        cram_reference
    );
    if (password != NULL) {
        HmacMd5Trace trace;
        char hex[2 * MD5_DIGEST + 1];
        hmac_md5_trace(byte_span_from_string(password), credential->challenge, &trace);
        md5_to_hex(trace.inner, hex);
        step_detail(step, 1, "inner hash", "%s", hex);
        md5_to_hex(trace.outer, hex);
        check_digest(step, hex, credential->proof);
    }
}

static void explain_apop(StepBuilder *builder, Step *step, const DialogueCredential *credential)
{
    const char *password = builder->options.password;
    ByteSpan stamp = credential->challenge;
    apop_timestamp(credential->challenge, &stamp);
    g_autofree char *shown = step_safe_text(stamp);
    g_autofree char *text =
        g_strdup_printf("MD5 over \"%s\" with the password directly behind it", shown);
    step_add_detail(step, 0, "digest", text, apop_reference);
    if (password != NULL) {
        guint8 digest[MD5_DIGEST];
        char hex[2 * MD5_DIGEST + 1];
        md5_digest(stamp, byte_span_from_string(password), digest);
        md5_to_hex(digest, hex);
        check_digest(step, hex, credential->proof);
    }
}

static void explain_parts(StepBuilder *builder, Step *step, const DialogueCredential *credential)
{
    bool shows = builder->options.show_secrets;

    const struct {
        const char *label;
        ByteSpan octets;
        bool is_secret;
    } parts[] = {
        {"user name", credential->identity, false},
        {"on behalf of", credential->authorization, false},
        {"challenge",
         credential->secret.length > 0 ? BYTE_SPAN_EMPTY : credential->challenge,
         false},
        {"proof", credential->proof, true},
        {"password", credential->secret, true},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i].octets.length > 0) {
            g_autofree char *text = parts[i].is_secret && !shows ? g_strdup(SECRET_MASK)
                                                                 : step_safe_text(parts[i].octets);
            step_detail(step, 0, parts[i].label, "%s", text);
        }
    }
}

static const char *outcome(const DialogueCredential *credential)
{
    if (!credential->is_answered) {
        return "the answer was not seen";
    }
    return credential->succeeded ? "the server accepted it" : "the server refused it";
}

void step_take_credential(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    const DialogueCredential *credential = event->dialogue->credential;
    Step *step = step_of_event(builder, talk, STEP_CREDENTIAL, event);
    g_autofree char *name = step_safe_text(byte_span_slice(credential->identity, 0, 256));
    step->level = STEP_LEVEL_STORY;
    step->time_ns = MAX(step->time_ns, talk->reply_time_ns); /* it is known with the answer */
    step->title = g_strdup("log-in");
    step->text = credential->identity.length > 0
                     ? g_strdup_printf("%s with %s", name, credential->method)
                     : g_strdup(credential->method);
    step_take_row(step, credential->mechanism);
    g_free(step->meaning);
    step->meaning = g_strdup_printf(
        "Log-in of %s: %s.",
        credential->identity.length > 0 ? name : "the client",
        outcome(credential)
    );
    explain_parts(builder, step, credential);
    if (g_str_equal(credential->method, "CRAM-MD5")) {
        explain_cram(builder, step, credential);
    } else if (g_str_equal(credential->method, "APOP")) {
        explain_apop(builder, step, credential);
    }
    step_give(builder, step);
}
