#pragma once

/* The defects of a message for the views of explain: what is wrong, what should have been done. */

#include "protocol/message/message-defect.h"
#include "ui/report/explain.h"

void explain_show_defects(ExplainOutput *output, guint64 defects);
void explain_json_defects(ExplainOutput *output, guint64 defects); /* "defects":[...] */

/* Whether one of them breaks a MUST or the grammar. */
bool explain_breaks_must(guint64 defects);
