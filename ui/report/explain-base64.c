#include "ui/report/explain-base64.h"

#include "protocol/encoding/base64-trace.h"
#include "ui/report/explain-base64-table.h"
#include "ui/report/explain-view.h"

#define RESULT_ROWS 8

static const RfcReference definition = {4648, "4"};
static const RfcReference line_rule = {2045, "6.8"};

static void show_size(ExplainOutput *output, gsize n_octets)
{
    if (n_octets == 0) {
        return;
    }
    g_autofree char *size = g_strdup_printf(
        "%zu octet%s become%s %zu letters; in lines of 76, each with its CRLF, %zu octets.",
        n_octets,
        n_octets == 1 ? "" : "s",
        n_octets == 1 ? "s" : "",
        base64_encoded_length(n_octets),
        base64_encoded_lines_length(n_octets, BASE64_MIME_LINE)
    );
    explain_row(output, "size", TEXT_PLAIN, size, &line_rule);
}

/* One line, or with --mime lines of 76 letters. */
static void encode(const ExplainRequest *request, ByteBuffer *letters)
{
    ByteSpan octets = request->octets;
    byte_buffer_init(letters, base64_encoded_lines_length(octets.length, BASE64_MIME_LINE));
    bool fits = request->is_lenient ? base64_encode_lines(octets, BASE64_MIME_LINE, letters)
                                    : base64_encode(octets, letters);
    g_assert(fits);
}

static void show_encoding(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan octets = request->octets;
    ByteBuffer letters;
    explain_heading(output, "base64: three octets of 8 bits become four letters of 6 bits");
    explain_blank(output);
    Base64Table table;
    base64_table_init(&table, output, BASE64_TABLE_ENCODING, request->wants_everything);
    for (gsize i = 0; i < base64_group_count(octets.length); i++) {
        Base64Group group = base64_group(octets, i);
        base64_table_add(&table, &group, octets);
    }
    base64_table_finish(&table, octets);
    gsize n_over = octets.length % 3;
    if (n_over > 0) {
        explain_row_printf(
            output,
            "filled",
            TEXT_PLAIN,
            "%s zero bits fill the last sextet; they stand in brackets above.",
            n_over == 1 ? "Four" : "Two"
        );
    }
    explain_row(output, "padding", TEXT_PLAIN, base64_padding_reason(octets.length), &definition);
    show_size(output, octets.length);
    encode(request, &letters);
    explain_blank(output);
    if (request->is_lenient) {
        explain_sentence(output, TEXT_LABEL, "result");
    }
    explain_long_text(
        output,
        request->is_lenient ? NULL : "result",
        TEXT_PROTOCOL,
        byte_buffer_span(&letters),
        request->wants_everything ? 0 : RESULT_ROWS
    );
    byte_buffer_clear(&letters);
}

static void json_group(ExplainOutput *output, const Base64Group *group)
{
    JsonLine *json = output->json;
    explain_json_step(output);
    json_line_number(json, "offset", group->octet_offset);
    json_line_array_begin(json, "octets");
    for (guint i = 0; i < group->n_octets; i++) {
        json_line_number(json, NULL, group->octets[i]);
    }
    json_line_array_end(json);
    json_line_array_begin(json, "bits");
    for (guint i = 0; i < group->n_octets; i++) {
        char bits[9];
        base64_octet_bits(group->octets[i], bits);
        json_line_string(json, NULL, bits);
    }
    json_line_array_end(json);
    json_line_array_begin(json, "by_six");
    for (guint i = 0; i < group->n_sextets; i++) {
        char bits[7];
        base64_sextet_bits(group->sextets[i], bits);
        json_line_string(json, NULL, bits);
    }
    json_line_array_end(json);
    json_line_array_begin(json, "indices");
    for (guint i = 0; i < group->n_sextets; i++) {
        json_line_number(json, NULL, group->sextets[i]);
    }
    json_line_array_end(json);
    json_line_string(json, "letters", group->letters);
    json_line_number(json, "fill_bits", group->n_fill_bits);
    json_line_number(json, "padding", group->n_pads);
    explain_json_end(output);
}

