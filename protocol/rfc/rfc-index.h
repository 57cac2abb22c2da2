#pragma once

/* What is known of the RFCs themselves: titles, dates, status, what obsoletes what, and the titles
 * of their sections. The tables are made at build time from rfcs.tsv and sections.tsv beside this
 * file. Everything given out lives as long as the program. */

#include "protocol/rfc/vocabulary.h"

typedef struct {
    guint16 number;
    const char *date; /* "2008-10" */
    const char *title;
    const char *status; /* "DRAFT STANDARD" */
    const char *obsoletes;
    const char *obsoleted_by; /* "" where it is in force; else "5321" or "5321 5322" */
    const char *updates;
    const char *updated_by;
} RfcDocument;

const RfcDocument *rfc_document(guint16 number);       /* NULL: not in the index */
const char *rfc_section_title(RfcReference reference); /* NULL: no such section in the index */
bool rfc_is_obsolete(guint16 number);

/* "RFC 5321 §4.1.1.3" */
char *rfc_reference_to_string(RfcReference reference);
