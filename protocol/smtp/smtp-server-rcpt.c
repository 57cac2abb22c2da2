/* RCPT: names one recipient (RFC 5321 §4.1.1.3). */

#include "protocol/smtp/smtp-server-private.h"

SmtpHandled smtp_server_handle_rcpt(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    if (!server->has_sender) { /* somebody overrode the answer to MAIL */
        return smtp_server_reject(server, 503, "5.5.1", "MAIL must come before RCPT");
    }
    if (!smtp_server_path_is_fit(server, command, false, server->uses_utf8)) {
        return SMTP_COMMAND_DONE;
    }
    out_event->path = smtp_path_text(command->arguments);
    smtp_parameters_parse(command->arguments, SMTP_COMMAND_RCPT, &out_event->parameters);
    const SmtpParameters *parameters = &out_event->parameters;
    bool asks_reports = parameters->notify.length > 0 || parameters->original_recipient.length > 0;
    if (parameters->unknown.length > 0 ||
        (parameters->malformed.length > 0 && !server->is_extended) ||
        (asks_reports && !smtp_server_offers(server, SMTP_OFFER_DSN))) {
        return smtp_server_reject(server, 555, "5.5.4", "Parameter not recognized");
    }
    if (parameters->malformed.length > 0) {
        return smtp_server_reject(server, 501, "5.5.4", "Bad value of a parameter");
    }
    if (server->options.maximum_recipients > 0 &&
        server->recipients >= server->options.maximum_recipients) {
        /* RFC 5321 §4.5.3.1.10: 452, so that the client sends the rest in another transaction */
        return smtp_server_reject(server, 452, "4.5.3", "Too many recipients");
    }
    return smtp_server_ask(server, SMTP_SERVER_RCPT, out_event);
}
