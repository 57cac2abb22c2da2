#include "protocol/http/http-framing.h"

/* RFC 9112 §6.3: a list of equal numbers counts as one; anything else is no length. */
static bool note_length(HttpFraming *framing, ByteSpan value)
{
    ByteSpan element;
    guint64 length = 0;
    bool is_good = value.length > 0;
    while (is_good && byte_span_next_token(&value, ',', &element)) {
        is_good = byte_span_to_number(byte_span_trim(element), &length) &&
                  (!framing->has_length || framing->length == length);
        framing->length = is_good ? length : framing->length;
        framing->has_length = framing->has_length || is_good;
    }
    framing->has_bad_length = framing->has_bad_length || !is_good;
    return is_good;
}

static void note_coding(HttpFraming *framing, ByteSpan value)
{
    ByteSpan element;
    framing->has_coding = true;
    framing->ends_in_chunked = false;
    while (byte_span_next_token(&value, ',', &element)) {
        element = byte_span_trim(element);
        framing->ends_in_chunked = byte_span_is_nocase(http_value_first(element), "chunked");
    }
}

guint32 http_framing_field(HttpFraming *framing, const HttpField *field)
{
    guint32 defects = 0;
    if (byte_span_is_nocase(field->name, "Content-Length")) {
        defects |= note_length(framing, field->value) ? 0u : DIALOGUE_DEFECT_SYNTAX;
    } else if (byte_span_is_nocase(field->name, "Transfer-Encoding")) {
        note_coding(framing, field->value);
    } else if (byte_span_is_nocase(field->name, "Connection")) {
        framing->asks_close |= http_value_has(field->value, "close");
        framing->asks_keep_alive |= http_value_has(field->value, "keep-alive");
        return 0;
    } else if (byte_span_is_nocase(field->name, "Expect")) {
        framing->expects_continue |= http_value_has(field->value, "100-continue");
        return 0;
    } else {
        return 0;
    }
    /* RFC 9112 §6.1: both together are an attempt at smuggling, or an error. */
    if (framing->has_coding && framing->has_length) {
        defects |= DIALOGUE_DEFECT_SYNTAX;
    }
    return defects;
}

HttpBodyKind http_framing_request(const HttpFraming *framing)
{
    if (framing->has_coding) {
        return framing->ends_in_chunked ? HTTP_BODY_CHUNKED : HTTP_BODY_UNKNOWN;
    }
    if (framing->has_bad_length) {
        return HTTP_BODY_UNKNOWN;
    }
    return framing->length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
}

HttpBodyKind http_framing_answer(const HttpFraming *framing, HttpMethod method, guint code)
{
    if (code == 101 || (method == HTTP_METHOD_CONNECT && code >= 200 && code < 300)) {
        return HTTP_BODY_TUNNEL;
    }
    if (method == HTTP_METHOD_HEAD || code < 200 || code == 204 || code == 304) {
        return HTTP_BODY_NONE;
    }
    if (framing->has_coding) {
        return framing->ends_in_chunked ? HTTP_BODY_CHUNKED : HTTP_BODY_TO_END;
    }
    if (framing->has_bad_length) {
        return HTTP_BODY_UNKNOWN;
    }
    if (framing->has_length) {
        return framing->length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
    }
    return HTTP_BODY_TO_END;
}

bool http_framing_persists(const HttpFraming *framing)
{
    if (framing->asks_close) {
        return false;
    }
    return !framing->is_version_1_0 || framing->asks_keep_alive;
}

bool http_chunk_size(ByteSpan line, guint64 *out_size)
{
    ByteSpan digits = http_value_first(line);
    guint64 size = 0;
    if (digits.length == 0 || digits.length > 15) {
        return false;
    }
    for (gsize i = 0; i < digits.length; i++) {
        gint digit = g_ascii_xdigit_value((char)digits.data[i]);
        if (digit < 0) {
            return false;
        }
        size = size << 4 | (guint)digit;
    }
    *out_size = size;
    return true;
}
