#pragma once

#include "ui/report/explain.h"

/* Quoted-printable: which octet is written how, by which of the five rules of RFC 2045 §6.7. */
bool explain_qp(const ExplainRequest *request, ExplainOutput *output);
