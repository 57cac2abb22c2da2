/* OK, NO, BAD, PREAUTH, BYE and +: in general, as greetings, and as results of each command. */

#include "protocol/imap/imap-rows.h"

#define REVISION_1(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_REPLY,                                     \
        IMAP_REVISION_1_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define REVISION_2(section_, ...)                                                                  \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_REPLY,                                     \
        IMAP_REVISION_2_REFERENCE(section_), __VA_ARGS__                                           \
    }
#define EXTENSION(...)                                                                             \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_REPLY, __VA_ARGS__                         \
    }

/* The result of one command, first in the words of IMAP4rev1 (RFC 3501, or the extension that the
 * command came from), then in those of IMAP4rev2. */
#define RESULT(token_, command_, rfc_, section_, section_2_, meaning_)                             \
    {.protocol = VOCABULARY_IMAP,                                                                  \
     .kind = VOCABULARY_REPLY,                                                                     \
     .token = (token_),                                                                            \
     .context = (command_),                                                                        \
     .meaning = (meaning_),                                                                        \
     .reference = {(rfc_), (section_)}},                                                           \
    {                                                                                              \
        .protocol = VOCABULARY_IMAP, .kind = VOCABULARY_REPLY, .token = (token_),                  \
        .context = (command_), .meaning = (meaning_), .reference = {9051, (section_2_)},           \
        .since = (rfc_)                                                                            \
    }

