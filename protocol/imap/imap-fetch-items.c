/* What FETCH can ask for, and the parts of a section. */

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
const VocabularyItem imap_fetch_item_rows[] = {
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "ALL",
        .meaning = "Short for FLAGS INTERNALDATE RFC822.SIZE ENVELOPE."
    ),
    EXTENSION(
            .token = "ANNOTATION",
            .context = "ANNOTATE",
            .meaning = "Asks for notes that are kept with the message.",
            .reference = {5257, "4.3"},
            .syntax = "ANNOTATION (entries (attributes))"
    ),
    REVISION_2(
        "6.4.5",
        .token = "BINARY.PEEK",
        .meaning = "Asks for a decoded part and leaves \\Seen as it is.",
        .since = 3516,
        .syntax = "BINARY.PEEK[part]<first.count>"
    ),
    EXTENSION(
            .token = "BINARY.PEEK",
            .context = "BINARY",
            .meaning = "Asks for a decoded part and leaves \\Seen as it is.",
            .reference = {3516, "4.2"},
            .syntax = "BINARY.PEEK[part]<first.count>"
    ),
    REVISION_2(
        "6.4.5",
        .token = "BINARY.SIZE",
        .meaning = "Asks how long a part is once decoded.",
        .since = 3516,
        .syntax = "BINARY.SIZE[part]"
    ),
    EXTENSION(
            .token = "BINARY.SIZE",
            .context = "BINARY",
            .meaning = "Asks how long a part is once decoded.",
            .reference = {3516, "4.2"},
            .syntax = "BINARY.SIZE[part]"
    ),
    REVISION_2(
        "6.4.5",
        .token = "BINARY[",
        .meaning = "Asks for a part with its transfer encoding already undone.",
        .since = 3516,
        .syntax = "BINARY[part]<first.count>"
    ),
    EXTENSION(
            .token = "BINARY[",
            .context = "BINARY",
            .meaning = "Asks for a part with its transfer encoding already undone.",
            .reference = {3516, "4.2"},
            .syntax = "BINARY[part]<first.count>"
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "BODY",
        .meaning = "Asks for the MIME structure in its short form."
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "BODY.PEEK",
        .meaning = "Asks for the text of a section and leaves \\Seen as it is.",
        .syntax = "BODY.PEEK[section]<first.count>"
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "BODY[",
        .meaning = "Asks for the text of a section and marks the message \\Seen.",
        .syntax = "BODY[section]<first.count>"
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "BODYSTRUCTURE",
        .meaning = "Asks for the MIME structure of the message."
    ),
    EXTENSION(
            .token = "EMAILID",
            .context = "OBJECTID",
            .meaning = "Asks for an identifier that copies of the message share.",
            .reference = {8474, "5.1"}
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "ENVELOPE",
        .meaning = "Asks for date, subject, addresses and identifiers from the header."
    ),
    BOTH("6.4.5", "6.4.5", .token = "FAST", .meaning = "Short for FLAGS INTERNALDATE RFC822.SIZE."),
    BOTH("6.4.5", "6.4.5", .token = "FLAGS", .meaning = "Asks for the flags of the message."),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "FULL",
        .meaning = "Short for FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY."
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "INTERNALDATE",
        .meaning = "Asks when the message came into the mailbox."
    ),
    EXTENSION(
            .token = "MODSEQ",
            .context = "CONDSTORE",
            .meaning = "Asks for the number that grows with each change of the message.",
            .reference = {7162, "3.1.4.2"},
            .since = 4551
    ),
    EXTENSION(
            .token = "PREVIEW",
            .context = "PREVIEW",
            .meaning = "Asks for the first words of the text, to show in a list.",
            .reference = {8970, "3.1"},
            .syntax = "PREVIEW [(LAZY)]"
    ),
    REVISION_1(
        "6.4.5",
        .token = "RFC822",
        .meaning = "Asks for the whole message, as BODY[] does.",
        .replaced_by = "BODY[]"
    ),
    REVISION_1(
        "6.4.5",
        .token = "RFC822.HEADER",
        .meaning = "Asks for the header and leaves \\Seen as it is.",
        .replaced_by = "BODY.PEEK[HEADER]"
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "RFC822.SIZE",
        .meaning = "Asks for the size of the message in octets."
    ),
    REVISION_1(
        "6.4.5",
        .token = "RFC822.TEXT",
        .meaning = "Asks for the body without the header.",
        .replaced_by = "BODY[TEXT]"
    ),
    EXTENSION(
            .token = "SAVEDATE",
            .context = "SAVEDATE",
            .meaning = "Asks when the message was put into this very mailbox.",
            .reference = {8514, "4.2"}
    ),
    EXTENSION(
            .token = "THREADID",
            .context = "OBJECTID",
            .meaning = "Asks for the identifier of the conversation it belongs to.",
            .reference = {8474, "5.2"}
    ),
    BOTH(
        "6.4.5",
        "6.4.5",
        .token = "UID",
        .meaning = "Asks for the unique identifier of the message."
    ),
};

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_section_part_rows[] = {
    BOTH(
        "6.4.5",
        "6.4.5.1",
        .token = "HEADER",
        .meaning = "The header of the message, with the blank line behind it."
    ),
    BOTH(
        "6.4.5",
        "6.4.5.1",
        .token = "HEADER.FIELDS",
        .meaning = "Only the header fields that are named.",
        .syntax = "HEADER.FIELDS (names)"
    ),
    BOTH(
        "6.4.5",
        "6.4.5.1",
        .token = "HEADER.FIELDS.NOT",
        .meaning = "All header fields except those that are named.",
        .syntax = "HEADER.FIELDS.NOT (names)"
    ),
    BOTH(
        "6.4.5",
        "6.4.5.1",
        .token = "MIME",
        .meaning = "The MIME header of a part; a part number stands before it.",
        .syntax = "part.MIME"
    ),
    BOTH(
        "6.4.5",
        "6.4.5.1",
        .token = "TEXT",
        .meaning = "The body of the message without the header."
    ),
};
