#pragma once

/* Port 53 of a host, UDP and TCP: gives each question to a handler and takes the answer back, now
 * or later. Belongs to the world. Used for authoritative servers and for resolvers alike. */

#include "protocol/dns/dns-message.h"
#include "sim/network/host.h"

typedef struct DnsService DnsService;

/* One question that waits for its answer. */
typedef struct DnsRequest DnsRequest;

/* Every request must be ended by dns_request_answer(), once. */
typedef void (*DnsServiceHandler)(DnsRequest *request, gpointer data);

/* NULL: the port is taken. */
DnsService *dns_service_open(SimHost *host, DnsServiceHandler handler, gpointer data);

/* Questions are not heard any more; those under way can still be answered. */
void dns_service_stop(DnsService *service);

/* For lessons: over TCP nothing is answered. */
void dns_service_close_tcp(DnsService *service);

ByteSpan dns_request_question(const DnsRequest *request); /* lives until the answer */
bool dns_request_is_tcp(const DnsRequest *request);

/* Sends 'message' and frees the request; empty: nothing is sent. */
void dns_request_answer(DnsRequest *request, ByteSpan message);

guint64 dns_service_questions(const DnsService *service); /* heard so far */
