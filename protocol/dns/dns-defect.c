#include "protocol/dns/dns-message.h"

static const DnsDefectRow rows[] = {
    {
        .kind = DNS_DEFECT_NONE,
        .name = "none",
        .meaning = "Nothing is wrong.",
        .reference = {1035, "4"},
    },
    {
        .kind = DNS_DEFECT_HEADER_CUT,
        .name = "header cut",
        .meaning = "The message is shorter than the twelve octets of its header.",
        .is_fatal = true,
        .reference = {1035, "4.1.1"},
    },
    {
        .kind = DNS_DEFECT_TOO_LONG,
        .name = "message too long",
        .meaning = "The message is longer than two length octets can say.",
        .is_fatal = true,
        .reference = {1035, "4.2.2"},
    },
    {
        .kind = DNS_DEFECT_NAME_CUT,
        .name = "name cut",
        .meaning = "The message ends in the middle of a name.",
        .is_fatal = true,
        .reference = {1035, "3.1"},
    },
    {
        .kind = DNS_DEFECT_NAME_TOO_LONG,
        .name = "name too long",
        .meaning = "The name has more than 255 octets once its pointers are followed.",
        .is_fatal = false,
        .reference = {1035, "2.3.4"},
    },
    {
        .kind = DNS_DEFECT_LABEL_KIND,
        .name = "unknown label kind",
        .meaning = "A length octet starts with the bits 01 or 10, which mean nothing here.",
        .is_fatal = true,
        .reference = {1035, "4.1.4"},
    },
    {
        .kind = DNS_DEFECT_POINTER_FORWARD,
        .name = "forward pointer",
        .meaning = "A pointer leads towards the end of the message, but only an earlier place can "
                   "be meant.",
        .is_fatal = false,
        .reference = {1035, "4.1.4"},
    },
    {
        .kind = DNS_DEFECT_POINTER_LOOP,
        .name = "pointer loop",
        .meaning = "A pointer leads back into the name it belongs to, so the name never ends.",
        .is_fatal = false,
        .reference = {1035, "4.1.4"},
    },
    {
        .kind = DNS_DEFECT_POINTER_HEADER,
        .name = "pointer into the header",
        .meaning = "A pointer leads into the header, where no name can stand.",
        .is_fatal = false,
        .reference = {1035, "4.1.4"},
    },
    {
        .kind = DNS_DEFECT_POINTER_CHAIN,
        .name = "long chain of pointers",
        .meaning = "The name runs over more pointers than a name can have labels.",
        .is_fatal = false,
        .reference = {1035, "4.1.4"},
    },
    {
        .kind = DNS_DEFECT_QUESTION_CUT,
        .name = "question cut",
        .meaning = "The message ends inside a question that the header counts.",
        .is_fatal = true,
        .reference = {1035, "4.1.2"},
    },
    {
        .kind = DNS_DEFECT_RECORD_CUT,
        .name = "record cut",
        .meaning = "The message ends inside a record that the header counts.",
        .is_fatal = true,
        .reference = {1035, "4.1.3"},
    },
    {
        .kind = DNS_DEFECT_DATA_CUT,
        .name = "data cut",
        .meaning = "RDLENGTH announces more octets than the message has left.",
        .is_fatal = true,
        .reference = {1035, "4.1.3"},
    },
    {
        .kind = DNS_DEFECT_DATA_SHORT,
        .name = "data too short",
        .meaning = "The data ends before the parts that its type must have.",
        .is_fatal = false,
        .reference = {1035, "3.2.1"},
    },
    {
        .kind = DNS_DEFECT_DATA_LONG,
        .name = "data too long",
        .meaning = "The data goes on behind the last part that its type has.",
        .is_fatal = false,
        .reference = {1035, "3.2.1"},
    },
    {
        .kind = DNS_DEFECT_POINTER_NEW,
        .name = "pointer in uncompressed data",
        .meaning = "The data of this type holds its names in full, but here one is a pointer.",
        .is_fatal = false,
        .reference = {2782, "-"},
    },
    {
        .kind = DNS_DEFECT_RESERVED,
        .name = "reserved bit set",
        .meaning = "The Z bit of the header is set, but it must be zero.",
        .is_fatal = false,
        .reference = {1035, "4.1.1"},
    },
    {
        .kind = DNS_DEFECT_TRAILING,
        .name = "trailing octets",
        .meaning = "Octets follow behind the last record that the header counts.",
        .is_fatal = false,
        .reference = {1035, "4.1"},
    },
    {
        .kind = DNS_DEFECT_OPT_PLACE,
        .name = "misplaced OPT record",
        .meaning = "An OPT record stands outside the additional section, or is a second one.",
        .is_fatal = false,
        .reference = {6891, "6.1.1"},
    },
    {
        .kind = DNS_DEFECT_OPT_NAME,
        .name = "OPT record with a name",
        .meaning = "The OPT record belongs to the root, but this one has another name.",
        .is_fatal = false,
        .reference = {6891, "6.1.2"},
    },
};

G_STATIC_ASSERT(G_N_ELEMENTS(rows) == N_DNS_DEFECTS);

const DnsDefectRow *dns_defect_row(DnsDefectKind kind)
{
    g_assert((guint)kind < N_DNS_DEFECTS);
    return &rows[kind];
}
