#pragma once

/* Where did every message end? The accounting listens to what agents tell (mail-event.h) and
 * follows each accepted message, recipient by recipient and server by server. At the end it must
 * close: each recipient of each server's message was delivered, handed over and really arrived
 * there, reported as failed, thrown away with a reason, or is still in the queue.
 *
 *     mail.crepes.fr 00000004 bob@hamburger.edu ── relayed, taken as 00000017 ──┐
 *                                              mail.hamburger.edu 00000017 <────┘ ── delivered
 *
 * A message arrives twice only where the protocol cannot prevent it: the connection was lost after
 * the final dot and before its answer (RFC 1047). Such cases are named; any other is a violation.
 */

#include "sim/agent/transfer-agent.h"

typedef struct Accounting Accounting;

typedef struct {
    guint64 messages;   /* accepted, at every server anew */
    guint64 recipients; /* of these messages, those of aliases included */
    guint64 delivered;
    guint64 relayed;
    guint64 expanded; /* others stand for them */
    guint64 failed;
    guint64 expired;
    guint64 discarded;
    guint64 queued;
    guint64 reports;
    guint64 twice; /* arrived twice, or in spite of a failure that was reported */
} AccountingTotals;

/* Listens from now on: begin before the first message is sent. */
Accounting *accounting_new(SimWorld *world);

/* Before the world is freed. */
void accounting_free(Accounting *accounting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Accounting, accounting_free)

/* An agent whose queue is compared with what was told. Borrowed. */
void accounting_add_agent(Accounting *accounting, TransferAgent *agent);

typedef struct {
    AccountingTotals totals;
    GPtrArray *violations; /* char *: one sentence each; none: the books close */
    GPtrArray *twice;      /* char *: what may have arrived twice, and why */
} AccountingResult;

/* May be asked at any time; what is under way counts as queued. */
void accounting_close(const Accounting *accounting, AccountingResult *out_result);
void accounting_result_clear(AccountingResult *result);

/* "12 messages for 15 recipients: 14 delivered, 1 failed and reported." */
char *accounting_totals_text(const AccountingTotals *totals);
