#include "protocol/message/message-defect.h"

#define DEFECT(bare_id, text, how_bad, rfc, place)                                                 \
    .id = MESSAGE_DEFECT_##bare_id, .name = (text), .severity = MESSAGE_DEFECT_##how_bad,          \
    .reference = {(rfc), (place)}

static const MessageDefectRow rows[] = {
    {
        DEFECT(NO_COLON, "no-colon", MUST, 5322, "2.2"),
        .meaning = "This line of the header has no colon, so it is no field.",
        .advice = "Write the field's name, a colon and the body.",
    },
    {
        DEFECT(FIELD_NAME, "field-name", MUST, 5322, "2.2"),
        .meaning = "The field's name holds a character that a name must not have, or is empty.",
        .advice = "Use printable ASCII without space and colon.",
    },
    {
        DEFECT(SPACE_BEFORE_COLON, "space-before-colon", MUST, 5322, "4.5"),
        .meaning = "White space stands before the colon, a form that must be read but not written "
                   "any more.",
        .advice = "Put the colon directly behind the name.",
    },
    {
        DEFECT(LEADING_FOLD, "leading-fold", MUST, 5322, "2.2.3"),
        .meaning = "The header begins with a continuation line that continues no field.",
        .advice = "Begin with a field.",
    },
    {
        DEFECT(BLANK_FOLD, "blank-fold", MUST, 5322, "4.2"),
        .meaning = "A continuation line holds nothing but white space; some readers take it for "
                   "the end of the header.",
        .advice = "Fold so that every line holds something visible.",
    },
    {
        DEFECT(LINE_OVER_998, "line-over-998", MUST, 5322, "2.1.1"),
        .meaning = "A line of the header is longer than 998 characters.",
        .advice = "Fold the field into shorter lines.",
    },
    {
        DEFECT(LINE_OVER_78, "line-over-78", NOTE, 5322, "2.1.1"),
        .meaning = "A line of the header is longer than the advised 78 characters.",
        .advice = "Fold the field where it has white space.",
    },
    {
        DEFECT(HEADER_UTF8, "header-utf8", NOTE, 6532, "3.2"),
        .meaning = "The field holds UTF-8 as it is, which only internationalised mail (SMTPUTF8) "
                   "may carry.",
        .advice = "Write encoded words where the way is not known to be internationalised.",
    },
    {
        DEFECT(HEADER_EIGHT_BIT, "header-8bit", MUST, 5322, "2.2"),
        .meaning = "The field holds octets beyond ASCII that are not even UTF-8.",
        .advice = "Write encoded words with the name of the charset.",
    },
    {
        DEFECT(HEADER_CONTROL, "header-control", MUST, 5322, "4.1"),
        .meaning = "The field holds a control character.",
        .advice = "Leave control characters out of the header.",
    },
    {
        DEFECT(BARE_CR, "bare-cr", MUST, 5321, "2.3.8"),
        .meaning = "A carriage return stands without a line feed behind it.",
        .advice = "Use CR only as the first half of CRLF.",
    },
    {
        DEFECT(BARE_LF, "bare-lf", MUST, 5321, "2.3.8"),
        .meaning = "A line ends with a line feed alone.",
        .advice = "Close every line with CRLF.",
    },
    {
        DEFECT(DUPLICATE_FIELD, "duplicate-field", MUST, 5322, "3.6"),
        .meaning =
            "A field that may stand once stands again; readers differ in which one they believe.",
        .advice = "Send the field once.",
    },
    {
        DEFECT(EMPTY_FIELD, "empty-field", MUST, 5322, "3.6"),
        .meaning = "A field whose body must hold something is empty.",
        .advice = "Fill the field or leave it out.",
    },
    {
        DEFECT(ENCODED_WORD, "encoded-word", MUST, 2047, "2"),
        .meaning = "An encoded word is broken or longer than 75 characters, so readers show it as "
                   "it stands.",
        .advice = "Encode again in words of at most 75 characters, each complete in itself.",
    },
    {
        DEFECT(ADDRESS_SYNTAX, "address-syntax", MUST, 5322, "3.4"),
        .meaning = "The field is not a list of addresses.",
        .advice = "Part addresses with commas and quote what is special.",
    },
    {
        DEFECT(MESSAGE_ID_SYNTAX, "message-id-syntax", MUST, 5322, "3.6.4"),
        .meaning =
            "An identifier does not have the form of left half, @, right half in angle brackets.",
        .advice = "Write <unique@domain>.",
    },
    {
        DEFECT(MAILBOX_LINE, "mailbox-line", MUST, 5322, "2.2"),
        .meaning = "The header begins with the From line of a mailbox file, which is no field.",
        .advice = "Take the line off when the message leaves the file.",
    },
    {
        DEFECT(HEADER_CUT, "header-cut", MUST, 5322, "2.1"),
        .meaning = "The message ends in the middle of a line of its header.",
        .advice = "Send the message again, whole.",
    },
    {
        DEFECT(NO_SEPARATOR, "no-separator", NOTE, 5322, "2.1"),
        .meaning = "No empty line follows the header: the message has no body.",
        .advice = "Nothing is wrong if it was to be a header alone.",
    },
    {
        DEFECT(TOO_MANY_FIELDS, "too-many-fields", SHOULD, 5322, "2.2"),
        .meaning = "There are more fields than this program reads; the rest is passed over.",
        .advice = "Look for a program that adds fields in a loop.",
    },
    {
        DEFECT(NO_DATE, "no-date", MUST, 5322, "3.6"),
        .meaning = "The Date field is missing.",
        .advice = "The sender's program must write one.",
    },
    {
        DEFECT(NO_FROM, "no-from", MUST, 5322, "3.6"),
        .meaning = "The From field is missing.",
        .advice = "The sender's program must write one.",
    },
    {
        DEFECT(NO_MESSAGE_ID, "no-message-id", SHOULD, 5322, "3.6.4"),
        .meaning = "The Message-ID field is missing, so answers cannot point to this message.",
        .advice = "The sender's program or the submission server should write one.",
    },
    {
        DEFECT(NO_SENDER, "no-sender", MUST, 5322, "3.6.2"),
        .meaning =
            "From names several authors, and no Sender field says who of them sent the message.",
        .advice = "Add a Sender field with one address.",
    },
    {
        DEFECT(DATE_SYNTAX, "date-syntax", MUST, 5322, "3.3"),
        .meaning = "The date cannot be read by the rules.",
        .advice = "Write it as in: Mon, 21 Nov 2022 10:00:00 +0100.",
    },
    {
        DEFECT(DATE_OBSOLETE, "date-obsolete", MUST, 5322, "4.3"),
        .meaning =
            "The date has an obsolete form: a year of two or three digits, or a zone in letters.",
        .advice = "Write the year with four digits and the zone as +hhmm.",
    },
    {
        DEFECT(DATE_WEEKDAY, "date-weekday", MUST, 5322, "3.3"),
        .meaning = "The day of the week is not that of the date.",
        .advice = "Compute the day from the date or leave it out.",
    },
    {
        DEFECT(DATE_RANGE, "date-range", MUST, 5322, "3.3"),
        .meaning = "There is no such day, hour, minute, second or zone.",
        .advice = "Check the calendar.",
    },
    {
        DEFECT(RECEIVED_SYNTAX, "received-syntax", MUST, 5321, "4.4"),
        .meaning = "The trace line does not have the clauses the rules ask for: from, by, then the "
                   "others.",
        .advice = "Write from and by first, and the date behind a semicolon.",
    },
    {
        DEFECT(RECEIVED_NO_DATE, "received-no-date", MUST, 5321, "4.4"),
        .meaning =
            "The trace line has no date that can be read, so the delay at this hop is unknown.",
        .advice = "Close the line with a semicolon and the date.",
    },
    {
        DEFECT(RECEIVED_TIME_BACKWARDS, "received-time-backwards", NOTE, 5321, "4.4"),
        .meaning = "This hop's time lies before that of the hop it got the message from: a clock "
                   "is wrong, or a line is forged.",
        .advice = "Compare with the clocks of the servers you trust.",
    },
    {
        DEFECT(RECEIVED_CHAIN_BROKEN, "received-chain-broken", NOTE, 5321, "4.4"),
        .meaning =
            "The server that handed the message over does not name itself as the hop below did.",
        .advice =
            "Harmless where one machine has several names; else the lines below may be forged.",
    },
    {
        DEFECT(RECEIVED_LOOP, "received-loop", SHOULD, 5321, "6.3"),
        .meaning = "The message has been at the same server before, or has more trace lines than "
                   "any way needs: it goes in a circle.",
        .advice = "Look for two servers that each think the other is responsible.",
    },
    {
        DEFECT(RECEIVED_NAME_DIFFERS, "received-name-differs", NOTE, 5321, "4.1.4"),
        .meaning = "The name the client gave is not the name found for its address.",
        .advice = "A server may note that but must not refuse mail for it.",
    },
    {
        DEFECT(TRACE_NOT_ON_TOP, "trace-not-on-top", SHOULD, 5322, "3.6.7"),
        .meaning = "A trace field stands below other fields: somebody has changed the order of the "
                   "header.",
        .advice = "Put trace fields on top and leave the order alone.",
    },
    {
        DEFECT(NO_MIME_VERSION, "no-mime-version", MUST, 2045, "4"),
        .meaning = "MIME fields are used without MIME-Version.",
        .advice = "Add MIME-Version: 1.0.",
    },
    {
        DEFECT(MIME_VERSION, "mime-version", MUST, 2045, "4"),
        .meaning = "MIME-Version is not 1.0.",
        .advice = "Write MIME-Version: 1.0, the only version there is.",
    },
    {
        DEFECT(CONTENT_TYPE_SYNTAX, "content-type-syntax", MUST, 2045, "5.1"),
        .meaning = "The Content-Type field cannot be read; the part is taken for plain text.",
        .advice = "Write type, slash, subtype, and parameters behind semicolons.",
    },
    {
        DEFECT(NO_BOUNDARY, "no-boundary", MUST, 2046, "5.1.1"),
        .meaning = "A multipart has no boundary parameter, so its parts cannot be found.",
        .advice = "Name a boundary in the Content-Type field.",
    },
    {
        DEFECT(BOUNDARY_SYNTAX, "boundary-syntax", MUST, 2046, "5.1.1"),
        .meaning = "The boundary is longer than 70 characters, ends with a space, or holds a "
                   "character that is not allowed.",
        .advice = "Use at most 70 letters, digits and a few signs.",
    },
    {
        DEFECT(BOUNDARY_NOT_CLOSED, "boundary-not-closed", MUST, 2046, "5.1.1"),
        .meaning =
            "The last boundary of this multipart, the one with two hyphens behind it, never comes.",
        .advice = "The message may have been cut; close the multipart.",
    },
    {
        DEFECT(BOUNDARY_NOT_FOUND, "boundary-not-found", MUST, 2046, "5.1.1"),
        .meaning = "The boundary that the field names does not occur in the body.",
        .advice = "Write the same boundary in the field and in the body.",
    },
    {
        DEFECT(ENCODING_UNKNOWN, "encoding-unknown", MUST, 2045, "6.4"),
        .meaning = "Nobody has defined this transfer encoding, so the content cannot be read.",
        .advice = "Use 7bit, 8bit, binary, quoted-printable or base64.",
    },
    {
        DEFECT(ENCODING_OF_COMPOSITE, "encoding-of-composite", MUST, 2045, "6.4"),
        .meaning = "A multipart or message part is itself encoded; only its inner parts may be.",
        .advice = "Encode the inner parts and mark the outer 7bit, 8bit or binary.",
    },
    {
        DEFECT(BASE64, "base64", MUST, 2045, "6.8"),
        .meaning = "The base64 of this part holds foreign characters, ends too early or has wrong "
                   "padding.",
        .advice = "Encode the content again.",
    },
    {
        DEFECT(QUOTED_PRINTABLE, "quoted-printable", MUST, 2045, "6.7"),
        .meaning = "The quoted-printable of this part has an equals sign without two hexadecimal "
                   "digits, or a line that is too long.",
        .advice = "Encode the content again.",
    },
    {
        DEFECT(EIGHT_BIT_BODY, "8bit-body", MUST, 2045, "2.7"),
        .meaning = "The part is marked 7bit but holds octets above 127.",
        .advice = "Mark it 8bit where the way carries that, or encode it.",
    },
    {
        DEFECT(BINARY_BODY, "binary-body", MUST, 2045, "2.8"),
        .meaning = "The part holds NUL, bare line ends or a line over 998 octets, which only "
                   "binary parts may.",
        .advice = "Encode the part in base64.",
    },
    {
        DEFECT(CHARSET_UNKNOWN, "charset-unknown", SHOULD, 2046, "4.1.2"),
        .meaning = "This charset is not known here.",
        .advice = "Use UTF-8.",
    },
    {
        DEFECT(CHARSET_WRONG, "charset-wrong", MUST, 2046, "4.1.2"),
        .meaning = "The content is not in the charset that the field names.",
        .advice = "Name the charset that was used.",
    },
    {
        DEFECT(TYPE_DIFFERS, "type-differs", SHOULD, 2046, "4.5.1"),
        .meaning =
            "The first octets show another type of content than the field or the file name says.",
        .advice = "Do not open it by its name; ask the sender.",
    },
    {
        DEFECT(FILE_NAME_UNSAFE, "file-name-unsafe", SHOULD, 2183, "5"),
        .meaning = "The file name holds a path, a control character or a trick that makes it look "
                   "like another.",
        .advice = "Save it under a name of your own choice.",
    },
    {
        DEFECT(TOO_DEEP, "too-deep", SHOULD, 2046, "5.1.2"),
        .meaning = "Parts are nested deeper than this program follows.",
        .advice = "Such a message is made to hurt programs; do not open it.",
    },
    {
        DEFECT(TOO_MANY_PARTS, "too-many-parts", SHOULD, 2046, "5.1.1"),
        .meaning = "There are more parts than this program follows.",
        .advice = "Such a message is made to hurt programs; do not open it.",
    },
    {
        DEFECT(PART_CUT, "part-cut", MUST, 2046, "5.1.1"),
        .meaning = "The message ends inside the header of this part.",
        .advice = "The message may have been cut; ask for it again.",
    },
    {
        DEFECT(REPORT_STRUCTURE, "report-structure", MUST, 6522, "3"),
        .meaning = "The report does not have the parts a report must have.",
        .advice = "Send a text, the fields for programs, and the original or its header.",
    },
    {
        DEFECT(REPORT_FIELD, "report-field", MUST, 3464, "2.1"),
        .meaning = "A field that every report must have is missing or cannot be read.",
        .advice = "Name the reporting server, the final recipient, the action and the status.",
    },
    {
        DEFECT(REPORT_STATUS, "report-status", MUST, 3463, "2"),
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
