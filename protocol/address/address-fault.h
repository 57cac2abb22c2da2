#pragma once

/* The ways in which an address can be wrong: one row each, with the grammar rule that is broken
 * under every rule set and the sentence that says it to a student. */

#include "protocol/address/address-judge.h"

typedef struct {
    const char *rule; /* NULL: this rule set has no such fault */
    RfcReference reference;
} AddressRule;

typedef struct {
    AddressFault id;
    const char *sentence;
    const char *obsolete_sentence; /* where RFC 5322 §4.4 asks for other words; else NULL */
    AddressRule rules[N_ADDRESS_RULE_SETS];
} AddressFaultRow;

const AddressFaultRow *address_fault_row(AddressFault fault);
