#pragma once

/* An SMTP reply as a server says it: code, enhanced code, text of one line or more. This is the one
 * place that formats replies (RFC 5321 §4.2, RFC 2034 §4). */

#include "protocol/text/byte-buffer.h"

typedef struct {
    guint code;
    const char *enhanced; /* "2.1.5"; NULL: none */
    const char *text;     /* lines apart by '\n' */
} SmtpReply;

#define SMTP_REPLY(reply_code, enhanced_code, words)                                               \
    ((SmtpReply){.code = (reply_code), .enhanced = (enhanced_code), .text = (words)})

/* Appends the lines; every line carries the enhanced code where 'with_enhanced' asks for it. False:
 * the buffer is full and holds what it held before. */
bool smtp_reply_write(const SmtpReply *reply, bool with_enhanced, ByteBuffer *output);
