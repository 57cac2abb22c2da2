#pragma once

/* What a what-if wants said, in the words of the protocol in which it is said. */

#include "sim/agent/agent-prompter.h"
#include "sim/scenario/what-if.h"

/* The words for REFUSE, ANSWER and SAY; the caller frees them. NULL: they do not fit, and
 * '*out_mistake' is a sentence that says why. */
char *what_if_words(
    const WhatIf *what_if, AgentProtocol protocol, guint64 number, const char **out_mistake
);
