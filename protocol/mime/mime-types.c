#include "protocol/mime/mime-rows.h"

#define FIELD(...)                                                                                 \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_HEADER_FIELD, __VA_ARGS__                  \
    }

#define MEDIA_TYPE(...)                                                                            \
    {                                                                                              \
        .protocol = VOCABULARY_MIME, .kind = VOCABULARY_MEDIA_TYPE, __VA_ARGS__                    \
    }

/* Sorted by name. */
const VocabularyItem mime_field_rows[] = {
    FIELD(.token = "Content-Base",
          .meaning = "Gave the base for addresses in the part; withdrawn.",
          .reference = {2557, "4.2"},
          .replaced_by = "Content-Location"),
    FIELD(.token = "Content-Description",
          .meaning = "Says in words what the part holds.",
          .reference = {2045, "8"},
          .since = 1341,
          .syntax = "Content-Description: text"),
    FIELD(.token = "Content-Disposition",
          .meaning = "Whether to show the part at once or to offer it as a file.",
          .reference = {2183, "2"},
          .since = 1806,
          .syntax = "Content-Disposition: attachment; filename=\"name\""),
    FIELD(.token = "Content-ID",
          .meaning = "A name for the part, so that other parts can point to it.",
          .reference = {2045, "7"},
          .since = 1341,
          .syntax = "Content-ID: <id@host>"),
    FIELD(.token = "Content-Language",
          .meaning = "The language that the part is written in.",
          .reference = {3282, "2"},
          .since = 1766,
          .syntax = "Content-Language: fr"),
    FIELD(.token = "Content-Location",
          .meaning = "The web address that the part had.",
          .reference = {2557, "4.2"},
          .since = 2110,
          .syntax = "Content-Location: URI"),
    FIELD(.token = "Content-MD5",
          .meaning = "A digest of the part, to find changes made on the way.",
          .reference = {1864, "2"},
          .since = 1544,
          .syntax = "Content-MD5: base64"),
    FIELD(.token = "Content-Transfer-Encoding",
          .meaning = "How the octets of the part were turned into lines of text.",
          .reference = {2045, "6"},
          .since = 1341,
          .syntax = "Content-Transfer-Encoding: base64"),
    FIELD(.token = "Content-Type",
          .meaning = "What kind of data the part holds, with parameters.",
          .reference = {2045, "5"},
          .since = 1341,
          .syntax = "Content-Type: type/subtype; name=value"),
    FIELD(.token = "MIME-Version",
          .meaning = "Tells that the message follows MIME; the value is 1.0.",
          .reference = {2045, "4"},
          .since = 1341,
          .syntax = "MIME-Version: 1.0"),
};

