#pragma once

/* The parameters behind the path of MAIL and RCPT (RFC 5321 §4.1.1.11), read once into a plain
 * struct. Spans point into the command line. */

#include "protocol/smtp/smtp-vocabulary.h"

typedef enum {
    SMTP_BODY_SEVEN_BIT, /* the default, and BODY=7BIT */
    SMTP_BODY_EIGHT_BIT, /* BODY=8BITMIME, RFC 6152 §2 */
    SMTP_BODY_BINARY,    /* BODY=BINARYMIME, RFC 3030 §3 */
} SmtpBody;

typedef struct {
    guint64 size; /* RFC 1870 §4; 0: not said */
    SmtpBody body;
    bool wants_utf8;             /* SMTPUTF8, RFC 6531 §3.4 */
    ByteSpan envelope_id;        /* ENVID, RFC 3461 §4.4 */
    ByteSpan return_what;        /* RET=FULL or HDRS, RFC 3461 §4.3 */
    ByteSpan auth;               /* AUTH, RFC 4954 §5 */
    ByteSpan notify;             /* NOTIFY, RFC 3461 §4.1 */
    ByteSpan original_recipient; /* ORCPT, RFC 3461 §4.2 */
    ByteSpan unknown;            /* the first keyword that nobody offered; empty: none */
    ByteSpan malformed;          /* the first parameter with a bad value, or said twice */
} SmtpParameters;

/* Reads what stands behind the path in the arguments of MAIL or RCPT. */
void smtp_parameters_parse(ByteSpan arguments, SmtpCommandId command, SmtpParameters *out);
