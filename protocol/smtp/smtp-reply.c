#include "protocol/smtp/smtp-reply.h"

#define CODE_LENGTH 4 /* three digits, and what says whether more lines follow */

/* By hand: a server says hardly anything else, and printf() would be most of the work. */
static bool
write_line(guint code, const char *enhanced, ByteSpan text, bool is_last, ByteBuffer *output)
{
    const guint8 start[CODE_LENGTH] = {
        (guint8)('0' + code / 100 % 10),
        (guint8)('0' + code / 10 % 10),
        (guint8)('0' + code % 10),
        is_last ? ' ' : '-',
    };
    return byte_buffer_append(output, byte_span(start, CODE_LENGTH)) &&
           (enhanced == NULL || (byte_buffer_append_string(output, enhanced) &&
                                 byte_buffer_append(output, BYTE_SPAN_LITERAL(" ")))) &&
           byte_buffer_append(output, text) &&
           byte_buffer_append(output, BYTE_SPAN_LITERAL("\r\n"));
}

bool smtp_reply_write(const SmtpReply *reply, bool with_enhanced, ByteBuffer *output)
{
    gsize before = byte_buffer_length(output);
    const char *enhanced = with_enhanced ? reply->enhanced : NULL;
    const char *line = reply->text == NULL ? "" : reply->text;
    for (;;) {
        gsize length = strcspn(line, "\n");
        bool is_last = line[length] == '\0';
        ByteSpan text = byte_span(line, length);
        if (!write_line(reply->code, enhanced, text, is_last, output)) {
            byte_buffer_truncate(output, before);
            return false;
        }
        if (is_last) {
            return true;
        }
        line += length + 1;
    }
}
