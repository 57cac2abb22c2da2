#pragma once

#include "ui/report/explain.h"

/* Encoded words of RFC 2047: text with an "=?" in it is read, any other is written. */
bool explain_word(const ExplainRequest *request, ExplainOutput *output);
