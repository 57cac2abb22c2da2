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

/* Sorted by token, then by context. */
const VocabularyItem imap_status_rows[] = {
    REVISION_1("7.5", .token = "+", .meaning = "The server is ready for the rest of the command."),
    REVISION_2(
        "7.6",
        .token = "+",
        .meaning = "The server is ready for the rest of the command, or has a challenge."
    ),
    EXTENSION(
            .token = "BAD",
            .context = "AUTHENTICATE",
            .meaning = "The exchange was broken off, or the form of the command is wrong.",
            .reference = {9051, "6.2.2"},
            .since = 3501
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
        .meaning = "Tagged: the command was not understood; untagged: a serious error."
    ),
    REVISION_2(
        "7.1.3",
        .token = "BAD",
        .meaning = "Tagged: the command broke the protocol; untagged: a serious error."
    ),
    EXTENSION(
            .token = "BAD",
            .context = "STARTTLS",
            .meaning = "TLS is active already, or STARTTLS had an argument.",
            .reference = {9051, "6.2.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "BYE",
            .context = "greeting",
            .meaning = "The server refuses the connection and closes it.",
            .reference = {9051, "7.1.5"},
            .since = 3501
    ),
    REVISION_1("7.1.5", .token = "BYE", .meaning = "The server is about to close the connection."),
    REVISION_2(
        "7.1.5",
        .token = "BYE",
        .meaning = "The server is about to close the connection; the text says why."
    ),
    EXTENSION(
            .token = "NO",
            .context = "APPEND",
            .meaning = "The message was not taken: mailbox, flags, date or text not accepted.",
            .reference = {9051, "6.3.12"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "AUTHENTICATE",
            .meaning = "The login failed: mechanism not known, or credentials refused.",
            .reference = {9051, "6.2.2"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "COMPRESS",
            .meaning = "Compression is active already, in another layer.",
            .reference = {4978, "3"}
    ),
    EXTENSION(
            .token = "NO",
            .context = "COPY",
            .meaning = "Nothing was copied: messages or mailbox cannot be used.",
            .reference = {9051, "6.4.7"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "CREATE",
            .meaning = "A mailbox of that name cannot be made.",
            .reference = {9051, "6.3.4"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "DELETE",
            .meaning = "The mailbox cannot be deleted.",
            .reference = {9051, "6.3.5"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "EXAMINE",
            .meaning = "No mailbox is open now: it does not exist or may not be opened.",
            .reference = {9051, "6.3.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "EXPUNGE",
            .meaning = "Nothing can be removed here, for lack of permission perhaps.",
            .reference = {9051, "6.4.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "FETCH",
            .meaning = "The data cannot be fetched.",
            .reference = {9051, "6.4.5"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "IDLE",
            .meaning = "The server does not allow IDLE at this time.",
            .reference = {9051, "6.3.13"},
            .since = 2177
    ),
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
    EXTENSION(
            .token = "NO",
            .context = "LIST",
            .meaning = "That reference or pattern cannot be listed.",
            .reference = {9051, "6.3.9"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "LOGIN",
            .meaning = "The login failed: user name or password refused.",
            .reference = {9051, "6.2.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "LSUB",
            .meaning = "That reference or pattern cannot be listed.",
            .reference = {3501, "6.3.9"}
    ),
    EXTENSION(
            .token = "NO",
            .context = "MOVE",
            .meaning = "The messages cannot be moved, or not to that name.",
            .reference = {9051, "6.4.8"},
            .since = 6851
    ),
    EXTENSION(
            .token = "NO",
            .context = "NAMESPACE",
            .meaning = "The namespaces cannot be told.",
            .reference = {9051, "6.3.10"},
            .since = 2342
    ),
    EXTENSION(
            .token = "NO",
            .context = "RENAME",
            .meaning = "The mailbox cannot be renamed, or the new name cannot be used.",
            .reference = {9051, "6.3.6"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "SEARCH",
            .meaning = "The server cannot search by that charset or those keys.",
            .reference = {9051, "6.4.4"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "SELECT",
            .meaning = "No mailbox is open now: it does not exist or may not be opened.",
            .reference = {9051, "6.3.2"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "STARTTLS",
            .meaning = "TLS cannot be started because the server is set up wrongly.",
            .reference = {9051, "6.2.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "STATUS",
            .meaning = "There is no status for that name.",
            .reference = {9051, "6.3.11"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "STORE",
            .meaning = "The flags cannot be changed.",
            .reference = {9051, "6.4.6"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "SUBSCRIBE",
            .meaning = "That name cannot be subscribed to.",
            .reference = {9051, "6.3.7"},
            .since = 3501
    ),
    EXTENSION(
            .token = "NO",
            .context = "UNSUBSCRIBE",
            .meaning = "That name cannot be taken off the list.",
            .reference = {9051, "6.3.8"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "APPEND",
            .meaning = "The message is in the mailbox.",
            .reference = {9051, "6.3.12"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "AUTHENTICATE",
            .meaning = "The client is logged in.",
            .reference = {9051, "6.2.2"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "CAPABILITY",
            .meaning = "The list of capabilities is complete.",
            .reference = {9051, "6.1.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "CHECK",
            .meaning = "The state of the mailbox is saved.",
            .reference = {3501, "6.4.1"}
    ),
    EXTENSION(
            .token = "OK",
            .context = "CLOSE",
            .meaning = "The mailbox is closed and what was marked \\Deleted is gone.",
            .reference = {9051, "6.4.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "COMPRESS",
            .meaning = "From the next octet on the server sends compressed data.",
            .reference = {4978, "3"}
    ),
    EXTENSION(
            .token = "OK",
            .context = "COPY",
            .meaning = "The messages are copied.",
            .reference = {9051, "6.4.7"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "CREATE",
            .meaning = "The mailbox exists now.",
            .reference = {9051, "6.3.4"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "DELETE",
            .meaning = "The mailbox is gone.",
            .reference = {9051, "6.3.5"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "ENABLE",
            .meaning = "The named extensions are on, as far as ENABLED lists them.",
            .reference = {9051, "6.3.1"},
            .since = 5161
    ),
    EXTENSION(
            .token = "OK",
            .context = "EXAMINE",
            .meaning = "The mailbox is open for reading.",
            .reference = {9051, "6.3.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "EXPUNGE",
            .meaning = "All messages marked \\Deleted are gone.",
            .reference = {9051, "6.4.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "FETCH",
            .meaning = "All that was asked for has been sent.",
            .reference = {9051, "6.4.5"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "greeting",
            .meaning = "The server is ready; the client is not logged in yet.",
            .reference = {9051, "7.1.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "IDLE",
            .meaning = "The waiting has ended as the client asked with DONE.",
            .reference = {9051, "6.3.13"},
            .since = 2177
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
    EXTENSION(
            .token = "OK",
            .context = "LIST",
            .meaning = "All matching mailboxes have been listed.",
            .reference = {9051, "6.3.9"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "LOGIN",
            .meaning = "The client is logged in.",
            .reference = {9051, "6.2.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "LOGOUT",
            .meaning = "The session is over; both sides close the connection.",
            .reference = {9051, "6.1.3"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "LSUB",
            .meaning = "All matching subscribed names have been listed.",
            .reference = {3501, "6.3.9"}
    ),
    EXTENSION(
            .token = "OK",
            .context = "MOVE",
            .meaning = "The messages are moved.",
            .reference = {9051, "6.4.8"},
            .since = 6851
    ),
    EXTENSION(
            .token = "OK",
            .context = "NAMESPACE",
            .meaning = "The namespaces have been listed.",
            .reference = {9051, "6.3.10"},
            .since = 2342
    ),
    EXTENSION(
            .token = "OK",
            .context = "NOOP",
            .meaning = "Nothing was to be done; changes, if any, stand before this line.",
            .reference = {9051, "6.1.2"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "RENAME",
            .meaning = "The mailbox has its new name.",
            .reference = {9051, "6.3.6"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "SEARCH",
            .meaning = "The search is complete; its result stands in the line before.",
            .reference = {9051, "6.4.4"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "SELECT",
            .meaning = "The mailbox is open.",
            .reference = {9051, "6.3.2"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "STARTTLS",
            .meaning = "TLS begins right behind this line; nothing after it can be read.",
            .reference = {9051, "6.2.1"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "STATUS",
            .meaning = "The numbers asked for stand in the STATUS response before.",
            .reference = {9051, "6.3.11"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "STORE",
            .meaning = "The flags are changed.",
            .reference = {9051, "6.4.6"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "SUBSCRIBE",
            .meaning = "The name is on the list of subscribed mailboxes.",
            .reference = {9051, "6.3.7"},
            .since = 3501
    ),
    EXTENSION(
            .token = "OK",
            .context = "UNSELECT",
            .meaning = "The mailbox is closed and nothing was removed.",
            .reference = {9051, "6.4.2"},
            .since = 3691
    ),
    EXTENSION(
            .token = "OK",
            .context = "UNSUBSCRIBE",
            .meaning = "The name is off the list of subscribed mailboxes.",
            .reference = {9051, "6.3.8"},
            .since = 3501
    ),
    EXTENSION(
            .token = "PREAUTH",
            .context = "greeting",
            .meaning = "The server is ready and takes the client as logged in already.",
            .reference = {9051, "7.1.4"},
            .since = 3501
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
