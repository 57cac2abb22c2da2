#pragma once

/* Byte provenance: in which frames, and where in the stream, a line, a header field or an
 * attachment lies (--where 'Subject'). Text is looked for without regard to case. */

#include "ui/report/message-gather.h"
#include "ui/report/text-layout.h"

#define WHERE_FINDINGS_MAXIMUM 10000

typedef struct Where Where;

Where *where_new(const char *text, bool show_secrets);
void where_free(Where *where);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Where, where_free)

void where_event(Where *where, const DissectEvent *event);

/* False: nothing was found. */
bool where_write(Where *where, TextLayout *layout);
