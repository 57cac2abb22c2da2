#include "dissect/capture/capture-format.h"

#include "dissect/packet/octet-order.h"

typedef struct {
    CaptureFormat format;
    gsize length;
    guint8 magic[8];
} Magic;

#define ADVICE_CONVERT                                                                             \
    "convert it first, for example with Wireshark's tool: editcap -F pcap FILE NEW.pcap"
#define ADVICE_UNPACK(command) "unpack it first: " command " FILE | mailwalk dissect -"

#define READABLE(kind_value, name_value, ...)                                                      \
    {                                                                                              \
        .format = {.kind = (kind_value), .name = (name_value)}, .length = 4,                       \
        .magic = {__VA_ARGS__},                                                                    \
    }
#define FOREIGN(name_value, length_value, ...)                                                     \
    {                                                                                              \
        .format =                                                                                  \
            {                                                                                      \
                .kind = CAPTURE_FORMAT_FOREIGN,                                                    \
                .name = (name_value),                                                              \
                .advice = ADVICE_CONVERT,                                                          \
            },                                                                                     \
        .length = (length_value), .magic = {__VA_ARGS__},                                          \
    }
#define COMPRESSED(name_value, command, length_value, ...)                                         \
    {                                                                                              \
        .format =                                                                                  \
            {                                                                                      \
                .kind = CAPTURE_FORMAT_COMPRESSED,                                                 \
                .name = (name_value),                                                              \
                .advice = ADVICE_UNPACK(command),                                                  \
            },                                                                                     \
        .length = (length_value), .magic = {__VA_ARGS__},                                          \
    }

static const Magic magics[] = {
    READABLE(CAPTURE_FORMAT_PCAP, "pcap, microseconds", 0xd4, 0xc3, 0xb2, 0xa1),
    READABLE(CAPTURE_FORMAT_PCAP, "pcap, microseconds, big-endian", 0xa1, 0xb2, 0xc3, 0xd4),
    READABLE(CAPTURE_FORMAT_PCAP_NANOSECONDS, "pcap, nanoseconds", 0x4d, 0x3c, 0xb2, 0xa1),
    READABLE(
        CAPTURE_FORMAT_PCAP_NANOSECONDS, "pcap, nanoseconds, big-endian", 0xa1, 0xb2, 0x3c, 0x4d
    ),
    READABLE(CAPTURE_FORMAT_PCAP_MODIFIED, "pcap, modified", 0x34, 0xcd, 0xb2, 0xa1),
    READABLE(CAPTURE_FORMAT_PCAP_MODIFIED, "pcap, modified, big-endian", 0xa1, 0xb2, 0xcd, 0x34),
    READABLE(CAPTURE_FORMAT_PCAPNG, "pcapng", 0x0a, 0x0d, 0x0d, 0x0a),
    FOREIGN("a Network Monitor capture", 4, 'G', 'M', 'B', 'U'),
    FOREIGN("an old Network Monitor capture", 4, 'R', 'T', 'S', 'S'),
    FOREIGN("a snoop capture", 8, 's', 'n', 'o', 'o', 'p', 0, 0, 0),
    FOREIGN("a Bluetooth snoop capture", 8, 'b', 't', 's', 'n', 'o', 'o', 'p', 0),
    FOREIGN("a Sniffer capture", 8, 'T', 'R', 'S', 'N', 'I', 'F', 'F', ' '),
    FOREIGN("a NetXRay capture", 4, 'X', 'C', 'P', 0),
    FOREIGN("an AIX iptrace capture", 8, 'i', 'p', 't', 'r', 'a', 'c', 'e', ' '),
    FOREIGN("an Observer capture", 8, 'O', 'b', 's', 'e', 'r', 'v', 'e', 'r'),
    FOREIGN("an EtherPeek capture", 4, 0x7f, 'v', 'e', 'r'),
    FOREIGN("a Visual Networks capture", 4, 0x05, 'V', 'N', 'F'),
    FOREIGN("a 5Views capture", 4, 0xaa, 0xaa, 0xaa, 0xaa),
    COMPRESSED("compressed with gzip", "gunzip -c", 2, 0x1f, 0x8b),
    COMPRESSED("compressed with zstd", "zstd -dc", 4, 0x28, 0xb5, 0x2f, 0xfd),
    COMPRESSED("compressed with xz", "xz -dc", 6, 0xfd, '7', 'z', 'X', 'Z', 0),
    COMPRESSED("compressed with bzip2", "bzip2 -dc", 3, 'B', 'Z', 'h'),
    COMPRESSED("compressed with lz4", "lz4 -dc", 4, 0x04, 0x22, 0x4d, 0x18),
    COMPRESSED("compressed with compress", "uncompress -c", 2, 0x1f, 0x9d),
    COMPRESSED("a zip archive", "unzip -p", 4, 'P', 'K', 0x03, 0x04),
    COMPRESSED("a 7z archive", "7z x -so", 6, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c),
};

/* An ERF file has no magic number, so its first record must look like one: a known type, and a
 * length that holds its own header and not much more than the frame. */
static bool is_erf(ByteSpan head)
{
    enum {
        ERF_HEADER = 16,
        ERF_TYPES = 48
    };

    if (head.length < ERF_HEADER) {
        return false;
    }
    guint8 type = head.data[8] & 0x7f;
    guint16 record = read_be16(head.data + 10);
    guint16 wire = read_be16(head.data + 14);
    guint32 seconds = read_le32(head.data + 4);
    bool has_plausible_time = seconds > 500000000u && seconds < 4000000000u;
    return type > 0 && type < ERF_TYPES && record > ERF_HEADER && record <= wire + 64u &&
           wire > 0 && has_plausible_time;
}

static bool is_text(ByteSpan head)
{
    gsize length = MIN(head.length, 512);
    for (gsize i = 0; i < length; i++) {
        guint8 octet = head.data[i];
        bool is_space = octet == '\t' || octet == '\n' || octet == '\r' || octet == '\f';
        if ((octet < 0x20 && !is_space) || octet == 0x7f) {
            return false;
        }
    }
    return length > 0;
}

CaptureFormat capture_format_recognise(ByteSpan head)
{
    if (head.length == 0) {
        return (CaptureFormat){
            .kind = CAPTURE_FORMAT_EMPTY,
            .name = "empty",
            .advice = "not even the header of a capture was written to it; capture again",
        };
    }
    for (gsize i = 0; i < G_N_ELEMENTS(magics); i++) {
        const Magic *magic = &magics[i];
        if (head.length >= magic->length && memcmp(head.data, magic->magic, magic->length) == 0) {
            return magic->format;
        }
    }
    if (is_text(head)) {
        return (CaptureFormat){
            .kind = CAPTURE_FORMAT_TEXT,
            .name = "a text",
            .advice = "if it is a hex dump of packets, text2pcap makes a capture of it",
        };
    }
    if (is_erf(head)) {
        return (CaptureFormat){
            .kind = CAPTURE_FORMAT_FOREIGN,
            .name = "an Endace ERF capture",
            .advice = ADVICE_CONVERT,
        };
    }
    return (CaptureFormat){
        .kind = CAPTURE_FORMAT_UNKNOWN,
        .name = "not a capture",
        .advice = "give a file that tcpdump, dumpcap or Wireshark wrote (pcap or pcapng)",
    };
}
