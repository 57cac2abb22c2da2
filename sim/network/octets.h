#pragma once

/* Numbers in network order, at any alignment. */

#include <glib.h>
#include <string.h>

static inline guint16 get_16(const guint8 *octets)
{
    guint16 value;
    memcpy(&value, octets, sizeof value);
    return GUINT16_FROM_BE(value);
}

static inline guint32 get_32(const guint8 *octets)
{
    guint32 value;
    memcpy(&value, octets, sizeof value);
    return GUINT32_FROM_BE(value);
}

static inline void put_16(guint8 *octets, guint16 value)
{
    value = GUINT16_TO_BE(value);
    memcpy(octets, &value, sizeof value);
}

static inline void put_32(guint8 *octets, guint32 value)
{
    value = GUINT32_TO_BE(value);
    memcpy(octets, &value, sizeof value);
}
