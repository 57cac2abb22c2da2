/* What stands behind a verb: its form, and the path in it. */

#include "protocol/smtp/smtp-dialogue-private.h"

ByteSpan smtp_path_text(ByteSpan arguments)
{
    gssize colon = byte_span_find(arguments, ':', 0);
    ByteSpan path = byte_span_trim(byte_span_from(arguments, colon < 0 ? 0 : (gsize)colon + 1));
    if (path.length == 0 || path.data[0] != '<') {
        gssize space = byte_span_find(path, ' ', 0);
        return space < 0 ? path : byte_span_slice(path, 0, (gsize)space);
    }
    gssize end = byte_span_find(path, '>', 1);
    if (end > 0 && byte_span_find(byte_span_slice(path, 0, (gsize)end), '"', 1) < 0) {
        return byte_span_slice(path, 1, (gsize)end - 1);
    }
    bool is_quoted = false;
    for (gsize i = 1; i < path.length; i++) {
        if (path.data[i] == '\\' && is_quoted) {
            i++;
        } else if (path.data[i] == '"') {
            is_quoted = !is_quoted;
        } else if (path.data[i] == '>' && !is_quoted) {
            return byte_span_slice(path, 1, i - 1);
        }
    }
    return byte_span_from(path, 1);
}

/* MAIL and RCPT: the keyword, a colon, a path in brackets, nothing between (RFC 5321 §3.3). */
static guint32 path_defects(ByteSpan arguments, const char *keyword)
{
    if (!byte_span_starts_with_nocase(arguments, keyword)) {
        return DIALOGUE_DEFECT_SYNTAX;
    }
    ByteSpan path = byte_span_from(arguments, strlen(keyword));
    guint32 defects = 0;
    if (path.length > 0 && (path.data[0] == ' ' || path.data[0] == '\t')) {
        defects |= DIALOGUE_DEFECT_SPACE_AFTER_COLON;
        path = byte_span_trim(path);
    }
    if (path.length == 0) {
        return DIALOGUE_DEFECT_SYNTAX;
    }
    if (path.data[0] != '<') {
        return defects | DIALOGUE_DEFECT_NO_BRACKETS;
    }
    ByteSpan inside = smtp_path_text(arguments);
    ByteSpan behind = byte_span_from(path, inside.length + 2);
    if (inside.length + 2 > path.length || (behind.length > 0 && behind.data[0] != ' ')) {
        defects |= DIALOGUE_DEFECT_SYNTAX;
    }
    return defects;
}

guint32 smtp_argument_defects(SmtpCommandId id, ByteSpan arguments)
{
    bool is_empty = byte_span_trim(arguments).length == 0;
    switch (id) {
    case SMTP_COMMAND_MAIL:
        return path_defects(arguments, "FROM:");
    case SMTP_COMMAND_RCPT:
        return path_defects(arguments, "TO:");
    case SMTP_COMMAND_DATA:
    case SMTP_COMMAND_RSET:
    case SMTP_COMMAND_QUIT:
    case SMTP_COMMAND_STARTTLS:
    case SMTP_COMMAND_TURN:
        return is_empty ? 0 : DIALOGUE_DEFECT_TRAILING;
    case SMTP_COMMAND_EHLO:
    case SMTP_COMMAND_HELO:
    case SMTP_COMMAND_LHLO:
        /* One name: RFC 5321 §4.1.1.1 */
        return is_empty || byte_span_find(byte_span_trim(arguments), ' ', 0) >= 0
                   ? DIALOGUE_DEFECT_SYNTAX
                   : 0;
    case SMTP_COMMAND_AUTH:
    case SMTP_COMMAND_BDAT:
    case SMTP_COMMAND_BURL:
    case SMTP_COMMAND_ETRN:
    case SMTP_COMMAND_VRFY:
    case SMTP_COMMAND_EXPN:
    case SMTP_COMMAND_SEND:
    case SMTP_COMMAND_SOML:
    case SMTP_COMMAND_SAML:
        return is_empty ? DIALOGUE_DEFECT_SYNTAX : 0;
    case SMTP_COMMAND_HELP:
    case SMTP_COMMAND_NOOP:
    case SMTP_COMMAND_ATRN:
    case N_SMTP_COMMANDS:
        return 0;
    }
    return 0;
}
