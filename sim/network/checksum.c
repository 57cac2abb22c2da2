#include "sim/network/checksum.h"

#include <string.h>

/* The sum is kept in the machine's own order of octets: RFC 1071 shows that only the result turns
 * round with it. 32-bit words in a 64-bit sum leave room for 2^32 of them before a carry is
 * lost. */

guint64 checksum_add(guint64 sum, const guint8 *octets, gsize length)
{
    guint64 other = 0;
    while (length >= 16) {
        guint32 words[4];
        memcpy(words, octets, sizeof words);
        sum += words[0];
        other += words[1];
        sum += words[2];
        other += words[3];
        octets += 16;
        length -= 16;
    }
    sum += other;
    while (length >= 2) {
        guint16 word;
        memcpy(&word, octets, sizeof word);
        sum += word;
        octets += 2;
        length -= 2;
    }
    if (length == 1) {
        guint8 last[2] = {*octets, 0};
        guint16 word;
        memcpy(&word, last, sizeof word);
        sum += word;
    }
    return sum;
}

guint64 checksum_add_pseudo_header(
    guint64 sum, const guint8 *addresses, gsize address_length, guint8 protocol, gsize length
)
{
    sum = checksum_add(sum, addresses, 2 * address_length);
    sum += GUINT16_TO_BE(protocol);
    sum += GUINT16_TO_BE((guint16)(length >> 16));
    sum += GUINT16_TO_BE((guint16)length);
    return sum;
}

guint16 checksum_finish(guint64 sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (guint16)~sum;
}
