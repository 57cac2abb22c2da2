#include "ui/report/explain-view.h"

#include "protocol/rfc/rfc-index.h"

#include <stdarg.h>

#define INDENT 2

void explain_heading(ExplainOutput *output, const char *text)
{
    text_layout_paragraph(output->layout, 0, TEXT_HEADING, text);
}

void explain_blank(ExplainOutput *output)
{
    text_layout_blank(output->layout);
}

void explain_sentence(ExplainOutput *output, TextStyle style, const char *text)
{
    text_layout_paragraph(output->layout, INDENT, style, text);
}

void explain_row(
    ExplainOutput *output,
    const char *label,
    TextStyle style,
    const char *text,
    const RfcReference *reference
)
{
    g_autofree char *note = reference == NULL ? NULL : rfc_reference_to_string(*reference);
    const TextRow row = {
        .indent = INDENT,
        .label = label,
        .label_style = TEXT_LABEL,
        .label_width = EXPLAIN_LABEL_WIDTH,
        .text = text,
        .style = style,
        .note = note,
    };
    text_layout_row(output->layout, &row);
}

void explain_row_printf(
    ExplainOutput *output, const char *label, TextStyle style, const char *format, ...
)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    explain_row(output, label, style, text, NULL);
}

void explain_line(ExplainOutput *output, const char *label, TextStyle style, const char *text)
{
    g_autofree char *line = g_strdup_printf("%-*s%s", EXPLAIN_LABEL_WIDTH, label, text);
    text_layout_line(output->layout, INDENT, style, line);
}

char *explain_display(ByteSpan octets)
{
    static const char marks[] = "\r\n\t";
    static const char *const names[] = {"\\r", "\\n", "\\t"};
    GString *shown = g_string_new(NULL);
    gsize start = 0;
    for (gsize i = 0; i <= octets.length; i++) {
        const char *mark =
            i < octets.length && octets.data[i] != 0 ? strchr(marks, octets.data[i]) : NULL;
        if (mark != NULL || i == octets.length) {
            g_autofree char *part = byte_span_to_display(byte_span_slice(octets, start, i - start));
            g_string_append(shown, part);
            g_string_append(shown, mark == NULL ? "" : names[mark - marks]);
            start = i + 1;
        }
    }
    return g_string_free(shown, FALSE);
}

char *explain_cell(const char *text, guint columns)
{
    guint width = text_width(text);
    return g_strdup_printf("%s%*s", text, (int)(columns > width ? columns - width : 0), "");
}

static guint room(const ExplainOutput *output)
{
    return output->layout->width - INDENT - EXPLAIN_LABEL_WIDTH;
}

/* Printable ASCII takes a column an octet: no need to try. */
static gsize plain_length(ByteSpan text, guint columns)
{
    gsize length = 0;
    while (length < columns && length < text.length && text.data[length] >= ' ' &&
           text.data[length] < 127) {
        length++;
    }
    return length;
}

/* Octets of 'text' whose display is at most 'columns' wide, from its front or from its end. */
static gsize fitting(ByteSpan text, guint columns, bool from_end)
{
    gsize plain = from_end ? 0 : plain_length(text, columns);
    if (plain == text.length || (!from_end && plain == columns)) {
        return plain;
    }
    gsize length = MIN(text.length, (gsize)columns * 4);
    while (length > 0) {
        ByteSpan part = from_end ? byte_span_from(text, text.length - length)
                                 : byte_span_slice(text, 0, length);
        g_autofree char *shown = explain_display(part);
        if (text_width(shown) <= columns) {
            break;
        }
        length--;
    }
    return length;
}

static bool is_inside_character(ByteSpan text, gsize at)
{
    return at < text.length && (text.data[at] & 0xc0) == 0x80;
}

