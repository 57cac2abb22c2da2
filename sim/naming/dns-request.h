#pragma once

/* What a resolver on port 53 looks at in a message before it sets out. */

#include "protocol/dns/dns-message.h"

/* True: one question of class IN in good form, with recursion desired, that a resolver looks up.
 * Zone transfers are none. */
bool dns_request_is_for_resolver(ByteSpan message, DnsName *out_name, guint16 *out_type);
