#pragma once

/* What people write who make one of the typical mistakes of base64 all the way through. */

#include "exercises/exercise-maker.h"

void base64_add_mistakes(ExercisePart *part, ByteSpan octets);
