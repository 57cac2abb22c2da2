#include "ui/report/explain-word.h"

#include "protocol/encoding/encoded-word.h"
#include "ui/report/explain-view.h"

#define OCTETS_MAXIMUM (1024 * 1024)

static const RfcReference syntax_rule = {2047, "2"};
static const RfcReference b_rule = {2047, "4.1"};
static const RfcReference q_rule = {2047, "4.2"};
static const RfcReference joining_rule = {2047, "6.2"};
static const RfcReference broken_rule = {2047, "6.3"};
static const RfcReference language_rule = {2231, "5"};

/* A word with all that can be said of it. */
typedef struct {
    EncodedWord word;
    ByteBuffer octets;
    char *text; /* UTF-8; NULL: the charset is not known */
} Reading;

static void read_word(const EncodedWord *word, Reading *reading)
{
    g_autofree char *charset = byte_span_to_string(word->charset);
    bool is_clean = true;
    reading->word = *word;
    byte_buffer_init(&reading->octets, OCTETS_MAXIMUM);
    bool fits = encoded_word_octets(&reading->word, &reading->octets);
    g_assert(fits);
    reading->text = charset_to_utf8(byte_buffer_span(&reading->octets), charset, &is_clean);
    if (reading->word.fault == ENCODED_WORD_FAULT_NONE && (reading->text == NULL || !is_clean)) {
        bool is_known = reading->text != NULL;
        reading->word.fault =
            is_known ? ENCODED_WORD_FAULT_TEXT : ENCODED_WORD_FAULT_UNKNOWN_CHARSET;
        ByteSpan where = is_known ? word->text : word->charset;
        reading->word.fault_position = (gsize)(where.data - word->whole.data);
    }
}

static void reading_clear(Reading *reading)
{
    byte_buffer_clear(&reading->octets);
    g_free(reading->text);
}

static void
show_span(ExplainOutput *output, const char *label, ByteSpan span, const RfcReference *reference)
{
    g_autofree char *text = byte_span_to_display(span);
    explain_row(output, label, TEXT_PROTOCOL, text, reference);
}

static void show_word_fault(ExplainOutput *output, const EncodedWord *word, ByteSpan text)
{
    g_autofree char *sentence =
        explain_fault(text, word->fault_position, encoded_word_fault_name(word->fault));
    explain_caret(output, "wrong", text, word->fault_position);
    explain_row(output, "", TEXT_BAD, sentence, &broken_rule);
}

static void show_reading(ExplainOutput *output, const Reading *reading)
{
    const EncodedWord *word = &reading->word;
    g_autofree char *hex = explain_hex(byte_buffer_span(&reading->octets));
    show_span(output, "word", word->whole, &syntax_rule);
    show_span(output, "charset", word->charset, NULL);
    if (word->language.length > 0) {
        show_span(output, "language", word->language, &language_rule);
    }
    explain_row(
        output,
        "encoding",
        TEXT_PLAIN,
        word->is_base64 ? "B: base64; `explain base64 --decode` shows each step"
                        : "Q: \"=XX\" is an octet, \"_\" a space",
        word->is_base64 ? &b_rule : &q_rule
    );
    show_span(output, "text", word->text, NULL);
    explain_row(output, "octets", TEXT_PLAIN, hex, NULL);
    if (reading->text != NULL) {
        show_span(output, "means", byte_span_from_string(reading->text), NULL);
    }
    if (word->fault != ENCODED_WORD_FAULT_NONE) {
        show_word_fault(output, word, word->whole);
    }
    explain_blank(output);
}

static void json_reading(ExplainOutput *output, const Reading *reading)
{
    const EncodedWord *word = &reading->word;
    bool is_right = word->fault == ENCODED_WORD_FAULT_NONE;
    explain_json_step(output);
    json_line_span(output->json, "text", word->whole);
    json_line_boolean(output->json, "valid", is_right);
    json_line_span(output->json, "charset", word->charset);
    json_line_span(output->json, "language", word->language);
    json_line_string(output->json, "encoding", word->is_base64 ? "B" : "Q");
    explain_json_octets(output, "octets", byte_buffer_span(&reading->octets));
    json_line_string(output->json, "decoded", reading->text);
    if (!is_right) {
        json_line_number(output->json, "position", word->fault_position);
        json_line_string(output->json, "found", encoded_word_fault_name(word->fault));
    }
    explain_json_rfc(output, word->is_base64 ? &b_rule : &q_rule, 1);
    explain_json_end(output);
}

