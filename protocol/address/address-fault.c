#include "protocol/address/address-fault.h"

#include "protocol/address/address-fault-rows.h"

const AddressFaultRow *address_fault_row(AddressFault fault)
{
    g_assert(fault > ADDRESS_FAULT_NONE && fault < N_ADDRESS_FAULTS);
    return fault < ADDRESS_FAULT_FIRST_OF_DOMAIN
               ? &address_local_fault_rows[fault - ADDRESS_FAULT_NO_AT]
               : &address_domain_fault_rows[fault - ADDRESS_FAULT_FIRST_OF_DOMAIN];
}
