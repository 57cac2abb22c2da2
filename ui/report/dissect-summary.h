#pragma once

/* What a capture holds at a glance: protocols, streams, commands, replies, messages, users seen,
 * and what was lost. The cheapest view: it counts and keeps names, nothing else. */

#include "dissect/conversation/dissector.h"
#include "ui/report/text-layout.h"

#define SUMMARY_USERS_MAXIMUM 65536 /* different users kept; more are counted */
#define SUMMARY_USERS_SHOWN 40      /* the most frequent ones */

typedef struct DissectSummary DissectSummary;

DissectSummary *dissect_summary_new(void);
void dissect_summary_free(DissectSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DissectSummary, dissect_summary_free)

void dissect_summary_event(DissectSummary *summary, const DissectEvent *event);
/* Adds what another one has counted. False: there were more users than are kept, so which of them
 * are missing hangs on the order in which they came. */
bool dissect_summary_add(DissectSummary *summary, const DissectSummary *other);

void dissect_summary_write(
    const DissectSummary *summary,
    const PacketStatistics *packets,
    const StreamStatistics *streams,
    TextLayout *layout
);
