#include "protocol/smtp/smtp-parameters.h"

#include "protocol/smtp/smtp-dialogue.h"

typedef bool (*ParameterReader)(ByteSpan value, SmtpParameters *parameters);

static bool read_size(ByteSpan value, SmtpParameters *parameters)
{
    return value.length <= 20 && byte_span_to_number(value, &parameters->size);
}

static bool read_body(ByteSpan value, SmtpParameters *parameters)
{
    if (byte_span_is_nocase(value, "7BIT")) {
        parameters->body = SMTP_BODY_SEVEN_BIT;
    } else if (byte_span_is_nocase(value, "8BITMIME")) {
        parameters->body = SMTP_BODY_EIGHT_BIT;
    } else if (byte_span_is_nocase(value, "BINARYMIME")) {
        parameters->body = SMTP_BODY_BINARY;
    } else {
        return false;
    }
    return true;
}

static bool read_utf8(ByteSpan value, SmtpParameters *parameters)
{
    parameters->wants_utf8 = true;
    return value.length == 0;
}

static bool read_envelope_id(ByteSpan value, SmtpParameters *parameters)
{
    parameters->envelope_id = value;
    return value.length > 0 && value.length <= 100;
}

static bool read_return(ByteSpan value, SmtpParameters *parameters)
{
    parameters->return_what = value;
    return byte_span_is_nocase(value, "FULL") || byte_span_is_nocase(value, "HDRS");
}

static bool read_auth(ByteSpan value, SmtpParameters *parameters)
{
    parameters->auth = value;
    return value.length > 0;
}

/* NEVER alone, or a list of the other three (RFC 3461 §4.1). */
static bool read_notify(ByteSpan value, SmtpParameters *parameters)
{
    ByteSpan rest = value;
    ByteSpan word;
    parameters->notify = value;
    if (byte_span_is_nocase(value, "NEVER")) {
        return true;
    }
    while (byte_span_next_token(&rest, ',', &word)) {
        if (!byte_span_is_nocase(word, "SUCCESS") && !byte_span_is_nocase(word, "FAILURE") &&
            !byte_span_is_nocase(word, "DELAY")) {
            return false;
        }
    }
    return value.length > 0;
}

static bool read_original_recipient(ByteSpan value, SmtpParameters *parameters)
{
    parameters->original_recipient = value;
    return byte_span_find(value, ';', 0) > 0 && value.length <= 500;
}

typedef struct {
    const char *keyword;
    SmtpCommandId command;
    ParameterReader read;
} ParameterRow;

static const ParameterRow rows[] = {
    {"AUTH", SMTP_COMMAND_MAIL, read_auth},
    {"BODY", SMTP_COMMAND_MAIL, read_body},
    {"ENVID", SMTP_COMMAND_MAIL, read_envelope_id},
    {"NOTIFY", SMTP_COMMAND_RCPT, read_notify},
    {"ORCPT", SMTP_COMMAND_RCPT, read_original_recipient},
    {"RET", SMTP_COMMAND_MAIL, read_return},
    {"SIZE", SMTP_COMMAND_MAIL, read_size},
    {"SMTPUTF8", SMTP_COMMAND_MAIL, read_utf8},
};

static void
read_parameter(ByteSpan parameter, SmtpCommandId command, guint32 *seen, SmtpParameters *out)
{
    gssize equals = byte_span_find(parameter, '=', 0);
    gsize length = equals < 0 ? parameter.length : (gsize)equals;
    ByteSpan keyword = byte_span_slice(parameter, 0, length);
    ByteSpan value = byte_span_from(parameter, length + 1);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].command != command || !byte_span_is_nocase(keyword, rows[i].keyword)) {
            continue;
        }
        bool is_second = (*seen & 1u << i) != 0;
        *seen |= 1u << i;
        if ((!rows[i].read(value, out) || is_second) && out->malformed.length == 0) {
            out->malformed = parameter;
        }
        return;
    }
    if (out->unknown.length == 0) {
        out->unknown = parameter;
    }
}

void smtp_parameters_parse(ByteSpan arguments, SmtpCommandId command, SmtpParameters *out)
{
    ByteSpan path = smtp_path_text(arguments);
    ByteSpan parameter;
    guint32 seen = 0;
    *out = (SmtpParameters){0};
    if (path.data == NULL) {
        return;
    }
    ByteSpan rest = byte_span_from(arguments, (gsize)(path.data - arguments.data) + path.length);
    if (rest.length > 0 && rest.data[0] == '>') {
        rest = byte_span_from(rest, 1);
    }
    while (byte_span_next_token(&rest, ' ', &parameter)) {
        read_parameter(parameter, command, &seen, out);
    }
}
