/* MAIL: opens a transaction (RFC 5321 §4.1.1.2). */

#include "protocol/smtp/smtp-server-private.h"

bool smtp_server_path_is_fit(SmtpServer *server, const DialogueEvent *command, bool is_reverse)
{
    const char *syntax = is_reverse ? "Syntax: MAIL FROM:<address>" : "Syntax: RCPT TO:<address>";
    guint32 slips = DIALOGUE_DEFECT_SPACE_AFTER_COLON | DIALOGUE_DEFECT_NO_BRACKETS;
    bool is_strict = server->options.syntax == SMTP_SYNTAX_STRICT;
    if ((command->defects & DIALOGUE_DEFECT_SYNTAX) != 0 ||
        (is_strict && (command->defects & slips) != 0)) {
        smtp_server_reject(server, 501, "5.5.4", syntax);
        return false;
    }
    ByteSpan path = smtp_path_text(command->arguments);
    bool is_postmaster = byte_span_is_nocase(path, "postmaster");
    gssize at = -1;
    for (gsize i = path.length; i > 0 && at < 0; i--) {
        at = path.data[i - 1] == '@' ? (gssize)i - 1 : -1;
    }
    bool is_address = at > 0 && (gsize)at + 1 < path.length;
    if (path.length > 256 || (gsize)MAX(at, 0) > 64 + 256) {
        smtp_server_reject(server, 501, is_reverse ? "5.1.7" : "5.1.3", "Address too long");
        return false;
    }
    if (is_address || (is_reverse && path.length == 0) || (!is_reverse && is_postmaster)) {
        return true;
    }
    smtp_server_reject(
        server, is_reverse ? 501 : 501, is_reverse ? "5.1.7" : "5.1.3", "Bad address syntax"
    );
    return false;
}

static const char *parameter_fault(const SmtpServer *server, const SmtpParameters *parameters)
{
    bool takes_utf8 = smtp_server_offers(server, SMTP_OFFER_SMTPUTF8);
    bool takes_dsn = smtp_server_offers(server, SMTP_OFFER_DSN);
    if (parameters->unknown.length > 0 || !server->is_extended) {
        return "Parameter not recognized";
    }
    if ((parameters->wants_utf8 && !takes_utf8) ||
        ((parameters->envelope_id.length > 0 || parameters->return_what.length > 0) && !takes_dsn
        ) ||
        (parameters->body == SMTP_BODY_BINARY && !smtp_server_offers(server, SMTP_OFFER_BINARYMIME)
        )) {
        return "Parameter not implemented";
    }
    return NULL;
}

static bool has_parameters(const DialogueEvent *command, ByteSpan path)
{
    gsize behind = (gsize)(path.data - command->arguments.data) + path.length + 1;
    return byte_span_trim(byte_span_from(command->arguments, behind)).length > 0;
}

SmtpHandled smtp_server_handle_mail(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    if (server->options.requires_auth && server->user == NULL) {
        return smtp_server_reject(server, 530, "5.7.0", "Authentication required");
    }
    if (!smtp_server_path_is_fit(server, command, true)) {
        return SMTP_COMMAND_DONE;
    }
    out_event->path = smtp_path_text(command->arguments);
    smtp_parameters_parse(command->arguments, SMTP_COMMAND_MAIL, &out_event->parameters);
    const SmtpParameters *parameters = &out_event->parameters;
    if (has_parameters(command, out_event->path)) {
        const char *fault = parameter_fault(server, parameters);
        if (fault != NULL) {
            return smtp_server_reject(server, 555, "5.5.4", fault);
        }
        if (parameters->malformed.length > 0) {
            return smtp_server_reject(server, 501, "5.5.4", "Bad value of a parameter");
        }
    }
    /* RFC 1870 §6.1: refuse at once what would not fit */
    if (server->options.maximum_size > 0 && parameters->size > server->options.maximum_size) {
        return smtp_server_reject(server, 552, "5.3.4", "Message too big for this server");
    }
    server->recipients = 0;
    server->declared_size = parameters->size;
    server->binary_body = parameters->body == SMTP_BODY_BINARY;
    server->transaction_failed = false;
    return smtp_server_ask(server, SMTP_SERVER_MAIL, out_event);
}
