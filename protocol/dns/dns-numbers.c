#include "protocol/dns/dns-rows.h"

#define TYPE(code, ...)                                                                            \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_DNS, .kind = VOCABULARY_RECORD_TYPE, __VA_ARGS__},         \
        .number = (code)                                                                           \
    }
#define PARAMETER(code, ...)                                                                       \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_DNS, .kind = VOCABULARY_PARAMETER, __VA_ARGS__},           \
        .number = (code)                                                                           \
    }
#define RCODE(code, ...)                                                                           \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_DNS, .kind = VOCABULARY_STATUS, __VA_ARGS__},              \
        .number = (code)                                                                           \
    }
#define FLAG(bit, ...)                                                                             \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_DNS, .kind = VOCABULARY_FLAG, __VA_ARGS__},                \
        .number = (bit)                                                                            \
    }

/* Sorted by number. */
const DnsNumberRow dns_type_rows[] = {
    TYPE(
        1,
        .token = "A",
        .meaning = "Gives the IPv4 address of a host.",
        .reference = {1035, "3.4.1"},
        .since = 883,
        .syntax = "name TTL IN A 192.0.2.25"
    ),
    TYPE(
        2,
        .token = "NS",
        .meaning = "Names a server that answers for the zone.",
        .reference = {1035, "3.3.11"},
        .since = 883,
        .syntax = "zone TTL IN NS host"
    ),
    TYPE(
        3,
        .token = "MD",
        .meaning = "Named the host that delivers mail for a domain.",
        .reference = {1035, "3.3.4"},
        .since = 883,
        .replaced_by = "MX"
    ),
    TYPE(
        4,
        .token = "MF",
        .meaning = "Named a host that forwards mail for a domain.",
        .reference = {1035, "3.3.5"},
        .since = 883,
        .replaced_by = "MX"
    ),
    TYPE(
        5,
        .token = "CNAME",
        .meaning = "Says that this name is an alias and gives the real one.",
        .reference = {1035, "3.3.1"},
        .since = 883,
        .syntax = "alias TTL IN CNAME name"
    ),
    TYPE(
        6,
        .token = "SOA",
        .meaning = "Starts a zone: its main server, its keeper, its serial number and timers.",
        .reference = {1035, "3.3.13"},
        .since = 883,
        .syntax = "zone TTL IN SOA server mailbox (serial refresh retry expire minimum)"
    ),
    TYPE(
        7,
        .token = "MB",
        .meaning = "An experiment: names the host that holds one mailbox.",
        .reference = {1035, "3.3.3"},
        .since = 883
    ),
    TYPE(
        8,
        .token = "MG",
        .meaning = "An experiment: names one member of a group of mailboxes.",
        .reference = {1035, "3.3.6"},
        .since = 883
    ),
    TYPE(
        9,
        .token = "MR",
        .meaning = "An experiment: gives the new name of a mailbox.",
        .reference = {1035, "3.3.8"},
        .since = 883
    ),
    TYPE(
        10,
        .token = "NULL",
        .meaning = "An experiment: holds any octets at all.",
        .reference = {1035, "3.3.10"},
        .since = 883
    ),
    TYPE(
        11,
        .token = "WKS",
        .meaning = "Listed the services that a host runs; mail must not rely on it.",
        .reference = {1035, "3.4.2"},
        .since = 883
    ),
    TYPE(
        12,
        .token = "PTR",
        .meaning = "Gives the name that belongs to an address, for lookups the other way.",
        .reference = {1035, "3.3.12"},
        .since = 883,
        .syntax = "25.2.0.192.in-addr.arpa. TTL IN PTR host"
    ),
    TYPE(
        13,
        .token = "HINFO",
        .meaning = "Names the processor and the operating system of a host.",
        .reference = {1035, "3.3.2"},
        .since = 883
    ),
    TYPE(
        14,
        .token = "MINFO",
        .meaning = "An experiment: who keeps a mailing list and who gets its errors.",
        .reference = {1035, "3.3.7"},
        .since = 883
    ),
    TYPE(
        15,
        .token = "MX",
        .meaning = "Names a host that takes mail for the domain; the lowest number comes first.",
        .reference = {1035, "3.3.9"},
        .since = 973,
        .syntax = "domain TTL IN MX preference host"
    ),
    TYPE(
        16,
        .token = "TXT",
        .meaning = "Holds free text; SPF, DKIM and DMARC records live in it.",
        .reference = {1035, "3.3.14"},
        .syntax = "name TTL IN TXT \"text\""
    ),
    TYPE(
        28,
        .token = "AAAA",
        .meaning = "Gives the IPv6 address of a host.",
        .reference = {3596, "2.1"},
        .since = 1886,
        .syntax = "name TTL IN AAAA 2001:db8::25"
    ),
    TYPE(
        33,
        .token = "SRV",
        .meaning = "Names host and port of a service, with priority and weight.",
        .reference = {2782, "-"},
        .since = 2052,
        .syntax = "_service._tcp.domain TTL IN SRV priority weight port host"
    ),
    TYPE(
        41,
        .token = "OPT",
        .meaning = "Not a record of the zone: carries the sender's EDNS options and UDP size.",
        .reference = {6891, "6.1"},
        .since = 2671
    ),
    TYPE(
        43,
        .token = "DS",
        .meaning = "Holds a digest of the child zone's key, so that the parent vouches for it.",
        .reference = {4034, "5"}
    ),
    TYPE(
        46,
        .token = "RRSIG",
        .meaning = "Holds the DNSSEC signature of a set of records.",
        .reference = {4034, "3"}
    ),
    TYPE(
        47,
        .token = "NSEC",
        .meaning = "Proves with DNSSEC that a name or a type does not exist.",
        .reference = {4034, "4"}
    ),
    TYPE(
        48,
        .token = "DNSKEY",
        .meaning = "Holds a public key with which the zone's signatures are checked.",
        .reference = {4034, "2"}
    ),
    TYPE(
        52,
        .token = "TLSA",
        .meaning = "Says which certificate or key a TLS server must show.",
        .reference = {6698, "2"},
        .syntax = "_25._tcp.host TTL IN TLSA usage selector matching-type data"
    ),
    TYPE(
        64,
        .token = "SVCB",
        .meaning = "Tells where and how to reach a service.",
        .reference = {9460, "2"}
    ),
    TYPE(
        65,
        .token = "HTTPS",
        .meaning = "Tells how to reach a web site, before the first connection.",
        .reference = {9460, "9"}
    ),
    TYPE(
        99,
        .token = "SPF",
        .meaning = "Once held SPF records beside TXT; it is no longer looked up.",
        .reference = {7208, "14.1"},
        .since = 4408,
        .replaced_by = "TXT"
    ),
    TYPE(
        252,
        .token = "AXFR",
        .meaning = "Asks for a whole zone, as a second server of the zone does.",
        .reference = {1035, "3.2.3"},
        .since = 883
    ),
    TYPE(
        253,
        .token = "MAILB",
        .meaning = "Asks for all mailbox records: MB, MG and MR.",
        .reference = {1035, "3.2.3"},
        .since = 883
    ),
    TYPE(
        254,
        .token = "MAILA",
        .meaning = "Asked for all mail agent records: MD and MF.",
        .reference = {1035, "3.2.3"},
        .since = 883,
        .replaced_by = "MX"
    ),
    TYPE(
        255,
        .token = "*",
        .meaning = "Asks for records of every type; also written ANY.",
        .reference = {1035, "3.2.3"},
        .since = 883
    ),
    TYPE(
        257,
        .token = "CAA",
        .meaning = "Says which authorities may issue certificates for the domain.",
        .reference = {8659, "4"},
        .since = 6844,
        .syntax = "domain TTL IN CAA flags tag value"
    ),
};

