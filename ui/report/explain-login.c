#include "ui/report/explain-login.h"

#include "protocol/encoding/auth-token.h"
#include "protocol/encoding/base64-trace.h"
#include "ui/report/explain-view.h"

#define MESSAGE_MAXIMUM (1024 * 1024)

static const RfcReference plain_rule = {4616, "2"};
static const RfcReference auth_rule = {4954, "4"};
static const char plain_warning[] =
    "base64 hides nothing: whoever reads the line reads the password. It belongs inside TLS.";

static char *encoded(ByteSpan octets)
{
    ByteBuffer token;
    byte_buffer_init(&token, base64_encoded_length(octets.length));
    bool fits = base64_encode(octets, &token);
    g_assert(fits);
    char *text = byte_span_to_string(byte_buffer_span(&token));
    byte_buffer_clear(&token);
    return text;
}

/* "bob (3 octets)" */
static void show_part(ExplainOutput *output, const char *label, ByteSpan part, const char *empty)
{
    g_autofree char *shown = byte_span_to_display(part);
    if (part.length == 0) {
        explain_row(output, label, TEXT_QUIET, empty, NULL);
        return;
    }
    explain_row(output, label, TEXT_PROTOCOL, shown, NULL);
}

static void show_plain(const PlainMessage *message, ByteSpan octets, ExplainOutput *output)
{
    g_autofree char *hex = explain_hex(octets);
    g_autofree char *shown = byte_span_to_display(octets);
    g_autofree char *token = encoded(octets);
    explain_heading(
        output, "AUTH PLAIN: on whose behalf, who, and the password, with NULs between"
    );
    explain_blank(output);
    show_part(output, "behalf", message->authorization, "(nobody else: for oneself)");
    show_part(output, "who", message->identity, "");
    show_part(output, "password", message->password, "");
    explain_row(output, "message", TEXT_PROTOCOL, shown, &plain_rule);
    explain_row(output, "octets", TEXT_PLAIN, hex, NULL);
    explain_row_printf(output, "client", TEXT_PROTOCOL, "AUTH PLAIN %s", token);
    explain_row(
        output,
        "",
        TEXT_PLAIN,
        "the message in base64: `explain base64` shows each step",
        &auth_rule
    );
    explain_row(output, "", TEXT_WARNING, plain_warning, NULL);
}

static void json_plain(const PlainMessage *message, ByteSpan octets, ExplainOutput *output)
{
    g_autofree char *token = encoded(octets);
    const RfcReference references[] = {plain_rule, auth_rule};
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_span(output->json, "authorization", message->authorization);
    json_line_span(output->json, "identity", message->identity);
    json_line_span(output->json, "password", message->password);
    explain_json_octets(output, "message", octets);
    json_line_string(output->json, "text", token);
    explain_json_rfc(output, references, G_N_ELEMENTS(references));
    explain_json_end(output);
}

static void give_plain(const PlainMessage *message, ByteSpan octets, ExplainOutput *output)
{
    if (output->json != NULL) {
        json_plain(message, octets, output);
    } else {
        show_plain(message, octets, output);
    }
}

static bool refuse(
    ByteSpan text,
    gsize position,
    const char *what,
    const RfcReference *reference,
    ExplainOutput *output
)
{
    g_autofree char *sentence = explain_fault(text, position, what);
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", false);
        explain_json_octets(output, "given", text);
        json_line_number(output->json, "position", position);
        json_line_string(output->json, "meaning", sentence);
        explain_json_rfc(output, reference, 1);
        explain_json_end(output);
        return false;
    }
    explain_caret(output, "wrong", text, position);
    explain_row(output, "", TEXT_BAD, sentence, reference);
    return false;
}

/* The token is no base64: says why. */
static bool refuse_token(ByteSpan token, ExplainOutput *output)
{
    static const RfcReference base64_rule = {4648, "4"};
    Base64Reader reader;
    Base64Reading reading;
    base64_reader_init(&reader, token, BASE64_STRICT);
    while (base64_reader_next(&reader, &reading)) {
    }
    return refuse(
        token, reader.fault_position, base64_fault_name(reader.fault), &base64_rule, output
    );
}

/* "AUTH PLAIN dGVz..." or the token alone. */
static ByteSpan token_of(const ExplainRequest *request)
{
    return byte_span_from_string(request->words[request->n_words - 1]);
}

static bool decode_plain(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan token = token_of(request);
    gsize position = 0;
    bool is_right = false;
    PlainMessage message;
    ByteBuffer octets;
    byte_buffer_init(&octets, MESSAGE_MAXIMUM);
    if (!base64_decode(token, &octets, NULL)) {
        refuse_token(token, output);
    } else if (!plain_message_read(byte_buffer_span(&octets), &message, &position)) {
        refuse(
            byte_buffer_span(&octets),
            position,
            "what is no PLAIN message: two NULs, and something behind each",
            &plain_rule,
            output
        );
    } else {
        is_right = true;
        give_plain(&message, byte_buffer_span(&octets), output);
    }
    byte_buffer_clear(&octets);
    return is_right;
}

