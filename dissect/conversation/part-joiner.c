#include "dissect/conversation/part-joiner.h"

static bool take_number(ByteSpan *rest, guint64 *out_number)
{
    gsize digits = 0;
    *out_number = 0;
    while (digits < rest->length && digits < 18 && g_ascii_isdigit(rest->data[digits])) {
        *out_number = *out_number * 10 + (guint64)(rest->data[digits] - '0');
        digits++;
    }
    *rest = byte_span_from(*rest, digits);
    return digits > 0;
}

static bool take_octet(ByteSpan *rest, char octet)
{
    bool is_there = rest->length > 0 && rest->data[0] == (guint8)octet;
    *rest = byte_span_from(*rest, is_there ? 1 : 0);
    return is_there;
}

/* RFC 9051 §6.4.5: BODY[section]<first.count>. */
bool part_joiner_ask(PartJoiner *joiner, ByteSpan arguments)
{
    for (gssize at = byte_span_find(arguments, '<', 0); at >= 0;
         at = byte_span_find(arguments, '<', (gsize)at + 1)) {
        ByteSpan rest = byte_span_from(arguments, (gsize)at + 1);
        guint64 from;
        guint64 count;
        if (take_number(&rest, &from) && take_octet(&rest, '.') && take_number(&rest, &count) &&
            take_octet(&rest, '>')) {
            joiner->asked_from = from;
            joiner->asked_count = count;
            return true;
        }
    }
    joiner->asked_count = 0;
    return false;
}

static guint64 length_of(const DialogueMessage *message)
{
    return message->octets + message->missing;
}

bool part_joiner_goes_on(
    const PartJoiner *joiner, const DialogueMessage *part, guint64 lost, guint64 *out_skipped
)
{
    guint64 reached = length_of(&joiner->message);
    if (!joiner->is_held || part->kind != DIALOGUE_MESSAGE_FETCH || !part->is_partial ||
        part->retrieved_number != joiner->message.retrieved_number ||
        !byte_span_equal(part->section, joiner->message.section)) {
        return false;
    }
    *out_skipped = 0;
    if (part->origin <= reached) {
        return part->origin == reached ||
               (part->origin > 0 && part->announced > reached - part->origin);
    }
    *out_skipped = part->origin - reached;
    return lost > joiner->lost_before;
}

void part_joiner_go_on(PartJoiner *joiner, const DialogueMessage *part, guint64 skipped)
{
    guint64 reached = length_of(&joiner->message);
    joiner->repeated = part->origin < reached ? reached - part->origin : 0;
    joiner->dropped_octets = 0;
    joiner->dropped_missing = 0;
    joiner->is_held = false;
    joiner->is_joining = true;
    joiner->octets_before = joiner->message.octets;
    joiner->missing_before = joiner->message.missing + skipped;
}

bool part_joiner_drop_repeated(PartJoiner *joiner, DialogueEvent *said)
{
    if (said->kind == DIALOGUE_EVENT_MISSING) {
        guint64 seen = length_of(said->message) - joiner->dropped_octets - joiner->dropped_missing;
        guint64 length = MIN(joiner->repeated, seen);
        joiner->repeated -= length;
        joiner->dropped_missing += length;
        return true;
    }
    if (said->kind != DIALOGUE_EVENT_MESSAGE_DATA) {
        return true;
    }
    guint64 length = MIN(joiner->repeated, said->text.length);
    joiner->repeated -= length;
    joiner->dropped_octets += length;
    said->text = byte_span_from(said->text, (gsize)length);
    return said->text.length > 0;
}

const DialogueMessage *part_joiner_whole(PartJoiner *joiner, const DialogueMessage *part)
{
    joiner->message.octets = joiner->octets_before + part->octets - joiner->dropped_octets;
    joiner->message.missing = joiner->missing_before + part->missing - joiner->dropped_missing;
    joiner->message.is_complete = joiner->message.missing == 0 && part->is_complete;
    return &joiner->message;
}

bool part_joiner_wants(const PartJoiner *joiner, const DialogueMessage *part)
{
    return part->kind == DIALOGUE_MESSAGE_FETCH && part->is_partial &&
           (joiner->is_joining || (part->origin == 0 && part->announced > 0 &&
                                   part->section.length < PART_SECTION_MAXIMUM));
}

void part_joiner_hold(PartJoiner *joiner, const DialogueEvent *end)
{
    const DialogueMessage *part = end->message;
    if (!joiner->is_joining) {
        joiner->message = *part;
        joiner->octets_before = 0;
        joiner->missing_before = 0;
        joiner->dropped_octets = 0;
        joiner->dropped_missing = 0;
        if (part->section.length > 0) {
            memcpy(joiner->section, part->section.data, part->section.length);
        }
        joiner->message.section = byte_span(joiner->section, part->section.length);
    }
    part_joiner_whole(joiner, part);
    bool was_asked = joiner->asked_count > 0 && joiner->asked_from == part->origin;
    bool is_last = was_asked && length_of(part) < joiner->asked_count;
    joiner->message.is_partial = !is_last;
    joiner->message.announced = length_of(&joiner->message);
    joiner->end = *end;
    joiner->end.message = &joiner->message;
    joiner->end.text = BYTE_SPAN_EMPTY;
    joiner->is_held = true;
    joiner->is_joining = false;
}

const DialogueMessage *part_joiner_doubt(PartJoiner *joiner, const DialogueMessage *part)
{
    if (part->kind != DIALOGUE_MESSAGE_FETCH || !part->is_partial) {
        return part;
    }
    joiner->message = *part;
    joiner->message.is_complete = false;
    return &joiner->message;
}

void part_joiner_release(PartJoiner *joiner, guint64 lost)
{
    joiner->is_held = false;
    /* The part that would have come next may be among what was lost. */
    if (joiner->message.is_partial && lost > joiner->lost_before) {
        joiner->message.is_complete = false;
    }
}
