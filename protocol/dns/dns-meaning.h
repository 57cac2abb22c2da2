#pragma once

/* The parts of which dns_meaning() is made: what a question asks, what an answer says. Shared by
 * the two files that write them; views call dns_meaning() in dns-exchange.h. */

#include "protocol/dns/dns-data.h"

/* Without the dot at the end; "the root" for the root. */
void dns_name_shown(const DnsName *name, GString *out);

void dns_question_meaning(const DnsName *name, guint16 type, GString *out);