bool explain_auth_plain(const ExplainRequest *request, ExplainOutput *output)
{
    if (request->wants_decoding || request->n_words == 1) {
        return decode_plain(request, output);
    }
    gsize first = request->n_words - 2;
    PlainMessage message = {
        .authorization = first > 0 ? byte_span_from_string(request->words[0]) : BYTE_SPAN_EMPTY,
        .identity = byte_span_from_string(request->words[first]),
        .password = byte_span_from_string(request->words[first + 1]),
    };
    ByteBuffer octets;
    byte_buffer_init(&octets, MESSAGE_MAXIMUM);
    bool is_right = plain_message_write(&message, &octets);
    if (is_right) {
        give_plain(&message, byte_buffer_span(&octets), output);
    } else {
        ByteSpan empty = message.identity.length == 0 ? message.identity : message.password;
        refuse(
            empty, 0, "an empty name or password, which PLAIN does not have", &plain_rule, output
        );
    }
    byte_buffer_clear(&octets);
    return is_right;
}

static void
show_login_line(ExplainOutput *output, const char *speaker, const char *code, ByteSpan octets)
{
    g_autofree char *token = encoded(octets);
    g_autofree char *meaning = byte_span_to_display(octets);
    explain_row_printf(output, speaker, TEXT_PROTOCOL, "%s%s", code, token);
    explain_row(output, "", TEXT_PLAIN, meaning, NULL);
}

static void show_login(ByteSpan user, ByteSpan password, ExplainOutput *output)
{
    explain_heading(output, "AUTH LOGIN: name and password, one after the other, each in base64");
    explain_blank(output);
    explain_row(output, "client", TEXT_PROTOCOL, "AUTH LOGIN", &auth_rule);
    show_login_line(output, "server", "334 ", BYTE_SPAN_LITERAL("Username:"));
    show_login_line(output, "client", "", user);
    show_login_line(output, "server", "334 ", BYTE_SPAN_LITERAL("Password:"));
    show_login_line(output, "client", "", password);
    explain_row(output, "server", TEXT_PROTOCOL, "235 2.7.0 Authentication successful", &auth_rule);
    explain_blank(output);
    explain_row(
        output,
        "",
        TEXT_PLAIN,
        "No RFC defines LOGIN: only a draft ever did, and yet many servers offer it.",
        NULL
    );
    explain_row(output, "", TEXT_WARNING, plain_warning, NULL);
}

static void json_login(ByteSpan user, ByteSpan password, ExplainOutput *output)
{
    const struct {
        const char *from;
        ByteSpan octets;
    } lines[] = {
        {"server", BYTE_SPAN_LITERAL("Username:")},
        {"client", user},
        {"server", BYTE_SPAN_LITERAL("Password:")},
        {"client", password},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *token = encoded(lines[i].octets);
        explain_json_step(output);
        json_line_string(output->json, "from", lines[i].from);
        json_line_string(output->json, "text", token);
        json_line_span(output->json, "decoded", lines[i].octets);
        explain_json_rfc(output, &auth_rule, 1);
        explain_json_end(output);
    }
}

static bool decode_login(const ExplainRequest *request, ExplainOutput *output)
{
    if (output->json == NULL) {
        explain_heading(output, "AUTH LOGIN: each line in base64, the server's questions too");
        explain_blank(output);
    }
    for (gsize i = 0; i < request->n_words; i++) {
        ByteSpan token = byte_span_from_string(request->words[i]);
        ByteBuffer octets;
        byte_buffer_init(&octets, MESSAGE_MAXIMUM);
        if (!base64_decode(token, &octets, NULL)) {
            byte_buffer_clear(&octets);
            return refuse_token(token, output);
        }
        g_autofree char *meaning = byte_span_to_display(byte_buffer_span(&octets));
        if (output->json != NULL) {
            explain_json_step(output);
            json_line_span(output->json, "text", token);
            explain_json_octets(output, "decoded", byte_buffer_span(&octets));
            explain_json_end(output);
        } else {
            explain_row(output, "line", TEXT_PROTOCOL, request->words[i], NULL);
            explain_row(output, "", TEXT_PLAIN, meaning, NULL);
        }
        byte_buffer_clear(&octets);
    }
    return true;
}

bool explain_auth_login(const ExplainRequest *request, ExplainOutput *output)
{
    if (request->wants_decoding || request->n_words != 2) {
        return decode_login(request, output);
    }
    ByteSpan user = byte_span_from_string(request->words[0]);
    ByteSpan password = byte_span_from_string(request->words[1]);
    if (output->json != NULL) {
        json_login(user, password, output);
    } else {
        show_login(user, password, output);
    }
    return true;
}
