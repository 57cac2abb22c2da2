#include "ui/report/explain-dot.h"

#include "protocol/encoding/dot-stuffing.h"
#include "ui/report/explain-view.h"

#define LINES_SHOWN 40 /* of a long message */

static const RfcReference stuffing_rule = {5321, "4.5.2"};
static const RfcReference end_rule = {5321, "4.1.1.4"};
static const RfcReference line_rule = {5321, "2.3.8"};

/* One line of the message, line end included, taken off its front. */
static ByteSpan take_line(ByteSpan *rest)
{
    gsize at = 0;
    for (gssize end; (end = byte_span_find(*rest, '\n', at)) >= 0; at = (gsize)end + 1) {
        if (end > 0 && rest->data[end - 1] == '\r') {
            ByteSpan line = byte_span_slice(*rest, 0, (gsize)end + 1);
            *rest = byte_span_from(*rest, (gsize)end + 1);
            return line;
        }
    }
    ByteSpan line = *rest;
    *rest = byte_span_from(*rest, rest->length);
    return line;
}

static void show_line(ExplainOutput *output, gsize number, ByteSpan line, bool is_stuffed)
{
    if (line.length >= 2 && line.data[line.length - 1] == '\n') {
        line.length -= 2;
    }
    g_autofree char *label = g_strdup_printf("%zu", number);
    g_autofree char *shown = byte_span_to_display(line);
    g_autofree char *wire = g_strdup_printf("%s%s", is_stuffed ? "." : "", shown);
    explain_row(output, label, TEXT_PROTOCOL, wire, is_stuffed ? &stuffing_rule : NULL);
    if (is_stuffed) {
        explain_row(
            output, "", TEXT_PLAIN, "The line starts with a dot, so another is put in front.", NULL
        );
    }
}

/* What becomes of no dot, of one, of several. */
static const char *const way_back[] = {
    "",
    "; the receiver takes it away again",
    "; the receiver takes them away again",
};

static void show_stuffing(const ExplainRequest *request, ByteSpan message, ExplainOutput *output)
{
    gsize n_lines = 0;
    gsize n_stuffed = 0;
    bool ends_in_line =
        message.length == 0 || (message.length >= 2 && message.data[message.length - 2] == '\r' &&
                                message.data[message.length - 1] == '\n');
    for (ByteSpan rest = message; rest.length > 0;) {
        ByteSpan line = take_line(&rest);
        bool is_stuffed = line.data[0] == '.';
        n_lines++;
        n_stuffed += is_stuffed ? 1 : 0;
        if (request->wants_everything || n_lines <= LINES_SHOWN || is_stuffed) {
            show_line(output, n_lines, line, is_stuffed);
        } else if (n_lines == LINES_SHOWN + 1) {
            explain_line(output, "...", TEXT_QUIET, "from here on only lines that get a dot");
        }
    }
    if (!ends_in_line) {
        explain_row(
            output, "", TEXT_PLAIN, "The last line is not ended: a CRLF is added.", &end_rule
        );
    }
    explain_row(output, "end", TEXT_PROTOCOL, ".", &end_rule);
    explain_row(
        output, "", TEXT_PLAIN, "A dot alone on its line ends the message: CRLF . CRLF.", NULL
    );
    explain_blank(output);
    explain_row_printf(
        output,
        "result",
        TEXT_PLAIN,
        "%zu line%s, %zu dot%s added%s.",
        n_lines,
        n_lines == 1 ? "" : "s",
        n_stuffed,
        n_stuffed == 1 ? "" : "s",
        way_back[MIN(n_stuffed, 2)]
    );
}

static void json_stuffing(ByteSpan message, ExplainOutput *output)
{
    ByteBuffer wire;
    gsize n_lines = 0;
    for (ByteSpan rest = message; rest.length > 0;) {
        ByteSpan line = take_line(&rest);
        n_lines++;
        if (line.data[0] == '.') {
            explain_json_step(output);
            json_line_number(output->json, "line", n_lines);
            json_line_span(output->json, "text", line);
            json_line_string(output->json, "meaning", "a dot is put in front");
            explain_json_rfc(output, &stuffing_rule, 1);
            explain_json_end(output);
        }
    }
    byte_buffer_init(&wire, message.length * 2 + 8);
    bool fits = dot_stuff(message, &wire);
    g_assert(fits);
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", true);
    json_line_number(output->json, "lines", n_lines);
    json_line_span(output->json, "text", byte_buffer_span(&wire));
    explain_json_rfc(output, &end_rule, 1);
    explain_json_end(output);
    byte_buffer_clear(&wire);
}

