#pragma once

/* What DNS says: record types, classes, operations, response codes, header flags, limits and the
 * rules by which mail finds its host, as rows. The numbered ones are found by their number. */

#include "protocol/rfc/vocabulary.h"
#include "protocol/text/byte-span.h"

typedef struct {
    VocabularyItem item;
    guint16 number; /* as on the wire: MX is 15, NXDOMAIN is 3 */
} DnsNumberRow;

/* NULL: a number that no row has. */
const VocabularyItem *dns_type_find(guint16 number);
const VocabularyItem *dns_class_find(guint16 number);
const VocabularyItem *dns_opcode_find(guint number);
const VocabularyItem *dns_rcode_find(guint number);

/* One bit of the second 16 of the header: 0x8000 is QR, 0x0400 is AA. */
const VocabularyItem *dns_flag_find(guint16 bit);

/* The number of "MX", in letters of any case; false: no row has that name. */
bool dns_type_number(ByteSpan name, guint16 *out_number);

const VocabularyTable *dns_vocabulary(gsize *out_count);
