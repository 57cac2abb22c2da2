#pragma once

/* The rows behind sasl-vocabulary.h; only sasl-vocabulary.c and the tests read them here. */

#include "protocol/sasl/sasl-vocabulary.h"

#define SASL_MECHANISM_COUNT 19
#define SASL_TERM_COUNT 39

extern const SaslMechanismRow sasl_mechanisms[SASL_MECHANISM_COUNT];
extern const VocabularyItem sasl_terms[SASL_TERM_COUNT];
