#include "tests/bench/large-heap.h"

#include <glib.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAP_RESERVE (1 << 30) /* of addresses; memory is taken as it is used */
#define HUGE_PAGE ((gsize)2 << 20)

void large_heap_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, G_MAXINT);
    mallopt(M_TOP_PAD, HEAP_RESERVE);
    guintptr start = (guintptr)sbrk(0);
    void *volatile first_piece = malloc(HUGE_PAGE); /* volatile: or it would be left out */
    free(first_piece);
    guintptr end = (guintptr)sbrk(0);
    mallopt(M_TOP_PAD, (int)HUGE_PAGE);
    guintptr first = (start + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (end > first) {
        madvise((void *)first, end - first, MADV_HUGEPAGE); /* a hint: failing does no harm */
    }
}
