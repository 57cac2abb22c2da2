/* Commands that extensions add, or define anew: A to G. */

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
const ImapCommandRow imap_extension_command_rows_a[] = {
    EXTENSION(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        .token = "APPEND",
        .context = "BINARY",
        .meaning = "Puts a message with binary parts into a mailbox, as a ~{n} literal.",
        .reference = {3516, "4.4"},
        .syntax = "APPEND mailbox [(flags)] [date-time] ~{n}",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ | OK NO[UNKNOWN-CTE] BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        .token = "APPEND",
        .context = "CATENATE",
        .meaning = "Builds the message from parts of other messages and from new text.",
        .reference = {4469, "3"},
        .syntax = "APPEND mailbox CATENATE (URL url | TEXT literal ...)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ | OK NO[BADURL] NO[TOOBIG] BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        .token = "APPEND",
        .context = "MULTIAPPEND",
        .meaning = "Puts several messages into a mailbox, all of them or none.",
        .reference = {3502, "6.3.11"},
        .syntax = "APPEND mailbox 1*([(flags)] [date-time] literal)",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_APPEND, .carries_message = true),
        .token = "APPEND",
        .context = "UTF8=ACCEPT (RFC 6855)",
        .meaning = "Puts a message with UTF-8 headers into a mailbox, as UTF8 (~{n}).",
        .reference = {6855, "4"},
        .replaced_by = "APPEND with a plain literal",
        .syntax = "APPEND mailbox [(flags)] [date-time] UTF8 (~{n})",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_INTERMEDIATE
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_AUTHENTICATE, .next_state = IMAP_STATE_AUTHENTICATED),
        .token = "AUTHENTICATE",
        .context = "SASL-IR",
        .meaning = "Logs in by SASL with the first response on the same line.",
        .reference = {4959, "3"},
        .syntax = "AUTHENTICATE mechanism [initial-response]",
        .states = IMAP_STATE_NOT_AUTHENTICATED,
        .replies = "+ | OK NO BAD",
        .shape = REPLY_SHAPE_CHALLENGES,
        .is_secret = true
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_CANCELUPDATE),
        .token = "CANCELUPDATE",
        .context = "CONTEXT",
        .meaning = "Ends the updates that a SEARCH or SORT had asked for.",
        .reference = {5267, "4.3.5"},
        .syntax = "CANCELUPDATE \"tag\" ...",
        .states = IMAP_STATE_SELECTED,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_COMPARATOR),
        .token = "COMPARATOR",
        .context = "I18NLEVEL=2",
        .meaning = "Chooses the rule by which texts are compared and sorted.",
        .reference = {5255, "4.7"},
        .syntax = "COMPARATOR [order ...]",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "COMPARATOR | OK NO[BADCOMPARATOR] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_COMPRESS),
        .token = "COMPRESS",
        .context = "COMPRESS=DEFLATE",
        .meaning = "Compresses all that follows, in both directions.",
        .reference = {4978, "3"},
        .syntax = "COMPRESS DEFLATE",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO[COMPRESSIONACTIVE] BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_CONVERSIONS),
        .token = "CONVERSIONS",
        .context = "CONVERT",
        .meaning = "Asks from which types to which the server can convert.",
        .reference = {5259, "5.1"},
        .syntax = "CONVERSIONS source-type target-type",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "CONVERSION | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_CONVERT),
        .token = "CONVERT",
        .context = "CONVERT",
        .meaning = "Fetches a body part after the server has converted it.",
        .reference = {5259, "6"},
        .syntax = "CONVERT sequence-set (type parameters) items",
        .states = IMAP_STATE_SELECTED,
        .replies = "CONVERTED | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_DELETEACL),
        .token = "DELETEACL",
        .context = "ACL",
        .meaning = "Takes away all rights that were given to a user on a mailbox.",
        .reference = {4314, "3.2"},
        .syntax = "DELETEACL mailbox identifier",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_ENABLE),
        .token = "ENABLE",
        .context = "ENABLE",
        .meaning = "Tells the server which extensions it may now use towards this client.",
        .reference = {5161, "3.1"},
        .syntax = "ENABLE capability...",
        .states = IMAP_STATE_AUTHENTICATED,
        .replies = "ENABLED | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_ESEARCH),
        .token = "ESEARCH",
        .context = "MULTISEARCH",
        .meaning = "Searches several mailboxes at once, the selected one or others.",
        .reference = {7377, "2"},
        .since = 6237,
        .syntax = "ESEARCH [IN (mailboxes)] [RETURN (options)] keys",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "ESEARCH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GENURLAUTH),
        .token = "GENURLAUTH",
        .context = "URLAUTH",
        .meaning = "Asks for URLs by which others may read a message without a login.",
        .reference = {4467, "BASE.6.3.GENURLAUTH"},
        .syntax = "GENURLAUTH url mechanism ...",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "GENURLAUTH | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETACL),
        .token = "GETACL",
        .context = "ACL",
        .meaning = "Asks who has which rights on a mailbox.",
        .reference = {4314, "3.3"},
        .syntax = "GETACL mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "ACL | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETJMAPACCESS),
        .token = "GETJMAPACCESS",
        .context = "JMAPACCESS",
        .meaning = "Asks for the address at which the same mail can be read by JMAP.",
        .reference = {9698, "4"},
        .syntax = "GETJMAPACCESS",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "JMAPACCESS | OK BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETMETADATA),
        .token = "GETMETADATA",
        .context = "METADATA",
        .meaning = "Reads notes kept with a mailbox or with the whole server.",
        .reference = {5464, "4.2"},
        .syntax = "GETMETADATA [(options)] mailbox entries",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "METADATA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETQUOTA),
        .token = "GETQUOTA",
        .context = "QUOTA",
        .meaning = "Asks for the use and the limits of a quota root.",
        .reference = {9208, "4.1.1"},
        .since = 2087,
        .syntax = "GETQUOTA quota-root",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETQUOTA),
        .token = "GETQUOTA",
        .context = "QUOTA (RFC 2087)",
        .meaning = "Asks for use and limits of a quota root, in the first definition.",
        .reference = {2087, "4.2"},
        .syntax = "GETQUOTA quota-root",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETQUOTAROOT),
        .token = "GETQUOTAROOT",
        .context = "QUOTA",
        .meaning = "Asks which quota roots bind a mailbox, with their use and limits.",
        .reference = {9208, "4.1.2"},
        .since = 2087,
        .syntax = "GETQUOTAROOT mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTAROOT QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
    EXTENSION(
        (.id = IMAP_COMMAND_GETQUOTAROOT),
        .token = "GETQUOTAROOT",
        .context = "QUOTA (RFC 2087)",
        .meaning = "Asks which quota roots bind a mailbox, in the first definition.",
        .reference = {2087, "4.3"},
        .syntax = "GETQUOTAROOT mailbox",
        .states = IMAP_STATES_LOGGED_IN,
        .replies = "QUOTAROOT QUOTA | OK NO BAD",
        .shape = REPLY_SHAPE_TAGGED
    ),
};
