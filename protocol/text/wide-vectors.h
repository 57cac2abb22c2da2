#pragma once

/* A function marked so is compiled twice, for processors with registers of 32 octets too, and the
 * right one is chosen when the program starts. Elsewhere, and under sanitizers, which run before
 * such a choice can be made, it is compiled once. */

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&   \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define WIDE_VECTORS
#endif
