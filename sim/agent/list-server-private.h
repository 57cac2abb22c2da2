#pragma once

/* The inside of ListServer: the list itself (list-server.c) and the messages it writes
 * (list-message.c). */

#include "sim/agent/list-server.h"

typedef struct {
    char *address;
    bool reads_digest;
    guint bounces;
} ListMember;

struct ListServer {
    TransferAgent *agent;
    SimWorld *world;
    char *address; /* "cats@lists.example" */
    char *local;   /* "cats" */
    char *domain;
    char *title;
    char *bounces_address;
    char *request_address;
    char *owner_address;
    bool is_closed;
    guint bounce_limit;
    SimTime digest_at;
    guint64 seed;
    guint digests;      /* sent so far */
    GPtrArray *members; /* ListMember */
    GPtrArray *pending; /* GBytes, for the digest */
    SimTimer digest_timer;
};

/* "List-Id: All about cats <cats.lists.example>" and the others, as lines. */
char *list_message_fields(const ListServer *list);

/* The message with the list's fields at the end of its header. */
GBytes *list_message_copy(const ListServer *list, GBytes *octets);

/* True: it has been through this list already. */
bool list_message_is_own(const ListServer *list, GBytes *octets);

GBytes *list_message_digest(const ListServer *list);
