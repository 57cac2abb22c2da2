/* One side of an IMAP conversation: where its units come from. */

#include "protocol/imap/imap-dialogue-private.h"

DialogueInput *imap_side_input(ImapSide *side)
{
    return side->inflater == NULL ? &side->wire : imap_inflater_text(side->inflater);
}

bool imap_side_has_octets(ImapSide *side)
{
    return dialogue_input_peek(imap_side_input(side)).length > 0 ||
           (side->inflater != NULL && imap_inflater_refill(side->inflater, &side->wire));
}

guint64 imap_side_position(ImapSide *side)
{
    return side->inflater == NULL ? side->wire.position : imap_inflater_to(side->inflater);
}

/* A unit of compressed text lies where the octets lay that brought it. */
static void place_on_wire(ImapSide *side, ImapUnit *unit)
{
    if (side->inflater != NULL) {
        unit->from = side->unit_from;
        unit->to = imap_inflater_to(side->inflater);
    }
}

ImapUnitStep imap_side_next_unit(ImapSide *side, bool reads_literals, ImapUnit *out_unit)
{
    if (side->stash_step != IMAP_UNIT_NEED_MORE) {
        ImapUnitStep step = side->stash_step;
        *out_unit = side->stash;
        side->stash_step = IMAP_UNIT_NEED_MORE;
        return step;
    }
    ImapUnitStep step = IMAP_UNIT_NEED_MORE;
    while (step == IMAP_UNIT_NEED_MORE && imap_side_has_octets(side)) {
        if (side->inflater != NULL && !imap_reader_is_within_unit(&side->reader)) {
            side->unit_from = imap_inflater_from(side->inflater);
        }
        step = imap_reader_next(&side->reader, imap_side_input(side), reads_literals, out_unit);
    }
    if (step != IMAP_UNIT_NEED_MORE) {
        place_on_wire(side, out_unit);
    }
    return step;
}

void imap_side_put_aside(ImapSide *side, const ImapUnit *unit, ImapUnitStep step)
{
    side->stash = *unit;
    side->stash_step = step;
}

void imap_side_end_unit(ImapSide *side)
{
    imap_reader_end_unit(&side->reader, imap_side_input(side));
}

void imap_side_discard(ImapSide *side)
{
    DialogueInput *wire = &side->wire;
    while (dialogue_input_peek(wire).length > 0) {
        dialogue_input_consume(wire, dialogue_input_peek(wire).length);
    }
    if (side->inflater != NULL) {
        imap_inflater_text(side->inflater)->fed = BYTE_SPAN_EMPTY;
    }
    side->stash_step = IMAP_UNIT_NEED_MORE;
    imap_reader_clear(&side->reader);
}
