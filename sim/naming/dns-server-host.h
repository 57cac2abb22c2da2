#pragma once

/* An authoritative server (dns-server.h) on port 53 of a simulated host. Belongs to the world. */

#include "sim/naming/dns-server.h"
#include "sim/naming/dns-service.h"

typedef struct DnsServerHost DnsServerHost;

/* The server is borrowed and must outlive the world. NULL: port 53 is taken. */
DnsServerHost *dns_server_host_start(SimHost *host, const DnsServer *server);
DnsService *dns_server_host_service(DnsServerHost *server_host);
