/* Words that change the commands of extensions: sort keys, rights, resources, ID fields. */

#include "protocol/imap/imap-rows.h"

#define EXTENSION(command_, ...)                                                                   \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_IMAP, .kind = VOCABULARY_PARAMETER, __VA_ARGS__},          \
        .command = (command_)                                                                      \
    }

/* Sorted by token; of one token the base comes before the extensions. */
const ImapParameterRow imap_extension_parameter_rows[] = {
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "a",
        .context = "ACL right",
        .meaning = "The rights themselves may be changed.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "address",
        .context = "ID",
        .meaning = "The postal address of the maker.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SELECT,
        .token = "ANNOTATE",
        .context = "ANNOTATE",
        .meaning = "Opens the mailbox and asks to be told of changed notes.",
        .reference = {5257, "4.2"},
        .syntax = "SELECT mailbox (ANNOTATE)"
    ),
    EXTENSION(
        IMAP_COMMAND_GETQUOTA,
        .token = "ANNOTATION-STORAGE",
        .context = "QUOTA=RES-ANNOTATION-STORAGE",
        .meaning = "Limits the size of all notes.",
        .reference = {9208, "5.4"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "arguments",
        .context = "ID",
        .meaning = "The arguments of that command line.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "ARRIVAL",
        .context = "SORT",
        .meaning = "Sorts by the date at which messages came in.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_APPEND,
        .token = "CATENATE",
        .context = "CATENATE",
        .meaning = "The message is put together from URLs and new text.",
        .reference = {4469, "3"},
        .syntax = "CATENATE (parts)"
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "CC",
        .context = "SORT",
        .meaning = "Sorts by the first address in the Cc field.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "command",
        .context = "ID",
        .meaning = "The command line that started the program.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SELECT,
        .token = "CONDSTORE",
        .context = "CONDSTORE",
        .meaning = "Opens the mailbox and asks for mod-sequences from now on.",
        .reference = {7162, "3.1.8"},
        .since = 4551,
        .syntax = "SELECT mailbox (CONDSTORE)"
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "date",
        .context = "ID",
        .meaning = "When this version came out.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "DATE",
        .context = "SORT",
        .meaning = "Sorts by the date of sending.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_COMPRESS,
        .token = "DEFLATE",
        .context = "COMPRESS=DEFLATE",
        .meaning = "The one compression that is defined, that of RFC 1951.",
        .reference = {4978, "3"}
    ),
    EXTENSION(
        IMAP_COMMAND_GETMETADATA,
        .token = "DEPTH",
        .context = "METADATA",
        .meaning = "Gives the notes below the entry, too: 0, 1 or infinity.",
        .reference = {5464, "4.2.2"},
        .syntax = "DEPTH 0|1|infinity"
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "DISPLAYFROM",
        .context = "SORT=DISPLAY",
        .meaning = "Sorts by the name of the sender as it is shown.",
        .reference = {5957, "4"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "DISPLAYTO",
        .context = "SORT=DISPLAY",
        .meaning = "Sorts by the name of the recipient as it is shown.",
        .reference = {5957, "4"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "e",
        .context = "ACL right",
        .meaning = "Messages may be removed by EXPUNGE or CLOSE.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "environment",
        .context = "ID",
        .meaning = "The settings of the surroundings.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "FROM",
        .context = "SORT",
        .meaning = "Sorts by the first address in the From field.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "i",
        .context = "ACL right",
        .meaning = "Messages may be put in, by APPEND or COPY.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "k",
        .context = "ACL right",
        .meaning = "Mailboxes may be made below it.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "l",
        .context = "ACL right",
        .meaning = "The mailbox may be seen in lists.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_GETQUOTA,
        .token = "MAILBOX",
        .context = "QUOTA=RES-MAILBOX",
        .meaning = "Limits the number of mailboxes.",
        .reference = {9208, "5.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_GETMETADATA,
        .token = "MAXSIZE",
        .context = "METADATA",
        .meaning = "Gives only notes up to this length.",
        .reference = {5464, "4.2.1"},
        .syntax = "MAXSIZE number"
    ),
    EXTENSION(
        IMAP_COMMAND_GETQUOTA,
        .token = "MESSAGE",
        .context = "QUOTA=RES-MESSAGE",
        .meaning = "Limits the number of messages.",
        .reference = {9208, "5.2"},
        .since = 2087
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "name",
        .context = "ID",
        .meaning = "The name of the program.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_THREAD,
        .token = "ORDEREDSUBJECT",
        .context = "THREAD",
        .meaning = "Groups messages by base subject and sorts them by date.",
        .reference = {5256, "BASE.6.4.THREAD"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "os",
        .context = "ID",
        .meaning = "The operating system.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "os-version",
        .context = "ID",
        .meaning = "The version of the operating system.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "p",
        .context = "ACL right",
        .meaning = "Mail may be sent to the submission address of the mailbox.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SELECT,
        .token = "QRESYNC",
        .context = "QRESYNC",
        .meaning = "Opens the mailbox and asks for all that changed since last time.",
        .reference = {7162, "3.2.5"},
        .syntax = "SELECT mailbox (QRESYNC (uidvalidity modseq [uids [match]]))"
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "r",
        .context = "ACL right",
        .meaning = "The mailbox may be opened and read.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_THREAD,
        .token = "REFERENCES",
        .context = "THREAD",
        .meaning = "Groups messages by References and In-Reply-To.",
        .reference = {5256, "BASE.6.4.THREAD"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "REVERSE",
        .context = "SORT",
        .meaning = "Turns the order of the next criterion round.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "s",
        .context = "ACL right",
        .meaning = "Whether messages are read may be kept: \\Seen.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "SIZE",
        .context = "SORT",
        .meaning = "Sorts by size in octets.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_GETQUOTA,
        .token = "STORAGE",
        .context = "QUOTA=RES-STORAGE",
        .meaning = "Limits the size of all messages, in units of 1024 octets.",
        .reference = {9208, "5.1"},
        .since = 2087
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "SUBJECT",
        .context = "SORT",
        .meaning = "Sorts by the base subject, without Re: and Fwd:.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "support-url",
        .context = "ID",
        .meaning = "Where to find help with the program.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "t",
        .context = "ACL right",
        .meaning = "Messages may be marked \\Deleted.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SORT,
        .token = "TO",
        .context = "SORT",
        .meaning = "Sorts by the first address in the To field.",
        .reference = {5256, "BASE.6.4.SORT"}
    ),
    EXTENSION(
        IMAP_COMMAND_CREATE,
        .token = "USE",
        .context = "CREATE-SPECIAL-USE",
        .meaning = "Gives the new mailbox a special use, such as \\Sent.",
        .reference = {6154, "3"},
        .syntax = "CREATE mailbox (USE (attributes))"
    ),
    EXTENSION(
        IMAP_COMMAND_APPEND,
        .token = "UTF8",
        .context = "UTF8=ACCEPT (RFC 6855)",
        .meaning = "The literal behind it is a message with UTF-8 headers.",
        .reference = {6855, "4"},
        .replaced_by = "a plain literal",
        .syntax = "UTF8 (~{n})"
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "vendor",
        .context = "ID",
        .meaning = "Who makes the program.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_ID,
        .token = "version",
        .context = "ID",
        .meaning = "The version of the program.",
        .reference = {2971, "3.3"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "w",
        .context = "ACL right",
        .meaning = "Other flags may be changed.",
        .reference = {4314, "2.1"}
    ),
    EXTENSION(
        IMAP_COMMAND_SETACL,
        .token = "x",
        .context = "ACL right",
        .meaning = "The mailbox may be deleted or renamed.",
        .reference = {4314, "2.1"}
    ),
};
