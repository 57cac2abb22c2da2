/* Attributes of mailboxes, as LIST gives them. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_ATTRIBUTE,                                 \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_ATTRIBUTE,                                 \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define BOTH(section_1, section_2, ...)                                                            \
    REVISION_1(section_1, __VA_ARGS__), REVISION_2(section_2, __VA_ARGS__)
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_ATTRIBUTE, __VA_ARGS__                     \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const VocabularyItem imap_attribute_rows[] = {
    REVISION_2(
        "7.3.1",
        .token = "\\All",
        .meaning = "Holds all messages, or shows those of all mailboxes.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\All",
            .context = "SPECIAL-USE",
            .meaning = "Holds all messages, or shows those of all mailboxes.",
            .reference = {6154, "2"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Archive",
        .meaning = "Is meant for messages that are put away but kept.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\Archive",
            .context = "SPECIAL-USE",
            .meaning = "Is meant for messages that are put away but kept.",
            .reference = {6154, "2"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Drafts",
        .meaning = "Is meant for messages that are not sent yet.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\Drafts",
            .context = "SPECIAL-USE",
            .meaning = "Is meant for messages that are not sent yet.",
            .reference = {6154, "2"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Flagged",
        .meaning = "Shows all messages that are marked as important.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\Flagged",
            .context = "SPECIAL-USE",
            .meaning = "Shows all messages that are marked as important.",
            .reference = {6154, "2"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\HasChildren",
        .meaning = "There are mailboxes below this one.",
        .since = 3348
    ),
    EXTENSION(
            .token = "\\HasChildren",
            .context = "CHILDREN (RFC 3348)",
            .meaning = "There are mailboxes below this one, or may be.",
            .reference = {3348, "3"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\HasNoChildren",
        .meaning = "There are no mailboxes below this one that the user may see.",
        .since = 3348
    ),
    EXTENSION(
            .token = "\\HasNoChildren",
            .context = "CHILDREN (RFC 3348)",
            .meaning = "There are no mailboxes below this one that the user may see.",
            .reference = {3348, "3"}
    ),
    EXTENSION(
            .token = "\\Important",
            .context = "RFC 8457",
            .meaning = "Shows the messages that are likely to be important.",
            .reference = {8457, "3"}
    ),
    REVISION_2("7.3.1", .token = "\\Junk", .meaning = "Is meant for junk mail.", .since = 6154),
    EXTENSION(
            .token = "\\Junk",
            .context = "SPECIAL-USE",
            .meaning = "Is meant for junk mail.",
            .reference = {6154, "2"}
    ),
    BOTH(
        "7.2.2",
        "7.3.1",
        .token = "\\Marked",
        .meaning = "The mailbox probably got messages since it was last open."
    ),
    BOTH(
        "7.2.2",
        "7.3.1",
        .token = "\\Noinferiors",
        .meaning = "There are no mailboxes below this one and none can be made."
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\NonExistent",
        .meaning = "The name is listed although no such mailbox exists.",
        .since = 5258
    ),
    BOTH(
        "7.2.2",
        "7.3.1",
        .token = "\\Noselect",
        .meaning = "The name cannot be opened as a mailbox."
    ),
    REVISION_2(
        "7.3.1", .token = "\\Remote", .meaning = "The mailbox is on another server.", .since = 5258
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Sent",
        .meaning = "Is meant for copies of messages that were sent.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\Sent",
            .context = "SPECIAL-USE",
            .meaning = "Is meant for copies of messages that were sent.",
            .reference = {6154, "2"}
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Subscribed",
        .meaning = "The user has subscribed to the mailbox.",
        .since = 5258
    ),
    REVISION_2(
        "7.3.1",
        .token = "\\Trash",
        .meaning = "Is meant for messages that were deleted.",
        .since = 6154
    ),
    EXTENSION(
            .token = "\\Trash",
            .context = "SPECIAL-USE",
            .meaning = "Is meant for messages that were deleted.",
            .reference = {6154, "2"}
    ),
    BOTH(
        "7.2.2",
        "7.3.1",
        .token = "\\Unmarked",
        .meaning = "The mailbox got no messages since it was last open."
    ),
};