/* Sorted by name. */
const VocabularyItem mime_media_type_rows[] = {
    MEDIA_TYPE(
            .token = "application",
            .context = "top level",
            .meaning = "Data for a program, or what fits nowhere else.",
            .reference = {2046, "4.5"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "application/ics",
            .meaning = "Not a registered name; calendars are text/calendar.",
            .reference = {5545, "8.1"},
            .replaced_by = "text/calendar"
    ),
    MEDIA_TYPE(
            .token = "application/json",
            .meaning = "JSON text.",
            .reference = {8259, "11"},
            .since = 4627
    ),
    MEDIA_TYPE(
            .token = "application/octet-stream",
            .meaning = "Octets of which nothing is known; save them, do not run them.",
            .reference = {2046, "4.5.1"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "application/pdf",
            .meaning = "A PDF document.",
            .reference = {8118, "8"},
            .since = 3778
    ),
    MEDIA_TYPE(
            .token = "application/pgp-encrypted",
            .meaning = "The first part of an OpenPGP message: Version: 1.",
            .reference = {3156, "4"},
            .since = 2015
    ),
    MEDIA_TYPE(
            .token = "application/pgp-keys",
            .meaning = "An OpenPGP public key.",
            .reference = {3156, "7"},
            .since = 2015
    ),
    MEDIA_TYPE(
            .token = "application/pgp-signature",
            .meaning = "The OpenPGP signature of the part before it.",
            .reference = {3156, "5"},
            .since = 2015
    ),
    MEDIA_TYPE(
            .token = "application/pkcs7-mime",
            .meaning = "An S/MIME message: signed or encrypted data in CMS.",
            .reference = {8551, "3.2"},
            .since = 2633
    ),
    MEDIA_TYPE(
            .token = "application/pkcs7-signature",
            .meaning = "The S/MIME signature of the part before it.",
            .reference = {8551, "5.2"},
            .since = 2633
    ),
    MEDIA_TYPE(
            .token = "application/postscript",
            .meaning = "A PostScript program for a printer; running it may be dangerous.",
            .reference = {2046, "4.5.2"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "audio",
            .context = "top level",
            .meaning = "Sound.",
            .reference = {2046, "4.3"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "audio/basic",
            .meaning = "Telephone sound: one channel, 8000 samples of 8 bits a second.",
            .reference = {2046, "4.3"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "font", .context = "top level", .meaning = "A font.", .reference = {8081, "4"}
    ),
    MEDIA_TYPE(
            .token = "image",
            .context = "top level",
            .meaning = "A picture.",
            .reference = {2046, "4.2"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "image/jpeg",
            .meaning = "A photograph in JPEG form.",
            .reference = {2046, "4.2"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "message",
            .context = "top level",
            .meaning = "A message inside a message.",
            .reference = {2046, "5.2"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "message/delivery-status",
            .meaning = "The part of a bounce that programs read.",
            .reference = {3464, "2.1"},
            .since = 1894
    ),
    MEDIA_TYPE(
            .token = "message/disposition-notification",
            .meaning = "The part of a notice of reading that programs read.",
            .reference = {8098, "3.1"},
            .since = 2298
    ),
    MEDIA_TYPE(
            .token = "message/external-body",
            .meaning = "The body is elsewhere; the part tells where.",
            .reference = {2046, "5.2.3"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "message/feedback-report",
            .meaning = "The part of a complaint that programs read.",
            .reference = {5965, "3"}
    ),
    MEDIA_TYPE(
            .token = "message/global",
            .meaning = "A whole message whose header may hold UTF-8.",
            .reference = {6532, "3.7"},
            .since = 5335
    ),
    MEDIA_TYPE(
            .token = "message/http",
            .meaning = "One HTTP message.",
            .reference = {9112, "10.1"},
            .since = 2616
    ),
    MEDIA_TYPE(
            .token = "message/partial",
            .meaning = "One piece of a message that was cut for sending.",
            .reference = {2046, "5.2.2"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "message/rfc822",
            .meaning = "A whole message, as it was.",
            .reference = {2046, "5.2.1"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart",
            .context = "top level",
            .meaning = "Several parts between boundaries.",
            .reference = {2046, "5.1"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart/alternative",
            .meaning = "The same content in several forms, the plainest first.",
            .reference = {2046, "5.1.4"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart/digest",
            .meaning = "Several messages; each part is a message unless it says otherwise.",
            .reference = {2046, "5.1.5"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart/encrypted",
            .meaning = "Two parts: how it was encrypted, then the encrypted data.",
            .reference = {1847, "2.2"}
    ),
    MEDIA_TYPE(
            .token = "multipart/form-data",
            .meaning = "The fields and files of a web form.",
            .reference = {7578, "4"},
            .since = 1867
    ),
    MEDIA_TYPE(
            .token = "multipart/mixed",
            .meaning = "Parts that belong in this order, such as a text and its attachments.",
            .reference = {2046, "5.1.3"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart/parallel",
            .meaning = "Parts to be shown at the same time.",
            .reference = {2046, "5.1.6"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "multipart/related",
            .meaning = "Parts that need one another, such as a page and its pictures.",
            .reference = {2387, "2"},
            .since = 1872
    ),
    MEDIA_TYPE(
            .token = "multipart/report",
            .meaning = "A report of a mail system: words for people, then one for programs.",
            .reference = {6522, "3"},
            .since = 1892
    ),
    MEDIA_TYPE(
            .token = "multipart/signed",
            .meaning = "Two parts: the content, then its signature.",
            .reference = {1847, "2.1"}
    ),
    MEDIA_TYPE(
            .token = "text",
            .context = "top level",
            .meaning = "Text for people to read.",
            .reference = {2046, "4.1"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "text/calendar",
            .meaning = "Dates and invitations.",
            .reference = {5545, "8.1"},
            .since = 2445
    ),
    MEDIA_TYPE(
            .token = "text/html",
            .meaning = "A web page; mail programs show it without running its scripts.",
            .reference = {2854, "2"},
            .since = 1866
    ),
    MEDIA_TYPE(
            .token = "text/plain",
            .meaning = "Text without any marks for its look.",
            .reference = {2046, "4.1.3"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "text/rfc822-headers",
            .meaning = "Only the header of a message that came back.",
            .reference = {6522, "4"},
            .since = 1892
    ),
    MEDIA_TYPE(
            .token = "video",
            .context = "top level",
            .meaning = "Moving pictures.",
            .reference = {2046, "4.4"},
            .since = 1341
    ),
    MEDIA_TYPE(
            .token = "video/mpeg",
            .meaning = "Moving pictures in MPEG form.",
            .reference = {2046, "4.4"},
            .since = 1341
    ),
};
