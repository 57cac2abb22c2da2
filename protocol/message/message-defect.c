#include "protocol/message/message-defect.h"

static const MessageDefectRow rows[] = {
    {
        .id = MESSAGE_DEFECT_NO_COLON,
        .name = "no-colon",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.2"},
        .meaning = "This line of the header has no colon, so it is no field.",
        .advice = "Write the field's name, a colon and the body.",
    },
    {
        .id = MESSAGE_DEFECT_FIELD_NAME,
        .name = "field-name",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.2"},
        .meaning = "The field's name holds a character that a name must not have, or is empty.",
        .advice = "Use printable ASCII without space and colon.",
    },
    {
        .id = MESSAGE_DEFECT_SPACE_BEFORE_COLON,
        .name = "space-before-colon",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "4.5"},
        .meaning = "White space stands before the colon, a form that must be read but not written "
                   "any more.",
        .advice = "Put the colon directly behind the name.",
    },
    {
        .id = MESSAGE_DEFECT_LEADING_FOLD,
        .name = "leading-fold",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.2.3"},
        .meaning = "The header begins with a continuation line that continues no field.",
        .advice = "Begin with a field.",
    },
    {
        .id = MESSAGE_DEFECT_BLANK_FOLD,
        .name = "blank-fold",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "4.2"},
        .meaning = "A continuation line holds nothing but white space; some readers take it for "
                   "the end of the header.",
        .advice = "Fold so that every line holds something visible.",
    },
    {
        .id = MESSAGE_DEFECT_LINE_OVER_998,
        .name = "line-over-998",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.1.1"},
        .meaning = "A line of the header is longer than 998 characters.",
        .advice = "Fold the field into shorter lines.",
    },
    {
        .id = MESSAGE_DEFECT_LINE_OVER_78,
        .name = "line-over-78",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {5322, "2.1.1"},
        .meaning = "A line of the header is longer than the advised 78 characters.",
        .advice = "Fold the field where it has white space.",
    },
    {
        .id = MESSAGE_DEFECT_HEADER_UTF8,
        .name = "header-utf8",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {6532, "3.2"},
        .meaning = "The field holds UTF-8 as it is, which only internationalised mail (SMTPUTF8) "
                   "may carry.",
        .advice = "Write encoded words where the way is not known to be internationalised.",
    },
    {
        .id = MESSAGE_DEFECT_HEADER_EIGHT_BIT,
        .name = "header-8bit",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.2"},
        .meaning = "The field holds octets beyond ASCII that are not even UTF-8.",
        .advice = "Write encoded words with the name of the charset.",
    },
    {
        .id = MESSAGE_DEFECT_HEADER_CONTROL,
        .name = "header-control",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "4.1"},
        .meaning = "The field holds a control character.",
        .advice = "Leave control characters out of the header.",
    },
    {
        .id = MESSAGE_DEFECT_BARE_CR,
        .name = "bare-cr",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5321, "2.3.8"},
        .meaning = "A carriage return stands without a line feed behind it.",
        .advice = "Use CR only as the first half of CRLF.",
    },
    {
        .id = MESSAGE_DEFECT_BARE_LF,
        .name = "bare-lf",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5321, "2.3.8"},
        .meaning = "A line ends with a line feed alone.",
        .advice = "Close every line with CRLF.",
    },
    {
        .id = MESSAGE_DEFECT_DUPLICATE_FIELD,
        .name = "duplicate-field",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6"},
        .meaning =
            "A field that may stand once stands again; readers differ in which one they believe.",
        .advice = "Send the field once.",
    },
    {
        .id = MESSAGE_DEFECT_EMPTY_FIELD,
        .name = "empty-field",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6"},
        .meaning = "A field whose body must hold something is empty.",
        .advice = "Fill the field or leave it out.",
    },
    {
        .id = MESSAGE_DEFECT_ENCODED_WORD,
        .name = "encoded-word",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2047, "2"},
        .meaning = "An encoded word is broken or longer than 75 characters, so readers show it as "
                   "it stands.",
        .advice = "Encode again in words of at most 75 characters, each complete in itself.",
    },
    {
        .id = MESSAGE_DEFECT_ADDRESS_SYNTAX,
        .name = "address-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.4"},
        .meaning = "The field is not a list of addresses.",
        .advice = "Part addresses with commas and quote what is special.",
    },
    {
        .id = MESSAGE_DEFECT_MESSAGE_ID_SYNTAX,
        .name = "message-id-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6.4"},
        .meaning =
            "An identifier does not have the form of left half, @, right half in angle brackets.",
        .advice = "Write <unique@domain>.",
    },
    {
        .id = MESSAGE_DEFECT_MAILBOX_LINE,
        .name = "mailbox-line",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.2"},
        .meaning = "The header begins with the From line of a mailbox file, which is no field.",
        .advice = "Take the line off when the message leaves the file.",
    },
    {
        .id = MESSAGE_DEFECT_HEADER_CUT,
        .name = "header-cut",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "2.1"},
        .meaning = "The message ends in the middle of a line of its header.",
        .advice = "Send the message again, whole.",
    },
    {
        .id = MESSAGE_DEFECT_NO_SEPARATOR,
        .name = "no-separator",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {5322, "2.1"},
        .meaning = "No empty line follows the header: the message has no body.",
        .advice = "Nothing is wrong if it was to be a header alone.",
    },
    {
        .id = MESSAGE_DEFECT_TOO_MANY_FIELDS,
        .name = "too-many-fields",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {5322, "2.2"},
        .meaning = "There are more fields than this program reads; the rest is passed over.",
        .advice = "Look for a program that adds fields in a loop.",
    },
    {
        .id = MESSAGE_DEFECT_NO_DATE,
        .name = "no-date",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6"},
        .meaning = "The Date field is missing.",
        .advice = "The sender's program must write one.",
    },
    {
        .id = MESSAGE_DEFECT_NO_FROM,
        .name = "no-from",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6"},
        .meaning = "The From field is missing.",
        .advice = "The sender's program must write one.",
    },
    {
        .id = MESSAGE_DEFECT_NO_MESSAGE_ID,
        .name = "no-message-id",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {5322, "3.6.4"},
        .meaning = "The Message-ID field is missing, so answers cannot point to this message.",
        .advice = "The sender's program or the submission server should write one.",
    },
    {
        .id = MESSAGE_DEFECT_NO_SENDER,
        .name = "no-sender",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.6.2"},
        .meaning =
            "From names several authors, and no Sender field says who of them sent the message.",
        .advice = "Add a Sender field with one address.",
    },
    {
        .id = MESSAGE_DEFECT_DATE_SYNTAX,
        .name = "date-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.3"},
        .meaning = "The date cannot be read by the rules.",
        .advice = "Write it as in: Mon, 21 Nov 2022 10:00:00 +0100.",
    },
    {
        .id = MESSAGE_DEFECT_DATE_OBSOLETE,
        .name = "date-obsolete",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "4.3"},
        .meaning =
            "The date has an obsolete form: a year of two or three digits, or a zone in letters.",
        .advice = "Write the year with four digits and the zone as +hhmm.",
    },
    {
        .id = MESSAGE_DEFECT_DATE_WEEKDAY,
        .name = "date-weekday",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.3"},
        .meaning = "The day of the week is not that of the date.",
        .advice = "Compute the day from the date or leave it out.",
    },
    {
        .id = MESSAGE_DEFECT_DATE_RANGE,
        .name = "date-range",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5322, "3.3"},
        .meaning = "There is no such day, hour, minute, second or zone.",
        .advice = "Check the calendar.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_SYNTAX,
        .name = "received-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5321, "4.4"},
        .meaning = "The trace line does not have the clauses the rules ask for: from, by, then the "
                   "others.",
        .advice = "Write from and by first, and the date behind a semicolon.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_NO_DATE,
        .name = "received-no-date",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {5321, "4.4"},
        .meaning =
            "The trace line has no date that can be read, so the delay at this hop is unknown.",
        .advice = "Close the line with a semicolon and the date.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_TIME_BACKWARDS,
        .name = "received-time-backwards",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {5321, "4.4"},
        .meaning = "This hop's time lies before that of the hop it got the message from: a clock "
                   "is wrong, or a line is forged.",
        .advice = "Compare with the clocks of the servers you trust.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_CHAIN_BROKEN,
        .name = "received-chain-broken",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {5321, "4.4"},
        .meaning =
            "The server that handed the message over does not name itself as the hop below did.",
        .advice =
            "Harmless where one machine has several names; else the lines below may be forged.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_LOOP,
        .name = "received-loop",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {5321, "6.3"},
        .meaning = "The message has been at the same server before, or has more trace lines than "
                   "any way needs: it goes in a circle.",
        .advice = "Look for two servers that each think the other is responsible.",
    },
    {
        .id = MESSAGE_DEFECT_RECEIVED_NAME_DIFFERS,
        .name = "received-name-differs",
        .severity = MESSAGE_DEFECT_NOTE,
        .reference = {5321, "4.1.4"},
        .meaning = "The name the client gave is not the name found for its address.",
        .advice = "A server may note that but must not refuse mail for it.",
    },
    {
        .id = MESSAGE_DEFECT_TRACE_NOT_ON_TOP,
        .name = "trace-not-on-top",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {5322, "3.6.7"},
        .meaning = "A trace field stands below other fields: somebody has changed the order of the "
                   "header.",
        .advice = "Put trace fields on top and leave the order alone.",
    },
    {
        .id = MESSAGE_DEFECT_NO_MIME_VERSION,
        .name = "no-mime-version",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "4"},
        .meaning = "MIME fields are used without MIME-Version.",
        .advice = "Add MIME-Version: 1.0.",
    },
    {
        .id = MESSAGE_DEFECT_MIME_VERSION,
        .name = "mime-version",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "4"},
        .meaning = "MIME-Version is not 1.0.",
        .advice = "Write MIME-Version: 1.0, the only version there is.",
    },
    {
        .id = MESSAGE_DEFECT_CONTENT_TYPE_SYNTAX,
        .name = "content-type-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "5.1"},
        .meaning = "The Content-Type field cannot be read; the part is taken for plain text.",
        .advice = "Write type, slash, subtype, and parameters behind semicolons.",
    },
    {
        .id = MESSAGE_DEFECT_NO_BOUNDARY,
        .name = "no-boundary",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "5.1.1"},
        .meaning = "A multipart has no boundary parameter, so its parts cannot be found.",
        .advice = "Name a boundary in the Content-Type field.",
    },
    {
        .id = MESSAGE_DEFECT_BOUNDARY_SYNTAX,
        .name = "boundary-syntax",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "5.1.1"},
        .meaning = "The boundary is longer than 70 characters, ends with a space, or holds a "
                   "character that is not allowed.",
        .advice = "Use at most 70 letters, digits and a few signs.",
    },
    {
        .id = MESSAGE_DEFECT_BOUNDARY_NOT_CLOSED,
        .name = "boundary-not-closed",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "5.1.1"},
        .meaning =
            "The last boundary of this multipart, the one with two hyphens behind it, never comes.",
        .advice = "The message may have been cut; close the multipart.",
    },
    {
        .id = MESSAGE_DEFECT_BOUNDARY_NOT_FOUND,
        .name = "boundary-not-found",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "5.1.1"},
        .meaning = "The boundary that the field names does not occur in the body.",
        .advice = "Write the same boundary in the field and in the body.",
    },
    {
        .id = MESSAGE_DEFECT_ENCODING_UNKNOWN,
        .name = "encoding-unknown",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "6.4"},
        .meaning = "Nobody has defined this transfer encoding, so the content cannot be read.",
        .advice = "Use 7bit, 8bit, binary, quoted-printable or base64.",
    },
    {
        .id = MESSAGE_DEFECT_ENCODING_OF_COMPOSITE,
        .name = "encoding-of-composite",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "6.4"},
        .meaning = "A multipart or message part is itself encoded; only its inner parts may be.",
        .advice = "Encode the inner parts and mark the outer 7bit, 8bit or binary.",
    },
    {
        .id = MESSAGE_DEFECT_BASE64,
        .name = "base64",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "6.8"},
        .meaning = "The base64 of this part holds foreign characters, ends too early or has wrong "
                   "padding.",
        .advice = "Encode the content again.",
    },
    {
        .id = MESSAGE_DEFECT_QUOTED_PRINTABLE,
        .name = "quoted-printable",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "6.7"},
        .meaning = "The quoted-printable of this part has an equals sign without two hexadecimal "
                   "digits, or a line that is too long.",
        .advice = "Encode the content again.",
    },
    {
        .id = MESSAGE_DEFECT_EIGHT_BIT_BODY,
        .name = "8bit-body",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "2.7"},
        .meaning = "The part is marked 7bit but holds octets above 127.",
        .advice = "Mark it 8bit where the way carries that, or encode it.",
    },
    {
        .id = MESSAGE_DEFECT_BINARY_BODY,
        .name = "binary-body",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2045, "2.8"},
        .meaning = "The part holds NUL, bare line ends or a line over 998 octets, which only "
                   "binary parts may.",
        .advice = "Encode the part in base64.",
    },
    {
        .id = MESSAGE_DEFECT_CHARSET_UNKNOWN,
        .name = "charset-unknown",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {2046, "4.1.2"},
        .meaning = "This charset is not known here.",
        .advice = "Use UTF-8.",
    },
    {
        .id = MESSAGE_DEFECT_CHARSET_WRONG,
        .name = "charset-wrong",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "4.1.2"},
        .meaning = "The content is not in the charset that the field names.",
        .advice = "Name the charset that was used.",
    },
    {
        .id = MESSAGE_DEFECT_TYPE_DIFFERS,
        .name = "type-differs",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {2046, "4.5.1"},
        .meaning =
            "The first octets show another type of content than the field or the file name says.",
        .advice = "Do not open it by its name; ask the sender.",
    },
    {
        .id = MESSAGE_DEFECT_FILE_NAME_UNSAFE,
        .name = "file-name-unsafe",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {2183, "5"},
        .meaning = "The file name holds a path, a control character or a trick that makes it look "
                   "like another.",
        .advice = "Save it under a name of your own choice.",
    },
    {
        .id = MESSAGE_DEFECT_TOO_DEEP,
        .name = "too-deep",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {2046, "5.1.2"},
        .meaning = "Parts are nested deeper than this program follows.",
        .advice = "Such a message is made to hurt programs; do not open it.",
    },
    {
        .id = MESSAGE_DEFECT_TOO_MANY_PARTS,
        .name = "too-many-parts",
        .severity = MESSAGE_DEFECT_SHOULD,
        .reference = {2046, "5.1.1"},
        .meaning = "There are more parts than this program follows.",
        .advice = "Such a message is made to hurt programs; do not open it.",
    },
    {
        .id = MESSAGE_DEFECT_PART_CUT,
        .name = "part-cut",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {2046, "5.1.1"},
        .meaning = "The message ends inside the header of this part.",
        .advice = "The message may have been cut; ask for it again.",
    },
    {
        .id = MESSAGE_DEFECT_REPORT_STRUCTURE,
        .name = "report-structure",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {6522, "3"},
        .meaning = "The report does not have the parts a report must have.",
        .advice = "Send a text, the fields for programs, and the original or its header.",
    },
    {
        .id = MESSAGE_DEFECT_REPORT_FIELD,
        .name = "report-field",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {3464, "2.1"},
        .meaning = "A field that every report must have is missing or cannot be read.",
        .advice = "Name the reporting server, the final recipient, the action and the status.",
    },
    {
        .id = MESSAGE_DEFECT_REPORT_STATUS,
        .name = "report-status",
        .severity = MESSAGE_DEFECT_MUST,
        .reference = {3463, "2"},
        .meaning = "The status is not of the form class.subject.detail, or its class contradicts "
                   "the action.",
        .advice = "Use class 2 for success, 4 for delay, 5 for failure.",
    },
};

G_STATIC_ASSERT(G_N_ELEMENTS(rows) == N_MESSAGE_DEFECTS);
G_STATIC_ASSERT(N_MESSAGE_DEFECTS <= 64);

const MessageDefectRow *message_defect_row(MessageDefectId id)
{
    g_assert((guint)id < N_MESSAGE_DEFECTS);
    return &rows[id];
}

char *message_defects_to_string(guint64 defects)
{
    GString *text = g_string_new(NULL);
    for (guint id = 0; id < N_MESSAGE_DEFECTS; id++) {
        if ((defects & MESSAGE_DEFECT_BIT(id)) != 0) {
            g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " ", rows[id].name);
        }
    }
    return g_string_free(text, FALSE);
}
