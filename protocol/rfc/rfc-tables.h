#pragma once

/* The tables that make-rfc-tables.py writes at build time; only rfc-index.c reads them. Documents
 * rise by number; the sections of document i are those from rfc_first_sections[i] up to, but not
 * including, rfc_first_sections[i + 1], in strcmp order of their numbers ("10" before "2"). Ten
 * thousand sections name their texts by offset, so the loader need not touch them at start. */

#include "protocol/rfc/rfc-index.h"

typedef struct {
    guint32 section; /* offsets into rfc_section_texts */
    guint32 title;
} RfcSectionRow;

extern const RfcDocument rfc_documents[];
extern const gsize rfc_document_count;
extern const guint32 rfc_first_sections[];
extern const RfcSectionRow rfc_sections[];
extern const char rfc_section_texts[];