const DnsNumberRow dns_class_rows[] = {
    PARAMETER(
        1,
        .token = "IN",
        .context = "class",
        .meaning = "The Internet, the class of nearly every record.",
        .reference = {1035, "3.2.4"},
        .since = 883
    ),
    PARAMETER(
        2,
        .token = "CS",
        .context = "class",
        .meaning = "The CSNET class, long out of use.",
        .reference = {1035, "3.2.4"},
        .since = 883,
        .replaced_by = "IN"
    ),
    PARAMETER(
        3,
        .token = "CH",
        .context = "class",
        .meaning = "The CHAOS class; some servers tell their version in it.",
        .reference = {1035, "3.2.4"},
        .since = 883
    ),
    PARAMETER(
        4,
        .token = "HS",
        .context = "class",
        .meaning = "The Hesiod class, for directories of users.",
        .reference = {1035, "3.2.4"}
    ),
    PARAMETER(
        255,
        .token = "ANY",
        .context = "class",
        .meaning = "In a question: records of any class.",
        .reference = {1035, "3.2.5"},
        .since = 883
    ),
};

const DnsNumberRow dns_opcode_rows[] = {
    PARAMETER(
        0,
        .token = "QUERY",
        .context = "opcode",
        .meaning = "An ordinary question.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    PARAMETER(
        1,
        .token = "IQUERY",
        .context = "opcode",
        .meaning = "Asked which name has a given record; withdrawn, ask for PTR.",
        .reference = {1035, "4.1.1"},
        .since = 883,
        .replaced_by = "PTR"
    ),
    PARAMETER(
        2,
        .token = "STATUS",
        .context = "opcode",
        .meaning = "Asks for the state of the server.",
        .reference = {1035, "4.1.1"}
    ),
    PARAMETER(
        4,
        .token = "NOTIFY",
        .context = "opcode",
        .meaning = "A main server tells the second ones that the zone has changed.",
        .reference = {1996, "3"}
    ),
};

