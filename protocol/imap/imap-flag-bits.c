#include "protocol/imap/imap-flag-bits.h"

static const struct {
    ImapFlag bit;
    const char *name;
} flag_names[] = {
    {.bit = IMAP_FLAG_ANSWERED, .name = "\\Answered"},
    {.bit = IMAP_FLAG_FLAGGED, .name = "\\Flagged"},
    {.bit = IMAP_FLAG_DELETED, .name = "\\Deleted"},
    {.bit = IMAP_FLAG_SEEN, .name = "\\Seen"},
    {.bit = IMAP_FLAG_DRAFT, .name = "\\Draft"},
    {.bit = IMAP_FLAG_RECENT, .name = "\\Recent"},
};

guint32 imap_flag_bit(ByteSpan name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(flag_names); i++) {
        if (byte_span_is_nocase(name, flag_names[i].name)) {
            return flag_names[i].bit;
        }
    }
    return 0;
}

bool imap_flags_write(guint32 flags, ByteBuffer *out)
{
    bool is_first = true;
    for (gsize i = 0; i < G_N_ELEMENTS(flag_names); i++) {
        if ((flags & flag_names[i].bit) == 0) {
            continue;
        }
        if (!byte_buffer_printf(out, "%s%s", is_first ? "" : " ", flag_names[i].name)) {
            return false;
        }
        is_first = false;
    }
    return true;
}
