#include "ui/report/explain.h"

#include "ui/report/explain-address.h"
#include "ui/report/explain-base64.h"
#include "ui/report/explain-digest.h"
#include "ui/report/explain-dot.h"
#include "ui/report/explain-login.h"
#include "ui/report/explain-message.h"
#include "ui/report/explain-parameter.h"
#include "ui/report/explain-qp.h"
#include "ui/report/explain-utf7.h"
#include "ui/report/explain-word.h"

const ExplainKind explain_kinds[] = {
    {
        .name = "base64",
        .arguments = "TEXT",
        .summary = "octets, bits, sextets, letters, padding",
        .most_words = G_MAXSIZE,
        .line_end = EXPLAIN_LINE_END_DROPPED_TO_DECODE,
        .explain = explain_base64,
    },
    {
        .name = "qp",
        .long_name = "quoted-printable",
        .arguments = "TEXT",
        .summary = "quoted-printable, rule by rule",
        .most_words = G_MAXSIZE,
        .explain = explain_qp,
    },
    {
        .name = "word",
        .long_name = "encoded-word",
        .arguments = "TEXT",
        .summary = "encoded words of header fields: reads and writes them",
        .most_words = G_MAXSIZE,
        .line_end = EXPLAIN_LINE_END_DROPPED,
        .explain = explain_word,
    },
    {
        .name = "parameter",
        .arguments = "NAME TEXT",
        .summary = "file names beyond ASCII, in pieces; a lone LIST is read",
        .least_words = 1,
        .most_words = 2,
        .explain = explain_parameter,
    },
    {
        .name = "utf7",
        .long_name = "modified-utf7",
        .arguments = "NAME",
        .summary = "IMAP mailbox names in modified UTF-7",
        .most_words = G_MAXSIZE,
        .line_end = EXPLAIN_LINE_END_DROPPED,
        .explain = explain_utf7,
    },
    {
        .name = "dot",
        .long_name = "dot-stuffing",
        .arguments = "TEXT",
        .summary = "dot-stuffing; --decode finds the end, and smuggling",
        .most_words = G_MAXSIZE,
        .explain = explain_dot,
    },
    {
        .name = "address",
        .arguments = "ADDRESS",
        .summary = "valid or not, by which rule, which character",
        .most_words = G_MAXSIZE,
        .line_end = EXPLAIN_LINE_END_DROPPED,
        .explain = explain_address,
    },
    {
        .name = "apop",
        .arguments = "BANNER SECRET [USER]",
        .summary = "the digest of POP3's APOP",
        .least_words = 2,
        .most_words = 3,
        .explain = explain_apop,
    },
    {
        .name = "auth-plain",
        .arguments = "[BEHALF] USER PASSWORD",
        .summary = "the line of AUTH PLAIN; a lone TOKEN is read",
        .least_words = 1,
        .most_words = 3,
        .explain = explain_auth_plain,
    },
    {
        .name = "auth-login",
        .arguments = "USER PASSWORD",
        .summary = "the lines of AUTH LOGIN; --decode reads TOKENs",
        .least_words = 1,
        .most_words = 16,
        .explain = explain_auth_login,
    },
    {
        .name = "cram-md5",
        .arguments = "CHALLENGE USER SECRET",
        .summary = "the keyed digest of CRAM-MD5",
        .least_words = 3,
        .most_words = 3,
        .explain = explain_cram_md5,
    },
    {
        .name = "received",
        .long_name = "received-chain",
        .arguments = "HEADER",
        .summary = "who handed a message to whom, when, and who says so",
        .most_words = G_MAXSIZE,
        .explain = explain_received,
    },
    {
        .name = "message",
        .arguments = "MESSAGE",
        .summary = "header fields with their meaning, MIME tree",
        .most_words = G_MAXSIZE,
        .explain = explain_message,
    },
};

const gsize n_explain_kinds = G_N_ELEMENTS(explain_kinds);

const ExplainKind *explain_kind_find(const char *name)
{
    for (gsize i = 0; i < n_explain_kinds; i++) {
        const ExplainKind *kind = &explain_kinds[i];
        if (strcmp(kind->name, name) == 0 || g_strcmp0(kind->long_name, name) == 0) {
            return kind;
        }
    }
    return NULL;
}
