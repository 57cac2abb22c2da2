#include "protocol/encoding/quoted-printable-trace.h"

static const char digits[] = "0123456789ABCDEF";

static bool is_blank(guint8 octet)
{
    return octet == ' ' || octet == '\t';
}

void quoted_printable_trace_init(
    QuotedPrintableTrace *trace, ByteSpan octets, QuotedPrintableMode mode
)
{
    *trace = (QuotedPrintableTrace){.octets = octets, .mode = mode};
}

static bool is_line_break(const QuotedPrintableTrace *trace, gsize at)
{
    return trace->mode == QUOTED_PRINTABLE_TEXT && at + 1 < trace->octets.length &&
           trace->octets.data[at] == '\r' && trace->octets.data[at + 1] == '\n';
}

static QuotedPrintableStepKind kind_of(const QuotedPrintableTrace *trace)
{
    guint8 octet = trace->octets.data[trace->at];
    if (is_line_break(trace, trace->at)) {
        return QUOTED_PRINTABLE_STEP_LINE_BREAK;
    }
    if (is_blank(octet)) {
        bool is_last = trace->at + 1 == trace->octets.length || is_line_break(trace, trace->at + 1);
        return is_last ? QUOTED_PRINTABLE_STEP_LAST_SPACE : QUOTED_PRINTABLE_STEP_SPACE;
    }
    if (octet == '=') {
        return QUOTED_PRINTABLE_STEP_EQUALS;
    }
    if (octet < ' ') {
        return QUOTED_PRINTABLE_STEP_CONTROL;
    }
    return octet > '~' ? QUOTED_PRINTABLE_STEP_EIGHT_BIT : QUOTED_PRINTABLE_STEP_LITERAL;
}

static void write_text(QuotedPrintableStep *step, guint8 octet)
{
    switch (step->kind) {
    case QUOTED_PRINTABLE_STEP_LITERAL:
    case QUOTED_PRINTABLE_STEP_SPACE:
        step->text[0] = (char)octet;
        return;
    case QUOTED_PRINTABLE_STEP_LINE_BREAK:
        memcpy(step->text, "\r\n", 2);
        return;
    case QUOTED_PRINTABLE_STEP_SOFT_BREAK:
        memcpy(step->text, "=\r\n", 3);
        return;
    case QUOTED_PRINTABLE_STEP_LAST_SPACE:
    case QUOTED_PRINTABLE_STEP_EQUALS:
    case QUOTED_PRINTABLE_STEP_EIGHT_BIT:
    case QUOTED_PRINTABLE_STEP_CONTROL:
        step->text[0] = '=';
        step->text[1] = digits[octet >> 4];
        step->text[2] = digits[octet & 15];
        return;
    }
}

/* Whether the line, with this step, still has room for the "=" of a soft break, if one must come:
 * where the text ends the line here, none must. */
static bool fits_line(const QuotedPrintableTrace *trace, const QuotedPrintableStep *step)
{
    gsize next = step->offset + step->length;
    bool ends_here = next == trace->octets.length || is_line_break(trace, next);
    gsize needed = trace->column + strlen(step->text) + (ends_here ? 0 : 1);
    return needed <= QUOTED_PRINTABLE_LINE;
}

bool quoted_printable_trace_next(QuotedPrintableTrace *trace, QuotedPrintableStep *out_step)
{
    if (trace->at == trace->octets.length) {
        return false;
    }
    QuotedPrintableStep step = {.kind = kind_of(trace), .offset = trace->at, .length = 1};
    step.column = trace->column;
    write_text(&step, trace->octets.data[trace->at]);
    if (step.kind == QUOTED_PRINTABLE_STEP_LINE_BREAK) {
        step.length = 2;
        trace->column = 0;
    } else if (!fits_line(trace, &step)) {
        step = (QuotedPrintableStep){
            .kind = QUOTED_PRINTABLE_STEP_SOFT_BREAK,
            .offset = trace->at,
            .column = trace->column,
        };
        write_text(&step, 0);
        trace->column = 0;
    } else {
        trace->column += (guint)strlen(step.text);
    }
    trace->at += step.length;
    *out_step = step;
    return true;
}

