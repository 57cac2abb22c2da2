#pragma once

/* The two halves of the table of faults, for address-fault.c alone, and how their rows spell the
 * rules. Rows stand in the order of AddressFault. */

#include "protocol/address/address-fault.h"

/* The four rules of a row stand in the order of the rule sets. */
#define SMTP(name)                                                                                 \
    {                                                                                              \
        .rule = (name), .reference = { 5321, "4.1.2" }                                             \
    }
#define RULE(name, number, section)                                                                \
    {                                                                                              \
        .rule = (name), .reference = {(number), (section) }                                        \
    }
#define NO_RULE                                                                                    \
    {                                                                                              \
        .rule = NULL                                                                               \
    }

#define ADDRESS_FAULT_FIRST_OF_DOMAIN ADDRESS_FAULT_DOMAIN_EMPTY

extern const AddressFaultRow
    address_local_fault_rows[ADDRESS_FAULT_FIRST_OF_DOMAIN - ADDRESS_FAULT_NO_AT];
extern const AddressFaultRow
    address_domain_fault_rows[N_ADDRESS_FAULTS - ADDRESS_FAULT_FIRST_OF_DOMAIN];
