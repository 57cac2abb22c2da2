#include "protocol/network/internet-checksum.h"

#include <string.h>

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

guint64 internet_checksum_add(guint64 sum, const guint8 *octets, gsize length)
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

guint16 internet_checksum_fold(guint64 sum)
{
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffu) + (sum >> 16);
    sum = (sum & 0xffffu) + (sum >> 16);
    return (guint16)((sum & 0xffffu) + (sum >> 16));
}
