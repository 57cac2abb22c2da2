#pragma once

#include "ui/report/explain.h"

/* Mailbox names of IMAP4rev1 in modified UTF-7 (RFC 3501 §5.1.3). */
bool explain_utf7(const ExplainRequest *request, ExplainOutput *output);
