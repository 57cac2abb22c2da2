#pragma once

/* Base64 step by step, for people and for the exercises: each group of up to three octets with its
 * bits, its sextets, their letters and its padding. Groups are worked out one at a time, so a text
 * of any length costs nothing to trace. */

#include "protocol/encoding/base64.h"

typedef struct {
    gsize number;        /* counts from 0 */
    gsize octet_offset;  /* of its first octet in the data */
    gsize letter_offset; /* of its first letter in the text, line breaks not counted */
    guint n_octets;      /* 1 to 3 */
    guint n_sextets;     /* 2 to 4: those that get a letter of the alphabet */
    guint n_fill_bits;   /* 0, 2 or 4 zero bits that fill the last sextet */
    guint n_pads;        /* 0 to 2 */
    guint8 octets[3];
    guint8 sextets[4];
    char letters[5]; /* with padding, NUL-terminated */
} Base64Group;

gsize base64_group_count(gsize n_octets);
/* The group with that number; 'number' must be less than the count. */
Base64Group base64_group(ByteSpan octets, gsize number);

/* The eight bits of an octet or the six of a sextet, most significant first, and a NUL. */
void base64_octet_bits(guint8 octet, char out_bits[9]);
void base64_sextet_bits(guint8 sextet, char out_bits[7]);

/* Why there is as much padding as there is; one sentence. */
const char *base64_padding_reason(gsize n_octets);

/* Decoding: the groups of four letters of a text, as far as it can be read. White space is stepped
 * over in BASE64_MIME only; 'positions' tell where each letter stands in the text. */
typedef struct {
    Base64Group group;
    gsize positions[4];
    guint n_letters;  /* padding included; fewer than 4 only in the last group of a cut text */
    guint stray_bits; /* what the bits before the padding are, that ought to be zero */
} Base64Reading;

typedef struct {
    ByteSpan text;
    Base64Mode mode;
    gsize at;
    gsize n_groups;
    gsize n_octets;
    gsize n_letters;
    bool has_ended;
    Base64Fault fault; /* the first, and where; decoding goes no further */
    gsize fault_position;
} Base64Reader;

void base64_reader_init(Base64Reader *reader, ByteSpan text, Base64Mode mode);
/* False: the text is read, or a fault was met; a group that is cut short is given before that. */
bool base64_reader_next(Base64Reader *reader, Base64Reading *out_reading);
