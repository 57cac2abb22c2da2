#pragma once

#include "ui/report/explain.h"

/* A raw message: each header field with its meaning, the MIME tree, and what is wrong where. Yes:
 * nothing in it breaks a MUST. */
bool explain_message(const ExplainRequest *request, ExplainOutput *output);

/* The hops of a Received chain: who handed the message to whom, how long it took, which lines could
 * be forged. Yes: there is such a chain. */
bool explain_received(const ExplainRequest *request, ExplainOutput *output);
