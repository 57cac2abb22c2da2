#pragma once

/* Each message followed through the capture, leg by leg: handed in, relayed, fetched; how long each
 * part took (DNS, TCP, greeting, log-in, envelope, message), how many times the client waited for
 * the server, and what PIPELINING would have saved. Legs are joined by the Message-ID; without one
 * by author, subject and date together. */

#include "ui/report/text-layout.h"
#include "ui/timeline/timeline.h"

#define JOURNEYS_MAXIMUM 10000 /* messages told */

void journeys_write(TextLayout *layout, const Timeline *timeline);
