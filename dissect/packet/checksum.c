#include "dissect/packet/checksum.h"

#include "protocol/network/internet-checksum.h"

guint64 checksum_pseudo_header(
    const PacketAddress *source, const PacketAddress *destination, guint8 protocol, guint32 length
)
{
    guint64 sum = 0;
    if (source->version == 4) {
        guint32 addresses[2];
        memcpy(&addresses[0], source->octets, 4);
        memcpy(&addresses[1], destination->octets, 4);
        sum = (guint64)addresses[0] + addresses[1];
    } else {
        sum = internet_checksum_add(0, source->octets, sizeof source->octets);
        sum = internet_checksum_add(sum, destination->octets, sizeof destination->octets);
    }
    return sum + GUINT32_TO_BE(length) + GUINT16_TO_BE(protocol);
}

ChecksumVerdict checksum_judge(const Packet *packet, ByteSpan segment, gsize field)
{
    guint64 pseudo = checksum_pseudo_header(
        &packet->source, &packet->destination, packet->protocol, (guint32)segment.length
    );
    if (internet_checksum_fold(internet_checksum_add(pseudo, segment.data, segment.length)) ==
        0xffff) {
        return CHECKSUM_GOOD;
    }
    guint16 sent;
    memcpy(&sent, segment.data + field, sizeof sent);
    guint64 without_length =
        checksum_pseudo_header(&packet->source, &packet->destination, packet->protocol, 0);
    /* A sender that leaves the sum to its card writes nothing, or the pseudo-header's part of it,
     * with the length or (for large segments that the card will cut) without. */
    if (sent == 0 || sent == internet_checksum_fold(pseudo) ||
        sent == internet_checksum_fold(without_length)) {
        return CHECKSUM_OFFLOADED;
    }
    return CHECKSUM_BAD;
}
