#pragma once

/* What a view may show of a line that holds a password or a proof of one. */

#include "protocol/dialogue/dialogue.h"

#define SECRET_MASK "\u2022\u2022\u2022\u2022\u2022\u2022"

/* Splits the text of a secret command or continuation: what stands before the secret is shown, the
 * rest is masked. For a line that is not secret the whole text is shown. */
ByteSpan secret_visible_part(const DialogueEvent *event);

/* The text for a person: display-safe, masked unless 'show_secrets'. */
char *secret_display_text(const DialogueEvent *event, bool show_secrets);
