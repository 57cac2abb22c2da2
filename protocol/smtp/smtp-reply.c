#include "protocol/smtp/smtp-reply.h"

bool smtp_reply_write(const SmtpReply *reply, bool with_enhanced, ByteBuffer *output)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    const char *enhanced = with_enhanced ? reply->enhanced : NULL;
    const char *line = reply->text == NULL ? "" : reply->text;
    for (;;) {
        gsize length = strcspn(line, "\n");
        bool is_last = line[length] == '\0';
        g_string_append_printf(lines, "%u%c", reply->code, is_last ? ' ' : '-');
        if (enhanced != NULL) {
            g_string_append_printf(lines, "%s ", enhanced);
        }
        g_string_append_len(lines, line, (gssize)length);
        g_string_append(lines, "\r\n");
        if (is_last) {
            break;
        }
        line += length + 1;
    }
    return byte_buffer_append(output, byte_span(lines->str, lines->len));
}
