#include "protocol/imap/imap-sequence-set.h"

static bool parse_number(ByteSpan text, guint32 largest, guint32 *out_number, bool *out_is_star)
{
    guint64 number;
    if (byte_span_is(text, "*")) {
        *out_number = largest;
        *out_is_star = true;
        return true;
    }
    if (!byte_span_to_number(text, &number) || number == 0 || number > G_MAXUINT32) {
        return false;
    }
    *out_number = (guint32)number;
    return true;
}

static bool parse_range(ByteSpan text, guint32 largest, ImapRange *out_range)
{
    ImapRange range = {0};
    gssize colon = byte_span_find(text, ':', 0);
    ByteSpan first = colon < 0 ? text : byte_span_slice(text, 0, (gsize)colon);
    ByteSpan last = colon < 0 ? text : byte_span_from(text, (gsize)colon + 1);
    if (!parse_number(first, largest, &range.first, &range.has_star) ||
        !parse_number(last, largest, &range.last, &range.has_star)) {
        return false;
    }
    /* RFC 9051 §9: the two ends stand in either order. */
    if (range.first > range.last) {
        guint32 swapped = range.first;
        range.first = range.last;
        range.last = swapped;
    }
    *out_range = range;
    return true;
}

static int compare_ranges(const void *left, const void *right)
{
    const ImapRange *a = left;
    const ImapRange *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

static void merge(GArray *ranges)
{
    guint kept = 0;
    g_array_sort(ranges, compare_ranges);
    for (guint i = 0; i < ranges->len; i++) {
        ImapRange range = g_array_index(ranges, ImapRange, i);
        ImapRange *before = kept == 0 ? NULL : &g_array_index(ranges, ImapRange, kept - 1);
        if (before != NULL && range.first <= before->last) {
            before->last = MAX(before->last, range.last);
            before->has_star |= range.has_star;
        } else {
            g_array_index(ranges, ImapRange, kept++) = range;
        }
    }
    g_array_set_size(ranges, kept);
}

bool imap_sequence_set_parse(ByteSpan text, guint32 largest, ImapSequenceSet *out_set)
{
    ImapSequenceSet set = {.ranges = g_array_new(FALSE, FALSE, sizeof(ImapRange))};
    ByteSpan rest = text;
    bool is_good = text.length > 0;
    if (byte_span_is(text, "$")) {
        set.is_saved = true;
        *out_set = set;
        return true;
    }
    while (is_good && rest.data != NULL) {
        ImapRange range;
        gssize comma = byte_span_find(rest, ',', 0);
        ByteSpan part = comma < 0 ? rest : byte_span_slice(rest, 0, (gsize)comma);
        rest = comma < 0 ? BYTE_SPAN_EMPTY : byte_span_from(rest, (gsize)comma + 1);
        is_good = parse_range(part, largest, &range) && set.ranges->len < IMAP_RANGES_MAXIMUM;
        if (is_good) {
            g_array_append_val(set.ranges, range);
        }
    }
    if (!is_good) {
        g_array_unref(set.ranges);
        return false;
    }
    merge(set.ranges);
    *out_set = set;
    return true;
}

void imap_sequence_set_clear(ImapSequenceSet *set)
{
    g_clear_pointer(&set->ranges, g_array_unref);
}

bool imap_sequence_set_has(const ImapSequenceSet *set, guint32 number)
{
    guint low = 0;
    guint high = set->ranges->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const ImapRange *range = &g_array_index(set->ranges, ImapRange, middle);
        if (number < range->first) {
            high = middle;
        } else if (number > range->last) {
            low = middle + 1;
        } else {
            return true;
        }
    }
    return false;
}

bool imap_numbers_write(const guint32 *numbers, gsize count, ByteBuffer *out)
{
    for (gsize i = 0; i < count;) {
        gsize end = i + 1;
        while (end < count && numbers[end] == numbers[end - 1] + 1) {
            end++;
        }
        bool fits = byte_buffer_printf(out, "%s%u", i == 0 ? "" : ",", numbers[i]) &&
                    (end - i == 1 || byte_buffer_printf(out, ":%u", numbers[end - 1]));
        if (!fits) {
            return false;
        }
        i = end;
    }
    return true;
}
