/* Commands of the base about mailboxes; legal once the client is logged in. */

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
const ImapCommandRow imap_mailbox_command_rows[] = {
    REVISION_1(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        "6.3.11",
        .token = "APPEND",
        .meaning = "Puts a message, sent as a literal, at the end of a mailbox.",
        .since = 1730,
        .syntax = "APPEND mailbox [(flags)] [date-time] literal",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        "6.3.12",
        .token = "APPEND",
        .meaning = "Puts a message, sent as a literal, at the end of a mailbox.",
        .since = 1730,
        .syntax = "APPEND mailbox [(flags)] [date-time] literal",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ LIST | OK[APPENDUID] NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_CREATE),
        "6.3.3",
        .token = "CREATE",
        .meaning = "Makes a new mailbox, with the levels above it where they are missing.",
        .since = 1730,
        .syntax = "CREATE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_CREATE),
        "6.3.4",
        .token = "CREATE",
        .meaning = "Makes a new mailbox, with the levels above it where they are missing.",
        .since = 1730,
        .syntax = "CREATE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LIST | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_DELETE),
        "6.3.4",
        .token = "DELETE",
        .meaning = "Removes a mailbox for good; mailboxes below it stay.",
        .since = 1730,
        .syntax = "DELETE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_DELETE),
        "6.3.5",
        .token = "DELETE",
        .meaning = "Removes a mailbox for good; a server may refuse while it has children.",
        .since = 1730,
        .syntax = "DELETE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LIST | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_EXAMINE,
         .next_state = IMAP_STATE_SELECTED,
         .refused_state = IMAP_STATE_AUTHENTICATED),
        "6.3.2",
        .token = "EXAMINE",
        .meaning = "Opens a mailbox like SELECT, but for reading only.",
        .since = 1730,
        .syntax = "EXAMINE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "FLAGS EXISTS RECENT OK[UNSEEN] OK[PERMANENTFLAGS] OK[UIDNEXT] OK[UIDVALIDITY] "
                   "| OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_EXAMINE,
         .next_state = IMAP_STATE_SELECTED,
         .refused_state = IMAP_STATE_AUTHENTICATED),
        "6.3.3",
        .token = "EXAMINE",
        .meaning = "Opens a mailbox like SELECT, but for reading only.",
        .since = 1730,
        .syntax = "EXAMINE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "FLAGS EXISTS LIST OK[CLOSED] OK[PERMANENTFLAGS] OK[UIDNEXT] OK[UIDVALIDITY] | "
                   "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_IDLE),
        "6.3.13",
        .token = "IDLE",
        .meaning = "Waits and lets the server report changes at once, until DONE.",
        .since = 2177,
        .syntax = "IDLE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ EXISTS EXPUNGE FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_LIST),
        "6.3.8",
        .token = "LIST",
        .meaning = "Lists the mailboxes whose names match a pattern; * and % are wild.",
        .since = 1730,
        .syntax = "LIST reference pattern",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LIST | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_LIST),
        "6.3.9",
        .token = "LIST",
        .meaning = "Lists mailboxes by pattern, with options for what to choose and tell.",
        .since = 1730,
        .syntax = "LIST [(selection)] reference pattern [RETURN (options)]",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LIST STATUS | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_LSUB),
        "6.3.9",
        .token = "LSUB",
        .meaning = "Lists the subscribed mailbox names that match a pattern.",
        .since = 1730,
        .replaced_by = "LIST (SUBSCRIBED)",
        .syntax = "LSUB reference pattern",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LSUB | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_NAMESPACE),
        "6.3.10",
        .token = "NAMESPACE",
        .meaning = "Asks for the prefixes of one's own, others' and shared mailboxes.",
        .since = 2342,
        .syntax = "NAMESPACE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "NAMESPACE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_RENAME),
        "6.3.5",
        .token = "RENAME",
        .meaning = "Gives a mailbox and those below it a new name; INBOX stays, emptied into it.",
        .since = 1730,
        .syntax = "RENAME mailbox new-name",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_RENAME),
        "6.3.6",
        .token = "RENAME",
        .meaning = "Gives a mailbox and those below it a new name; INBOX stays, emptied into it.",
        .since = 1730,
        .syntax = "RENAME mailbox new-name",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LIST | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_SELECT,
         .next_state = IMAP_STATE_SELECTED,
         .refused_state = IMAP_STATE_AUTHENTICATED),
        "6.3.1",
        .token = "SELECT",
        .meaning = "Opens a mailbox so that its messages can be read and changed.",
        .since = 1730,
        .syntax = "SELECT mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "FLAGS EXISTS RECENT OK[UNSEEN] OK[PERMANENTFLAGS] OK[UIDNEXT] OK[UIDVALIDITY] "
                   "| OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_SELECT,
         .next_state = IMAP_STATE_SELECTED,
         .refused_state = IMAP_STATE_AUTHENTICATED),
        "6.3.2",
        .token = "SELECT",
        .meaning = "Opens a mailbox so that its messages can be read and changed.",
        .since = 1730,
        .syntax = "SELECT mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "FLAGS EXISTS LIST OK[CLOSED] OK[PERMANENTFLAGS] OK[UIDNEXT] OK[UIDVALIDITY] | "
                   "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    BOTH(
        (.id = IMAP_COMMAND_STATUS),
        "6.3.10",
        "6.3.11",
        .token = "STATUS",
        .meaning = "Asks for counts and numbers of a mailbox without opening it.",
        .since = 2060,
        .syntax = "STATUS mailbox (items)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "STATUS | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_SUBSCRIBE),
        "6.3.6",
        .token = "SUBSCRIBE",
        .meaning = "Adds a mailbox name to the list that LSUB gives.",
        .since = 1730,
        .syntax = "SUBSCRIBE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_SUBSCRIBE),
        "6.3.7",
        .token = "SUBSCRIBE",
        .meaning = "Adds a mailbox name to the list of subscribed ones.",
        .since = 1730,
        .syntax = "SUBSCRIBE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_UNSUBSCRIBE),
        "6.3.7",
        .token = "UNSUBSCRIBE",
        .meaning = "Takes a mailbox name off the list that LSUB gives.",
        .since = 1730,
        .syntax = "UNSUBSCRIBE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_UNSUBSCRIBE),
        "6.3.8",
        .token = "UNSUBSCRIBE",
        .meaning = "Takes a mailbox name off the list of subscribed ones.",
        .since = 1730,
        .syntax = "UNSUBSCRIBE mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
};