const DnsNumberRow dns_rcode_rows[] = {
    RCODE(
        0,
        .token = "NOERROR",
        .meaning = "The server answered; the answer section may still be empty.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        1,
        .token = "FORMERR",
        .meaning = "The server could not read the question.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        2,
        .token = "SERVFAIL",
        .meaning = "The server failed at the question; mail is kept and tried again.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        3,
        .token = "NXDOMAIN",
        .meaning = "The name does not exist, with no record of any type.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        4,
        .token = "NOTIMP",
        .meaning = "The server does not do this kind of question.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        5,
        .token = "REFUSED",
        .meaning = "The server declines, for a reason of its own.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    RCODE(
        16,
        .token = "BADVERS",
        .meaning = "The server does not know that version of EDNS.",
        .reference = {6891, "6.1.3"},
        .since = 2671
    ),
};

/* By their bit in the second 16 of the header. */
const DnsNumberRow dns_flag_rows[] = {
    FLAG(
        0x8000,
        .token = "QR",
        .meaning = "Tells a question (0) from an answer (1).",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    FLAG(
        0x0400,
        .token = "AA",
        .meaning = "The server that answers is in charge of the zone.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    FLAG(
        0x0200,
        .token = "TC",
        .meaning = "The answer was cut because it did not fit; ask again over TCP.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    FLAG(
        0x0100,
        .token = "RD",
        .meaning = "The sender asks the server to go and find the answer.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    FLAG(
        0x0080,
        .token = "RA",
        .meaning = "The server offers to go and find answers.",
        .reference = {1035, "4.1.1"},
        .since = 883
    ),
    FLAG(
        0x0020,
        .token = "AD",
        .meaning = "The server vouches that DNSSEC proved everything in the answer.",
        .reference = {4035, "3.2.3"}
    ),
    FLAG(
        0x0010,
        .token = "CD",
        .meaning = "The sender will check DNSSEC itself, so the server need not.",
        .reference = {4035, "3.2.2"}
    ),
};
