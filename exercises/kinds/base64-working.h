#pragma once

/* The working of base64 as students write it on paper, row by row:
 *
 *     octets   76 101 118 33            (or 4c 65 76 21, or 0x4c ...)
 *     bits     01001100 01100101 ...
 *     sextets  010011 000110 ...        (also "groups", "by six")
 *     index    19 6 21 54 8 16
 *     result   TGV2IQ==                 (also "letters", "base64")
 *
 * Rows may be left out. The first thing that is wrong in the order of the working is what counts:
 * which octet, which octet's bits, which group, which index. */

#include "exercises/exercise-verdict.h"

/* False: the answer has no such rows, or all rows but the result are right: then only the result
 * is left to compare, and it is in 'verdict->wrote'. */
bool base64_judge_working(ByteSpan octets, const char *answer, ExercisePartVerdict *verdict);