/* What a receiver makes of the octets. */
typedef struct {
    ByteBuffer message;
    gsize end; /* where the closing line ends; only with has_ended */
    bool has_ended;
    guint32 defects;
    gsize positions[32]; /* where each defect was first seen, by its bit */
} Receipt;

/* Octet by octet, to learn where each defect shows. */
static void receive(ByteSpan wire, bool is_lenient, Receipt *receipt)
{
    DotUnstuffer unstuffer;
    *receipt = (Receipt){.has_ended = false};
    byte_buffer_init(&receipt->message, wire.length + 1);
    if (is_lenient) {
        dot_unstuffer_init_lenient(&unstuffer);
    } else {
        dot_unstuffer_init(&unstuffer);
    }
    for (gsize at = 0; at < wire.length && !receipt->has_ended; at++) {
        ByteSpan input = byte_span_slice(wire, at, 1);
        ByteSpan octets;
        DotStep step;
        while ((step = dot_unstuffer_next(&unstuffer, &input, &octets)) == DOT_DATA) {
            bool fits = byte_buffer_append(&receipt->message, octets);
            g_assert(fits);
        }
        for (guint bit = 0; bit < 32; bit++) {
            if ((unstuffer.defects & ~receipt->defects) >> bit & 1) {
                receipt->positions[bit] = at;
            }
        }
        receipt->defects = unstuffer.defects;
        receipt->has_ended = step == DOT_END;
        receipt->end = at + 1;
    }
}

static const struct {
    DotDefect defect;
    const char *name; /* for JSON */
    const char *sentence;
} defect_rows[] = {
    {DOT_DEFECT_BARE_LF,
     "bare-lf",
     "An LF without CR is no line end; servers must not take it for one."},
    {DOT_DEFECT_BARE_CR, "bare-cr", "A CR without LF is no line end."},
    {DOT_DEFECT_LF_DOT_CRLF,
     "lf-dot-crlf",
     "LF . CRLF: not the end, but careless servers end here."},
    {DOT_DEFECT_LF_DOT_LF, "lf-dot-lf", "LF . LF: must not be taken for the end of the message."},
    {DOT_DEFECT_LF_DOT_CR, "lf-dot-cr", "LF . CR: not the end."},
    {DOT_DEFECT_CR_DOT_CR,
     "cr-dot-cr",
     "CR . CR: not the end, though some servers have ended here."},
    {DOT_DEFECT_CR_DOT_LF, "cr-dot-lf", "CR . LF: not the end."},
    {DOT_DEFECT_CRLF_DOT_LF,
     "crlf-dot-lf",
     "CRLF . LF: the dot is taken away, but this is not the end."},
    {DOT_DEFECT_CRLF_DOT_CR,
     "crlf-dot-cr",
     "CRLF . CR: the dot is taken away, but this is not the end."},
    {DOT_DEFECT_NOT_STUFFED,
     "not-stuffed",
     "The line starts with one dot: the sender did not double it, and now it is lost."},
    {DOT_DEFECT_NUL, "nul", "A NUL octet does not belong in a message."},
    {DOT_DEFECT_EIGHT_BIT, "eight-bit", "An octet above 127 needs 8BITMIME (RFC 6152)."},
};

static RfcReference defect_reference(DotDefect defect)
{
    if (defect == DOT_DEFECT_NOT_STUFFED) {
        return stuffing_rule;
    }
    return defect == DOT_DEFECT_BARE_LF || defect == DOT_DEFECT_BARE_CR ? line_rule : end_rule;
}

static guint bit_of(guint32 defect)
{
    return (guint)g_bit_nth_lsf(defect, -1);
}

static void show_defects(const Receipt *receipt, ByteSpan wire, ExplainOutput *output)
{
    for (gsize i = 0; i < G_N_ELEMENTS(defect_rows); i++) {
        if (receipt->defects & defect_rows[i].defect) {
            RfcReference reference = defect_reference(defect_rows[i].defect);
            gsize position = receipt->positions[bit_of(defect_rows[i].defect)];
            explain_caret(output, "careful", wire, position);
            explain_row(output, "", TEXT_WARNING, defect_rows[i].sentence, &reference);
        }
    }
}

