#pragma once

#include "ui/report/explain.h"

/* Proofs that never send the secret: APOP of POP3 and CRAM-MD5 of SASL. */
bool explain_apop(const ExplainRequest *request, ExplainOutput *output);
bool explain_cram_md5(const ExplainRequest *request, ExplainOutput *output);