void explain_caret(ExplainOutput *output, const char *label, ByteSpan text, gsize position)
{
    guint columns = room(output) - 6; /* "..." at both ends */
    ByteSpan before = byte_span_slice(text, 0, position);
    ByteSpan behind = byte_span_from(text, position);
    gsize n_before = before.length;
    gsize n_behind = behind.length;
    if (fitting(text, columns, false) < text.length) {
        n_before = fitting(before, columns * 2 / 3, true);
        n_behind = fitting(behind, columns / 3, false);
    }
    while (n_before > 0 && is_inside_character(text, position - n_before)) {
        n_before--;
    }
    while (n_behind > 0 && is_inside_character(text, position + n_behind)) {
        n_behind--;
    }
    g_autofree char *left = explain_display(byte_span_from(before, position - n_before));
    g_autofree char *right = explain_display(byte_span_slice(behind, 0, n_behind));
    const char *start = n_before < position ? "..." : "";
    const char *end = n_behind < behind.length ? "..." : "";
    g_autofree char *line = g_strdup_printf("%s%s%s%s", start, left, right, end);
    guint column = text_width(start) + text_width(left);
    g_autofree char *caret = g_strdup_printf("%*s^", (int)column, "");
    explain_line(output, label, TEXT_PROTOCOL, line);
    explain_line(output, "", TEXT_BAD, caret);
}

char *explain_octet_name(guint8 octet)
{
    switch (octet) {
    case ' ':
        return g_strdup("space");
    case '\t':
        return g_strdup("tab");
    case '\r':
        return g_strdup("CR");
    case '\n':
        return g_strdup("LF");
    case '\0':
        return g_strdup("NUL");
    }
    return octet > ' ' && octet < 127 ? g_strdup_printf("%c", octet)
                                      : g_strdup_printf("0x%02x", octet);
}

char *explain_letter(ByteSpan octets, gsize at)
{
    gsize start = at;
    while (start > 0 && at - start < 3 && (octets.data[start] & 0xc0) == 0x80) {
        start--;
    }
    const char *here = (const char *)octets.data + start;
    gunichar character = g_utf8_get_char_validated(here, (gssize)(octets.length - start));
    if (octets.data[at] < 128 || character >= 0x80000000u || !g_unichar_isprint(character)) {
        return explain_octet_name(octets.data[at]);
    }
    gsize length = (gsize)(g_utf8_next_char(here) - here);
    if (at >= start + length) {
        return explain_octet_name(octets.data[at]);
    }
    return g_strdup_printf("%.*s %zu/%zu", (int)length, here, at - start + 1, length);
}

char *explain_place(ByteSpan text, gsize position)
{
    if (position >= text.length) {
        return g_strdup("the end of the text");
    }
    guint8 octet = text.data[position];
    if (octet > 127) {
        const char *here = (const char *)text.data + position;
        gunichar character = g_utf8_get_char_validated(here, (gssize)(text.length - position));
        if (character < 0x80000000u && g_unichar_isprint(character)) {
            gsize length = (gsize)(g_utf8_next_char(here) - here);
            return g_strdup_printf(
                "\"%.*s\" (U+%04X), octet %zu", (int)length, here, character, position + 1
            );
        }
    }
    g_autofree char *name = explain_octet_name(octet);
    const char *quote = octet == '"' ? "'" : "\"";
    return octet > ' ' && octet < 127
               ? g_strdup_printf(
                     "%s%s%s (0x%02x), character %zu", quote, name, quote, octet, position + 1
                 )
               : g_strdup_printf("%s (0x%02x), octet %zu", name, octet, position + 1);
}

char *explain_fault(ByteSpan text, gsize position, const char *what)
{
    if (position >= text.length) {
        return g_strdup_printf("Here comes %s.", what);
    }
    g_autofree char *place = explain_place(text, position);
    return g_strdup_printf("%s: %s.", place, what);
}

char *explain_hex(ByteSpan octets)
{
    GString *text = g_string_sized_new(octets.length * 3 + 1);
    for (gsize i = 0; i < octets.length; i++) {
        g_string_append_printf(text, "%s%02x", i == 0 ? "" : " ", octets.data[i]);
    }
    return g_string_free(text, FALSE);
}

/* The start of a row that must not end inside an escape or a letter. */
static gsize row_length(ByteSpan text, guint columns)
{
    text = byte_span_slice(text, 0, (gsize)columns * 4 + 2); /* more cannot fit */
    gssize line_end = byte_span_find(text, '\n', 0);
    gsize line = line_end < 0 ? text.length : (gsize)line_end;
    line -= line_end > 0 && text.data[line - 1] == '\r' ? 1 : 0;
    gsize length = fitting(byte_span_slice(text, 0, line), columns, false);
    if (length == line) {
        return line_end < 0 ? line : (gsize)line_end + 1;
    }
    while (length > 1 && is_inside_character(text, length)) {
        length--;
    }
    return MAX(length, 1);
}

