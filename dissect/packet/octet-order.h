#pragma once

/* Reads numbers from octets in network order, and in the other one where a link has it so. */

#include <glib.h>
#include <string.h>

static inline guint16 read_be16(const guint8 *octets)
{
    guint16 number;
    memcpy(&number, octets, sizeof number);
    return GUINT16_FROM_BE(number);
}

static inline guint32 read_be32(const guint8 *octets)
{
    guint32 number;
    memcpy(&number, octets, sizeof number);
    return GUINT32_FROM_BE(number);
}

static inline guint16 read_le16(const guint8 *octets)
{
    guint16 number;
    memcpy(&number, octets, sizeof number);
    return GUINT16_FROM_LE(number);
}

static inline guint32 read_le32(const guint8 *octets)
{
    guint32 number;
    memcpy(&number, octets, sizeof number);
    return GUINT32_FROM_LE(number);
}
