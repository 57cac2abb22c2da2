/* Commands of the base about messages; legal while a mailbox is open. */

#include "protocol/imap/imap-rows.h"

/* What a command does beside what its item says stands in brackets, to pass as one argument. */
#define UNWRAP(...) __VA_ARGS__
#define REVISION_1(row_, section_, ...)                                                            \
    {                                                                                              \
        UNWRAP row_, .item = {                                                                     \
            .protocol = VOCABULARY_IMAP,                                                           \
            .kind = VOCABULARY_COMMAND,                                                            \
            IMAP_REVISION_1_REFERENCE(section_),                                                   \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define REVISION_2(row_, section_, ...)                                                            \
    {                                                                                              \
        UNWRAP row_, .item = {                                                                     \
            .protocol = VOCABULARY_IMAP,                                                           \
            .kind = VOCABULARY_COMMAND,                                                            \
            IMAP_REVISION_2_REFERENCE(section_),                                                   \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define BOTH(row_, section_1, section_2, ...)                                                      \
    REVISION_1(row_, section_1, __VA_ARGS__), REVISION_2(row_, section_2, __VA_ARGS__)

/* Sorted by token; of one token the base comes before the extensions. */
const ImapCommandRow imap_message_command_rows[] = {
    REVISION_1(
        (.id = IMAP_COMMAND_CHECK),
        "6.4.1",
        .token = "CHECK",
        .meaning = "Asks the server to bring its own state of the mailbox to disk.",
        .since = 1730,
        .replaced_by = "NOOP",
        .syntax = "CHECK",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_CLOSE, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.4.2",
        "6.4.1",
        .token = "CLOSE",
        .meaning = "Removes messages marked \\Deleted without telling, and leaves the mailbox.",
        .since = 1730,
        .syntax = "CLOSE",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_COPY),
        "6.4.7",
        .token = "COPY",
        .meaning = "Copies messages to the end of another mailbox.",
        .since = 1730,
        .syntax = "COPY sequence-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK NO[TRYCREATE] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_COPY),
        "6.4.7",
        .token = "COPY",
        .meaning = "Copies messages to the end of another mailbox.",
        .since = 1730,
        .syntax = "COPY sequence-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] NO[TRYCREATE] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_EXPUNGE),
        "6.4.3",
        "6.4.3",
        .token = "EXPUNGE",
        .meaning = "Removes for good all messages marked \\Deleted.",
        .since = 1730,
        .syntax = "EXPUNGE",
        .states = IMAP_STATE_SELECTED,
        .replies = "EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_FETCH),
        "6.4.5",
        "6.4.5",
        .token = "FETCH",
        .meaning = "Retrieves parts or properties of messages, by message number.",
        .since = 1730,
        .syntax = "FETCH sequence-set items",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_MOVE),
        "6.4.8",
        .token = "MOVE",
        .meaning = "Moves messages to another mailbox in one step.",
        .since = 6851,
        .syntax = "MOVE sequence-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] EXPUNGE | OK NO[TRYCREATE] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_SEARCH),
        "6.4.4",
        .token = "SEARCH",
        .meaning = "Finds the messages that match keys; the server does the work.",
        .since = 1730,
        .syntax = "SEARCH [CHARSET name] keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "SEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_SEARCH),
        "6.4.4",
        .token = "SEARCH",
        .meaning = "Finds messages by keys and gives all, first, last or count of them.",
        .since = 1730,
        .syntax = "SEARCH [RETURN (options)] [CHARSET name] keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "ESEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_STORE),
        "6.4.6",
        "6.4.6",
        .token = "STORE",
        .meaning = "Sets, adds or removes flags of messages.",
        .since = 1730,
        .syntax = "STORE sequence-set [+|-]FLAGS[.SILENT] (flags)",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_UID),
        "6.4.8",
        .token = "UID",
        .meaning = "Makes the next command name messages by unique identifier.",
        .since = 1730,
        .syntax = "UID command arguments",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH SEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_UID),
        "6.4.9",
        .token = "UID",
        .meaning = "Makes the next command name messages by unique identifier.",
        .since = 1730,
        .syntax = "UID command arguments",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH ESEARCH EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_COPY, .is_uid = true),
        "6.4.8",
        .token = "UID COPY",
        .meaning = "Copies messages named by unique identifier to another mailbox.",
        .since = 1730,
        .syntax = "UID COPY uid-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_COPY, .is_uid = true),
        "6.4.9",
        .token = "UID COPY",
        .meaning = "Copies messages named by unique identifier to another mailbox.",
        .since = 1730,
        .syntax = "UID COPY uid-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_EXPUNGE, .is_uid = true),
        "6.4.9",
        .token = "UID EXPUNGE",
        .meaning = "Removes those messages marked \\Deleted whose identifiers are named.",
        .since = 2359,
        .syntax = "UID EXPUNGE uid-set",
        .states = IMAP_STATE_SELECTED,
        .replies = "EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_FETCH, .is_uid = true),
        "6.4.8",
        "6.4.9",
        .token = "UID FETCH",
        .meaning = "Retrieves parts of messages named by unique identifier.",
        .since = 1730,
        .syntax = "UID FETCH uid-set items",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_MOVE, .is_uid = true),
        "6.4.9",
        .token = "UID MOVE",
        .meaning = "Moves messages named by unique identifier to another mailbox.",
        .since = 6851,
        .syntax = "UID MOVE uid-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_SEARCH, .is_uid = true),
        "6.4.8",
        .token = "UID SEARCH",
        .meaning = "Finds messages by keys and gives their unique identifiers.",
        .since = 1730,
        .syntax = "UID SEARCH [CHARSET name] keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "SEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_SEARCH, .is_uid = true),
        "6.4.9",
        .token = "UID SEARCH",
        .meaning = "Finds messages by keys and gives their unique identifiers.",
        .since = 1730,
        .syntax = "UID SEARCH [RETURN (options)] [CHARSET name] keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "ESEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_STORE, .is_uid = true),
        "6.4.8",
        "6.4.9",
        .token = "UID STORE",
        .meaning = "Changes flags of messages named by unique identifier.",
        .since = 1730,
        .syntax = "UID STORE uid-set [+|-]FLAGS[.SILENT] (flags)",
        .states = IMAP_STATE_SELECTED,
        .replies = "FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_UNSELECT, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.4.2",
        .token = "UNSELECT",
        .meaning = "Leaves the mailbox without removing anything.",
        .since = 3691,
        .syntax = "UNSELECT",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
};
