#pragma once

/* The tables of IMAP, for imap-vocabulary.c alone. The numbers of rows stand here so that one array
 * can hold all tables; the compiler refuses a table of another length. */

#include "protocol/imap/imap-vocabulary.h"

typedef struct {
    VocabularyItem item;
    ImapCommandId command; /* whose parameter it is */
} ImapParameterRow;

#define IMAP_REVISION_1_REFERENCE(section_) .context = "IMAP4rev1", .reference = {3501, (section_)}
#define IMAP_REVISION_2_REFERENCE(section_) .context = "IMAP4rev2", .reference = {9051, (section_)}

extern const ImapCommandRow imap_session_command_rows[14];
extern const ImapCommandRow imap_mailbox_command_rows[23];
extern const ImapCommandRow imap_message_command_rows[27];
extern const ImapCommandRow imap_extension_command_rows_a[21];
extern const ImapCommandRow imap_extension_command_rows_i[26];
extern const VocabularyItem imap_status_rows[124];
extern const VocabularyItem imap_response_rows[41];
extern const VocabularyItem imap_response_code_rows[45];
extern const VocabularyItem imap_extension_code_rows[48];
extern const VocabularyItem imap_fetch_item_rows[39];
extern const VocabularyItem imap_section_part_rows[10];
extern const VocabularyItem imap_fetch_response_item_rows[29];
extern const VocabularyItem imap_search_key_rows[81];
extern const VocabularyItem imap_flag_rows[25];
extern const VocabularyItem imap_attribute_rows[30];
extern const VocabularyItem imap_status_item_rows[17];
extern const ImapParameterRow imap_parameter_rows[53];
extern const ImapParameterRow imap_extension_parameter_rows[47];
extern const VocabularyItem imap_extension_rows[82];
extern const VocabularyItem imap_rule_rows[67];
