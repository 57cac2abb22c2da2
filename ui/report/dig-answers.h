#pragma once

/* Every answer of the DNS in a capture as dig would print it (--dig): header, flags, sections in
 * columns, how long the answer took and who gave it. */

#include "dissect/conversation/dissector.h"

/* Appends the answer that the event holds; nothing for any other event. */
void dig_answers_event(GString *out, const DissectEvent *event);
