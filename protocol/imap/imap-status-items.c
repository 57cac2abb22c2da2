/* What STATUS can ask for. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_STATUS_ITEM,                               \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_STATUS_ITEM,                               \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_STATUS_ITEM, __VA_ARGS__                   \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_status_item_rows[] = {
    EXTENSION(
            .token = "APPENDLIMIT",
            .context = "APPENDLIMIT",
            .meaning = "The biggest message that this mailbox takes.",
            .reference = {7889, "3.1"}
    ),
    REVISION_2("6.3.11", .token = "DELETED", .meaning = "How many messages are marked \\Deleted."),
    EXTENSION(
            .token = "DELETED",
            .context = "QUOTA",
            .meaning = "How many messages an EXPUNGE would remove.",
            .reference = {9208, "4.1.4"}
    ),
    EXTENSION(
            .token = "DELETED-STORAGE",
            .context = "QUOTA",
            .meaning = "How much room an EXPUNGE would free.",
            .reference = {9208, "4.1.4"}
    ),
    EXTENSION(
            .token = "HIGHESTMODSEQ",
            .context = "CONDSTORE",
            .meaning = "The highest mod-sequence of any message in the mailbox.",
            .reference = {7162, "3.1.7"},
            .since = 4551
    ),
    EXTENSION(
            .token = "MAILBOXID",
            .context = "OBJECTID",
            .meaning = "The identifier of the mailbox; it survives renaming.",
            .reference = {8474, "4.3"}
    ),
    BOTH(
        "6.3.10", "6.3.11", .token = "MESSAGES", .meaning = "How many messages are in the mailbox."
    ),
    REVISION_1(
        "6.3.10",
        .token = "RECENT",
        .meaning = "How many messages have the flag \\Recent.",
        .replaced_by = "nothing; RFC 9051 drops it"
    ),
    REVISION_2(
        "6.3.11", .token = "SIZE", .meaning = "The size of the mailbox in octets.", .since = 8438
    ),
    EXTENSION(
            .token = "SIZE",
            .context = "STATUS=SIZE",
            .meaning = "The sum of the sizes of all messages, in octets.",
            .reference = {8438, "3"}
    ),
    BOTH(
        "6.3.10",
        "6.3.11",
        .token = "UIDNEXT",
        .meaning = "The next message will get this unique identifier or a higher one."
    ),
    BOTH(
        "6.3.10",
        "6.3.11",
        .token = "UIDVALIDITY",
        .meaning = "The number that must stay the same for identifiers to hold."
    ),
    BOTH("6.3.10", "6.3.11", .token = "UNSEEN", .meaning = "How many messages have not been read."),
};