guint quoted_printable_step_rule(QuotedPrintableStepKind kind)
{
    static const guint rules[] = {
        [QUOTED_PRINTABLE_STEP_LITERAL] = 2,
        [QUOTED_PRINTABLE_STEP_SPACE] = 3,
        [QUOTED_PRINTABLE_STEP_LAST_SPACE] = 3,
        [QUOTED_PRINTABLE_STEP_EQUALS] = 1,
        [QUOTED_PRINTABLE_STEP_EIGHT_BIT] = 1,
        [QUOTED_PRINTABLE_STEP_CONTROL] = 1,
        [QUOTED_PRINTABLE_STEP_LINE_BREAK] = 4,
        [QUOTED_PRINTABLE_STEP_SOFT_BREAK] = 5,
    };
    return rules[kind];
}

const char *quoted_printable_step_reason(QuotedPrintableStepKind kind)
{
    static const char *const reasons[] = {
        [QUOTED_PRINTABLE_STEP_LITERAL] = "A printable ASCII character may stand for itself.",
        [QUOTED_PRINTABLE_STEP_SPACE] = "White space may stand for itself inside a line.",
        [QUOTED_PRINTABLE_STEP_LAST_SPACE] =
            "White space at the end of a line could be lost, so it is written in hexadecimal.",
        [QUOTED_PRINTABLE_STEP_EQUALS] =
            "The equals sign announces hexadecimal digits, so it cannot stand for itself.",
        [QUOTED_PRINTABLE_STEP_EIGHT_BIT] =
            "An octet outside printable ASCII is written as \"=\" and two hexadecimal digits.",
        [QUOTED_PRINTABLE_STEP_CONTROL] =
            "A control octet that is no line break is written in hexadecimal.",
        [QUOTED_PRINTABLE_STEP_LINE_BREAK] = "A line break of the text stays a line break.",
        [QUOTED_PRINTABLE_STEP_SOFT_BREAK] =
            "A line has at most 76 characters: \"=\" and a line break that is no part of the text.",
    };
    return reasons[kind];
}

/* "=", white space that mail may have added, and a line end. */
static gsize soft_break_length(ByteSpan text)
{
    gsize at = 1;
    while (at < text.length && is_blank(text.data[at])) {
        at++;
    }
    if (at < text.length && text.data[at] == '\n') {
        return at + 1;
    }
    bool is_crlf = at + 1 < text.length && text.data[at] == '\r' && text.data[at + 1] == '\n';
    return is_crlf ? at + 2 : at == text.length ? at : 0;
}

static void read_escape(ByteSpan text, QuotedPrintableReading *reading)
{
    gsize soft = soft_break_length(text);
    if (soft > 0) {
        reading->kind = QUOTED_PRINTABLE_READ_SOFT_BREAK;
        reading->length = soft;
        return;
    }
    bool is_hex =
        text.length >= 3 && g_ascii_isxdigit(text.data[1]) && g_ascii_isxdigit(text.data[2]);
    reading->kind = is_hex ? QUOTED_PRINTABLE_READ_ESCAPE : QUOTED_PRINTABLE_READ_WRONG;
    if (is_hex) {
        reading->length = 3;
        reading->octet = (guint8
        )(g_ascii_xdigit_value((gchar)text.data[1]) * 16 + g_ascii_xdigit_value((gchar)text.data[2])
        );
    }
}

bool quoted_printable_read_next(ByteSpan *text, QuotedPrintableReading *out_reading)
{
    if (text->length == 0) {
        return false;
    }
    QuotedPrintableReading reading = {.kind = QUOTED_PRINTABLE_READ_LITERAL, .length = 1};
    reading.octet = text->data[0];
    if (reading.octet == '=') {
        read_escape(*text, &reading);
    } else if (byte_span_starts_with(*text, "\r\n")) {
        reading.kind = QUOTED_PRINTABLE_READ_LINE_BREAK;
        reading.length = 2;
    } else if ((reading.octet < ' ' && reading.octet != '\t') || reading.octet > '~') {
        reading.kind = QUOTED_PRINTABLE_READ_WRONG;
    }
    *text = byte_span_from(*text, reading.length);
    *out_reading = reading;
    return true;
}
