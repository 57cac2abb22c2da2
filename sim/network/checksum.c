#include "sim/network/checksum.h"

guint64 checksum_add_pseudo_header(
    guint64 sum, const guint8 *addresses, gsize address_length, guint8 protocol, gsize length
)
{
    sum = internet_checksum_add(sum, addresses, 2 * address_length);
    sum += GUINT16_TO_BE(protocol);
    sum += GUINT16_TO_BE((guint16)(length >> 16));
    sum += GUINT16_TO_BE((guint16)length);
    return sum;
}

guint16 checksum_finish(guint64 sum)
{
    return (guint16)~internet_checksum_fold(sum);
}
