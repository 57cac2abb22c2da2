/* MAIL: opens a transaction (RFC 5321 §4.1.1.2). */

#include "protocol/address/mail-path.h"
#include "protocol/smtp/smtp-server-private.h"

static bool reject_path(SmtpServer *server, guint code, const char *enhanced, const char *text)
{
    smtp_server_reject(server, code, enhanced, text);
    return false;
}

static guint32 forgiven_defects(SmtpSyntax syntax)
{
    guint32 slips = MAIL_PATH_DEFECT_SPACE_BEFORE | MAIL_PATH_DEFECT_NO_BRACKETS;
    return syntax == SMTP_SYNTAX_STRICT ? 0 : slips | MAIL_PATH_DEFECT_MAILBOX;
}

/* Not in the grammar, yet it can be told where the mail is to go: "at least a@b". */
static bool is_usable(const MailPath *path)
{
    return path->local_part.length > 0 && path->domain.length > 0 &&
           byte_span_find(path->mailbox, ' ', 0) < 0;
}

bool smtp_server_path_is_fit(
    SmtpServer *server, const DialogueEvent *command, bool is_reverse, bool takes_utf8
)
{
    const char *bad = is_reverse ? "5.1.7" : "5.1.3"; /* RFC 3463 §3.2 */
    ByteSpan arguments = command->arguments;
    gssize colon = byte_span_find(arguments, ':', 0);
    MailPath path;
    mail_path_parse(byte_span_from(arguments, (gsize)MAX(colon, 0) + 1), &path);
    guint32 defects = path.defects & ~forgiven_defects(server->options.syntax);
    guint32 not_written = MAIL_PATH_DEFECT_SPACE_BEFORE | MAIL_PATH_DEFECT_NO_BRACKETS |
                          MAIL_PATH_DEFECT_NOT_CLOSED | MAIL_PATH_DEFECT_EMPTY;
    if ((command->defects & DIALOGUE_DEFECT_SYNTAX) != 0 || (defects & not_written) != 0) {
        const char *syntax =
            is_reverse ? "Syntax: MAIL FROM:<address>" : "Syntax: RCPT TO:<address>";
        return reject_path(server, 501, "5.5.4", syntax);
    }
    if ((defects & MAIL_PATH_DEFECT_TOO_LONG) != 0) {
        return reject_path(server, 501, bad, "Address too long");
    }
    if (path.is_null) {
        return is_reverse || reject_path(server, 501, bad, "The null path receives no mail");
    }
    if (path.needs_smtputf8 && !takes_utf8) {
        /* RFC 6531 §3.5 */
        return reject_path(
            server, is_reverse ? 550 : 553, "5.6.7", "Non-ASCII addresses need SMTPUTF8"
        );
    }
    bool is_lone_postmaster = path.is_postmaster && path.domain.length == 0;
    if (!is_lone_postmaster && (defects != 0 || !is_usable(&path))) {
        return reject_path(server, 501, bad, "Bad address syntax");
    }
    return !is_lone_postmaster || !is_reverse ||
           reject_path(server, 501, bad, "Bad address syntax");
}

/* RFC 5321 §4.1.1.11: a parameter of an extension that is not offered is not recognized. */
static bool knows_all(const SmtpServer *server, const SmtpParameters *parameters)
{
    const struct {
        bool is_used;
        SmtpOffer offer;
    } uses[] = {
        {parameters->wants_utf8, SMTP_OFFER_SMTPUTF8},
        {parameters->envelope_id.length > 0, SMTP_OFFER_DSN},
        {parameters->return_what.length > 0, SMTP_OFFER_DSN},
        {parameters->body == SMTP_BODY_BINARY, SMTP_OFFER_BINARYMIME},
        {parameters->body == SMTP_BODY_EIGHT_BIT, SMTP_OFFER_8BITMIME},
        {parameters->size > 0, SMTP_OFFER_SIZE},
        {parameters->auth.length > 0, SMTP_OFFER_AUTH},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(uses); i++) {
        if (uses[i].is_used && !smtp_server_offers(server, uses[i].offer)) {
            return false;
        }
    }
    return parameters->unknown.length == 0 && server->is_extended;
}

static bool has_parameters(const DialogueEvent *command, ByteSpan path)
{
    gsize behind = (gsize)(path.data - command->arguments.data) + path.length + 1;
    return byte_span_trim(byte_span_from(command->arguments, behind)).length > 0;
}

/* False: the parameters are answered. */
static bool
parameters_are_fit(SmtpServer *server, const DialogueEvent *command, const SmtpServerEvent *event)
{
    const SmtpParameters *parameters = &event->parameters;
    if (!has_parameters(command, event->path)) {
        return true;
    }
    if (!knows_all(server, parameters)) {
        return reject_path(server, 555, "5.5.4", "Parameter not recognized");
    }
    return parameters->malformed.length == 0 ||
           reject_path(server, 501, "5.5.4", "Bad value of a parameter");
}

SmtpHandled smtp_server_handle_mail(
    SmtpServer *server, const DialogueEvent *command, SmtpServerEvent *out_event
)
{
    const SmtpParameters *parameters = &out_event->parameters;
    out_event->path = smtp_path_text(command->arguments);
    smtp_parameters_parse(command->arguments, SMTP_COMMAND_MAIL, &out_event->parameters);
    bool takes_utf8 = parameters->wants_utf8 && smtp_server_offers(server, SMTP_OFFER_SMTPUTF8);
    if (!smtp_server_path_is_fit(server, command, true, takes_utf8) ||
        !parameters_are_fit(server, command, out_event)) {
        return SMTP_COMMAND_DONE;
    }
    /* RFC 1870 §6.1: refuse at once what would not fit */
    if (server->options.maximum_size > 0 && parameters->size > server->options.maximum_size) {
        return smtp_server_reject(server, 552, "5.3.4", "Message too big for this server");
    }
    server->has_sender = false;
    server->recipients = 0;
    server->declared_size = parameters->size;
    server->binary_body = parameters->body == SMTP_BODY_BINARY;
    server->uses_utf8 = parameters->wants_utf8;
    server->transaction_failed = false;
    return smtp_server_ask(server, SMTP_SERVER_MAIL, out_event);
}
