#include "ui/report/explain-parameter.h"

#include "protocol/encoding/parameter-value.h"
#include "ui/report/explain-view.h"

#define VALUE_MAXIMUM (1024 * 1024)

static const RfcReference plain_rule = {2045, "5.1"};
static const RfcReference pieces_rule = {2231, "3"};
static const RfcReference charset_rule = {2231, "4"};

static RfcReference rule_of(const ParameterPiece *piece)
{
    if (piece->is_extended) {
        return charset_rule;
    }
    return piece->number >= 0 ? pieces_rule : plain_rule;
}

/* "piece 0 of name, octets in %XX" */
static char *description_of(const ParameterPiece *piece)
{
    g_autofree char *name = explain_display(piece->name);
    GString *text = g_string_new(NULL);
    if (piece->number == G_MAXINT) {
        g_string_append_printf(text, "a piece of %s whose number is wrong", name);
    } else if (piece->number >= 0) {
        g_string_append_printf(text, "piece %d of %s", piece->number, name);
    } else {
        g_string_append_printf(text, "%s, whole", name);
    }
    if (piece->is_extended) {
        g_string_append(
            text, piece->number > 0 ? ", octets in %XX" : ", charset'language'octets in %XX"
        );
    } else if (piece->is_quoted) {
        g_string_append(text, ", between quotation marks");
    }
    return g_string_free(text, FALSE);
}

static void give_piece(const ParameterPiece *piece, ExplainOutput *output)
{
    RfcReference reference = rule_of(piece);
    g_autofree char *description = description_of(piece);
    g_autofree char *value = explain_display(piece->value);
    if (output->json == NULL) {
        explain_row(output, "piece", TEXT_PROTOCOL, value, &reference);
        explain_row(output, "", TEXT_PLAIN, description, NULL);
        return;
    }
    explain_json_step(output);
    json_line_span(output->json, "name", piece->name);
    json_line_span(output->json, "text", piece->value);
    json_line_signed(output->json, "number", piece->number);
    json_line_boolean(output->json, "extended", piece->is_extended);
    explain_json_rfc(output, &reference, 1);
    explain_json_end(output);
}

/* The names that the list has, each once, as they were first written. */
static GPtrArray *names_of(ByteSpan text, ExplainOutput *output)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    ParameterPiece piece;
    while (names->len < PARAMETER_PIECES_MAXIMUM && parameter_next(&text, &piece)) {
        bool is_known = false;
        give_piece(&piece, output);
        for (guint i = 0; i < names->len && !is_known; i++) {
            is_known = byte_span_is_nocase(piece.name, names->pdata[i]);
        }
        if (!is_known) {
            g_ptr_array_add(names, byte_span_to_string(piece.name));
        }
    }
    return names;
}

static bool give_value(ByteSpan text, const char *name, ExplainOutput *output)
{
    ParameterFault fault = PARAMETER_FAULT_NONE;
    gsize position = 0;
    g_autofree char *value = parameter_decode(text, name, &fault, &position);
    bool is_right = fault == PARAMETER_FAULT_NONE;
    g_autofree char *sentence =
        is_right ? NULL : explain_fault(text, position, parameter_fault_name(fault));
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", is_right);
        json_line_string(output->json, "name", name);
        json_line_string(output->json, "text", value);
        if (!is_right) {
            json_line_number(output->json, "position", position);
            json_line_string(output->json, "meaning", sentence);
        }
        explain_json_rfc(output, &pieces_rule, 1);
        explain_json_end(output);
        return is_right;
    }
    if (!is_right) {
        explain_caret(output, "wrong", text, position);
        explain_row(output, "", TEXT_BAD, sentence, &pieces_rule);
    }
    g_autofree char *shown_name = explain_display(byte_span_from_string(name));
    g_autofree char *shown = explain_display(byte_span_from_string(value));
    explain_row(output, shown_name, TEXT_PROTOCOL, shown, NULL);
    return is_right;
}

static bool decode(ByteSpan text, ExplainOutput *output)
{
    bool is_right = true;
    text = byte_span_slice(text, 0, VALUE_MAXIMUM);
    if (output->json == NULL) {
        explain_heading(output, "parameters: pieces are put together by number, %XX are octets");
        explain_blank(output);
    }
    g_autoptr(GPtrArray) names = names_of(text, output);
    if (output->json == NULL) {
        explain_blank(output);
    }
    for (guint i = 0; i < names->len; i++) {
        is_right &= give_value(text, names->pdata[i], output);
    }
    return names->len > 0 ? is_right : give_value(text, "", output);
}

static bool encode(const ExplainRequest *request, ExplainOutput *output)
{
    ByteBuffer text;
    ByteSpan value = byte_span_from_string(request->words[1]);
    byte_buffer_init(&text, value.length * 8 + strlen(request->words[0]) * 64 + 4096);
    bool is_right = parameter_encode(request->words[0], value, NULL, &text);
    ByteSpan written = byte_buffer_span(&text);
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", is_right);
        json_line_span(output->json, "text", written);
        explain_json_rfc(output, &charset_rule, 1);
        explain_json_end(output);
    } else if (is_right) {
        explain_heading(output, "parameter: what is not plain or too long comes in pieces");
        explain_blank(output);
        ParameterPiece piece;
        for (ByteSpan rest = written; parameter_next(&rest, &piece);) {
            give_piece(&piece, output);
        }
        explain_blank(output);
        explain_sentence(output, TEXT_LABEL, "result");
        explain_long_text(output, NULL, TEXT_PROTOCOL, written, 0);
    } else {
        explain_row(
            output, "wrong", TEXT_BAD, "The value is not UTF-8, or it is too long.", &charset_rule
        );
    }
    byte_buffer_clear(&text);
    return is_right;
}

bool explain_parameter(const ExplainRequest *request, ExplainOutput *output)
{
    return request->n_words == 2 && !request->wants_decoding
               ? encode(request, output)
               : decode(byte_span_from_string(request->words[0]), output);
}
