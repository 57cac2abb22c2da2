#pragma once

/* Every field of a message in the order of its octets, down to single bits of the flags and the
 * parts of RDATA, with the place it stands at, its name and its value as text: for views that
 * show a message octet by octet. */

#include "protocol/dns/dns-data.h"

typedef struct {
    const char *label; /* "ID", "QR", "QNAME", "RDLENGTH", "PREFERENCE" */
    DnsPlace place;
    guint8 first_bit; /* in the octets of 'place', from the high end; bits is 0 for whole octets */
    guint8 bits;
    bool is_header;
    DnsSection section; /* where it is not the header */
    guint16 record;     /* index in the section */
    RfcReference reference;
} DnsField;

/* Calls 'each' for every field; 'value' is readable text, borrowed for the call. Stops at a fatal
 * defect, which is given back. */
typedef void (*DnsFieldEach)(const DnsField *field, const char *value, void *user_data);

DnsDefect dns_fields_each(ByteSpan message, DnsFieldEach each, void *user_data);
