#include "ui/report/explain-qp.h"

#include "protocol/encoding/quoted-printable-trace.h"
#include "ui/report/explain-view.h"

#define STEPS_SHOWN 20 /* of a long text */
#define RESULT_ROWS 12

static const RfcReference definition = {2045, "6.7"};

static bool is_worth_a_row(QuotedPrintableStepKind kind)
{
    return kind != QUOTED_PRINTABLE_STEP_LITERAL && kind != QUOTED_PRINTABLE_STEP_SPACE;
}

/* What the step writes, with line ends to be seen. */
static char *written(const QuotedPrintableStep *step)
{
    if (step->kind == QUOTED_PRINTABLE_STEP_LINE_BREAK) {
        return g_strdup("CRLF");
    }
    return step->kind == QUOTED_PRINTABLE_STEP_SOFT_BREAK ? g_strdup("= CRLF")
                                                          : g_strdup(step->text);
}

static void show_step(ByteSpan octets, const QuotedPrintableStep *step, ExplainOutput *output)
{
    g_autofree char *text = written(step);
    g_autofree char *what = NULL;
    if (step->length == 0) {
        what = g_strdup_printf("column %u", step->column + 1);
    } else if (step->length == 2) {
        what = g_strdup("CRLF");
    } else {
        g_autofree char *letter = explain_letter(octets, step->offset);
        what = g_strdup_printf("%s 0x%02x", letter, octets.data[step->offset]);
    }
    g_autofree char *place = g_strdup_printf("octet %zu", step->offset + 1);
    g_autofree char *cell = explain_cell(what, 14);
    g_autofree char *line = g_strdup_printf(
        "%-12s  %s  %-7s  rule %u",
        step->length == 0 ? "" : place,
        cell,
        text,
        quoted_printable_step_rule(step->kind)
    );
    explain_line(output, "", TEXT_PLAIN, line);
}

static void show_rule(ExplainOutput *output, guint rule, guint kinds_seen)
{
    g_autofree char *label = g_strdup_printf("rule %u", rule);
    for (guint i = 0; i <= QUOTED_PRINTABLE_STEP_SOFT_BREAK; i++) {
        QuotedPrintableStepKind kind = (QuotedPrintableStepKind)i;
        if ((kinds_seen & 1u << i) && quoted_printable_step_rule(kind) == rule) {
            explain_row(output, label, TEXT_PLAIN, quoted_printable_step_reason(kind), &definition);
        }
    }
}

/* Rows for what does not stand for itself, and each reason once. */
static void show_steps(const ExplainRequest *request, ExplainOutput *output)
{
    QuotedPrintableTrace trace;
    QuotedPrintableStep step;
    guint seen = 0;
    gsize n_rows = 0;
    quoted_printable_trace_init(
        &trace,
        request->octets,
        request->is_binary ? QUOTED_PRINTABLE_BINARY : QUOTED_PRINTABLE_TEXT
    );
    while (quoted_printable_trace_next(&trace, &step)) {
        seen |= 1u << step.kind;
        if (is_worth_a_row(step.kind)) {
            if (request->wants_everything || n_rows < STEPS_SHOWN) {
                show_step(request->octets, &step, output);
            }
            n_rows++;
        }
    }
    if (n_rows > STEPS_SHOWN && !request->wants_everything) {
        g_autofree char *rest =
            g_strdup_printf("... %zu more (--all shows them)", n_rows - STEPS_SHOWN);
        explain_line(output, "", TEXT_QUIET, rest);
    }
    explain_blank(output);
    for (guint rule = 1; rule <= 5; rule++) {
        show_rule(output, rule, seen);
    }
}

static void encode(const ExplainRequest *request, ByteBuffer *text)
{
    byte_buffer_init(text, request->octets.length * 4 + 16);
    bool fits = quoted_printable_encode(
        request->octets, request->is_binary ? QUOTED_PRINTABLE_BINARY : QUOTED_PRINTABLE_TEXT, text
    );
    g_assert(fits);
}

static void show_encoding(const ExplainRequest *request, ExplainOutput *output)
{
    ByteBuffer text;
    guint most_rows = request->wants_everything ? 0 : RESULT_ROWS;
    explain_heading(
        output, "quoted-printable: text stays readable, what mail might harm becomes =XX"
    );
    explain_blank(output);
    explain_long_text(output, "text", TEXT_PROTOCOL, request->octets, most_rows);
    explain_blank(output);
    show_steps(request, output);
    explain_blank(output);
    encode(request, &text);
    explain_sentence(output, TEXT_LABEL, "result");
    explain_long_text(output, NULL, TEXT_PROTOCOL, byte_buffer_span(&text), most_rows);
    explain_row_printf(
        output,
        "size",
        TEXT_PLAIN,
        "%zu octets become %zu.",
        request->octets.length,
        byte_buffer_length(&text)
    );
    byte_buffer_clear(&text);
}

static void json_encoding(const ExplainRequest *request, ExplainOutput *output)
{
    QuotedPrintableTrace trace;
    QuotedPrintableStep step;
    ByteBuffer text;
    quoted_printable_trace_init(
        &trace,
        request->octets,
        request->is_binary ? QUOTED_PRINTABLE_BINARY : QUOTED_PRINTABLE_TEXT
    );
    while (quoted_printable_trace_next(&trace, &step)) {
        if (!is_worth_a_row(step.kind) && !request->wants_everything) {
            continue;
        }
        explain_json_step(output);
        json_line_number(output->json, "offset", step.offset);
        json_line_number(output->json, "length", step.length);
        json_line_string(output->json, "text", step.text);
        json_line_number(output->json, "rule", quoted_printable_step_rule(step.kind));
        json_line_string(output->json, "meaning", quoted_printable_step_reason(step.kind));
        explain_json_end(output);
    }
    encode(request, &text);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_span(output->json, "text", byte_buffer_span(&text));
    explain_json_rfc(output, &definition, 1);
    explain_json_end(output);
    byte_buffer_clear(&text);
}

