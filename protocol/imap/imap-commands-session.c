/* Commands of the base about the session itself: capabilities, login, TLS, end. */

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
const ImapCommandRow imap_session_command_rows[] = {
    REVISION_1(
        (.id = IMAP_COMMAND_AUTHENTICATE, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.2.2",
        .token = "AUTHENTICATE",
        .meaning = "Logs in by a SASL mechanism, with challenges and responses in base64.",
        .since = 1730,
        .syntax = "AUTHENTICATE mechanism",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_CHALLENGES,
        .is_secret = true
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_AUTHENTICATE, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.2.2",
        .token = "AUTHENTICATE",
        .meaning = "Logs in by a SASL mechanism; the first response may stand on the line.",
        .since = 1730,
        .syntax = "AUTHENTICATE mechanism [initial-response]",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_CHALLENGES,
        .is_secret = true
    ),
    BOTH(
        (.id = IMAP_COMMAND_CAPABILITY),
        "6.1.1",
        "6.1.1",
        .token = "CAPABILITY",
        .meaning = "Asks which capabilities and extensions the server has.",
        .since = 1730,
        .syntax = "CAPABILITY",
        .states = IMAP_STATES_ANY,
        .replies = "CAPABILITY | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_ENABLE),
        "6.3.1",
        .token = "ENABLE",
        .meaning = "Turns on extensions that change what the server may send.",
        .since = 5161,
        .syntax = "ENABLE capability...",
        .states = IMAP_STATE_AUTHENTICATED,
        .replies = "ENABLED | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_LOGIN, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.2.3",
        .token = "LOGIN",
        .meaning = "Logs in with user name and password, both in the clear.",
        .since = 1730,
        .syntax = "LOGIN user-name password",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED,
        .is_secret = true
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_LOGIN, .next_state = IMAP_STATE_AUTHENTICATED),
        "6.2.3",
        .token = "LOGIN",
        .meaning = "Logs in with user name and password; without TLS both are readable.",
        .since = 1730,
        .syntax = "LOGIN user-name password",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED,
        .is_secret = true
    ),
    BOTH(
        (.id = IMAP_COMMAND_LOGOUT, .next_state = IMAP_STATE_LOGOUT),
        "6.1.3",
        "6.1.3",
        .token = "LOGOUT",
        .meaning = "Ends the session: the server says BYE, answers and closes.",
        .since = 1730,
        .syntax = "LOGOUT",
        .states = IMAP_STATES_ANY,
        .replies = "BYE | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_NOOP),
        "6.1.2",
        .token = "NOOP",
        .meaning = "Does nothing, but lets the server report new mail and other changes.",
        .since = 1730,
        .syntax = "NOOP",
        .states = IMAP_STATES_ANY,
        .replies = "EXISTS RECENT EXPUNGE FETCH | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_NOOP),
        "6.1.2",
        .token = "NOOP",
        .meaning = "Does nothing, but lets the server report changes and resets its timer.",
        .since = 1730,
        .syntax = "NOOP",
        .states = IMAP_STATES_ANY,
        .replies = "EXISTS EXPUNGE FETCH | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_STARTTLS, .next_state = IMAP_STATE_OPAQUE),
        "6.2.1",
        .token = "STARTTLS",
        .meaning = "Asks to go on under TLS; the negotiation follows the OK at once.",
        .since = 2595,
        .syntax = "STARTTLS",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_2(
        (.id = IMAP_COMMAND_STARTTLS, .next_state = IMAP_STATE_OPAQUE),
        "6.2.1",
        .token = "STARTTLS",
        .meaning = "Asks to go on under TLS; the negotiation follows the OK at once.",
        .since = 2595,
        .syntax = "STARTTLS",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    REVISION_1(
        (.id = IMAP_COMMAND_EXPERIMENTAL),
        "6.5.1",
        .token = "X<atom>",
        .meaning = "Stands for any command whose name begins with X: a private experiment.",
        .since = 1730,
        .syntax = "X... arguments",
        .states = IMAP_STATES_ANY,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
};
