#pragma once

/* A mailing list behind an address of a transfer agent (RFC 5321 §3.9.2). Who is on the list is
 * known to it alone; a message to the list goes out again to all members in a new envelope:
 *
 *     alice ─> cats@lists.example ─┬─ MAIL FROM:<cats-bounces@lists.example> ─> bob, carol ...
 *                                  └─ once a day, for those who prefer it: multipart/digest
 *
 * What cannot be delivered is reported to cats-bounces, so neither the author nor the members hear
 * of it; a member that fails too often is dropped. "subscribe" and "unsubscribe" as the subject of
 * a mail to cats-request change the membership. The header stays as it was but for List-Id (RFC
 * 2919) and the List- fields of RFC 2369. */

#include "sim/agent/transfer-agent.h"

typedef struct ListServer ListServer;

typedef struct {
    const char *address; /* "cats@lists.example" */
    const char *title;   /* "All about cats" */
    const char *owner;   /* the person behind cats-owner */
    bool is_closed;      /* only members may write to it: others get a report, 5.7.2 */
    guint bounce_limit;  /* failures until a member is dropped; 0: never */
    SimTime digest_at;   /* time of day; 0: midnight */
    guint64 seed;
} ListServerOptions;

/* Both outlive it, as far as mail still comes in: free it before the agent, after the world has
 * stopped. */
ListServer *list_server_new(TransferAgent *agent, const ListServerOptions *options);
void list_server_free(ListServer *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ListServer, list_server_free)

/* Adds a member, or changes how one reads: every message at once, or the digest. */
void list_server_add_member(ListServer *list, const char *address, bool reads_digest);
bool list_server_remove_member(ListServer *list, const char *address); /* false: was none */

guint list_server_member_count(const ListServer *list);
bool list_server_has_member(const ListServer *list, const char *address);
guint list_server_bounces(const ListServer *list, const char *address); /* since the last success */
guint list_server_pending(const ListServer *list); /* messages waiting for the digest */

/* Sends the digest now, as at its hour. */
void list_server_send_digest(ListServer *list);
