#pragma once

#include "ui/report/explain.h"

/* Passwords that travel in base64, which hides nothing: AUTH PLAIN and AUTH LOGIN. */
bool explain_auth_plain(const ExplainRequest *request, ExplainOutput *output);
bool explain_auth_login(const ExplainRequest *request, ExplainOutput *output);
