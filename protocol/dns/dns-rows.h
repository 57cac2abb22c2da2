#pragma once

/* The tables of DNS, for dns-vocabulary.c alone. The numbers of rows stand here so that one array
 * can hold all tables; the compiler refuses a table of another length. */

#include "protocol/dns/dns-vocabulary.h"

extern const DnsNumberRow dns_type_rows[32];
extern const DnsNumberRow dns_class_rows[5];
extern const DnsNumberRow dns_opcode_rows[4];
extern const DnsNumberRow dns_rcode_rows[7];
extern const DnsNumberRow dns_flag_rows[7];
extern const VocabularyItem dns_limit_rows[5];
extern const VocabularyItem dns_rule_rows[56];
