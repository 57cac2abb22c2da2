/* What a FETCH response can hold. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FETCH_ITEM,                                \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FETCH_ITEM,                                \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_FETCH_ITEM, __VA_ARGS__                    \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_fetch_response_item_rows[] = {
    EXTENSION(
            .token = "ANNOTATION",
            .context = "ANNOTATE",
            .meaning = "Notes that are kept with the message.",
            .reference = {5257, "4.4"}
    ),
    REVISION_2(
        "7.5.2",
        .token = "BINARY.SIZE",
        .meaning = "The length of the decoded part in octets.",
        .since = 3516,
        .syntax = "BINARY.SIZE[part] number"
    ),
    EXTENSION(
            .token = "BINARY.SIZE",
            .context = "BINARY",
            .meaning = "The length of the decoded part in octets.",
            .reference = {3516, "4.3"},
            .syntax = "BINARY.SIZE[part] number"
    ),
    REVISION_2(
        "7.5.2",
        .token = "BINARY[",
        .meaning = "The decoded part, which may hold any octet.",
        .since = 3516,
        .syntax = "BINARY[part]<origin> string"
    ),
    EXTENSION(
            .token = "BINARY[",
            .context = "BINARY",
            .meaning = "The decoded part, which may hold any octet.",
            .reference = {3516, "4.3"},
            .syntax = "BINARY[part]<origin> string"
    ),
    BOTH("7.4.2", "7.5.2", .token = "BODY", .meaning = "The MIME structure in its short form."),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "BODY[",
        .meaning = "The text of the section, from the octet given if there is one.",
        .syntax = "BODY[section]<origin> string"
    ),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "BODYSTRUCTURE",
        .meaning = "The MIME structure: types, parameters, encodings and sizes."
    ),
    EXTENSION(
            .token = "EMAILID",
            .context = "OBJECTID",
            .meaning = "The identifier that copies of the message share.",
            .reference = {8474, "5.3"},
            .syntax = "EMAILID (id)"
    ),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "ENVELOPE",
        .meaning = "Date, subject, six lists of addresses, In-Reply-To and Message-ID."
    ),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "FLAGS",
        .meaning = "The flags that the message has now.",
        .syntax = "FLAGS (flags)"
    ),
    BOTH(
        "7.4.2",
        "7.5.2",
        .token = "INTERNALDATE",
        .meaning = "The date and time at which the message came into the mailbox."
    ),
    EXTENSION(
            .token = "MODSEQ",
            .context = "CONDSTORE",
            .meaning = "The number that grew with the last change of the message.",
            .reference = {7162, "3.1.4.2"},
            .since = 4551,
            .syntax = "MODSEQ (number)"
    ),
    EXTENSION(
            .token = "PREVIEW",
            .context = "PREVIEW",
            .meaning = "The first words of the text, or NIL while they are not known.",
            .reference = {8970, "3.2"}
    ),
    REVISION_1(
        "7.4.2", .token = "RFC822", .meaning = "The whole message.", .replaced_by = "BODY[]"
    ),
    REVISION_1(
        "7.4.2",
        .token = "RFC822.HEADER",
        .meaning = "The header of the message.",
        .replaced_by = "BODY[HEADER]"
    ),
    BOTH("7.4.2", "7.5.2", .token = "RFC822.SIZE", .meaning = "The size of the message in octets."),
    REVISION_1(
        "7.4.2",
        .token = "RFC822.TEXT",
        .meaning = "The body of the message.",
        .replaced_by = "BODY[TEXT]"
    ),
    EXTENSION(
            .token = "SAVEDATE",
            .context = "SAVEDATE",
            .meaning = "When the message was put into this mailbox, or NIL.",
            .reference = {8514, "4.2"}
    ),
    EXTENSION(
            .token = "THREADID",
            .context = "OBJECTID",
            .meaning = "The identifier of the conversation, or NIL.",
            .reference = {8474, "5.3"},
            .syntax = "THREADID (id)"
    ),
    BOTH("7.4.2", "7.5.2", .token = "UID", .meaning = "The unique identifier of the message."),
};
