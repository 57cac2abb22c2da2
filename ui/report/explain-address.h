#pragma once

#include "ui/report/explain.h"

/* An address, a path in angle brackets or an address list, judged by every rule set. Yes: an
 * envelope may carry it, by RFC 5321 or with SMTPUTF8. */
bool explain_address(const ExplainRequest *request, ExplainOutput *output);
