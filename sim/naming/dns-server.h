#pragma once

/* An authoritative name server without I/O: a question goes in as octets, the answer comes out as
 * octets (RFC 1034 §4.3.2). It knows its zones and nothing else: it refers to the servers below a
 * cut with glue, follows aliases within its zones, makes answers from wildcards, and refuses what
 * lies outside (a lame delegation shows so). */

#include "sim/naming/dns-zone.h"

#define DNS_SERVER_UDP_MAXIMUM 1232 /* with EDNS: fits one packet on every link */
#define DNS_SERVER_ALIASES_MAXIMUM 8

typedef struct DnsServer DnsServer;

DnsServer *dns_server_new(void);
void dns_server_free(DnsServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsServer, dns_server_free)

/* The zone is borrowed and must live as long as the server. */
void dns_server_add_zone(DnsServer *server, const DnsZone *zone);
void dns_server_remove_zone(DnsServer *server, const DnsName *origin);
const DnsZone *dns_server_zone_for(const DnsServer *server, const DnsName *name);

/* For lessons: what the server answers whatever is asked; NOERROR: the truth. */
void dns_server_set_failure(DnsServer *server, guint8 rcode);

/* Appends the answer to 'out'. False: nothing is to be sent (no header, or an answer came in). */
bool dns_server_answer(const DnsServer *server, ByteSpan question, bool over_tcp, ByteBuffer *out);