static void json_encoding(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan octets = request->octets;
    ByteBuffer letters;
    for (gsize i = 0; i < base64_group_count(octets.length); i++) {
        Base64Group group = base64_group(octets, i);
        json_group(output, &group);
    }
    encode(request, &letters);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_span(output->json, "text", byte_buffer_span(&letters));
    json_line_number(output->json, "octets", octets.length);
    json_line_number(
        output->json,
        "octets_in_lines",
        base64_encoded_lines_length(octets.length, BASE64_MIME_LINE)
    );
    json_line_string(output->json, "meaning", base64_padding_reason(octets.length));
    explain_json_rfc(output, &definition, 1);
    explain_json_end(output);
    byte_buffer_clear(&letters);
}

/* All octets up to the first fault, and the fault. */
typedef struct {
    ByteBuffer octets;
    Base64Reader reader;
} Decoding;

static void decode(const ExplainRequest *request, Decoding *decoding, ExplainOutput *output)
{
    Base64Reading reading;
    Base64Table table;
    byte_buffer_init(&decoding->octets, base64_decoded_maximum(request->octets.length) + 3);
    base64_reader_init(
        &decoding->reader, request->octets, request->is_lenient ? BASE64_MIME : BASE64_CANONICAL
    );
    base64_table_init(&table, output, BASE64_TABLE_DECODING, request->wants_everything);
    while (base64_reader_next(&decoding->reader, &reading)) {
        ByteSpan octets = byte_span(reading.group.octets, reading.group.n_octets);
        bool fits = byte_buffer_append(&decoding->octets, octets);
        g_assert(fits);
        if (output->json != NULL) {
            json_group(output, &reading.group);
        } else {
            base64_table_add(&table, &reading.group, byte_buffer_span(&decoding->octets));
        }
    }
    if (output->json == NULL) {
        base64_table_finish(&table, byte_buffer_span(&decoding->octets));
    }
}

/* What the student most likely did; NULL where there is no telling. */
static const char *advice(const Decoding *decoding)
{
    const Base64Reader *reader = &decoding->reader;
    gsize position = reader->fault_position;
    guint8 octet = position < reader->text.length ? reader->text.data[position] : 0;
    switch (reader->fault) {
    case BASE64_FAULT_CHARACTER:
        if (octet == '-' || octet == '_') {
            return "\"-\" and \"_\" belong to the base64 for addresses of pages (RFC 4648 §5); "
                   "here they are \"+\" and \"/\".";
        }
        if (octet == '\r' || octet == '\n' || octet == ' ' || octet == '\t') {
            return "Only in the body of a message may base64 have line breaks: --mime reads it so.";
        }
        return "The alphabet is A to Z, a to z, 0 to 9, \"+\" and \"/\".";
    case BASE64_FAULT_CUT:
        return decoding->reader.n_letters % 4 == 1
                   ? "A single letter has 6 bits, too few for an octet of 8: no '=' can fill it "
                     "up. Letters are missing, or one is too many."
                   : "Letters come in fours; one or two '=' fill the last four up.";
    case BASE64_FAULT_EARLY_PADDING:
        return "Of four letters only the last one or two may be '='.";
    case BASE64_FAULT_AFTER_PADDING:
        return "Padding ends the text: two texts cannot be decoded as one.";
    case BASE64_FAULT_STRAY_BITS:
        return "The bits that padding leaves over must be zero; a decoder may refuse others "
               "(RFC 4648 §3.5).";
    case BASE64_FAULT_NONE:
    case BASE64_FAULT_NO_ROOM:
        return NULL;
    }
    g_assert_not_reached();
}

