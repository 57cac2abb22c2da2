#pragma once

/* What the reader of master files needs to know of a zone. */

#include "sim/naming/dns-zone.h"

guint32 dns_zone_default_ttl(const DnsZone *zone);