/* Sorted by token, then by context, then by revision. */
const VocabularyItem imap_status_rows[] = {
    REVISION_1("7.5", .token = "+", .meaning = "The server is ready for the rest of the command."),
    REVISION_2(
        "7.6",
        .token = "+",
        .meaning = "The server is ready for the rest of the command, or has a challenge."
    ),
    RESULT(
        "BAD",
        "AUTHENTICATE",
        3501,
        "6.2.2",
        "6.2.2",
        "The exchange was broken off, or the form of the command is wrong."
    ),
    EXTENSION(
            .token = "BAD",
            .context = "COMPRESS",
            .meaning = "No such compression, or it is active already.",
            .reference = {4978, "3"}
    ),
    REVISION_1(
        "7.1.3",
        .token = "BAD",
        .meaning = "Tagged: the command is wrong, as the text says; untagged: a serious error."
    ),
    REVISION_2(
        "7.1.3",
        .token = "BAD",
        .meaning = "Tagged: the command broke the protocol; untagged: a serious error."
    ),
    RESULT(
        "BAD",
        "STARTTLS",
        3501,
        "6.2.1",
        "6.2.1",
        "TLS is active already, or STARTTLS had an argument."
    ),
    RESULT(
        "BYE",
        "greeting",
        3501,
        "7.1.5",
        "7.1.5",
        "The server refuses the connection and closes it."
    ),
    REVISION_1("7.1.5", .token = "BYE", .meaning = "The server is about to close the connection."),
    REVISION_2(
        "7.1.5",
        .token = "BYE",
        .meaning = "The server is about to close the connection; the text says why."
    ),
    RESULT(
        "NO",
        "APPEND",
        3501,
        "6.3.11",
        "6.3.12",
        "The message was not taken: mailbox, flags, date or text not accepted."
    ),
    RESULT(
        "NO",
        "AUTHENTICATE",
        3501,
        "6.2.2",
        "6.2.2",
        "The login failed: mechanism not known, or credentials refused."
    ),
    EXTENSION(
            .token = "NO",
            .context = "COMPRESS",
            .meaning = "Compression is active already, in another layer.",
            .reference = {4978, "3"}
    ),
    RESULT(
        "NO",
        "COPY",
        3501,
        "6.4.7",
        "6.4.7",
        "Nothing was copied: messages or mailbox cannot be used."
    ),
    RESULT("NO", "CREATE", 3501, "6.3.3", "6.3.4", "A mailbox of that name cannot be made."),
    RESULT("NO", "DELETE", 3501, "6.3.4", "6.3.5", "The mailbox cannot be deleted."),
    RESULT(
        "NO",
        "EXAMINE",
        3501,
        "6.3.2",
        "6.3.3",
        "No mailbox is open now: it does not exist or may not be opened."
    ),
    RESULT(
        "NO",
        "EXPUNGE",
        3501,
        "6.4.3",
        "6.4.3",
        "Nothing can be removed here, for lack of permission perhaps."
    ),
    RESULT("NO", "FETCH", 3501, "6.4.5", "6.4.5", "The data cannot be fetched."),
    RESULT("NO", "IDLE", 2177, "3", "6.3.13", "The server does not allow IDLE at this time."),
    REVISION_1(
        "7.1.2",
        .token = "NO",
        .meaning = "Tagged: the command failed; untagged: a warning; it may still succeed."
    ),
    REVISION_2(
        "7.1.2",
        .token = "NO",
        .meaning = "Tagged: the command was not carried out; untagged: a warning."
    ),
    RESULT("NO", "LIST", 3501, "6.3.8", "6.3.9", "That reference or pattern cannot be listed."),
    RESULT(
        "NO", "LOGIN", 3501, "6.2.3", "6.2.3", "The login failed: user name or password refused."
    ),
    EXTENSION(
            .token = "NO",
            .context = "LSUB",
            .meaning = "That reference or pattern cannot be listed.",
            .reference = {3501, "6.3.9"}
    ),
    RESULT(
        "NO", "MOVE", 6851, "3.1", "6.4.8", "The messages cannot be moved, or not to that name."
    ),
    RESULT("NO", "NAMESPACE", 2342, "5", "6.3.10", "The namespaces cannot be told."),
    RESULT(
        "NO",
        "RENAME",
        3501,
        "6.3.5",
        "6.3.6",
        "The mailbox cannot be renamed, or the new name cannot be used."
    ),
    RESULT(
        "NO",
        "SEARCH",
        3501,
        "6.4.4",
        "6.4.4",
        "The server cannot search by that charset or those keys."
    ),
    RESULT(
        "NO",
        "SELECT",
        3501,
        "6.3.1",
        "6.3.2",
        "No mailbox is open now: it does not exist or may not be opened."
    ),
    RESULT(
        "NO",
        "STARTTLS",
        3501,
        "6.2.1",
        "6.2.1",
        "TLS cannot be started because the server is set up wrongly."
    ),
    RESULT("NO", "STATUS", 3501, "6.3.10", "6.3.11", "There is no status for that name."),
    RESULT("NO", "STORE", 3501, "6.4.6", "6.4.6", "The flags cannot be changed."),
    RESULT("NO", "SUBSCRIBE", 3501, "6.3.6", "6.3.7", "That name cannot be subscribed to."),
    RESULT("NO", "UNSUBSCRIBE", 3501, "6.3.7", "6.3.8", "That name cannot be taken off the list."),
    RESULT("OK", "APPEND", 3501, "6.3.11", "6.3.12", "The message is in the mailbox."),
    RESULT("OK", "AUTHENTICATE", 3501, "6.2.2", "6.2.2", "The client is logged in."),
    RESULT("OK", "CAPABILITY", 3501, "6.1.1", "6.1.1", "The list of capabilities is complete."),
    EXTENSION(
            .token = "OK",
            .context = "CHECK",
            .meaning = "The state of the mailbox is saved.",
            .reference = {3501, "6.4.1"}
    ),
    RESULT(
        "OK",
        "CLOSE",
        3501,
        "6.4.2",
        "6.4.1",
        "The mailbox is closed and what was marked \\Deleted is gone."
    ),
    EXTENSION(
            .token = "OK",
            .context = "COMPRESS",
            .meaning = "From the next octet on the server sends compressed data.",
            .reference = {4978, "3"}
    ),
    RESULT("OK", "COPY", 3501, "6.4.7", "6.4.7", "The messages are copied."),
    RESULT("OK", "CREATE", 3501, "6.3.3", "6.3.4", "The mailbox exists now."),
    RESULT("OK", "DELETE", 3501, "6.3.4", "6.3.5", "The mailbox is gone."),
    RESULT(
        "OK",
        "ENABLE",
        5161,
        "3.1",
        "6.3.1",
        "The named extensions are on, as far as ENABLED lists them."
    ),
    RESULT("OK", "EXAMINE", 3501, "6.3.2", "6.3.3", "The mailbox is open for reading."),
    RESULT("OK", "EXPUNGE", 3501, "6.4.3", "6.4.3", "All messages marked \\Deleted are gone."),
    RESULT("OK", "FETCH", 3501, "6.4.5", "6.4.5", "All that was asked for has been sent."),
    RESULT(
        "OK",
        "greeting",
        3501,
        "7.1.1",
        "7.1.1",
        "The server is ready; the client is not logged in yet."
    ),
    RESULT(
        "OK", "IDLE", 2177, "3", "6.3.13", "The waiting has ended as the client asked with DONE."
    ),
    REVISION_1(
        "7.1.1",
        .token = "OK",
        .meaning = "Tagged: the command succeeded; untagged: information only."
    ),
    REVISION_2(
        "7.1.1",
        .token = "OK",
        .meaning = "Tagged: the command was carried out; untagged: information only."
    ),
    RESULT("OK", "LIST", 3501, "6.3.8", "6.3.9", "All matching mailboxes have been listed."),
    RESULT("OK", "LOGIN", 3501, "6.2.3", "6.2.3", "The client is logged in."),
    RESULT(
        "OK",
        "LOGOUT",
        3501,
        "6.1.3",
        "6.1.3",
        "The session is over; both sides close the connection."
    ),
    EXTENSION(
            .token = "OK",
            .context = "LSUB",
            .meaning = "All matching subscribed names have been listed.",
            .reference = {3501, "6.3.9"}
    ),
    RESULT("OK", "MOVE", 6851, "3.1", "6.4.8", "The messages are moved."),
    RESULT("OK", "NAMESPACE", 2342, "5", "6.3.10", "The namespaces have been listed."),
    RESULT(
        "OK",
        "NOOP",
        3501,
        "6.1.2",
        "6.1.2",
        "Nothing was to be done; changes, if any, stand before this line."
    ),
    RESULT("OK", "RENAME", 3501, "6.3.5", "6.3.6", "The mailbox has its new name."),
    RESULT(
        "OK",
        "SEARCH",
        3501,
        "6.4.4",
        "6.4.4",
        "The search is complete; its result stands in the line before."
    ),
    RESULT("OK", "SELECT", 3501, "6.3.1", "6.3.2", "The mailbox is open."),
    RESULT(
        "OK",
        "STARTTLS",
        3501,
        "6.2.1",
        "6.2.1",
        "TLS begins right behind this line; nothing after it can be read."
    ),
    RESULT(
        "OK",
        "STATUS",
        3501,
        "6.3.10",
        "6.3.11",
        "The numbers asked for stand in the STATUS response before."
    ),
    RESULT("OK", "STORE", 3501, "6.4.6", "6.4.6", "The flags are changed."),
    RESULT(
        "OK",
        "SUBSCRIBE",
        3501,
        "6.3.6",
        "6.3.7",
        "The name is on the list of subscribed mailboxes."
    ),
    RESULT("OK", "UNSELECT", 3691, "2", "6.4.2", "The mailbox is closed and nothing was removed."),
    RESULT(
        "OK",
        "UNSUBSCRIBE",
        3501,
        "6.3.7",
        "6.3.8",
        "The name is off the list of subscribed mailboxes."
    ),
    RESULT(
        "PREAUTH",
        "greeting",
        3501,
        "7.1.4",
        "7.1.4",
        "The server is ready and takes the client as logged in already."
    ),
    REVISION_1(
        "7.1.4",
        .token = "PREAUTH",
        .meaning = "Greeting: the client is logged in already, by other means."
    ),
    REVISION_2(
        "7.1.4",
        .token = "PREAUTH",
        .meaning = "Greeting: the client is logged in already; STARTTLS is now impossible."
    ),
};
