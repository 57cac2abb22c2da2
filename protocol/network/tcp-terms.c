#include "protocol/network/network-rows.h"

#define FLAG(bit_, ...)                                                                            \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_TCP, .kind = VOCABULARY_FLAG, __VA_ARGS__},                \
        .number = (bit_)                                                                           \
    }

#define OPTION(kind_, ...)                                                                         \
    {                                                                                              \
        .item = {.protocol = VOCABULARY_TCP, .kind = VOCABULARY_PARAMETER, __VA_ARGS__},           \
        .number = (kind_)                                                                          \
    }

#define STATE(...)                                                                                 \
    {                                                                                              \
        .protocol = VOCABULARY_TCP, .kind = VOCABULARY_STATE, __VA_ARGS__                          \
    }

#define FIELD(...)                                                                                 \
    {                                                                                              \
        .protocol = VOCABULARY_TCP, .kind = VOCABULARY_HEADER_FIELD, __VA_ARGS__                   \
    }

#define LIMIT(...)                                                                                 \
    {                                                                                              \
        .protocol = VOCABULARY_TCP, .kind = VOCABULARY_LIMIT, __VA_ARGS__                          \
    }

const TcpNumberRow tcp_flag_rows[] = {
    FLAG(
        0x01,
        .token = "FIN",
        .meaning = "The sender has no more data; its half of the connection ends here.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x02,
        .token = "SYN",
        .meaning = "The connection is to open, and this is the sender's first sequence number.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x04,
        .token = "RST",
        .meaning = "The connection is broken off at once, or never existed.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x08,
        .token = "PSH",
        .meaning = "Hand the data to the program now, without waiting for more.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x10,
        .token = "ACK",
        .meaning = "The acknowledgment number counts: all octets before it have arrived.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x20,
        .token = "URG",
        .meaning = "The urgent pointer counts; new programs no longer use it.",
        .reference = {9293, "3.1"},
        .since = 793
    ),
    FLAG(
        0x40,
        .token = "ECE",
        .meaning = "Tells the sender that a router on the way marked congestion.",
        .reference = {9293, "3.1"},
        .since = 3168
    ),
    FLAG(
        0x80,
        .token = "CWR",
        .meaning = "The sender heard of the congestion and has slowed down.",
        .reference = {9293, "3.1"},
        .since = 3168
    ),
};

const VocabularyItem tcp_state_rows[] = {
    STATE(.token = "LISTEN",
          .meaning = "Waits for a connection from anyone, as a server does.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "SYN-SENT",
          .meaning = "Sent SYN and waits for the other side's SYN.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "SYN-RECEIVED",
          .meaning = "Got SYN and sent its own; waits for the acknowledgment.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "ESTABLISHED",
          .meaning = "The connection is open and data flows both ways.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "FIN-WAIT-1",
          .meaning = "Sent FIN; waits for its acknowledgment or for the other side's FIN.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "FIN-WAIT-2",
          .meaning = "Its FIN was acknowledged; waits for the other side's FIN.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "CLOSE-WAIT",
          .meaning = "Got the other side's FIN; waits for its own program to close.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "CLOSING",
          .meaning = "Both sent FIN at once; waits for the acknowledgment of its own.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "LAST-ACK",
          .meaning = "Got FIN, then sent its own; waits for the last acknowledgment.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "TIME-WAIT",
          .meaning = "All is acknowledged; waits so that no late segment meets a new connection.",
          .reference = {9293, "3.3.2"},
          .since = 793),
    STATE(.token = "CLOSED",
          .meaning = "There is no connection.",
          .reference = {9293, "3.3.2"},
          .since = 793),
};

const TcpNumberRow tcp_option_rows[] = {
    OPTION(
        0,
        .token = "End of Option List",
        .meaning = "Ends the options before the header does.",
        .reference = {9293, "3.2"},
        .since = 793
    ),
    OPTION(
        1,
        .token = "No-Operation",
        .meaning = "Fills an octet so that the next option begins at a round place.",
        .reference = {9293, "3.2"},
        .since = 793
    ),
    OPTION(
        2,
        .token = "Maximum Segment Size",
        .meaning = "With SYN: the largest segment that the sender can receive.",
        .reference = {9293, "3.2"},
        .since = 793
    ),
    OPTION(
        3,
        .token = "Window Scale",
        .meaning = "With SYN: by how many bits windows are to be shifted, for fast links.",
        .reference = {9293, "3.2.1"}
    ),
    OPTION(
        4,
        .token = "SACK Permitted",
        .meaning = "With SYN: the sender understands selective acknowledgments.",
        .reference = {9293, "3.2.1"}
    ),
    OPTION(
        5,
        .token = "SACK",
        .meaning = "Lists runs of octets that arrived behind a gap.",
        .reference = {9293, "3.2.1"}
    ),
    OPTION(
        8,
        .token = "Timestamp",
        .meaning = "Carries the sender's clock, to measure the way there and back.",
        .reference = {9293, "3.2.1"}
    ),
};

const VocabularyItem tcp_field_rows[] = {
    FIELD(.token = "Source Port",
          .meaning = "The sender's port; a client's is any free one.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Destination Port",
          .meaning = "The receiver's port, which tells the service: 25 for mail relay.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Sequence Number",
          .meaning = "The number of the first octet in the segment.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Acknowledgment Number",
          .meaning = "The number of the next octet that the sender of this segment expects.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Data Offset",
          .meaning = "Where the data begins, in steps of four octets.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Window",
          .meaning = "How many more octets the sender of this segment is ready to take.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Checksum",
          .meaning = "Guards header, data and addresses against changed bits.",
          .reference = {9293, "3.1"},
          .since = 793),
    FIELD(.token = "Urgent Pointer",
          .meaning = "Tells where urgent data ends; counts only with URG.",
          .reference = {9293, "3.1"},
          .since = 793),
};

const VocabularyItem tcp_limit_rows[] = {
    LIMIT(.token = "default segment size",
          .meaning = "Without the option, a segment holds 536 octets over IPv4, 1220 over IPv6.",
          .reference = {9293, "3.7.1"},
          .since = 1122),
    LIMIT(.token = "first retransmission timeout",
          .meaning = "Before any measurement a segment is sent again after 1 second.",
          .reference = {6298, "2"}),
    LIMIT(.token = "smallest retransmission timeout",
          .meaning = "A computed timeout under 1 second is rounded up to 1 second.",
          .reference = {6298, "2"}),
    LIMIT(.token = "largest retransmission timeout",
          .meaning = "A maximum may be set if it is 60 seconds or more.",
          .reference = {6298, "2"}),
    LIMIT(.token = "maximum segment lifetime",
          .meaning = "A segment is taken to live in the network for at most 2 minutes.",
          .reference = {9293, "3.4.2"},
          .since = 793),
    LIMIT(.token = "TIME-WAIT time",
          .meaning = "The side that closes first waits for two maximum segment lifetimes.",
          .reference = {9293, "3.6.1"},
          .since = 793),
    LIMIT(.token = "delayed acknowledgment",
          .meaning = "An acknowledgment may wait less than 0.5 seconds for data to ride with.",
          .reference = {9293, "3.8.6.3"},
          .since = 1122),
    LIMIT(.token = "keep-alive interval",
          .meaning = "An idle connection is probed after two hours at the earliest.",
          .reference = {9293, "3.8.4"},
          .since = 1122),
    LIMIT(.token = "duplicate acknowledgments",
          .meaning = "Three duplicate acknowledgments in a row make the sender send again.",
          .reference = {5681, "3.2"}),
};
