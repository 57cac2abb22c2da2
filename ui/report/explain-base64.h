#pragma once

#include "ui/report/explain.h"

/* Octets to letters by RFC 4648 §4, or back with --decode. */
bool explain_base64(const ExplainRequest *request, ExplainOutput *output);