static void show_reading(
    ExplainOutput *output, gsize position, const QuotedPrintableReading *reading, ByteSpan text
)
{
    g_autofree char *shown = explain_display(byte_span_slice(text, position, reading->length));
    g_autofree char *octet = explain_octet_name(reading->octet);
    g_autofree char *meaning = NULL;
    switch (reading->kind) {
    case QUOTED_PRINTABLE_READ_ESCAPE:
        meaning = g_strdup_printf(
            "octet 0x%02x%s%s",
            reading->octet,
            octet[0] == '0' && octet[1] == 'x' ? "" : ", ",
            octet[0] == '0' && octet[1] == 'x' ? "" : octet
        );
        break;
    case QUOTED_PRINTABLE_READ_SOFT_BREAK:
        meaning = g_strdup("nothing: a soft line break");
        break;
    case QUOTED_PRINTABLE_READ_WRONG:
        meaning = g_strdup("not allowed as it stands");
        break;
    case QUOTED_PRINTABLE_READ_LITERAL:
    case QUOTED_PRINTABLE_READ_LINE_BREAK:
        return;
    }
    g_autofree char *line = g_strdup_printf("at %-6zu  %-10s  %s", position + 1, shown, meaning);
    explain_line(output, "", TEXT_PLAIN, line);
}

static void show_readings(const ExplainRequest *request, ExplainOutput *output)
{
    ByteSpan rest = request->octets;
    QuotedPrintableReading reading;
    gsize n_rows = 0;
    for (gsize at = 0; quoted_printable_read_next(&rest, &reading); at += reading.length) {
        if (reading.kind == QUOTED_PRINTABLE_READ_LITERAL ||
            reading.kind == QUOTED_PRINTABLE_READ_LINE_BREAK) {
            continue;
        }
        if (request->wants_everything || n_rows < STEPS_SHOWN) {
            show_reading(output, at, &reading, request->octets);
        }
        n_rows++;
    }
    if (n_rows > STEPS_SHOWN && !request->wants_everything) {
        g_autofree char *more =
            g_strdup_printf("... %zu more (--all shows them)", n_rows - STEPS_SHOWN);
        explain_line(output, "", TEXT_QUIET, more);
    }
}

static bool decode(ByteSpan text, QuotedPrintableDecoder *decoder, ByteBuffer *octets)
{
    byte_buffer_init(octets, text.length + 16);
    quoted_printable_decoder_init(decoder);
    bool fits = quoted_printable_decoder_feed(decoder, text, octets) &&
                quoted_printable_decoder_finish(decoder, octets);
    g_assert(fits);
    return decoder->fault == QUOTED_PRINTABLE_FAULT_NONE;
}

static bool show_decoding(const ExplainRequest *request, ExplainOutput *output)
{
    QuotedPrintableDecoder decoder;
    ByteBuffer octets;
    guint most_rows = request->wants_everything ? 0 : RESULT_ROWS;
    bool is_right = decode(request->octets, &decoder, &octets);
    explain_heading(output, "quoted-printable: =XX becomes an octet, = at a line's end nothing");
    explain_blank(output);
    show_readings(request, output);
    if (!is_right) {
        QuotedPrintableFault fault = (QuotedPrintableFault)decoder.fault;
        g_autofree char *sentence = explain_fault(
            request->octets, (gsize)decoder.fault_position, quoted_printable_fault_name(fault)
        );
        explain_blank(output);
        explain_caret(output, "wrong", request->octets, (gsize)decoder.fault_position);
        explain_row(output, "", TEXT_BAD, sentence, &definition);
        if (decoder.n_faults > 1) {
            explain_row_printf(
                output,
                "",
                TEXT_PLAIN,
                "%" G_GUINT64_FORMAT " places are wrong; this is the first.",
                decoder.n_faults
            );
        }
    }
    explain_blank(output);
    explain_long_text(
        output, is_right ? "result" : "read as", TEXT_PROTOCOL, byte_buffer_span(&octets), most_rows
    );
    byte_buffer_clear(&octets);
    return is_right;
}

static bool json_decoding(const ExplainRequest *request, ExplainOutput *output)
{
    QuotedPrintableDecoder decoder;
    ByteBuffer octets;
    bool is_right = decode(request->octets, &decoder, &octets);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", is_right);
    explain_json_octets(output, "decoded", byte_buffer_span(&octets));
    if (!is_right) {
        json_line_number(output->json, "position", decoder.fault_position);
        json_line_number(output->json, "faults", decoder.n_faults);
        json_line_string(
            output->json, "found", quoted_printable_fault_name((QuotedPrintableFault)decoder.fault)
        );
    }
    explain_json_rfc(output, &definition, 1);
    explain_json_end(output);
    byte_buffer_clear(&octets);
    return is_right;
}

bool explain_qp(const ExplainRequest *request, ExplainOutput *output)
{
    if (request->wants_decoding) {
        return output->json != NULL ? json_decoding(request, output)
                                    : show_decoding(request, output);
    }
    if (output->json != NULL) {
        json_encoding(request, output);
    } else {
        show_encoding(request, output);
    }
    return true;
}
