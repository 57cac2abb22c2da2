/* What SEARCH can look for. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_SEARCH_KEY,                                \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_SEARCH_KEY,                                \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_SEARCH_KEY, __VA_ARGS__                    \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_search_key_rows[] = {
    BOTH("6.4.4", "6.4.4", .token = "ALL", .meaning = "Finds all messages."),
    EXTENSION(
            .token = "ANNOTATION",
            .context = "ANNOTATE",
            .meaning = "Finds messages with this text in a note kept with them.",
            .reference = {5257, "4.8"},
            .syntax = "ANNOTATION entry attribute string"
    ),
    BOTH(
        "6.4.4", "6.4.4", .token = "ANSWERED", .meaning = "Finds messages with the flag \\Answered."
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "BCC",
        .meaning = "Finds messages with this text in the Bcc field.",
        .syntax = "BCC string"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "BEFORE",
        .meaning = "Finds messages that came in before this day.",
        .syntax = "BEFORE date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "BODY",
        .meaning = "Finds messages with this text in the body.",
        .syntax = "BODY string"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "CC",
        .meaning = "Finds messages with this text in the Cc field.",
        .syntax = "CC string"
    ),
    BOTH(
        "6.4.4", "6.4.4", .token = "DELETED", .meaning = "Finds messages with the flag \\Deleted."
    ),
    BOTH("6.4.4", "6.4.4", .token = "DRAFT", .meaning = "Finds messages with the flag \\Draft."),
    EXTENSION(
            .token = "EMAILID",
            .context = "OBJECTID",
            .meaning = "Finds the messages that have this identifier.",
            .reference = {8474, "6"},
            .syntax = "EMAILID id"
    ),
    EXTENSION(
            .token = "FILTER",
            .context = "FILTERS",
            .meaning = "Searches by the filter of that name, kept on the server.",
            .reference = {5466, "3.1"},
            .syntax = "FILTER name"
    ),
    BOTH(
        "6.4.4", "6.4.4", .token = "FLAGGED", .meaning = "Finds messages with the flag \\Flagged."
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "FROM",
        .meaning = "Finds messages with this text in the From field.",
        .syntax = "FROM string"
    ),
    EXTENSION(
            .token = "FUZZY",
            .context = "SEARCH=FUZZY",
            .meaning = "Lets the next key match roughly, as the server thinks fit.",
            .reference = {6203, "3"},
            .syntax = "FUZZY key"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "HEADER",
        .meaning = "Finds messages with this text in the header field named.",
        .syntax = "HEADER field-name string"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "KEYWORD",
        .meaning = "Finds messages with this keyword.",
        .syntax = "KEYWORD keyword"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "LARGER",
        .meaning = "Finds messages of more octets than this.",
        .syntax = "LARGER number"
    ),
    EXTENSION(
            .token = "MODSEQ",
            .context = "CONDSTORE",
            .meaning = "Finds messages changed since this mod-sequence.",
            .reference = {7162, "3.1.5"},
            .since = 4551,
            .syntax = "MODSEQ [entry type] number"
    ),
    REVISION_1(
        "6.4.4",
        .token = "NEW",
        .meaning = "Finds messages that are recent and not read.",
        .replaced_by = "UNSEEN"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "NOT",
        .meaning = "Finds messages that do not match the next key.",
        .syntax = "NOT key"
    ),
    REVISION_1(
        "6.4.4",
        .token = "OLD",
        .meaning = "Finds messages that are not recent.",
        .replaced_by = "nothing; RFC 9051 drops it"
    ),
    EXTENSION(
            .token = "OLDER",
            .context = "WITHIN",
            .meaning = "Finds messages that came in more than so many seconds ago.",
            .reference = {5032, "2"},
            .syntax = "OLDER seconds"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "ON",
        .meaning = "Finds messages that came in on this day.",
        .syntax = "ON date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "OR",
        .meaning = "Finds messages that match one of the next two keys, or both.",
        .syntax = "OR key key"
    ),
    REVISION_1(
        "6.4.4",
        .token = "RECENT",
        .meaning = "Finds messages with the flag \\Recent.",
        .replaced_by = "nothing; RFC 9051 drops it"
    ),
    EXTENSION(
            .token = "SAVEDATESUPPORTED",
            .context = "SAVEDATE",
            .meaning = "Finds all messages if the mailbox keeps save dates, else none.",
            .reference = {8514, "4.3"}
    ),
    EXTENSION(
            .token = "SAVEDBEFORE",
            .context = "SAVEDATE",
            .meaning = "Finds messages put into this mailbox before this day.",
            .reference = {8514, "4.3"},
            .syntax = "SAVEDBEFORE date"
    ),
    EXTENSION(
            .token = "SAVEDON",
            .context = "SAVEDATE",
            .meaning = "Finds messages put into this mailbox on this day.",
            .reference = {8514, "4.3"},
            .syntax = "SAVEDON date"
    ),
    EXTENSION(
            .token = "SAVEDSINCE",
            .context = "SAVEDATE",
            .meaning = "Finds messages put into this mailbox on this day or later.",
            .reference = {8514, "4.3"},
            .syntax = "SAVEDSINCE date"
    ),
    BOTH("6.4.4", "6.4.4", .token = "SEEN", .meaning = "Finds messages that have been read."),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SENTBEFORE",
        .meaning = "Finds messages whose Date field is before this day.",
        .syntax = "SENTBEFORE date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SENTON",
        .meaning = "Finds messages whose Date field is on this day.",
        .syntax = "SENTON date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SENTSINCE",
        .meaning = "Finds messages whose Date field is on this day or later.",
        .syntax = "SENTSINCE date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SINCE",
        .meaning = "Finds messages that came in on this day or later.",
        .syntax = "SINCE date"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SMALLER",
        .meaning = "Finds messages of fewer octets than this.",
        .syntax = "SMALLER number"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "SUBJECT",
        .meaning = "Finds messages with this text in the subject.",
        .syntax = "SUBJECT string"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "TEXT",
        .meaning = "Finds messages with this text in header or body.",
        .syntax = "TEXT string"
    ),
    EXTENSION(
            .token = "THREADID",
            .context = "OBJECTID",
            .meaning = "Finds the messages of this conversation.",
            .reference = {8474, "6"},
            .syntax = "THREADID id"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "TO",
        .meaning = "Finds messages with this text in the To field.",
        .syntax = "TO string"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "UID",
        .meaning = "Finds messages with these unique identifiers.",
        .syntax = "UID uid-set"
    ),
    EXTENSION(
            .token = "UIDAFTER",
            .context = "MESSAGELIMIT",
            .meaning = "Finds messages whose unique identifier is greater than this.",
            .reference = {9738, "3.2"},
            .syntax = "UIDAFTER uid"
    ),
    EXTENSION(
            .token = "UIDBEFORE",
            .context = "MESSAGELIMIT",
            .meaning = "Finds messages whose unique identifier is less than this.",
            .reference = {9738, "3.2"},
            .syntax = "UIDBEFORE uid"
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "UNANSWERED",
        .meaning = "Finds messages without the flag \\Answered."
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "UNDELETED",
        .meaning = "Finds messages without the flag \\Deleted."
    ),
    BOTH(
        "6.4.4", "6.4.4", .token = "UNDRAFT", .meaning = "Finds messages without the flag \\Draft."
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "UNFLAGGED",
        .meaning = "Finds messages without the flag \\Flagged."
    ),
    BOTH(
        "6.4.4",
        "6.4.4",
        .token = "UNKEYWORD",
        .meaning = "Finds messages without this keyword.",
        .syntax = "UNKEYWORD keyword"
    ),
    BOTH("6.4.4", "6.4.4", .token = "UNSEEN", .meaning = "Finds messages that have not been read."),
    EXTENSION(
            .token = "YOUNGER",
            .context = "WITHIN",
            .meaning = "Finds messages that came in within the last so many seconds.",
            .reference = {5032, "2"},
            .syntax = "YOUNGER seconds"
    ),
};
