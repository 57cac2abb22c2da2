#include "protocol/mime/mime-rows.h"

#define PARAMETER(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_PARAMETER, __VA_ARGS__                     \
    }

#define ENCODING(...)                                                                              \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_ENCODING, __VA_ARGS__                      \
    }

#define CHARSET(...)                                                                               \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_ENCODING, __VA_ARGS__                      \
    }

#define RULE(...)                                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_RULE, __VA_ARGS__                          \
    }

const VocabularyItem mime_parameter_rows[] = {
    PARAMETER(
            .token = "boundary",
            .context = "multipart",
            .meaning = "The text that stands between the parts, after two hyphens.",
            .reference = {2046, "5.1.1"},
            .since = 1341,
            .syntax = "boundary=\"text\""
    ),
    PARAMETER(
            .token = "charset",
            .context = "text",
            .meaning = "Which character set turns the octets into letters.",
            .reference = {2046, "4.1.2"},
            .since = 1341,
            .syntax = "charset=utf-8"
    ),
    PARAMETER(
            .token = "filename",
            .context = "Content-Disposition",
            .meaning = "A name for the file; only its last part may be trusted.",
            .reference = {2183, "2.3"},
            .since = 1806,
            .syntax = "filename=\"name\""
    ),
    PARAMETER(
            .token = "creation-date",
            .context = "Content-Disposition",
            .meaning = "When the file was made.",
            .reference = {2183, "2.4"},
            .syntax = "creation-date=\"date\""
    ),
    PARAMETER(
            .token = "modification-date",
            .context = "Content-Disposition",
            .meaning = "When the file was last changed.",
            .reference = {2183, "2.5"},
            .syntax = "modification-date=\"date\""
    ),
    PARAMETER(
            .token = "read-date",
            .context = "Content-Disposition",
            .meaning = "When the file was last read.",
            .reference = {2183, "2.6"},
            .syntax = "read-date=\"date\""
    ),
    PARAMETER(
            .token = "size",
            .context = "Content-Disposition",
            .meaning = "About how many octets the file has.",
            .reference = {2183, "2.7"},
            .syntax = "size=octets"
    ),
    PARAMETER(
            .token = "name",
            .context = "Content-Type",
            .meaning = "Old place for a file name; filename has taken over.",
            .reference = {8551, "3.2.1"},
            .since = 1341,
            .replaced_by = "filename",
            .syntax = "name=\"file\""
    ),
    PARAMETER(
            .token = "format",
            .context = "text/plain",
            .meaning = "flowed: lines that end with a space may be joined again.",
            .reference = {3676, "4"},
            .since = 2646,
            .syntax = "format=flowed"
    ),
    PARAMETER(
            .token = "delsp",
            .context = "text/plain",
            .meaning = "yes: the space at a flowed line's end is to be taken off.",
            .reference = {3676, "4"},
            .syntax = "delsp=yes"
    ),
    PARAMETER(
            .token = "type",
            .context = "multipart/related",
            .meaning = "The media type of the part to begin with.",
            .reference = {2387, "3.1"},
            .since = 2112,
            .syntax = "type=\"text/html\""
    ),
    PARAMETER(
            .token = "start",
            .context = "multipart/related",
            .meaning = "The Content-ID of the part to begin with.",
            .reference = {2387, "3.2"},
            .since = 2112,
            .syntax = "start=\"<id@host>\""
    ),
    PARAMETER(
            .token = "report-type",
            .context = "multipart/report",
            .meaning = "What the report is: delivery-status, disposition-notification and such.",
            .reference = {6522, "3"},
            .since = 1892,
            .syntax = "report-type=delivery-status"
    ),
    PARAMETER(
            .token = "protocol",
            .context = "multipart/signed",
            .meaning = "The media type of the signature.",
            .reference = {1847, "2.1"},
            .syntax = "protocol=\"application/pgp-signature\""
    ),
    PARAMETER(
            .token = "micalg",
            .context = "multipart/signed",
            .meaning = "The hash with which the signature was made.",
            .reference = {1847, "2.1"},
            .syntax = "micalg=sha-256"
    ),
    PARAMETER(
            .token = "protocol",
            .context = "multipart/encrypted",
            .meaning = "The media type of the control part of encrypted data.",
            .reference = {1847, "2.2"},
            .syntax = "protocol=\"application/pgp-encrypted\""
    ),
    PARAMETER(
            .token = "smime-type",
            .context = "application/pkcs7-mime",
            .meaning = "What the S/MIME part is: enveloped-data, signed-data and such.",
            .reference = {8551, "3.2.2"},
            .since = 2633,
            .syntax = "smime-type=enveloped-data"
    ),
    PARAMETER(
            .token = "access-type",
            .context = "message/external-body",
            .meaning = "How to fetch the body that is not in the message.",
            .reference = {2046, "5.2.3"},
            .since = 1341,
            .syntax = "access-type=URL"
    ),
    PARAMETER(
            .token = "number",
            .context = "message/partial",
            .meaning = "Which piece of a message this is.",
            .reference = {2046, "5.2.2"},
            .since = 1341,
            .syntax = "number=2"
    ),
    PARAMETER(
            .token = "total",
            .context = "message/partial",
            .meaning = "How many pieces there are.",
            .reference = {2046, "5.2.2"},
            .since = 1341,
            .syntax = "total=3"
    ),
    PARAMETER(
            .token = "id",
            .context = "message/partial",
            .meaning = "The name that all pieces of one message share.",
            .reference = {2046, "5.2.2"},
            .since = 1341,
            .syntax = "id=\"text\""
    ),
    PARAMETER(
            .token = "inline",
            .context = "Content-Disposition",
            .meaning = "Show the part in its place as the message is read.",
            .reference = {2183, "2.1"},
            .since = 1806,
            .syntax = "Content-Disposition: inline"
    ),
    PARAMETER(
            .token = "attachment",
            .context = "Content-Disposition",
            .meaning = "Offer the part as a file; do not show it by itself.",
            .reference = {2183, "2.2"},
            .since = 1806,
            .syntax = "Content-Disposition: attachment"
    ),
};

