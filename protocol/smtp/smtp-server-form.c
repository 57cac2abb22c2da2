/* Is a command line in order as a line, whatever it says: length, line end, control characters. */

#include "protocol/smtp/smtp-server-private.h"

/* RFC 5321 §4.5.3.1.4, and what each extension adds to its commands: RFC 1870 §3, RFC 6152 §2,
 * RFC 3030 §3, RFC 6531 §3.1, RFC 3461 §5.4, RFC 4954 §3 and §4. */
static gsize line_limit(const SmtpServer *server, SmtpCommandId id)
{
    bool takes_reports = smtp_server_offers(server, SMTP_OFFER_DSN);
    switch ((guint)id) {
    case SMTP_COMMAND_MAIL:
        return SMTP_COMMAND_LINE_LIMIT + 26 + 17 + 10 + 500 + (takes_reports ? 116 : 0);
    case SMTP_COMMAND_RCPT:
        return SMTP_COMMAND_LINE_LIMIT + (takes_reports ? 536 : 0);
    case SMTP_COMMAND_AUTH:
        return SMTP_LINE_MAXIMUM;
    default:
        return SMTP_COMMAND_LINE_LIMIT;
    }
}

bool smtp_server_form_is_fit(
    SmtpServer *server, const DialogueEvent *command, const SmtpCommandRow *row
)
{
    SmtpCommandId id = row == NULL ? N_SMTP_COMMANDS : row->id;
    bool is_strict = server->options.syntax == SMTP_SYNTAX_STRICT;
    if (id == SMTP_COMMAND_BDAT) {
        return true; /* its octets follow whatever is answered */
    }
    if (command->to - command->from > line_limit(server, id)) {
        smtp_server_reject(server, 500, "5.5.2", "Line too long");
        return false;
    }
    if (is_strict && (command->defects & DIALOGUE_DEFECT_BARE_LF) != 0) {
        smtp_server_reject(server, 500, "5.5.2", "Lines end with CRLF");
        return false;
    }
    if (is_strict && (command->defects & (DIALOGUE_DEFECT_NUL | DIALOGUE_DEFECT_BARE_CR)) != 0) {
        smtp_server_reject(server, 500, "5.5.2", "Control characters in a command");
        return false;
    }
    return true;
}
