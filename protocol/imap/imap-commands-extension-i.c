/* Commands that extensions add, or define anew: I to U. */

#include "protocol/imap/imap-rows.h"

/* What a command does beside what its item says stands in brackets, to pass as one argument. */
#define UNWRAP(...) __VA_ARGS__
#define EXTENSION(row_, ...)                                                                       \
    {                                                                                              \
        UNWRAP row_, .item = {                                                                     \
            .protocol = VOCABULARY_IMAP,                                                           \
            .kind = VOCABULARY_COMMAND,                                                            \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const ImapCommandRow imap_extension_command_rows_i[] = {
    EXTENSION(
        (.id = IMAP_COMMAND_ID),
        .token = "ID",
        .context = "ID",
        .meaning = "Tells which program the client is and asks the same of the server.",
        .reference = {2971, "3.1"},
        .syntax = "ID (field value ...) | ID NIL",
        .states = IMAP_STATES_ANY,
        .replies = "ID | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_IDLE),
        .token = "IDLE",
        .context = "IDLE",
        .meaning = "Waits for news of the mailbox until the client sends DONE.",
        .reference = {2177, "3"},
        .syntax = "IDLE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ EXISTS EXPUNGE FETCH | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_LANGUAGE),
        .token = "LANGUAGE",
        .context = "LANGUAGE",
        .meaning = "Chooses the language of the texts that the server writes.",
        .reference = {5255, "3.2"},
        .syntax = "LANGUAGE [language ...]",
        .states = IMAP_STATES_ANY,
        .replies = "LANGUAGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_LISTRIGHTS),
        .token = "LISTRIGHTS",
        .context = "ACL",
        .meaning = "Asks which rights can be given to a user on a mailbox.",
        .reference = {4314, "3.4"},
        .syntax = "LISTRIGHTS mailbox identifier",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "LISTRIGHTS | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_MOVE),
        .token = "MOVE",
        .context = "MOVE",
        .meaning = "Moves messages to another mailbox in one step.",
        .reference = {6851, "3.1"},
        .syntax = "MOVE sequence-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_MYRIGHTS),
        .token = "MYRIGHTS",
        .context = "ACL",
        .meaning = "Asks for the rights that one has oneself on a mailbox.",
        .reference = {4314, "3.5"},
        .syntax = "MYRIGHTS mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "MYRIGHTS | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_NAMESPACE),
        .token = "NAMESPACE",
        .context = "NAMESPACE",
        .meaning = "Asks for the prefixes of one's own, others' and shared mailboxes.",
        .reference = {2342, "5"},
        .syntax = "NAMESPACE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "NAMESPACE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_NOTIFY),
        .token = "NOTIFY",
        .context = "NOTIFY",
        .meaning = "Says of which events in which mailboxes the server shall tell.",
        .reference = {5465, "3.1"},
        .syntax = "NOTIFY SET [STATUS] (events) | NOTIFY NONE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "STATUS | OK NO[BADEVENT] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_REPLACE, .carries_message = true),
        .token = "REPLACE",
        .context = "REPLACE",
        .meaning = "Puts a message into a mailbox in the place of an older one.",
        .reference = {8508, "3.2"},
        .syntax = "REPLACE number mailbox [(flags)] [date-time] literal",
        .states = IMAP_STATE_SELECTED,
        .replies = "+ OK[APPENDUID] EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_RESETKEY),
        .token = "RESETKEY",
        .context = "URLAUTH",
        .meaning = "Makes URLs that were given out for a mailbox void.",
        .reference = {4467, "BASE.6.3.RESETKEY"},
        .syntax = "RESETKEY [mailbox [mechanism ...]]",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK[URLMECH] NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SETACL),
        .token = "SETACL",
        .context = "ACL",
        .meaning = "Sets the rights that a user has on a mailbox.",
        .reference = {4314, "3.1"},
        .syntax = "SETACL mailbox identifier [+|-]rights",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SETMETADATA),
        .token = "SETMETADATA",
        .context = "METADATA",
        .meaning = "Writes or removes notes kept with a mailbox or with the server.",
        .reference = {5464, "4.3"},
        .syntax = "SETMETADATA mailbox (entry value ...)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO[METADATA MAXSIZE] NO[METADATA TOOMANY] NO[METADATA NOPRIVATE] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SETQUOTA),
        .token = "SETQUOTA",
        .context = "QUOTA (RFC 2087)",
        .meaning = "Sets the limits of a quota root, in the first definition.",
        .reference = {2087, "4.1"},
        .syntax = "SETQUOTA quota-root (resource limit ...)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SETQUOTA),
        .token = "SETQUOTA",
        .context = "QUOTASET",
        .meaning = "Sets the limits of a quota root.",
        .reference = {9208, "4.1.3"},
        .since = 2087,
        .syntax = "SETQUOTA quota-root (resource limit ...)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SORT),
        .token = "SORT",
        .context = "SORT",
        .meaning = "Finds messages like SEARCH and gives them in the order wished.",
        .reference = {5256, "BASE.6.4.SORT"},
        .syntax = "SORT (criteria) charset keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "SORT | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_STARTTLS, .next_state = IMAP_STATE_OPAQUE),
        .token = "STARTTLS",
        .context = "STARTTLS (1999)",
        .meaning = "Asks to go on under TLS; capabilities learnt before it are void.",
        .reference = {2595, "3.1"},
        .syntax = "STARTTLS",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_THREAD),
        .token = "THREAD",
        .context = "THREAD",
        .meaning = "Finds messages and groups them into conversations.",
        .reference = {5256, "BASE.6.4.THREAD"},
        .syntax = "THREAD algorithm charset keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "THREAD | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_CONVERT, .is_uid = true),
        .token = "UID CONVERT",
        .context = "CONVERT",
        .meaning = "Converts and fetches parts of messages named by identifier.",
        .reference = {5259, "6"},
        .syntax = "UID CONVERT uid-set (type parameters) items",
        .states = IMAP_STATE_SELECTED,
        .replies = "CONVERTED | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_EXPUNGE, .is_uid = true),
        .token = "UID EXPUNGE",
        .context = "UIDPLUS",
        .meaning = "Removes those messages marked \\Deleted whose identifiers are named.",
        .reference = {4315, "2.1"},
        .since = 2359,
        .syntax = "UID EXPUNGE uid-set",
        .states = IMAP_STATE_SELECTED,
        .replies = "EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_MOVE, .is_uid = true),
        .token = "UID MOVE",
        .context = "MOVE",
        .meaning = "Moves messages named by unique identifier to another mailbox.",
        .reference = {6851, "3.2"},
        .syntax = "UID MOVE uid-set mailbox",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK[COPYUID] EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_REPLACE, .is_uid = true, .carries_message = true),
        .token = "UID REPLACE",
        .context = "REPLACE",
        .meaning = "Replaces a message that is named by its unique identifier.",
        .reference = {8508, "3.3"},
        .syntax = "UID REPLACE uid mailbox [(flags)] [date-time] literal",
        .states = IMAP_STATE_SELECTED,
        .replies = "+ OK[APPENDUID] EXPUNGE | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_SORT, .is_uid = true),
        .token = "UID SORT",
        .context = "SORT",
        .meaning = "Sorts like SORT, but answers with unique identifiers.",
        .reference = {5256, "BASE.6.4.SORT"},
        .syntax = "UID SORT (criteria) charset keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "SORT | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_THREAD, .is_uid = true),
        .token = "UID THREAD",
        .context = "THREAD",
        .meaning = "Groups like THREAD, but answers with unique identifiers.",
        .reference = {5256, "BASE.6.4.THREAD"},
        .syntax = "UID THREAD algorithm charset keys",
        .states = IMAP_STATE_SELECTED,
        .replies = "THREAD | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_UNAUTHENTICATE, .next_state = IMAP_STATE_NOT_AUTHENTICATED),
        .token = "UNAUTHENTICATE",
        .context = "UNAUTHENTICATE",
        .meaning = "Gives up the login and keeps the connection for another user.",
        .reference = {8437, "3"},
        .syntax = "UNAUTHENTICATE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_UNSELECT, .next_state = IMAP_STATE_AUTHENTICATED),
        .token = "UNSELECT",
        .context = "UNSELECT",
        .meaning = "Leaves the mailbox without removing what is marked \\Deleted.",
        .reference = {3691, "2"},
        .syntax = "UNSELECT",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_URLFETCH),
        .token = "URLFETCH",
        .context = "URLAUTH",
        .meaning = "Fetches the text that an authorised IMAP URL stands for.",
        .reference = {4467, "BASE.6.3.URLFETCH"},
        .syntax = "URLFETCH url ...",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "URLFETCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
};
