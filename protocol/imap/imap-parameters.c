/* Words that change SEARCH, FETCH, STORE and LIST. */

#include "protocol/imap/imap-rows.h"

#define EXTENSION(command_, ...)                                                                   \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_IMAP, .kind = VOCABULARY_PARAMETER, __VA_ARGS__},          \
        .command = (command_)                                                                      \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const ImapParameterRow imap_parameter_rows[] = {
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "+FLAGS",
        .context = "IMAP4rev1 STORE",
        .meaning = "Adds these flags to those of the messages.",
        .reference = {3501, "6.4.6"},
        .syntax = "+FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "+FLAGS",
        .context = "IMAP4rev2 STORE",
        .meaning = "Adds these flags to those of the messages.",
        .reference = {9051, "6.4.6"},
        .syntax = "+FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "+FLAGS.SILENT",
        .context = "IMAP4rev1 STORE",
        .meaning = "Adds flags; the server need not tell the new ones.",
        .reference = {3501, "6.4.6"},
        .syntax = "+FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "+FLAGS.SILENT",
        .context = "IMAP4rev2 STORE",
        .meaning = "Adds flags; the server need not tell the new ones.",
        .reference = {9051, "6.4.6"},
        .syntax = "+FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "-FLAGS",
        .context = "IMAP4rev1 STORE",
        .meaning = "Removes these flags from the messages.",
        .reference = {3501, "6.4.6"},
        .syntax = "-FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "-FLAGS",
        .context = "IMAP4rev2 STORE",
        .meaning = "Removes these flags from the messages.",
        .reference = {9051, "6.4.6"},
        .syntax = "-FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "-FLAGS.SILENT",
        .context = "IMAP4rev1 STORE",
        .meaning = "Removes flags; the server need not tell the new ones.",
        .reference = {3501, "6.4.6"},
        .syntax = "-FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "-FLAGS.SILENT",
        .context = "IMAP4rev2 STORE",
        .meaning = "Removes flags; the server need not tell the new ones.",
        .reference = {9051, "6.4.6"},
        .syntax = "-FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "ALL",
        .context = "ESEARCH",
        .meaning = "Asks for all numbers that match, as a sequence set.",
        .reference = {4731, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "ALL",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Asks for all numbers that match, as a sequence set.",
        .reference = {9051, "6.4.4"},
        .since = 4731
    ),
    EXTENSION(
        IMAP_COMMAND_FETCH,
        .token = "CHANGEDSINCE",
        .context = "CONDSTORE",
        .meaning = "Only messages changed since this mod-sequence are told of.",
        .reference = {7162, "3.1.4.1"},
        .since = 4551,
        .syntax = "CHANGEDSINCE number"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "CHARSET",
        .context = "IMAP4rev1 SEARCH",
        .meaning = "Names the charset of the texts in the keys; without it US-ASCII.",
        .reference = {3501, "6.4.4"},
        .syntax = "CHARSET name"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "CHARSET",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Names the charset of the texts in the keys; without it UTF-8.",
        .reference = {9051, "6.4.4"},
        .syntax = "CHARSET name"
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "CHILDINFO",
        .context = "IMAP4rev2 LIST data",
        .meaning = "Says by which choice mailboxes below this one were found.",
        .reference = {9051, "6.3.9.6"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "CHILDINFO",
        .context = "LIST-EXTENDED data",
        .meaning = "Says by which choice mailboxes below this one were found.",
        .reference = {5258, "3.5"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "CHILDREN",
        .context = "CHILDREN return option",
        .meaning = "Asks for \\HasChildren or \\HasNoChildren with each mailbox.",
        .reference = {5258, "4"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "CHILDREN",
        .context = "IMAP4rev2 LIST return",
        .meaning = "Tells of each mailbox whether there are others below it.",
        .reference = {9051, "6.3.9.2"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "CHILDREN",
        .context = "LIST-EXTENDED return",
        .meaning = "Tells of each mailbox whether there are others below it.",
        .reference = {5258, "3.2"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "CONTEXT",
        .context = "CONTEXT",
        .meaning = "Hints that the client will come back to this search.",
        .reference = {5267, "4.2"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "COUNT",
        .context = "ESEARCH",
        .meaning = "Asks how many messages match.",
        .reference = {4731, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "COUNT",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Asks how many messages match.",
        .reference = {9051, "6.4.4"},
        .since = 4731
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "FLAGS",
        .context = "IMAP4rev1 STORE",
        .meaning = "Replaces the flags of the messages by these.",
        .reference = {3501, "6.4.6"},
        .syntax = "FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "FLAGS",
        .context = "IMAP4rev2 STORE",
        .meaning = "Replaces the flags of the messages by these.",
        .reference = {9051, "6.4.6"},
        .syntax = "FLAGS (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "FLAGS.SILENT",
        .context = "IMAP4rev1 STORE",
        .meaning = "Replaces the flags; the server need not tell the new ones.",
        .reference = {3501, "6.4.6"},
        .syntax = "FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "FLAGS.SILENT",
        .context = "IMAP4rev2 STORE",
        .meaning = "Replaces the flags; the server need not tell the new ones.",
        .reference = {9051, "6.4.6"},
        .syntax = "FLAGS.SILENT (flags)"
    ),
    EXTENSION(
        IMAP_COMMAND_FETCH,
        .token = "LAZY",
        .context = "PREVIEW",
        .meaning = "Gives previews only where they are at hand, NIL elsewhere.",
        .reference = {8970, "4.1"},
        .syntax = "PREVIEW (LAZY)"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "MAX",
        .context = "ESEARCH",
        .meaning = "Asks for the highest number that matches.",
        .reference = {4731, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "MAX",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Asks for the highest number that matches.",
        .reference = {9051, "6.4.4"},
        .since = 4731
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "METADATA",
        .context = "LIST-METADATA",
        .meaning = "Adds a METADATA response for each mailbox.",
        .reference = {9590, "3"},
        .syntax = "METADATA (entries)"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "MIN",
        .context = "ESEARCH",
        .meaning = "Asks for the lowest number that matches.",
        .reference = {4731, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "MIN",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Asks for the lowest number that matches.",
        .reference = {9051, "6.4.4"},
        .since = 4731
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "MYRIGHTS",
        .context = "LIST-MYRIGHTS",
        .meaning = "Adds a MYRIGHTS response for each mailbox.",
        .reference = {8440, "3"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "OLDNAME",
        .context = "IMAP4rev2 LIST data",
        .meaning = "Gives the name that the mailbox had before.",
        .reference = {9051, "6.3.9.7"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "PARTIAL",
        .context = "CONTEXT",
        .meaning = "Asks for a part of the result only, by position.",
        .reference = {5267, "4.4"},
        .syntax = "PARTIAL first:last"
    ),
    EXTENSION(
        IMAP_COMMAND_FETCH,
        .token = "PARTIAL",
        .context = "PARTIAL FETCH",
        .meaning = "Fetches data for a part of the messages named only.",
        .reference = {9394, "3.3"},
        .syntax = "PARTIAL first:last"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "PARTIAL",
        .context = "PARTIAL SEARCH",
        .meaning = "Asks for a part of the result only, as for a page.",
        .reference = {9394, "3.1"},
        .syntax = "PARTIAL first:last"
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "RECURSIVEMATCH",
        .context = "IMAP4rev2 LIST selection",
        .meaning = "Lists parents, too, if a mailbox below them was chosen.",
        .reference = {9051, "6.3.9.1"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "RECURSIVEMATCH",
        .context = "LIST-EXTENDED selection",
        .meaning = "Lists parents, too, if a mailbox below them was chosen.",
        .reference = {5258, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "REMOTE",
        .context = "IMAP4rev2 LIST selection",
        .meaning = "Lists mailboxes on other servers, too.",
        .reference = {9051, "6.3.9.1"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "REMOTE",
        .context = "LIST-EXTENDED selection",
        .meaning = "Lists mailboxes on other servers, too.",
        .reference = {5258, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "RETURN",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Says what shall be told of the result.",
        .reference = {9051, "6.4.4"},
        .since = 4731,
        .syntax = "RETURN (options)"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "SAVE",
        .context = "IMAP4rev2 SEARCH",
        .meaning = "Keeps the result, so that $ stands for it in later commands.",
        .reference = {9051, "6.4.4"},
        .since = 5182
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "SAVE",
        .context = "SEARCHRES",
        .meaning = "Keeps the result, so that $ stands for it in later commands.",
        .reference = {5182, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "SPECIAL-USE",
        .context = "SPECIAL-USE",
        .meaning = "Lists, or shows, mailboxes that have a special use.",
        .reference = {6154, "2"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "STATUS",
        .context = "IMAP4rev2 LIST return",
        .meaning = "Adds a STATUS response for each mailbox.",
        .reference = {9051, "6.3.9.2"},
        .since = 5819,
        .syntax = "STATUS (items)"
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "STATUS",
        .context = "LIST-STATUS",
        .meaning = "Adds a STATUS response for each mailbox.",
        .reference = {5819, "2"},
        .syntax = "STATUS (items)"
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "SUBSCRIBED",
        .context = "IMAP4rev2 LIST return",
        .meaning = "Tells of each mailbox whether it is subscribed.",
        .reference = {9051, "6.3.9.2"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "SUBSCRIBED",
        .context = "IMAP4rev2 LIST selection",
        .meaning = "Lists subscribed names instead of existing mailboxes.",
        .reference = {9051, "6.3.9.1"},
        .since = 5258
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "SUBSCRIBED",
        .context = "LIST-EXTENDED return",
        .meaning = "Tells of each mailbox whether it is subscribed.",
        .reference = {5258, "3.2"}
    ),
    EXTENSION(
        IMAP_COMMAND_LIST,
        .token = "SUBSCRIBED",
        .context = "LIST-EXTENDED selection",
        .meaning = "Lists subscribed names instead of existing mailboxes.",
        .reference = {5258, "3.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_STORE,
        .token = "UNCHANGEDSINCE",
        .context = "CONDSTORE",
        .meaning = "Only messages not changed since this mod-sequence are touched.",
        .reference = {7162, "3.1.3"},
        .since = 4551,
        .syntax = "UNCHANGEDSINCE number"
    ),
    EXTENSION(
        IMAP_COMMAND_SEARCH,
        .token = "UPDATE",
        .context = "CONTEXT",
        .meaning = "Asks the server to report changes of the result from now on.",
        .reference = {5267, "4.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_FETCH,
        .token = "VANISHED",
        .context = "QRESYNC",
        .meaning = "Messages that are gone are reported, too.",
        .reference = {7162, "3.2.6"}
    ),
};
