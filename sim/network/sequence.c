#include "sim/network/sequence.h"

#include <string.h>

bool sequence_ranges_add(SequenceRanges *ranges, guint32 from, guint32 to)
{
    guint32 first = 0;
    while (first < ranges->count && sequence_before(ranges->ranges[first].to, from)) {
        first++;
    }
    guint32 last = first;
    SequenceRange joined = {.from = from, .to = to, .stamp = ++ranges->stamp};
    while (last < ranges->count && sequence_up_to(ranges->ranges[last].from, to)) {
        joined.from = sequence_min(joined.from, ranges->ranges[last].from);
        joined.to = sequence_max(joined.to, ranges->ranges[last].to);
        last++;
    }
    if (first == last && ranges->count == SEQUENCE_RANGES_MAX) {
        return false;
    }
    memmove(
        &ranges->ranges[first + 1],
        &ranges->ranges[last],
        (ranges->count - last) * sizeof ranges->ranges[0]
    );
    ranges->count = ranges->count - (last - first) + 1;
    ranges->ranges[first] = joined;
    return true;
}

void sequence_ranges_forget_before(SequenceRanges *ranges, guint32 sequence)
{
    guint32 gone = 0;
    while (gone < ranges->count && sequence_up_to(ranges->ranges[gone].to, sequence)) {
        gone++;
    }
    ranges->count -= gone;
    memmove(ranges->ranges, ranges->ranges + gone, ranges->count * sizeof ranges->ranges[0]);
    if (ranges->count > 0) {
        ranges->ranges[0].from = sequence_max(ranges->ranges[0].from, sequence);
    }
}

const SequenceRange *sequence_ranges_find(const SequenceRanges *ranges, guint32 sequence)
{
    for (guint32 i = 0; i < ranges->count; i++) {
        const SequenceRange *range = &ranges->ranges[i];
        if (sequence_up_to(range->from, sequence) && sequence_before(sequence, range->to)) {
            return range;
        }
    }
    return NULL;
}

guint32 sequence_ranges_octets_after(const SequenceRanges *ranges, guint32 sequence)
{
    guint32 octets = 0;
    for (guint32 i = 0; i < ranges->count; i++) {
        const SequenceRange *range = &ranges->ranges[i];
        if (sequence_before(sequence, range->to)) {
            octets += range->to - sequence_max(range->from, sequence);
        }
    }
    return octets;
}