/* No word at all, though the text was to be read as one. */
static bool refuse(ByteSpan text, ExplainOutput *output)
{
    EncodedWord word;
    gssize start = 0;
    while ((start = byte_span_find(text, '=', (gsize)start)) >= 0 &&
           !byte_span_starts_with(byte_span_from(text, (gsize)start), "=?")) {
        start++;
    }
    ByteSpan rest = byte_span_from(text, start < 0 ? 0 : (gsize)start);
    encoded_word_parse(rest, &word);
    if (output->json == NULL) {
        show_word_fault(output, &word, rest);
        return false;
    }
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", false);
    json_line_number(
        output->json, "position", word.fault_position + (gsize)(rest.data - text.data)
    );
    json_line_string(output->json, "found", encoded_word_fault_name(word.fault));
    explain_json_rfc(output, &syntax_rule, 1);
    explain_json_end(output);
    return false;
}

static void give_whole(ByteSpan text, bool is_right, gsize n_words, ExplainOutput *output)
{
    g_autofree char *whole = encoded_words_decode(text);
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", is_right);
        json_line_string(output->json, "text", whole);
        explain_json_rfc(output, &joining_rule, 1);
        explain_json_end(output);
        return;
    }
    if (n_words > 1) {
        explain_row(
            output, "joined", TEXT_PLAIN, "White space between two words is no text.", &joining_rule
        );
    }
    show_span(output, "result", byte_span_from_string(whole), NULL);
}

static bool decode(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan text = request->octets;
    EncodedWord word;
    gsize at = 0;
    gsize n_words = 0;
    bool is_right = true;
    if (output->json == NULL) {
        explain_heading(output, "encoded word: charset, encoding and text between =? and ?=");
        explain_blank(output);
    }
    while (encoded_word_find(text, at, &word)) {
        Reading reading;
        read_word(&word, &reading);
        if (output->json != NULL) {
            json_reading(output, &reading);
        } else {
            show_reading(output, &reading);
        }
        is_right = is_right && reading.word.fault == ENCODED_WORD_FAULT_NONE;
        at = (gsize)(word.whole.data - text.data) + word.whole.length;
        n_words++;
        reading_clear(&reading);
    }
    if (n_words == 0) {
        return refuse(text, output);
    }
    give_whole(text, is_right, n_words, output);
    return is_right;
}

static const char *q_reason(guint rule)
{
    static const char *const reasons[] = {
        [1] = "\"=\" and two hexadecimal digits stand for any octet.",
        [2] = "A space is written \"_\".",
        [3] = "Letters, digits and ! * + - / stand for themselves.",
    };
    return reasons[rule];
}

static void show_q_steps(ByteSpan octets, ExplainOutput *output)
{
    guint seen = 0;
    for (gsize i = 0; i < octets.length; i++) {
        char text[4];
        guint rule = encoded_word_q(octets.data[i], text);
        seen |= 1u << rule;
        if (rule == 1) {
            g_autofree char *letter = explain_letter(octets, i);
            g_autofree char *cell = explain_cell(letter, 8);
            g_autofree char *line =
                g_strdup_printf("octet %-6zu  %s 0x%02x  %s", i + 1, cell, octets.data[i], text);
            explain_line(output, "", TEXT_PLAIN, line);
        }
    }
    for (guint rule = 1; rule <= 3; rule++) {
        if (seen & 1u << rule) {
            g_autofree char *label = g_strdup_printf("rule %u", rule);
            explain_row(output, label, TEXT_PLAIN, q_reason(rule), &q_rule);
        }
    }
}

