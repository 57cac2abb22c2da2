#pragma once

/* The mail store in memory: the default. A message costs some forty octets beside its text, and the
 * text is shared between all folders that hold it. */

#include "sim/store/mail-store.h"

MailStore *memory_store_new(void);
