#include "protocol/rfc/rfc-index.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/rfc/rfc-tables.h"

static int compare_number_with_document(const void *key, const void *element)
{
    const guint16 *number = key;
    const RfcDocument *document = element;
    return (*number > document->number) - (*number < document->number);
}

static int compare_text_with_section(const void *key, const void *element)
{
    const RfcSectionRow *row = element;
    return strcmp(key, rfc_section_texts + row->section);
}

const RfcDocument *rfc_document(guint16 number)
{
    return bsearch(
        &number,
        rfc_documents,
        rfc_document_count,
        sizeof(rfc_documents[0]),
        compare_number_with_document
    );
}

const char *rfc_section_title(RfcReference reference)
{
    const RfcDocument *document = rfc_document(reference.number);
    if (document == NULL || reference.section == NULL)
        return NULL;
    if (strcmp(reference.section, "-") == 0)
        return document->title;
    gsize index = document - rfc_documents;
    const RfcSectionRow *row = bsearch(
        reference.section,
        rfc_sections + rfc_first_sections[index],
        rfc_first_sections[index + 1] - rfc_first_sections[index],
        sizeof(rfc_sections[0]),
        compare_text_with_section
    );
    return row == NULL ? NULL : rfc_section_texts + row->title;
}

bool rfc_is_obsolete(guint16 number)
{
    const RfcDocument *document = rfc_document(number);
    return document != NULL && document->obsoleted_by[0] != '\0';
}

char *rfc_reference_to_string(RfcReference reference)
{
    if (reference.number == 0)
        return g_strdup("");
    if (reference.section == NULL || strcmp(reference.section, "-") == 0)
        return g_strdup_printf("RFC %u", reference.number);
    /* Not so BASE.6.4.SORT, a section that an extension adds to its base document. */
    const char *section = reference.section;
    if (g_ascii_isalpha(section[0]) && (section[1] == '.' || section[1] == '\0'))
        return g_strdup_printf("RFC %u Appendix %s", reference.number, reference.section);
    return g_strdup_printf("RFC %u §%s", reference.number, reference.section);
}
