#pragma once

/* Two captures compared conversation by conversation: the first place where they part, as protocol
 * and not as octets. Verbs, reply codes and the order of things count; the free text of replies and
 * times do not. Other arguments of the same command are told, but do not part a conversation. */

#include "ui/report/text-layout.h"
#include "ui/timeline/timeline.h"

#define DIFF_ARGUMENTS_SHOWN 8

/* True: nothing parts. */
bool capture_diff_write(TextLayout *layout, const Timeline *here, const Timeline *there);
