#include "ui/report/explain-utf7.h"

#include "protocol/encoding/modified-utf7.h"
#include "ui/report/explain-view.h"

static const RfcReference definition = {3501, "5.1.3"};
static const RfcReference successor = {9051, "5.1"};

/* What a run of the encoded name stands for, as text; NULL: it cannot be read. */
static char *meaning_of(const ModifiedUtf7Run *run)
{
    ByteBuffer text;
    byte_buffer_init(&text, run->text.length * 3 + 1);
    bool is_right = modified_utf7_decode(run->text, &text, NULL, NULL);
    char *meaning = is_right ? byte_span_to_display(byte_buffer_span(&text)) : NULL;
    byte_buffer_clear(&text);
    return meaning;
}

/* The UTF-16 units of a text in hexadecimal. */
static char *units_of(const char *utf8)
{
    glong n_units = 0;
    g_autofree gunichar2 *units = g_utf8_to_utf16(utf8, -1, NULL, &n_units, NULL);
    GString *text = g_string_new(NULL);
    for (glong i = 0; i < n_units; i++) {
        g_string_append_printf(text, "%s%04x", i == 0 ? "" : " ", units[i]);
    }
    return g_string_free(text, FALSE);
}

static void give_run(const ModifiedUtf7Run *run, ExplainOutput *output)
{
    g_autofree char *shown = byte_span_to_display(run->text);
    g_autofree char *text = explain_cell(shown, 18);
    g_autofree char *meaning = meaning_of(run);
    bool is_shift = run->kind == MODIFIED_UTF7_SHIFT;
    g_autofree char *units = is_shift && meaning != NULL ? units_of(meaning) : NULL;
    if (output->json != NULL) {
        explain_json_step(output);
        json_line_span(output->json, "text", run->text);
        json_line_string(output->json, "decoded", meaning);
        json_line_string(output->json, "utf16", units);
        explain_json_end(output);
        return;
    }
    if (!is_shift) {
        explain_row_printf(
            output,
            "",
            TEXT_PLAIN,
            "%s  %s",
            text,
            run->kind == MODIFIED_UTF7_PLAIN ? "stands for itself" : "is how \"&\" is written"
        );
        return;
    }
    explain_row_printf(
        output,
        "",
        TEXT_PLAIN,
        "%s  %s%s%s%s",
        text,
        meaning == NULL ? "cannot be read" : "is ",
        meaning == NULL ? "" : meaning,
        units == NULL ? "" : ", UTF-16 ",
        units == NULL ? "" : units
    );
}

static void give_runs(ByteSpan name, ExplainOutput *output)
{
    ModifiedUtf7Run run;
    while (modified_utf7_next_run(&name, &run)) {
        give_run(&run, output);
    }
}

static void give_result(
    ByteSpan given,
    ByteSpan result,
    bool is_right,
    ModifiedUtf7Fault fault,
    gsize position,
    ExplainOutput *output
)
{
    g_autofree char *shown = byte_span_to_display(result);
    g_autofree char *sentence =
        is_right ? NULL : explain_fault(given, position, modified_utf7_fault_name(fault));
    if (output->json != NULL) {
        explain_json_begin(output, "result");
        json_line_boolean(output->json, "valid", is_right);
        if (is_right) {
            json_line_span(output->json, "text", result);
        } else {
            json_line_number(output->json, "position", position);
            json_line_string(output->json, "meaning", sentence);
        }
        explain_json_rfc(output, &definition, 1);
        explain_json_end(output);
    } else if (is_right) {
        explain_row(output, "result", TEXT_PROTOCOL, shown, &definition);
        explain_row(
            output, "", TEXT_PLAIN, "IMAP4rev2 writes such names in UTF-8, as they are.", &successor
        );
    } else {
        explain_caret(output, "wrong", given, position);
        explain_row(output, "", TEXT_BAD, sentence, &definition);
    }
}

bool explain_utf7(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan given = request->octets;
    ModifiedUtf7Fault fault = MODIFIED_UTF7_FAULT_NONE;
    gsize position = 0;
    ByteBuffer result;
    byte_buffer_init(&result, given.length * 5 + 16);
    bool is_right = request->wants_decoding
                        ? modified_utf7_decode(given, &result, &fault, &position)
                        : modified_utf7_encode(given, &result, &fault, &position);
    if (output->json == NULL) {
        explain_heading(
            output, "modified UTF-7: ASCII as it is, the rest as base64 of UTF-16 between & and -"
        );
        explain_blank(output);
        g_autofree char *shown = byte_span_to_display(given);
        explain_row(output, "name", TEXT_PROTOCOL, shown, NULL);
    }
    if (request->wants_decoding || is_right) {
        give_runs(request->wants_decoding ? given : byte_buffer_span(&result), output);
    }
    give_result(given, byte_buffer_span(&result), is_right, fault, position, output);
    byte_buffer_clear(&result);
    return is_right;
}
