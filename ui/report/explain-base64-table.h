#pragma once

/* Groups of base64 side by side, as many as the width has room for, block under block. Of a long
 * text the first blocks and the last are shown; groups are given one at a time and none is kept
 * that will not be shown. */

#include "protocol/encoding/base64-trace.h"
#include "ui/report/explain.h"

#define BASE64_TABLE_GROUPS 32 /* at most, in one block */

typedef enum {
    BASE64_TABLE_ENCODING, /* from text at the top to letters at the bottom */
    BASE64_TABLE_DECODING, /* the other way round */
} Base64TableKind;

typedef struct {
    ExplainOutput *output;
    Base64TableKind kind;
    bool wants_everything;
    gsize per_block;
    gsize n_blocks; /* shown */
    gsize n_hidden; /* groups that will not be shown */
    gsize n_groups; /* of the present block */
    gsize n_held;   /* of the block that is shown if it proves to be the last */
    Base64Group groups[BASE64_TABLE_GROUPS];
    Base64Group held[BASE64_TABLE_GROUPS];
} Base64Table;

void base64_table_init(
    Base64Table *table, ExplainOutput *output, Base64TableKind kind, bool wants_everything
);
/* 'octets' are all octets up to the group, for letters that take several of them. */
void base64_table_add(Base64Table *table, const Base64Group *group, ByteSpan octets);
void base64_table_finish(Base64Table *table, ByteSpan octets);
