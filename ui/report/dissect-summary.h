#pragma once

/* What a capture holds at a glance: protocols, streams, commands, replies, messages, users seen,
 * and what was lost. The cheapest view: it counts and keeps names, nothing else. */

#include "dissect/conversation/dissector.h"
#include "ui/report/text-layout.h"

#define SUMMARY_USERS_MAXIMUM 1000 /* different users kept; more are counted */
#define SUMMARY_USERS_SHOWN 40     /* the most frequent ones */

typedef struct DissectSummary DissectSummary;

DissectSummary *dissect_summary_new(void);
void dissect_summary_free(DissectSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DissectSummary, dissect_summary_free)

void dissect_summary_event(DissectSummary *summary, const DissectEvent *event);
void dissect_summary_write(
    const DissectSummary *summary, const Dissector *dissector, TextLayout *layout
);
