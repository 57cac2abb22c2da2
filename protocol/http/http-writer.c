#include "protocol/http/http-writer.h"

#include "protocol/http/http-line.h"
#include "protocol/http/http-vocabulary.h"

/* RFC 9110 §5.5: no CR, LF or NUL; the rest of what is read must not start a line. */
static bool is_one_line(const char *text)
{
    return strpbrk(text, "\r\n") == NULL;
}

static bool is_word(const char *text)
{
    return *text != '\0' && is_one_line(text) && strpbrk(text, " \t") == NULL;
}

static bool append_fields(GString *out, const HttpFieldText *fields, gsize n_fields)
{
    for (gsize i = 0; i < n_fields; i++) {
        if (fields[i].value == NULL) {
            continue;
        }
        if (!is_word(fields[i].name) || strchr(fields[i].name, ':') != NULL ||
            !is_one_line(fields[i].value)) {
            return false;
        }
        g_string_append_printf(out, "%s: %s\r\n", fields[i].name, fields[i].value);
    }
    return true;
}

static void append_length(GString *out, gsize length)
{
    g_string_append_printf(out, "Content-Length: %" G_GSIZE_FORMAT "\r\n", length);
}

/* Header and body go in together or not at all. */
static bool commit(ByteBuffer *out, GString *header, const ByteSpan *body)
{
    gsize body_length = body != NULL ? body->length : 0;
    g_string_append(header, "\r\n");
    if (byte_buffer_length(out) + header->len + body_length > out->maximum) {
        return false;
    }
    return byte_buffer_append(out, byte_span(header->str, header->len)) &&
           (body == NULL || byte_buffer_append(out, *body));
}

bool http_write_request(
    ByteBuffer *out,
    const char *method,
    const char *target,
    const char *host,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body
)
{
    g_autoptr(GString) header = g_string_new(NULL);
    if (!is_word(method) || !is_word(target) || !is_word(host)) {
        return false;
    }
    g_string_append_printf(header, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, target, host);
    if (!append_fields(header, fields, n_fields)) {
        return false;
    }
    /* RFC 9110 §8.6: a method that gives content a meaning says how much there is, 0 too. */
    if (body != NULL || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
        append_length(header, body != NULL ? body->length : 0);
    }
    return commit(out, header, body);
}

static bool begin_answer(GString *header, guint code, const HttpFieldText *fields, gsize n_fields)
{
    g_assert(code >= 100 && code <= 999);
    g_string_append_printf(header, "HTTP/1.1 %u %s\r\n", code, http_status_reason(code));
    return append_fields(header, fields, n_fields);
}

bool http_write_answer(
    ByteBuffer *out,
    guint code,
    const HttpFieldText *fields,
    gsize n_fields,
    const ByteSpan *body,
    bool is_for_head
)
{
    g_autoptr(GString) header = g_string_new(NULL);
    if (!begin_answer(header, code, fields, n_fields)) {
        return false;
    }
    /* RFC 9110 §8.6: 1xx and 204 never say a length, 304 need not */
    bool has_no_body = code < 200 || code == 204 || code == 304;
    if (!has_no_body) {
        append_length(header, body != NULL ? body->length : 0);
    }
    return commit(out, header, has_no_body || is_for_head ? NULL : body);
}

bool http_write_answer_chunked(
    ByteBuffer *out, guint code, const HttpFieldText *fields, gsize n_fields
)
{
    g_autoptr(GString) header = g_string_new(NULL);
    if (!begin_answer(header, code, fields, n_fields)) {
        return false;
    }
    g_string_append(header, "Transfer-Encoding: chunked\r\n");
    return commit(out, header, NULL);
}

bool http_write_chunk(ByteBuffer *out, ByteSpan octets)
{
    char size[24];
    gsize length =
        (gsize)g_snprintf(size, sizeof size, "%" G_GSIZE_MODIFIER "x\r\n", octets.length);
    if (byte_buffer_length(out) + length + octets.length + 2 > out->maximum) {
        return false;
    }
    return byte_buffer_append(out, byte_span(size, length)) && byte_buffer_append(out, octets) &&
           byte_buffer_append_string(out, "\r\n");
}

void http_date_text(gint64 unix_seconds, char out_text[HTTP_DATE_LENGTH + 1])
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    };
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(unix_seconds);
    g_assert(date != NULL);
    g_snprintf(
        out_text,
        HTTP_DATE_LENGTH + 1,
        "%s, %02d %s %04d %02d:%02d:%02d GMT",
        days[g_date_time_get_day_of_week(date) - 1],
        g_date_time_get_day_of_month(date),
        months[g_date_time_get_month(date) - 1],
        g_date_time_get_year(date),
        g_date_time_get_hour(date),
        g_date_time_get_minute(date),
        g_date_time_get_second(date)
    );
}
