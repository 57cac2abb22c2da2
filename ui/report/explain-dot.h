#pragma once

#include "ui/report/explain.h"

/* The dots of SMTP DATA and POP3: what the sender adds and, with --decode, what the receiver takes
 * away, where it sees the end, and what other receivers might see instead. */
bool explain_dot(const ExplainRequest *request, ExplainOutput *output);