/* Without a label the row has the whole width. */
static void text_row(ExplainOutput *output, const char *label, TextStyle style, ByteSpan row)
{
    if (row.length > 0 && row.data[row.length - 1] == '\n') {
        row.length--;
    }
    if (row.length > 0 && row.data[row.length - 1] == '\r') {
        row.length--;
    }
    g_autofree char *shown = explain_display(row);
    if (label == NULL) {
        text_layout_line(output->layout, INDENT, style, shown);
    } else {
        explain_line(output, label, style, shown);
    }
}

void explain_long_text(
    ExplainOutput *output, const char *label, TextStyle style, ByteSpan text, guint most_rows
)
{
    guint n_rows = 0;
    guint columns = label == NULL ? output->layout->width - INDENT : room(output);
    if (text.length == 0) {
        explain_line(output, label == NULL ? "" : label, TEXT_QUIET, "(nothing)");
    }
    while (text.length > 0) {
        gsize length = row_length(text, columns);
        if (most_rows > 0 && n_rows + 1 >= most_rows && length < text.length) {
            g_autofree char *rest = g_strdup_printf("... %zu octets more ...", text.length);
            explain_line(output, "", TEXT_QUIET, rest);
            return;
        }
        text_row(
            output,
            n_rows == 0 || label == NULL ? label : "",
            style,
            byte_span_slice(text, 0, length)
        );
        text = byte_span_from(text, length);
        n_rows++;
    }
}

void explain_json_begin(ExplainOutput *output, const char *type)
{
    json_line_begin(output->json, type);
}

void explain_json_step(ExplainOutput *output)
{
    explain_json_begin(output, "step");
    json_line_number(output->json, "step", ++output->n_steps);
}

void explain_json_end(ExplainOutput *output)
{
    json_line_end(output->json, output->stream);
}

void explain_json_rfc(ExplainOutput *output, const RfcReference *references, gsize n_references)
{
    json_line_array_begin(output->json, "rfc");
    for (gsize i = 0; i < n_references; i++) {
        json_line_object_begin(output->json, NULL);
        json_line_number(output->json, "rfc", references[i].number);
        json_line_string(output->json, "section", references[i].section);
        json_line_string(output->json, "title", rfc_section_title(references[i]));
        json_line_object_end(output->json);
    }
    json_line_array_end(output->json);
}

void explain_json_octets(ExplainOutput *output, const char *name, ByteSpan octets)
{
    g_autofree char *hex_name = g_strdup_printf("%s_hex", name);
    g_autofree char *hex = explain_hex(octets);
    json_line_span(output->json, name, octets);
    json_line_string(output->json, hex_name, hex);
}

void explain_flush(ExplainOutput *output)
{
    if (output->layout != NULL) {
        text_layout_write(output->layout, output->stream);
    }
}

bool explain_to_crlf(ByteSpan text, ByteBuffer *out)
{
    byte_buffer_init(out, text.length * 2 + 2);
    bool has_cr = byte_span_find(text, '\r', 0) >= 0;
    bool has_lf = byte_span_find(text, '\n', 0) >= 0;
    for (gsize at = 0; at < text.length;) {
        gssize end = has_cr ? -1 : byte_span_find(text, '\n', at);
        gsize length = end < 0 ? text.length - at : (gsize)end - at;
        bool fits = byte_buffer_append(out, byte_span_slice(text, at, length)) &&
                    (end < 0 || byte_buffer_append_string(out, "\r\n"));
        g_assert(fits);
        at += length + (end < 0 ? 0 : 1);
    }
    return has_lf && !has_cr;
}

void explain_show_conversion(ExplainOutput *output, bool was_converted)
{
    static const RfcReference line_rule = {5321, "2.3.8"};
    if (was_converted) {
        explain_row(
            output, "lines", TEXT_PLAIN, "The text has LF only; each is taken for CRLF.", &line_rule
        );
    }
}
