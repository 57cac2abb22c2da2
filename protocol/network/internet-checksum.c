#include "protocol/network/internet-checksum.h"

#include "protocol/text/wide-vectors.h"

#include <string.h>

/* Four 64-bit sums in one or two registers of the processor, where it has such; the compiler makes
 * plain additions of them where it has not. */
typedef guint64 Sums __attribute__((vector_size(32)));

/* Sums the 32-bit halves of all words, in sums that do not wait for one another: none can
 * overflow below 4 GiB. */
WIDE_VECTORS
static guint64 add_blocks(const guint8 *octets, gsize blocks)
{
    const Sums low = {0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu};
    Sums sums[2] = {{0}};
    for (gsize block = 0; block < blocks; block++, octets += sizeof(Sums)) {
        Sums words;
        memcpy(&words, octets, sizeof words);
        sums[0] += words & low;
        sums[1] += words >> 32;
    }
    sums[0] += sums[1];
    return sums[0][0] + sums[0][1] + sums[0][2] + sums[0][3];
}

/* What is left behind the blocks, without a call: most packets are short. */
static guint64 add_rest(guint64 sum, const guint8 *octets, gsize length)
{
    for (; length >= 8; length -= 8, octets += 8) {
        guint64 word;
        memcpy(&word, octets, sizeof word);
        sum += (word & 0xffffffffu) + (word >> 32);
    }
    if (length & 4) {
        guint32 word;
        memcpy(&word, octets, sizeof word);
        sum += word;
        octets += 4;
    }
    if (length & 2) {
        guint16 word;
        memcpy(&word, octets, sizeof word);
        sum += word;
        octets += 2;
    }
    if (length & 1) {
        const guint8 last[2] = {octets[0], 0};
        guint16 word;
        memcpy(&word, last, sizeof word);
        sum += word;
    }
    return sum;
}

guint64 internet_checksum_add(guint64 sum, const guint8 *octets, gsize length)
{
    gsize blocks = length / 32;
    if (blocks > 0) {
        sum += add_blocks(octets, blocks);
        octets += blocks * 32;
        length -= blocks * 32;
    }
    return add_rest(sum, octets, length);
}

guint16 internet_checksum_fold(guint64 sum)
{
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffu) + (sum >> 16);
    sum = (sum & 0xffffu) + (sum >> 16);
    return (guint16)((sum & 0xffffu) + (sum >> 16));
}
