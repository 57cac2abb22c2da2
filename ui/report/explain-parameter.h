#pragma once

#include "ui/report/explain.h"

/* Parameters in pieces and charsets (RFC 2231): "NAME TEXT" is written, a lone list of parameters
 * is read. */
bool explain_parameter(const ExplainRequest *request, ExplainOutput *output);