const VocabularyItem mime_encoding_rows[] = {
    ENCODING(
            .token = "7bit",
            .meaning = "Nothing was done; the data is short lines of ASCII.",
            .reference = {2045, "6.2"},
            .since = 1341
    ),
    ENCODING(
            .token = "8bit",
            .meaning = "Nothing was done; the data is short lines, octets above 127 among them.",
            .reference = {2045, "6.2"},
            .since = 1341
    ),
    ENCODING(
            .token = "binary",
            .meaning = "Nothing was done; the data is any octets, with lines of any length.",
            .reference = {2045, "6.2"},
            .since = 1341
    ),
    ENCODING(
            .token = "quoted-printable",
            .meaning = "What is not plain ASCII is written as = and two hex digits.",
            .reference = {2045, "6.7"},
            .since = 1341,
            .syntax = "caf=C3=A9"
    ),
    ENCODING(
            .token = "base64",
            .meaning = "Three octets become four letters, in lines of at most 76.",
            .reference = {2045, "6.8"},
            .since = 1341,
            .syntax = "TGV2IQ=="
    ),
    ENCODING(
            .token = "7bit data",
            .meaning = "Lines of at most 998 octets, none above 127, no NUL, CR and LF together.",
            .reference = {2045, "2.7"},
            .since = 1341
    ),
    ENCODING(
            .token = "8bit data",
            .meaning = "Lines of at most 998 octets, which may be above 127.",
            .reference = {2045, "2.8"},
            .since = 1341
    ),
    ENCODING(
            .token = "binary data",
            .meaning = "Any run of octets at all.",
            .reference = {2045, "2.9"},
            .since = 1341
    ),
    ENCODING(
            .token = "x-token",
            .meaning = "An encoding of one's own must begin with X-; better not to make one.",
            .reference = {2045, "6.3"},
            .since = 1341
    ),
    ENCODING(
            .token = "x-uuencode",
            .meaning = "The old Unix encoding with begin and end lines; never registered.",
            .reference = {2045, "6.3"},
            .replaced_by = "base64"
    ),
    ENCODING(
            .token = "base64 alphabet",
            .meaning = "A to Z, a to z, 0 to 9, + and /; = fills up.",
            .reference = {4648, "4"},
            .since = 1421
    ),
    ENCODING(
            .token = "base64url",
            .meaning = "As base64, with - and _ for + and /, for file names and web addresses.",
            .reference = {4648, "5"}
    ),
    ENCODING(
            .token = "base32",
            .meaning = "Five octets become eight letters of A to Z and 2 to 7.",
            .reference = {4648, "6"}
    ),
    ENCODING(
            .token = "base16",
            .meaning = "Each octet becomes two hex digits.",
            .reference = {4648, "8"}
    ),
    ENCODING(
            .token = "encoded-word",
            .meaning = "Text beyond ASCII in a header: character set, encoding, coded text.",
            .reference = {2047, "2"},
            .since = 1342,
            .syntax = "=?utf-8?Q?caf=C3=A9?="
    ),
    ENCODING(
            .token = "B",
            .context = "encoded-word",
            .meaning = "In an encoded word: base64.",
            .reference = {2047, "4.1"},
            .since = 1342,
            .syntax = "=?utf-8?B?Y2Fmw6k=?="
    ),
    ENCODING(
            .token = "Q",
            .context = "encoded-word",
            .meaning = "In an encoded word: as quoted-printable, with _ for a space.",
            .reference = {2047, "4.2"},
            .since = 1342,
            .syntax = "=?utf-8?Q?caf=C3=A9?="
    ),
};

