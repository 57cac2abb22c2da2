/* Lets another program ask our codecs: one request a line on standard input, one answer a line.
 *
 *     base64-decode 544756324951 3d3d      ->  ok 4c6576 21    octets in hexadecimal, no spaces
 *     address 5321 614062                  ->  no 2
 *
 * "ok HEX" is the answer, "no POSITION" says where the text is wrong. */

#include "protocol/address/address-judge.h"
#include "protocol/address/punycode.h"
#include "protocol/encoding/auth-token.h"
#include "protocol/encoding/base64.h"
#include "protocol/encoding/dot-stuffing.h"
#include "protocol/encoding/encoded-word.h"
#include "protocol/encoding/modified-utf7.h"
#include "protocol/encoding/parameter-value.h"
#include "protocol/encoding/quoted-printable.h"

#include <stdio.h>

#define MAXIMUM (4 * 1024 * 1024)

typedef struct {
    ByteSpan input;
    const char *option;
    ByteBuffer output;
    gsize position;
} Request;

typedef bool (*Answer)(Request *request);

static bool answer_base64_encode(Request *request)
{
    return base64_encode(request->input, &request->output);
}

static bool answer_base64_lines(Request *request)
{
    return base64_encode_lines(request->input, BASE64_MIME_LINE, &request->output);
}

static bool answer_base64_decode(Request *request)
{
    return base64_decode(request->input, &request->output, &request->position);
}

static bool answer_base64_mime(Request *request)
{
    Base64Decoder decoder;
    base64_decoder_init(&decoder, BASE64_MIME);
    return base64_decoder_feed(&decoder, request->input, &request->output) &&
           base64_decoder_finish(&decoder, &request->output);
}

static bool answer_qp_encode(Request *request)
{
    return quoted_printable_encode(
        request->input,
        strcmp(request->option, "text") == 0 ? QUOTED_PRINTABLE_TEXT : QUOTED_PRINTABLE_BINARY,
        &request->output
    );
}

static bool answer_qp_decode(Request *request)
{
    return quoted_printable_decode(request->input, &request->output, &request->position);
}

static bool answer_word_encode(Request *request)
{
    EncodedWordEncoding encoding = request->option[0] == 'B' ? ENCODED_WORD_B : ENCODED_WORD_Q;
    return encoded_words_encode(request->input, NULL, encoding, &request->output);
}

static bool answer_word_decode(Request *request)
{
    g_autofree char *text = encoded_words_decode(request->input);
    return byte_buffer_append_string(&request->output, text);
}

static bool answer_utf7_encode(Request *request)
{
    return modified_utf7_encode(request->input, &request->output, NULL, &request->position);
}

static bool answer_utf7_decode(Request *request)
{
    return modified_utf7_decode(request->input, &request->output, NULL, &request->position);
}

static bool answer_parameter_encode(Request *request)
{
    return parameter_encode("filename", request->input, NULL, &request->output);
}

static bool answer_parameter_decode(Request *request)
{
    g_autofree char *text = parameter_decode(request->input, "filename", NULL, &request->position);
    return text != NULL && byte_buffer_append_string(&request->output, text);
}

static bool answer_dot_stuff(Request *request)
{
    return dot_stuff(request->input, &request->output);
}

static bool answer_dot_unstuff(Request *request)
{
    DotUnstuffer unstuffer;
    ByteSpan input = request->input;
    ByteSpan octets;
    DotStep step;
    dot_unstuffer_init(&unstuffer);
    while ((step = dot_unstuffer_next(&unstuffer, &input, &octets)) == DOT_DATA) {
        if (!byte_buffer_append(&request->output, octets)) {
            return false;
        }
    }
    return step == DOT_END;
}

static bool answer_hmac(Request *request)
{
    HmacMd5Trace trace;
    hmac_md5_trace(byte_span_from_string(request->option), request->input, &trace);
    return byte_buffer_append(&request->output, byte_span(trace.outer, MD5_DIGEST));
}

static bool answer_punycode_decode(Request *request)
{
    gunichar points[256];
    gssize n_points = punycode_decode(request->input, points, G_N_ELEMENTS(points));
    g_autofree char *text =
        n_points < 0 ? NULL : g_ucs4_to_utf8(points, n_points, NULL, NULL, NULL);
    return text != NULL && byte_buffer_append_string(&request->output, text);
}

static bool answer_address(Request *request)
{
    static const char *const names[] = {"5321", "5322", "obsolete", "6531"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], request->option) == 0) {
            AddressVerdict verdict = address_judge((AddressRuleSet)i, request->input);
            request->position = verdict.position;
            return verdict.is_valid;
        }
    }
    return false;
}

static const struct {
    const char *name;
    Answer answer;
} answers[] = {
    {"base64-encode", answer_base64_encode},
    {"base64-lines", answer_base64_lines},
    {"base64-decode", answer_base64_decode},
    {"base64-mime", answer_base64_mime},
    {"qp-encode", answer_qp_encode},
    {"qp-decode", answer_qp_decode},
    {"word-encode", answer_word_encode},
    {"word-decode", answer_word_decode},
    {"utf7-encode", answer_utf7_encode},
    {"utf7-decode", answer_utf7_decode},
    {"parameter-encode", answer_parameter_encode},
    {"parameter-decode", answer_parameter_decode},
    {"dot-stuff", answer_dot_stuff},
    {"dot-unstuff", answer_dot_unstuff},
    {"hmac-md5", answer_hmac},
    {"punycode-decode", answer_punycode_decode},
    {"address", answer_address},
};

static Answer find_answer(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (strcmp(answers[i].name, name) == 0) {
            return answers[i].answer;
        }
    }
    return NULL;
}

static GByteArray *from_hex(const char *hex)
{
    GByteArray *octets = g_byte_array_new();
    for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2) {
        guint8 octet = (guint8)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(octets, &octet, 1);
    }
    return octets;
}

static void print_hex(ByteSpan octets)
{
    for (gsize i = 0; i < octets.length; i++) {
        printf("%02x", octets.data[i]);
    }
}

/* "NAME OPTION HEX"; an option that is not needed is "-", no octets are "-" too. */
static bool answer_line(char *line)
{
    g_auto(GStrv) parts = g_strsplit(g_strchomp(line), " ", 3);
    if (g_strv_length(parts) != 3) {
        return false;
    }
    Answer answer = find_answer(parts[0]);
    if (answer == NULL) {
        return false;
    }
    g_autoptr(GByteArray) octets = from_hex(parts[2]);
    Request request = {.input = byte_span(octets->data, octets->len), .option = parts[1]};
    byte_buffer_init(&request.output, MAXIMUM);
    if (answer(&request)) {
        printf("ok ");
        print_hex(byte_buffer_span(&request.output));
        printf("\n");
    } else {
        printf("no %zu\n", request.position);
    }
    byte_buffer_clear(&request.output);
    return true;
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        if (!answer_line(line)) {
            fprintf(stderr, "cannot answer: %s\n", line);
            free(line);
            return 1;
        }
    }
    free(line);
    return 0;
}
