#pragma once

/* A resolver that stands beside its servers: it goes down a tree of names (naming-tree.h) as any
 * resolver does, but each question to a server is answered on the spot, without a network between.
 * For serving a scenario's names on a real socket, and for looking a name up at once. */

#include "sim/naming/naming-tree.h"

typedef struct LocalResolver LocalResolver;

/* The tree is borrowed. */
LocalResolver *local_resolver_new(NamingTree *tree);
void local_resolver_free(LocalResolver *resolver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LocalResolver, local_resolver_free)

/* The answer is yours. */
DnsAnswer *
local_resolver_look_up(LocalResolver *resolver, const DnsName *name, guint16 type, SimTime now);

/* Answers a message as a resolver on port 53 does; what does not ask for recursion is answered by
 * the name servers' own zones, as far as one of them knows. False: nothing is to be sent. */
bool local_resolver_answer(
    LocalResolver *resolver, ByteSpan question, bool over_tcp, SimTime now, ByteBuffer *out
);

/* One step of a look-up from the root down, for showing the path (`dig +trace`). */
typedef struct {
    const char *server; /* its name */
    SimAddress address;
    ByteSpan question;
    ByteSpan answer; /* empty: it did not answer */
} LocalStep;

typedef void (*LocalStepEach)(const LocalStep *step, gpointer data);

/* Called for every question that goes to a server from now on; NULL: nobody watches. */
void local_resolver_watch(LocalResolver *resolver, LocalStepEach each, gpointer data);