const VocabularyItem mime_charset_rows[] = {
    CHARSET(.token = "us-ascii",
            .meaning =
                "The 128 characters of ASCII, one octet each; what holds if nothing is said.",
            .reference = {2046, "4.1.2"},
            .since = 1341),
    CHARSET(.token = "iso-8859-1",
            .meaning = "Latin letters of Western Europe, one octet each.",
            .reference = {2046, "4.1.2"},
            .since = 1341),
    CHARSET(.token = "iso-8859-X",
            .meaning = "Other alphabets, each with one octet a character.",
            .reference = {2046, "4.1.2"},
            .since = 1341),
    CHARSET(.token = "utf-8",
            .meaning = "All characters of Unicode, in one to four octets; ASCII stays as it is.",
            .reference = {3629, "8"},
            .since = 2044),
    CHARSET(.token = "utf-8 octets",
            .meaning = "How a number becomes octets: the first tells how many follow.",
            .reference = {3629, "3"},
            .since = 2044),
    CHARSET(.token = "utf-7",
            .meaning = "Unicode in ASCII letters; IMAP has its own form for mailbox names.",
            .reference = {2152, "-"},
            .since = 1642),
};

const VocabularyItem mime_rule_rows[] = {
    RULE(.token = "Content-Type syntax",
         .meaning = "Type, slash, subtype, then parameters, each after a semicolon.",
         .reference = {2045, "5.1"},
         .since = 1341),
    RULE(.token = "Content-Type default",
         .meaning = "Without the field a part is text/plain in us-ascii.",
         .reference = {2045, "5.2"},
         .since = 1341),
    RULE(.token = "Content-Transfer-Encoding syntax",
         .meaning = "One word from a short list, in letters of any case.",
         .reference = {2045, "6.1"},
         .since = 1341),
    RULE(.token = "encoding of multiparts",
         .meaning = "A multipart or message may only be 7bit, 8bit or binary.",
         .reference = {2045, "6.4"},
         .since = 1341),
    RULE(.token = "Content- fields",
         .meaning = "Other fields about a part begin with Content-.",
         .reference = {2045, "9"},
         .since = 1341),
    RULE(.token = "line breaks in text",
         .meaning = "In text a line ends with CRLF, and CR or LF alone must not stand.",
         .reference = {2046, "4.1.1"},
         .since = 1341),
    RULE(.token = "boundary delimiter",
         .meaning = "CRLF, two hyphens, the boundary; after the last part two hyphens more.",
         .reference = {2046, "5.1.1"},
         .since = 1341),
    RULE(.token = "boundary length",
         .context = "limit",
         .meaning = "A boundary has 1 to 70 characters and does not end with a space.",
         .reference = {2046, "5.1.1"},
         .since = 1341),
    RULE(.token = "preamble and epilogue",
         .meaning = "Text before the first boundary and after the last is not shown.",
         .reference = {2046, "5.1.1"},
         .since = 1341),
    RULE(.token = "unknown multipart",
         .meaning = "A multipart of an unknown kind is treated as mixed.",
         .reference = {2046, "5.1.7"},
         .since = 1341),
    RULE(.token = "unknown disposition",
         .meaning = "A disposition that is not known is treated as attachment.",
         .reference = {2183, "2.8"},
         .since = 1806),
    RULE(.token = "quoted-printable line",
         .context = "limit",
         .meaning = "A coded line has at most 76 characters; a = at its end joins the next.",
         .reference = {2045, "6.7"},
         .since = 1341),
    RULE(.token = "base64 line",
         .context = "limit",
         .meaning = "A coded line has at most 76 characters.",
         .reference = {2045, "6.8"},
         .since = 1341),
    RULE(.token = "encoded-word length",
         .context = "limit",
         .meaning = "An encoded word has at most 75 characters.",
         .reference = {2047, "2"},
         .since = 1342),
    RULE(.token = "encoded-word places",
         .meaning = "In text, comments and phrases, but never in addresses or quoted strings.",
         .reference = {2047, "5"},
         .since = 1342),
    RULE(.token = "encoded-word display",
         .meaning = "White space between two encoded words is not shown.",
         .reference = {2047, "6.2"},
         .since = 1342),
    RULE(.token = "parameter continuations",
         .meaning = "A long value may be cut: name*0, name*1 and so on.",
         .reference = {2231, "3"},
         .since = 2184,
         .syntax = "filename*0=\"first \"; filename*1=\"second\""),
    RULE(.token = "parameter charset",
         .meaning = "A star after the name: character set, language, then %-coded octets.",
         .reference = {2231, "4"},
         .since = 2184,
         .syntax = "filename*=utf-8'fr'caf%C3%A9.txt"),
    RULE(.token = "parameter continuation with charset",
         .meaning = "Both at once: name*0* holds the character set, the others follow.",
         .reference = {2231, "4.1"},
         .since = 2184,
         .syntax = "filename*0*=utf-8''caf%C3%A9; filename*1=.txt"),
    RULE(.token = "encoded-word language",
         .meaning = "A star and a language may follow the character set.",
         .reference = {2231, "5"},
         .since = 2184,
         .syntax = "=?utf-8*fr?Q?caf=C3=A9?="),
    RULE(.token = "space-stuffing",
         .meaning = "In flowed text a line that begins with a space or From gets a space more.",
         .reference = {3676, "4.4"},
         .since = 2646),
    RULE(.token = "signature separator",
         .meaning = "Two hyphens and a space alone on a line begin the writer's signature.",
         .reference = {3676, "4.3"},
         .since = 2646),
    RULE(.token = "feedback report",
         .meaning = "A complaint is a multipart/report: words, fields, the message itself.",
         .reference = {5965, "2"}),
    RULE(.token = "multipart/signed with S/MIME",
         .meaning = "The signature stands apart, so anybody can read the text.",
         .reference = {8551, "3.5.3"},
         .since = 2633),
    RULE(.token = "delivery report",
         .meaning = "A bounce is a multipart/report: words, fields, the message or its header.",
         .reference = {3464, "2"},
         .since = 1894),
};
