#include "dissect/packet/checksum.h"

/* Two 64-bit sums in one register of the processor, where it has such; the compiler makes plain
 * additions of them where it has not. */
typedef guint64 SumPair __attribute__((vector_size(16)));

/* Sums the 32-bit halves of all words, in four pairs that do not wait for one another: none can
 * overflow below 4 GiB. */
static guint64 add_blocks(const guint8 *octets, gsize blocks)
{
    const SumPair low = {0xffffffffu, 0xffffffffu};
    SumPair sums[4] = {{0}};
    for (gsize block = 0; block < blocks; block++, octets += 32) {
        SumPair words[2];
        memcpy(words, octets, sizeof words);
        sums[0] += words[0] & low;
        sums[1] += words[0] >> 32;
        sums[2] += words[1] & low;
        sums[3] += words[1] >> 32;
    }
    sums[0] += sums[1] + sums[2] + sums[3];
    return sums[0][0] + sums[0][1];
}

guint64 checksum_add(guint64 sum, const guint8 *octets, gsize length)
{
    gsize blocks = length / 32;
    sum += add_blocks(octets, blocks);
    octets += blocks * 32;
    for (length -= blocks * 32; length >= 4; length -= 4, octets += 4) {
        guint32 word;
        memcpy(&word, octets, sizeof word);
        sum += word;
    }
    if (length > 0) {
        guint32 word = 0;
        memcpy(&word, octets, length);
        sum += word;
    }
    return sum;
}

guint16 checksum_fold(guint64 sum)
{
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffu) + (sum >> 16);
    sum = (sum & 0xffffu) + (sum >> 16);
    return (guint16)((sum & 0xffffu) + (sum >> 16));
}

guint64 checksum_pseudo_header(
    const PacketAddress *source, const PacketAddress *destination, guint8 protocol, guint32 length
)
{
    gsize size = source->version == 4 ? 4 : sizeof source->octets;
    guint64 sum = checksum_add(0, source->octets, size);
    sum = checksum_add(sum, destination->octets, size);
    return sum + GUINT32_TO_BE(length) + GUINT16_TO_BE(protocol);
}

ChecksumVerdict checksum_judge(const Packet *packet, ByteSpan segment, gsize field)
{
    guint64 pseudo = checksum_pseudo_header(
        &packet->source, &packet->destination, packet->protocol, (guint32)segment.length
    );
    if (checksum_fold(checksum_add(pseudo, segment.data, segment.length)) == 0xffff) {
        return CHECKSUM_GOOD;
    }
    guint16 sent;
    memcpy(&sent, segment.data + field, sizeof sent);
    guint64 without_length =
        checksum_pseudo_header(&packet->source, &packet->destination, packet->protocol, 0);
    /* A sender that leaves the sum to its card writes nothing, or the pseudo-header's part of it,
     * with the length or (for large segments that the card will cut) without. */
    if (sent == 0 || sent == checksum_fold(pseudo) || sent == checksum_fold(without_length)) {
        return CHECKSUM_OFFLOADED;
    }
    return CHECKSUM_BAD;
}