static RfcReference fault_reference(Base64Fault fault)
{
    switch (fault) {
    case BASE64_FAULT_CHARACTER:
    case BASE64_FAULT_AFTER_PADDING:
        return (RfcReference){4648, "3.3"};
    case BASE64_FAULT_CUT:
    case BASE64_FAULT_EARLY_PADDING:
        return (RfcReference){4648, "3.2"};
    case BASE64_FAULT_STRAY_BITS:
        return (RfcReference){4648, "3.5"};
    case BASE64_FAULT_NONE:
    case BASE64_FAULT_NO_ROOM:
        return definition;
    }
    g_assert_not_reached();
}

static void show_fault(const Decoding *decoding, ExplainOutput *output)
{
    const Base64Reader *reader = &decoding->reader;
    RfcReference reference = fault_reference(reader->fault);
    g_autofree char *sentence =
        explain_fault(reader->text, reader->fault_position, base64_fault_name(reader->fault));
    explain_caret(output, "wrong", reader->text, reader->fault_position);
    explain_row(output, "", TEXT_BAD, sentence, &reference);
    explain_row(output, "", TEXT_PLAIN, advice(decoding), NULL);
}

static void show_decoding(const ExplainRequest *request, ExplainOutput *output)
{
    Decoding decoding;
    explain_heading(output, "base64: four letters of 6 bits become three octets of 8 bits");
    explain_blank(output);
    decode(request, &decoding, output);
    ByteSpan octets = byte_buffer_span(&decoding.octets);
    bool is_right = decoding.reader.fault == BASE64_FAULT_NONE;
    if (octets.length % 3 != 0 && (is_right || decoding.reader.fault == BASE64_FAULT_STRAY_BITS)) {
        explain_row(
            output,
            "left over",
            TEXT_PLAIN,
            "The bits in brackets make no octet; they must be zero.",
            NULL
        );
    }
    if (!is_right) {
        show_fault(&decoding, output);
        explain_blank(output);
    }
    g_autofree char *count = g_strdup_printf(
        "%zu octet%s%s",
        octets.length,
        octets.length == 1 ? "" : "s",
        is_right ? "." : " up to there."
    );
    explain_row(output, "decoded", TEXT_PLAIN, count, &definition);
    explain_long_text(
        output,
        is_right ? "result" : "so far",
        TEXT_PROTOCOL,
        octets,
        request->wants_everything ? 0 : RESULT_ROWS
    );
    byte_buffer_clear(&decoding.octets);
}

static void json_decoding(const ExplainRequest *request, ExplainOutput *output)
{
    Decoding decoding;
    decode(request, &decoding, output);
    const Base64Reader *reader = &decoding.reader;
    bool is_right = reader->fault == BASE64_FAULT_NONE;
    RfcReference reference = fault_reference(reader->fault);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", is_right);
    explain_json_octets(output, "decoded", byte_buffer_span(&decoding.octets));
    if (!is_right) {
        json_line_number(output->json, "position", reader->fault_position);
        json_line_string(output->json, "found", base64_fault_name(reader->fault));
        json_line_string(output->json, "meaning", advice(&decoding));
    }
    explain_json_rfc(output, &reference, 1);
    explain_json_end(output);
    byte_buffer_clear(&decoding.octets);
}

static bool can_be_decoded(const ExplainRequest *request)
{
    Base64Reader reader;
    Base64Reading reading;
    base64_reader_init(
        &reader, request->octets, request->is_lenient ? BASE64_MIME : BASE64_CANONICAL
    );
    while (base64_reader_next(&reader, &reading)) {
    }
    return reader.fault == BASE64_FAULT_NONE;
}

bool explain_base64(const ExplainRequest *request, ExplainOutput *output)
{
    if (!request->wants_decoding) {
        if (output->json != NULL) {
            json_encoding(request, output);
        } else {
            show_encoding(request, output);
        }
        return true;
    }
    if (output->json != NULL) {
        json_decoding(request, output);
    } else {
        show_decoding(request, output);
    }
    return can_be_decoded(request);
}
