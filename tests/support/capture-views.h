#pragma once

/* Reads octets as a capture and shows them in every view there is, into nowhere: for tests that
 * care only whether hostile captures can crash, hang or bloat the whole way from frame to page. */

#include "protocol/text/byte-span.h"

/* 'choice' decides what is asked for: secrets, frames, one stream, what is compared. */
void capture_views_run(ByteSpan file, guint8 choice);