/* Two receivers that see different ends: that is what smuggling lives on. */
static void show_other_receiver(
    const Receipt *strict, const Receipt *lenient, ByteSpan wire, ExplainOutput *output
)
{
    bool is_same = strict->has_ended == lenient->has_ended &&
                   (!strict->has_ended || strict->end == lenient->end);
    if (is_same || !lenient->has_ended) {
        return;
    }
    explain_blank(output);
    explain_row(
        output,
        "smuggling",
        TEXT_BAD,
        "A receiver that takes a bare LF for a line end sees the end of the message here; "
        "what follows it reads as commands:",
        &end_rule
    );
    explain_long_text(output, "", TEXT_PROTOCOL, byte_span_from(wire, lenient->end), 6);
}

static bool show_receipt(const ExplainRequest *request, ByteSpan wire, ExplainOutput *output)
{
    Receipt strict;
    Receipt lenient;
    receive(wire, false, &strict);
    receive(wire, true, &lenient);
    ByteSpan rest = byte_span_from(wire, strict.end);
    explain_long_text(
        output,
        "message",
        TEXT_PROTOCOL,
        byte_buffer_span(&strict.message),
        request->wants_everything ? 0 : LINES_SHOWN
    );
    if (strict.has_ended) {
        explain_row(output, "end", TEXT_GOOD, "CRLF . CRLF ends the message.", &end_rule);
    } else {
        explain_row(
            output, "end", TEXT_BAD, "No CRLF . CRLF has come: the message goes on.", &end_rule
        );
    }
    if (strict.has_ended && rest.length > 0) {
        explain_long_text(output, "after it", TEXT_PROTOCOL, rest, 6);
    }
    explain_row_printf(
        output,
        "size",
        TEXT_PLAIN,
        "%zu octets came, the message has %zu.",
        strict.has_ended ? strict.end : wire.length,
        byte_buffer_length(&strict.message)
    );
    show_defects(&strict, wire, output);
    show_other_receiver(&strict, &lenient, wire, output);
    bool is_right = strict.has_ended && strict.defects == 0;
    byte_buffer_clear(&strict.message);
    byte_buffer_clear(&lenient.message);
    return is_right;
}

static bool json_receipt(ByteSpan wire, ExplainOutput *output)
{
    Receipt receipt;
    receive(wire, false, &receipt);
    for (gsize i = 0; i < G_N_ELEMENTS(defect_rows); i++) {
        if (receipt.defects & defect_rows[i].defect) {
            RfcReference reference = defect_reference(defect_rows[i].defect);
            explain_json_step(output);
            json_line_string(output->json, "defect", defect_rows[i].name);
            json_line_number(
                output->json, "position", receipt.positions[bit_of(defect_rows[i].defect)]
            );
            json_line_string(output->json, "meaning", defect_rows[i].sentence);
            explain_json_rfc(output, &reference, 1);
            explain_json_end(output);
        }
    }
    bool is_right = receipt.has_ended && receipt.defects == 0;
    explain_json_begin(output, "result");
    json_line_boolean(output->json, "valid", is_right);
    json_line_boolean(output->json, "complete", receipt.has_ended);
    explain_json_octets(output, "message", byte_buffer_span(&receipt.message));
    json_line_span(output->json, "rest", byte_span_from(wire, receipt.end));
    explain_json_rfc(output, &end_rule, 1);
    explain_json_end(output);
    byte_buffer_clear(&receipt.message);
    return is_right;
}

bool explain_dot(const ExplainRequest *request, ExplainOutput *output)
{
    ByteBuffer text;
    bool is_right = true;
    bool was_converted = explain_to_crlf(request->octets, &text);
    ByteSpan octets = byte_buffer_span(&text);
    if (output->json == NULL) {
        explain_heading(
            output,
            request->wants_decoding
                ? "dot-stuffing: the receiver takes the added dots away and finds the end"
                : "dot-stuffing: a line that starts with a dot gets another one in front"
        );
        explain_blank(output);
        explain_show_conversion(output, was_converted);
    }
    if (request->wants_decoding) {
        is_right = output->json != NULL ? json_receipt(octets, output)
                                        : show_receipt(request, octets, output);
    } else if (output->json != NULL) {
        json_stuffing(octets, output);
    } else {
        show_stuffing(request, octets, output);
    }
    byte_buffer_clear(&text);
    return is_right;
}