static void
show_encoding(const ExplainRequest *request, ByteSpan octets, ByteSpan words, ExplainOutput *output)
{
    EncodedWord first;
    g_autofree char *hex = explain_hex(octets);
    explain_heading(output, "encoded word: letters beyond ASCII in a header field");
    explain_blank(output);
    show_span(output, "text", request->octets, NULL);
    explain_row_printf(
        output,
        "charset",
        TEXT_PROTOCOL,
        "%s",
        request->charset == NULL ? "UTF-8" : request->charset
    );
    explain_row(output, "octets", TEXT_PLAIN, hex, NULL);
    if (encoded_word_find(words, 0, &first) && first.is_base64) {
        explain_row(
            output,
            "encoding",
            TEXT_PLAIN,
            "B: base64 of these octets; `explain base64` shows each step",
            &b_rule
        );
    } else {
        explain_row(output, "encoding", TEXT_PLAIN, "Q: a kind of quoted-printable", &q_rule);
        show_q_steps(octets, output);
    }
    explain_blank(output);
    explain_sentence(output, TEXT_LABEL, "result");
    explain_long_text(output, NULL, TEXT_PROTOCOL, words, 0);
    explain_row(
        output,
        "",
        TEXT_PLAIN,
        "A word has at most 75 characters; longer texts are several words, "
        "and no letter is split between two.",
        &syntax_rule
    );
}

static void
json_encoding(const ExplainRequest *request, ByteSpan octets, ByteSpan words, ExplainOutput *output)
{
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_string(
        output->json, "charset", request->charset == NULL ? "UTF-8" : request->charset
    );
    explain_json_octets(output, "octets", octets);
    json_line_span(output->json, "text", words);
    explain_json_rfc(output, &syntax_rule, 1);
    explain_json_end(output);
}

/* Why the text cannot be written: no UTF-8, or a letter that the charset does not have. */
static bool refuse_text(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan text = request->octets;
    gsize position = 0;
    const char *end = NULL;
    const char *charset = request->charset == NULL ? "UTF-8" : request->charset;
    const char *what = "an octet that is not part of a whole UTF-8 character";
    if (text.length > 0 && !g_utf8_validate_len((const char *)text.data, text.length, &end)) {
        position = (gsize)(end - (const char *)text.data);
    } else {
        g_autofree char *converted = g_convert(
            (const char *)text.data, (gssize)text.length, charset, "UTF-8", &position, NULL, NULL
        );
        (void)converted;
        what = "a letter that this charset does not have, or no charset of that name";
    }
    g_autofree char *sentence = explain_fault(text, position, what);
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", false);
        json_line_number(output->json, "position", position);
        json_line_string(output->json, "meaning", sentence);
        explain_json_end(output);
        return false;
    }
    explain_caret(output, "wrong", text, position);
    explain_row(output, "", TEXT_BAD, sentence, NULL);
    return false;
}

static bool encode(const ExplainRequest *request, ExplainOutput *output)
{
    static const EncodedWordEncoding encodings[] = {
        [0] = ENCODED_WORD_SHORTER,
        ['B'] = ENCODED_WORD_B,
        ['Q'] = ENCODED_WORD_Q,
    };
    ByteSpan text = request->octets;
    const char *charset = request->charset == NULL ? "UTF-8" : request->charset;
    gsize n_octets = 0;
    ByteBuffer words;
    byte_buffer_init(&words, text.length * 12 + 1024);
    bool is_done = text.length <= OCTETS_MAXIMUM &&
                   encoded_words_encode(
                       text, request->charset, encodings[(guchar)request->word_encoding], &words
                   );
    if (!is_done) {
        byte_buffer_clear(&words);
        return refuse_text(request, output);
    }
    g_autofree char *octets = text.length == 0 ? NULL
                                               : g_convert(
                                                     (const char *)text.data,
                                                     (gssize)text.length,
                                                     charset,
                                                     "UTF-8",
                                                     NULL,
                                                     &n_octets,
                                                     NULL
                                                 );
    ByteSpan converted = byte_span(octets, octets == NULL ? 0 : n_octets);
    if (output->json != NULL) {
        json_encoding(request, converted, byte_buffer_span(&words), output);
    } else {
        show_encoding(request, converted, byte_buffer_span(&words), output);
    }
    byte_buffer_clear(&words);
    return true;
}

bool explain_word(const ExplainRequest *request, ExplainOutput *output)
{
    bool holds_word = false;
    for (gsize i = 0; i + 1 < request->octets.length && !holds_word; i++) {
        holds_word = request->octets.data[i] == '=' && request->octets.data[i + 1] == '?';
    }
    return request->wants_decoding || holds_word ? decode(request, output)
                                                 : encode(request, output);
}
